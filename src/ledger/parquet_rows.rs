//! Parquet: the row groups of a file, read side by side.

use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use crate::progress::Progress;

use super::arrow_rows::{self, BATCH, Batch, check, damaged};
use super::columns::Positions;
use super::error::LedgerError;
use super::shared_file::SharedFile;

/// One Parquet file, whose row groups are read side by side.
pub(super) struct ParquetRows<'a> {
    file: &'a str,
    stored: SharedFile,
    metadata: ArrowReaderMetadata,
    progress: Reported<'a>,
}

/// Stored bytes that are reported in step with the rows.
struct Reported<'a> {
    bytes: u64,
    rows: u64,
    done: AtomicU64,
    progress: &'a dyn Progress,
}

impl Reported<'_> {
    /// So many more rows have been read: whatever their order, the reports add up to all bytes.
    fn advance(&self, rows: u64) {
        let share = |rows: u64| {
            let share = u128::from(self.bytes) * u128::from(rows) / u128::from(self.rows.max(1));
            u64::try_from(share).unwrap_or(u64::MAX).min(self.bytes)
        };
        let before = self.done.fetch_add(rows, Ordering::Relaxed);
        self.progress.advance(share(before + rows) - share(before));
    }
}

/// A row group, and the number of its first row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    number: usize,
    first_row: u64,
}

impl<'a> ParquetRows<'a> {
    /// Opens a file and returns its column names beside the reader. `bytes` are reported as
    /// progress in step with the rows.
    pub(super) fn open(
        file: &'a str,
        stored: File,
        bytes: u64,
        progress: &'a dyn Progress,
    ) -> Result<(Self, Vec<String>), LedgerError> {
        let failed = |source| LedgerError::Unreadable { file: file.to_owned(), source };
        let stored = SharedFile::new(stored).map_err(failed)?;
        let metadata = ArrowReaderMetadata::load(&stored, ArrowReaderOptions::default())
            .map_err(|error| damaged(file, "Parquet", &error.to_string()))?;
        let header = arrow_rows::header(metadata.schema());
        let rows = metadata.metadata().file_metadata().num_rows();
        let rows = u64::try_from(rows).unwrap_or(0);
        let progress = Reported { bytes, rows, done: AtomicU64::new(0), progress };
        Ok((Self { file, stored, metadata, progress }, header))
    }

    /// See [`check`].
    pub(super) fn check(
        &self,
        header: &[String],
        positions: &Positions,
    ) -> Result<Vec<String>, LedgerError> {
        check(self.file, self.metadata.schema(), header, positions)
    }

    /// The row groups in their order.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut next_row = 1_u64;
        let groups = self.metadata.metadata().row_groups().iter().enumerate();
        let numbered = groups.map(|(number, group)| {
            let first_row = next_row;
            next_row = next_row.saturating_add(u64::try_from(group.num_rows()).unwrap_or(0));
            Group { number, first_row }
        });
        numbered.collect()
    }

    /// Hands over the rows of a group, batch by batch.
    pub(super) fn each_batch(
        &self,
        group: Group,
        mut take: impl FnMut(Batch) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let failed = |detail: &str| damaged(self.file, "Parquet", detail);
        let (stored, metadata) = (self.stored.clone(), self.metadata.clone());
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(stored, metadata)
            .with_row_groups(vec![group.number])
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| failed(&error.to_string()))?;
        let mut first_row = group.first_row;
        for batch in reader {
            let batch = batch.map_err(|error| failed(&error.to_string()))?;
            let rows = batch.num_rows() as u64;
            take(Batch { batch, first_row })?;
            self.progress.advance(rows);
            first_row += rows;
        }
        Ok(())
    }

    /// Reports what no row stands for, such as a file without any.
    pub(super) fn end(&self) {
        let done = self.progress.done.load(Ordering::Relaxed);
        self.progress.advance(self.progress.rows.max(1).saturating_sub(done));
    }
}
