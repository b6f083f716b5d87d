//! The page: what it says, that it adds up, and that nothing in the data is taken for markup.

mod look;
mod world;
