//! Numbers for people: rounded, with thousands apart. For display only; files are never rounded.
//!
//! ```
//! use clvcast::report::numbers::{MISSING, count, or_missing, percent};
//! assert_eq!(count(5009), "5,009");
//! assert_eq!(or_missing(Some(0.35), percent), "35.0 %");
//! assert_eq!(or_missing(None, percent), MISSING);
//! ```

use crate::units::{Money, Scale};

/// From here on money is shown in whole units: cents no longer matter.
const WHOLE: f64 = 10_000.0;

/// Shown where there is no number.
///
/// ```
/// use clvcast::report::numbers::{MISSING, money, or_missing};
/// assert_eq!(or_missing(None, money), MISSING);
/// ```
pub const MISSING: &str = "–";

/// Money: cents below 10 000, whole units from there on.
///
/// ```
/// use clvcast::report::numbers::money;
/// assert_eq!(money(1234.5), "1,234.50");
/// assert_eq!(money(-2_297_200.86), "-2,297,201");
/// assert_eq!(money(-0.001), "0.00");
/// ```
#[must_use]
pub fn money(value: f64) -> String {
    decimal(value, if value.abs() < WHOLE { 2 } else { 0 })
}

/// Exact money, shown like [`money`].
///
/// ```
/// use clvcast::report::numbers::exact_money;
/// use clvcast::units::{Money, Scale};
/// assert_eq!(exact_money(Money::from_units(123_456), Scale::new(2).unwrap()), "1,234.56");
/// ```
#[must_use]
pub fn exact_money(value: Money, scale: Scale) -> String {
    money(value.to_f64(scale))
}

/// A number with that many decimal places.
///
/// ```
/// use clvcast::report::numbers::decimal;
/// assert_eq!(decimal(1234.56, 1), "1,234.6");
/// ```
#[must_use]
pub fn decimal(value: f64, places: usize) -> String {
    let digits = format!("{value:.places$}");
    // What rounds to zero has no sign.
    let zero = digits.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'0'));
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) if !zero => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", digits.as_str()),
    };
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    format!("{sign}{}{fraction}", grouped(whole))
}

/// A share as a percentage with one decimal place.
///
/// ```
/// use clvcast::report::numbers::percent;
/// assert_eq!(percent(0.1234), "12.3 %");
/// assert_eq!(percent(-12.5), "-1,250.0 %");
/// ```
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{} %", decimal(share * 100.0, 1))
}

/// A count.
///
/// ```
/// use clvcast::report::numbers::count;
/// assert_eq!(count(1_234_567), "1,234,567");
/// assert_eq!(count(999), "999");
/// ```
#[must_use]
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// Money in few letters.
///
/// ```
/// use clvcast::report::numbers::short;
/// let shown = [0.01, 0.5, 8.0, 12.34, 950.0, 1000.0, 1234.0, 25_000.0, 499_999.0, 1.5e6];
/// let texts = ["0.01", "0.5", "8", "12.3", "950", "1k", "1.2k", "25k", "500k", "1.5M"];
/// assert_eq!(shown.map(short), texts);
/// ```
#[must_use]
pub fn short(money: f64) -> String {
    let (value, unit) = match money.abs() {
        size if size >= 999_500.0 => (money / 1e6, "M"),
        size if size >= 999.5 => (money / 1e3, "k"),
        _ => (money, ""),
    };
    let places = if value.abs() >= 99.95 || value.fract() == 0.0 {
        0
    } else if value.abs() >= 1.0 {
        1
    } else {
        2
    };
    let text = decimal(value, places);
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{unit}")
}

/// A number that may be missing, in one of the ways above.
///
/// ```
/// use clvcast::report::numbers::{money, or_missing};
/// assert_eq!(or_missing(Some(12.0), money), "12.00");
/// assert_eq!(or_missing(None, money), "–");
/// ```
#[must_use]
pub fn or_missing<T>(number: Option<T>, show: impl Fn(T) -> String) -> String {
    number.map_or_else(|| MISSING.to_owned(), show)
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned(); // not a finite number
    }
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_signs_and_rounding_meet_without_surprises() {
        assert_eq!(money(999.999), "1,000.00");
        assert_eq!(money(9_999.999), "10,000.00");
        assert_eq!(money(10_000.0), "10,000");
        assert_eq!(decimal(-1000.0, 0), "-1,000");
        assert_eq!(decimal(-0.4, 0), "0");
        assert_eq!(decimal(1e21, 0), "1,000,000,000,000,000,000,000");
        assert_eq!(decimal(f64::INFINITY, 2), "inf");
        assert_eq!(percent(-0.0001), "0.0 %");
        assert_eq!(count(0), "0");
    }
}
