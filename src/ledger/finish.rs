//! What is known once all entries stand together: their order, repeated rows, orders in several
//! files, segments.

use rayon::prelude::*;

use super::settle::Entry;
use super::types::{Columns, Reason, Reject, SegmentChange};

impl Entry {
    /// Whether it repeats another entry in every column.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        (self.row, self.fingerprint) == (other.row, other.fingerprint)
    }
}

/// Numbers the customers in use by the order of their ids, sorts the entries, and returns the
/// ids. `names` are all ids met, by the numbers that the entries carry so far.
pub(super) fn sort(entries: &mut [Entry], names: &[String]) -> Vec<String> {
    let mut used = vec![false; names.len()];
    for entry in &*entries {
        used[entry.row.customer as usize] = true;
    }
    let mut order: Vec<u32> =
        (0_u32..).zip(&used).filter(|(_, used)| **used).map(|(index, _)| index).collect();
    order.par_sort_unstable_by_key(|index| names[*index as usize].as_str());
    let mut ranks = vec![0; names.len()];
    for (rank, index) in (0_u32..).zip(&order) {
        ranks[*index as usize] = rank;
    }
    entries.par_iter_mut().for_each(|entry| {
        entry.row.customer = ranks[entry.row.customer as usize];
    });
    entries.par_sort_unstable();
    order.into_iter().map(|index| names[index as usize].clone()).collect()
}

/// How many sorted entries repeat an earlier one, and the first `limit` of them by file and line.
pub(super) fn duplicates(
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
    repeated.par_sort_unstable();
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

/// How many order ids occur in more than one file.
pub(super) fn orders_in_several_files(entries: &[Entry]) -> u64 {
    let mut orders: Vec<(u64, u32)> = entries
        .par_iter()
        .filter_map(|entry| entry.row.order.map(|order| (order, entry.file)))
        .collect();
    orders.par_sort_unstable();
    orders.dedup();
    orders.chunk_by(|a, b| a.0 == b.0).filter(|files| files.len() > 1).count() as u64
}

/// The segments of a ledger's customers.
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
pub(super) fn segments(entries: &[Entry], customers: usize, names: &[String]) -> Segments {
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
