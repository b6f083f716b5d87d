//! Why the past cannot be used as a test.

use crate::panel::PanelError;
use crate::units::Day;

/// Why there is no backtest.
///
/// ```
/// use clvcast::evaluate::EvaluateError;
/// let error = EvaluateError::TooFewPeriods { holdout: 3, needed: 5, found: 4, period: "quarter".into() };
/// assert!(error.to_string().contains("needs 5 periods of history (quarter), found 4"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The history is not long enough to hold that much of it back.
    #[error(
        "holding back {holdout} period(s) needs {needed} periods of history ({period}), found {found}: at least two are needed to fit a model; use a shorter `--holdout` (in a report `--horizon`), a shorter `--period` such as 7d, or a longer history"
    )]
    TooFewPeriods {
        /// Periods to hold back.
        holdout: u32,
        /// Periods needed.
        needed: u32,
        /// Periods found.
        found: u32,
        /// Length of a period.
        period: String,
    },
    /// Nothing is held back.
    #[error(
        "a holdout of 0 periods from {origins} origin(s) tests nothing: expected at least 1 of each"
    )]
    NothingHeldBack {
        /// Past as-of dates.
        origins: u32,
    },
    /// The two panels do not cut time alike.
    #[error(
        "the panel of {later} has other periods than that of {origin}: build both from one ledger with one period, the later one a whole number of periods after"
    )]
    PeriodsDiffer {
        /// The earlier as-of date.
        origin: Day,
        /// The later one.
        later: Day,
    },
    /// The later panel does not reach to the end of the horizon.
    #[error(
        "the horizon of {horizon} period(s) after {origin} is not over by {later}: {known} of them are"
    )]
    NotYetPast {
        /// The earlier as-of date.
        origin: Day,
        /// The later one.
        later: Day,
        /// Periods wanted.
        horizon: u32,
        /// Periods known.
        known: u32,
    },
    /// A past as-of date from which there is no panel.
    #[error(transparent)]
    Panel(#[from] PanelError),
}
