//! Exact decimals in JSON, where a float would round.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::units::{Money, Scale};

/// An exact decimal, a plain number in JSON.
///
/// ```
/// use clvcast::report::Decimal;
/// use clvcast::units::{Money, Scale};
/// let decimal = Decimal::new(Money::from_units(12_345_678_901_234_567_890), Scale::new(2).unwrap());
/// assert_eq!(serde_json::to_string(&decimal).unwrap(), "123456789012345678.9");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// Money as a decimal.
    #[must_use]
    pub fn new(money: Money, scale: Scale) -> Self {
        Self(money.display(scale).to_string())
    }

    /// The decimal's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.clone()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        // Anything but a number is refused here, before it could pass for one.
        raw.get().parse::<f64>().map_err(|_| {
            serde::de::Error::custom(format!("found {}, expected a number", raw.get()))
        })?;
        Ok(Self(raw.get().to_owned()))
    }
}
