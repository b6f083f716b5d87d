//! Measures of how good forecasts were, each in a file of its own.
//!
//! All of them compare numbers per customer, in the same order. A measure that does not exist for
//! some data, such as the bias of a total of zero, is `None`; none is ever NaN.
//!
//! ```
//! use clvcast::evaluate::metrics::{bias, gini, mae};
//! let (actual, predicted) = ([0.0, 1.0, 3.0], [0.5, 1.0, 2.0]);
//! assert_eq!(bias(&predicted, &actual), Some(3.5 / 4.0 - 1.0));
//! assert_eq!(mae(&predicted, &actual), Some(0.5));
//! assert_eq!(gini(&predicted, &actual), Some(1.0)); // the right order
//! ```

mod bias;
mod calibration;
mod captured;
mod crps;
mod deviance;
mod errors;
mod gini;
mod interval;
mod log_score;
mod ranks;
mod spearman;
mod yes_no;

pub use bias::bias;
pub use calibration::{PIT_BINS, pit_histogram, pit_of_counts, pit_of_draws};
pub use captured::captured;
pub use crps::{crps_of_counts, crps_of_draws};
pub use deviance::{poisson_deviance, poisson_loss};
pub use errors::{mae, rmse};
pub use gini::gini;
pub(super) use interval::tails;
pub use interval::{Interval, interval_of_counts, interval_of_draws};
pub use log_score::{LEAST_PROBABILITY, log_score};
pub use ranks::ranks;
pub use spearman::spearman;
pub use yes_no::{YesNo, top};

/// The mean; `None` of nothing.
fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let n = values.len();
    (n > 0).then(|| values.sum::<f64>() / n as f64)
}
