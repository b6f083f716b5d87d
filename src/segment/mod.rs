//! Customers in groups, from their histories and their forecast: RFM cells, value layers, dormancy.
//!
//! A [`Grouping`] gives every customer one label, or none; [`summarise`] adds up the history and the
//! forecast of each group, so that the groups together are the portfolio.

mod grouping;
mod life_cycle;
mod lorenz;
mod moves;
mod summary;

pub use grouping::Grouping;
pub use life_cycle::{Curve, LifeCycle, Point};
pub use lorenz::Lorenz;
pub use moves::{Ahead, Moves};
pub use summary::{GroupSummary, Past, summarise};

use crate::plots::Migration;

/// The customers of a panel in groups, and how groups change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Segmentation {
    /// One after another: the ledger's own segment, RFM, layers, dormancy, …
    pub groupings: Vec<Grouping>,
    /// Concentration of the forecast gross profit (of the amount, where there is no profit).
    pub lorenz: Option<Lorenz>,
    /// Value bands: now, next, at the horizon; as counted in the data.
    pub bands: Option<Migration>,
    /// Where groups moved over as many past periods as are forecast.
    pub moves: Vec<Moves>,
    /// Where their customers are expected.
    pub ahead: Vec<Ahead>,
    /// Cumulative value by age.
    pub life_cycle: Option<LifeCycle>,
    /// What a user should know.
    pub warnings: Vec<String>,
}
