//! Probabilistic customer-lifetime-value forecasts from a log of transactions.
//!
//! One pipeline, one direction; every arrow is one module handing a finished value to the next:
//!
//! ```text
//! ledger ──▶ panel ──▶ fit ──▶ markov ──▶ forecast ──▶ value ──▶ report
//! (rows)    (customers (models) (transitions) (purchases) (margin,  (tables,
//!            × periods)                                    expense,   files)
//!                                                          profit)
//! ```
//!
//! What is computed, and from which sources, is derived in `docs/method.md`. The sources cited in
//! this documentation: *S*, the article that documents the customer-value module of SynleadCRM
//! 2008; Colombo & Jiang (1999); Fader, Hardie & Lee (2005); Fader & Hardie (2013). The letters
//! a, b, p, q, k are those of *S*; in the literature a = α, b = r and k = γ.
//!
//! # From a file to a forecast
//!
//! ```
//! use clvcast::{fit, forecast, ledger, panel, value};
//! use clvcast::progress::Silent;
//!
//! // Read: every row is used or left out under a reason.
//! let files = ["data/superstore.csv".to_owned()];
//! let ledger = ledger::read(&files, &ledger::ReadOptions::default(), &Silent)?;
//! // Cut time into quarters, one history per customer.
//! let options = panel::PanelOptions::new(panel::Period::Quarter);
//! let panel = panel::Panel::build(&ledger, &options, &Silent)?;
//! // Fit purchase rates and purchase values.
//! let model = fit::fit(&panel, &fit::FitOptions::default())?;
//! // Forecast purchases, then turn them into gross profit.
//! let options = forecast::ForecastOptions::default();
//! let purchases = forecast::forecast(&panel, &model, &options);
//! let rules = value::MoneyRules::default();
//! let forecast = value::evaluate(&panel, &model, &purchases, options.horizon, &rules);
//!
//! let totals = value::Totals::new(&forecast);
//! assert_eq!(forecast.labels, ["2018-Q1", "2018-Q2", "2018-Q3"]);
//! assert_eq!(totals.customers, 793);
//! assert!(totals.gross_profit.unwrap() > 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The library never prints, exits or panics on data; [`cli`] speaks.

pub mod calendar;
pub mod cli;
pub mod compare;
pub mod evaluate;
pub mod fit;
pub mod forecast;
pub mod ledger;
pub mod markov;
pub mod models;
pub mod panel;
pub mod plots;
pub mod predict;
pub mod progress;
pub mod report;
pub mod segment;
pub mod simulate;
pub mod units;
pub mod value;
