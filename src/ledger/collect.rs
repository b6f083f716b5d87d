//! Gathering the parts of all files, and making the ledger of them.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use rayon::prelude::*;

use crate::units::Scale;

use super::assemble::Whole;
use super::date_column::Tally;
use super::entry::{Amount, Content, Full};
use super::error::LedgerError;
use super::finish::{Finished, Finishing};
use super::part::{DateTexts, Names, Part, SHARDS, ShardRows};
use super::rejects::Rejects;
use super::settle::{Entries, Rules};
use super::shard::Shard;
use super::types::{Audit, Columns, Duplicates, InputFile, Ledger, ReadOptions, Reason, Refunds};

/// What has been read so far.
pub(super) struct Collector<'o> {
    options: &'o ReadOptions,
    shards: Vec<Shard>,
    /// For each part, from its numbering of segments to the common one.
    segments_of: Vec<Vec<u32>>,
    segments: Names,
    currencies: BTreeSet<String>,
    places: [u8; 2],
    tally: Tally,
    texts: DateTexts,
    rejects: Rejects,
    rows: u64,
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
        let rejects = Rejects::new(options.keep_rejects);
        Self {
            options,
            shards: std::iter::repeat_with(Shard::default).take(SHARDS).collect(),
            segments_of: Vec::new(),
            segments: Names::default(),
            currencies: BTreeSet::new(),
            places: [0; 2],
            tally: Tally::default(),
            texts: DateTexts::new(rejects.limit()),
            rejects,
            rows: 0,
        }
    }

    /// Rows added so far.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds the next parts in the order of files and lines.
    pub(super) fn add(&mut self, parts: Vec<Part>) {
        let mut rows: Vec<Vec<(u32, usize, u64, ShardRows)>> = Vec::new();
        rows.resize_with(SHARDS, Vec::new);
        for part in parts {
            self.rows += part.rows;
            self.currencies.extend(part.currencies);
            self.tally.merge(part.tally);
            for (most, places) in self.places.iter_mut().zip(part.places) {
                *most = places.max(*most);
            }
            self.texts.merge(part.texts);
            self.rejects.merge(part.rejects);
            let number = self.segments_of.len();
            for (rows, own) in rows.iter_mut().zip(part.shards) {
                rows.push((part.file, number, part.line, own));
            }
            let common = part.segments.iter().map(|text| self.segments.index(text)).collect();
            self.segments_of.push(common);
        }
        self.shards.par_iter_mut().zip(rows).for_each(|(shard, rows)| {
            for (file, part, line, own) in rows {
                shard.add(file, part, line, own);
            }
        });
    }

    /// That of the most decimal places in rows that are used.
    fn scale(&self, rules: &Rules<'_>) -> Scale {
        let most = match (self.tally.is_read(rules.dates), self.places) {
            (true, [sales, refunds]) if rules.refunds == Refunds::Net => sales.max(refunds),
            (true, [sales, _]) => sales,
            // Rows that are left out have no say.
            (false, _) => {
                self.shards.par_iter().map(|shard| rules.places(shard)).max().unwrap_or(0)
            }
        };
        Scale::new(most).unwrap_or_default()
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
        let too_long = |shard: &Shard| shard.bytes() > u32::MAX as usize;
        if self.shards.iter().map(Shard::customers).sum::<usize>() > u32::MAX as usize
            || self.shards.iter().any(too_long)
        {
            return Err(LedgerError::TooManyCustomers);
        }
        let several = sources.names.len() > 1;
        let format = options.date_format.as_deref();
        let dates = self.tally.settle(&sources.columns.date, format, options.lenient, several)?;
        let rules = Rules {
            dates: &dates,
            refunds: options.refunds,
            columns: &sources.columns,
            files: &sources.names,
            segments_of: &self.segments_of,
            texts: &self.texts,
            keep_rejects: options.keep_rejects,
        };
        let scale = self.scale(&rules);
        let segments = self.segments.by_index();
        let finishing =
            Finishing { rules, scale, duplicates: options.duplicates, segments: &segments };
        let Columns { amount, cost, expense, order, segment, .. } = &sources.columns;
        let is_plain = [cost, expense, order, segment].iter().all(|column| column.is_none());
        let mut finished = if is_plain && amount.is_some() {
            finish_all::<Amount>(&finishing, self.shards)
        } else {
            finish_all::<Full>(&finishing, self.shards)
        };

        let mut bad = self.rejects;
        let mut left_out = Rejects::new(options.keep_rejects);
        let mut repeated = Rejects::new(options.keep_rejects);
        let (mut refund_rows, mut customers_with_several_segments) = (0, 0);
        let mut orders = Vec::new();
        for (_, shard) in &mut finished {
            bad.merge(std::mem::replace(&mut shard.bad, Rejects::new(false)));
            left_out.merge(std::mem::replace(&mut shard.refunds, Rejects::new(false)));
            let (rows, first) = std::mem::take(&mut shard.repeated);
            repeated.add(Reason::Duplicate, rows, first);
            refund_rows += shard.refund_rows;
            customers_with_several_segments += shard.segments.several;
            orders.append(&mut shard.orders);
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
        let duplicate_rows = repeated.total();
        if duplicate_rows > 0 && options.duplicates == Duplicates::Error {
            let first = repeated.finish().1;
            return Err(LedgerError::DuplicatesRefused { total: duplicate_rows, first });
        }
        if options.duplicates == Duplicates::Drop {
            left_out.merge(repeated);
        }
        let whole = Whole::new(finished);
        let (left_out, rejects) = left_out.finish();
        if whole.rows.is_empty() {
            return Err(LedgerError::NothingUsed { left_out, first: rejects });
        }
        let audit = Audit {
            files: sources.files,
            rows_read: self.rows,
            rows_used: whole.rows.len() as u64,
            left_out,
            duplicate_rows,
            orders_in_several_files: in_several_files(orders),
            refund_rows,
            customers_with_several_segments,
            date_format: dates.words().to_owned(),
            notes: sources.notes,
            rejects,
        };
        Ok(Ledger {
            segments: sources.columns.segment.is_some().then_some(whole.segments),
            segment_changes: whole.segment_changes,
            rows: whole.rows,
            customers: whole.customers.into(),
            scale,
            columns: sources.columns,
            audit,
        })
    }
}

/// Finishes all shards. The drafts of a shard go when it is finished, and its customers' ids stay.
fn finish_all<C: Content>(finishing: &Finishing<'_>, shards: Vec<Shard>) -> Vec<(Shard, Finished)> {
    let finish = |entries: &mut Entries<C>, mut shard: Shard| {
        let finished = finishing.finish(&shard, entries);
        shard.pieces = Vec::new();
        (shard, finished)
    };
    shards.into_par_iter().map_init(Entries::new, finish).collect()
}

/// How many order ids occur in more than one file.
fn in_several_files(mut orders: Vec<(NonZeroU64, u32)>) -> u64 {
    orders.par_sort_unstable();
    orders.dedup();
    orders.chunk_by(|a, b| a.0 == b.0).filter(|files| files.len() > 1).count() as u64
}
