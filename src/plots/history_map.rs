//! What is expected of a typical customer by how often and how recently it purchased.

use super::drawing::Drawing;
use super::heat::{Cells, Columns, scale};
use super::page::{chart_area, page};
use super::style::Style;
use super::table::Table;
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::forecast::Prospect;
use crate::panel::{Clock, Panel};
use crate::report::numbers::decimal;
use crate::report::words::{number_of, several};

/// Rows of the map: ages of the last purchase.
const ROWS: i32 = 16;
/// Columns of the map at most: numbers of purchases.
const MOST: u32 = 15;
/// Share of customers whose number of purchases need not have a column.
const TAIL: f64 = 0.02;

/// Expected purchases over the horizon and P(alive) by frequency and recency, for a customer whose
/// first purchase lies as far back as the median customer's.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let map = clvcast::plots::HistoryMap::new(&panel, &model, 3).unwrap();
/// // NBD: 3 (b + x)/(a + T), however recent.
/// let expected = 3.0 * (2.67 + 1.0) / (1.84 + map.observed);
/// assert!((map.purchases[0][1].unwrap() - expected).abs() < 1e-9);
/// assert_eq!(map.alive, None); // customers of an NBD stay
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryMap {
    /// Periods from the first purchase to the as-of date.
    pub observed: f64,
    /// Periods from the last purchase to the as-of date, by row.
    pub since_last: Vec<f64>,
    /// Repeat purchases, by column: 0, 1, ….
    pub frequencies: Vec<u32>,
    /// Expected purchases over the horizon; `None` where there is no such history. Without a
    /// repeat purchase the last one is the first.
    pub purchases: Vec<Vec<Option<f64>>>,
    /// P(has not left); `None` where customers never leave.
    pub alive: Option<Vec<Vec<Option<f64>>>>,
    /// Coming periods.
    pub horizon: u32,
    /// What a period is called: quarter, month, ….
    pub period: String,
}

impl HistoryMap {
    /// The map of a panel's median customer under a model; `None` without customers, under the
    /// panel clock (no first purchase is told apart there), or when the median customer has only
    /// just arrived.
    #[must_use]
    pub fn new(panel: &Panel, model: &FittedModel, horizon: u32) -> Option<Self> {
        if panel.clock == Clock::Panel {
            return None;
        }
        let mut firsts: Vec<_> = panel.customers.iter().filter_map(|c| c.first_purchase).collect();
        firsts.sort_unstable();
        let first = *firsts.get(firsts.len() / 2)?;
        let as_of = panel.grid.as_of();
        let days = as_of.since(first);
        let rows = ROWS.min(days);
        if rows < 1 {
            return None;
        }
        let counts = panel.frequency_statistics().counts;
        let mut above = 0;
        let most = counts.iter().rev().find(|(_, customers)| {
            above += **customers;
            above as f64 > TAIL * firsts.len() as f64
        });
        let most = most.map_or(1, |(x, _)| *x).clamp(3, MOST);
        let frequencies: Vec<u32> = (0..=most).collect();
        let timeline = Timeline::new(panel, model.calendar.as_ref(), horizon);
        let ages: Vec<i32> = (0..=rows).map(|row| row * days / rows).collect();
        let cell = |age: i32, x: u32| {
            // A customer without a repeat purchase last bought on its first day; one with them did not.
            ((x == 0) == (age == days)).then(|| {
                let last = as_of.plus(-age);
                Prospect::of_history(&model.frequency, &timeline, first, last, x)
            })
        };
        let prospects: Vec<Vec<Option<Prospect>>> =
            ages.iter().map(|&age| frequencies.iter().map(|&x| cell(age, x)).collect()).collect();
        let map = |value: &dyn Fn(&Prospect) -> f64| -> Vec<Vec<Option<f64>>> {
            let row =
                |row: &Vec<Option<Prospect>>| row.iter().map(|p| p.as_ref().map(value)).collect();
            prospects.iter().map(row).collect()
        };
        let grid = &panel.grid;
        Some(Self {
            observed: grid.elapsed(first, as_of),
            since_last: ages.iter().map(|&age| grid.elapsed(as_of.plus(-age), as_of)).collect(),
            frequencies,
            purchases: map(&|p| p.periods.iter().map(|period| period.purchases).sum()),
            alive: (!model.frequency.stays()).then(|| map(&|p| p.p_alive)),
            horizon,
            period: panel.grid.period().to_string(),
        })
    }

    /// One row per cell of the map of expected purchases.
    #[must_use]
    pub fn rate_csv(&self) -> String {
        self.csv("expected_purchases", &self.purchases)
    }

    /// One row per cell of the map of P(alive); empty where customers never leave.
    #[must_use]
    pub fn alive_csv(&self) -> String {
        self.csv("p_alive", self.alive.as_deref().unwrap_or_default())
    }

    fn csv(&self, name: &str, values: &[Vec<Option<f64>>]) -> String {
        let header = ["frequency", "periods_since_last_purchase", "periods_observed", name];
        let mut table = Table::new(&header);
        for (since, row) in self.since_last.iter().zip(values) {
            for (x, value) in self.frequencies.iter().zip(row) {
                if value.is_some() {
                    table.row(&[x, since, &self.observed, value]);
                }
            }
        }
        table.text()
    }

    /// Whose map it is.
    fn whose(&self) -> String {
        let observed = decimal(self.observed, 1);
        format!(
            "For a customer first seen {observed} {} ago, the median of this base.",
            several(&self.period)
        )
    }
}

/// Draws expected purchases over the horizon by frequency and recency.
///
/// ```
/// # use clvcast::plots::{HistoryMap, Style, draw_rates};
/// let map = HistoryMap {
///     observed: 2.0,
///     since_last: vec![0.0, 2.0],
///     frequencies: vec![0, 1],
///     purchases: vec![vec![None, Some(0.9)], vec![Some(0.2), None]],
///     alive: None,
///     horizon: 3,
///     period: "quarter".into(),
/// };
/// let svg = draw_rates(&map, &Style::default()).to_svg()?;
/// assert!(svg.contains("Expected purchases over the next 3 quarters"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_rates(data: &HistoryMap, style: &Style) -> Drawing {
    let title =
        format!("Expected purchases over the next {}", number_of(data.horizon, &data.period));
    let silence = if data.alive.is_some() {
        "Lighter further down: who has been silent for long may have left, and frequent buyers are missed sooner."
    } else {
        "Under this model customers never leave, so that it does not matter how long ago they bought."
    };
    let caption = format!("Dark histories promise most. {silence} {}", data.whose());
    let most = data.purchases.iter().flatten().flatten().copied().fold(0.0, f64::max);
    let mut page = page("rate-heatmap", title, caption, &[], style);
    scale(&mut page, &decimal(most, 2), "expected purchases per customer");
    cells(&mut page, data, &data.purchases, most);
    page
}

/// Draws P(alive) by frequency and recency.
///
/// ```
/// # use clvcast::plots::{HistoryMap, Style, draw_alive};
/// let map = HistoryMap {
///     observed: 2.0,
///     since_last: vec![0.0, 2.0],
///     frequencies: vec![0, 1],
///     purchases: vec![],
///     alive: Some(vec![vec![None, Some(0.9)], vec![Some(0.5), None]]),
///     horizon: 3,
///     period: "quarter".into(),
/// };
/// let svg = draw_alive(&map, &Style::default()).to_svg()?;
/// assert!(svg.contains("Probability that a customer has not left"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_alive(data: &HistoryMap, style: &Style) -> Drawing {
    let rows = data.alive.as_deref().unwrap_or_default();
    let never = rows.iter().filter_map(|row| *row.first()?).any(|p| p == 1.0);
    let first = if never {
        " Under this model nobody leaves before the first repeat purchase."
    } else {
        ""
    };
    let caption = format!(
        "Light: most likely gone. The more often a customer used to buy, the sooner its silence says so.{first} {}",
        data.whose()
    );
    let title = "Probability that a customer has not left";
    let mut page = page("alive-heatmap", title, caption, &[], style);
    scale(&mut page, "1", "probability at the as-of date");
    cells(&mut page, data, data.alive.as_deref().unwrap_or_default(), 1.0);
    page
}

fn cells(page: &mut Drawing, data: &HistoryMap, values: &[Vec<Option<f64>>], most: f64) {
    let columns: Vec<String> = data.frequencies.iter().map(ToString::to_string).collect();
    let places = usize::from(data.observed < 30.0);
    let rows: Vec<String> = data.since_last.iter().map(|t| decimal(*t, places)).collect();
    Cells {
        area: chart_area(),
        columns: Columns::Names(&columns),
        rows: &rows,
        column_label: "Repeat purchases so far",
        row_label: &format!("Time since the last purchase, {}", several(&data.period)),
        values,
        most,
        text: &|value| decimal(value, 2),
    }
    .draw(page);
}
