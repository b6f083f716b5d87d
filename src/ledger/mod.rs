//! Reading transactions: from files to one sorted, audited table of rows.
//!
//! [`read`] takes CSV and Parquet files and returns a [`Ledger`]. Every row of the input is either
//! used or left out under a [`Reason`]; every row that cannot be understood is reported with its
//! file, line and remedy in a [`LedgerError`].
//!
//! ```
//! use clvcast::{ledger::{ReadOptions, read}, progress::Silent};
//! let ledger = read(&["data/superstore.csv".to_owned()], &ReadOptions::default(), &Silent)?;
//! assert_eq!((ledger.customers.len(), ledger.rows.len()), (793, 5009));
//! assert_eq!(ledger.columns.amount.as_deref(), Some("amount"));
//! # Ok::<(), clvcast::ledger::LedgerError>(())
//! ```

mod arrow_bare;
mod arrow_rows;
mod assemble;
mod blocks;
mod collect;
mod columns;
mod csv_text;
mod date_column;
mod date_text;
mod decimal;
mod draft;
mod entry;
mod error;
mod file_context;
mod finish;
mod hash;
mod inputs;
mod literal;
mod parquet_rows;
mod part;
mod quotes;
mod raw;
mod read;
mod record;
mod rejects;
mod rows;
mod sample;
mod settle;
mod shard;
mod shared_file;
mod table;
mod types;
mod written;

pub use columns::Role;
pub use error::{LedgerError, Place};
pub(crate) use hash::hash;
pub use read::{read, read_arrow};
pub use table::Rows;
pub use types::*;
