//! A number as it is written, in digits and a point.

use crate::units::Scale;

use super::decimal::Decimal;
use super::hash::number;

/// A number as it is written: `digits` × 10^−`places`, trailing zeros included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Literal {
    digits: i64,
    places: u8,
    /// Whether no other text is written with these digits and places.
    unique: bool,
}

impl Literal {
    /// Reads the usual forms (`-12.50`, `3`, `.5`) of at most 18 digits.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let (negative, body) = match text {
            [b'-', body @ ..] => (true, body),
            body => (false, body),
        };
        // Numbers of 18 digits fit.
        if body.len() > 19 {
            return None;
        }
        let (mut digits, mut point) = (0_i64, None);
        for (at, byte) in body.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    digits = digits.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
                }
                b'.' if point.is_none() => point = Some(at),
                _ => return None,
            }
        }
        if !(1..=18).contains(&(body.len() - usize::from(point.is_some()))) {
            return None;
        }
        let places = point.map_or(0, |at| body.len() - at - 1);
        let whole = point.unwrap_or(body.len());
        let unique = whole > 0
            && (whole == 1 || body[0] != b'0')
            && point != Some(body.len() - 1)
            && !(negative && digits == 0);
        let digits = if negative { -digits } else { digits };
        Some(Self { digits, places: u8::try_from(places).ok()?, unique })
    }

    /// A number that is stored as digits of so many places; none of more than 18 digits.
    pub(super) fn stored(digits: i64, places: u8) -> Option<Self> {
        let fits = digits.unsigned_abs() < 10_u64.pow(18) && places <= 17;
        fits.then_some(Self { digits, places, unique: true })
    }

    /// The shortest text of a float, if that has no more than two places.
    ///
    /// Hundredths below 10¹⁵ have at most 15 digits. Decimals of so few digits are floats of their
    /// own, so that one which gives the float back is the shortest text of it.
    pub(super) fn shortest(float: f64) -> Option<Self> {
        let hundredths = (float * 100.0).round();
        let is_it = hundredths.abs() < 1e15 && hundredths / 100.0 == float;
        if !is_it || (float == 0.0 && float.is_sign_negative()) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 10^15")]
        let digits = hundredths as i64;
        let (digits, places) = if digits % 10 == 0 { (digits / 10, 1) } else { (digits, 2) };
        Some(Self { digits, places, unique: true })
    }

    /// Its value, if that has no more places than money.
    pub(super) fn decimal(self) -> Option<Decimal> {
        let Self { digits: mut units, mut places, .. } = self;
        while places > 0 && units % 10 == 0 {
            units /= 10;
            places -= 1;
        }
        (places <= Scale::MAX).then_some(Decimal { units, places })
    }

    /// The identity of its text; none if other texts would share it.
    pub(super) fn identity(self, seed: u64) -> Option<u64> {
        let Self { digits, places, unique } = self;
        unique.then(|| number(seed.wrapping_add(places.into()), digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(text: &str) -> Option<u64> {
        Literal::read(text.as_bytes())?.identity(7)
    }

    #[test]
    fn only_the_one_way_to_write_its_digits_and_places_has_an_identity() {
        for text in ["00", "01.5", ".5", "5.", "-0", "-0.00", "-.5", "00.5", "-01"] {
            assert!(Literal::read(text.as_bytes()).is_some(), "{text}");
            assert_eq!(identity(text), None, "{text}");
        }
        let texts = ["0", "0.0", "0.5", "0.50", "5", "-5", "-0.5", "50", "5.0", "100", "10.0"];
        let mut identities: Vec<_> = texts.iter().map(|text| identity(text).unwrap()).collect();
        identities.sort_unstable();
        identities.dedup();
        assert_eq!(identities.len(), texts.len());
    }

    #[test]
    fn floats_and_stored_digits_are_the_texts_they_would_be_written_as() {
        for hundredths in (-70_000..70_000).chain([123_456_789_012_345_i64, -999_999_999_999_999]) {
            let float = f64::from(i32::try_from(hundredths % 1_000_000_000).unwrap())
                + 1e9 * f64::from(i32::try_from(hundredths / 1_000_000_000).unwrap());
            let float = float / 100.0;
            let text = zmij::Buffer::new().format(float).to_owned();
            assert_eq!(Literal::shortest(float), Literal::read(text.as_bytes()), "{text}");
        }
        for float in [-0.0, 0.1 + 0.2, 1e300, f64::NAN, f64::INFINITY, 0.001, 1e13, 5e-324] {
            assert_eq!(Literal::shortest(float), None, "{float}");
        }
        assert_eq!(Literal::stored(-1250, 2), Literal::read(b"-12.50"));
        assert_eq!(Literal::stored(5, 3), Literal::read(b"0.005"));
        assert_eq!(Literal::stored(10_i64.pow(18), 0), None);
    }
}
