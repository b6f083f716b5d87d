//! Probabilistic customer-lifetime-value forecasts from a log of transactions.

pub mod ledger;
pub mod progress;
pub mod units;
