//! From purchases to CRM gross profit: margin, expense, overrides, flags and totals.
//!
//! ```text
//! gross profit = amount − product cost − relationship-marketing expense
//! product cost = amount · (1 − margin)
//! ```
//!
//! [`evaluate`] applies the rules to every customer; history stays exact decimals, forecasts are
//! floats, and nothing is rounded.

mod expense;
mod flags;
mod margin;
mod overrides;
mod profit;
mod totals;

pub use expense::ExpenseRule;
pub use flags::{Flag, Flags};
pub use margin::{CompanyMargins, MarginRule, PooledMargins};
pub use overrides::{Field, Operation, OverrideError, Overrides};
pub use profit::{CustomerForecast, Forecast, MoneyRules, PeriodForecast, evaluate};
pub use totals::{PeriodTotals, Totals};
