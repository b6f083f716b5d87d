//! Exact decimal money: an integer count of the ledger's smallest unit.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

/// Number of decimal places a ledger's money is counted in, at most [`Scale::MAX`].
///
/// ```
/// use clvcast::units::Scale;
/// let cents = Scale::new(2).unwrap();
/// assert_eq!((cents.places(), cents.units()), (2, 100));
/// assert_eq!(Scale::new(10), None); // beyond Scale::MAX
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Scale(u8);

/// Powers of ten: every amount that becomes a number asks for one.
const POWERS: [i64; Scale::MAX as usize + 1] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

impl Scale {
    /// The largest number of decimal places that is accepted.
    pub const MAX: u8 = 9;

    /// A scale of that many decimal places, or `None` beyond [`Scale::MAX`].
    #[must_use]
    pub const fn new(places: u8) -> Option<Self> {
        if places <= Self::MAX { Some(Self(places)) } else { None }
    }

    /// Decimal places.
    #[must_use]
    pub const fn places(self) -> u8 {
        self.0
    }

    /// Units per 1 of currency: 10^places.
    #[must_use]
    pub const fn units(self) -> i64 {
        POWERS[self.0 as usize]
    }
}

/// An exact amount of money, in units of 10^−scale of the currency; the [`Scale`] is the
/// ledger's and the same for all of its money.
///
/// ```
/// use clvcast::units::{Money, Scale};
/// let cents = Scale::new(2).unwrap();
/// let total: Money = [Money::from_units(1999), Money::from_units(1)].into_iter().sum();
/// assert_eq!(total.to_f64(cents), 20.0);
/// assert_eq!(total.display(cents).to_string(), "20");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i128);

/// Why a text is not an amount of money.
///
/// ```
/// use clvcast::units::MoneyError;
/// assert_eq!(MoneyError::TooManyPlaces.to_string(), "has more than 9 decimal places");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The text is not a plain decimal number.
    #[error("not a plain decimal number")]
    NotANumber,
    /// NaN or an infinity.
    #[error("not a finite number")]
    NotFinite,
    /// A currency sign, a thousands separator or a decimal comma.
    #[error("carries a thousands separator, a decimal comma, parentheses or a currency sign")]
    Decorated,
    /// More decimal places than [`Scale::MAX`].
    #[error("has more than {} decimal places", Scale::MAX)]
    TooManyPlaces,
    /// Too large to be counted.
    #[error("is too large")]
    TooLarge,
}

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// That many units of the ledger's scale.
    #[must_use]
    pub const fn from_units(units: i128) -> Self {
        Self(units)
    }

    /// The count of units.
    #[must_use]
    pub const fn units(self) -> i128 {
        self.0
    }

    /// The nearest floating-point number, in units of the currency.
    #[must_use]
    pub fn to_f64(self, scale: Scale) -> f64 {
        // One division of two exactly representable numbers rounds once, so that 0.1 stays 0.1.
        const EXACT: i64 = 1 << 53;
        match i64::try_from(self.0) {
            Ok(units) if (-EXACT..=EXACT).contains(&units) => units as f64 / scale.units() as f64,
            _ => self.display(scale).to_string().parse().unwrap_or(f64::NAN),
        }
    }

    /// The exact decimal, without trailing zeros.
    #[must_use]
    pub const fn display(self, scale: Scale) -> MoneyText {
        MoneyText { money: self, scale }
    }
}

/// Formats a [`Money`] exactly; made by [`Money::display`].
///
/// ```
/// use clvcast::units::{Money, Scale};
/// let text = Money::from_units(-12_340).display(Scale::new(3).unwrap());
/// assert_eq!(text.to_string(), "-12.34");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct MoneyText {
    money: Money,
    scale: Scale,
}

impl fmt::Display for MoneyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.money.0.unsigned_abs();
        let one = u128::from(self.scale.units().unsigned_abs());
        if self.money.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{}", units / one)?;
        let fraction = units % one;
        if fraction != 0 {
            let digits = format!("{fraction:0width$}", width = usize::from(self.scale.0));
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_exactly_without_trailing_zeros() {
        let scale = Scale::new(4).unwrap();
        let shown = |units| Money::from_units(units).display(scale).to_string();
        assert_eq!(shown(9_575_775), "957.5775");
        assert_eq!(shown(-50), "-0.005");
        assert_eq!(shown(120_000), "12");
        assert_eq!(shown(0), "0");
    }

    #[test]
    fn floats_are_the_nearest_ones() {
        let scale = Scale::new(2).unwrap();
        assert_eq!(Money::from_units(10).to_f64(scale).to_string(), "0.1");
        let large = Money::from_units((1 << 60) + 1);
        assert_eq!(large.to_f64(scale).to_string(), "11529215046068470");
    }
}
