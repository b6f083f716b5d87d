//! The forecasts that managers make without a model.

use super::facts::Facts;
use super::outcomes::{Outcomes, PerPeriod};
use crate::panel::{Panel, Period};
use crate::value::MoneyRules;

/// A rule of thumb that every model should beat. With v_j what a customer did in past period j (0
/// the last one), H periods to come and Y periods a year:
///
/// ```text
/// last-periods  v̂_h = v_(h−H)                                 with fewer than H periods of history, all of it in turn
/// year-ago      v̂_h = v_(h−Y), v_(h−2Y) where h > Y, …
/// own-mean      v̂_h = Σ_j v_j / n                             n periods from that of the first purchase on
/// growth        v̂_h = G · year-ago,   G = Σ v of the last Y periods / Σ v of the Y before, all customers
/// ```
///
/// Y is 12 months, 4 quarters, 1 year, 52 weeks, or the nearest number of periods to 365 days.
///
/// ```
/// use clvcast::{evaluate::Baseline, panel::Period};
/// assert_eq!(Baseline::ALL.map(Baseline::name), ["last-periods", "year-ago", "own-mean", "growth"]);
/// assert_eq!(Baseline::year(Period::Days(91)), 4); // 364 days
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Baseline {
    /// The last periods come again, each in its place.
    LastPeriods,
    /// The same periods of a year ago come again.
    YearAgo,
    /// Every period is the customer's mean one.
    OwnMean,
    /// The company's growth on the periods of a year ago.
    Growth,
}

/// Why a baseline has nothing to say.
///
/// ```
/// use clvcast::evaluate::BaselineError;
/// let error = BaselineError::ShortHistory { needed: 8, found: 3 };
/// assert_eq!(error.to_string(), "needs 8 periods of history, found 3");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It looks further back than the history goes.
    #[error("needs {needed} periods of history, found {found}")]
    ShortHistory {
        /// Periods needed.
        needed: u32,
        /// Periods found.
        found: u32,
    },
    /// Growth from nothing.
    #[error("nobody purchased in the year before the last one, so there is no growth to apply")]
    NoGrowth,
}

impl Baseline {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::LastPeriods, Self::YearAgo, Self::OwnMean, Self::Growth];

    /// The name in tables and files, where a method has its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LastPeriods => "last-periods",
            Self::YearAgo => "year-ago",
            Self::OwnMean => "own-mean",
            Self::Growth => "growth",
        }
    }

    /// Periods of a year.
    #[must_use]
    pub const fn year(period: Period) -> u32 {
        const YEAR: u32 = 365;
        match period {
            Period::Month => 12,
            Period::Quarter => 4,
            Period::Year => 1,
            Period::Week => 52,
            Period::Days(days) => match (YEAR + days / 2).checked_div(days) {
                Some(nearest) if nearest > 0 => nearest,
                _ => 1,
            },
        }
    }

    /// What it forecasts for the customers of a panel, in the panel's order.
    ///
    /// # Errors
    /// [`BaselineError`] where it looks further back than the history goes, or nobody purchased
    /// where its growth begins.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// use clvcast::{evaluate::Baseline, predict::Window, value::MoneyRules};
    /// let forecast = Baseline::YearAgo.forecast(&panel, 3, &MoneyRules::default())?;
    /// let then = panel.company[12].purchases as f64; // 2017-Q1
    /// assert_eq!(forecast.purchases.sum(Window::Period(0)), then);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn forecast(
        self,
        panel: &Panel,
        horizon: u32,
        rules: &MoneyRules,
    ) -> Result<Outcomes, BaselineError> {
        let past = Past { panel, facts: Facts::new(panel, rules) };
        let year = Self::year(panel.grid.period());
        let horizon = horizon as usize;
        match self {
            Self::LastPeriods => {
                let cycle = horizon.min(panel.periods as usize);
                Ok(past.outcomes(horizon, |i| past.repeated(i, cycle, horizon)))
            }
            Self::OwnMean => Ok(past.outcomes(horizon, |i| past.mean(i, horizon))),
            Self::YearAgo => {
                needs(panel, year)?;
                let year = year as usize;
                Ok(past.outcomes(horizon, |i| past.repeated(i, year, horizon)))
            }
            Self::Growth => {
                needs(panel, 2 * year)?;
                let year = year as usize;
                let growth = past.growth(year);
                let [Some(purchases), amount, profit] = growth else {
                    return Err(BaselineError::NoGrowth);
                };
                let factors = [purchases, amount.unwrap_or(0.0), profit.unwrap_or(0.0)];
                let outcomes = past.outcomes(horizon, |i| {
                    let mut periods = past.repeated(i, year, horizon);
                    for period in &mut periods {
                        for (value, factor) in period.iter_mut().zip(factors) {
                            *value *= factor;
                        }
                    }
                    periods
                });
                Ok(Outcomes {
                    amount: outcomes.amount.filter(|_| amount.is_some()),
                    gross_profit: outcomes.gross_profit.filter(|_| profit.is_some()),
                    ..outcomes
                })
            }
        }
    }
}

const fn needs(panel: &Panel, needed: u32) -> Result<(), BaselineError> {
    let found = panel.periods;
    if found < needed { Err(BaselineError::ShortHistory { needed, found }) } else { Ok(()) }
}

/// A panel's past, customer by customer.
struct Past<'a> {
    panel: &'a Panel,
    facts: Facts<'a>,
}

impl Past<'_> {
    /// The last `cycle` periods of customer `i`, over and over until the horizon is full.
    fn repeated(&self, i: usize, cycle: usize, horizon: usize) -> Vec<[f64; 3]> {
        let mut last = vec![[0.0; 3]; cycle];
        for cell in self.panel.customer_cells(i).iter().rev() {
            let ago = cell.period.0.unsigned_abs() as usize;
            if ago >= cycle {
                break;
            }
            last[cycle - 1 - ago] = self.facts.of(cell);
        }
        (0..horizon).map(|h| last[h % cycle]).collect()
    }

    /// The mean period of customer `i` since the one of its first purchase; 0 without one.
    fn mean(&self, i: usize, horizon: usize) -> Vec<[f64; 3]> {
        let Some(first) = self.panel.customers[i].first_purchase else {
            return vec![[0.0; 3]; horizon];
        };
        let periods = 1.0 + f64::from(self.panel.grid.index(first).0.unsigned_abs());
        let mut sum = [0.0; 3];
        for cell in self.panel.customer_cells(i) {
            for (sum, value) in sum.iter_mut().zip(self.facts.of(cell)) {
                *sum += value;
            }
        }
        vec![sum.map(|sum| sum / periods); horizon]
    }

    /// The last year over the year before, of all customers together; `None` where the year before
    /// has nothing to grow from.
    fn growth(&self, year: usize) -> [Option<f64>; 3] {
        let mut years = [[0.0; 3]; 2];
        for cell in &self.panel.cells {
            let ago = cell.period.0.unsigned_abs() as usize / year;
            if let Some(sums) = years.get_mut(ago) {
                for (sum, value) in sums.iter_mut().zip(self.facts.of(cell)) {
                    *sum += value;
                }
            }
        }
        let [last, before] = years;
        [0, 1, 2].map(|k| (before[k] > 0.0).then(|| last[k] / before[k]))
    }

    fn outcomes(&self, horizon: usize, of: impl Fn(usize) -> Vec<[f64; 3]>) -> Outcomes {
        let customers = self.panel.customers.len();
        let mut sums = [(); 3].map(|()| PerPeriod::zeros(customers, horizon));
        for i in 0..customers {
            for (h, values) in of(i).into_iter().enumerate() {
                for (sum, value) in sums.iter_mut().zip(values) {
                    sum.of_mut(i)[h] = value;
                }
            }
        }
        let [purchases, amount, gross_profit] = sums;
        Outcomes {
            purchases,
            amount: self.facts.has_amount().then_some(amount),
            gross_profit: self.facts.has_profit().then_some(gross_profit),
        }
    }
}
