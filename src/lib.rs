//! Probabilistic customer-lifetime-value forecasts from a log of transactions.

pub mod fit;
pub mod ledger;
pub mod markov;
pub mod models;
pub mod progress;
pub mod units;
