//! Gathering the parts of all files, and making the ledger of them.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use crate::units::Scale;

use super::date_column::Tally;
use super::error::LedgerError;
use super::finish::{self, duplicates, orders_in_several_files, segments};
use super::rejects::Rejects;
use super::rows::Part;
use super::settle::{Entry, Rules, places};
use super::types::{Audit, Columns, Duplicates, InputFile, Ledger, ReadOptions, Reason, Refunds};

/// What has been read so far.
pub(super) struct Collector<'o> {
    options: &'o ReadOptions,
    parts: Vec<Part>,
    /// For each part, from its numbering to the common one.
    customers_of: Vec<Vec<u32>>,
    segments_of: Vec<Vec<u32>>,
    customers: Names,
    segments: Names,
    currencies: BTreeSet<String>,
    tally: Tally,
    rows: u64,
}

/// Texts numbered in order of appearance.
#[derive(Default)]
struct Names {
    indices: HashMap<String, u32>,
}

impl Names {
    fn add(&mut self, names: Vec<String>) -> Result<Vec<u32>, LedgerError> {
        let number = |name| {
            let next = u32::try_from(self.indices.len());
            let next = next.map_err(|_| LedgerError::TooManyCustomers)?;
            Ok(*self.indices.entry(name).or_insert(next))
        };
        names.into_iter().map(number).collect()
    }

    fn by_index(self) -> Vec<String> {
        let mut names = vec![String::new(); self.indices.len()];
        for (name, index) in self.indices {
            names[index as usize] = name;
        }
        names
    }
}

/// What the files were, beside their rows.
pub(super) struct Sources {
    pub(super) files: Vec<InputFile>,
    /// Names of the files as given.
    pub(super) names: Vec<String>,
    pub(super) columns: Columns,
    pub(super) currency: Option<String>,
    pub(super) notes: Vec<String>,
}

impl<'o> Collector<'o> {
    pub(super) fn new(options: &'o ReadOptions) -> Self {
        Self {
            options,
            parts: Vec::new(),
            customers_of: Vec::new(),
            segments_of: Vec::new(),
            customers: Names::default(),
            segments: Names::default(),
            currencies: BTreeSet::new(),
            tally: Tally::default(),
            rows: 0,
        }
    }

    /// Rows added so far.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds the next part in the order of files and lines.
    pub(super) fn add(&mut self, mut part: Part) -> Result<(), LedgerError> {
        self.rows += part.rows;
        self.customers_of.push(self.customers.add(std::mem::take(&mut part.customers))?);
        self.segments_of.push(self.segments.add(std::mem::take(&mut part.segments))?);
        self.currencies.append(&mut part.currencies);
        self.tally.merge(std::mem::take(&mut part.tally));
        self.parts.push(part);
        Ok(())
    }

    /// Settles what only the whole input can settle.
    pub(super) fn finish(self, sources: Sources) -> Result<Ledger, LedgerError> {
        let options = self.options;
        if self.rows == 0 {
            return Err(LedgerError::NoRows { files: sources.names });
        }
        if let (true, Some(column)) = (self.currencies.len() > 1, sources.currency) {
            let values = self.currencies.into_iter().take(5).collect();
            return Err(LedgerError::SeveralCurrencies { column, values });
        }
        let several = sources.names.len() > 1;
        let format = options.date_format.as_deref();
        let dates = self.tally.settle(&sources.columns.date, format, options.lenient, several)?;
        let most = self.parts.par_iter().map(|part| places(part, &dates, options.refunds)).max();
        let scale = most.and_then(Scale::new).unwrap_or_default();
        let rules = Rules {
            dates: &dates,
            refunds: options.refunds,
            scale,
            columns: &sources.columns,
            files: &sources.names,
            keep_rejects: options.keep_rejects,
        };
        let settled: Vec<_> = self
            .parts
            .into_par_iter()
            .zip(self.customers_of.par_iter().zip(&self.segments_of))
            .map(|(part, (customers, segments))| rules.settle(part, customers, segments))
            .collect();

        let mut bad = Rejects::new(options.keep_rejects);
        let mut left_out = Rejects::new(options.keep_rejects);
        let mut entries = Vec::with_capacity(settled.iter().map(|part| part.entries.len()).sum());
        for part in settled {
            entries.extend(part.entries);
            bad.merge(part.bad);
            left_out.merge(part.refunds);
        }
        if bad.total() > 0 && !options.lenient {
            let total = bad.total();
            let (by_reason, first) = bad.finish();
            return Err(LedgerError::BadRows { total, by_reason, first });
        }
        if left_out.total() > 0 && options.refunds == Refunds::Error {
            let total = left_out.total();
            return Err(LedgerError::RefundsRefused { total, first: left_out.finish().1 });
        }
        left_out.merge(bad);

        let customers = finish::sort(&mut entries, &self.customers.by_index());
        let (repeated, rejects) =
            duplicates(&entries, &sources.columns, &sources.names, left_out.limit());
        if repeated > 0 && options.duplicates == Duplicates::Error {
            let first = rejects.into_iter().map(|(_, reject)| reject).collect();
            return Err(LedgerError::DuplicatesRefused { total: repeated, first });
        }
        if options.duplicates == Duplicates::Drop {
            entries.dedup_by(|later, earlier| later.repeats(earlier));
            left_out.add(Reason::Duplicate, repeated, rejects);
        }
        if entries.is_empty() {
            let (left_out, first) = left_out.finish();
            return Err(LedgerError::NothingUsed { left_out, first });
        }
        let segments = segments(&entries, customers.len(), &self.segments.by_index());
        let refund = |entry: &&Entry| entry.row.amount.is_some_and(|amount| amount < 0);
        let refund_rows = entries.iter().filter(refund).count() as u64;
        let (left_out, rejects) = left_out.finish();
        let audit = Audit {
            files: sources.files,
            rows_read: self.rows,
            rows_used: entries.len() as u64,
            left_out,
            duplicate_rows: repeated,
            orders_in_several_files: if several { orders_in_several_files(&entries) } else { 0 },
            refund_rows,
            customers_with_several_segments: segments.several,
            date_format: dates.words().to_owned(),
            notes: sources.notes,
            rejects,
        };
        Ok(Ledger {
            segments: sources.columns.segment.is_some().then_some(segments.latest),
            segment_changes: segments.changes,
            rows: entries.into_iter().map(|entry| entry.row).collect(),
            customers,
            scale,
            columns: sources.columns,
            audit,
        })
    }
}
