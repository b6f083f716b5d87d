//! The forecast as Parquet: row groups one after another, their columns encoded side by side.

use std::collections::HashSet;
use std::hash::Hash;
use std::io::Write;
use std::sync::Arc;

use arrow::datatypes::Field;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use super::arrow_out::{array, schema};
use super::error::ReportError;
use super::frame::{Frame, Values};
use super::write::Source;
use crate::units::Scale;

/// Customers per row group. Fixed, because the bytes of a file depend on it: enough that readers
/// need few of them, few enough to have the columns of one in memory.
const GROUP: usize = 131_072;

pub(super) fn write(source: &Source<'_>, out: impl Write + Send) -> Result<(), ReportError> {
    let sample = &source.customers[..source.customers.len().min(SAMPLE)];
    let sample = source.rows(sample)?.frame()?;
    let schema = Arc::new(schema(&sample));
    let properties = Arc::new(properties(&sample));
    let root = ArrowSchemaConverter::new().convert(&schema)?.root_schema_ptr();
    let mut writer = SerializedFileWriter::new(out, root, properties)?;
    let factory = ArrowRowGroupWriterFactory::new(&writer, Arc::clone(&schema));
    for (group, customers) in source.customers.chunks(GROUP).enumerate() {
        let rows = source.rows(customers)?;
        let columns = factory.create_column_writers(group)?;
        let chunks: Vec<Result<ArrowColumnChunk, ReportError>> = columns
            .into_par_iter()
            .zip(schema.fields().par_iter())
            .enumerate()
            .map(|(at, (writer, field))| {
                Ok(encode(writer, rows.column(at)?.values, field, source.scale())?)
            })
            .collect();
        let mut row_group = writer.next_row_group()?;
        // The first failure by column, whichever thread met one first.
        for chunk in chunks {
            chunk?.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
        source.progress.advance(customers.len() as u64);
    }
    writer.finish()?;
    writer.inner_mut().flush()?;
    Ok(())
}

/// Customers by which it is decided how columns are written.
const SAMPLE: usize = 4096;

/// How columns are written. A dictionary is made where values come back often: of others it would
/// be given up half-way. Numbers that do not come back have nothing to compress, either.
fn properties(sample: &Frame<'_>) -> WriterProperties {
    // The program's name without its version or a time: the same forecast gives the same bytes.
    let mut properties = WriterProperties::builder()
        .set_created_by("clvcast".to_owned())
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_compression(Compression::SNAPPY);
    for column in &sample.columns {
        let comes_back = 2 * distinct(&column.values) <= sample.rows;
        let path = ColumnPath::new(vec![column.name.clone()]);
        properties = properties.set_column_dictionary_enabled(path.clone(), comes_back);
        if !comes_back && matches!(column.values, Values::Float(_)) {
            properties = properties.set_column_compression(path, Compression::UNCOMPRESSED);
        }
    }
    properties.build()
}

/// Number of distinct values.
fn distinct(values: &Values<'_>) -> usize {
    fn count<T: Hash + Eq>(values: impl Iterator<Item = T>) -> usize {
        values.collect::<HashSet<T>>().len()
    }
    match values {
        Values::Text(texts) => count(texts.iter()),
        Values::Float(numbers) => count(numbers.iter().map(|number| number.map(f64::to_bits))),
        Values::Integer(numbers) => count(numbers.iter()),
        Values::Money(money) => count(money.iter()),
        Values::Date(days) => count(days.iter()),
    }
}

fn encode(
    mut writer: ArrowColumnWriter,
    values: Values<'_>,
    field: &Field,
    scale: Scale,
) -> Result<ArrowColumnChunk, ParquetError> {
    for leaf in compute_leaves(field, &array(values, scale)?)? {
        writer.write(&leaf)?;
    }
    writer.close()
}
