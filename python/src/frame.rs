//! Tables that leave the engine, by Arrow's C stream.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StructArray};
use arrow::datatypes::{DataType, Field, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_stream_pycapsule};

use crate::cells;
use crate::failure::Failure;

/// A table: columns of Arrow, which every data frame library takes over without a copy.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Frame {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Frame {
    pub(crate) const fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    /// Of columns of one length.
    pub(crate) fn of<S: AsRef<str>>(
        columns: impl IntoIterator<Item = (S, ArrayRef)>,
    ) -> Result<Self, Failure> {
        let batch = RecordBatch::try_from_iter(columns)?;
        Ok(Self::new(batch.schema(), vec![batch]))
    }
}

#[pymethods]
impl Frame {
    /// Names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The columns as lists of Python, by name.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        for (at, field) in self.schema.fields().iter().enumerate() {
            let values = PyList::empty(py);
            for batch in &self.batches {
                cells::append(&values, batch.column(at))?;
            }
            columns.set_item(field.name(), values)?;
        }
        Ok(columns)
    }

    /// The columns as a stream of Arrow's C interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let kind = DataType::Struct(self.schema.fields().clone());
        let field = Field::new("", kind, false).with_metadata(self.schema.metadata().clone());
        let arrays = self.batches.clone().into_iter().map(|batch| {
            let array: ArrayRef = Arc::new(StructArray::from(batch));
            Ok(array)
        });
        let arrays = ArrayIterator::new(arrays, Arc::new(field));
        to_stream_pycapsule(py, Box::new(arrays), requested_schema)
    }
}
