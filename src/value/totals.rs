//! Sums over the customers of a forecast.

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

fn add(sum: &mut Option<f64>, value: Option<f64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0.0) + value);
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
        let periods = vec![PeriodTotals::default(); forecast.labels.len()];
        let mut totals = Self { periods, ..Self::default() };
        for i in customers {
            let flags = forecast.flags(i);
            totals.customers += 1;
            totals.without_active_period += usize::from(flags.has(Flag::NoActivePeriod));
            totals.infinite_mean += usize::from(flags.has(Flag::InfiniteMean));
            add(&mut totals.amount, forecast.amount_total(i));
            add(&mut totals.gross_profit, forecast.gross_profit_total(i));
            let Some(periods) = forecast.periods(i) else {
                totals.without_forecast += 1;
                continue;
            };
            for (sum, period) in totals.periods.iter_mut().zip(periods) {
                sum.active_customers += period.step.p_active;
                sum.purchases += period.step.purchases;
                add(&mut sum.amount, period.step.amount);
                add(&mut sum.cost, period.cost);
                add(&mut sum.expense, period.expense);
                add(&mut sum.gross_profit, period.gross_profit);
            }
        }
        totals
    }
}
