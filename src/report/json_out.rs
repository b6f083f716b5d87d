//! The forecast as JSON: an array of objects, one per line, a missing value null.

use std::io::Write;

use rayon::prelude::*;

use super::csv_out::{SLICE, number};
use super::error::ReportError;
use super::frame::{Frame, Values};
use super::write::Pieces;

pub(super) fn write(source: &Pieces<'_>, mut out: impl Write) -> Result<(), ReportError> {
    out.write_all(b"[\n")?;
    let mut first = true;
    for customers in source.customers() {
        let slices: Vec<String> = customers
            .par_chunks(SLICE)
            .map(|slice| source.frame(slice).map(|frame| text(&frame)))
            .collect::<Result<_, _>>()?;
        for slice in slices {
            // Every line begins with the separator from the one before, which the first has not.
            let skip = if first { ",\n".len() } else { 0 };
            out.write_all(&slice.as_bytes()[skip.min(slice.len())..])?;
            first = first && slice.is_empty();
        }
    }
    out.write_all(if first { b"]\n" } else { b"\n]\n" })?;
    out.flush()?;
    Ok(())
}

fn text(frame: &Frame<'_>) -> String {
    let keys: Vec<String> = frame.columns.iter().map(|column| quoted(&column.name)).collect();
    let mut text = String::new();
    for row in 0..frame.rows {
        text.push_str(",\n");
        let mut separator = '{';
        for (column, key) in frame.columns.iter().zip(&keys) {
            text.push(separator);
            text.push_str(key);
            text.push(':');
            value(&mut text, frame, &column.values, row);
            separator = ',';
        }
        text.push('}');
    }
    text
}

fn value(text: &mut String, frame: &Frame<'_>, values: &Values<'_>, row: usize) {
    let start = text.len();
    match values {
        Values::Text(texts) => {
            if let Some(found) = &texts[row] {
                text.push_str(&quoted(found));
            }
        }
        Values::Date(days) => {
            if let Some(day) = days[row] {
                text.push_str(&quoted(&day.to_string()));
            }
        }
        numbers => number(text, numbers, row, frame.scale),
    }
    if text.len() == start {
        text.push_str("null");
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
