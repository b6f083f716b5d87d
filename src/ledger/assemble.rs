//! From finished shards to one table: customers by their ids, with their rows.

use rayon::prelude::*;

use crate::units::Day;

use super::finish::Finished;
use super::shard::Shard;
use super::types::{Row, SegmentChange};

/// Customers per unit of parallel work.
const CHUNK: usize = 1 << 13;

/// The customers of all shards that have rows, in ascending byte order of their ids.
#[derive(Debug, Default)]
pub(super) struct Whole {
    pub(super) customers: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// Segments of the customers; empty where the input has none.
    pub(super) segments: Vec<String>,
    pub(super) segment_changes: Vec<SegmentChange>,
}

/// One customer: the first bytes of its id, which settle most comparisons, and where it is.
type Key = (u64, u32, u32);

impl Whole {
    pub(super) fn new(shards: &[(Shard, Finished)]) -> Self {
        let keys = keys(shards);
        let of = |key: &Key| (&shards[key.1 as usize], key.2 as usize);
        let rows_of = |key: &Key| {
            let ((_, finished), number) = of(key);
            let start = number.checked_sub(1).map_or(0, |before| finished.ends[before]);
            &finished.rows[start..finished.ends[number]]
        };
        let customers = keys
            .par_iter()
            .map(|key| {
                let ((shard, _), number) = of(key);
                // Every id was found to be valid text.
                std::str::from_utf8(shard.id(number)).unwrap_or_default().to_owned()
            })
            .collect();
        let total = shards.iter().map(|(_, finished)| finished.rows.len()).sum();
        let mut rows = vec![EMPTY; total];
        let mut places = Vec::new();
        let mut rest = &mut rows[..];
        for keys in keys.chunks(CHUNK) {
            let (own, later) = rest.split_at_mut(keys.iter().map(|key| rows_of(key).len()).sum());
            places.push(own);
            rest = later;
        }
        keys.par_chunks(CHUNK).zip(places).enumerate().for_each(|(chunk, (keys, place))| {
            let mut place = place.iter_mut();
            for (customer, key) in (chunk * CHUNK..).zip(keys) {
                // Shards hold at most as many customers as `u32` counts.
                let customer = u32::try_from(customer).unwrap_or(u32::MAX);
                for (row, place) in rows_of(key).iter().zip(&mut place) {
                    *place = Row { customer, ..*row };
                }
            }
        });
        let (segments, segment_changes) = segments(shards, &keys);
        Self { customers, rows, segments, segment_changes }
    }
}

const EMPTY: Row =
    Row { customer: 0, day: Day::from_number(0), order: None, amount: None, cost: 0, expense: 0 };

/// The customers with rows, sorted by their ids.
fn keys(shards: &[(Shard, Finished)]) -> Vec<Key> {
    let mut keys: Vec<Key> = (0_u32..)
        .zip(shards)
        .flat_map(|(shard, (ids, finished))| {
            let starts = std::iter::once(0).chain(finished.ends.iter().copied());
            let used = starts.zip(&finished.ends).map(|(start, end)| start < *end);
            let used = (0_u32..).zip(used).filter(|(_, used)| *used);
            used.map(move |(number, _)| (head(ids.id(number as usize)), shard, number))
        })
        .collect();
    let id = |key: &Key| shards[key.1 as usize].0.id(key.2 as usize);
    keys.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a).cmp(id(b))));
    keys
}

/// The first eight bytes of an id as a number that orders like them, zeros beyond its end.
fn head(id: &[u8]) -> u64 {
    let mut head = [0; 8];
    let length = id.len().min(8);
    head[..length].copy_from_slice(&id[..length]);
    u64::from_be_bytes(head)
}

fn segments(shards: &[(Shard, Finished)], keys: &[Key]) -> (Vec<String>, Vec<SegmentChange>) {
    if shards.iter().all(|(_, finished)| finished.segments.latest.is_empty()) {
        return (Vec::new(), Vec::new());
    }
    let latest = |key: &Key| shards[key.1 as usize].1.segments.latest[key.2 as usize].clone();
    let mut changes = Vec::new();
    for (customer, (_, shard, number)) in (0_u32..).zip(keys) {
        let all = &shards[*shard as usize].1.segments.changes;
        let first = all.partition_point(|change| change.customer < *number);
        let own = all[first..].iter().take_while(|change| change.customer == *number);
        changes.extend(own.map(|change| SegmentChange { customer, ..change.clone() }));
    }
    (keys.par_iter().map(latest).collect(), changes)
}
