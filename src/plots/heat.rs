//! Matrices as coloured cells.

use super::axis::{Axis, Chart, Tick};
use super::drawing::{Anchor, Drawing, Label, Point};
use super::font;
use super::style::{GRID, SMALL, heat, on_heat};

/// What stands below the columns.
#[derive(Debug, Clone, Copy)]
pub(super) enum Columns<'a> {
    /// A name below each.
    Names(&'a [String]),
    /// The borders between them, from the left side of the first on.
    Borders(&'a [String]),
}

/// A matrix with the names of its rows (from above) and columns.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) area: (Point, Point),
    pub(super) columns: Columns<'a>,
    pub(super) rows: &'a [String],
    pub(super) column_label: &'a str,
    pub(super) row_label: &'a str,
    /// Row by row; `None` where there is nothing.
    pub(super) values: &'a [Vec<Option<f64>>],
    /// The value of the darkest colour.
    pub(super) most: f64,
    /// What stands in a cell.
    pub(super) text: &'a dyn Fn(f64) -> String,
}

impl Cells<'_> {
    pub(super) fn draw(&self, page: &mut Drawing) {
        let ticks = |names: &[String], at: &dyn Fn(f64) -> f64| -> Vec<Tick> {
            let names = (0_u32..).map(f64::from).zip(names);
            names.map(|(i, text)| Tick { at: at(i), text: text.clone() }).collect()
        };
        let high = self.rows.len() as f64;
        let (wide, x) = match self.columns {
            Columns::Names(names) => (names.len() as f64, ticks(names, &|i| i + 0.5)),
            Columns::Borders(borders) => (borders.len() as f64 - 1.0, ticks(borders, &|i| i)),
        };
        let y = ticks(self.rows, &|i| high - i - 0.5);
        let chart = Chart {
            area: self.area,
            x: Axis::with_ticks(0.0, wide, self.column_label, x),
            y: Axis::with_ticks(0.0, high, self.row_label, y),
        };
        chart.frame(page);
        let (left, _) = chart.at(0.0, 0.0);
        let room = chart.at(1.0, 0.0).0 - left - 6.0;
        let texts = || self.values.iter().flatten().flatten().map(|v| (self.text)(*v));
        let widest = texts().map(|text| font::width(&text, SMALL, false)).fold(0.0, f64::max);
        let row = chart.at(0.0, 0.0).1 - chart.at(0.0, 1.0).1;
        for (i, values) in (0_u32..).map(f64::from).zip(self.values) {
            for (j, value) in (0_u32..).map(f64::from).zip(values) {
                let (from, to) = (chart.at(j, high - i), chart.at(j + 1.0, high - i - 1.0));
                let Some(value) = value else {
                    page.rect(from, to, GRID.faded(0.35));
                    continue;
                };
                let share = if self.most > 0.0 { value / self.most } else { 0.0 };
                // A hair's gap between cells.
                page.rect((from.0 + 0.5, from.1 + 0.5), (to.0 - 0.5, to.1 - 0.5), heat(share));
                if widest <= room && row >= SMALL + 2.0 {
                    let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
                    let text = (self.text)(*value);
                    page.text(middle, Label::new(text, SMALL, on_heat(share), Anchor::Middle));
                }
            }
        }
    }
}

/// A scale of the colours: from 0 to the darkest, with what it measures.
pub(super) fn scale(page: &mut Drawing, most: &str, unit: &str) {
    const STEPS: u32 = 40;
    const WIDE: f64 = 200.0;
    let (left, y) = (28.0, 84.0);
    for step in 0..STEPS {
        let at = |step: u32| left + 14.0 + WIDE * f64::from(step) / f64::from(STEPS);
        let colour = heat(f64::from(step) / f64::from(STEPS - 1));
        page.rect((at(step), y - 6.0), (at(step + 1), y + 6.0), colour);
    }
    let small = |text: &str, anchor| Label::new(text, SMALL, super::style::INK, anchor);
    page.text((left + 8.0, y), small("0", Anchor::End));
    page.text((left + WIDE + 20.0, y), small(&format!("{most}   {unit}"), Anchor::Start));
}
