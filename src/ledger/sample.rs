//! Part of a ledger's customers, chosen by their ids alone.

use super::Ledger;
use super::hash::hash;
use super::types::SegmentChange;

impl Ledger {
    /// The rows of at most `most` customers: those whose ids hash lowest under `seed`, so that the
    /// choice depends on nothing but the ids. `None` where there are no more than that.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, progress::Silent};
    /// let files = ["data/superstore.csv".to_owned()];
    /// let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// let sample = ledger.sample(100, 1).unwrap();
    /// assert_eq!(sample.customers.len(), 100);
    /// assert!(ledger.sample(793, 1).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sample(&self, most: usize, seed: u64) -> Option<Self> {
        if self.customers.len() <= most {
            return None;
        }
        let mut hashes: Vec<(u64, u32)> =
            (0..).zip(&self.customers).map(|(i, id)| (hash(seed, id.as_bytes()), i)).collect();
        hashes.select_nth_unstable(most.saturating_sub(1));
        let mut kept: Vec<u32> = hashes[..most].iter().map(|&(_, i)| i).collect();
        kept.sort_unstable();
        let mut place: Vec<Option<u32>> = vec![None; self.customers.len()];
        for (new, &old) in (0..).zip(&kept) {
            place[old as usize] = Some(new);
        }
        let pick = |all: &[String]| kept.iter().map(|&i| all[i as usize].clone()).collect();
        Some(Self {
            customers: pick(&self.customers),
            segments: self.segments.as_deref().map(pick),
            segment_changes: self
                .segment_changes
                .iter()
                .filter_map(|change| {
                    let customer = place[change.customer as usize]?;
                    Some(SegmentChange { customer, ..change.clone() })
                })
                .collect(),
            rows: self
                .rows
                .iter()
                .filter_map(|row| {
                    Some(super::Row { customer: place[row.customer as usize]?, ..*row })
                })
                .collect(),
            scale: self.scale,
            columns: self.columns.clone(),
            audit: self.audit.clone(),
        })
    }
}
