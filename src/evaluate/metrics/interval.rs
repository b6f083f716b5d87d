//! Central intervals of a distribution.

use crate::predict::quantile;

/// An interval with both ends in it.
///
/// ```
/// use clvcast::evaluate::metrics::Interval;
/// let interval = Interval { lower: 0.0, upper: 2.0 };
/// assert!(interval.covers(2.0) && !interval.covers(3.0));
/// assert_eq!(interval.width(), 2.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Interval {
    /// Whether a number lies in it.
    #[must_use]
    pub fn covers(self, y: f64) -> bool {
        (self.lower..=self.upper).contains(&y)
    }

    /// Upper end − lower end.
    #[must_use]
    pub fn width(self) -> f64 {
        self.upper - self.lower
    }
}

/// The shares at which a central interval of that level begins and ends, (1 ∓ level)/2.
pub(in crate::evaluate) const fn tails(level: f64) -> [f64; 2] {
    [f64::midpoint(1.0, -level), f64::midpoint(1.0, level)]
}

/// Rounding of a sum of probabilities that is meant to be a whole quantile.
const ROUNDING: f64 = 1e-12;

/// The central interval of a count that holds `level` or more: from the smallest k with
/// F(k) ≥ (1 − level)/2 to the smallest with F(k) ≥ (1 + level)/2.
///
/// ```
/// use clvcast::evaluate::metrics::interval_of_counts;
/// let interval = interval_of_counts(&[0.04, 0.5, 0.41, 0.05], 0.9);
/// assert_eq!((interval.lower, interval.upper), (1.0, 2.0));
/// ```
#[must_use]
pub fn interval_of_counts(pmf: &[f64], level: f64) -> Interval {
    let [mut lower, mut upper] = [None; 2];
    let mut below = 0.0;
    for (k, p) in pmf.iter().enumerate() {
        below += p;
        for (end, share) in [&mut lower, &mut upper].into_iter().zip(tails(level)) {
            if end.is_none() && below >= share - ROUNDING {
                *end = Some(k as f64);
            }
        }
    }
    let last = pmf.len().saturating_sub(1) as f64;
    Interval { lower: lower.unwrap_or(last), upper: upper.unwrap_or(last) }
}

/// The central interval of draws, whose order is changed: from their quantile at (1 − level)/2 to the
/// one at (1 + level)/2, the smallest draws with at least that share at or below them. `None` without
/// draws.
///
/// ```
/// use clvcast::evaluate::metrics::interval_of_draws;
/// let mut draws: Vec<f64> = (1..=100).map(f64::from).collect();
/// let interval = interval_of_draws(&mut draws, 0.9).unwrap();
/// assert_eq!((interval.lower, interval.upper), (5.0, 95.0));
/// assert_eq!(interval_of_draws(&mut [], 0.9), None);
/// ```
#[must_use]
pub fn interval_of_draws(draws: &mut [f64], level: f64) -> Option<Interval> {
    let [lower, upper] = tails(level);
    Some(Interval { lower: quantile(draws, lower)?, upper: quantile(draws, upper)? })
}
