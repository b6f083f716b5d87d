//! Counting the rows left out, and keeping the first of them.

use std::collections::BTreeMap;
use std::fmt;

use super::types::{Reason, Reject};

/// How many rejected rows a message shows.
pub(super) const SHOWN: usize = 20;

/// Longest text of a cell in a message, in characters.
const LONGEST: usize = 60;

/// Rows left out: all counted, the first `limit` by file and line kept.
#[derive(Debug, Clone)]
pub(super) struct Rejects {
    limit: usize,
    counts: BTreeMap<Reason, u64>,
    kept: Vec<(u32, Reject)>,
}

impl Rejects {
    pub(super) const fn new(keep_all: bool) -> Self {
        let limit = if keep_all { usize::MAX } else { SHOWN };
        Self { limit, counts: BTreeMap::new(), kept: Vec::new() }
    }

    /// Counts a row of the file with that index; rows of one collection come in order of lines.
    pub(super) fn push(&mut self, file: u32, reason: Reason, reject: impl FnOnce() -> Reject) {
        *self.counts.entry(reason).or_default() += 1;
        if self.kept.len() < self.limit {
            self.kept.push((file, reject()));
        }
    }

    /// Counts rows of which the first are supplied by `first`.
    pub(super) fn add(&mut self, reason: Reason, rows: u64, first: Vec<(u32, Reject)>) {
        if rows > 0 {
            *self.counts.entry(reason).or_default() += rows;
            self.take(first);
        }
    }

    /// Adds another collection.
    pub(super) fn merge(&mut self, other: Self) {
        for (reason, rows) in other.counts {
            *self.counts.entry(reason).or_default() += rows;
        }
        self.take(other.kept);
    }

    fn take(&mut self, more: Vec<(u32, Reject)>) {
        if more.is_empty() {
            return;
        }
        self.kept.extend(more);
        self.kept.sort_by_key(|(file, reject)| (*file, reject.line));
        self.kept.truncate(self.limit);
    }

    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Counts by reason, and the kept rows by file and line.
    pub(super) fn finish(self) -> (BTreeMap<Reason, u64>, Vec<Reject>) {
        (self.counts, self.kept.into_iter().map(|(_, reject)| reject).collect())
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(column) = &self.column {
            write!(f, "column `{column}`: ")?;
        }
        write!(f, "found `{}`, expected {}", self.found, self.expected)
    }
}

/// A cell's text for a message: control characters escaped, cut to 60 characters.
pub(super) fn shorten(cell: &[u8]) -> String {
    // Four bytes make the longest character, so that the cut falls behind what is shown.
    let text = String::from_utf8_lossy(&cell[..cell.len().min(4 * (LONGEST + 1))]);
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            shown.pop();
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reject(line: u64) -> Reject {
        Reject {
            file: "a.csv".into(),
            line,
            reason: Reason::BadDate,
            column: Some("date".into()),
            found: "x".into(),
            expected: "a date".into(),
        }
    }

    #[test]
    fn all_rows_are_counted_and_the_first_twenty_kept_in_order() {
        let mut late = Rejects::new(false);
        for line in 20..60 {
            late.push(1, Reason::BadDate, || reject(line));
        }
        let mut early = Rejects::new(false);
        early.push(0, Reason::BadCost, || reject(99));
        late.merge(early);
        assert_eq!(late.total(), 41);
        let (counts, kept) = late.finish();
        assert_eq!(counts[&Reason::BadDate], 40);
        assert_eq!(kept.len(), SHOWN);
        assert_eq!((kept[0].line, kept[1].line, kept[19].line), (99, 20, 38));
        assert_eq!(kept[1].to_string(), "a.csv:20: column `date`: found `x`, expected a date");
    }

    #[test]
    fn cells_are_shown_short_and_printable() {
        assert_eq!(shorten(b"a\0b"), "a\\u{0}b");
        assert_eq!(shorten(&[b'x', 0xff]), "x\u{fffd}");
        let long = shorten("é".repeat(100).as_bytes());
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with('…'));
    }
}
