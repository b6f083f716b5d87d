//! The page: what it says, that it adds up, and that nothing in the data is taken for markup.

mod hostile;
mod ledgers;
mod look;
mod sections;
mod sums;
mod world;
