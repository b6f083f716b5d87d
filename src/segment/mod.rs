//! Customers in groups, from their histories and their forecast: RFM cells, value layers, dormancy,
//! and how groups change.
//!
//! A [`Grouping`] gives every customer one label, or none; [`summarise`] adds up the history and the
//! forecast of each group, so that the groups together are the portfolio.

mod attributes;
mod csv_table;
mod cuts;
mod dormancy;
mod error;
mod grouping;
mod ladder;
mod layers;
mod life_cycle;
mod lorenz;
mod migration;
mod moves;
mod options;
mod rfm;
mod score;
mod segmentation;
mod summary;
mod worth;

pub use attributes::Attributes;
pub use cuts::{Axis, Cutting, class};
pub use dormancy::Dormancy;
pub use error::SegmentError;
pub use grouping::Grouping;
pub use ladder::{LADDER, ladder, loyalty_grid};
pub use layers::Layers;
pub use life_cycle::{Curve, LifeCycle, Point};
pub use lorenz::Lorenz;
pub use migration::Migration;
pub use moves::{Ahead, Moves};
pub use options::SegmentOptions;
pub use rfm::{Rfm, RfmOptions, Spent};
pub use score::ScoreTable;
pub use segmentation::{Material, Segmentation};
pub use summary::{GroupSummary, Past, summarise};
pub use worth::{NEAR_ZERO, worth};
