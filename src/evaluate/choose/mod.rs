//! Which model, calendar and method to forecast with, decided on held-out periods of the given
//! history.
//!
//! ```text
//! origins ─▶ trying ─▶ losses ─▶ rule ─▶ verdict ─▶ record
//! (where)    (fits)    (scores)  (which)  (or an average of the best)
//! ```

mod average;
mod chooser;
mod losses;
mod origins;
mod record;
mod rule;
mod search;
mod simplicity;
mod trying;
mod verdict;
mod weights;

pub use chooser::{Chooser, choose};
pub use record::{Choice, Member};
