//! Numbers among the options of a fit that cannot be meant.

use super::FitOptions;

/// A number of [`FitOptions`] that cannot be meant.
///
/// ```
/// use clvcast::fit::FitOptions;
/// let options = FitOptions { damping: 1.5, ..FitOptions::default() };
/// let error = options.check().unwrap_err();
/// assert!(error.to_string().starts_with("`--damping 1.5`: expected a share above 0 and up to 1"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitOptionError {
    /// A precision that is not positive.
    #[error("`--penalty {0}`: expected a positive number such as 0.1")]
    Penalty(f64),
    /// A share outside (0, 1].
    #[error("`--damping {0}`: expected a share above 0 and up to 1, such as 0.9")]
    Damping(f64),
    /// A largest count that gives no table, or one that nobody reads.
    #[error("`--max-frequency {0}`: expected 1 to {most}", most = FitOptions::MOST_FREQUENCY)]
    MaxFrequency(u32),
}

impl FitOptions {
    /// Largest count that can be asked for: the tables have one row per count, and nobody reads
    /// more of them.
    pub const MOST_FREQUENCY: u32 = 10_000;

    /// Checks penalty, damping and the largest count.
    ///
    /// # Errors
    /// When one of them is no number that can be meant.
    pub fn check(&self) -> Result<(), FitOptionError> {
        match *self {
            Self { penalty: Some(p), .. } if !(p.is_finite() && p > 0.0) => {
                Err(FitOptionError::Penalty(p))
            }
            Self { damping: d, .. } if !(d > 0.0 && d <= 1.0) => Err(FitOptionError::Damping(d)),
            Self { max_frequency: Some(f), .. } if !(1..=Self::MOST_FREQUENCY).contains(&f) => {
                Err(FitOptionError::MaxFrequency(f))
            }
            _ => Ok(()),
        }
    }
}
