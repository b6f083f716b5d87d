//! From rows to one history per customer and period.
//!
//! [`Panel::build`] cuts time into periods ([`Grid`]), groups rows into purchases, and adds up per
//! customer and period what the models, the chain and the money rules need.

mod as_of;
mod build;
mod calendar;
mod correlation;
mod error;
mod grid;
mod history;
mod monetary;
mod orders;
mod partial;
mod period;
mod statistics;
mod types;

pub use as_of::default_as_of;
pub use correlation::Correlation;
pub use error::{NotPeriodEnd, PanelError};
pub use grid::{Grid, GridError};
pub use monetary::{PeriodValues, PurchaseValues, RepeatMean};
pub use period::PeriodParseError;
pub use statistics::{ExposureKey, FrequencyStatistics};
pub use types::*;
