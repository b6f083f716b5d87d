//! Predictive distributions: means, coverage, determinism, limits.

mod coverage;
mod means;
mod support;
