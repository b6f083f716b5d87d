//! What the workbook was written with: hidden sheets that tell later which cells were changed.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::book::Book;
use super::forecast::Entry;
use super::layout::Kind;
use super::settings;
use super::sheet::{Content, Sheet};
use super::text;

/// Name of the hidden sheet with everything but the customers' rows.
pub(super) const NAME: &str = "clvcast";

/// The first cell of that sheet.
pub(super) const FORMAT: &str = "clvcast-workbook";

/// Version of what the hidden sheets hold and of what the formulas mean.
pub(super) const VERSION: f64 = 1.0;

/// First words of the rows of that sheet.
pub(super) mod word {
    /// A coming period: its label.
    pub(crate) const PERIOD: &str = "period";
    /// A sheet of the forecast: its name, that of its hidden sheet, first and last row.
    pub(crate) const PART: &str = "part";
    /// A column of the forecast: kind, coming period from 0, formula.
    pub(crate) const COLUMN: &str = "column";
    /// How the run was made: name of a setting, its text.
    pub(crate) const SETTING: &str = "setting";
    /// Customers without a row who had overrides.
    pub(crate) const ELSEWHERE: &str = "elsewhere";
    /// A sheet that people see: its name.
    pub(crate) const SHEET: &str = "sheet";
    /// A cell of the last sheet named: row, column, kind, content.
    pub(crate) const CELL: &str = "cell";
}

/// The kinds of columns and cells.
pub(super) mod kind {
    pub(crate) const ID: &str = "id";
    pub(crate) const GIVEN: &str = "given";
    pub(crate) const MARGIN: &str = "margin";
    pub(crate) const EXPENSE: &str = "expense";
    pub(crate) const FORMULA: &str = "formula";
    pub(crate) const KEY: &str = "key";
    pub(crate) const TEXT: &str = "text";
    pub(crate) const NUMBER: &str = "number";
}

/// In the place of a formula of a customer's row: the formula is that of the column.
pub(super) const LIVE: &str = "live";

/// An id as it is kept: JSON, so that every character survives every program.
pub(super) fn kept_id(id: &str) -> String {
    // Text is always JSON. Some programs read `_x0041_` as a letter.
    let json = serde_json::to_string(id).unwrap_or_default();
    let escaped = |letter: char| match letter {
        '_' => "\\u005f".to_owned(),
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
            format!("\\u{:04x}", u32::from(letter))
        }
        letter => letter.to_string(),
    };
    json.chars().map(escaped).collect()
}

/// The hidden sheet of customers' rows: row by row and column by column what the sheet that people
/// see holds, formulas apart; as many columns further a 1 where an input was an override.
pub(super) struct Rows(Worksheet);

impl Rows {
    pub(super) fn new(workbook: &mut Workbook, name: &str) -> Result<Self, XlsxError> {
        let mut worksheet = workbook.new_worksheet_with_constant_memory()?;
        worksheet.set_name(name)?.set_very_hidden(true);
        Ok(Self(worksheet))
    }

    pub(super) fn write(
        &mut self,
        row: u32,
        id: &str,
        entries: &[Entry<'_>],
    ) -> Result<(), XlsxError> {
        let width = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        for (column, entry) in (0..).zip(entries) {
            match entry {
                Entry::Empty => {}
                // The first column.
                Entry::Text(_) if column == 0 => self.id(row, id)?,
                Entry::Text(content) => {
                    self.0.write_string(row, column, text::shown(content))?;
                }
                Entry::Number(value) => {
                    self.0.write_number(row, column, *value)?;
                }
                Entry::Input(value, decided) => {
                    self.0.write_number(row, column, *value)?;
                    if *decided {
                        self.0.write_number(row, width + column, 1)?;
                    }
                }
                Entry::Live(_) => {
                    self.0.write_string(row, column, LIVE)?;
                }
            }
        }
        Ok(())
    }

    /// An id, or nothing where a cell cannot hold it: what is changed in its row is then refused.
    fn id(&mut self, row: u32, id: &str) -> Result<(), XlsxError> {
        let kept = kept_id(id);
        let kept = if text::is_long(&kept) { text::shown(id) } else { kept };
        self.0.write_string(row, 0, kept)?;
        Ok(())
    }

    pub(super) fn finish(self) -> Worksheet {
        self.0
    }
}

/// Customers without a row who have overrides.
fn elsewhere(book: &Book<'_>) -> f64 {
    let forecast = book.findings.summary.forecast;
    let decided = |i: &&usize| {
        let mut periods = forecast.periods(**i).into_iter().flatten();
        periods.any(|period| period.margin_overridden || period.expense_overridden)
    };
    book.shown.others.iter().filter(decided).count() as f64
}

/// The hidden sheet of everything else.
pub(super) fn write(
    book: &Book<'_>,
    workbook: &mut Workbook,
    sheets: &[Sheet<'_>],
) -> Result<Worksheet, XlsxError> {
    let mut worksheet = workbook.new_worksheet_with_constant_memory()?;
    worksheet.set_name(NAME)?.set_very_hidden(true);
    worksheet.write_string(0, 0, FORMAT)?.write_number(0, 1, VERSION)?;
    let mut row = 1;
    for label in book.labels() {
        worksheet.write_string(row, 0, word::PERIOD)?.write_string(row, 1, label)?;
        row += 1;
    }
    for (name, text) in settings::of(&book.findings.summary) {
        worksheet.write_string(row, 0, word::SETTING)?.write_string(row, 1, name)?;
        worksheet.write_string(row, 2, text)?;
        row += 1;
    }
    worksheet.write_string(row, 0, word::ELSEWHERE)?.write_number(row, 1, elsewhere(book))?;
    row += 1;
    for part in &book.parts {
        worksheet.write_string(row, 0, word::PART)?.write_string(row, 1, &part.name)?;
        worksheet.write_string(row, 2, &part.record)?;
        worksheet.write_number(row, 3, part.rows.0)?.write_number(row, 4, part.rows.1)?;
        row += 1;
    }
    for of in &book.layout.columns {
        let (name, period, formula) = match book.kind(*of) {
            Kind::Id => (kind::ID, None, None),
            Kind::Given => (kind::GIVEN, None, None),
            Kind::Input(crate::value::Field::Margin, h) => (kind::MARGIN, Some(h), None),
            Kind::Input(crate::value::Field::Expense, h) => (kind::EXPENSE, Some(h), None),
            Kind::Formula(formula) => (kind::FORMULA, None, Some(formula)),
            Kind::Key => (kind::KEY, None, None),
        };
        worksheet.write_string(row, 0, word::COLUMN)?.write_string(row, 1, name)?;
        if let Some(h) = period {
            worksheet.write_number(row, 2, h as f64)?;
        }
        if let Some(formula) = formula {
            worksheet.write_string(row, 3, formula)?;
        }
        row += 1;
    }
    for sheet in sheets {
        worksheet.write_string(row, 0, word::SHEET)?.write_string(row, 1, &sheet.name)?;
        row += 1;
        for cell in &sheet.written {
            worksheet.write_string(row, 0, word::CELL)?;
            worksheet.write_number(row, 1, cell.row)?.write_number(row, 2, cell.column)?;
            match &cell.content {
                Content::Text(content) => {
                    worksheet.write_string(row, 3, kind::TEXT)?.write_string(row, 4, content)?
                }
                Content::Number(value) => {
                    worksheet.write_string(row, 3, kind::NUMBER)?.write_number(row, 4, *value)?
                }
                Content::Formula(formula) => {
                    worksheet.write_string(row, 3, kind::FORMULA)?.write_string(row, 4, formula)?
                }
            };
            row += 1;
        }
    }
    Ok(worksheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kept_to_the_character() {
        for id in ["=cmd()", "0012", "a\nb\0", "_x0041_", "é🎉\u{7f}\u{ffff}", "\"q\\"] {
            let kept = kept_id(id);
            assert!(!kept.contains('_') && !kept.chars().any(char::is_control), "{kept}");
            assert_eq!(serde_json::from_str::<String>(&kept).unwrap(), id);
        }
    }
}
