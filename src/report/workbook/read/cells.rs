//! The cells of a sheet, row by row, whichever program saved it.

use std::io::{Read, Seek};

use calamine::{DataRef, Xlsx, XlsxError};

use super::super::address::cell;
use super::error::WorkbookError;
use super::formula::same_formula;

/// Relative difference up to which two numbers are the same: programs save fifteen significant
/// digits, which is half a unit of the fifteenth, at most 5e-15, and numbers may be saved so on
/// either side.
const SAME: f64 = 1e-14;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Empty,
    Number(f64),
    Text(String),
    /// An error or a truth value, as people see it.
    Other(String),
}

/// A cell of a saved workbook.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) row: u32,
    pub(super) column: u16,
    pub(super) value: Value,
    pub(super) formula: Option<String>,
}

/// What was written into a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Wanted<'a> {
    Empty,
    Number(f64),
    Text(&'a str),
    Formula(&'a str),
}

/// Whether two numbers are the same to fifteen digits.
pub(super) fn same_number(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs())
}

impl Found {
    /// Whether a cell holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.formula.is_none() && self.value == Value::Empty
    }

    /// Whether a cell still holds what was written into it.
    pub(super) fn is(&self, wanted: Wanted<'_>) -> bool {
        match (wanted, &self.formula, &self.value) {
            (Wanted::Formula(wanted), Some(found), _) => same_formula(wanted, found),
            (Wanted::Number(wanted), None, Value::Number(found)) => same_number(wanted, *found),
            (Wanted::Text(wanted), None, Value::Text(found)) => wanted == found,
            (Wanted::Empty, None, Value::Empty) => true,
            _ => false,
        }
    }

    /// Where it is.
    pub(super) fn place(&self, sheet: &str) -> String {
        format!("{sheet}!{}", cell(self.row, self.column))
    }

    /// As people see it.
    pub(super) fn shown(&self) -> String {
        match (&self.formula, &self.value) {
            (Some(formula), _) => format!("`={}`", short(formula)),
            (None, Value::Empty) => "an empty cell".to_owned(),
            (None, Value::Number(number)) => number.to_string(),
            (None, Value::Text(text)) => format!("the text `{}`", short(text)),
            (None, Value::Other(text)) => text.clone(),
        }
    }
}

impl Wanted<'_> {
    /// As people see it.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Empty => "an empty cell".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("the text `{}`", short(text)),
            Self::Formula(formula) => format!("`={}`", short(formula)),
        }
    }
}

/// Letters shown of a long text.
const LETTERS: usize = 80;

/// The start of a text.
fn short(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

pub(super) fn unreadable(error: &XlsxError) -> WorkbookError {
    WorkbookError::Unreadable { found: error.to_string() }
}

/// Gives the cells of a sheet, row after row, to `each`; cells without a value are left out.
pub(super) fn rows<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &str,
    mut each: impl FnMut(u32, &[Found]) -> Result<(), WorkbookError>,
) -> Result<(), WorkbookError> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|e| unreadable(&e))?;
    let mut row: Vec<Found> = Vec::new();
    while let Some(record) = reader.next_cell_with_formula().map_err(|e| unreadable(&e))? {
        let (at, column) = record.pos;
        let value = value(&record.value);
        let formula = record.formula.filter(|formula| !formula.is_empty());
        if formula.is_none() && value == Value::Empty {
            continue;
        }
        if let Some(first) = row.first().filter(|first| first.row != at) {
            each(first.row, &row)?;
            row.clear();
        }
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        row.push(Found { row: at, column, value, formula });
    }
    match row.first() {
        Some(first) => each(first.row, &row),
        None => Ok(()),
    }
}

fn value(data: &DataRef<'_>) -> Value {
    let text = |text: &str| {
        if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) }
    };
    match data {
        DataRef::Empty => Value::Empty,
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::DateTime(day) => Value::Number(day.as_f64()),
        DataRef::SharedString(own) => text(own),
        DataRef::String(own) | DataRef::DateTimeIso(own) | DataRef::DurationIso(own) => text(own),
        DataRef::Bool(truth) => Value::Other(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::Error(error) => Value::Other(format!("the error {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_are_the_same_and_a_millionth_of_a_cent_is_not() {
        for number in [0.1 + 0.2, 1.0 / 3.0, -9_876_543.210_123_457, 1.000_000_000_000_005, 0.0] {
            let digits: f64 = format!("{number:.14e}").parse().unwrap();
            assert!(same_number(number, digits), "{number}");
        }
        assert!(!same_number(1_234.56, 1_234.560_000_01) && !same_number(0.0, 1e-300));
    }
}
