//! The forecast as Arrow record batches, with the types that Parquet files have.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use rayon::prelude::*;

use super::error::ReportError;
use super::frame::{Column, Frame, Values};
use super::write::Source;
use crate::units::{Day, Money, Scale};

/// Largest precision of a 128-bit decimal.
const PRECISION: u8 = 38;

/// Customers per batch. Fixed, so that nothing depends on the number of threads.
const BATCH: usize = 65_536;

/// Customers by which the types of the columns are told; they are those of all others.
const SAMPLE: usize = 1;

pub(super) fn batches(source: &Source<'_>) -> Result<(SchemaRef, Vec<RecordBatch>), ReportError> {
    let sample = &source.customers[..source.customers.len().min(SAMPLE)];
    let schema = Arc::new(schema(&source.rows(sample)?.frame()?));
    let pieces = source.customers.par_chunks(BATCH).map(|customers| {
        let rows = source.rows(customers)?;
        let columns = (0..schema.fields().len()).into_par_iter();
        let columns: Vec<Result<ArrayRef, ReportError>> =
            columns.map(|at| Ok(array(rows.column(at)?.values, source.scale())?)).collect();
        let columns = columns.into_iter().collect::<Result<_, _>>()?;
        source.progress.advance(customers.len() as u64);
        Ok(RecordBatch::try_new(Arc::clone(&schema), columns)?)
    });
    // The first failure by customer and column, whichever thread met one first.
    let pieces: Vec<Result<RecordBatch, ReportError>> = pieces.collect();
    let batches = pieces.into_iter().collect::<Result<_, _>>()?;
    Ok((schema, batches))
}

pub(super) fn schema(frame: &Frame<'_>) -> Schema {
    let field = |column: &Column<'_>| {
        let kind = match column.values {
            Values::Text(_) => DataType::Utf8,
            Values::Float(_) => DataType::Float64,
            Values::Integer(_) => DataType::Int64,
            Values::Money(_) => DataType::Decimal128(PRECISION, places(frame.scale)),
            Values::Date(_) => DataType::Date32,
        };
        Field::new(&column.name, kind, true)
    };
    Schema::new(frame.columns.iter().map(field).collect::<Vec<_>>())
}

const fn places(scale: Scale) -> i8 {
    scale.places().cast_signed()
}

pub(super) fn array(values: Values<'_>, scale: Scale) -> Result<ArrayRef, ArrowError> {
    Ok(match values {
        Values::Text(texts) => {
            Arc::new(texts.iter().map(Option::as_deref).collect::<StringArray>())
        }
        Values::Float(numbers) => Arc::new(Float64Array::from(numbers)),
        Values::Integer(numbers) => Arc::new(Int64Array::from(numbers)),
        Values::Money(money) => {
            let units = money.iter().map(|money| money.map(Money::units));
            let array = units.collect::<Decimal128Array>();
            Arc::new(array.with_precision_and_scale(PRECISION, places(scale))?)
        }
        Values::Date(days) => {
            Arc::new(days.iter().map(|day| day.map(Day::number)).collect::<Date32Array>())
        }
    })
}
