//! Reading transactions: from files to one sorted, audited table of rows.
//!
//! [`read`] takes CSV and Parquet files and returns a [`Ledger`]. Every row of the input is either
//! used or left out under a [`Reason`]; every row that cannot be understood is reported with its
//! file, line and remedy in a [`LedgerError`].

mod types;

pub use types::*;
