//! From finished shards to one table: customers by their ids, with their rows.

use rayon::prelude::*;

use super::finish::Finished;
use super::shard::Shard;
use super::table::Rows;
use super::types::SegmentChange;

/// The customers of all shards that have rows, in ascending byte order of their ids.
#[derive(Debug, Default)]
pub(super) struct Whole {
    pub(super) customers: Vec<String>,
    pub(super) rows: Rows,
    /// Segments of the customers; empty where the input has none.
    pub(super) segments: Vec<String>,
    pub(super) segment_changes: Vec<SegmentChange>,
}

/// One customer: the first bytes of its id, which settle most comparisons, and where it is.
type Key = (u64, u32, u32);

impl Whole {
    pub(super) fn new(shards: Vec<(Shard, Finished)>) -> Self {
        let keys = keys(&shards);
        let ids: Vec<_> = shards.par_iter().map(|(shard, _)| shard.ids()).collect();
        let id = |(_, shard, number): &Key| ids[*shard as usize](*number as usize).to_owned();
        let customers = keys.par_iter().map(id).collect();
        drop(ids);
        let (segments, segment_changes) = segments(&shards, &keys);
        let blocks = shards.into_iter().map(|(_, finished)| finished.rows).collect();
        let places = keys.into_iter().map(|(_, shard, number)| (shard, number)).collect();
        Self { customers, rows: Rows::new(blocks, places), segments, segment_changes }
    }
}

/// The customers with rows, sorted by their ids.
fn keys(shards: &[(Shard, Finished)]) -> Vec<Key> {
    let mut keys: Vec<Key> = (0_u32..)
        .zip(shards)
        .flat_map(|(shard, (ids, finished))| {
            let used = (0_u32..).zip(finished.rows.used()).filter(|(_, used)| *used);
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
