//! Why a panel cannot be built.

use super::{GridError, Period};
use crate::units::{Day, Money, Scale};

/// Why a panel cannot be built. All but [`PanelError::AsOfNotPeriodEnd`] and
/// [`PanelError::PeriodWithoutDays`], which are wrong arguments, are about the data.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let as_of = clvcast::units::Day::from_ymd(2013, 12, 31);
/// let options = PanelOptions { as_of, ..PanelOptions::new(Period::Quarter) };
/// let error = Panel::build(&ledger, &options, &Silent).unwrap_err();
/// assert!(error.to_string().contains("before the first transaction (2014-01-03)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PanelError {
    /// The as-of date is not the last day of a calendar period.
    #[error(transparent)]
    AsOfNotPeriodEnd(NotPeriodEnd),
    /// [`Period::Days`] of zero.
    #[error("{}", GridError::PeriodWithoutDays)]
    PeriodWithoutDays,
    /// The ledger has no used row.
    #[error(
        "no transaction to build a history from: expected at least one used row; see which rows \
         were left out, and why, with `clvcast inspect`"
    )]
    NoRows,
    /// The as-of date lies before the first row.
    #[error(
        "the as-of date {as_of} lies before the first transaction ({first_row}), so no customer \
         is known yet: expected a day from {first_row} on; the data ends on {last_row}"
    )]
    AsOfBeforeData {
        /// The as-of date.
        as_of: Day,
        /// Day of the first used row.
        first_row: Day,
        /// Day of the last used row.
        last_row: Day,
    },
    /// The data end before their first calendar period does, and no as-of date is given.
    #[error(
        "no {period} is complete: the data run from {first_row} to {last_row} and the {period} \
         ends on {period_end}; try a shorter period (such as `--period 7d`), or \
         `--as-of {period_end}` if nothing was sold after {last_row}"
    )]
    NoCompletePeriod {
        /// Length of a period.
        period: Period,
        /// Day of the first used row.
        first_row: Day,
        /// Day of the last used row.
        last_row: Day,
        /// Last day of the period the data end in.
        period_end: Day,
    },
    /// More customer-periods than can be addressed.
    #[error(
        "more than {} customer-periods with a transaction; try a longer period, or split the \
         customers over several runs",
        u32::MAX
    )]
    TooManyCells,
    /// More money in a period of a customer than is counted there.
    #[error(
        "customer `{customer}`, {period}: the {what} adds up to more than ±{}; correct the rows, \
         or round the columns to fewer decimal places", most.display(*scale)
    )]
    MoneyTooLarge {
        /// The customer's id.
        customer: String,
        /// Label of the period.
        period: String,
        /// Which money.
        what: &'static str,
        /// The largest sum of either sign.
        most: Money,
        /// Decimal places of the ledger's money.
        scale: Scale,
    },
}

/// An as-of date that is not the last day of a calendar period.
///
/// ```
/// use clvcast::{panel::{Grid, GridError, Period}, units::Day};
/// let Err(GridError::AsOfNotPeriodEnd(error)) =
///     Grid::new(Period::Quarter, Day::from_ymd(2017, 12, 30).unwrap())
/// else {
///     panic!("the quarter ends a day later");
/// };
/// assert_eq!(error.after.to_string(), "2017-12-31");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the as-of date {as_of} is not the last day of a {period}: expected such a day; the two \
     nearest are {before} and {after}"
)]
pub struct NotPeriodEnd {
    /// Length of a period.
    pub period: Period,
    /// The as-of date.
    pub as_of: Day,
    /// The nearest last day before it.
    pub before: Day,
    /// The nearest last day after it.
    pub after: Day,
}

impl From<GridError> for PanelError {
    fn from(error: GridError) -> Self {
        match error {
            GridError::AsOfNotPeriodEnd(error) => Self::AsOfNotPeriodEnd(error),
            GridError::PeriodWithoutDays => Self::PeriodWithoutDays,
        }
    }
}
