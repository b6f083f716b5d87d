//! How often a forecast's interval held.

use serde::Serialize;

/// How often what happened lay between two quantiles of the forecast, both included.
///
/// ```
/// use clvcast::compare::Coverage;
/// let mut coverage = Coverage::new(0.05, 0.95);
/// coverage.add(2.0, 0.0, 2.0);
/// coverage.add(3.0, 0.0, 2.0);
/// assert_eq!((coverage.nominal(), coverage.share(), coverage.width()), (0.9, 0.5, 2.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(into = "CoverageKeys")]
pub struct Coverage {
    low: f64,
    high: f64,
    customers: u64,
    inside: u64,
    width: f64,
}

impl Coverage {
    /// Of the interval between two levels, in (0, 1).
    #[must_use]
    pub const fn new(low: f64, high: f64) -> Self {
        Self { low, high, customers: 0, inside: 0, width: 0.0 }
    }

    /// Adds one customer: what happened, and the ends of the interval.
    pub fn add(&mut self, actual: f64, low: f64, high: f64) {
        self.customers += 1;
        self.inside += u64::from((low..=high).contains(&actual));
        self.width += high - low;
    }

    /// What the interval promises: the difference of its levels.
    #[must_use]
    pub fn nominal(&self) -> f64 {
        // Levels are given as short decimals; their difference is one too.
        ((self.high - self.low) * 1e9).round() / 1e9
    }

    /// Share of the customers inside; counts make it more than promised. 0 for no customer.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.inside as f64 / self.customers.max(1) as f64
    }

    /// Mean width of the interval.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.width / self.customers.max(1) as f64
    }
}

/// [`Coverage`] as a file has it.
#[derive(Serialize)]
struct CoverageKeys {
    low: f64,
    high: f64,
    nominal: f64,
    customers: u64,
    coverage: f64,
    mean_width: f64,
}

impl From<Coverage> for CoverageKeys {
    fn from(coverage: Coverage) -> Self {
        Self {
            low: coverage.low,
            high: coverage.high,
            nominal: coverage.nominal(),
            customers: coverage.customers,
            coverage: coverage.share(),
            mean_width: coverage.width(),
        }
    }
}
