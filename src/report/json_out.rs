//! The forecast as JSON: an array of objects, one per line, a missing value null.

use std::io::Write;

use super::cells;
use super::error::ReportError;
use super::frame::{Frame, Values};
use super::write::Source;

pub(super) fn write(source: &Source<'_>, mut out: impl Write + Send) -> Result<(), ReportError> {
    // Every object begins with what separates it from the one before, and its columns likewise.
    let keys: Vec<Vec<u8>> = source
        .columns
        .names()
        .enumerate()
        .map(|(at, name)| {
            let mut key = vec![if at == 0 { b'{' } else { b',' }];
            quoted(&mut key, name);
            key.push(b':');
            key
        })
        .collect();
    out.write_all(b"[\n")?;
    source.write_text(&mut out, |frame, is_first, text| lines(frame, &keys, is_first, text))?;
    let is_empty = source.customers.is_empty();
    out.write_all(if is_empty { b"]\n" } else { b"\n]\n" })?;
    out.flush()?;
    Ok(())
}

fn lines(frame: &Frame<'_>, keys: &[Vec<u8>], is_first: bool, text: &mut Vec<u8>) {
    for row in 0..frame.rows {
        if !(is_first && row == 0) {
            text.extend_from_slice(b",\n");
        }
        for (column, key) in frame.columns.iter().zip(keys) {
            text.extend_from_slice(key);
            value(text, frame, &column.values, row);
        }
        text.push(b'}');
    }
}

fn value(text: &mut Vec<u8>, frame: &Frame<'_>, values: &Values<'_>, row: usize) {
    let start = text.len();
    match values {
        Values::Text(texts) => {
            if let Some(found) = &texts[row] {
                quoted(text, found);
            }
        }
        Values::Date(days) if days[row].is_some() => {
            text.push(b'"');
            cells::number(text, values, row, frame.scale);
            text.push(b'"');
        }
        numbers => cells::number(text, numbers, row, frame.scale),
    }
    if text.len() == start {
        text.extend_from_slice(b"null");
    }
}

fn quoted(out: &mut Vec<u8>, text: &str) {
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}
