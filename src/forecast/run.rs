//! One rule over a whole panel.

use rayon::prelude::*;

use super::Method;
use super::chained::chain;
use super::distinct::distinct;
use super::factors::{Exposures, ValueFactors};
use super::outlooks::{Prospective, Prospects};
use super::point::PointRule;
use super::purchases::{Count, Own, Purchases, Table, Values};
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::panel::{Panel, State};
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
    match options.method {
        Method::Point => point(panel, model, &timeline),
        Method::Chain => chain(panel, model, &timeline, options.acquisition),
        Method::Posterior => posterior(panel, model, &timeline),
    }
    .into()
}

/// What point and chain begin with: every customer with its state, where it has one. They exist for
/// the NBD, whose customers stay.
pub(super) fn of_state(
    panel: &Panel,
    factors: &ValueFactors,
    i: usize,
    own: &mut Own,
) -> Option<State> {
    own.p_alive = Slot::new(panel.customers[i].first_purchase.map(|_| 1.0));
    let state = panel.state(i)?;
    own.level = factors.of_customer(panel, i);
    own.base = Slot::new(factors.law_value(own.level, &state));
    Some(state)
}

fn point(panel: &Panel, model: &FittedModel, timeline: &Timeline) -> Table {
    let exposures = Exposures::new(panel, timeline);
    let factors = ValueFactors::new(panel, model, timeline);
    let mut own = vec![Own::NONE; panel.customers.len()];
    let (place, states) = distinct(&mut own, |i, own| {
        let State { r, f1, .. } = of_state(panel, &factors, i, own)?;
        Some(((r, f1), (r, f1)))
    });
    let rule = PointRule::new(model, states.iter().map(|state| state.0), exposures.ahead());
    let counts = states.iter().flat_map(|&(r, f1)| rule.counts(r, f1)).collect();
    own.par_iter_mut().for_each(|own| {
        let value = own.base.get().and_then(|m1| rule.value(m1));
        own.base = Slot::new(value.map(|(m, t)| m * t));
    });
    let values = Values::Steady { ahead: factors.ahead().to_vec() };
    Table { horizon: exposures.ahead().len(), place, counts, own, values, scores: true }
}

fn posterior(panel: &Panel, model: &FittedModel, timeline: &Timeline) -> Table {
    let factors = ValueFactors::new(panel, model, timeline);
    let prospects = Prospects::new(panel, &model.frequency, timeline);
    let mut own = vec![Own::NONE; panel.customers.len()];
    own.par_iter_mut().enumerate().for_each(|(i, own)| {
        own.p_alive = Slot::new(prospects.p_alive(i));
        own.level = factors.of_customer(panel, i);
        let values = factors.law_values(own.level, panel, i);
        own.base = Slot::new(posterior_value(panel, model, values));
    });
    let count =
        |period: &Prospective| Count { p_active: period.p_active, purchases: period.purchases };
    let Prospects { place, distinct, .. } = prospects;
    let counts = distinct.iter().flat_map(|prospect| prospect.periods.iter().map(count)).collect();
    let values = Values::Steady { ahead: factors.ahead().to_vec() };
    Table { horizon: timeline.horizon().len(), place, counts, own, values, scores: false }
}

/// Expected value per purchase given the values (f, m) of a customer's active periods, money:
/// p (k + S)/(p h_i + q − 1); `None` without amounts or where the expectation is infinite.
fn posterior_value(
    panel: &Panel,
    model: &FittedModel,
    values: impl Iterator<Item = (u32, f64)>,
) -> Option<f64> {
    let monetary = model.monetary.filter(|_| panel.has_amount)?;
    let (weight, sum) = values.fold((0.0, 0.0), |(weight, sum), (f, m)| {
        let w = monetary.form.weight(f);
        (weight + w, sum + w * m)
    });
    monetary.law.after(weight, sum).mean()
}
