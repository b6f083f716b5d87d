//! The sheet of the run: what an auditor asks for, key by key.

use rust_xlsxwriter::{Worksheet, XlsxError};
use serde_json::Value;

use super::book::Book;
use super::sheet::Sheet;
use super::styles::{Look, Show};
use super::text;

pub(super) fn write<'a>(book: &'a Book<'_>) -> Result<Sheet<'a>, XlsxError> {
    let name = book.say("Run", "运行记录");
    let mut sheet = Sheet::new(Worksheet::new(), name, &book.styles, &[46.0, 90.0])?;
    sheet.text(0, 0, book.say("What was run on what", "运行记录"), Look::Title)?;
    let about = book.say(
        "Enough to repeat the run and to answer an auditor. The model at the end, saved as a file, repeats the forecast with --model.",
        "足以重现本次运行并回答审计。末尾的模型保存为文件后，可用 --model 重现预测。",
    );
    sheet.paragraph(1, about, Look::Note)?;
    sheet.text(3, 0, book.say("Key", "项目"), Look::Header)?;
    sheet.text(3, 1, book.say("Value", "值"), Look::Header)?;
    sheet.worksheet.set_freeze_panes(4, 1)?;
    let manifest = book.findings.manifest;
    let mut rows = Vec::new();
    // Keys are text, so that nothing can fail. Times differ between equal runs.
    if let Ok(Value::Object(mut keys)) = serde_json::to_value(manifest) {
        keys.shift_remove("times");
        keys.insert("command".to_owned(), Value::String(manifest.command.join(" ")));
        if let Some(Value::Object(model)) = keys.get_mut("model") {
            model.shift_remove("file");
        }
        if let Some(Value::Array(members)) =
            keys.get_mut("method").and_then(|method| method.get_mut("members"))
        {
            for member in members.iter_mut().filter_map(Value::as_object_mut) {
                member.shift_remove("file");
            }
        }
        // The summary has their numbers.
        if let Some(Value::Object(intervals)) = keys.get_mut("intervals") {
            intervals.retain(|_, value| !value.is_array() && !value.is_object());
        }
        for (key, value) in &keys {
            flatten(key, value, &mut rows);
        }
    }
    let mut row = 4;
    for (key, value) in &rows {
        row = pair(&mut sheet, row, key, value)?;
    }
    let files = std::iter::once((book.say("The model", "模型").to_owned(), &manifest.model.file));
    let members = (1..).zip(&manifest.method.members);
    let members = members.map(|(n, m)| (format!("{} {n}", book.say("Model", "模型")), &m.file));
    // Of an average the first one is the model itself.
    for (title, file) in files.chain(members.skip(1)) {
        row += 1;
        sheet.text(row, 0, &title, Look::Heading)?;
        let json = serde_json::to_string_pretty(file).unwrap_or_default();
        for line in json.lines() {
            for piece in text::pieces(line) {
                row += 1;
                sheet.text(row, 1, &piece, Look::Plain)?;
            }
        }
        row += 1;
    }
    Ok(sheet)
}

/// A key and its value; the next row.
fn pair(sheet: &mut Sheet<'_>, row: u32, key: &str, value: &Value) -> Result<u32, XlsxError> {
    sheet.text(row, 0, key, Look::Plain)?;
    match value {
        Value::Number(number) => {
            sheet.number(row, 1, number.as_f64(), Look::Plain, Show::Text)?;
        }
        Value::String(content) => {
            let mut row = row;
            for (n, piece) in text::pieces(content).iter().enumerate() {
                row += u32::from(n > 0);
                sheet.text(row, 1, piece, Look::Plain)?;
            }
            return Ok(row + 1);
        }
        Value::Null => sheet.text(row, 1, "–", Look::Plain)?,
        other => sheet.text(row, 1, &other.to_string(), Look::Plain)?,
    }
    Ok(row + 1)
}

/// Keys of keys, with dots between; lists with the number of the entry, from 1.
fn flatten(key: &str, value: &Value, rows: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(keys) if !keys.is_empty() => {
            for (name, value) in keys {
                flatten(&format!("{key}.{name}"), value, rows);
            }
        }
        Value::Array(entries) if !entries.is_empty() => {
            for (n, value) in entries.iter().enumerate() {
                flatten(&format!("{key} {}", n + 1), value, rows);
            }
        }
        Value::Array(_) | Value::Object(_) => {}
        value => rows.push((key.to_owned(), value.clone())),
    }
}
