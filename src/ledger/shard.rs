//! The customers whose ids hash alike, and their rows.

use hashbrown::HashTable;

use super::draft::{Draft, Extra};
use super::part::ShardRows;

/// Some of the customers, and all rows of theirs that were read so far.
#[derive(Debug, Default)]
pub(super) struct Shard {
    /// Numbers of the customers by the hashes of their ids.
    numbers: HashTable<u32>,
    hashes: Vec<u64>,
    /// The ids, one after the other, and the end of each.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// In order of files and lines.
    pub(super) pieces: Vec<Piece>,
}

/// The rows of one part.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) file: u32,
    /// Number of the part among all.
    pub(super) part: usize,
    pub(super) drafts: Vec<Draft>,
    extras: Vec<Extra>,
}

impl Piece {
    /// The drafts with what else their rows hold.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&Draft, Extra)> {
        let extras = self.extras.iter().copied();
        self.drafts.iter().zip(extras.chain(std::iter::repeat(Extra::default())))
    }
}

impl Shard {
    /// Takes the rows of the next part.
    pub(super) fn add(&mut self, file: u32, part: usize, rows: ShardRows) {
        let ShardRows { ids, keys, mut drafts, extras } = rows;
        let mut start = 0;
        for (draft, (end, hash)) in drafts.iter_mut().zip(keys) {
            draft.customer = self.number(&ids[start..end], hash);
            start = end;
        }
        if !drafts.is_empty() {
            // Room for more than a quarter is given back.
            if drafts.capacity() > drafts.len() * 5 / 4 {
                drafts.shrink_to_fit();
            }
            self.pieces.push(Piece { file, part, drafts, extras });
        }
    }

    /// The number of the customer with that id.
    fn number(&mut self, id: &[u8], hash: u64) -> u32 {
        let Self { numbers, hashes, text, ends, .. } = self;
        let known = numbers.find(hash, |number| {
            let at = *number as usize;
            hashes[at] == hash && &text[start(ends, at)..ends[at]] == id
        });
        if let Some(number) = known {
            return *number;
        }
        // The collector counts the customers of all shards and refuses more than `u32` holds.
        let number = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        text.extend_from_slice(id);
        ends.push(text.len());
        hashes.push(hash);
        numbers.insert_unique(hash, number, |number| hashes[*number as usize]);
        number
    }

    /// How many customers there are.
    pub(super) fn customers(&self) -> usize {
        self.ends.len()
    }

    /// The id of a customer.
    pub(super) fn id(&self, number: usize) -> &[u8] {
        &self.text[start(&self.ends, number)..self.ends[number]]
    }
}

fn start(ends: &[usize], at: usize) -> usize {
    at.checked_sub(1).map_or(0, |before| ends[before])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::date_text;

    #[test]
    fn customers_are_numbered_as_they_appear_also_where_hashes_are_alike() {
        let draft = Draft {
            line: 1,
            fingerprint: 0,
            amount: 0,
            date: date_text::iso(b"2017-01-31").unwrap(),
            customer: 0,
            segment: 0,
            places: [0; 3],
            has_amount: false,
        };
        let mut shard = Shard::default();
        for ids in [&["a", "bc", "a"][..], &["d", "bc"]] {
            let mut rows = ShardRows::default();
            for id in ids {
                rows.ids.extend(id.as_bytes());
                rows.keys.push((rows.ids.len(), 7));
                rows.drafts.push(draft);
            }
            shard.add(0, shard.pieces.len(), rows);
        }
        let numbers: Vec<Vec<u32>> = shard
            .pieces
            .iter()
            .map(|piece| piece.rows().map(|(draft, _)| draft.customer).collect())
            .collect();
        assert_eq!(numbers, [vec![0, 1, 0], vec![2, 1]]);
        assert_eq!((shard.customers(), shard.id(1), shard.id(2)), (3, &b"bc"[..], &b"d"[..]));
    }
}
