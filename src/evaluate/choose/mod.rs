//! Which model, calendar and method to forecast with, decided on held-out periods of the given
//! history.

mod average;
mod losses;
mod origins;
mod record;
mod rule;
mod search;
mod trying;

pub use record::{Choice, Member};
pub use search::{Chooser, choose};
