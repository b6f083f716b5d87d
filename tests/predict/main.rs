//! Predictive distributions: means, coverage, determinism, limits.

mod covariances;
mod coverage;
mod draws;
mod means;
mod shared;
mod support;
