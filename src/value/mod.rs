//! From purchases to CRM gross profit: margin, expense, overrides, flags and totals.
//!
//! ```text
//! gross profit = amount − product cost − relationship-marketing expense
//! product cost = amount · (1 − margin)
//! ```
//!
//! [`evaluate`] applies the rules to every customer; history stays exact decimals, forecasts are
//! floats, and nothing is rounded.
//!
//! ```
//! use clvcast::value::{ExpenseRule, Operation};
//! // An amount of 100 at a margin of 35 % that the company cuts by 5 points.
//! let margin = Operation::Add(-0.05).apply(Some(0.35)).unwrap();
//! let expense = ExpenseRule { rate: 0.1, floor: 5.0 }.expense(100.0);
//! let gross_profit: f64 = 100.0 - 100.0 * (1.0 - margin) - expense;
//! assert!((gross_profit - 20.0).abs() < 1e-12);
//! ```

mod decision;
mod expense;
mod flags;
mod forecast;
mod margin;
mod margin_noise;
mod override_error;
mod overrides;
mod plan;
mod profit;
mod totals;

pub use decision::{Decision, Field, Operation};
pub use expense::ExpenseRule;
pub use flags::{Flag, Flags};
pub use forecast::{CustomerForecast, Forecast, PeriodForecast};
pub use margin::{CompanyMargins, MarginRule, PooledMargins};
pub use override_error::OverrideError;
pub use overrides::Overrides;
pub(crate) use plan::{MoneyPlan, PeriodMoney};
pub use profit::{MoneyRules, RuleError, evaluate, other_margin_rule, total_gross_profit};
pub use totals::{PeriodTotals, Totals};
