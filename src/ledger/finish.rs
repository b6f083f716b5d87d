//! What is known of a shard once its rows are settled: their order, repeated rows, orders by file,
//! segments.

use std::num::NonZeroU64;

use crate::units::Scale;

use super::entry::{Content, Entry};
use super::rejects::Rejects;
use super::settle::{Entries, Rules};
use super::shard::Shard;
use super::table::RowBlock;
use super::types::{Columns, Duplicates, Reason, Reject, SegmentChange};

/// A shard that is done with. Customers have their numbers of the shard.
pub(super) struct Finished {
    /// Those of a customer sorted by day, order, and then by their money.
    pub(super) rows: RowBlock,
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
    /// Finishes a shard; `entries` is room that one shard after the other uses.
    pub(super) fn finish<C: Content>(&self, shard: &Shard, entries: &mut Entries<C>) -> Finished {
        let (bad, refunds) = self.rules.settle(shard, self.scale, entries);
        let Rules { columns, files, .. } = self.rules;
        let has_rest =
            [&columns.order, &columns.cost, &columns.expense].iter().any(|c| c.is_some());
        let drop = self.duplicates == Duplicates::Drop;
        let mut rows = RowBlock::new(shard.customers(), shard.rows(), has_rest);
        let mut repeated = Repeated::default();
        let mut orders = Vec::new();
        let mut segments = Segments::default();
        let mut refund_rows = 0;
        for own in entries.customers() {
            own.sort_unstable();
            let mut original = 0;
            for (at, entry) in own.iter().enumerate() {
                if at > 0 && entry.repeats(&own[at - 1]) {
                    repeated.note(shard, entry, &own[original]);
                    if drop {
                        continue;
                    }
                } else {
                    original = at;
                }
                let row = entry.content.row(entry.day);
                rows.push(&row, has_rest);
                refund_rows += u64::from(row.amount.is_some_and(|amount| amount < 0));
            }
            rows.end_customer();
            if files.len() > 1 {
                let named = |entry: &Entry<C>| {
                    Some((entry.content.row(entry.day).order?, shard.place(entry.position).0))
                };
                orders.extend(own.iter().filter_map(named));
            }
            if columns.segment.is_some() {
                segments.push(own, self.segments);
            }
        }
        orders.sort_unstable();
        orders.dedup();
        Finished {
            repeated: repeated.finish(columns, files, bad.limit()),
            refund_rows,
            orders,
            segments,
            rows,
            bad,
            refunds,
        }
    }
}

/// Rows that repeat an earlier one: file and line, and where the earlier one stands.
#[derive(Default)]
struct Repeated(Vec<[(u32, u64); 2]>);

impl Repeated {
    fn note<C>(&mut self, shard: &Shard, entry: &Entry<C>, original: &Entry<C>) {
        self.0.push([entry, original].map(|entry| shard.place(entry.position)));
    }

    /// How many there are, and the first `limit` of them by file and line.
    fn finish(
        mut self,
        columns: &Columns,
        files: &[String],
        limit: usize,
    ) -> (u64, Vec<(u32, Reject)>) {
        let total = self.0.len() as u64;
        self.0.sort_unstable();
        self.0.truncate(limit);
        let reject = |[(file, line), original]: [(u32, u64); 2]| {
            let found = format!("the same as {}:{}", files[original.0 as usize], original.1);
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
        (total, self.0.into_iter().map(reject).collect())
    }
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

impl Segments {
    /// Takes the sorted entries of the next customer.
    fn push<C: Content>(&mut self, rows: &[Entry<C>], names: &[String]) {
        // Numbers of a shard are fewer than `u32` counts.
        let customer = u32::try_from(self.latest.len()).unwrap_or(u32::MAX);
        let mut changes: Vec<SegmentChange> = Vec::new();
        for day in rows.chunk_by(|a, b| a.day == b.day) {
            let named = day.iter().map(|entry| name(entry, names)).filter(|text| !text.is_empty());
            let Some(segment) = named.max() else { continue };
            if changes.last().is_none_or(|last| last.segment != segment) {
                let (day, segment) = (day[0].day, segment.to_owned());
                changes.push(SegmentChange { customer, day, segment });
            }
        }
        let latest = changes.last().map(|last| last.segment.clone());
        self.latest.push(latest.unwrap_or_default());
        let mut texts = rows.iter().map(|entry| name(entry, names)).filter(|t| !t.is_empty());
        let first = texts.next();
        self.several += u64::from(texts.any(|text| Some(text) != first));
        if changes.len() > 1 || changes.first().is_some_and(|first| first.day > rows[0].day) {
            self.changes.append(&mut changes);
        }
    }
}

fn name<'a, C: Content>(entry: &Entry<C>, names: &'a [String]) -> &'a str {
    names.get(entry.content.segment() as usize).map_or("", String::as_str)
}
