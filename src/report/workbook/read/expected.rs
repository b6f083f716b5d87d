//! What a workbook was written with, from its hidden sheet.

use std::io::{Read, Seek};

use calamine::Xlsx;

use super::super::record::{FORMAT, NAME, VERSION, kind, word};
use super::cells::{Found, Value, Wanted, rows};
use super::error::WorkbookError;
use crate::value::Field;

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// Labels of the coming periods.
    pub(super) periods: Vec<String>,
    /// Sheets of the forecast.
    pub(super) parts: Vec<Part>,
    /// Their columns.
    pub(super) columns: Vec<Column>,
    /// How the run was made: names and texts.
    pub(super) settings: Vec<(String, String)>,
    /// Customers without a row who had overrides.
    pub(super) elsewhere: u32,
    /// All sheets that people see; of those of the forecast what stands above the customers.
    pub(super) sheets: Vec<PlainSheet>,
}

/// A sheet of the forecast.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    /// Its hidden sheet.
    pub(super) record: String,
    /// First row of customers.
    pub(super) first: u32,
}

/// A column of the forecast.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Column {
    Id,
    Given,
    Input(Field, usize),
    /// `{r}` stands for the number of the row.
    Formula(String),
    Key,
}

/// A sheet cell by cell.
#[derive(Debug)]
pub(super) struct PlainSheet {
    pub(super) name: String,
    pub(super) cells: Vec<PlainCell>,
}

/// What was written into a cell.
#[derive(Debug)]
pub(super) struct PlainCell {
    pub(super) row: u32,
    pub(super) column: u16,
    pub(super) content: PlainContent,
}

#[derive(Debug)]
pub(super) enum PlainContent {
    Text(String),
    Number(f64),
    Formula(String),
}

impl PlainCell {
    pub(super) fn wanted(&self) -> Wanted<'_> {
        match &self.content {
            PlainContent::Text(text) => Wanted::Text(text),
            PlainContent::Number(number) => Wanted::Number(*number),
            PlainContent::Formula(formula) => Wanted::Formula(formula),
        }
    }
}

/// A row of the hidden sheet.
struct Line<'a>(&'a [Found]);

impl Line<'_> {
    fn at(&self, column: u16) -> Option<&Value> {
        self.0.iter().find(|cell| cell.column == column).map(|cell| &cell.value)
    }

    fn text(&self, column: u16) -> Option<&str> {
        match self.at(column)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn number(&self, column: u16) -> Option<f64> {
        match self.at(column)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A whole number that is at least 0.
    fn index(&self, column: u16) -> Option<u32> {
        let number = self.number(column)?;
        let is_index = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
        let index = number as u32;
        is_index.then_some(index)
    }
}

impl Expected {
    pub(super) fn read<R: Read + Seek>(workbook: &mut Xlsx<R>) -> Result<Self, WorkbookError> {
        let mut expected = Self::default();
        let mut is_first = true;
        rows(workbook, NAME, |row, cells| {
            let line = Line(cells);
            if std::mem::take(&mut is_first) {
                return version(&line);
            }
            expected.line(&line).ok_or_else(|| WorkbookError::Damaged {
                sheet: NAME.to_owned(),
                found: format!("row {} is none that was written", row + 1),
            })
        })?;
        if is_first || expected.parts.is_empty() || expected.columns.is_empty() {
            return Err(WorkbookError::Damaged {
                sheet: NAME.to_owned(),
                found: "it does not say what was written".to_owned(),
            });
        }
        Ok(expected)
    }

    /// Takes a row; `None` where it is none that was written.
    fn line(&mut self, line: &Line<'_>) -> Option<()> {
        match line.text(0)? {
            word::PERIOD => self.periods.push(line.text(1)?.to_owned()),
            word::SETTING => {
                self.settings.push((line.text(1)?.to_owned(), line.text(2)?.to_owned()));
            }
            word::ELSEWHERE => self.elsewhere = line.index(1)?,
            word::PART => self.parts.push(Part {
                name: line.text(1)?.to_owned(),
                record: line.text(2)?.to_owned(),
                first: line.index(3)?,
            }),
            word::COLUMN => {
                let period = || Some(line.index(2)? as usize).filter(|h| *h < self.periods.len());
                self.columns.push(match line.text(1)? {
                    kind::ID => Column::Id,
                    kind::GIVEN => Column::Given,
                    kind::MARGIN => Column::Input(Field::Margin, period()?),
                    kind::EXPENSE => Column::Input(Field::Expense, period()?),
                    kind::FORMULA => Column::Formula(line.text(3)?.to_owned()),
                    kind::KEY => Column::Key,
                    _ => return None,
                });
            }
            word::SHEET => {
                let name = line.text(1)?.to_owned();
                self.sheets.push(PlainSheet { name, cells: Vec::new() });
            }
            word::CELL => {
                let content = match line.text(3)? {
                    kind::TEXT => PlainContent::Text(line.text(4)?.to_owned()),
                    kind::NUMBER => PlainContent::Number(line.number(4)?),
                    kind::FORMULA => PlainContent::Formula(line.text(4)?.to_owned()),
                    _ => return None,
                };
                let (row, column) = (line.index(1)?, u16::try_from(line.index(2)?).ok()?);
                self.sheets.last_mut()?.cells.push(PlainCell { row, column, content });
            }
            _ => return None,
        }
        Some(())
    }

    /// The column of the numbers of rows.
    pub(super) fn key(&self) -> Option<u16> {
        let at = self.columns.iter().position(|column| *column == Column::Key)?;
        u16::try_from(at).ok()
    }
}

fn version(line: &Line<'_>) -> Result<(), WorkbookError> {
    if line.text(0) != Some(FORMAT) {
        return Err(WorkbookError::Damaged {
            sheet: NAME.to_owned(),
            found: format!("it does not begin with `{FORMAT}`"),
        });
    }
    match line.number(1) {
        Some(found) if found == VERSION => Ok(()),
        found => Err(WorkbookError::Version {
            found: found.map_or_else(|| "none".to_owned(), |found| found.to_string()),
            expected: VERSION.to_string(),
        }),
    }
}
