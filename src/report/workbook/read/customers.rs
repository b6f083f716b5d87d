//! Sheets of the forecast: rows may be sorted, inputs may be changed, and nothing else.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use calamine::Xlsx;

use super::super::record::LIVE;
use super::super::text;
use super::ReturnedWorkbook;
use super::cells::{Found, Value, Wanted, rows, same_number};
use super::error::{ChangedCell, Findings, WorkbookError};
use super::expected::{Column, Expected, Part, PlainSheet};
use super::plain::Left;
use crate::value::{Decision, Operation};

/// What was written into a cell of a customer's row; texts by their number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kept {
    Empty,
    Number(f64),
    Text(u32),
    /// The formula of the column.
    Live,
}

/// The rows that were written.
#[derive(Debug, Default)]
struct Rows {
    /// Row after row, each with all columns.
    cells: Vec<Kept>,
    seen: Vec<bool>,
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    /// Positions of inputs that were overrides already.
    decided: HashSet<usize>,
}

impl Rows {
    fn text(&mut self, text: &str) -> Kept {
        if let Some(number) = self.numbers.get(text) {
            return Kept::Text(*number);
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        Kept::Text(number)
    }

    fn wanted(&self, kept: Kept) -> Wanted<'_> {
        match kept {
            Kept::Empty | Kept::Live => Wanted::Empty,
            Kept::Number(number) => Wanted::Number(number),
            Kept::Text(number) => {
                self.texts.get(number as usize).map_or(Wanted::Empty, |text| Wanted::Text(text))
            }
        }
    }
}

pub(super) fn compare<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    expected: &Expected,
    part: &Part,
    findings: &mut Findings,
    returned: &mut ReturnedWorkbook,
) -> Result<(), WorkbookError> {
    let written = read(workbook, expected, part)?;
    let nothing = PlainSheet { name: part.name.clone(), cells: Vec::new() };
    let above = expected.sheets.iter().find(|sheet| sheet.name == part.name).unwrap_or(&nothing);
    let mut left = Left::new(above);
    let mut sheet = Sheet { expected, part, written, findings, returned };
    rows(workbook, &part.name, |row, cells| {
        if row < part.first {
            for found in cells {
                left.meet(found, sheet.findings);
            }
        } else {
            sheet.row(row, cells);
        }
        Ok(())
    })?;
    sheet.missing();
    left.finish(findings);
    Ok(())
}

/// The hidden sheet of a part.
fn read<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    expected: &Expected,
    part: &Part,
) -> Result<Rows, WorkbookError> {
    let (width, mut written) = (expected.columns.len(), Rows::default());
    let is_formula =
        |cell: &Found| matches!(expected.columns[usize::from(cell.column)], Column::Formula(_));
    rows(workbook, &part.record, |row, cells| {
        let start = written.cells.len();
        if row as usize != part.first as usize + written.seen.len() {
            return Err(WorkbookError::Damaged {
                sheet: part.record.clone(),
                found: format!("row {} is missing", part.first as usize + written.seen.len() + 1),
            });
        }
        written.cells.resize(start + width, Kept::Empty);
        written.seen.push(false);
        for cell in cells {
            let before = usize::from(cell.column).checked_sub(width).filter(|at| *at < width);
            written.decided.extend(before.map(|at| start + at));
        }
        for cell in cells.iter().filter(|cell| usize::from(cell.column) < width) {
            let kept = match &cell.value {
                Value::Number(number) => Kept::Number(*number),
                Value::Text(text) if text == LIVE && is_formula(cell) => Kept::Live,
                Value::Text(text) => written.text(text),
                Value::Empty | Value::Other(_) => Kept::Empty,
            };
            written.cells[start + usize::from(cell.column)] = kept;
        }
        Ok(())
    })?;
    Ok(written)
}

/// A sheet that is being compared.
struct Sheet<'a> {
    expected: &'a Expected,
    part: &'a Part,
    written: Rows,
    findings: &'a mut Findings,
    returned: &'a mut ReturnedWorkbook,
}

impl Sheet<'_> {
    /// A row that was met; the hidden number of the row says which one it was.
    fn row(&mut self, row: u32, cells: &[Found]) {
        let Some((at, is_customer)) = self.place(cells) else {
            let first = &cells[0];
            let (place, found) = (first.place(&self.part.name), first.shown());
            self.findings.row(|| ChangedCell {
                place,
                customer: None,
                found: format!("{found} in a row that was added"),
                expected: "an empty row".to_owned(),
            });
            return;
        };
        if std::mem::replace(&mut self.written.seen[at], true) {
            let place = cells[0].place(&self.part.name);
            let customer = Some(self.name(at));
            self.findings.row(|| ChangedCell {
                place,
                customer,
                found: "the row once more".to_owned(),
                expected: "each row once".to_owned(),
            });
            return;
        }
        let width = self.expected.columns.len();
        let mut met = cells.iter().peekable();
        for column in 0..width {
            let place = u16::try_from(column).unwrap_or(u16::MAX);
            let empty = Found { row, column: place, value: Value::Empty, formula: None };
            let found = met.next_if(|cell| cell.column == place).unwrap_or(&empty);
            self.cell(at, column, is_customer, found);
        }
        for found in met.filter(|found| !found.is_empty()) {
            self.differs(at, found, &Wanted::Empty.shown());
        }
    }

    /// Which row it was, and whether it is one of a customer.
    fn place(&self, cells: &[Found]) -> Option<(usize, bool)> {
        let column = self.expected.key()?;
        let found = cells.iter().find(|cell| cell.column == column)?;
        let (None, Value::Number(number)) = (&found.formula, &found.value) else { return None };
        let at = number.abs() - f64::from(self.part.first);
        let is_row = at.fract() == 0.0 && (0.0..self.written.seen.len() as f64).contains(&at);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
        let at = is_row.then_some(at as usize)?;
        let kept = self.written.cells[at * self.expected.columns.len() + usize::from(column)];
        (kept == Kept::Number(*number)).then_some((at, *number > 0.0))
    }

    /// The customer of a row; `None` where its id is longer than a cell.
    fn id(&self, at: usize) -> Option<String> {
        match self.written.wanted(self.written.cells[at * self.expected.columns.len()]) {
            Wanted::Text(kept) => serde_json::from_str(kept).ok(),
            _ => None,
        }
    }

    /// The customer of a row, as the sheet shows it.
    fn name(&self, at: usize) -> String {
        match (
            self.id(at),
            self.written.wanted(self.written.cells[at * self.expected.columns.len()]),
        ) {
            (Some(id), _) => text::shown(&id),
            (None, Wanted::Text(shown)) => shown.to_owned(),
            (None, _) => String::new(),
        }
    }

    fn cell(&mut self, at: usize, column: usize, is_customer: bool, found: &Found) {
        let kept = self.written.cells[at * self.expected.columns.len() + column];
        match (&self.expected.columns[column], kept) {
            (Column::Id, _) => {
                let name = self.name(at);
                if !found.is(Wanted::Text(&name)) {
                    self.differs(at, found, &Wanted::Text(&name).shown());
                }
            }
            (Column::Input(..), Kept::Number(before)) if is_customer => {
                self.input(at, column, before, found);
            }
            (Column::Formula(formula), Kept::Live) => {
                let formula = formula.replace("{r}", &(found.row + 1).to_string());
                if !found.is(Wanted::Formula(&formula)) {
                    self.differs(at, found, &Wanted::Formula(&formula).shown());
                }
            }
            (_, kept) => {
                let wanted = self.written.wanted(kept);
                if !found.is(wanted) {
                    let wanted = wanted.shown();
                    self.differs(at, found, &wanted);
                }
            }
        }
    }

    /// A margin or an expense, changed or not.
    fn input(&mut self, at: usize, column: usize, before: f64, found: &Found) {
        let Column::Input(field, h) = self.expected.columns[column] else { return };
        let Value::Number(value) = found.value else {
            let wanted = match &found.formula {
                Some(_) => format!(
                    "a formula with a number (it was {before}); save the workbook in a spreadsheet program, or type the number"
                ),
                None => format!("a number (it was {before})"),
            };
            return self.differs(at, found, &wanted);
        };
        let is_changed = !same_number(value, before);
        let cell = at * self.expected.columns.len() + column;
        if !is_changed && !self.written.decided.contains(&cell) {
            return;
        }
        let value = if is_changed { value } else { before };
        if let Err(problem) = field.check(Operation::Set(value)) {
            // What was found is said already.
            let wanted = problem.split_once("expected ").map_or(&*problem, |(_, wanted)| wanted);
            return self.differs(at, found, &format!("{wanted} (it was {before})"));
        }
        let Some(customer) = self.id(at) else {
            let wanted =
                "no change: the id is longer than a cell; name it in a CSV file of overrides";
            return self.differs(at, found, wanted);
        };
        self.returned.changed += usize::from(is_changed);
        self.returned.decisions.push(Decision {
            customer,
            period: self.expected.periods[h].clone(),
            field,
            value,
            place: found.place(&self.part.name),
        });
    }

    fn differs(&mut self, at: usize, found: &Found, expected: &str) {
        let (place, customer) = (found.place(&self.part.name), self.name(at));
        self.findings.add(|| ChangedCell {
            place,
            customer: Some(customer),
            found: found.shown(),
            expected: expected.to_owned(),
        });
    }

    /// Rows that were not met.
    fn missing(&mut self) {
        for at in 0..self.written.seen.len() {
            if !self.written.seen[at] {
                let (place, customer) = (format!("sheet {}", self.part.name), self.name(at));
                self.findings.row(|| ChangedCell {
                    place,
                    customer: Some(customer),
                    found: "no row".to_owned(),
                    expected: "the row that was written".to_owned(),
                });
            }
        }
    }
}
