//! Where values go: from a band to the band of a later active period.

use std::collections::BTreeMap;

use super::drawing::{Anchor, Drawing};
use super::heat::{Cells, Columns, scale};
use super::page::{chart_area, note, page};
use super::spend::short;
use super::style::Style;
use super::table::Table;
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::forecast::{Acquisition, Exposures, FrequencyChain, ValueFactors, chain_start};
use crate::markov::{Bands, Place, ValueTable};
use crate::models::{FrequencyLaw, RateLaw};
use crate::panel::Panel;
use crate::report::numbers::{count, decimal};

/// A place with less than this is not drawn as a row or column of its own.
const NOTHING: f64 = 5e-4;

/// Value bands now against later ones. Places are below the bands, the bands, and above them.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let migration = clvcast::plots::Migration::new(&panel, &model, 3).unwrap();
/// assert_eq!(migration.places[1], "0.01–1k");
/// assert_eq!(migration.now.iter().sum::<u64>(), 793);
/// // S: 0.8754 from a last value of 10 000 to 100 000 to the same band.
/// assert!((migration.next[3][3] - 0.8753612064).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Migration {
    /// Names of the places.
    pub places: Vec<String>,
    /// Edges of the bands, money: place i lies between edges i − 1 and i.
    pub edges: Vec<f64>,
    /// Customers by the place of their last value.
    pub now: Vec<u64>,
    /// The place of each customer's last value, by position in the panel; `None` without one.
    pub of: Vec<Option<usize>>,
    /// P(place of the next active period's value | place now), by the model.
    pub next: Vec<Vec<f64>>,
    /// P(place in the last period of the horizon | place now, active then), over the chain of the
    /// customers who are there now; `None` for models other than the NBD, and in rows without
    /// customers.
    pub at_horizon: Option<Vec<Option<Vec<f64>>>>,
    /// Shares counted from the data that the model was fitted on; `None` where they are not
    /// stored, and in rows without a move.
    pub counted: Option<Vec<Option<Vec<f64>>>>,
    /// Label of the last period of the horizon.
    pub last: String,
}

impl Migration {
    /// That of a panel's customers under a model; `None` without amounts or bands.
    #[must_use]
    pub fn new(panel: &Panel, model: &FittedModel, horizon: u32) -> Option<Self> {
        let monetary = model.monetary.filter(|_| panel.has_amount)?;
        let bands = model.states.bands.clone()?;
        let table = ValueTable::new(monetary.law, bands);
        let timeline = Timeline::new(panel, model.calendar.as_ref(), horizon);
        let factors = ValueFactors::new(panel, model, &timeline);
        let place = |i: usize| {
            let state = panel.state(i)?;
            Some(index(&table.bands, factors.last_value(panel, i, &state)?))
        };
        let places: Vec<Option<usize>> = (0..panel.customers.len()).map(place).collect();
        let next = table.square();
        let mut now = vec![0; next.len()];
        for place in places.iter().flatten() {
            now[*place] += 1;
        }
        let counted = model.fit.as_ref().and_then(|fit| fit.empirical_transitions.as_ref());
        let counted = counted.map(|counted| counted.shares.clone());
        Some(Self {
            places: names(&table.bands),
            edges: table.bands.edges().to_vec(),
            at_horizon: at_horizon(panel, model, &timeline, &places, &next),
            now,
            of: places,
            counted: counted.filter(|shares| shares.len() == next.len()),
            next,
            last: panel.grid.label(crate::panel::PeriodIndex(horizon.cast_signed())),
        })
    }

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

/// Position among (below, bands…, above).
fn index(bands: &Bands, value: f64) -> usize {
    match bands.place(value) {
        Place::Below => 0,
        Place::In(band) => band + 1,
        Place::Above => bands.len() + 1,
    }
}

fn names(bands: &Bands) -> Vec<String> {
    let edges = bands.edges();
    let inner = edges.windows(2).map(|pair| format!("{}–{}", short(pair[0]), short(pair[1])));
    let below = format!("below {}", short(edges[0]));
    let above = format!("above {}", short(bands.max()));
    std::iter::once(below).chain(inner).chain(std::iter::once(above)).collect()
}

/// Where those who are active in the last period will be: Σ_s P(active; s active periods before)
/// T^(s+1), mixed over the customers of a place.
fn at_horizon(
    panel: &Panel,
    model: &FittedModel,
    timeline: &Timeline,
    places: &[Option<usize>],
    next: &[Vec<f64>],
) -> Option<Vec<Option<Vec<f64>>>> {
    let FrequencyLaw::Nbd(law) = model.frequency else { return None };
    let exposures = Exposures::new(panel, timeline);
    // Customers of one place with one start are one.
    let mut starts: BTreeMap<(usize, [u64; 2]), (RateLaw, f64)> = BTreeMap::new();
    for (i, place) in places.iter().enumerate() {
        let (Some(place), Some(state)) = (*place, panel.state(i)) else { continue };
        let start = chain_start(panel, law, &exposures, Acquisition::Drop, i, &state);
        let bits = match start {
            RateLaw::Gamma { shape, rate } => [shape.to_bits(), rate.to_bits()],
            RateLaw::Equal(rate) => [rate.to_bits(), 0],
        };
        starts.entry((place, bits)).or_insert((start, 0.0)).1 += 1.0;
    }
    let distinct: Vec<RateLaw> = starts.values().map(|(start, _)| *start).collect();
    let ahead = exposures.ahead().to_vec();
    let chain = FrequencyChain::new(law, ahead, distinct.iter().copied());
    let steps = chain.steps_of(&distinct);
    // Expected active customers by place now and active periods before.
    let mut active: Vec<Vec<f64>> = vec![Vec::new(); next.len()];
    for (((place, _), (_, customers)), steps) in starts.iter().zip(&steps) {
        let last = steps.last()?;
        let sums = &mut active[*place];
        sums.resize(last.active.len(), 0.0);
        for (sum, p) in sums.iter_mut().zip(&last.active) {
            *sum += customers * p;
        }
    }
    Some(active.iter().enumerate().map(|(place, active)| mixed(place, active, next)).collect())
}

fn mixed(place: usize, active: &[f64], next: &[Vec<f64>]) -> Option<Vec<f64>> {
    let total: f64 = active.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let mut now = vec![0.0; next.len()];
    now[place] = 1.0;
    let mut mixture = vec![0.0; next.len()];
    for weight in active {
        let mut moved = vec![0.0; next.len()];
        for (share, row) in now.iter().zip(next) {
            for (slot, p) in moved.iter_mut().zip(row) {
                *slot += share * p;
            }
        }
        now = moved;
        for (slot, share) in mixture.iter_mut().zip(&now) {
            *slot += weight / total * share;
        }
    }
    Some(mixture)
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
