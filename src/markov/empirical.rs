//! The plain transition matrix counted from the data: a check of the model's.

use super::bands::{Bands, Place};

/// Counts of moves between bands from one active period to the next; index 0 is `below`, then the
/// bands, then `above`.
///
/// ```
/// use clvcast::markov::{Bands, EmpiricalTransitions};
/// let bands = Bands::new(vec![1.0, 10.0, 100.0]).unwrap();
/// let moves = EmpiricalTransitions::count(&bands, [(5.0, 50.0), (5.0, 5.0), (50.0, 200.0)]);
/// assert_eq!(moves.counts()[1], [0, 1, 1, 0]); // from the first band
/// assert_eq!(moves.shares()[1], Some(vec![0.0, 0.5, 0.5, 0.0]));
/// assert_eq!(moves.shares()[0], None); // nobody started below
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmpiricalTransitions {
    counts: Vec<Vec<u64>>,
}

impl EmpiricalTransitions {
    /// Counts pairs of consecutive values (money).
    #[must_use]
    pub fn count(bands: &Bands, moves: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let size = bands.len() + 2;
        let index = |value| match bands.place(value) {
            Place::Below => 0,
            Place::In(band) => band + 1,
            Place::Above => size - 1,
        };
        let mut counts = vec![vec![0; size]; size];
        for (from, to) in moves {
            counts[index(from)][index(to)] += 1;
        }
        Self { counts }
    }

    /// The counts of both, which have the same bands.
    ///
    /// ```
    /// use clvcast::markov::{Bands, EmpiricalTransitions};
    /// let bands = Bands::new(vec![1.0, 10.0, 100.0]).unwrap();
    /// let count = |moves: &[(f64, f64)]| EmpiricalTransitions::count(&bands, moves.to_vec());
    /// let parts = count(&[(5.0, 50.0)]).plus(count(&[(5.0, 5.0)]));
    /// assert_eq!(parts, count(&[(5.0, 50.0), (5.0, 5.0)]));
    /// ```
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        for (counts, more) in self.counts.iter_mut().zip(other.counts) {
            for (count, more) in counts.iter_mut().zip(more) {
                *count += more;
            }
        }
        self
    }

    /// The counts, one row per starting place.
    #[must_use]
    pub fn counts(&self) -> &[Vec<u64>] {
        &self.counts
    }

    /// Shares of each row; `None` for a row without moves.
    #[must_use]
    pub fn shares(&self) -> Vec<Option<Vec<f64>>> {
        let share = |row: &Vec<u64>| {
            let total: u64 = row.iter().sum();
            (total > 0).then(|| row.iter().map(|&n| n as f64 / total as f64).collect())
        };
        self.counts.iter().map(share).collect()
    }
}
