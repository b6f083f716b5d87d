//! How time is cut into periods around the as-of date.

use std::sync::{Arc, OnceLock};

use super::calendar;
use super::{NotPeriodEnd, Period, PeriodIndex};
use crate::units::Day;

/// Periods of one length, numbered so that the one the as-of date closes is 0.
///
/// ```
/// use clvcast::panel::{Grid, Period, PeriodIndex};
/// use clvcast::units::Day;
/// let day = |year, month, day| Day::from_ymd(year, month, day).unwrap();
/// let grid = Grid::new(Period::Quarter, day(2017, 12, 31)).unwrap();
/// assert_eq!(grid.index(day(2017, 9, 30)), PeriodIndex(-1));
/// assert_eq!(grid.label(PeriodIndex(1)), "2018-Q1");
/// assert_eq!(grid.elapsed(day(2017, 1, 1), day(2017, 10, 1)), 3.0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    period: Period,
    as_of: Day,
    /// Number of period 0 in the period's own count (see [`calendar`]).
    origin: i64,
    places: Places,
}

/// Where a day lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    index: PeriodIndex,
    /// Days of the period before it, and of the whole period.
    before: i32,
    days: u32,
}

/// The places of the days around the as-of date, worked out when the first is asked for: every
/// row and every customer asks, and calendar months take a while.
#[derive(Debug, Clone, Default)]
struct Places(Arc<OnceLock<Vec<Place>>>);

/// They follow from the rest of the grid.
impl PartialEq for Places {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

/// How many days before the as-of date have their places kept, and how many in all: most histories
/// and every horizon. Other days are worked out each time.
const KEPT: (i32, i32) = (40 * 366, 50 * 366);

/// Why there is no such [`Grid`].
///
/// ```
/// use clvcast::{panel::{Grid, GridError, Period}, units::Day};
/// let error = Grid::new(Period::Days(0), Day::from_number(0)).unwrap_err();
/// assert_eq!(error, GridError::PeriodWithoutDays);
/// assert!(error.to_string().ends_with("expected at least 1; try 7"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// The as-of date is not the last day of a calendar period.
    #[error(transparent)]
    AsOfNotPeriodEnd(NotPeriodEnd),
    /// [`Period::Days`] of zero.
    #[error("a period of 0 days cannot hold a transaction: expected at least 1; try 7")]
    PeriodWithoutDays,
}

impl Grid {
    /// The grid whose period 0 ends on `as_of`.
    ///
    /// # Errors
    ///
    /// [`GridError::AsOfNotPeriodEnd`] for calendar periods (weeks included) if `as_of` is not the
    /// last day of one; [`GridError::PeriodWithoutDays`] for [`Period::Days`] of zero.
    pub fn new(period: Period, as_of: Day) -> Result<Self, GridError> {
        let grid = Self::around(period, as_of)?;
        if grid.as_of == as_of {
            return Ok(grid);
        }
        Err(GridError::AsOfNotPeriodEnd(NotPeriodEnd {
            period,
            as_of,
            before: grid.end(PeriodIndex(-1)),
            after: grid.as_of,
        }))
    }

    /// The grid whose period 0 contains `day`; for [`Period::Days`] it ends on it.
    pub(super) fn around(period: Period, day: Day) -> Result<Self, GridError> {
        if period == Period::Days(0) {
            return Err(GridError::PeriodWithoutDays);
        }
        let origin = calendar::number(period, day, day);
        let as_of = match period {
            Period::Days(_) => day,
            _ => calendar::first_day(period, origin + 1, day).plus(-1),
        };
        Ok(Self { period, as_of, origin, places: Places::default() })
    }

    /// Length of a period.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }

    /// Last day of period 0, included in it.
    #[must_use]
    pub const fn as_of(&self) -> Day {
        self.as_of
    }

    /// The period a day falls in.
    #[must_use]
    pub fn index(&self, day: Day) -> PeriodIndex {
        self.place(day).index
    }

    fn find_index(&self, day: Day) -> PeriodIndex {
        let index = calendar::number(self.period, day, self.as_of) - self.origin;
        // Civil days are fewer than 2^23, and a period has at least one.
        PeriodIndex(i32::try_from(index).unwrap_or(if index < 0 { i32::MIN } else { i32::MAX }))
    }

    /// First day of a period. Periods beyond the years −9999 to 9999 begin at the nearest day.
    #[must_use]
    pub fn start(&self, index: PeriodIndex) -> Day {
        self.first_day(i64::from(index.0))
    }

    /// Last day of a period, included in it.
    #[must_use]
    pub fn end(&self, index: PeriodIndex) -> Day {
        self.first_day(i64::from(index.0) + 1).plus(-1)
    }

    /// Number of days of a period.
    #[must_use]
    pub fn days(&self, index: PeriodIndex) -> u32 {
        match self.period {
            Period::Days(days) => days,
            Period::Week => 7,
            _ => self.end(index).since(self.start(index)).max(0).unsigned_abs() + 1,
        }
    }

    /// The name of a period: `2018-01`, `2018-Q1`, `2018`, `2018-W05` (ISO 8601 week and
    /// week-year) or `2018-01-01/2018-04-01` (both days included).
    #[must_use]
    pub fn label(&self, index: PeriodIndex) -> String {
        let start = self.start(index);
        let date = start.date();
        let (year, month) = (date.year(), date.month());
        match self.period {
            Period::Month => format!("{year:04}-{month:02}"),
            Period::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
            Period::Year => format!("{year:04}"),
            Period::Week => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Period::Days(_) => format!("{start}/{}", self.end(index)),
        }
    }

    /// Time between two days, in periods; negative when `to` is the earlier one.
    ///
    /// For weeks and numbers of days it is (to − from)/N, N the days of a period. For months,
    /// quarters and years it is position(to) − position(from), where position(day) = index +
    /// (day − start)/days: within a period each day counts as that period's share.
    #[must_use]
    pub fn elapsed(&self, from: Day, to: Day) -> f64 {
        match self.period {
            Period::Days(days) => f64::from(to.since(from)) / f64::from(days),
            Period::Week => f64::from(to.since(from)) / 7.0,
            _ => {
                let ((to_index, to_share), (from_index, from_share)) =
                    (self.position(to), self.position(from));
                // Whole periods apart from shares, so that equal shares leave a whole number.
                f64::from(to_index.0 - from_index.0) + (to_share - from_share)
            }
        }
    }

    /// The share of its own period that lies after a day: (end − day)/days, in [0, 1).
    ///
    /// This is w in the exposure of an acquisition period: what is left of it after the first day.
    ///
    /// ```
    /// use clvcast::{panel::{Grid, Period}, units::Day};
    /// let grid = Grid::new(Period::Month, Day::from_ymd(2017, 6, 30).unwrap()).unwrap();
    /// assert_eq!(grid.remaining(Day::from_ymd(2017, 6, 15).unwrap()), 0.5); // 15 of 30 days
    /// ```
    #[must_use]
    pub fn remaining(&self, day: Day) -> f64 {
        let Place { before, days, .. } = self.place(day);
        (f64::from(days) - 1.0 - f64::from(before)) / f64::from(days)
    }

    /// The period of a day and the share of it that lies before that day.
    fn position(&self, day: Day) -> (PeriodIndex, f64) {
        let Place { index, before, days } = self.place(day);
        (index, f64::from(before) / f64::from(days))
    }

    fn place(&self, day: Day) -> Place {
        let (before, all) = KEPT;
        let at = i64::from(day.number()) - i64::from(self.as_of.number()) + i64::from(before);
        if !(0..i64::from(all)).contains(&at) {
            return self.find_place(day);
        }
        let first = self.as_of.plus(-before);
        let find = || (0..all).map(|ahead| self.find_place(first.plus(ahead))).collect();
        // Within the bounds that were just checked.
        self.places.0.get_or_init(find)[usize::try_from(at).unwrap_or(0)]
    }

    fn find_place(&self, day: Day) -> Place {
        let index = self.find_index(day);
        Place { index, before: day.since(self.start(index)), days: self.days(index) }
    }

    fn first_day(&self, index: i64) -> Day {
        calendar::first_day(self.period, self.origin + index, self.as_of)
    }
}
