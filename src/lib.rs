//! Probabilistic customer-lifetime-value forecasts from a log of transactions.

pub mod fit;
pub mod forecast;
pub mod ledger;
pub mod markov;
pub mod models;
pub mod panel;
pub mod progress;
pub mod simulate;
pub mod units;
pub mod value;
