//! Purchases period by period: what happened against what the model expects.

use super::cohorts::Cohorts;
use super::table::Table;
use crate::fit::FittedModel;
use crate::panel::{Clock, Panel, PeriodIndex};
use crate::predict::{NINETY, Sample, Target, Window, quantile};
use crate::units::Day;

/// One period of a [`Tracking`].
#[derive(Debug, Clone, PartialEq)]
pub struct TrackedPeriod {
    /// Its label.
    pub label: String,
    /// Its first day.
    pub start: Day,
    /// Its last day.
    pub end: Day,
    /// Purchases made in it; `None` where they are still to come.
    pub actual: Option<f64>,
    /// Purchases expected in it.
    pub expected: f64,
    /// 5 % and 95 % quantile of the purchases in it, where the future was drawn.
    pub interval: Option<(f64, f64)>,
    /// Purchases made up to its end.
    pub cumulative_actual: Option<f64>,
    /// Purchases expected up to its end; those of coming periods are added to what happened.
    pub cumulative_expected: f64,
    /// 5 % and 95 % quantile of the purchases up to its end.
    pub cumulative_interval: Option<(f64, f64)>,
}

/// Purchases of the whole base by period, past and coming.
///
/// Under the first-purchase clock these are repeat purchases (after each customer's first purchase
/// day), under the panel clock all. The past is expected by the fitted law from each customer's
/// first day on, without looking at what it did: Σ_i E\[Y(t0 − d_i, t1 − d_i)\]. Coming periods are
/// those of the forecast, which knows all histories.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// use clvcast::plots::Tracking;
/// let tracking = Tracking::new(&panel, &model, None).unwrap().ahead(&panel, &[900.0], None);
/// let now = &tracking.periods[15];
/// assert_eq!(now.label, "2017-Q4");
/// let repeats: u64 = panel.repeats_by_day.iter().sum();
/// assert_eq!(now.cumulative_actual, Some(repeats as f64));
/// assert_eq!(tracking.periods[16].cumulative_expected, repeats as f64 + 900.0);
/// assert!(tracking.to_csv().starts_with("period,start,end,actual,expected,"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Tracking {
    /// The periods, oldest first.
    pub periods: Vec<TrackedPeriod>,
    /// How many of them are past.
    pub past: usize,
    /// Whether first purchases are left out.
    pub repeats: bool,
    /// Name of the frequency model.
    pub law: String,
}

impl Tracking {
    /// The past of a panel under a model; `base` is the number of customers where it is known from
    /// elsewhere (panel clock). `None` where the law has no expectation for the base.
    #[must_use]
    pub fn new(panel: &Panel, model: &FittedModel, base: Option<u64>) -> Option<Self> {
        let expected = Cohorts::new(panel, model, base).by_period()?;
        let (mut made, mut modelled) = (0.0, 0.0);
        let periods = (panel.first_period().0..=0).map(PeriodIndex).zip(expected);
        let periods = periods.map(|(index, expected)| {
            let actual = purchases(panel, index);
            made += actual;
            modelled += expected;
            TrackedPeriod {
                label: panel.grid.label(index),
                start: panel.grid.start(index),
                end: panel.grid.end(index),
                actual: Some(actual),
                expected,
                interval: None,
                cumulative_actual: Some(made),
                cumulative_expected: modelled,
                cumulative_interval: None,
            }
        });
        let periods: Vec<TrackedPeriod> = periods.collect();
        let past = periods.len();
        let repeats = panel.clock == Clock::FirstPurchase;
        Some(Self { periods, past, repeats, law: model.frequency.name().to_owned() })
    }

    /// Adds coming periods: expected purchases of the base in each, and draws of the same.
    #[must_use]
    pub fn ahead(mut self, panel: &Panel, expected: &[f64], sample: Option<&Sample>) -> Self {
        let made = self.periods.last().and_then(|p| p.cumulative_actual).unwrap_or(0.0);
        let sample = sample.filter(|sample| sample.horizon() >= expected.len());
        let mut futures = vec![made; sample.map_or(0, Sample::draws)];
        let mut cumulative_expected = made;
        for (h, (index, &expected)) in (1..).zip(expected).enumerate() {
            let index = PeriodIndex(index);
            let draws = sample.and_then(|s| s.of(Target::Purchases, Window::Period(h)));
            for (future, drawn) in futures.iter_mut().zip(draws.iter().flatten()) {
                *future += drawn;
            }
            cumulative_expected += expected;
            self.periods.push(TrackedPeriod {
                label: panel.grid.label(index),
                start: panel.grid.start(index),
                end: panel.grid.end(index),
                actual: None,
                expected,
                interval: draws.and_then(central),
                cumulative_actual: None,
                cumulative_expected,
                cumulative_interval: central(futures.clone()),
            });
        }
        self
    }

    /// Adds what happened in the coming periods, as known in a backtest.
    #[must_use]
    pub fn happened(mut self, actual: &[f64]) -> Self {
        let mut made = self.made();
        for (period, &actual) in self.periods.iter_mut().skip(self.past).zip(actual) {
            made += actual;
            period.actual = Some(actual);
            period.cumulative_actual = Some(made);
        }
        self
    }

    /// Purchases made up to the as-of date.
    #[must_use]
    pub fn made(&self) -> f64 {
        let now = self.past.checked_sub(1).and_then(|last| self.periods.get(last));
        now.and_then(|period| period.cumulative_actual).unwrap_or(0.0)
    }

    /// One row per period.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut table = Table::new(&[
            "period",
            "start",
            "end",
            "actual",
            "expected",
            "p05",
            "p95",
            "cumulative_actual",
            "cumulative_expected",
            "cumulative_p05",
            "cumulative_p95",
        ]);
        for p in &self.periods {
            table.row(&[
                &p.label,
                &p.start.to_string(),
                &p.end.to_string(),
                &p.actual,
                &p.expected,
                &p.interval.map(|i| i.0),
                &p.interval.map(|i| i.1),
                &p.cumulative_actual,
                &p.cumulative_expected,
                &p.cumulative_interval.map(|i| i.0),
                &p.cumulative_interval.map(|i| i.1),
            ]);
        }
        table.text()
    }
}

/// Purchases in a period of the past that the clock counts.
fn purchases(panel: &Panel, index: PeriodIndex) -> f64 {
    let grid = &panel.grid;
    let made: u64 = match panel.clock {
        Clock::Panel => {
            panel.company.iter().find(|c| c.period == index).map_or(0, |company| company.purchases)
        }
        Clock::FirstPurchase => {
            let ago = |day: Day| usize::try_from(grid.as_of().since(day)).unwrap_or(0);
            let days = &panel.repeats_by_day;
            let from = ago(grid.end(index)).min(days.len());
            let to = (ago(grid.start(index)) + 1).min(days.len());
            days[from..to].iter().sum()
        }
    };
    made as f64
}

/// The central interval of draws.
fn central(mut draws: Vec<f64>) -> Option<(f64, f64)> {
    let [low, high] = NINETY.map(|level| quantile(&mut draws, level));
    Some((low?, high?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_leaves_a_twentieth_at_each_side() {
        let draws = (1..=100).rev().map(f64::from).collect();
        assert_eq!(central(draws), Some((5.0, 95.0)));
        assert_eq!(central(vec![7.0]), Some((7.0, 7.0)));
        assert_eq!(central(Vec::new()), None);
    }
}
