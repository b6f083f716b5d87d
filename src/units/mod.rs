//! The words every stage shares: days and money. A day is not an amount and an amount is not a
//! float, so that confusing them does not compile.
//!
//! ```
//! use clvcast::units::{Day, Money, Scale};
//! let price = Money::from_units(1999).display(Scale::new(2).unwrap()).to_string();
//! assert_eq!(price, "19.99");
//! assert_eq!(Day::from_ymd(2017, 12, 31).unwrap().plus(1).to_string(), "2018-01-01");
//! ```

mod day;
mod money;
mod slot;

pub use day::Day;
pub use money::{Money, MoneyError, Scale};
pub(crate) use slot::Slot;
