//! Errors of the library as exceptions of the package.

use arrow::error::ArrowError;
use clvcast::evaluate::{EvaluateError, NoCandidate, RecalibrateError, UnknownCandidate};
use clvcast::fit::{FitError, FitOptionError, ModelFileError};
use clvcast::forecast::NoSuchMethod;
use clvcast::ledger::{LedgerError, Reject};
use clvcast::panel::PanelError;
use clvcast::predict::PredictError;
use clvcast::report::ReportError;
use clvcast::value::RuleError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// What a data frame is called in place of a file.
pub(crate) const FRAME: &str = "the data frame";

/// Why something could not be done, on its way to Python.
#[derive(Debug)]
pub(crate) enum Failure {
    Ledger(LedgerError),
    Panel(PanelError),
    Fit(FitError),
    Model(ModelFileError),
    /// Of data that another part refuses.
    Data(String),
    /// Of an argument.
    Option(String),
    /// The user has interrupted it.
    Interrupted,
    /// A fault of the program.
    Fault(String),
}

macro_rules! from {
    ($($error:ty => $variant:ident),* $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}

from! { LedgerError => Ledger, PanelError => Panel, FitError => Fit, ModelFileError => Model }

impl From<EvaluateError> for Failure {
    fn from(error: EvaluateError) -> Self {
        Self::Data(error.to_string())
    }
}

macro_rules! option {
    ($($error:ty),* $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Option(error.to_string())
            }
        })*
    };
}

option! { PredictError, RuleError, NoSuchMethod, FitOptionError, UnknownCandidate, NoCandidate }

impl From<RecalibrateError> for Failure {
    fn from(error: RecalibrateError) -> Self {
        match error {
            RecalibrateError::Evaluate(error) => error.into(),
            RecalibrateError::Fit(error) => error.into(),
            RecalibrateError::Predict(error) => error.into(),
            other => Self::Data(other.to_string()),
        }
    }
}

/// Columns that do not make a table.
impl From<ArrowError> for Failure {
    fn from(error: ArrowError) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::UnknownColumns { .. }
            | ReportError::RepeatedColumn { .. }
            | ReportError::NoColumns
            | ReportError::NoSuchCustomer { .. } => Self::Option(error.to_string()),
            other => Self::Fault(other.to_string()),
        }
    }
}

impl Failure {
    /// The exception, with what is known of row, column and customer.
    pub(crate) fn raise(self, py: Python<'_>) -> PyErr {
        self.exception(py).unwrap_or_else(|error| error)
    }

    fn exception(self, py: Python<'_>) -> PyResult<PyErr> {
        let known = PyDict::new(py);
        let (class, text) = match &self {
            Self::Ledger(error) => {
                describe(error, &known)?;
                let class = match error {
                    LedgerError::DateFormat { .. }
                    | LedgerError::ColumnTwice { .. }
                    | LedgerError::BadPattern { .. } => "OptionError",
                    _ => "DataError",
                };
                (class, error.to_string())
            }
            Self::Panel(error) => {
                if let PanelError::MoneyTooLarge { customer, .. } = error {
                    known.set_item("customer", customer)?;
                }
                let class = match error {
                    PanelError::AsOfNotPeriodEnd(_) | PanelError::PeriodWithoutDays => {
                        "OptionError"
                    }
                    _ => "DataError",
                };
                (class, error.to_string())
            }
            Self::Fit(error) => ("FitError", error.to_string()),
            Self::Model(error) => ("ModelError", error.to_string()),
            Self::Data(text) => ("DataError", text.clone()),
            Self::Option(text) => ("OptionError", text.clone()),
            Self::Fault(text) => ("ClvError", text.clone()),
            Self::Interrupted => return Ok(pyo3::exceptions::PyKeyboardInterrupt::new_err(())),
        };
        let class = py.import("clvcast.errors")?.getattr(class)?;
        Ok(PyErr::from_value(class.call((text,), Some(&known))?))
    }
}

fn describe(error: &LedgerError, known: &Bound<'_, PyDict>) -> PyResult<()> {
    match error {
        LedgerError::ColumnType { column, .. }
        | LedgerError::ColumnTwice { column, .. }
        | LedgerError::SeveralCurrencies { column, .. }
        | LedgerError::MixedDateOrders { column, .. }
        | LedgerError::ColumnUnknown { name: column, .. }
        | LedgerError::DuplicateHeader { name: column, .. } => known.set_item("column", column),
        LedgerError::AmbiguousDates { column, example, .. } => {
            known.set_item("column", column)?;
            known.set_item("row", row(&example.file, example.line))
        }
        LedgerError::BadRows { first, .. }
        | LedgerError::RefundsRefused { first, .. }
        | LedgerError::DuplicatesRefused { first, .. } => {
            let rows = PyList::empty(known.py());
            for reject in first {
                rows.append(bad_row(known.py(), reject)?)?;
            }
            if let Some(reject) = first.first() {
                known.set_item("row", row(&reject.file, reject.line))?;
                known.set_item("column", &reject.column)?;
            }
            known.set_item("rows", rows)
        }
        _ => Ok(()),
    }
}

/// The position of a row of a data frame, from 0; a row of a file has a line, and no position.
fn row(file: &str, number: u64) -> Option<u64> {
    (file == FRAME).then(|| number.saturating_sub(1))
}

pub(crate) fn bad_row<'py>(py: Python<'py>, reject: &Reject) -> PyResult<Bound<'py, PyDict>> {
    let bad = PyDict::new(py);
    bad.set_item("file", &reject.file)?;
    bad.set_item("line", reject.line)?;
    bad.set_item("row", row(&reject.file, reject.line))?;
    bad.set_item("column", &reject.column)?;
    bad.set_item("reason", reject.reason.name())?;
    bad.set_item("found", &reject.found)?;
    bad.set_item("expected", &reject.expected)?;
    Ok(bad)
}
