//! Why a forecast file cannot be compared.

use std::io;
use std::path::PathBuf;

use crate::panel::PanelError;
use crate::units::Day;

/// Why a forecast file cannot be compared.
///
/// ```
/// use clvcast::compare::{CompareError, Issued};
/// let error = Issued::read("data/superstore.csv".as_ref()).unwrap_err();
/// assert!(matches!(error, CompareError::NoManifest { .. }));
/// assert!(error.to_string().contains("looked for `data/superstore.csv.run.json`"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// A file that cannot be read.
    #[error("`{}` cannot be read: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// No manifest beside the forecast.
    #[error(
        "no run manifest beside `{}`: looked for `{}`; `clvcast forecast -o FILE` writes both, so \
         keep them together, and name the forecast file, not the manifest",
        .path.display(), .looked_for.display()
    )]
    NoManifest {
        /// The forecast file.
        path: PathBuf,
        /// Where the manifest should be.
        looked_for: PathBuf,
    },
    /// A manifest that is not one, or one that this version does not know.
    #[error("`{}` is not a run manifest of this version, {}: {detail}", .path.display(), env!("CARGO_PKG_VERSION"))]
    BadManifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// A file that is not a forecast.
    #[error(
        "`{}` is not a forecast: {detail}; expected what `clvcast forecast -o FILE` writes as .csv, \
         .json or .parquet", .path.display()
    )]
    NotForecast {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// A cell that cannot be used.
    #[error("`{}`, row {row}, column `{column}`: found `{found}`, expected {expected}", .path.display())]
    BadCell {
        /// The file.
        path: PathBuf,
        /// Number of the row, from 1, the header not counted.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// A customer, or a customer and period, that has two rows.
    #[error(
        "`{}`, row {row}: customer `{customer}` has a row already, expected one per customer \
         (`--layout long`: and period)", .path.display()
    )]
    CustomerTwice {
        /// The file.
        path: PathBuf,
        /// Number of the second row, from 1.
        row: usize,
        /// The customer.
        customer: String,
    },
    /// Two forecasts whose periods are of different lengths.
    #[error(
        "the old forecast is by {old}, the new one by {new}: expected periods of one length; \
         forecast again with `--period {old}`"
    )]
    OtherPeriod {
        /// Period of the old forecast.
        old: String,
        /// Period of the new one.
        new: String,
    },
    /// Data in which no forecast period is over.
    #[error(
        "no period of the forecast is complete: the first one, {label}, ends on {end}, and the data \
         are known to {known_to}; come back with later transactions, or say `--as-of {end}` if there were none"
    )]
    NothingComplete {
        /// Label of the first forecast period.
        label: String,
        /// Its last day.
        end: Day,
        /// Last day the data speak of.
        known_to: Day,
    },
    /// The histories cannot be built.
    #[error(transparent)]
    Panel(#[from] PanelError),
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}
