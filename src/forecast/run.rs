//! One rule over a whole panel.

use rayon::prelude::*;

use super::Method;
use super::chained::chain;
use super::distinct::{NOWHERE, distinct};
use super::factors::{Exposures, ValueFactors};
use super::outlooks::{Prospective, Prospects};
use super::point::PointRule;
use super::purchases::{Count, Money, Purchases, Table};
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::panel::Panel;
use crate::units::Slot;

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
/// let purchases = forecast(&panel, &model, &options);
/// let first = purchases.steps(i).unwrap().next().unwrap();
/// let plain = (2.67 + f64::from(state.f1)) / (1.84 + 1.0 + f64::from(state.r));
/// assert!((first.purchases - plain).abs() < 1e-12); // (b + f1)/(a + 1 + r)
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
/// let step = forecast(&panel, &model, &options).steps(0).unwrap().next().unwrap();
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
/// let mut steps = purchases.steps(0).unwrap();
/// assert_eq!(steps.len(), 3);
/// let first = steps.next().unwrap();
/// assert!((first.purchases * first.value.unwrap() - first.amount.unwrap()).abs() < 1e-9);
/// # std::fs::remove_dir_all(dir).unwrap();
/// ```
#[must_use]
pub fn forecast(panel: &Panel, model: &FittedModel, options: &ForecastOptions) -> Purchases {
    let timeline = Timeline::new(panel, model.calendar.as_ref(), options.horizon);
    // Point and chain exist for the NBD, whose customers stay.
    let stays = || panel.customers.iter().map(|c| Slot::new(c.first_purchase.map(|_| 1.0)));
    let (Forecasts { place, counts, money }, p_alive) = match options.method {
        Method::Point => (point(panel, model, &timeline), stays().collect()),
        Method::Chain => (chain(panel, model, &timeline, options.acquisition), stays().collect()),
        Method::Posterior => posterior(panel, model, &timeline),
    };
    Table { horizon: timeline.horizon().len(), place, counts, money, p_alive }.into()
}

/// What a rule finds for all customers; see [`Table`].
pub(super) struct Forecasts {
    pub(super) place: Vec<u32>,
    pub(super) counts: Vec<Count>,
    pub(super) money: Vec<Money>,
}

/// Customers that one thread values at a time.
const BLOCK: usize = 4096;

/// The money of all customers, block by block in parallel: `fill` is given each customer of a block
/// with its periods, and leaves those alone that have none. Empty without amounts or their law.
pub(super) fn money(
    panel: &Panel,
    model: &FittedModel,
    horizon: usize,
    fill: impl Fn(&mut dyn Iterator<Item = (usize, &mut [Money])>) + Sync,
) -> Vec<Money> {
    if !panel.has_amount || model.monetary.is_none() || horizon == 0 {
        return Vec::new();
    }
    let mut money = vec![Money::NONE; panel.customers.len() * horizon];
    money.par_chunks_mut(BLOCK * horizon).enumerate().for_each(|(block, money)| {
        fill(&mut (block * BLOCK..).zip(money.chunks_exact_mut(horizon)));
    });
    money
}

fn point(panel: &Panel, model: &FittedModel, timeline: &Timeline) -> Forecasts {
    let exposures = Exposures::new(panel, timeline);
    let factors = ValueFactors::new(panel, model, timeline);
    let state = |i| panel.state(i).map(|state| (state.r, state.f1));
    let states: Vec<_> = (0..panel.customers.len()).into_par_iter().map(state).collect();
    let (place, states) = distinct(states.into_iter().map(|key| key.map(|key| (key, key))));
    let rule = PointRule::new(model, states.iter().map(|state| state.0), exposures.ahead());
    let counts: Vec<Count> = states.iter().flat_map(|&(r, f1)| rule.counts(r, f1)).collect();
    let horizon = exposures.ahead().len();
    let money = money(panel, model, horizon, |block| {
        for (i, money) in block {
            let Some(state) = panel.state(i) else { continue };
            let own = factors.of_customer(panel, i);
            let value = factors.law_value(own, &state).and_then(|m1| rule.value(m1));
            let Some((m, t)) = value else { continue };
            let counts = &counts[place[i] as usize * horizon..];
            write(money, m * t, own, &factors, counts);
        }
    });
    Forecasts { place, counts, money }
}

fn posterior(panel: &Panel, model: &FittedModel, timeline: &Timeline) -> (Forecasts, Vec<Slot>) {
    let factors = ValueFactors::new(panel, model, timeline);
    let prospects = Prospects::new(panel, &model.frequency, timeline);
    let p_alive = (0..panel.customers.len())
        .map(|i| Slot::new(prospects.of(i).map(|prospect| prospect.p_alive)))
        .collect();
    let Prospects { place, distinct } = prospects;
    let count =
        |period: &Prospective| Count { p_active: period.p_active, purchases: period.purchases };
    let counts: Vec<Count> =
        distinct.iter().flat_map(|prospect| prospect.periods.iter().map(count)).collect();
    let horizon = timeline.horizon().len();
    let money = money(panel, model, horizon, |block| {
        for (i, money) in block {
            let value = posterior_value(model, factors.values(panel, i));
            let Some(value) = value.filter(|_| place[i] != NOWHERE) else { continue };
            let counts = &counts[place[i] as usize * horizon..];
            write(money, value, factors.of_customer(panel, i), &factors, counts);
        }
    });
    (Forecasts { place, counts, money }, p_alive)
}

/// A value of the law, brought to the level of each coming period, and its amounts.
fn write(money: &mut [Money], value: f64, own: f64, factors: &ValueFactors, counts: &[Count]) {
    for ((money, v), count) in money.iter_mut().zip(factors.ahead()).zip(counts) {
        let value = value * (v * own);
        *money = Money::new(Some(value), Some(value * count.purchases));
    }
}

/// Expected value per purchase given the values (f, m) of a customer's active periods, money:
/// p (k + S)/(p h_i + q − 1); `None` without amounts or where the expectation is infinite.
fn posterior_value(model: &FittedModel, values: impl Iterator<Item = (u32, f64)>) -> Option<f64> {
    let monetary = model.monetary?;
    let (weight, sum) = values.fold((0.0, 0.0), |(weight, sum), (f, m)| {
        let w = monetary.form.weight(f);
        (weight + w, sum + w * m)
    });
    monetary.law.after(weight, sum).mean()
}
