//! Reading a workbook back: the inputs that were changed, and nothing else may be.

mod cells;
mod customers;
mod error;
mod expected;
mod formula;
mod plain;

use std::io::{Read, Seek};

use calamine::{Reader, Xlsx};

use self::cells::unreadable;
use self::error::Findings;
pub use self::error::{ChangedCell, WorkbookError};
use self::expected::Expected;
use super::record;
use crate::value::Decision;

/// The margins and expenses that were changed in a workbook since
/// [`write_workbook`](super::write_workbook) wrote it, in the order of its sheets; none where
/// nothing was changed. Numbers count as changed from the fifteenth digit on, which is what all
/// spreadsheet programs keep.
///
/// # Errors
/// When the file is no workbook, was not written by this version of clvcast, or was changed in
/// other cells than margins and expenses: all of them are named, up to a cap.
///
/// ```
/// use clvcast::report::{WorkbookError, changed_cells};
/// let error = changed_cells(std::io::Cursor::new(b"customer,margin\n")).unwrap_err();
/// assert!(matches!(error, WorkbookError::Unreadable { .. }));
/// ```
pub fn changed_cells(input: impl Read + Seek) -> Result<Vec<Decision>, WorkbookError> {
    let mut workbook = Xlsx::new(input).map_err(|error| unreadable(&error))?;
    let names: Vec<String> = workbook.sheet_names();
    if !names.iter().any(|name| name == record::NAME) {
        return Err(WorkbookError::NotOurs { sheets: names });
    }
    let expected = Expected::read(&mut workbook)?;
    let mut findings = Findings::default();
    sheets(&names, &expected, &mut findings);
    let mut decisions = Vec::new();
    for part in expected.parts.iter().filter(|part| names.contains(&part.name)) {
        customers::compare(&mut workbook, &expected, part, &mut findings, &mut decisions)?;
    }
    for sheet in &expected.sheets {
        let is_part = expected.parts.iter().any(|part| part.name == sheet.name);
        if !is_part && names.contains(&sheet.name) {
            plain::compare(&mut workbook, sheet, &mut findings)?;
        }
    }
    findings.finish(decisions)
}

/// Sheets that are missing, and sheets that were added.
fn sheets(names: &[String], expected: &Expected, findings: &mut Findings) {
    let records = expected.parts.iter().map(|part| part.record.as_str());
    let written = expected.sheets.iter().map(|sheet| sheet.name.as_str());
    let known: Vec<&str> = written.chain(records).chain([record::NAME]).collect();
    for name in known.iter().filter(|name| !names.iter().any(|own| own == *name)) {
        findings.sheet(name, "no such sheet", "the sheet that was written");
    }
    for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
        findings.sheet(name, "a sheet that was added", "no such sheet");
    }
}
