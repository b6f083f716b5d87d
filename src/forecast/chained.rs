//! The chain over a whole panel: distinct starts first, customers after.

use rayon::prelude::*;

use super::Acquisition;
use super::chain::{ChainSteps, FrequencyChain};
use super::distinct::{NOWHERE, distinct};
use super::factors::{Exposures, ValueFactors};
use super::purchases::{Count, Money};
use super::run::{Forecasts, money};
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
) -> Forecasts {
    let law = model.frequency.rate();
    let exposures = Exposures::new(panel, timeline);
    let starts: Vec<Option<RateLaw>> = (0..panel.customers.len())
        .into_par_iter()
        .map(|i| Some(chain_start(panel, law, &exposures, acquisition, i, &panel.state(i)?)))
        .collect();
    // Few distinct laws serve many customers.
    let (place, starts) = distinct(starts.iter().map(|law| law.map(|law| (key(law), law))));
    let ahead = exposures.ahead().to_vec();
    let horizon = ahead.len();
    let chain = FrequencyChain::new(law, ahead, starts.iter().copied());
    let steps: Vec<ChainSteps> = chain.steps_of(&starts).into_iter().flatten().collect();
    let count = |step: &ChainSteps| Count {
        p_active: step.p_active(),
        purchases: step.expected_purchases(),
    };
    let counts: Vec<Count> = steps.iter().map(count).collect();
    let factors = ValueFactors::new(panel, model, timeline);
    let money = money(panel, model, horizon, |block| {
        let mut values = Vec::with_capacity(horizon);
        for (i, money) in block {
            let Some(state) = panel.state(i).filter(|_| place[i] != NOWHERE) else { continue };
            let own = factors.of_customer(panel, i);
            let Some(m1) = factors.law_value(own, &state) else { continue };
            values.clear();
            values.extend(chain_values(model, m1, state.f1).take(horizon).map_while(|value| value));
            if values.len() < horizon {
                continue;
            }
            let from = place[i] as usize * horizon;
            let steps = steps[from..].iter().zip(&counts[from..]).zip(factors.ahead());
            for (money, ((step, count), v)) in money.iter_mut().zip(steps) {
                let amount = combine(step, &values, v * own);
                *money = Money::new(Some(amount / count.purchases), Some(amount));
            }
        }
    });
    Forecasts { place, counts, money }
}

fn key(law: RateLaw) -> (u64, u64) {
    match law {
        RateLaw::Gamma { shape, rate } => (shape.to_bits(), rate.to_bits()),
        RateLaw::Equal(rate) => (u64::MAX, rate.to_bits()),
    }
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

/// Amount_h = v_h Σ_s E\[f_h; s active periods before\] · (value after s + 1 moves).
fn combine(steps: &ChainSteps, values: &[f64], level: f64) -> f64 {
    level * steps.purchases.iter().zip(values).map(|(e, v)| e * v).sum::<f64>()
}
