//! Which day the panel ends on when nobody says.

use super::{Grid, PanelError, Period, PeriodIndex};
use crate::units::Day;

/// A last period counts as complete when at most one day in that many lies after the last row.
const TOLERATED: i64 = 20;

/// The as-of date for data that run from `first_row` to `last_row`.
///
/// For [`Period::Days`] it is the last day in the data. For calendar periods it is the end of the
/// last complete period: of the one the data end in if at most 1/20 of its days lie after the last
/// row, else of the one before.
///
/// ```
/// use clvcast::panel::{Period, default_as_of};
/// use clvcast::units::Day;
/// let day = |year, month, day| Day::from_ymd(year, month, day).unwrap();
/// let as_of = |last| default_as_of(Period::Month, day(2017, 1, 5), last).unwrap();
/// assert_eq!(as_of(day(2017, 12, 30)), day(2017, 12, 31));
/// assert_eq!(as_of(day(2017, 12, 29)), day(2017, 11, 30));
/// ```
///
/// # Errors
///
/// [`PanelError::NoCompletePeriod`] if the data end in an incomplete calendar period and none
/// before it holds a row; [`PanelError::PeriodWithoutDays`] for [`Period::Days`] of zero.
pub fn default_as_of(period: Period, first_row: Day, last_row: Day) -> Result<Day, PanelError> {
    let grid = Grid::around(period, last_row)?;
    let after = i64::from(grid.as_of().since(last_row));
    if TOLERATED * after <= i64::from(grid.days(PeriodIndex(0))) {
        return Ok(grid.as_of());
    }
    let before = grid.end(PeriodIndex(-1));
    if first_row <= before {
        return Ok(before);
    }
    Err(PanelError::NoCompletePeriod { period, first_row, last_row, period_end: grid.as_of() })
}
