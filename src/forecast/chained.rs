//! The chain over a whole panel: distinct starts first, customers after.

use std::collections::HashMap;

use rayon::prelude::*;

use super::chain::{ChainSteps, FrequencyChain};
use super::factors::{Exposures, ValueFactors};
use super::{Acquisition, Step};
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::models::RateLaw;
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
/// let steps = forecast(&panel, &model, &ForecastOptions::default()).steps[0].clone().unwrap();
/// assert!((one - steps[0].p_active).abs() < 1e-12);
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
) -> Vec<Option<Vec<Step>>> {
    let law = model.frequency.rate();
    let exposures = Exposures::new(panel, timeline);
    let factors = ValueFactors::new(panel, model, timeline);
    let starts: Vec<Option<(State, RateLaw)>> = (0..panel.customers.len())
        .into_par_iter()
        .map(|i| {
            let state = panel.state(i)?;
            Some((state, chain_start(panel, law, &exposures, acquisition, i, &state)))
        })
        .collect();
    // Few distinct laws serve many customers.
    let mut index: HashMap<(u64, u64), usize> = HashMap::new();
    let mut distinct = Vec::new();
    for (_, law) in starts.iter().flatten() {
        index.entry(key(*law)).or_insert_with(|| {
            distinct.push(*law);
            distinct.len() - 1
        });
    }
    let ahead = exposures.ahead().to_vec();
    let horizon = ahead.len();
    let tables = FrequencyChain::new(law, ahead, distinct.iter().copied()).steps_of(&distinct);
    starts
        .par_iter()
        .enumerate()
        .map(|(i, start)| {
            let (state, law) = start.as_ref()?;
            let values = factors
                .last_value(panel, i, state)
                .and_then(|m1| chain_values(model, m1, state.f1, horizon));
            let levels = factors.levels(panel, i);
            let steps = tables[index[&key(*law)]].iter().zip(levels);
            Some(steps.map(|(step, level)| combine(step, values.as_deref(), level)).collect())
        })
        .collect()
}

fn key(law: RateLaw) -> (u64, u64) {
    match law {
        RateLaw::Gamma { shape, rate } => (shape.to_bits(), rate.to_bits()),
        RateLaw::Equal(rate) => (u64::MAX, rate.to_bits()),
    }
}

/// E\[value after 1 … `moves` moves\] from m1, money; `None` where p + q ≤ 1 makes it infinite.
///
/// For spending per purchase the first move weighs m1 by the f1 purchases it averages; the
/// purchases of later periods are not in the value's state, and they count as one.
pub(crate) fn chain_values(
    model: &FittedModel,
    m1: f64,
    f1: u32,
    moves: usize,
) -> Option<Vec<f64>> {
    let monetary = model.monetary?;
    let mut weight = monetary.form.weight(f1);
    let mut value = m1;
    let mut values = Vec::with_capacity(moves);
    for _ in 0..moves {
        value = monetary.law.after(weight, weight * value).mean()?;
        values.push(value);
        weight = 1.0;
    }
    Some(values)
}

/// Amount_h = v_h Σ_s E\[f_h; s active periods before\] · (value after s + 1 moves).
fn combine(steps: &ChainSteps, values: Option<&[f64]>, level: f64) -> Step {
    let purchases = steps.expected_purchases();
    let amount = values
        .map(|values| level * steps.purchases.iter().zip(values).map(|(e, v)| e * v).sum::<f64>());
    Step {
        p_active: steps.p_active(),
        purchases,
        value: amount.map(|amount| amount / purchases),
        amount,
    }
}
