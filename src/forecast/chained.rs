//! The chain over a whole panel: distinct starts first, customers after.

use rayon::prelude::*;

use super::Acquisition;
use super::chain::{ChainSteps, FrequencyChain};
use super::distinct::distinct;
use super::factors::{Exposures, ValueFactors};
use super::purchases::{Count, Own, Table, Values};
use super::run::of_state;
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::models::{RateLaw, ValueLaw};
use crate::panel::{Clock, Panel, State};

/// The rate law a customer's chain starts from: Gamma(b + f1, a + e_{−r} + … + e_0).
pub(crate) fn chain_start(
    panel: &Panel,
    law: RateLaw,
    exposures: &Exposures,
    acquisition: Acquisition,
    i: usize,
    state: &State,
) -> RateLaw {
    let drops = acquisition == Acquisition::Drop && panel.clock == Clock::FirstPurchase;
    match panel.customers[i].first_purchase {
        Some(first) if drops && state.is_acquisition_period => {
            let repeats = state.f1.saturating_sub(panel.customers[i].acquisition_purchases);
            law.after(repeats, exposures.after(panel, first, state))
        }
        _ => law.after(state.f1, exposures.of_state(state)),
    }
}

/// P(at least one purchase in the next `horizon` periods) of every customer under the chain; `None`
/// without an active period.
///
/// Along the path without a purchase the chain's state is the exact posterior of its start, so that
/// the probability is that of the start over all periods together: 1 − P(0 in Σ e_h).
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::forecast::*;
/// let one = chain_any_purchase(&panel, &model, 1, Acquisition::Drop)[0].unwrap();
/// let purchases = forecast(&panel, &model, &ForecastOptions::default());
/// let first = purchases.steps(0).unwrap().next().unwrap();
/// assert!((one - first.p_active).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn chain_any_purchase(
    panel: &Panel,
    model: &FittedModel,
    horizon: u32,
    acquisition: Acquisition,
) -> Vec<Option<f64>> {
    let timeline = Timeline::new(panel, model.calendar.as_ref(), horizon);
    let exposures = Exposures::new(panel, &timeline);
    let law = model.frequency.rate();
    let time: f64 = exposures.ahead().iter().sum();
    (0..panel.customers.len())
        .into_par_iter()
        .map(|i| {
            let state = panel.state(i)?;
            Some(chain_start(panel, law, &exposures, acquisition, i, &state).p_any(time))
        })
        .collect()
}

pub(super) fn chain(
    panel: &Panel,
    model: &FittedModel,
    timeline: &Timeline,
    acquisition: Acquisition,
) -> Table {
    let law = model.frequency.rate();
    let exposures = Exposures::new(panel, timeline);
    let factors = ValueFactors::new(panel, model, timeline);
    let weight = |f1| model.monetary.map_or(1.0, |monetary| monetary.form.weight(f1));
    let mut own = vec![Own::NONE; panel.customers.len()];
    // Few distinct laws and weights serve many customers.
    let (place, starts) = distinct(&mut own, |i, own| {
        let state = of_state(panel, &factors, i, own)?;
        let start = chain_start(panel, law, &exposures, acquisition, i, &state);
        let weight = weight(state.f1);
        Some(((key(start), weight.to_bits()), (start, weight)))
    });
    let (laws, weights): (Vec<RateLaw>, Vec<f64>) = starts.into_iter().unzip();
    let ahead = exposures.ahead().to_vec();
    let horizon = ahead.len();
    let chain = FrequencyChain::new(law, ahead, laws.iter().copied());
    let steps = chain.steps_of(&laws);
    let count = |step: &ChainSteps| Count {
        p_active: step.p_active(),
        purchases: step.expected_purchases(),
    };
    let counts = steps.iter().flatten().map(count).collect();
    let moves = steps.iter().zip(weights).flat_map(|(steps, weight)| {
        let values = model.monetary.and_then(|money| moves(money.law, weight, horizon));
        steps.iter().map(move |step| values.as_ref().map(|values| combine(step, values)))
    });
    let values = Values::Moving { ahead: factors.ahead().to_vec(), moves: moves.collect() };
    Table { horizon, place, counts, own, values, scores: false }
}

fn key(law: RateLaw) -> (u64, u64) {
    match law {
        RateLaw::Gamma { shape, rate } => (shape.to_bits(), rate.to_bits()),
        RateLaw::Equal(rate) => (u64::MAX, rate.to_bits()),
    }
}

/// What [`chain_values`] gives after 1, 2, … `horizon` moves as c + d · m1, (c, d): every move is
/// linear in the value before it. `None` where an expectation is infinite.
fn moves(law: ValueLaw, weight: f64, horizon: usize) -> Option<Vec<(f64, f64)>> {
    let mut moves = Vec::with_capacity(horizon);
    let (mut c, mut d) = (0.0, 1.0);
    for s in 0..horizon {
        let (constant, slope) = law.mean_after(if s == 0 { weight } else { 1.0 })?;
        (c, d) = (constant + slope * c, slope * d);
        moves.push((c, d));
    }
    Some(moves)
}

/// Σ_s E\[f_h; s active periods before\] · (value after s + 1 moves), as c + d · m1.
fn combine(steps: &ChainSteps, moves: &[(f64, f64)]) -> (f64, f64) {
    steps.purchases.iter().zip(moves).fold((0.0, 0.0), |(c, d), (purchases, value)| {
        (c + purchases * value.0, d + purchases * value.1)
    })
}

/// E\[value after 1, 2, … moves\] from m1, money, without end; `None` where p + q ≤ 1 makes it
/// infinite, or without a law of values.
///
/// For spending per purchase the first move weighs m1 by the f1 purchases it averages; the
/// purchases of later periods are not in the value's state, and they count as one.
pub(crate) fn chain_values(
    model: &FittedModel,
    m1: f64,
    f1: u32,
) -> impl Iterator<Item = Option<f64>> {
    let monetary = model.monetary;
    let mut weight = monetary.map_or(1.0, |monetary| monetary.form.weight(f1));
    let mut value = m1;
    std::iter::repeat_with(move || {
        value = monetary?.law.after(weight, weight * value).mean()?;
        weight = 1.0;
        Some(value)
    })
}
