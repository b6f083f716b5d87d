//! What a panel holds, in cases worked by hand and on a generated ledger.

#![allow(clippy::float_cmp, reason = "exact results are part of the claims")]

mod as_of;
mod clocks;
mod ledgers;
mod money;
mod purchases;
mod whole;
