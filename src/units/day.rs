//! A calendar day, counted from 1970-01-01.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

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

/// Days of 400 years of the Gregorian calendar.
const DAYS_OF_ERA: i64 = 146_097;

/// The days of the years 0000 to 9999.
const ISO: RangeInclusive<i32> = -719_528..=2_932_896;

/// Days from 0000-03-01 to 1970-01-01.
const TO_EPOCH: i32 = 719_468;

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

    /// The day of a civil date: counted in years that begin on the first of March, of which the
    /// months have 31, 30, 31, 30, 31 days over and over. Done here because every row asks for it.
    #[must_use]
    pub fn from_date(date: Date) -> Self {
        let (year, month, day) = (i32::from(date.year()), date.month(), date.day());
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let before = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        Self(before + (153 * i32::from(month) + 2) / 5 + i32::from(day) - 1 - TO_EPOCH)
    }

    /// The civil date of this day, at most the last one of the year 9999 and at least the first one
    /// of the year −9999.
    #[must_use]
    pub fn date(self) -> Date {
        // In the era of 400 years since a first of March, so that leap days come last.
        let days = i64::from(self.0) + i64::from(TO_EPOCH);
        let (era, day) = (days.div_euclid(DAYS_OF_ERA), days.rem_euclid(DAYS_OF_ERA));
        let year = (day - day / 1460 + day / 36_524 - day / (DAYS_OF_ERA - 1)) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let year = era * 400 + year + later;
        let fields = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
        match fields {
            (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
            _ => None,
        }
        .unwrap_or(if self.0 < 0 { Date::MIN } else { Date::MAX })
    }

    /// The day as ISO 8601 writes it, as [`Display`](fmt::Display) does; `None` before the year 0
    /// and after 9999.
    ///
    /// ```
    /// use clvcast::units::Day;
    /// assert_eq!(Day::from_number(0).iso(), Some(*b"1970-01-01"));
    /// assert_eq!(Day::from_number(-800_000).iso(), None);
    /// ```
    #[must_use]
    pub fn iso(self) -> Option<[u8; 10]> {
        let date = Some(self.date()).filter(|_| ISO.contains(&self.0))?;
        let year = date.year().unsigned_abs();
        let digit = |number: u16| b'0' + u8::try_from(number % 10).unwrap_or(0);
        let two =
            |number: i8| [u16::from(number.unsigned_abs()) / 10, number.unsigned_abs().into()];
        let ([m, month], [d, day]) = (two(date.month()), two(date.day()));
        let fields = [year / 1000, year / 100, year / 10, year, 0, m, month, 0, d, day];
        let mut text = fields.map(digit);
        (text[4], text[7]) = (b'-', b'-');
        Some(text)
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

/// From YYYY-MM-DD.
///
/// ```
/// use clvcast::units::Day;
/// assert_eq!("2017-12-31".parse::<Day>().ok(), Day::from_ymd(2017, 12, 31));
/// assert!("31.12.2017".parse::<Day>().is_err());
/// ```
impl FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::from_date)
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

    /// The library's own count is the reference. Every day of 1600 to 2400 holds two eras; beyond
    /// them a step that is prime to all lengths of months and years.
    #[test]
    fn days_are_those_of_the_calendar_library() {
        let epoch = Date::constant(1970, 1, 1);
        let all = (-135_140..157_055).chain((-4_371_587..=2_932_896).step_by(97));
        for number in all.chain([-4_371_587, 2_932_896]) {
            let date = epoch.saturating_add(jiff::Span::new().days(i64::from(number)));
            assert_eq!(Day(number).date(), date);
            assert_eq!(Day::from_date(date), Day(number));
        }
        assert_eq!((Day(i32::MIN).date(), Day(i32::MAX).date()), (Date::MIN, Date::MAX));
    }

    #[test]
    fn days_are_written_as_the_calendar_library_writes_them() {
        for number in (-719_528..2_932_897).step_by(373).chain([-719_528, 2_932_896]) {
            let text = Day(number).iso().map(|text| String::from_utf8_lossy(&text).into_owned());
            assert_eq!(text, Some(Day(number).date().to_string()));
        }
        assert_eq!((Day(-719_529).iso(), Day(2_932_897).iso()), (None, None));
    }

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
