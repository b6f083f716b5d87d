//! What a user sees of reading transactions: what is read, and what each bad input is told.

mod arrow_batches;
mod bad_files;
mod bad_rows;
mod columns;
mod dates;
mod money;
mod parquet;
mod policies;
mod same;
mod support;
