//! How a period is written: `month`, `quarter`, `year`, `week` or a number of days such as `7d`.

use std::fmt;
use std::str::FromStr;

use super::Period;

/// Why a text is not a [`Period`].
///
/// ```
/// let error = "fortnight".parse::<clvcast::panel::Period>().unwrap_err();
/// assert!(error.to_string().starts_with("`fortnight` is not a period: expected `month`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeriodParseError {
    /// Neither a calendar period nor a number of days.
    #[error(
        "`{found}` is not a period: expected `month`, `quarter`, `year`, `week` or a number of \
         days such as `7d`"
    )]
    Unknown {
        /// The text.
        found: String,
    },
    /// A period of no days.
    #[error("`{found}` is a period without a day: expected at least `1d`; try `7d` for weeks")]
    NoDays {
        /// The text.
        found: String,
    },
    /// More days than [`Period::MAX_DAYS`].
    #[error("`{found}` is too long a period: expected at most `{}d`; try `year`", Period::MAX_DAYS)]
    TooLong {
        /// The text.
        found: String,
    },
}

impl Period {
    /// The largest number of days a period is read with: a century, half of the span of dates a
    /// ledger accepts.
    pub const MAX_DAYS: u32 = 36_525;
}

/// Reads `month`, `quarter`, `year`, `week` or `Nd`, N from 1 to [`Period::MAX_DAYS`].
///
/// ```
/// use clvcast::panel::Period;
/// assert_eq!("quarter".parse(), Ok(Period::Quarter));
/// assert_eq!("91d".parse(), Ok(Period::Days(91)));
/// assert!("0d".parse::<Period>().is_err());
/// ```
impl FromStr for Period {
    type Err = PeriodParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "month" => return Ok(Self::Month),
            "quarter" => return Ok(Self::Quarter),
            "year" => return Ok(Self::Year),
            "week" => return Ok(Self::Week),
            _ => {}
        }
        let found = text.to_owned();
        let digits = text.strip_suffix('d').filter(|digits| {
            // `u32::from_str` alone would take a sign.
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        let Some(digits) = digits else {
            return Err(PeriodParseError::Unknown { found });
        };
        match digits.parse() {
            Ok(0) => Err(PeriodParseError::NoDays { found }),
            Ok(days) if days <= Self::MAX_DAYS => Ok(Self::Days(days)),
            _ => Err(PeriodParseError::TooLong { found }),
        }
    }
}

/// Writes what [`Period::from_str`] reads.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month => f.pad("month"),
            Self::Quarter => f.pad("quarter"),
            Self::Year => f.pad("year"),
            Self::Week => f.pad("week"),
            Self::Days(days) => f.pad(&format!("{days}d")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_period_round_trips() {
        for text in ["month", "quarter", "year", "week", "1d", "7d", "91d", "36525d"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_refused_by_kind() {
        let error = |text: &str| text.parse::<Period>().unwrap_err();
        for text in ["", "d", "7", "-7d", "+7d", "7 d", "Month", "months", "1.5d", "٧d"] {
            assert_eq!(error(text), PeriodParseError::Unknown { found: text.into() });
        }
        assert!(matches!(error("0d"), PeriodParseError::NoDays { .. }));
        assert!(matches!(error("000d"), PeriodParseError::NoDays { .. }));
        assert!(matches!(error("36526d"), PeriodParseError::TooLong { .. }));
        assert!(matches!(error("99999999999d"), PeriodParseError::TooLong { .. }));
    }
}
