//! The same pipeline on past as-of dates, scored on what came next.
//!
//! A [`backtest`] holds the last periods back, fits every [`Candidate`] to what was known before,
//! and compares its forecasts, and those of the [`Baseline`]s, with the [`Actuals`]. [`trials`] is
//! the part of it that choosing a method needs.
//!
//! ```
//! # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent, units::Day};
//! # let files = ["data/superstore.csv".to_owned()];
//! # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
//! use clvcast::{evaluate::{Actuals, Baseline, metrics}, predict::Window, value::MoneyRules};
//! let panel = |as_of| {
//!     let options = PanelOptions { as_of, ..PanelOptions::new(Period::Quarter) };
//!     Panel::build(&ledger, &options, &Silent)
//! };
//! let (origin, later) = (panel(Day::from_ymd(2017, 3, 31))?, panel(None)?);
//! let rules = MoneyRules::default();
//! let actual = Actuals::new(&origin, &later, 3, &rules)?.of_customers.purchases;
//! let predicted = Baseline::YearAgo.forecast(&origin, 3, &rules)?.purchases;
//! let (actual, predicted) = (actual.window(Window::Total), predicted.window(Window::Total));
//! assert!(metrics::bias(&predicted, &actual).unwrap() < 0.0); // Superstore grew
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod actuals;
mod automatic;
mod backtest;
mod baselines;
mod candidate;
pub mod choose;
mod contender;
mod distribution;
mod error;
mod facts;
mod judge;
pub mod metrics;
mod outcomes;
mod recalibrate;
mod recipe;
mod score;
mod trial;

pub use actuals::{Actuals, FirstSeen};
pub use automatic::{Automatic, Chosen};
pub use backtest::{Backtest, BacktestOptions, Failure, Origin, backtest};
pub use baselines::{Baseline, BaselineError};
pub use candidate::{CalendarKind, Candidate, Contest, NoCandidate, UnknownCandidate};
pub use contender::Contender;
pub use distribution::Distribution;
pub use error::EvaluateError;
pub use outcomes::{Outcomes, PerPeriod};
pub use recalibrate::{RecalibrateError, recalibration};
pub use recipe::Recipe;
pub use score::{DECILE, FIFTH, Score};
pub use trial::{Fitted, Predicted, Trial, TrialOptions, trials, trials_with};
