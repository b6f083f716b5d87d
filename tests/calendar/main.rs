//! Seasons, trends and given factors: what is estimated, what is forecast with them, and what held
//! out periods say.

mod cdnow;
mod covariance;
mod factors;
mod newcomers;
mod recovery;
mod refusals;
mod same;
mod superstore;
mod support;
#[path = "../support/mod.rs"]
mod tiny;
mod units;
