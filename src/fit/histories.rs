//! Distinct histories with their numbers of customers: what the attrition likelihoods need.

use std::collections::BTreeMap;

use super::nbd::NbdData;

/// All customers acquired on one day: how long they were observed and when they could leave;
/// times in periods of the model's clock since that day.
///
/// ```
/// use clvcast::fit::Start;
/// // Acquired in the middle of a sub-period of one period, three ends before the as-of date.
/// let start = Start { t: 2.5, ends: vec![0.5, 1.5, 2.5] };
/// assert_eq!(start.ends.last(), Some(&start.t));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// Length T of observation.
    pub t: f64,
    /// Exposure E_c at the end of each sub-period c, ascending, the last one equal to `t`; empty
    /// for models without sub-periods.
    pub ends: Vec<f64>,
}

/// One distinct history.
///
/// ```
/// use clvcast::fit::Histories;
/// let histories = Histories::from_summaries([(2, 5.0, 9.0, 3)]);
/// let row = histories.rows[0];
/// assert_eq!((row.x, row.t_x, row.customers), (2, 5.0, 3.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Index of its [`Start`].
    pub start: u32,
    /// Repeat purchases x.
    pub x: u32,
    /// Time t_x of the last one; 0 when x = 0.
    pub t_x: f64,
    /// Index in the start's `ends` of the sub-period of the last purchase (0 when x = 0).
    pub last: u32,
    /// Customers with this history.
    pub customers: f64,
}

/// Distinct histories, sorted by start, then x, then `t_x` descending, so that neighbours share
/// their sums. Starts are sorted, too: the same customers in any order give the same value, to
/// the bit.
///
/// ```
/// use clvcast::fit::Histories;
/// let histories = Histories::from_summaries([(0, 0.0, 9.0, 1), (2, 5.0, 9.0, 1), (0, 0.0, 9.0, 4)]);
/// assert_eq!((histories.starts.len(), histories.rows.len()), (1, 2));
/// assert_eq!(histories.rows[0].customers, 5.0);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histories {
    /// Distinct starts.
    pub starts: Vec<Start>,
    /// Distinct histories.
    pub rows: Vec<History>,
}

/// Start, x, −t_x and the sub-period of the last purchase, as whole numbers that order like them.
type Key = (usize, u32, std::cmp::Reverse<u64>, u32);

impl Histories {
    /// From (x, t_x, T, customers), times in periods; equal histories are counted together.
    ///
    /// ```
    /// use clvcast::fit::Histories;
    /// let histories = Histories::from_summaries([(2, 5.0, 9.0, 1), (2, 7.0, 9.0, 1)]);
    /// assert_eq!(histories.rows[0].t_x, 7.0); // the latest first
    /// ```
    #[must_use]
    pub fn from_summaries(customers: impl IntoIterator<Item = (u32, f64, f64, u64)>) -> Self {
        let start = |t| Start { t, ends: Vec::new() };
        Self::new(customers.into_iter().map(|(x, t_x, t, n)| (start(t), x, t_x, n)))
    }

    /// From (start, x, t_x, customers), times in periods; equal histories are counted together.
    /// The sub-period of the last purchase is the first one whose end is not before `t_x`.
    ///
    /// ```
    /// use clvcast::fit::{Histories, Start};
    /// let start = Start { t: 2.5, ends: vec![0.5, 1.5, 2.5] };
    /// let histories = Histories::new([(start.clone(), 3, 1.2, 1), (start, 0, 0.0, 2)]);
    /// assert_eq!((histories.rows[0].last, histories.rows[1].last), (0, 1));
    /// ```
    #[must_use]
    pub fn new(customers: impl IntoIterator<Item = (Start, u32, f64, u64)>) -> Self {
        // Non-negative floats order like their bits.
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<u64>>();
        let mut found: BTreeMap<(u64, Vec<u64>), usize> = BTreeMap::new();
        let mut seen = Vec::new();
        for (start, x, t_x, n) in customers {
            let next = found.len();
            let index = *found.entry((start.t.to_bits(), bits(&start.ends))).or_insert(next);
            let last = start.ends.partition_point(|&end| end < t_x);
            let last = last.min(start.ends.len().saturating_sub(1));
            let last = if x == 0 { 0 } else { u32::try_from(last).unwrap_or(u32::MAX) };
            seen.push((index, x, t_x, last, n));
        }
        let mut place = vec![0; found.len()];
        let mut starts = Vec::with_capacity(found.len());
        for (position, ((t, ends), index)) in found.into_iter().enumerate() {
            place[index] = position;
            let ends = ends.into_iter().map(f64::from_bits).collect();
            starts.push(Start { t: f64::from_bits(t), ends });
        }
        let mut counts: BTreeMap<Key, u64> = BTreeMap::new();
        for (index, x, t_x, last, n) in seen {
            let key = (place[index], x, std::cmp::Reverse(t_x.to_bits()), last);
            *counts.entry(key).or_default() += n;
        }
        let rows = counts.into_iter().map(|((start, x, t_x, last), n)| History {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            x,
            t_x: f64::from_bits(t_x.0),
            last,
            customers: n as f64,
        });
        Self { rows: rows.collect(), starts }
    }

    /// Every so many-th customer of many distinct histories, in their order: `customers` of them who
    /// stand for all. `None` where the histories are not many more.
    pub(super) fn sample(&self, customers: u32) -> Option<Self> {
        /// A sample has to be this much smaller than the whole to be worth it.
        const WORTH: usize = 4;
        if self.rows.len() < WORTH * customers as usize {
            return None;
        }
        let step = self.customers() / f64::from(customers);
        let (mut passed, mut drawn) = (0.0, 0.0);
        let mut rows = Vec::with_capacity(customers as usize);
        for row in &self.rows {
            passed += row.customers;
            // The middle of each step is drawn.
            let reached = (passed / step + 0.5).floor();
            if reached > drawn {
                rows.push(History { customers: reached - drawn, ..*row });
                drawn = reached;
            }
        }
        Some(Self { starts: self.starts.clone(), rows })
    }

    /// Customers in all.
    ///
    /// ```
    /// use clvcast::fit::Histories;
    /// assert_eq!(Histories::from_summaries([(2, 5.0, 9.0, 3)]).customers(), 3.0);
    /// ```
    #[must_use]
    pub fn customers(&self) -> f64 {
        self.rows.iter().map(|row| row.customers).sum()
    }

    /// Mean length of observation, periods.
    ///
    /// ```
    /// use clvcast::fit::Histories;
    /// let histories = Histories::from_summaries([(2, 5.0, 9.0, 1), (0, 0.0, 3.0, 1)]);
    /// assert_eq!(histories.mean_time(), 6.0);
    /// ```
    #[must_use]
    pub fn mean_time(&self) -> f64 {
        let total: f64 = self.rows.iter().map(|row| row.customers * self.start(row).t).sum();
        total / self.customers()
    }

    /// Mean number of opportunities to leave at given times, at least 1.
    pub(super) fn mean_ends(&self) -> f64 {
        let ends = |row: &History| self.start(row).ends.len() as f64;
        let all: f64 = self.rows.iter().map(|row| row.customers * ends(row)).sum();
        (all / self.customers()).max(1.0)
    }

    /// Counts and exposures alone: all that a model without attrition needs.
    ///
    /// ```
    /// use clvcast::fit::{Histories, NbdData};
    /// let histories = Histories::from_summaries([(2, 5.0, 9.0, 3)]);
    /// assert_eq!(histories.counts(), NbdData::new([(2, 9.0, 3)], false));
    /// ```
    #[must_use]
    pub fn counts(&self) -> NbdData {
        NbdData::new(self.groups(), false)
    }

    /// x, T and number of customers; neighbours with both in common are counted together.
    pub(super) fn groups(&self) -> impl Iterator<Item = (u32, f64, u64)> + '_ {
        let alike = self.rows.chunk_by(|a, b| (a.start, a.x) == (b.start, b.x));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let count = |rows: &[History]| {
            let customers: f64 = rows.iter().map(|row| row.customers).sum();
            (rows[0].x, self.start(&rows[0]).t, customers as u64)
        };
        alike.map(count)
    }

    /// The start of a row.
    pub(super) fn start(&self, row: &History) -> &Start {
        &self.starts[row.start as usize]
    }

    /// The rows of each start.
    pub(super) fn by_start(&self) -> Vec<&[History]> {
        self.rows.chunk_by(|a, b| a.start == b.start).collect()
    }
}
