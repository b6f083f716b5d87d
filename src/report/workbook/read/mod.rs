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

/// What a workbook decides that [`write_workbook`](super::write_workbook) wrote and people changed.
///
/// ```
/// use clvcast::report::ReturnedWorkbook;
/// let settings = vec![("margin".to_owned(), "0.3".to_owned())];
/// let workbook = ReturnedWorkbook { settings, ..ReturnedWorkbook::default() };
/// assert_eq!(workbook.differences(&[("margin", "none".into())]), ["margin 0.3 there, none here"]);
/// assert!(workbook.differences(&[("margin", "0.3".into())]).is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct ReturnedWorkbook {
    /// The margins and expenses that were changed since, and those that were overrides when it was
    /// written, in the order of its sheets.
    pub decisions: Vec<Decision>,
    /// Those of them that were changed since.
    pub changed: usize,
    /// Customers without a row of their own who had overrides: it does not say which.
    pub elsewhere: u32,
    /// How its run was made: names of settings and their texts.
    pub settings: Vec<(String, String)>,
}

impl ReturnedWorkbook {
    /// How a run differs from that of the workbook, a few words each: what was not changed in the
    /// workbook follows the run, and its sums are others.
    #[must_use]
    pub fn differences(&self, run: &[(&str, String)]) -> Vec<String> {
        let there = |name: &str| self.settings.iter().find(|own| own.0 == name).map(|own| &own.1);
        let differs = |(name, here): &(&str, String)| {
            let there = there(name).filter(|there| *there != here)?;
            Some(format!("{name} {there} there, {here} here"))
        };
        run.iter().filter_map(differs).collect()
    }
}

/// Reads back a workbook that [`write_workbook`](super::write_workbook) wrote. Numbers count as
/// changed from the fifteenth digit on, which is what all spreadsheet programs keep.
///
/// # Errors
/// When the file is no workbook, was not written by this version of clvcast, or was changed in
/// other cells than margins and expenses: all of them are named, up to a cap.
///
/// ```
/// use clvcast::report::{WorkbookError, read_workbook};
/// let error = read_workbook(std::io::Cursor::new(b"customer,margin\n")).unwrap_err();
/// assert!(matches!(error, WorkbookError::Unreadable { .. }));
/// ```
pub fn read_workbook(input: impl Read + Seek) -> Result<ReturnedWorkbook, WorkbookError> {
    let mut workbook = Xlsx::new(input).map_err(|error| unreadable(&error))?;
    let names: Vec<String> = workbook.sheet_names();
    if !names.iter().any(|name| name == record::NAME) {
        return Err(WorkbookError::NotOurs { sheets: names });
    }
    let mut expected = Expected::read(&mut workbook)?;
    let mut findings = Findings::default();
    sheets(&names, &expected, &mut findings);
    let mut returned = ReturnedWorkbook {
        settings: std::mem::take(&mut expected.settings),
        elsewhere: expected.elsewhere,
        ..ReturnedWorkbook::default()
    };
    for part in expected.parts.iter().filter(|part| names.contains(&part.name)) {
        customers::compare(&mut workbook, &expected, part, &mut findings, &mut returned)?;
    }
    for sheet in &expected.sheets {
        let is_part = expected.parts.iter().any(|part| part.name == sheet.name);
        if !is_part && names.contains(&sheet.name) {
            plain::compare(&mut workbook, sheet, &mut findings)?;
        }
    }
    findings.finish()?;
    Ok(returned)
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
