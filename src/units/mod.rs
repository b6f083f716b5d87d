//! The words every stage shares: days and money. A day is not an amount and an amount is not a
//! float, so that confusing them does not compile.

mod day;
mod money;

pub use day::Day;
pub use money::{Money, MoneyError, Scale};
