//! The forecast as Parquet: one row group per piece, its columns encoded side by side.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;

use super::error::ReportError;
use super::frame::{Column, Frame, Values};
use super::write::Pieces;
use crate::units::{Day, Money, Scale};

/// Largest precision of a 128-bit decimal.
const PRECISION: u8 = 38;

pub(super) fn write(source: &Pieces<'_>, out: impl Write + Send) -> Result<(), ReportError> {
    let empty = source.frame(&[])?;
    let schema = Arc::new(schema(&empty));
    // The program's name without its version or a time: the same forecast gives the same bytes.
    let properties = Arc::new(
        WriterProperties::builder()
            .set_created_by("clvcast".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build(),
    );
    let root = ArrowSchemaConverter::new().convert(&schema)?.root_schema_ptr();
    let mut writer = SerializedFileWriter::new(out, root, properties)?;
    let factory = ArrowRowGroupWriterFactory::new(&writer, Arc::clone(&schema));
    for (group, customers) in source.customers().enumerate() {
        let frame = source.frame(customers)?;
        let columns = factory.create_column_writers(group)?;
        let chunks: Vec<ArrowColumnChunk> = columns
            .into_par_iter()
            .zip(&frame.columns)
            .zip(schema.fields().par_iter())
            .map(|((writer, column), field)| encode(writer, column, field, frame.scale))
            .collect::<Result<_, _>>()?;
        let mut row_group = writer.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
    }
    writer.finish()?;
    writer.inner_mut().flush()?;
    Ok(())
}

fn schema(frame: &Frame<'_>) -> Schema {
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

fn encode(
    mut writer: ArrowColumnWriter,
    column: &Column<'_>,
    field: &Field,
    scale: Scale,
) -> Result<ArrowColumnChunk, ParquetError> {
    for leaf in compute_leaves(field, &array(&column.values, scale)?)? {
        writer.write(&leaf)?;
    }
    writer.close()
}

fn array(values: &Values<'_>, scale: Scale) -> Result<ArrayRef, ParquetError> {
    Ok(match values {
        Values::Text(texts) => {
            Arc::new(texts.iter().map(Option::as_deref).collect::<StringArray>())
        }
        Values::Float(numbers) => Arc::new(Float64Array::from(numbers.clone())),
        Values::Integer(numbers) => Arc::new(Int64Array::from(numbers.clone())),
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
