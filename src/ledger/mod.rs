//! Reading transactions: from files to one sorted, audited table of rows.
//!
//! [`read`] takes CSV and Parquet files and returns a [`Ledger`]. Every row of the input is either
//! used or left out under a [`Reason`]; every row that cannot be understood is reported with its
//! file, line and remedy in a [`LedgerError`].

mod chunk;
mod collect;
mod columns;
mod csv_text;
mod date_column;
mod date_text;
mod decimal;
mod error;
mod finish;
mod hash;
mod inputs;
mod lines;
mod parquet_rows;
mod raw;
mod read;
mod rejects;
mod rows;
mod settle;
mod types;

pub use columns::Role;
pub use error::{LedgerError, Place};
pub use read::read;
pub use types::*;
