//! The workbook: what stands in its cells, that it adds up, and what can be given back.

mod cells;
mod refusals;
mod round_trip;
mod sums;
mod support;
mod zip_edit;
