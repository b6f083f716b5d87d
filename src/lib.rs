//! Probabilistic customer-lifetime-value forecasts from a log of transactions.

pub mod ledger;
pub mod panel;
pub mod progress;
pub mod units;
