//! The forecast as CSV.

use std::fmt::Write as _;
use std::io::Write;

use rayon::prelude::*;

use super::error::ReportError;
use super::frame::{Frame, Values};
use super::write::Pieces;

/// Customers whose text one thread makes at a time: enough to outweigh the hand-over, few enough
/// to share a piece among many threads.
pub(super) const SLICE: usize = 2048;

pub(super) fn write(source: &Pieces<'_>, mut out: impl Write) -> Result<(), ReportError> {
    let mut header = csv::Writer::from_writer(Vec::new());
    header.write_record(source.columns.names())?;
    out.write_all(&finish(header)?)?;
    for customers in source.customers() {
        let slices: Vec<Vec<u8>> = customers
            .par_chunks(SLICE)
            .map(|slice| text(&source.frame(slice)?))
            .collect::<Result<_, _>>()?;
        for slice in slices {
            out.write_all(&slice)?;
        }
    }
    out.flush()?;
    Ok(())
}

fn text(frame: &Frame<'_>) -> Result<Vec<u8>, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut field = String::new();
    for row in 0..frame.rows {
        for column in &frame.columns {
            if let Values::Text(texts) = &column.values {
                writer.write_field(texts[row].as_deref().unwrap_or_default())?;
            } else {
                field.clear();
                number(&mut field, &column.values, row, frame.scale);
                writer.write_field(&field)?;
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    finish(writer)
}

/// Appends a number, a day or nothing; text is quoted by each format in its own way.
pub(super) fn number(
    field: &mut String,
    values: &Values<'_>,
    row: usize,
    scale: crate::units::Scale,
) {
    // Writing to a string cannot fail. `{}` of a float is its shortest round-trip decimal without
    // an exponent, which some readers would take for text.
    let _ = match values {
        Values::Float(numbers) => numbers[row].map(|number| write!(field, "{number}")),
        Values::Integer(numbers) => numbers[row].map(|number| write!(field, "{number}")),
        Values::Money(money) => money[row].map(|money| write!(field, "{}", money.display(scale))),
        Values::Date(days) => days[row].map(|day| write!(field, "{day}")),
        Values::Text(_) => None,
    };
}

fn finish(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, ReportError> {
    writer.into_inner().map_err(|error| ReportError::Io(error.into_error()))
}
