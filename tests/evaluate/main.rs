//! Past as-of dates: what happened after them, measures of forecasts, and published figures.

mod actuals;
mod cdnow;
mod choosing;
mod choosing_alike;
mod choosing_average;
mod choosing_simulated;
mod measures;
mod oracle;
mod support;
