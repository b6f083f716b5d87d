//! Data frames that enter the engine, and which of their columns play which role.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use clvcast::ledger::ColumnChoice;
use pyo3::prelude::*;

use crate::failure::Failure;

/// A column as it is asked for: by name, `False` for none; by its usual names where nothing is
/// said.
#[derive(FromPyObject)]
pub(crate) enum Column {
    Off(bool),
    Named(String),
}

/// The choice of a column.
pub(crate) fn choice(role: &str, column: Option<Column>) -> Result<ColumnChoice, Failure> {
    match column {
        None => Ok(ColumnChoice::Find),
        Some(Column::Named(name)) => Ok(ColumnChoice::Named(name)),
        Some(Column::Off(false)) if role == "customer" || role == "date" => {
            Err(Failure::Option(format!("{role}=False: this column cannot be switched off")))
        }
        Some(Column::Off(false)) => Ok(ColumnChoice::Off),
        Some(Column::Off(true)) => Err(Failure::Option(format!(
            "{role}=True: expected the name of a column, False to use none, or nothing to find it"
        ))),
    }
}

/// A frame without the columns in which pandas keeps an index that has no name.
pub(crate) struct WithoutIndex {
    frame: Box<dyn RecordBatchReader + Send>,
    kept: Vec<usize>,
    schema: SchemaRef,
}

impl WithoutIndex {
    pub(crate) fn new(frame: Box<dyn RecordBatchReader + Send>) -> Self {
        let whole = frame.schema();
        let is_index = |name: &str| name.starts_with("__index_level_") && name.ends_with("__");
        let fields = whole.fields().iter().enumerate();
        let kept = fields.filter(|(_, field)| !is_index(field.name())).map(|(at, _)| at).collect();
        let schema = Schema::new(
            whole
                .fields()
                .iter()
                .filter(|field| !is_index(field.name()))
                .cloned()
                .collect::<Vec<_>>(),
        );
        Self { frame, kept, schema: Arc::new(schema) }
    }
}

impl Iterator for WithoutIndex {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.frame.next()?.and_then(|batch| batch.project(&self.kept)))
    }
}

impl RecordBatchReader for WithoutIndex {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
