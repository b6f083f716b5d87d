//! Who is still there and who may come, in words.

use super::numbers::{count, decimal, money};
use crate::fit::FittedModel;
use crate::forecast::{Newcomers, newcomers};
use crate::panel::Panel;
use crate::value::Forecast;

/// How many customers are expected not to have left; nothing where customers never leave.
pub(super) fn alive(forecast: &Forecast) -> String {
    let known: Vec<f64> = (0..forecast.len()).filter_map(|i| forecast.p_alive(i)).collect();
    if known.iter().all(|&p| p == 1.0) {
        return String::new();
    }
    let still: f64 = known.iter().sum();
    format!(
        "Of {} customers, {} are expected not to have left.\n",
        count(known.len() as u64),
        decimal(still, 1)
    )
}

/// What customers yet to come may add; nothing where history does not say.
pub(super) fn yet_to_come(panel: &Panel, model: &FittedModel, horizon: u32) -> String {
    let Some(periods) = newcomers(panel, model, horizon) else { return String::new() };
    let sum = |of: fn(&Newcomers) -> f64| periods.iter().map(of).sum::<f64>();
    let amount: Option<f64> = periods.iter().map(|period| period.amount).sum();
    let worth = amount.map(|amount| format!(" worth {}", money(amount))).unwrap_or_default();
    format!(
        "Customers yet to come, in no number above: about {} with {} purchases{worth}, if as many come as in the last year.\n",
        decimal(sum(|period| period.customers), 1),
        decimal(sum(|period| period.purchases), 1),
    )
}
