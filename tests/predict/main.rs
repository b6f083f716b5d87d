//! Predictive distributions: means, coverage, determinism, limits.

mod means;
mod support;
