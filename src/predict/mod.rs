//! Predictive distributions: what a customer, a group or the whole base may do, not only what is
//! expected of it.
//!
//! A forecast is a mean; what comes is spread around it by chance (purchases, leaving, values) and
//! because the parameters are estimates. Both are drawn: K sets of parameters from the observed
//! information, and under each of them several futures of every customer. Group totals add the
//! draws of their customers one by one, so the interval of a total is not a sum of intervals.

mod bootstrap;
mod classes;
mod design;
mod error;
mod intervals;
mod mixture;
mod moments;
mod options;
mod pool;
mod predictor;
mod quantile;
mod random;
mod recalibration;
mod sample;
mod sets;
mod shared;
mod tables;
mod target;
mod world;

pub use bootstrap::bootstrap;
pub use error::PredictError;
pub use intervals::{Bound, GroupIntervals, Intervals, NINETY};
pub use options::{Bootstrap, PredictOptions, Uncertainty};
pub use predictor::Predictor;
pub use quantile::{quantile, quantile_error};
pub use recalibration::Recalibration;
pub use sample::Sample;
pub use sets::ParameterSource;
pub use target::{Target, Window};
