//! What all rows of a file have in common, and what tells them apart.

use super::columns::{Positions, Role};
use super::date_column::DateReader;
use super::hash::{number, quick};
use super::literal::Literal;
use super::types::Columns;
use super::written::Written;

/// What is known of a file when its rows are read.
#[derive(Debug)]
pub(super) struct FileContext<'a> {
    /// Index of the file.
    pub(super) file: u32,
    /// Its name as given.
    pub(super) name: &'a str,
    /// Number of columns.
    pub(super) width: usize,
    pub(super) positions: Positions,
    pub(super) columns: Columns,
    pub(super) currency: Option<usize>,
    /// A seed per column, from its name: rows are the same when equal names hold equal texts.
    pub(super) seeds: Vec<u64>,
    pub(super) dates: &'a DateReader,
    pub(super) keep_rejects: bool,
}

impl FileContext<'_> {
    pub(super) fn has(&self, role: Role) -> bool {
        self.positions[role as usize].is_some()
    }

    /// The seed of a role's column.
    fn seed(&self, role: Role) -> u64 {
        self.positions[role as usize].map_or(0, |at| self.seeds[at])
    }

    pub(super) fn id_hash(&self, id: &[u8]) -> u64 {
        quick(self.seed(Role::Customer), id)
    }

    /// The identity of a date's text, if it is an ISO date: only that reads as its day.
    pub(super) fn date_identity(&self, date: Option<Written>) -> Option<u64> {
        let day = date?.day_first()?;
        Some(number(self.seed(Role::Date), day.number().into()))
    }

    pub(super) fn amount_identity(&self, amount: Option<Literal>) -> Option<u64> {
        amount?.identity(self.seed(Role::Amount))
    }

    /// The hash of the id, and that of a row without other columns than id, date and amount.
    pub(super) fn bare_hashes(
        &self,
        id: &[u8],
        date: Written,
        amount: Literal,
    ) -> Option<(u64, u64)> {
        let id_hash = self.id_hash(id);
        let (date, amount) = (self.date_identity(Some(date))?, self.amount_identity(Some(amount))?);
        Some((id_hash, id_hash.wrapping_add(date).wrapping_add(amount)))
    }
}
