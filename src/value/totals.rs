//! Sums over the customers of a forecast.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::flags::Flag;
use super::forecast::Forecast;

/// One coming period over all customers; sums are over the customers that have the number.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// let period = Totals::new(&forecast).periods[0];
/// let profit = period.amount.unwrap() - period.cost.unwrap() - period.expense.unwrap();
/// assert!((period.gross_profit.unwrap() - profit).abs() < 1e-3);
/// assert!(period.active_customers < period.purchases); // at least one each
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct PeriodTotals {
    /// Expected active customers (Σ P(active)).
    pub active_customers: f64,
    /// Purchases.
    pub purchases: f64,
    /// Amount, money; `None` where no customer has one.
    pub amount: Option<f64>,
    /// Product cost, money.
    pub cost: Option<f64>,
    /// Relationship-marketing expense, money.
    pub expense: Option<f64>,
    /// CRM gross profit, money.
    pub gross_profit: Option<f64>,
}

/// The portfolio of existing customers.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// let corporate = |segment: &str| segment == "Corporate";
/// let segments = panel.segments.as_ref().unwrap();
/// let rows = (0..forecast.len()).filter(|&i| corporate(&segments[i]));
/// let totals = Totals::of(&forecast, rows);
/// assert!(0 < totals.customers && totals.customers < Totals::new(&forecast).customers);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    /// One per coming period.
    pub periods: Vec<PeriodTotals>,
    /// Amount over the horizon (discounted, if asked for), money.
    pub amount: Option<f64>,
    /// CRM gross profit over the horizon (discounted, if asked for), money.
    pub gross_profit: Option<f64>,
    /// Customers in the forecast.
    pub customers: usize,
    /// Customers whose purchases are not forecast (no purchase, or no active period).
    pub without_forecast: usize,
    /// Customers without an active period.
    pub without_active_period: usize,
    /// Customers with purchases but no finite value.
    pub infinite_mean: usize,
}

/// Customers that are summed one after another. Sums of blocks are added in the order of blocks, so
/// that the last digits do not depend on the threads.
pub(super) const BLOCK: usize = 1 << 16;

/// The sum of the numbers there are.
pub(super) fn added(sum: Option<f64>, value: Option<f64>) -> Option<f64> {
    match (sum, value) {
        (Some(sum), Some(value)) => Some(sum + value),
        (sum, value) => sum.or(value),
    }
}

impl PeriodTotals {
    fn add(&mut self, other: &Self) {
        self.active_customers += other.active_customers;
        self.purchases += other.purchases;
        self.amount = added(self.amount, other.amount);
        self.cost = added(self.cost, other.cost);
        self.expense = added(self.expense, other.expense);
        self.gross_profit = added(self.gross_profit, other.gross_profit);
    }
}

impl Totals {
    /// Sums a forecast, in the order of its customers.
    #[must_use]
    pub fn new(forecast: &Forecast) -> Self {
        Self::of(forecast, 0..forecast.len())
    }

    /// Sums some of a forecast's customers, by their positions.
    #[must_use]
    pub fn of(forecast: &Forecast, customers: impl IntoIterator<Item = usize>) -> Self {
        let customers: Vec<usize> = customers.into_iter().collect();
        let blocks: Vec<Self> =
            customers.par_chunks(BLOCK).map(|block| Self::of_block(forecast, block)).collect();
        let mut totals = Self::none(forecast);
        for block in blocks {
            for (sum, period) in totals.periods.iter_mut().zip(&block.periods) {
                sum.add(period);
            }
            totals.amount = added(totals.amount, block.amount);
            totals.gross_profit = added(totals.gross_profit, block.gross_profit);
            totals.customers += block.customers;
            totals.without_forecast += block.without_forecast;
            totals.without_active_period += block.without_active_period;
            totals.infinite_mean += block.infinite_mean;
        }
        totals
    }

    fn none(forecast: &Forecast) -> Self {
        let periods = vec![PeriodTotals::default(); forecast.labels.len()];
        Self { periods, ..Self::default() }
    }

    fn of_block(forecast: &Forecast, customers: &[usize]) -> Self {
        let mut totals = Self::none(forecast);
        for &i in customers {
            let flags = forecast.flags(i);
            totals.customers += 1;
            totals.without_active_period += usize::from(flags.has(Flag::NoActivePeriod));
            totals.infinite_mean += usize::from(flags.has(Flag::InfiniteMean));
            totals.amount = added(totals.amount, forecast.amount_total(i));
            totals.gross_profit = added(totals.gross_profit, forecast.gross_profit_total(i));
            let Some(periods) = forecast.periods(i) else {
                totals.without_forecast += 1;
                continue;
            };
            for (sum, period) in totals.periods.iter_mut().zip(periods) {
                sum.add(&PeriodTotals {
                    active_customers: period.step.p_active,
                    purchases: period.step.purchases,
                    amount: period.step.amount,
                    cost: period.cost,
                    expense: period.expense,
                    gross_profit: period.gross_profit,
                });
            }
        }
        totals
    }
}
