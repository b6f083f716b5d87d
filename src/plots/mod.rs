//! Pictures.

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

pub use calibration::{Calibration, draw_calibration};
pub use draw_tracking::draw_tracking;
pub use drawing::Drawing;
pub use expectations::{ExpectationClass, Expectations, Kind, Outcome, draw_expectations};
pub use factors::{CalendarFactors, Factor, FactorPeriod, draw_factors};
pub use folder::{Folder, Picture, PlotError};
pub use histogram::{Histogram, draw_histogram};
pub use history_map::{HistoryMap, draw_alive, draw_rates};
pub use leaderboard::{Contestant, Leaderboard, draw_leaderboard};
pub use migration::{Migration, draw_migration};
pub use render::DrawError;
pub use set::{Pictures, Scene, expected_purchases};
pub use spend::{Spend, SpendClass, draw_spend};
pub use style::Style;
pub use total::total_sample;
pub use tracking::{TrackedPeriod, Tracking};
