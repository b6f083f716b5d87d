//! The forecast as CSV.

use std::io::Write;

use super::cells;
use super::error::ReportError;
use super::frame::{Frame, Values};
use super::write::Source;

pub(super) fn write(source: &Source<'_>, mut out: impl Write + Send) -> Result<(), ReportError> {
    let mut header = Vec::new();
    for (at, name) in source.columns.names().enumerate() {
        if at > 0 {
            header.push(b',');
        }
        quoted(&mut header, name);
    }
    header.push(b'\n');
    out.write_all(&header)?;
    source.write_text(&mut out, |frame, _, text| lines(frame, text))?;
    out.flush()?;
    Ok(())
}

fn lines(frame: &Frame<'_>, text: &mut Vec<u8>) {
    for row in 0..frame.rows {
        let start = text.len();
        for column in &frame.columns {
            match &column.values {
                Values::Text(texts) => quoted(text, texts[row].as_deref().unwrap_or_default()),
                values => cells::number(text, values, row, frame.scale),
            }
            text.push(b',');
        }
        text.pop();
        if text.len() == start {
            // A line of one empty field would be an empty line, which readers skip.
            text.extend_from_slice(b"\"\"");
        }
        text.push(b'\n');
    }
}

/// Appends a text, in quotes where it holds what would end it.
fn quoted(out: &mut Vec<u8>, text: &str) {
    if !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
