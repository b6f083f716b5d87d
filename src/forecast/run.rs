//! One rule over a whole panel: distinct states first, customers after.

use std::collections::HashMap;

use rayon::prelude::*;

use super::chain::{ChainSteps, FrequencyChain};
use super::point::PointRule;
use super::{Method, Step, posterior};
use crate::fit::FittedModel;
use crate::models::RateLaw;
use crate::panel::{Clock, Panel, State};

/// What the chain does with the acquiring day.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::forecast::*;
/// let first = |i: &usize| panel.state(*i).is_some_and(|state| state.is_acquisition_period);
/// let i = (0..793).find(first).unwrap();
/// let state = panel.state(i).unwrap();
/// let options = ForecastOptions { acquisition: Acquisition::Keep, ..ForecastOptions::default() };
/// let steps = forecast(&panel, &model, &options).steps[i].clone().unwrap();
/// let plain = (2.67 + f64::from(state.f1)) / (1.84 + 1.0 + f64::from(state.r));
/// assert!((steps[0].purchases - plain).abs() < 1e-12); // (b + f1)/(a + 1 + r)
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Acquisition {
    /// It says nothing about the rate: a customer in its first period starts from
    /// Gamma(b + f1 − f_acq, a + w + r).
    #[default]
    Drop,
    /// The plain reading, Gamma(b + f1, a + 1 + r).
    Keep,
}

/// How purchases are forecast.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::forecast::*;
/// let options = ForecastOptions { method: Method::Posterior, horizon: 1, ..Default::default() };
/// let step = forecast(&panel, &model, &options).steps[0].as_ref().unwrap()[0];
/// let exposure = panel.exposure(0).unwrap();
/// let expected = (2.67 + f64::from(exposure.x)) / (1.84 + exposure.t); // (b + x)/(a + T)
/// assert!((step.purchases - expected).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ForecastOptions {
    /// The rule.
    pub method: Method,
    /// Number of periods, at least 1.
    pub horizon: u32,
    /// The acquiring day in the chain.
    pub acquisition: Acquisition,
}

impl Default for ForecastOptions {
    fn default() -> Self {
        Self { method: Method::Chain, horizon: 3, acquisition: Acquisition::Drop }
    }
}

/// Forecast purchases of every customer of a panel, in the panel's order.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::forecast::*;
/// let purchases = forecast(&panel, &model, &ForecastOptions::default());
/// assert_eq!(purchases.steps.len(), 793);
/// assert!(purchases.steps.iter().flatten().all(|steps| steps.len() == 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Purchases {
    /// Per customer one step per period; `None` where the rule has nothing to start from.
    pub steps: Vec<Option<Vec<Step>>>,
}

/// Forecasts the purchases of all customers of `panel`.
///
/// Point and chain need an active period; posterior needs a purchase.
///
/// ```
/// # use clvcast::{fit::FittedModel, forecast::{forecast, ForecastOptions}, ledger::*, panel::*, progress::Silent};
/// # let dir = std::env::temp_dir().join(format!("clvcast-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&dir).unwrap();
/// # let file = dir.join("t.csv");
/// # std::fs::write(&file, "customer,date,amount\nA,2024-01-05,20\nA,2024-05-01,30\nB,2024-02-01,9\nB,2024-06-30,9\n").unwrap();
/// let text = std::fs::read_to_string("models/synlead-2008.json").unwrap();
/// let model = FittedModel::from_json(&text).unwrap();
/// let ledger = read(&[file.display().to_string()], &ReadOptions::default(), &Silent).unwrap();
/// let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent).unwrap();
/// let purchases = forecast(&panel, &model, &ForecastOptions::default());
/// let steps = purchases.steps[0].as_ref().unwrap();
/// assert_eq!(steps.len(), 3);
/// let first = steps[0];
/// assert!((first.purchases * first.value.unwrap() - first.amount.unwrap()).abs() < 1e-9);
/// # std::fs::remove_dir_all(dir).unwrap();
/// ```
#[must_use]
pub fn forecast(panel: &Panel, model: &FittedModel, options: &ForecastOptions) -> Purchases {
    let customers = 0..panel.customers.len();
    let steps = match options.method {
        Method::Point => {
            let states: Vec<Option<State>> = customers.map(|i| panel.state(i)).collect();
            let horizon = options.horizon;
            let empty = states.iter().flatten().flat_map(|s| s.r..s.r + horizon);
            let rule = PointRule::new(model, empty);
            states
                .par_iter()
                .map(|state| state.map(|s| rule.steps(s.r, s.f1, s.m1, horizon)))
                .collect()
        }
        Method::Chain => chain(panel, model, *options),
        Method::Posterior => customers
            .into_par_iter()
            .map(|i| {
                let exposure =
                    panel.exposure(i).filter(|_| panel.customers[i].first_purchase.is_some())?;
                let horizon = options.horizon as usize;
                let mut steps =
                    posterior::purchases(model.frequency.rate(), exposure.x, exposure.t, horizon);
                let value = posterior::value(model, panel.active_amounts(i));
                for step in &mut steps {
                    step.value = value.filter(|_| panel.has_amount);
                    step.amount = step.value.map(|v| v * step.purchases);
                }
                Some(steps)
            })
            .collect(),
    };
    Purchases { steps }
}

/// The rate law a customer's chain starts from.
pub(crate) fn chain_start(
    panel: &Panel,
    law: RateLaw,
    acquisition: Acquisition,
    i: usize,
    state: &State,
) -> RateLaw {
    let r = f64::from(state.r);
    let drops = acquisition == Acquisition::Drop && panel.clock == Clock::FirstPurchase;
    if drops && state.is_acquisition_period {
        let repeats = state.f1.saturating_sub(panel.customers[i].acquisition_purchases);
        law.after(repeats, panel.first_period_remaining(i) + r)
    } else {
        law.after(state.f1, 1.0 + r)
    }
}

fn chain(panel: &Panel, model: &FittedModel, options: ForecastOptions) -> Vec<Option<Vec<Step>>> {
    let starts: Vec<Option<(State, RateLaw)>> = (0..panel.customers.len())
        .into_par_iter()
        .map(|i| {
            let state = panel.state(i)?;
            Some((
                state,
                chain_start(panel, model.frequency.rate(), options.acquisition, i, &state),
            ))
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
    let horizon = options.horizon as usize;
    let chain = FrequencyChain::new(model.frequency.rate(), horizon, distinct.iter().copied());
    let tables: Vec<Vec<ChainSteps>> = distinct.par_iter().map(|law| chain.steps(*law)).collect();
    starts
        .par_iter()
        .map(|start| {
            let (state, law) = start.as_ref()?;
            let steps = &tables[index[&key(*law)]];
            let values = state.m1.and_then(|m1| chain_values(model, m1, state.f1, horizon));
            Some(steps.iter().map(|step| combine(step, values.as_deref())).collect())
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

/// Amount_h = Σ_s E\[f_h; s active periods before\] · (value after s + 1 moves).
fn combine(steps: &ChainSteps, values: Option<&[f64]>) -> Step {
    let purchases = steps.expected_purchases();
    let amount = values.map(|values| steps.purchases.iter().zip(values).map(|(e, v)| e * v).sum());
    Step {
        p_active: steps.p_active(),
        purchases,
        value: amount.map(|amount: f64| amount / purchases),
        amount,
    }
}
