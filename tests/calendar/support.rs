//! Panels of the data that ship, forecasts and what came true.

use std::collections::HashMap;

use clvcast::fit::{FitOptions, FittedModel, FrequencyKind, SeasonChoice, TrendChoice, fit};
use clvcast::forecast::{ForecastOptions, Method, forecast};
use clvcast::ledger::{Ledger, ReadOptions, read};
use clvcast::panel::{Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::units::Day;

/// Sub-periods of a week, as on the command line.
pub(crate) const PDO: FrequencyKind = FrequencyKind::Pdo { tau: 7 };

pub(crate) fn day(text: &str) -> Day {
    let parts: Vec<i16> = text.split('-').map(|part| part.parse().expect("a number")).collect();
    let small = |i: usize| i8::try_from(parts[i]).expect("a month or a day");
    Day::from_ymd(parts[0], small(1), small(2)).expect("a day")
}

pub(crate) fn ledger(file: &str) -> Ledger {
    read(&[file.to_owned()], &ReadOptions::default(), &Silent).expect("the ledger is readable")
}

pub(crate) fn superstore() -> Ledger {
    ledger("data/superstore.csv")
}

/// The 1/10 sample of Fader & Hardie.
pub(crate) fn cdnow() -> Ledger {
    ledger("data/cdnow-sample.csv")
}

/// Orders of $0 are kept in CDNOW, as in what was published; Superstore has none.
pub(crate) fn panel(ledger: &Ledger, period: Period, as_of: &str) -> Panel {
    let (as_of, zero_orders) = (Some(day(as_of)), ZeroOrders::Count);
    let options = PanelOptions { as_of, zero_orders, ..PanelOptions::new(period) };
    Panel::build(ledger, &options, &Silent).expect("a panel")
}

pub(crate) fn options(
    frequency: FrequencyKind,
    season: SeasonChoice,
    trend: TrendChoice,
) -> FitOptions {
    FitOptions { frequency, season, trend, ..FitOptions::default() }
}

pub(crate) fn plain(frequency: FrequencyKind) -> FitOptions {
    options(frequency, SeasonChoice::None, TrendChoice::None)
}

pub(crate) fn fitted(panel: &Panel, options: &FitOptions) -> FittedModel {
    fit(panel, options).expect("a fit")
}

/// Expected purchases of every customer, period by period.
pub(crate) fn purchases(panel: &Panel, model: &FittedModel, horizon: u32) -> Vec<Vec<f64>> {
    let options =
        ForecastOptions { method: Method::Posterior, horizon, ..ForecastOptions::default() };
    let forecast = forecast(panel, model, &options);
    let steps = forecast.iter().map(|steps| steps.expect("everybody has purchased"));
    steps.map(|steps| steps.map(|step| step.purchases).collect()).collect()
}

/// The purchases that the customers of `panel` made in the next three periods.
pub(crate) fn actual(ledger: &Ledger, panel: &Panel) -> Vec<[f64; 3]> {
    let grid = &panel.grid;
    let last = grid.end(clvcast::panel::PeriodIndex(3)).to_string();
    let later = self::panel(ledger, grid.period(), &last);
    let place: HashMap<&str, usize> =
        later.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    let of = |id: &String| {
        let mut counts = [0.0; 3];
        for cell in later.customer_cells(place[id.as_str()]) {
            if let Ok(h @ 0..3) = usize::try_from(cell.period.0 + 2) {
                counts[h] += f64::from(cell.purchases);
            }
        }
        counts
    };
    panel.ids.iter().map(of).collect()
}

/// A forecast of three periods against what came true.
#[derive(Debug)]
pub(crate) struct Held {
    /// Expected purchases by period.
    pub(crate) periods: [f64; 3],
    /// Purchases by period.
    pub(crate) actual: [f64; 3],
    /// Mean over customers of |expected − actual| of the three periods together.
    pub(crate) mae: f64,
}

impl Held {
    pub(crate) fn new(ledger: &Ledger, panel: &Panel, model: &FittedModel) -> Self {
        let (found, truth) = (purchases(panel, model, 3), actual(ledger, panel));
        let by_period = |h: usize| found.iter().map(|steps| steps[h]).sum();
        let truly = |h: usize| truth.iter().map(|counts| counts[h]).sum();
        let errors = found
            .iter()
            .zip(&truth)
            .map(|(steps, counts)| (steps.iter().sum::<f64>() - counts.iter().sum::<f64>()).abs());
        Self {
            mae: errors.sum::<f64>() / truth.len() as f64,
            periods: std::array::from_fn(by_period),
            actual: std::array::from_fn(truly),
        }
    }

    /// Expected over actual purchases of the three periods, less 1.
    pub(crate) fn bias(&self) -> f64 {
        self.periods.iter().sum::<f64>() / self.actual.iter().sum::<f64>() - 1.0
    }
}

/// ln L of the fit, that of the calendar included.
pub(crate) fn log_likelihood(model: &FittedModel) -> f64 {
    model.fit.as_ref().and_then(|fit| fit.frequency.log_likelihood).expect("finite")
}

pub(crate) fn warnings(model: &FittedModel) -> &[String] {
    &model.fit.as_ref().expect("fitted").warnings
}

/// Whether a warning with these words was given.
pub(crate) fn says(model: &FittedModel, words: &str) -> bool {
    warnings(model).iter().any(|warning| warning.contains(words))
}
