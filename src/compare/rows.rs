//! Which customer and period the rows of a forecast file are of.

use std::path::Path;

use super::columns::Meaning;
use super::error::CompareError;
use super::table::{Cells, Column, Table, not_forecast};
use crate::report::Manifest;

/// A number per customer; `None` where the forecast has none.
pub(super) type Numbers = Vec<Option<f64>>;

/// Which customer, and in the long layout which period, the rows are of.
pub(super) struct Rows {
    ids: Vec<String>,
    /// Per row the customer, and the period from 0 if the layout is long.
    of: Vec<(usize, Option<usize>)>,
}

impl Rows {
    /// Refuses a customer, or a customer and period, that has two rows.
    pub(super) fn new(
        path: &Path,
        manifest: &Manifest,
        table: &Table,
    ) -> Result<Self, CompareError> {
        let customer = table.find(|meaning| meaning == Meaning::Customer);
        let Some(Column { cells: Cells::Text(texts), .. }) = customer else {
            return Err(not_forecast(path, "no column `customer`"));
        };
        let empty = String::new();
        let id = |row: usize| texts[row].as_ref().unwrap_or(&empty);
        let mut ids: Vec<String> = (0..table.rows).map(|row| id(row).clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let horizon = manifest.periods.len();
        let long = period_of_rows(path, manifest, table)?;
        let slots = if long.is_some() { horizon } else { 1 };
        let mut seen = vec![false; ids.len() * slots];
        let mut of = Vec::with_capacity(table.rows);
        for row in 0..table.rows {
            let customer = ids.binary_search(id(row)).unwrap_or_default();
            let h = long.as_ref().map(|periods| periods[row]);
            let place = customer * slots + h.unwrap_or_default();
            if std::mem::replace(&mut seen[place], true) {
                let customer = id(row).clone();
                return Err(CompareError::CustomerTwice {
                    path: path.to_owned(),
                    row: row + 1,
                    customer,
                });
            }
            of.push((customer, h));
        }
        Ok(Self { ids, of })
    }

    /// The customers, ascending.
    pub(super) fn into_ids(self) -> Vec<String> {
        self.ids
    }

    /// A column by customer: of one period's rows, or of all.
    pub(super) fn spread(&self, cells: &[Option<f64>], period: Option<usize>) -> Numbers {
        let mut numbers = vec![None; self.ids.len()];
        for (cell, (customer, h)) in cells.iter().zip(&self.of) {
            if period.is_none() || *h == period {
                numbers[*customer] = *cell;
            }
        }
        numbers
    }

    /// The segment of each customer, if the file has them.
    pub(super) fn segments(&self, table: &Table) -> Option<Vec<String>> {
        let column = table.find(|meaning| meaning == Meaning::Segment)?;
        let Cells::Text(texts) = &column.cells else { return None };
        let mut segments = vec![String::new(); self.ids.len()];
        for (text, (customer, _)) in texts.iter().zip(&self.of) {
            segments[*customer] = text.clone().unwrap_or_default();
        }
        Some(segments)
    }
}

/// The period of each row, from 0, by its number or its label; `None` in the wide layout.
fn period_of_rows(
    path: &Path,
    manifest: &Manifest,
    table: &Table,
) -> Result<Option<Vec<usize>>, CompareError> {
    let columns = [Meaning::H, Meaning::Label];
    let Some(column) = columns.into_iter().find_map(|wanted| table.find(|m| m == wanted)) else {
        let own = |m| matches!(m, Meaning::Number { window: None, .. });
        return match table.find(own) {
            Some(column) => {
                let detail = format!(
                    "column `{}` is of a period, and no column `h` or `period` says of which",
                    column.name
                );
                Err(not_forecast(path, &detail))
            }
            None => Ok(None),
        };
    };
    let horizon = manifest.periods.len();
    let place = |row: usize| match &column.cells {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number from 1 to the horizon, which is checked"
        )]
        Cells::Number(numbers) => numbers[row]
            .filter(|h| h.fract() == 0.0 && (1.0..=horizon as f64).contains(h))
            .map(|h| h as usize - 1)
            .ok_or_else(|| numbers[row].map_or(String::new(), |h| h.to_string())),
        Cells::Text(texts) => {
            let label = texts[row].clone().unwrap_or_default();
            manifest.periods.iter().position(|known| *known == label).ok_or(label)
        }
    };
    let of = |row: usize| {
        place(row).map_err(|found| CompareError::BadCell {
            path: path.to_owned(),
            row: row + 1,
            column: column.name.clone(),
            found,
            expected: "a period of the manifest",
        })
    };
    (0..table.rows).map(of).collect::<Result<_, _>>().map(Some)
}
