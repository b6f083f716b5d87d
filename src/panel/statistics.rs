//! What the purchase models need of a panel, in a form that merges.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Exposure, Panel};

/// Sufficient statistics of the NBD: its likelihood needs how many customers made x purchases, and
/// per length of observation T the customers and the sum of their x, but no pairs of x and T.
///
/// ```
/// use clvcast::panel::{Exposure, ExposureKey, FrequencyStatistics};
/// let mut statistics = FrequencyStatistics::default();
/// statistics.add(Exposure { x: 2, t_x: 0.5, t: 3.5 });
/// statistics.add(Exposure { x: 1, t_x: 3.0, t: 3.5 });
/// assert_eq!(statistics.counts[&2], 1);
/// assert_eq!(statistics.exposures[&ExposureKey::new(3.5)], (2, 3));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrequencyStatistics {
    /// Customers with an exposure.
    pub customers: u64,
    /// Customers by purchases x.
    pub counts: BTreeMap<u32, u64>,
    /// Customers, and the sum of their x, by length of observation T.
    pub exposures: BTreeMap<ExposureKey, (u64, u64)>,
}

/// A length of observation T in periods, as the key of a map: exact, and ordered as the number is.
///
/// ```
/// use clvcast::panel::ExposureKey;
/// assert!(ExposureKey::new(38.5) < ExposureKey::new(39.0));
/// assert_eq!(ExposureKey::new(38.5).periods(), 38.5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExposureKey(u64);

impl ExposureKey {
    /// The key of T ≥ 0; a negative number or NaN counts as 0.
    #[must_use]
    pub fn new(periods: f64) -> Self {
        // The bits of non-negative floats order as the floats do; −0 would not.
        Self(if periods > 0.0 { periods.to_bits() } else { 0 })
    }

    /// T in periods.
    #[must_use]
    pub const fn periods(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl FrequencyStatistics {
    /// Adds one customer.
    pub fn add(&mut self, exposure: Exposure) {
        self.customers += 1;
        *self.counts.entry(exposure.x).or_default() += 1;
        let group = self.exposures.entry(ExposureKey::new(exposure.t)).or_default();
        group.0 += 1;
        group.1 += u64::from(exposure.x);
    }

    /// Adds other customers. All are counts, so the order of merging does not matter.
    pub fn merge(&mut self, other: &Self) {
        self.customers += other.customers;
        for (&x, customers) in &other.counts {
            *self.counts.entry(x).or_default() += customers;
        }
        for (&key, (customers, purchases)) in &other.exposures {
            let group = self.exposures.entry(key).or_default();
            group.0 += customers;
            group.1 += purchases;
        }
    }

    /// The sum of x over all customers.
    #[must_use]
    pub fn purchases(&self) -> u64 {
        self.exposures.values().map(|group| group.1).sum()
    }
}

impl Panel {
    /// The statistics of all customers with a purchase, by the panel's clock.
    #[must_use]
    pub fn frequency_statistics(&self) -> FrequencyStatistics {
        (0..self.customers.len())
            .into_par_iter()
            .filter_map(|i| self.exposure(i))
            .fold(FrequencyStatistics::default, |mut statistics, exposure| {
                statistics.add(exposure);
                statistics
            })
            .reduce(FrequencyStatistics::default, |mut statistics, other| {
                statistics.merge(&other);
                statistics
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_exact_and_ordered() {
        let times = [0.0, f64::MIN_POSITIVE, 0.1, 0.3, 1.0, 38.857_142_857_142_854, 5000.0];
        for pair in times.windows(2) {
            assert!(ExposureKey::new(pair[0]) < ExposureKey::new(pair[1]));
        }
        for time in times {
            assert_eq!(ExposureKey::new(time).periods().to_bits(), time.to_bits());
        }
        assert_eq!(ExposureKey::new(-0.0), ExposureKey::new(0.0));
        assert_eq!(ExposureKey::new(f64::NAN), ExposureKey::new(0.0));
    }

    #[test]
    fn merging_parts_equals_adding_all() {
        let exposures: Vec<Exposure> =
            (0..40).map(|i| Exposure { x: i % 7, t_x: 0.0, t: f64::from(i % 5) / 3.0 }).collect();
        let add = |exposures: &[Exposure]| {
            let mut statistics = FrequencyStatistics::default();
            for &exposure in exposures {
                statistics.add(exposure);
            }
            statistics
        };
        let mut merged = add(&exposures[..11]);
        merged.merge(&add(&exposures[11..]));
        assert_eq!(merged, add(&exposures));
        assert_eq!(merged.customers, 40);
        assert_eq!(merged.purchases(), (0..40).map(|i| i % 7).sum::<u64>());
    }
}
