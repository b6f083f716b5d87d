//! Pictures of a model, a forecast and a backtest, with the data behind each.
//!
//! Every picture is a plain struct of data, made from panel and model, that writes itself as CSV,
//! and a `draw_…` function that turns it into a [`Drawing`]: SVG and PNG with a title, a legend,
//! units, and a sentence that says what to read from it. Colours are told apart by every kind of
//! colour vision. The font is part of the program, so that the same data give the same bytes
//! everywhere. [`Pictures`] makes all that apply and says which do not; [`Folder`] writes them.
//!
//! ```
//! # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
//! # let files = ["data/superstore.csv".to_owned()];
//! # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
//! # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
//! # let text = std::fs::read_to_string("models/synlead-2008.json")?;
//! # let model = clvcast::fit::FittedModel::from_json(&text)?;
//! use clvcast::plots::{Histogram, Style, draw_histogram};
//! let histogram = Histogram::new(&panel, &model, None).unwrap();
//! let drawing = draw_histogram(&histogram, &Style::of(&panel, &model, None));
//! assert!(histogram.to_csv().starts_with("purchases,customers,expected\n"));
//! assert!(drawing.to_svg()?.contains("793 customers up to 2017-12-31"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod axis;
mod calibration;
mod cohorts;
mod draw_tracking;
mod drawing;
mod expectations;
mod factors;
mod folder;
mod font;
mod heat;
mod histogram;
mod history_map;
mod leaderboard;
mod migration;
mod of_backtest;
mod page;
mod render;
mod set;
mod spend;
mod style;
mod table;
mod total;
mod tracking;

/// Names of all pictures, without extension.
///
/// ```
/// assert!(clvcast::plots::NAMES.contains(&"tracking"));
/// ```
pub const NAMES: [&str; 11] = [
    "tracking",
    "frequency-histogram",
    "expectation-by-frequency",
    "expectation-by-recency",
    "rate-heatmap",
    "alive-heatmap",
    "spend-density",
    "calendar",
    "migration",
    "calibration",
    "leaderboard",
];

pub use crate::segment::Migration;
pub use calibration::{Calibration, draw_calibration};
pub use draw_tracking::draw_tracking;
pub use drawing::Drawing;
pub use expectations::{ExpectationClass, Expectations, Kind, Outcome, draw_expectations};
pub use factors::{CalendarFactors, Factor, FactorPeriod, draw_factors};
pub use folder::{Folder, Picture, PlotError};
pub use histogram::{Histogram, draw_histogram};
pub use history_map::{HistoryMap, draw_alive, draw_rates};
pub use leaderboard::{Contestant, Leaderboard, draw_leaderboard};
pub use migration::draw_migration;
pub use render::DrawError;
pub use set::{Pictures, Scene, expected_purchases};
pub use spend::{Spend, SpendClass, draw_spend};
pub use style::Style;
pub use total::total_sample;
pub use tracking::{TrackedPeriod, Tracking};
