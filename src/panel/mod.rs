//! From rows to one history per customer and period.
//!
//! [`Panel::build`] cuts time into periods ([`Grid`]), groups rows into purchases, and adds up per
//! customer and period what the models, the chain and the money rules need.

mod types;

pub use types::*;
