//! How the library tells how far it is, without printing anything.

/// Receives progress; the command line draws bars from it, the library only reports.
pub trait Progress: Sync {
    /// A stage begins; `total` in the stage's own unit (bytes or customers) where known.
    fn start(&self, stage: &'static str, total: Option<u64>);
    /// That much more of the current stage is done.
    fn advance(&self, amount: u64);
}

/// Reports nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _stage: &'static str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
}
