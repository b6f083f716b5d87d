//! One rule over a whole panel.

use rayon::prelude::*;

use super::chained::chain;
use super::factors::{Exposures, ValueFactors};
use super::outlooks::{Prospective, Prospects};
use super::point::PointRule;
use super::{Method, Step};
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::panel::{Panel, State};

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
    /// Per customer P(has not left by the as-of date), 1 where customers never leave; `None`
    /// without a purchase.
    pub p_alive: Vec<Option<f64>>,
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
    let timeline = Timeline::new(panel, model.calendar.as_ref(), options.horizon);
    // Point and chain exist for the NBD, whose customers stay.
    let mut p_alive: Vec<Option<f64>> =
        panel.customers.iter().map(|c| c.first_purchase.map(|_| 1.0)).collect();
    let steps = match options.method {
        Method::Point => {
            let states: Vec<Option<State>> = customers.map(|i| panel.state(i)).collect();
            let exposures = Exposures::new(panel, &timeline);
            let factors = ValueFactors::new(panel, model, &timeline);
            let empty = states.iter().flatten().map(|state| state.r);
            let rule = PointRule::new(model, empty, exposures.ahead());
            states
                .par_iter()
                .enumerate()
                .map(|(i, state)| {
                    let state = state.as_ref()?;
                    let m1 = factors.last_value(panel, i, state);
                    Some(rule.steps(state.r, state.f1, m1, &factors.levels(panel, i)))
                })
                .collect()
        }
        Method::Chain => chain(panel, model, &timeline, options.acquisition),
        Method::Posterior => {
            let factors = ValueFactors::new(panel, model, &timeline);
            let prospects = Prospects::new(panel, &model.frequency, &timeline);
            p_alive = customers.clone().map(|i| Some(prospects.of(i)?.p_alive)).collect();
            customers
                .into_par_iter()
                .map(|i| {
                    let prospect = prospects.of(i)?;
                    let value = posterior_value(model, factors.values(panel, i));
                    let value = value.filter(|_| panel.has_amount);
                    let step = |(period, level): (&Prospective, f64)| {
                        let value = value.map(|v| v * level);
                        Step {
                            p_active: period.p_active,
                            purchases: period.purchases,
                            value,
                            amount: value.map(|v| v * period.purchases),
                        }
                    };
                    let levels = factors.levels(panel, i);
                    Some(prospect.periods.iter().zip(levels).map(step).collect())
                })
                .collect()
        }
    };
    Purchases { steps, p_alive }
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
