//! Sheets without inputs: every cell must be as it was written.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use calamine::Xlsx;

use super::super::address::cell;
use super::cells::{Found, Wanted, rows};
use super::error::{ChangedCell, Findings, WorkbookError};
use super::expected::{PlainCell, PlainSheet};

/// The cells of a sheet that have not been met yet.
pub(super) struct Left<'a> {
    name: &'a str,
    cells: BTreeMap<(u32, u16), &'a PlainCell>,
}

impl<'a> Left<'a> {
    pub(super) fn new(sheet: &'a PlainSheet) -> Self {
        let cells = sheet.cells.iter().map(|cell| ((cell.row, cell.column), cell)).collect();
        Self { name: &sheet.name, cells }
    }

    /// A cell that was met.
    pub(super) fn meet(&mut self, found: &Found, findings: &mut Findings) {
        let written = self.cells.remove(&(found.row, found.column));
        let wanted = written.map_or(Wanted::Empty, PlainCell::wanted);
        if !found.is(wanted) {
            findings.add(|| ChangedCell {
                place: found.place(self.name),
                customer: None,
                found: found.shown(),
                expected: wanted.shown(),
            });
        }
    }

    /// The end of the sheet: what was not met was emptied.
    pub(super) fn finish(self, findings: &mut Findings) {
        for written in self.cells.values() {
            findings.add(|| ChangedCell {
                place: format!("{}!{}", self.name, cell(written.row, written.column)),
                customer: None,
                found: "an empty cell".to_owned(),
                expected: written.wanted().shown(),
            });
        }
    }
}

pub(super) fn compare<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &PlainSheet,
    findings: &mut Findings,
) -> Result<(), WorkbookError> {
    let mut left = Left::new(sheet);
    rows(workbook, &sheet.name, |_, cells| {
        for found in cells {
            left.meet(found, findings);
        }
        Ok(())
    })?;
    left.finish(findings);
    Ok(())
}
