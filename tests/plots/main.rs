//! Pictures: their data against independent sums, and their files.

mod calendar;
mod drawings;
mod maps;
mod money;
mod purchases;
mod scores;
mod world;
