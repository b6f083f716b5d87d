//! What one piece of one file holds: rows by shard of customers, and what was met on the way.

use std::collections::{BTreeSet, HashMap};

use super::date_column::{KINDS, Kind, Tally};
use super::draft::{Draft, Extra};
use super::rejects::Rejects;

/// Customers are shared out by the hashes of their ids, so that each shard can be worked on by
/// itself and its customers' ids stay in the cache of a core. Fixed, so that nothing depends on
/// the number of threads.
pub(super) const SHARDS: usize = 128;

/// The shard of an id's hash: by bits that a hash table of the shard does not use.
const fn shard(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
}

/// How long most ids are: for how many of them memory is asked for.
const BYTES_PER_ID: usize = 10;

/// Rows of the customers of one shard.
#[derive(Debug, Default)]
pub(super) struct ShardRows {
    /// Ids of the rows, one after the other, and the hash of each.
    pub(super) ids: Vec<u8>,
    pub(super) hashes: Vec<u64>,
    pub(super) drafts: Vec<Draft>,
    /// One for each draft, or none at all.
    pub(super) extras: Vec<Extra>,
}

/// What a piece of a file holds.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) file: u32,
    /// The line it begins on.
    pub(super) line: u64,
    pub(super) rows: u64,
    pub(super) shards: Vec<ShardRows>,
    pub(super) segments: Vec<String>,
    pub(super) currencies: BTreeSet<String>,
    pub(super) rejects: Rejects,
    /// The most decimal places of rows that take no money back, and of those that do.
    pub(super) places: [u8; 2],
    pub(super) tally: Tally,
    pub(super) texts: DateTexts,
}

impl Part {
    pub(super) fn new(file: u32, line: u64, keep_rejects: bool, rows: usize) -> Self {
        let rejects = Rejects::new(keep_rejects);
        let expected = rows / SHARDS;
        let shard = || ShardRows {
            ids: Vec::with_capacity(expected * BYTES_PER_ID),
            hashes: Vec::with_capacity(expected),
            drafts: Vec::with_capacity(expected),
            extras: Vec::new(),
        };
        Self {
            file,
            line,
            rows: 0,
            shards: std::iter::repeat_with(shard).take(SHARDS).collect(),
            segments: Vec::new(),
            currencies: BTreeSet::new(),
            tally: Tally::default(),
            texts: DateTexts::new(rejects.limit()),
            rejects,
            places: [0; 2],
        }
    }

    /// How many lines a line lies behind the first one; a part has fewer than `u32` counts.
    pub(super) fn behind(&self, line: u64) -> u32 {
        u32::try_from(line - self.line).unwrap_or(u32::MAX)
    }

    /// Adds a row of the customer with that id.
    pub(super) fn push(&mut self, id: &[u8], hash: u64, draft: Draft, extra: Option<Extra>) {
        let most = draft.most_places(extra.as_ref());
        let places = &mut self.places[usize::from(draft.is_refund())];
        *places = most.max(*places);
        let rows = &mut self.shards[shard(hash)];
        rows.ids.extend_from_slice(id);
        rows.hashes.push(hash);
        rows.drafts.push(draft);
        rows.extras.extend(extra);
    }
}

/// Texts numbered in order of appearance.
#[derive(Debug, Default)]
pub(super) struct Names {
    indices: HashMap<String, u32>,
}

impl Names {
    /// The number of a text. There are fewer texts than rows of an input that fits the memory;
    /// beyond `u32` they would share the last number.
    pub(super) fn index(&mut self, text: &str) -> u32 {
        if let Some(index) = self.indices.get(text) {
            return *index;
        }
        let next = u32::try_from(self.indices.len()).unwrap_or(u32::MAX);
        self.indices.insert(text.to_owned(), next);
        next
    }

    pub(super) fn by_index(self) -> Vec<String> {
        let mut names = vec![String::new(); self.indices.len()];
        for (name, index) in self.indices {
            names[index as usize] = name;
        }
        names
    }
}

/// A file, by its index, and a line.
type Place = (u32, u64);

/// The first texts of dates that are not plainly written, by kind and place: of those that may
/// yet be refused and would be shown.
#[derive(Debug, Clone)]
pub(super) struct DateTexts {
    limit: usize,
    kinds: [Vec<(Place, Box<str>)>; KINDS],
}

impl DateTexts {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, kinds: Default::default() }
    }

    /// Keeps the text at a file and line behind all earlier ones.
    pub(super) fn keep(&mut self, kind: Kind, place: Place, text: &str) {
        let texts = &mut self.kinds[kind.index()];
        if texts.len() < self.limit {
            texts.push((place, text.into()));
        }
    }

    /// Adds those of later rows.
    pub(super) fn merge(&mut self, later: Self) {
        for (texts, more) in self.kinds.iter_mut().zip(later.kinds) {
            let missing = self.limit - texts.len();
            texts.extend(more.into_iter().take(missing));
        }
    }

    /// The text of a date of that kind, if it was kept.
    pub(super) fn get(&self, kind: Kind, place: Place) -> Option<&str> {
        let texts = &self.kinds[kind.index()];
        let at = texts.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        Some(&texts[at].1)
    }
}
