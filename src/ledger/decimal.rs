//! Reading one amount of money exactly, or saying why it cannot be read.

use std::fmt;

use crate::units::{Money, MoneyError, Scale};

use super::literal::Literal;

/// A decimal number without trailing zeros: `units` × 10^−`places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Decimal {
    pub(super) units: i64,
    pub(super) places: u8,
}

impl Decimal {
    /// Reads the usual forms (`-12.50`, `3`, `.5`) of at most 18 digits and 9 decimal places;
    /// `None` leaves the text to [`Decimal::parse`].
    pub(super) fn simple(text: &[u8]) -> Option<Self> {
        Literal::read(text)?.decimal()
    }

    /// Reads a plain decimal (`-12.50`, `+3`, `.5`, `1.5e3`); anything else is refused, not guessed.
    pub(super) fn parse(text: &str) -> Result<Self, MoneyError> {
        let Some((negative, digits, exponent)) = split(text.as_bytes()) else {
            return Err(why_not(text));
        };
        let mut number = Digits::default();
        for &byte in digits {
            number.push(byte);
        }
        number.value(negative, exponent)
    }

    /// The count of units at a scale of at least as many places, if it fits.
    pub(super) fn at(self, scale: Scale) -> Option<i64> {
        let missing = scale.places().checked_sub(self.places)?;
        if missing == 0 || self.units == 0 {
            return Some(self.units);
        }
        self.units.checked_mul(10_i64.pow(u32::from(missing)))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = Scale::new(self.places).unwrap_or_default();
        Money::from_units(i128::from(self.units)).display(scale).fmt(f)
    }
}

/// Sign, digits with at most one point, and exponent, where the text has that shape.
fn split(text: &[u8]) -> Option<(bool, &[u8], i32)> {
    let (negative, body) = match text {
        [b'-', body @ ..] => (true, body),
        [b'+', body @ ..] | body => (false, body),
    };
    let end = body.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(body.len());
    let (digits, tail) = body.split_at(end);
    let exponent = match tail {
        [] => 0,
        [_, b'-', power @ ..] => -power_of_ten(power)?,
        [_, b'+', power @ ..] | [_, power @ ..] => power_of_ten(power)?,
    };
    let mut seen = (0, 0);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => seen.0 += 1,
            b'.' => seen.1 += 1,
            _ => return None,
        }
    }
    (seen.0 > 0 && seen.1 <= 1).then_some((negative, digits, exponent))
}

/// An unsigned exponent, capped where every larger one means the same: far out of range.
fn power_of_ten(digits: &[u8]) -> Option<i32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_i32, |power, byte| {
        byte.is_ascii_digit().then(|| (power * 10 + i32::from(byte - b'0')).min(1_000_000))
    })
}

/// The significant digits met so far. Zeros wait until a later digit shows that they count.
#[derive(Default)]
struct Digits {
    mantissa: u64,
    overflow: bool,
    zeros: u32,
    places: i32,
    after_point: bool,
}

impl Digits {
    fn push(&mut self, byte: u8) {
        if byte == b'.' {
            self.after_point = true;
            return;
        }
        self.places = self.places.saturating_add(i32::from(self.after_point));
        if byte == b'0' {
            self.zeros += u32::from(self.mantissa != 0 || self.overflow);
            return;
        }
        let grown = 10_u64
            .checked_pow(self.zeros + 1)
            .and_then(|factor| self.mantissa.checked_mul(factor))
            .and_then(|mantissa| mantissa.checked_add(u64::from(byte - b'0')));
        self.zeros = 0;
        match grown {
            Some(mantissa) => self.mantissa = mantissa,
            None => self.overflow = true,
        }
    }

    fn value(&self, negative: bool, exponent: i32) -> Result<Decimal, MoneyError> {
        if self.mantissa == 0 && !self.overflow {
            return Ok(Decimal::default());
        }
        let zeros = i32::try_from(self.zeros).map_err(|_| MoneyError::TooLarge)?;
        let power = exponent.saturating_add(zeros).saturating_sub(self.places);
        if power < -i32::from(Scale::MAX) {
            return Err(MoneyError::TooManyPlaces);
        }
        if self.overflow {
            return Err(MoneyError::TooLarge);
        }
        let factor = 10_i64.checked_pow(u32::try_from(power).unwrap_or(0));
        let units = i64::try_from(self.mantissa)
            .ok()
            .and_then(|mantissa| mantissa.checked_mul(factor?))
            .ok_or(MoneyError::TooLarge)?;
        let places = u8::try_from(-power).unwrap_or(0);
        Ok(Decimal { units: if negative { -units } else { units }, places })
    }
}

/// What kind of text stands where a plain decimal should.
fn why_not(text: &str) -> MoneyError {
    let bare = text.trim_start_matches(['-', '+']).to_ascii_lowercase();
    if matches!(bare.as_str(), "nan" | "inf" | "infinity") {
        return MoneyError::NotFinite;
    }
    // A number in dress: digits beside separators, signs or a currency code, and nothing wordy.
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    let dressed = text.chars().any(|c| " ,'_()".contains(c) || !c.is_ascii() || c == '$')
        || (letters == 3 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.'));
    if text.bytes().any(|byte| byte.is_ascii_digit()) && dressed && letters <= 4 {
        MoneyError::Decorated
    } else {
        MoneyError::NotANumber
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ways of reading, which must agree where there are both.
    fn read(text: &str) -> Result<(i64, u8), MoneyError> {
        let read = Decimal::parse(text);
        if let Some(simple) = Decimal::simple(text.as_bytes()) {
            assert_eq!(read, Ok(simple), "{text}");
        }
        read.map(|decimal| (decimal.units, decimal.places))
    }

    #[test]
    fn usual_forms_take_the_short_way() {
        for text in ["-12.50", "3", ".5", "7.", "999999999999999999", "0.000000001", "-0.00"] {
            assert!(Decimal::simple(text.as_bytes()).is_some(), "{text}");
            read(text).unwrap();
        }
        for text in ["", ".", "-", "+3", "1e3", "1.2.3", "1000000000000000000", "0.1234567891"] {
            assert_eq!(Decimal::simple(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn plain_decimals_are_exact_and_drop_trailing_zeros() {
        assert_eq!(read("-12.50"), Ok((-125, 1)));
        assert_eq!(read("+3"), Ok((3, 0)));
        assert_eq!(read(".5"), Ok((5, 1)));
        assert_eq!(read("7."), Ok((7, 0)));
        assert_eq!(read("-0.00"), Ok((0, 0)));
        assert_eq!(read("100"), Ok((100, 0)));
        assert_eq!(read("0.000000001"), Ok((1, 9)));
        assert_eq!(read("1.000000000000000000000000000000"), Ok((1, 0)));
        assert_eq!(read("9223372036854775807"), Ok((i64::MAX, 0)));
        assert_eq!(read("100.001"), Ok((100_001, 3)));
    }

    #[test]
    fn exponents_are_exact() {
        assert_eq!(read("1.5e3"), Ok((1500, 0)));
        assert_eq!(read("12E-1"), Ok((12, 1)));
        assert_eq!(read("120e-1"), Ok((12, 0)));
        assert_eq!(read("0e400"), Ok((0, 0)));
        assert_eq!(read("1e400"), Err(MoneyError::TooLarge));
        assert_eq!(read("1e-400"), Err(MoneyError::TooManyPlaces));
        assert_eq!(read("1e"), Err(MoneyError::NotANumber));
    }

    #[test]
    fn what_is_not_a_plain_decimal_is_told_apart() {
        for text in ["1,234.50", "$12", "12,50", "(12.50)", "12 €", "1'000", "12 USD", "USD12"] {
            assert_eq!(read(text), Err(MoneyError::Decorated), "{text}");
        }
        for text in ["NaN", "inf", "-Infinity", "+nan"] {
            assert_eq!(read(text), Err(MoneyError::NotFinite), "{text}");
        }
        for text in ["", ".", "-", "abc", "1.2.3", "0x10", "--1", "about 12 units"] {
            assert_eq!(read(text), Err(MoneyError::NotANumber), "{text}");
        }
        assert_eq!(read("0.30000000000000004"), Err(MoneyError::TooManyPlaces));
        assert_eq!(read("0.1234567891"), Err(MoneyError::TooManyPlaces));
        assert_eq!(read("9223372036854775808"), Err(MoneyError::TooLarge));
        assert_eq!(read("123456789012345678901234567890"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn a_larger_scale_is_exact_or_none() {
        let scale = Scale::new(4).unwrap();
        assert_eq!(Decimal { units: -125, places: 1 }.at(scale), Some(-125_000));
        assert_eq!(Decimal { units: i64::MAX, places: 0 }.at(scale), None);
        assert_eq!(Decimal { units: -125, places: 1 }.to_string(), "-12.5");
    }
}
