//! A calendar day, counted from 1970-01-01.

use std::fmt;

use jiff::civil::Date;

/// A calendar day as a count of days since 1970-01-01 (day 0).
///
/// Days order and subtract like integers; [`Day::date`] gives the civil date back.
///
/// ```
/// use clvcast::units::Day;
/// let day = Day::from_ymd(1997, 9, 30).unwrap();
/// assert_eq!(day.to_string(), "1997-09-30");
/// assert_eq!(day.since(Day::from_ymd(1997, 1, 1).unwrap()), 272);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

const EPOCH: Date = Date::constant(1970, 1, 1);

impl Day {
    /// The day that many days after 1970-01-01.
    #[must_use]
    pub const fn from_number(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day of a civil date, or `None` where no such date exists.
    #[must_use]
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::from_date)
    }

    /// The day of a civil date.
    #[must_use]
    pub fn from_date(date: Date) -> Self {
        // jiff's civil dates span the years −9999 to 9999, fewer than 2^31 days.
        let days = date.duration_since(EPOCH).as_hours() / 24;
        Self(i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// The civil date of this day.
    #[must_use]
    pub fn date(self) -> Date {
        EPOCH.saturating_add(jiff::Span::new().days(i64::from(self.0)))
    }

    /// Days from `earlier` to this day; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The day `days` later (earlier when negative).
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_inverse() {
        for number in [-25_567, -1, 0, 59, 10_957, 47_482] {
            let day = Day::from_number(number);
            assert_eq!(Day::from_date(day.date()), day);
        }
        assert_eq!(Day::from_ymd(2000, 1, 1).map(Day::number), Some(10_957));
        assert_eq!(Day::from_ymd(2017, 2, 29), None);
    }
}
