//! What is known of a shard once its rows are settled: their order, repeated rows, orders by file,
//! segments.

use std::num::NonZeroU64;

use crate::units::Scale;

use super::rejects::Rejects;
use super::settle::{Entry, Rules, Settlement};
use super::shard::Shard;
use super::types::{Columns, Duplicates, Reason, Reject, Row, SegmentChange};

impl Entry {
    /// Whether it repeats another entry in every column.
    fn repeats(&self, other: &Self) -> bool {
        (self.row, self.fingerprint) == (other.row, other.fingerprint)
    }
}

/// A shard that is done with. Customers have their numbers of the shard.
pub(super) struct Finished {
    /// Sorted by customer, day, order, and then by their money.
    pub(super) rows: Vec<Row>,
    /// For each customer the end of its rows.
    pub(super) ends: Vec<usize>,
    pub(super) bad: Rejects,
    pub(super) refunds: Rejects,
    /// Rows that repeat an earlier one in every column, and the first of them.
    pub(super) repeated: (u64, Vec<(u32, Reject)>),
    pub(super) refund_rows: u64,
    /// Orders with the files they occur in, if there are several files.
    pub(super) orders: Vec<(NonZeroU64, u32)>,
    pub(super) segments: Segments,
}

/// What all shards have in common.
pub(super) struct Finishing<'a> {
    pub(super) rules: Rules<'a>,
    pub(super) scale: Scale,
    pub(super) duplicates: Duplicates,
    /// Texts of the segments.
    pub(super) segments: &'a [String],
}

impl Finishing<'_> {
    pub(super) fn finish(&self, shard: &Shard) -> Finished {
        let Settlement { mut entries, bad, refunds } = self.rules.settle(shard, self.scale);
        for own in entries.chunk_by_mut(|a, b| a.row.customer == b.row.customer) {
            own.sort_unstable();
        }
        let Rules { columns, files, .. } = self.rules;
        let repeated = duplicates(&entries, columns, files, bad.limit());
        if self.duplicates == Duplicates::Drop && repeated.0 > 0 {
            entries.dedup_by(|later, earlier| later.repeats(earlier));
        }
        let refund = |entry: &&Entry| entry.row.amount.is_some_and(|amount| amount < 0);
        let mut ends = vec![0; shard.customers()];
        for (at, entry) in entries.iter().enumerate() {
            ends[entry.row.customer as usize] = at + 1;
        }
        let mut last = 0;
        for end in &mut ends {
            last = last.max(*end);
            *end = last;
        }
        let segments = if columns.segment.is_some() {
            segments(&entries, shard.customers(), self.segments)
        } else {
            Segments::default()
        };
        Finished {
            repeated,
            refund_rows: entries.iter().filter(refund).count() as u64,
            orders: if files.len() > 1 { orders(&entries) } else { Vec::new() },
            segments,
            rows: entries.iter().map(|entry| entry.row).collect(),
            ends,
            bad,
            refunds,
        }
    }
}

/// How many sorted entries repeat an earlier one, and the first `limit` of them by file and line.
fn duplicates(
    entries: &[Entry],
    columns: &Columns,
    files: &[String],
    limit: usize,
) -> (u64, Vec<(u32, Reject)>) {
    let mut original = 0;
    let mut repeated = Vec::new();
    for (index, pair) in entries.windows(2).enumerate() {
        if pair[1].repeats(&pair[0]) {
            repeated.push((pair[1].file, pair[1].line, original));
        } else {
            original = index + 1;
        }
    }
    let total = repeated.len() as u64;
    repeated.sort_unstable();
    repeated.truncate(limit);
    let reject = |(file, line, original): (u32, u64, usize)| {
        let first: &Entry = &entries[original];
        let found = format!("the same as {}:{}", files[first.file as usize], first.line);
        let reject = Reject {
            file: files[file as usize].clone(),
            line,
            reason: Reason::Duplicate,
            column: None,
            found,
            expected: format!(
                "no two rows alike in every column, `{}` and `{}` included (--duplicates)",
                columns.customer, columns.date
            ),
        };
        (file, reject)
    };
    (total, repeated.into_iter().map(reject).collect())
}

/// The orders of a shard, once for each file they occur in.
fn orders(entries: &[Entry]) -> Vec<(NonZeroU64, u32)> {
    let named = entries.iter().filter_map(|entry| Some((entry.row.order?, entry.file)));
    let mut orders: Vec<_> = named.collect();
    orders.sort_unstable();
    orders.dedup();
    orders
}

/// The segments of a shard's customers.
#[derive(Default)]
pub(super) struct Segments {
    /// The segment of each customer: that of its latest row that names one; of rows of the same
    /// day the greatest text counts.
    pub(super) latest: Vec<String>,
    /// From which day on which segment holds, for customers with more than one, or with rows
    /// before the first that names one.
    pub(super) changes: Vec<SegmentChange>,
    /// Customers whose rows name more than one.
    pub(super) several: u64,
}

/// Finds the segment of each customer in the sorted entries.
fn segments(entries: &[Entry], customers: usize, names: &[String]) -> Segments {
    let mut found =
        Segments { latest: vec![String::new(); customers], changes: Vec::new(), several: 0 };
    for rows in entries.chunk_by(|a, b| a.row.customer == b.row.customer) {
        let customer = rows[0].row.customer;
        let mut changes: Vec<SegmentChange> = Vec::new();
        for day in rows.chunk_by(|a, b| a.row.day == b.row.day) {
            let named = day.iter().map(|entry| name(entry, names)).filter(|text| !text.is_empty());
            let Some(segment) = named.max() else { continue };
            if changes.last().is_none_or(|last| last.segment != segment) {
                let (day, segment) = (day[0].row.day, segment.to_owned());
                changes.push(SegmentChange { customer, day, segment });
            }
        }
        let Some(last) = changes.last() else { continue };
        last.segment.clone_into(&mut found.latest[customer as usize]);
        let mut texts = rows.iter().map(|entry| name(entry, names)).filter(|t| !t.is_empty());
        let first = texts.next();
        found.several += u64::from(texts.any(|text| Some(text) != first));
        if changes.len() > 1 || changes[0].day > rows[0].row.day {
            found.changes.append(&mut changes);
        }
    }
    found
}

fn name<'a>(entry: &Entry, names: &'a [String]) -> &'a str {
    names.get(entry.segment as usize).map_or("", String::as_str)
}
