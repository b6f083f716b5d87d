//! Sums over the customers of a forecast.

use serde::{Deserialize, Serialize};

use super::profit::{CustomerForecast, Forecast};

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
/// let rows = forecast.customers.iter().filter(|row| corporate(&segments[row.customer]));
/// let totals = Totals::of(forecast.labels.len(), rows);
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
        Self::of(forecast.labels.len(), forecast.customers.iter())
    }

    /// Sums some of a forecast's customers over that many periods.
    pub fn of<'a>(
        horizon: usize,
        customers: impl IntoIterator<Item = &'a CustomerForecast>,
    ) -> Self {
        use super::flags::Flag;
        let mut totals =
            Self { periods: vec![PeriodTotals::default(); horizon], ..Self::default() };
        for row in customers {
            totals.customers += 1;
            totals.without_forecast += usize::from(row.periods.is_empty());
            totals.without_active_period += usize::from(row.flags.has(Flag::NoActivePeriod));
            totals.infinite_mean += usize::from(row.flags.has(Flag::InfiniteMean));
            for (sum, period) in totals.periods.iter_mut().zip(&row.periods) {
                sum.active_customers += period.step.p_active;
                sum.purchases += period.step.purchases;
                add(&mut sum.amount, period.step.amount);
                add(&mut sum.cost, period.cost);
                add(&mut sum.expense, period.expense);
                add(&mut sum.gross_profit, period.gross_profit);
            }
            add(&mut totals.amount, row.amount_total);
            add(&mut totals.gross_profit, row.gross_profit_total);
        }
        totals
    }
}
