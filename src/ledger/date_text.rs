//! Reading one date as it is written, without deciding between day first and month first.

use std::ops::RangeInclusive;

use crate::units::Day;

use super::types::Reason;
use super::written::{Class, Written};

/// The years that a transaction can plausibly carry.
const YEARS: RangeInclusive<i16> = 1900..=2100;

/// Why a text is not a date, with what was expected instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotADate {
    pub(super) reason: Reason,
    pub(super) expected: &'static str,
}

const fn bad(expected: &'static str) -> NotADate {
    NotADate { reason: Reason::BadDate, expected }
}

const UNREADABLE: &str =
    "a date such as 2017-01-31; for another way of writing give --date-format, such as %d.%m.%y";
const TWO_DIGITS: &str =
    "a year of four digits; write 2017-01-31, or give --date-format, such as %d/%m/%y";
const SERIAL: &str = "a date such as 2017-01-31; this looks like a spreadsheet's day number or a count of seconds: \
     write the column as dates";
const NO_SUCH_DAY: &str = "a day that the calendar has, such as 2017-01-31; correct the date";
const OUT_OF_RANGE: &str = "a year from 1900 to 2100; correct the date or leave the row out";

/// Reads the most usual form, `2017-01-31`, of the years that are in range; `None` leaves the text
/// to [`parse`].
pub(super) fn iso(text: &[u8]) -> Option<Written> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else { return None };
    if ![y0, y1, y2, y3, m0, m1, d0, d1].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let two = |tens: u8, ones: u8| i16::from(tens - b'0') * 10 + i16::from(ones - b'0');
    let year = two(y0, y1) * 100 + two(y2, y3);
    plain(Class::Iso, year, two(m0, m1), two(d0, d1)).ok()
}

/// The day of that number as [`iso`] reads its text; `None` beyond the years that are in range.
pub(super) fn stored(number: i32) -> Option<Written> {
    STORED.contains(&number).then(|| Written::plain(Class::Iso, Day::from_number(number)))
}

/// 1900-01-01 to 2100-12-31, in days since 1970-01-01.
const STORED: RangeInclusive<i32> = -25_567..=47_846;

/// Reads a trimmed text as a date. Times and offsets are checked and left aside: the date counts
/// as written.
pub(super) fn parse(text: &str) -> Result<Written, NotADate> {
    if text.is_empty() {
        return Err(bad("a date such as 2017-01-31; fill it in or leave the row out"));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 5 {
        return parse_basic(text, digits);
    }
    let ([first, second, third], separators, rest) = parts(text).ok_or(bad(UNREADABLE))?;
    if !is_time(rest) {
        return Err(bad(UNREADABLE));
    }
    let lengths = [first, second, third].map(str::len);
    let alike = separators[0] == separators[1];
    let numbers = [first, second, third].map(|part| part.parse::<i16>().ok());
    match (numbers, lengths) {
        ([Some(year), Some(month), Some(day)], [4, 1..=2, 1..=2]) if alike => {
            let class = match separators[0] {
                "-" => Class::Iso,
                "/" | "." => Class::YearFirst,
                _ => return Err(bad(UNREADABLE)),
            };
            plain(class, year, month, day)
        }
        ([Some(first), Some(second), Some(year)], [1..=2, 1..=2, 4]) if alike => {
            let class = match separators[0] {
                "/" => Class::Slash,
                "." => Class::Dot,
                "-" => Class::Dash,
                _ => return Err(bad(UNREADABLE)),
            };
            either(class, first, second, year)
        }
        ([Some(_), Some(_), Some(_)], [1..=2, 1..=2, 2]) if alike => Err(bad(TWO_DIGITS)),
        ([Some(day), None, Some(year)], [1..=2, _, 2 | 4]) => {
            named(day, second, year, lengths[2], text)
        }
        ([None, Some(day), Some(year)], [_, 1..=2, 2 | 4]) => {
            named(day, first, year, lengths[2], text)
        }
        _ => Err(bad(UNREADABLE)),
    }
}

/// A date that begins with five digits or more: `yyyymmdd`, or no date.
fn parse_basic(text: &str, digits: usize) -> Result<Written, NotADate> {
    let (date, rest) = text.split_at(digits);
    if digits != 8 || !is_time(rest) {
        let number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        return Err(bad(if number { SERIAL } else { UNREADABLE }));
    }
    let number = |from, to| date.get(from..to).and_then(|part: &str| part.parse().ok());
    match (number(0, 4), number(4, 6), number(6, 8)) {
        (Some(year), Some(month), Some(day)) => plain(Class::Basic, year, month, day),
        _ => Err(bad(UNREADABLE)),
    }
}

fn plain(class: Class, year: i16, month: i16, day: i16) -> Result<Written, NotADate> {
    let day = civil(year, month, day).ok_or(bad(NO_SUCH_DAY))?;
    in_range(year).map(|()| Written::plain(class, day))
}

fn either(class: Class, first: i16, second: i16, year: i16) -> Result<Written, NotADate> {
    let (day_first, month_first) = (civil(year, second, first), civil(year, first, second));
    let date = Written::either(class, day_first, month_first).ok_or(bad(NO_SUCH_DAY))?;
    in_range(year).map(|()| date)
}

fn named(
    day: i16,
    month: &str,
    year: i16,
    year_digits: usize,
    text: &str,
) -> Result<Written, NotADate> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = month.to_ascii_lowercase();
    let matches = |full: &&str| **full == name || (name.len() == 3 && full.starts_with(&name));
    let month =
        MONTHS.iter().position(|full| matches(full) || (name == "sept" && *full == "september"));
    let month = month.and_then(|index| i16::try_from(index + 1).ok()).ok_or(bad(UNREADABLE))?;
    if year_digits == 2 && text.is_ascii() {
        return Err(bad(TWO_DIGITS));
    }
    plain(Class::MonthName, year, month, day)
}

fn civil(year: i16, month: i16, day: i16) -> Option<Day> {
    Day::from_ymd(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// Refuses years that no transaction log holds.
pub(super) fn in_range(year: i16) -> Result<(), NotADate> {
    if YEARS.contains(&year) {
        Ok(())
    } else {
        Err(NotADate { reason: Reason::DateOutOfRange, expected: OUT_OF_RANGE })
    }
}

/// Three runs of digits or letters, the separators between them, and what follows.
fn parts(text: &str) -> Option<([&str; 3], [&str; 2], &str)> {
    let (first, rest) = run(text)?;
    let (gap, rest) = separator(rest);
    let (second, rest) = run(rest)?;
    let (other_gap, rest) = separator(rest);
    let (third, rest) = run(rest)?;
    Some(([first, second, third], [gap, other_gap], rest))
}

/// The longest leading run of ASCII digits, or of ASCII letters.
fn run(text: &str) -> Option<(&str, &str)> {
    let first = text.bytes().next()?;
    let same: fn(&u8) -> bool = match first {
        b'0'..=b'9' => u8::is_ascii_digit,
        b'a'..=b'z' | b'A'..=b'Z' => u8::is_ascii_alphabetic,
        _ => return None,
    };
    text.split_at_checked(text.bytes().take_while(same).count())
}

fn separator(text: &str) -> (&str, &str) {
    let length = text.bytes().take_while(|byte| b" -/.,".contains(byte)).count();
    text.split_at(length)
}

/// Whether the text after a date is nothing, or a time of day with or without an offset.
fn is_time(text: &str) -> bool {
    let Some(time) = text.strip_prefix(['T', 't', ' ', ',']) else {
        return text.is_empty();
    };
    let time = time.trim_start();
    let clock = time.bytes().take_while(|byte| byte.is_ascii_digit() || b":.,".contains(byte));
    let (clock, rest) = time.split_at(clock.count());
    is_clock(clock) && is_zone(rest.trim_start())
}

/// `10:15`, `10:15:30.25`, or `101530`.
fn is_clock(text: &str) -> bool {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let fraction_fits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let mut fields: Vec<&str> = whole.split(':').collect();
    if let ([digits], true) = (fields.as_slice(), whole.len() == 4 || whole.len() == 6) {
        fields = (0..digits.len()).step_by(2).filter_map(|at| digits.get(at..at + 2)).collect();
    }
    let limits = [24, 59, 60];
    let fits = |(field, limit): (&&str, u8)| {
        (1..=2).contains(&field.len()) && field.parse::<u8>().is_ok_and(|number| number <= limit)
    };
    fraction_fits && (2..=3).contains(&fields.len()) && fields.iter().zip(limits).all(fits)
}

/// Nothing, `AM` or `PM`, and an offset or zone name in any of the usual ways.
fn is_zone(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let zone = lower.strip_prefix("am").or_else(|| lower.strip_prefix("pm")).unwrap_or(&lower);
    let zone = zone.trim_start();
    let offset = zone
        .split_once('[')
        .map_or(zone, |(offset, name)| if name.ends_with(']') { offset.trim_end() } else { "?" });
    match offset.strip_prefix(['+', '-']) {
        Some(hours) => {
            let digits = hours.bytes().filter(u8::is_ascii_digit).count();
            (1..=6).contains(&digits)
                && hours.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        }
        None => matches!(offset, "" | "z" | "utc" | "gmt"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> (Class, Option<String>, Option<String>) {
        let written = parse(text).unwrap_or_else(|error| panic!("{text}: {}", error.expected));
        let shown = |day: Option<Day>| day.map(|day| day.to_string());
        (written.class, shown(written.day_first()), shown(written.month_first()))
    }

    #[test]
    fn unambiguous_forms_give_the_day_as_written() {
        let day = || Some("2017-01-31".to_owned());
        for (text, class) in [
            ("2017-01-31", Class::Iso),
            ("2017-1-31", Class::Iso),
            ("2017-01-31T23:59:59Z", Class::Iso),
            ("2017-01-31 23:59:59.123456+02:00", Class::Iso),
            ("2017-01-31T00:30:00-08:00[America/Los_Angeles]", Class::Iso),
            ("2017-01-31 7:05 UTC", Class::Iso),
            ("20170131", Class::Basic),
            ("20170131T101530", Class::Basic),
            ("2017/01/31", Class::YearFirst),
            ("31 Jan 2017", Class::MonthName),
            ("31-Jan-2017", Class::MonthName),
            ("Jan 31, 2017", Class::MonthName),
            ("january 31 2017 10:15 AM", Class::MonthName),
            ("31JAN2017", Class::MonthName),
        ] {
            assert_eq!(both(text), (class, day(), day()), "{text}");
            let short = iso(text.as_bytes());
            assert_eq!(short, (text == "2017-01-31").then(|| parse(text).unwrap()), "{text}");
        }
    }

    #[test]
    fn two_numbers_before_the_year_keep_both_readings() {
        let day = |text: &str| Some(text.to_owned());
        assert_eq!(both("11/8/2017"), (Class::Slash, day("2017-08-11"), day("2017-11-08")));
        assert_eq!(both("31.12.2017"), (Class::Dot, day("2017-12-31"), None));
        assert_eq!(both("12-31-2017 8:26 PM"), (Class::Dash, None, day("2017-12-31")));
    }

    #[test]
    fn what_cannot_be_read_says_what_was_expected() {
        for (text, expected) in [
            ("", "a date such as 2017-01-31; fill it in or leave the row out"),
            ("yesterday", UNREADABLE),
            ("2017-01", UNREADABLE),
            ("2017-01-31 lunch", UNREADABLE),
            ("2017-01-31T25:00", UNREADABLE),
            ("2017-01/31", UNREADABLE),
            ("31 Jam 2017", UNREADABLE),
            ("2017-02-30", NO_SUCH_DAY),
            ("31/4/2017", NO_SUCH_DAY),
            ("20171301", NO_SUCH_DAY),
            ("42766", SERIAL),
            ("1485820800", SERIAL),
            ("31/1/17", TWO_DIGITS),
            ("31-Jan-17", TWO_DIGITS),
            ("1899-12-31", OUT_OF_RANGE),
            ("1/1/2101", OUT_OF_RANGE),
            ("0001-01-01", OUT_OF_RANGE),
        ] {
            assert_eq!(parse(text).unwrap_err().expected, expected, "{text}");
            assert_eq!(iso(text.as_bytes()), None, "{text}");
        }
    }
}
