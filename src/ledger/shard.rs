//! The customers whose ids hash alike, and their rows.

use std::ops::Range;

use hashbrown::HashTable;

use super::draft::{Draft, Extra};
use super::part::ShardRows;

/// Some of the customers, and all rows of theirs that were read so far.
#[derive(Debug, Default)]
pub(super) struct Shard {
    known: HashTable<Known>,
    /// The ids, each with a NUL byte behind it: no id holds one.
    text: Vec<u8>,
    /// Where each id starts.
    starts: Vec<u32>,
    /// In order of files and lines.
    pub(super) pieces: Vec<Piece>,
}

/// A customer: all that is looked at to find it, but for its id.
#[derive(Debug, Clone, Copy)]
struct Known {
    hash: u64,
    /// Where its id starts.
    start: u32,
    number: u32,
}

/// The rows of one part.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) file: u32,
    /// Number of the part among all.
    pub(super) part: usize,
    /// The line the part begins on.
    line: u64,
    /// How many drafts of the shard stand in earlier pieces.
    pub(super) first: u32,
    pub(super) drafts: Vec<Draft>,
    extras: Vec<Extra>,
}

impl Piece {
    /// The line of a draft in its file.
    pub(super) fn line(&self, draft: &Draft) -> u64 {
        self.line + u64::from(draft.line)
    }

    /// The drafts with what else their rows hold.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&Draft, Extra)> {
        let extras = self.extras.iter().copied();
        self.drafts.iter().zip(extras.chain(std::iter::repeat(Extra::default())))
    }
}

impl Shard {
    /// Takes the rows of the next part, which begins on `line`.
    pub(super) fn add(&mut self, file: u32, part: usize, line: u64, rows: ShardRows) {
        let ShardRows { ids, hashes, mut drafts, extras } = rows;
        let mut ids = &ids[..];
        for (draft, hash) in drafts.iter_mut().zip(hashes) {
            let (id, later) = ids.split_at(draft.customer as usize);
            draft.customer = self.number(id, hash);
            ids = later;
        }
        if !drafts.is_empty() {
            // Room for more than a quarter is given back.
            if drafts.capacity() > drafts.len() * 5 / 4 {
                drafts.shrink_to_fit();
            }
            // Only more memory than there is holds more rows of a shard than `u32` counts.
            let behind = |last: &Piece| last.first as usize + last.drafts.len();
            let first = self.pieces.last().map_or(0, behind);
            let first = u32::try_from(first).unwrap_or(u32::MAX);
            self.pieces.push(Piece { file, part, line, first, drafts, extras });
        }
    }

    /// The number of the customer with that id.
    fn number(&mut self, id: &[u8], hash: u64) -> u32 {
        let Self { known, text, starts, .. } = self;
        let is_it =
            |known: &Known| known.hash == hash && starts_with_id(&text[known.start as usize..], id);
        if let Some(known) = known.find(hash, is_it) {
            return known.number;
        }
        // The collector refuses more customers, or longer ids, than `u32` counts.
        let start = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let number = u32::try_from(starts.len()).unwrap_or(u32::MAX);
        text.extend_from_slice(id);
        text.push(0);
        starts.push(start);
        known.insert_unique(hash, Known { hash, start, number }, |known| known.hash);
        number
    }

    /// How many customers there are.
    pub(super) fn customers(&self) -> usize {
        self.starts.len()
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.pieces.iter().map(|piece| piece.drafts.len()).sum()
    }

    /// File and line of a draft, by its number among all.
    pub(super) fn place(&self, position: u32) -> (u32, u64) {
        let at = self.pieces.partition_point(|piece| piece.first <= position).saturating_sub(1);
        let piece = &self.pieces[at];
        (piece.file, piece.line(&piece.drafts[(position - piece.first) as usize]))
    }

    /// Bytes of their ids.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The id of a customer.
    pub(super) fn id(&self, number: usize) -> &[u8] {
        &self.text[self.range(number)]
    }

    /// The ids of all customers by their numbers; every id was found to be valid text.
    pub(super) fn ids<'a>(&'a self) -> impl Fn(usize) -> &'a str + Sync {
        let text = std::str::from_utf8(&self.text).unwrap_or_default();
        move |number| text.get(self.range(number)).unwrap_or_default()
    }

    fn range(&self, number: usize) -> Range<usize> {
        let end = self.starts.get(number + 1).map_or(self.text.len(), |next| *next as usize);
        self.starts[number] as usize..end - 1
    }
}

/// Whether a text begins with an id and a NUL byte. Most ids have 8 to 16 bytes: two words that may
/// overlap settle them.
fn starts_with_id(text: &[u8], id: &[u8]) -> bool {
    let Some((text, [0, ..])) = text.split_at_checked(id.len()) else { return false };
    let words = |text: &[u8]| Some((*text.first_chunk::<8>()?, *text.last_chunk::<8>()?));
    if id.len() <= 16
        && let (Some(text), Some(id)) = (words(text), words(id))
    {
        return text == id;
    }
    text == id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::date_text;

    #[test]
    fn ids_are_told_apart_whatever_their_length() {
        for length in 0..=20 {
            let id = vec![b'x'; length];
            let stored = [&id[..], b"\0later\0"].concat();
            assert!(starts_with_id(&stored, &id));
            // One byte more or less, and a change of each byte.
            assert!(!starts_with_id(&stored, &[&id[..], b"x"].concat()));
            assert!(length == 0 || !starts_with_id(&stored, &id[1..]));
            for at in 0..length {
                let mut other = id.clone();
                other[at] = b'y';
                assert!(!starts_with_id(&stored, &other), "{length} {at}");
            }
        }
    }

    #[test]
    fn customers_are_numbered_as_they_appear_also_where_hashes_are_alike() {
        let date = date_text::iso(b"2017-01-31").unwrap();
        let mut shard = Shard::default();
        for ids in [&["ab", "abc", "ab"][..], &["d", "abc", "a"]] {
            let mut rows = ShardRows::default();
            for id in ids {
                rows.ids.extend(id.as_bytes());
                rows.hashes.push(7);
                let length = u32::try_from(id.len()).unwrap();
                rows.drafts.push(Draft::new(2, 0, date, length, None));
            }
            shard.add(0, shard.pieces.len(), 10, rows);
        }
        let numbers: Vec<Vec<u32>> = shard
            .pieces
            .iter()
            .map(|piece| piece.rows().map(|(draft, _)| draft.customer).collect())
            .collect();
        assert_eq!(numbers, [vec![0, 1, 0], vec![2, 1, 3]]);
        assert_eq!(shard.customers(), 4);
        let ids: Vec<_> = (0..4).map(|number| shard.id(number)).collect();
        assert_eq!(ids, [&b"ab"[..], b"abc", b"d", b"a"]);
        let piece = &shard.pieces[0];
        assert_eq!(piece.line(&piece.drafts[0]), 12);
    }
}
