//! Why nothing can be drawn.

/// A predictive distribution that cannot be made.
///
/// ```
/// use clvcast::predict::PredictError;
/// let text = PredictError::Point.to_string();
/// assert!(text.starts_with("the point method gives scores of potential"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PredictError {
    /// The point method is a score.
    #[error(
        "the point method gives scores of potential, which are no expectation of anything and have no distribution: use the chain or the posterior method"
    )]
    Point,
    /// No draws were asked for.
    #[error("found 0 draws, expected at least 1")]
    NoDraws,
    /// A level that is no level.
    #[error(
        "`--quantiles {level}`: expected levels strictly between 0 and 1, such as 0.05,0.5,0.95"
    )]
    NoLevel {
        /// What was asked for.
        level: f64,
    },
    /// A level that so many draws cannot tell.
    #[error(
        "`--quantiles {level}`: {draws} draws say nothing about a level beyond {} of their ends; add `--draws`, or ask for a less extreme level",
        1.0 / *draws as f64
    )]
    ExtremeLevel {
        /// What was asked for.
        level: f64,
        /// Futures drawn of each customer.
        draws: usize,
    },
    /// Histories under the panel clock cannot be simulated.
    #[error(
        "a bootstrap needs the first-purchase clock: under the panel clock nothing says from when customers could be simulated; leave `--bootstrap` out"
    )]
    PanelClock,
    /// Too few fits of a bootstrap succeeded.
    #[error(
        "{failed} of {replications} fits to simulated histories failed ({first}): the base is too small, or the model too rich, to be told by a bootstrap; leave `--bootstrap` out, or choose a simpler model or a `--penalty`"
    )]
    Bootstrap {
        /// Fits that failed.
        failed: usize,
        /// Fits tried.
        replications: usize,
        /// What the first one said.
        first: String,
    },
}
