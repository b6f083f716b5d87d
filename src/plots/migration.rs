//! Where values go: from a band to the band of a later active period.

use super::drawing::{Anchor, Drawing};
use super::heat::{Cells, Columns, scale};
use super::page::{chart_area, note, page};
use super::style::Style;
use super::table::Table;
use crate::report::numbers::{count, decimal, short};
use crate::segment::Migration;

/// A place with less than this is not drawn as a row or column of its own.
const NOTHING: f64 = 5e-4;

impl Migration {
    /// One row per pair of places.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut table =
            Table::new(&["from", "to", "customers_now", "next", "at_horizon", "counted"]);
        for (i, from) in self.places.iter().enumerate() {
            for (j, to) in self.places.iter().enumerate() {
                let of =
                    |rows: &Option<Vec<Option<Vec<f64>>>>| Some(rows.as_ref()?[i].as_ref()?[j]);
                let (ahead, counted) = (of(&self.at_horizon), of(&self.counted));
                table.row(&[from, to, &self.now[i], &self.next[i][j], &ahead, &counted]);
            }
        }
        table.text()
    }

    /// Customers with a value now whose row at the horizon is known: P(lower, same, higher place),
    /// over all of them.
    fn moves(&self) -> Option<[f64; 3]> {
        let mut moves = [0.0; 3];
        let mut customers = 0.0;
        for (i, row) in self.at_horizon.as_ref()?.iter().enumerate() {
            let Some(row) = row else { continue };
            let here = self.now[i] as f64;
            customers += here;
            for (j, share) in row.iter().enumerate() {
                moves[usize::from(j >= i) + usize::from(j > i)] += here * share;
            }
        }
        (customers > 0.0).then(|| moves.map(|sum| sum / customers))
    }
}

type Shares = Vec<Option<f64>>;

/// Draws the model's moves to the next active period, and those counted in the data beside them.
///
/// ```
/// use clvcast::plots::{Migration, Style, draw_migration};
/// let migration = Migration {
///     places: vec!["below 1".into(), "1–10".into(), "above 10".into()],
///     edges: vec![1.0, 10.0],
///     now: vec![0, 5, 1],
///     of: vec![],
///     next: vec![vec![0.1, 0.8, 0.1], vec![0.0, 0.9, 0.1], vec![0.0, 0.4, 0.6]],
///     at_horizon: None,
///     counted: None,
///     last: "2018-Q3".into(),
/// };
/// assert!(draw_migration(&migration, &Style::default()).to_svg()?.contains("1–10 (5)"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_migration(data: &Migration, style: &Style) -> Drawing {
    let ahead = data.moves().map_or_else(String::new, |[lower, same, higher]| {
        let percent = |share: f64| format!("{} %", decimal(100.0 * share, 0));
        format!(
            " Of those who buy in {}, {} are then in a lower band than now, {} in the same, {} in a higher one.",
            data.last, percent(lower), percent(same), percent(higher)
        )
    });
    let caption = format!(
        "Each row says where customers of a value band are in their next active period. Far from the diagonal, values come back to the mean.{ahead}"
    );
    let title = "Value bands: from now to the next active period";
    let mut page = page("migration", title, caption, &[], style);
    let moves = |i: usize, j: usize| {
        let counted = data.counted.as_ref().and_then(|rows| Some(rows[i].as_ref()?[j]));
        data.next[i][j].max(counted.unwrap_or(0.0))
    };
    let all = 0..data.places.len();
    let rows: Vec<usize> =
        all.clone().filter(|&i| data.now[i] > 0 || (i > 0 && i + 1 < all.end)).collect();
    let columns: Vec<usize> = all
        .clone()
        .filter(|&j| (1..all.end - 1).contains(&j) || rows.iter().any(|&i| moves(i, j) >= NOTHING))
        .collect();
    let with_count = |&i: &usize| format!("{} ({})", data.places[i], count(data.now[i]));
    let row_names: Vec<String> = rows.iter().map(with_count).collect();
    // Neighbouring bands share a border; there is none below the first place and above the last.
    let border = |edge: usize| {
        let edges = &data.edges;
        edge.checked_sub(1).and_then(|i| edges.get(i)).map_or_else(String::new, |e| short(*e))
    };
    let to_border = columns.last().map(|last| last + 1);
    let borders: Vec<String> = columns.iter().copied().chain(to_border).map(border).collect();
    let shown = rows.iter().flat_map(|&i| columns.iter().map(move |&j| (i, j)));
    let most = shown.map(|(i, j)| moves(i, j)).fold(0.0, f64::max);
    scale(&mut page, &decimal(most, 2), "share of the row");
    let model: Vec<Shares> =
        rows.iter().map(|&i| columns.iter().map(|&j| Some(data.next[i][j])).collect()).collect();
    let cells = Cells {
        area: chart_area(),
        columns: Columns::Borders(&borders),
        rows: &row_names,
        column_label: &style.money("Next value per purchase"),
        row_label: &format!("{} (customers)", style.money("Value now")),
        values: &model,
        most,
        text: &|share| decimal(share, 2),
    };
    let Some(counted) = &data.counted else {
        let ((left, top), corner) = chart_area();
        Cells { area: ((left + 70.0, top), corner), ..cells }.draw(&mut page);
        return page;
    };
    let counted: Vec<Shares> = rows
        .iter()
        .map(|&i| columns.iter().map(|&j| Some(counted[i].as_ref()?[j])).collect())
        .collect();
    let ((left, top), corner) = chart_area();
    let (left, down) = (left + 70.0, top + 16.0);
    let middle = f64::midpoint(left, corner.0);
    let first = ((left, down), (middle - 12.0, corner.1));
    let other = ((middle + 12.0, down), corner);
    note(&mut page, (first.0.0, top + 4.0), "by the model", Anchor::Start);
    note(&mut page, (other.0.0, top + 4.0), "counted in the data", Anchor::Start);
    Cells {
        area: other,
        values: &counted,
        rows: &vec![String::new(); rows.len()],
        row_label: "",
        ..cells
    }
    .draw(&mut page);
    Cells { area: first, ..cells }.draw(&mut page);
    page
}
