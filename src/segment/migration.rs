//! Value bands: where customers are now, where they go next, and where they went.

use std::collections::BTreeMap;

use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::forecast::{Acquisition, Exposures, FrequencyChain, ValueFactors, chain_start};
use crate::markov::{Bands, Place, ValueTable};
use crate::models::{FrequencyLaw, RateLaw};
use crate::panel::Panel;
use crate::report::numbers::short;

/// Value bands now against later ones. Places are below the bands, the bands, and above them.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let migration = clvcast::segment::Migration::new(&panel, &model, 3).unwrap();
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
