//! Some thousand records as text: what is handed to the cores.

use std::ops::Range;

/// Records per chunk. Fixed, so that partial results do not depend on the number of threads.
pub(super) const RECORDS: usize = 8192;

/// A chunk is also full at this many bytes, so that huge fields do not fill the memory.
const BYTES: usize = 1 << 24;

/// Records with their line numbers, stored flat.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    bytes: Vec<u8>,
    /// End of each field in `bytes`.
    ends: Vec<usize>,
    /// For each record its line and the number of fields up to its end.
    records: Vec<(u64, usize)>,
}

impl Chunk {
    pub(super) fn is_full(&self) -> bool {
        self.records.len() >= RECORDS || self.bytes.len() >= BYTES
    }

    pub(super) const fn len(&self) -> usize {
        self.records.len()
    }

    /// Appends one field to the record under way.
    pub(super) fn field(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    /// Ends the record under way.
    pub(super) fn end_record(&mut self, line: u64) {
        self.records.push((line, self.ends.len()));
    }

    /// All records, with their lines.
    pub(super) fn records(&self) -> impl Iterator<Item = (u64, Record<'_>)> {
        let mut from = 0;
        self.records.iter().map(move |(line, to)| {
            let fields = from..*to;
            from = *to;
            (*line, Record { chunk: self, fields })
        })
    }
}

/// One record of a [`Chunk`].
#[derive(Debug, Clone)]
pub(super) struct Record<'a> {
    chunk: &'a Chunk,
    fields: Range<usize>,
}

impl<'a> Record<'a> {
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field; empty where the record has none of that number.
    pub(super) fn field(&self, number: usize) -> &'a [u8] {
        let at = self.fields.start + number;
        if at >= self.fields.end {
            return &[];
        }
        let start = at.checked_sub(1).map_or(0, |before| self.chunk.ends[before]);
        &self.chunk.bytes[start..self.chunk.ends[at]]
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &'a [u8]> + use<'a, '_> {
        (0..self.len()).map(|number| self.field(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_as_they_went_in() {
        let mut chunk = Chunk::default();
        for (line, fields) in [(2, &["a", "", "bc"][..]), (3, &["d"]), (5, &["", "e"])] {
            for field in fields {
                chunk.field(field.as_bytes());
            }
            chunk.end_record(line);
        }
        let back: Vec<(u64, Vec<&[u8]>)> =
            chunk.records().map(|(line, record)| (line, record.fields().collect())).collect();
        assert_eq!(back[0], (2, vec![&b"a"[..], b"", b"bc"]));
        assert_eq!(back[1], (3, vec![&b"d"[..]]));
        assert_eq!(back[2], (5, vec![&b""[..], b"e"]));
    }
}
