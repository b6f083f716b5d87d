//! How the library tells how far it is, without printing anything.
//!
//! ```
//! use clvcast::{ledger::{ReadOptions, read}, progress::Silent};
//! let ledger = read(&["data/superstore.csv".to_owned()], &ReadOptions::default(), &Silent)?;
//! assert_eq!(ledger.rows.len(), 5009);
//! # Ok::<(), clvcast::ledger::LedgerError>(())
//! ```

/// Receives progress; the command line draws bars from it, the library only reports.
///
/// ```
/// use clvcast::{ledger::{ReadOptions, read}, progress::Progress};
/// use std::sync::atomic::{AtomicU64, Ordering};
/// /// Adds up the bytes read.
/// #[derive(Default)]
/// struct Bytes(AtomicU64);
/// impl Progress for Bytes {
///     fn start(&self, _stage: &'static str, _total: Option<u64>) {}
///     fn advance(&self, amount: u64) {
///         self.0.fetch_add(amount, Ordering::Relaxed);
///     }
/// }
/// let bytes = Bytes::default();
/// read(&["data/superstore.csv".to_owned()], &ReadOptions::default(), &bytes)?;
/// assert_eq!(bytes.0.into_inner(), 300_966); // the size of the file
/// # Ok::<(), clvcast::ledger::LedgerError>(())
/// ```
pub trait Progress: Sync {
    /// A stage begins; `total` in the stage's own unit (bytes or customers) where known.
    fn start(&self, stage: &'static str, total: Option<u64>);
    /// That much more of the current stage is done.
    fn advance(&self, amount: u64);
}

impl std::fmt::Debug for dyn Progress + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Progress")
    }
}

/// Reports nothing.
///
/// ```
/// use clvcast::progress::{Progress, Silent};
/// Silent.start("reading", Some(100));
/// Silent.advance(100); // nothing is printed
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _stage: &'static str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
}
