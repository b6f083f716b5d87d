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
