//! Why a model file cannot be used.

use super::calendar::LARGEST;
use super::{MAX_FREQUENCY, VERSION};
use crate::markov::BandError;
use crate::models::ParameterError;

/// A model file that cannot be used.
///
/// ```
/// use clvcast::fit::FittedModel;
/// let error = FittedModel::from_json(r#"{"format": "spreadsheet"}"#).unwrap_err();
/// assert_eq!(error.to_string(), "`format` is `spreadsheet`, expected `clvcast-model`");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// Not JSON, cut off, or with keys of the wrong type.
    #[error(
        "the model file is not readable: {0}; expected the JSON that `clvcast fit -o model.json` writes"
    )]
    Json(#[from] serde_json::Error),
    /// Not a model file of this program.
    #[error("`format` is `{found}`, expected `clvcast-model`")]
    Format {
        /// The format found.
        found: String,
    },
    /// No `format` at all.
    #[error("no `format`, expected `\"format\": \"clvcast-model\"`: is this a model file?")]
    NoFormat,
    /// A version this program does not know.
    #[error(
        "the model file has version {found}, this program reads version {VERSION}: use a newer clvcast"
    )]
    Version {
        /// The version found.
        found: u64,
    },
    /// No version, or one that is not a number this program could know.
    #[error("`version` is {found}, expected {VERSION}")]
    NotAVersion {
        /// What stands there.
        found: String,
    },
    /// A name this program does not know.
    #[error("`{key}` is `{found}`, expected {expected}")]
    Unknown {
        /// The key.
        key: &'static str,
        /// The name found.
        found: String,
        /// The names known.
        expected: &'static str,
    },
    /// A parameter that is absent, or null without a limit that explains it.
    #[error("`{part}` has no parameter `{name}`, expected a positive number")]
    Missing {
        /// `frequency`, `monetary`, `calendar` or `states`.
        part: &'static str,
        /// The parameter.
        name: &'static str,
    },
    /// A share outside 0 to 1.
    #[error("`{name}` is {found}, expected more than 0 and at most 1")]
    NotAShare {
        /// The key.
        name: &'static str,
        /// The value found.
        found: f64,
    },
    /// Harmonics whose cosines and sines do not pair up, or are no numbers.
    #[error(
        "`calendar.season` has {cos} cosines and {sin} sines, expected as many of each, all from -{LARGEST} to {LARGEST}"
    )]
    Harmonics {
        /// Cosines found.
        cos: usize,
        /// Sines found.
        sin: usize,
    },
    /// A logarithm beyond any factor of purchasing.
    #[error("`{name}` is {found}, expected a number from -{LARGEST} to {LARGEST}")]
    Exponent {
        /// The key.
        name: &'static str,
        /// The value found.
        found: f64,
    },
    /// A season by parts of the year that lacks one.
    #[error(
        "`calendar.season.factors` has no `{label}`, expected a positive number for each part of the year"
    )]
    NoFactor {
        /// The part that is absent.
        label: String,
    },
    /// What is wrong, under the key it stands in.
    #[error("in `{key}`: {error}")]
    In {
        /// The key.
        key: &'static str,
        /// What is wrong.
        error: Box<Self>,
    },
    /// A parameter out of its range.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// Bands that do not increase.
    #[error("`states`: {0}")]
    Bands(#[from] BandError),
    /// A largest count of 0, or one beyond any purchases per period, whose tables fill no memory.
    #[error("`states.max_frequency` is {found}, expected 1 to {MAX_FREQUENCY}")]
    MaxFrequency {
        /// The count found.
        found: u32,
    },
}
