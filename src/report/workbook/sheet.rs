//! A sheet that remembers what was written to it, so that changes can be told apart later.

use rust_xlsxwriter::{Format, Formula, Worksheet, XlsxError};

use super::styles::{Look, Show, Styles};
use super::text;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// Text, never read as a formula.
    Text(String),
    /// A number, not rounded.
    Number(f64),
    /// A formula without its equals sign.
    Formula(String),
}

/// A cell that was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// Row, from 0.
    pub(super) row: u32,
    /// Column, from 0.
    pub(super) column: u16,
    /// What stands there.
    pub(super) content: Content,
}

/// A sheet of tables and text.
pub(super) struct Sheet<'a> {
    pub(super) name: String,
    pub(super) worksheet: Worksheet,
    pub(super) written: Vec<Written>,
    styles: &'a Styles,
    widths: Vec<f64>,
}

/// Width of a column that nobody gave one.
const WIDTH: f64 = 8.43;

/// Height of a line of text, points.
const LINE: f64 = 15.0;

/// Width of a paragraph, in characters, at least: it runs over as many columns as that takes.
const PARAGRAPH: f64 = 100.0;

impl<'a> Sheet<'a> {
    /// A sheet of that name whose columns have those widths, in characters.
    pub(super) fn new(
        mut worksheet: Worksheet,
        name: &str,
        styles: &'a Styles,
        widths: &[f64],
    ) -> Result<Self, XlsxError> {
        worksheet.set_name(name)?.set_landscape().set_print_fit_to_pages(1, 0);
        // A formula that shows nothing shows nothing, and no 0, before it is computed anew.
        worksheet.set_formula_result_default("");
        for (column, width) in (0..).zip(widths) {
            worksheet.set_column_width(column, *width)?;
        }
        let (written, widths) = (Vec::new(), widths.to_vec());
        Ok(Self { name: name.to_owned(), worksheet, written, styles, widths })
    }

    pub(super) fn format(&self, look: Look, show: Show) -> &'a Format {
        self.styles.get(look, show)
    }

    /// Text, shown as it is; an empty one leaves the cell empty.
    pub(super) fn text(
        &mut self,
        row: u32,
        column: u16,
        content: &str,
        look: Look,
    ) -> Result<(), XlsxError> {
        self.shown(row, column, content, (look, Show::Text))
    }

    fn shown(
        &mut self,
        row: u32,
        column: u16,
        content: &str,
        (look, show): (Look, Show),
    ) -> Result<(), XlsxError> {
        let shown = text::shown(content);
        let format = self.styles.get(look, show);
        self.worksheet.write_string_with_format(row, column, shown.as_str(), format)?;
        if !shown.is_empty() {
            self.written.push(Written { row, column, content: Content::Text(shown) });
        }
        Ok(())
    }

    /// A number; an empty cell where there is none.
    pub(super) fn number(
        &mut self,
        row: u32,
        column: u16,
        value: impl Into<Option<f64>>,
        look: Look,
        show: Show,
    ) -> Result<(), XlsxError> {
        let format = self.styles.get(look, show);
        let Some(value) = value.into().filter(|value| value.is_finite()) else {
            self.worksheet.write_blank(row, column, format)?;
            return Ok(());
        };
        self.worksheet.write_number_with_format(row, column, value, format)?;
        self.written.push(Written { row, column, content: Content::Number(value) });
        Ok(())
    }

    /// A formula with the number that it has now.
    pub(super) fn formula(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        result: Option<f64>,
        (look, show): (Look, Show),
    ) -> Result<(), XlsxError> {
        let result = result.map_or_else(String::new, |result| result.to_string());
        self.formula_of_text(row, column, formula, &result, (look, show))
    }

    /// A formula with the text that it has now.
    pub(super) fn formula_of_text(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        result: &str,
        (look, show): (Look, Show),
    ) -> Result<(), XlsxError> {
        let format = self.styles.get(look, show);
        let live = Formula::new(formula).set_result(result);
        self.worksheet.write_formula_with_format(row, column, live, format)?;
        let content = Content::Formula(formula.to_owned());
        self.written.push(Written { row, column, content });
        Ok(())
    }

    /// Text over numbers, at the right as they are.
    pub(super) fn text_right(
        &mut self,
        row: u32,
        column: u16,
        content: &str,
        look: Look,
    ) -> Result<(), XlsxError> {
        self.shown(row, column, content, (look, Show::Figure))
    }

    /// A paragraph over as many columns as it needs, on a row of its own height.
    pub(super) fn paragraph(
        &mut self,
        row: u32,
        content: &str,
        look: Look,
    ) -> Result<(), XlsxError> {
        let last = self.stretch(row, &text::shown(content), look)?;
        if last > 0 {
            let format = self.styles.get(look, Show::Text);
            self.worksheet.merge_range(row, 0, row, last, "", format)?;
        }
        self.text(row, 0, content, look)
    }

    /// A paragraph that is a formula, with the text that it has now.
    pub(super) fn paragraph_formula(
        &mut self,
        row: u32,
        formula: &str,
        result: &str,
        look: Look,
    ) -> Result<(), XlsxError> {
        let last = self.stretch(row, result, look)?;
        if last > 0 {
            let format = self.styles.get(look, Show::Text);
            self.worksheet.merge_range(row, 0, row, last, "", format)?;
        }
        self.formula_of_text(row, 0, formula, result, (look, Show::Text))
    }

    /// Gives a row the height of a text over the columns that a paragraph takes; the last of them.
    fn stretch(&mut self, row: u32, content: &str, look: Look) -> Result<u16, XlsxError> {
        let (mut width, mut last) = (0.0, 0);
        for column in 0_u16.. {
            width += self.widths.get(usize::from(column)).copied().unwrap_or(WIDTH);
            last = column;
            if width >= PARAGRAPH {
                break;
            }
        }
        // Letters of headlines are wider.
        let room = if look == Look::Headline { width / 1.25 } else { width };
        let lines = text::lines(content, room);
        let line = if look == Look::Headline { LINE * 1.15 } else { LINE };
        self.worksheet.set_row_height(row, (lines as f64 * line + 1.0).min(400.0))?;
        Ok(last)
    }
}
