//! Columns of a table as values of Python.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type,
    UInt32Type, UInt64Type,
};
use clvcast::units::Day;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

use crate::failure::Failure;

/// Appends the values of a column; a missing one is `None`.
pub(crate) fn append(values: &Bound<'_, PyList>, column: &ArrayRef) -> PyResult<()> {
    let py = values.py();
    match column.data_type() {
        DataType::Utf8 => {
            for text in column.as_string::<i32>() {
                values.append(text)?;
            }
            Ok(())
        }
        DataType::Boolean => {
            for truth in column.as_boolean() {
                values.append(truth)?;
            }
            Ok(())
        }
        DataType::Float64 => numbers(values, column.as_primitive::<Float64Type>()),
        DataType::Int64 => numbers(values, column.as_primitive::<Int64Type>()),
        DataType::UInt64 => numbers(values, column.as_primitive::<UInt64Type>()),
        DataType::Int32 => numbers(values, column.as_primitive::<Int32Type>()),
        DataType::UInt32 => numbers(values, column.as_primitive::<UInt32Type>()),
        DataType::Date32 => {
            let date = py.import("datetime")?.getattr("date")?;
            for number in column.as_primitive::<Date32Type>() {
                let day = number.map(|number| Day::from_number(number).to_string());
                let day = day.map(|day| date.call_method1("fromisoformat", (day,))).transpose()?;
                values.append(day)?;
            }
            Ok(())
        }
        DataType::Decimal128(..) => {
            let decimal = py.import("decimal")?.getattr("Decimal")?;
            let column = column.as_primitive::<Decimal128Type>();
            for row in 0..column.len() {
                if column.is_null(row) {
                    values.append(py.None())?;
                } else {
                    let text = PyString::new(py, &column.value_as_string(row));
                    values.append(decimal.call1((text,))?)?;
                }
            }
            Ok(())
        }
        other => Err(Failure::Fault(format!("a column of type {other}")).raise(py)),
    }
}

fn numbers<'py, T: ArrowPrimitiveType>(
    values: &Bound<'py, PyList>,
    column: &PrimitiveArray<T>,
) -> PyResult<()>
where
    T::Native: IntoPyObjectExt<'py>,
{
    column.iter().try_for_each(|number| match number {
        Some(number) => values.append(number.into_bound_py_any(values.py())?),
        None => values.append(values.py().None()),
    })
}
