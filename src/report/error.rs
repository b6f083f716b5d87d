//! Why a forecast cannot be written.

use std::io;

use arrow::error::ArrowError;
use parquet::errors::ParquetError;

/// Why a forecast cannot be written.
///
/// ```
/// use clvcast::report::{Columns, Layout};
/// let columns = Columns::new(Layout::Wide, 2, false);
/// let error = columns.select(&["customer", "customer"]).unwrap_err();
/// assert!(error.to_string().starts_with("column `customer` is asked for twice"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// Columns asked for that a forecast does not have.
    #[error(
        "no such column: {}; expected some of {}", listed(.unknown), .known.join(", ")
    )]
    UnknownColumns {
        /// All of them.
        unknown: Vec<UnknownColumn>,
        /// The columns there are.
        known: Vec<String>,
    },
    /// A column asked for twice.
    #[error("column `{name}` is asked for twice, expected each column once")]
    RepeatedColumn {
        /// Its name.
        name: String,
    },
    /// An empty list of columns.
    #[error("no column is asked for, expected at least one; try `customer`")]
    NoColumns,
    /// A customer asked for by a position beyond the panel's.
    #[error("customer number {index} is asked for, expected one below {customers}")]
    NoSuchCustomer {
        /// The position.
        index: usize,
        /// Customers in the panel.
        customers: usize,
    },
    /// A panel and a forecast that do not belong together.
    #[error("the forecast has {forecast} customers and the panel {panel}, expected the same ones")]
    OtherPanel {
        /// Customers of the forecast.
        forecast: usize,
        /// Customers of the panel.
        panel: usize,
    },
    /// A number that is neither finite nor missing.
    #[error(
        "column `{column}` of customer `{customer}` is {value}, expected a finite number or none; \
         this is a fault of the program, the file is not written"
    )]
    NotFinite {
        /// The customer.
        customer: String,
        /// The column.
        column: String,
        /// The number.
        value: f64,
    },
    /// The output could not be written; from an [`AtomicFile`](super::AtomicFile) the message
    /// names the file and what to try.
    #[error(transparent)]
    Io(io::Error),
    /// The columns do not make an Arrow record batch.
    #[error("cannot make an Arrow record batch: {0}")]
    Arrow(#[from] ArrowError),
    /// The workbook could not be put together.
    #[error("cannot write the workbook: {0}; try CSV or Parquet with `clvcast forecast`")]
    Workbook(rust_xlsxwriter::XlsxError),
    /// The Parquet encoder refused.
    #[error("cannot encode Parquet: {0}; try CSV or JSON")]
    Parquet(ParquetError),
    /// The template of the page fails.
    #[error("cannot write the page: {0}; this is a fault of the program, the file is not written")]
    Page(#[from] minijinja::Error),
}

impl ReportError {
    /// Whether the reader of a pipe has gone, which is no failure.
    ///
    /// ```
    /// use clvcast::report::ReportError;
    /// let gone = ReportError::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe));
    /// assert!(gone.is_broken_pipe());
    /// ```
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for ReportError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<csv::Error> for ReportError {
    fn from(error: csv::Error) -> Self {
        Self::Io(error.into())
    }
}

impl From<ParquetError> for ReportError {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(source) => match source.downcast::<io::Error>() {
                Ok(error) => Self::Io(*error),
                Err(source) => Self::Parquet(ParquetError::External(source)),
            },
            other => Self::Parquet(other),
        }
    }
}

/// A column name a forecast does not have.
///
/// ```
/// use clvcast::report::{Columns, Layout, ReportError};
/// let columns = Columns::new(Layout::Wide, 2, false);
/// let Err(ReportError::UnknownColumns { unknown, .. }) = columns.select(&["margn_1"]) else {
///     panic!("there is no such column");
/// };
/// assert_eq!(unknown[0].nearest.as_deref(), Some("margin_1"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumn {
    /// The name asked for.
    pub name: String,
    /// The nearest name there is, if one is near.
    pub nearest: Option<String>,
}

impl UnknownColumn {
    /// Looks for the nearest of the `known` names.
    pub(super) fn new<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let wanted = name.to_lowercase();
        let distance = |other: &str| strsim::damerau_levenshtein(&wanted, &other.to_lowercase());
        // A third of the letters may differ, at least two: beyond that a suggestion is noise.
        let near = (wanted.chars().count() / 3).max(2);
        let nearest = known
            .map(|other| (distance(other), other))
            .min_by_key(|&(distance, _)| distance)
            .filter(|&(distance, _)| distance <= near)
            .map(|(_, other)| other.to_owned());
        Self { name: name.to_owned(), nearest }
    }
}

fn listed(unknown: &[UnknownColumn]) -> String {
    let one = |column: &UnknownColumn| match &column.nearest {
        Some(nearest) => format!("`{}` (did you mean `{nearest}`?)", column.name),
        None => format!("`{}`", column.name),
    };
    unknown.iter().map(one).collect::<Vec<_>>().join(", ")
}
