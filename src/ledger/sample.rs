//! Part of a ledger's customers, chosen by their ids alone.

use super::Ledger;
use super::hash::hash;
use super::types::SegmentChange;

impl Ledger {
    /// The rows of at most `most` customers `among` those given (ids, ascending): the ones whose ids
    /// hash lowest under `seed`, so that the choice depends on nothing but the ids. `None` where no
    /// more than that are given.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, progress::Silent};
    /// let files = ["data/superstore.csv".to_owned()];
    /// let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// let all = &ledger.customers;
    /// let sample = ledger.sample(all, 100, 1).unwrap();
    /// assert_eq!(sample.customers.len(), 100);
    /// assert!(ledger.sample(all, 793, 1).is_none());
    /// // Others in the ledger change nothing.
    /// let fewer = ledger.sample(&all[..400], 100, 1).unwrap();
    /// assert!(fewer.customers.iter().all(|id| all[..400].contains(id)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sample(&self, among: &[String], most: usize, seed: u64) -> Option<Self> {
        if among.len() <= most {
            return None;
        }
        // Both lists ascend.
        let mut among = among.iter().peekable();
        let mut given = |id: &String| {
            while among.next_if(|other| *other < id).is_some() {}
            among.next_if_eq(&id).is_some()
        };
        let mut hashes: Vec<(u64, u32)> = (0..)
            .zip(&self.customers[..])
            .filter(|(_, id)| given(id))
            .map(|(i, id)| (hash(seed, id.as_bytes()), i))
            .collect();
        hashes.sort_unstable();
        hashes.truncate(most);
        let mut kept: Vec<u32> = hashes.iter().map(|&(_, i)| i).collect();
        kept.sort_unstable();
        let mut place: Vec<Option<u32>> = vec![None; self.customers.len()];
        for (new, &old) in (0..).zip(&kept) {
            place[old as usize] = Some(new);
        }
        let pick = |all: &[String]| -> Vec<String> {
            kept.iter().map(|&i| all[i as usize].clone()).collect()
        };
        Some(Self {
            customers: pick(&self.customers).into(),
            segments: self.segments.as_deref().map(pick),
            segment_changes: self
                .segment_changes
                .iter()
                .filter_map(|change| {
                    let customer = place[change.customer as usize]?;
                    Some(SegmentChange { customer, ..change.clone() })
                })
                .collect(),
            rows: (0..)
                .zip(&kept)
                .flat_map(|(customer, &old)| {
                    self.rows.of(old).map(move |row| super::Row { customer, ..row })
                })
                .collect(),
            scale: self.scale,
            columns: self.columns.clone(),
            audit: self.audit.clone(),
        })
    }
}
