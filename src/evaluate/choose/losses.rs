//! How far held-out forecasts were off, customer by customer, so that candidates can be compared on
//! the same customers.

use crate::evaluate::metrics::poisson_loss;

/// Below this an expected count is taken for this, purchases: a forecast of 0 for somebody who
/// purchases is then very bad (a deviance of 39), but comparable.
const SMALLEST: f64 = 1e-9;

/// Poisson deviance of a count. It is least in expectation when `mu` is the mean, so that it asks
/// for the level, the season and the differences between customers at once.
pub(super) fn deviance(y: f64, mu: f64) -> f64 {
    poisson_loss(y, mu.max(SMALLEST))
}

/// Per customer its share of a candidate's score; the score is the sum.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Losses(Vec<f64>);

impl Losses {
    pub(super) fn new(customers: usize) -> Self {
        Self(vec![0.0; customers])
    }

    /// Adds what one origin says: `rows` are its customers, `actual` and `predicted` their periods,
    /// one customer after the other. `origins` is how many origins there are in all, and each
    /// weighs alike.
    pub(super) fn add(&mut self, rows: &[u32], actual: &[f64], predicted: &[f64], origins: usize) {
        if rows.is_empty() {
            return;
        }
        let horizon = actual.len() / rows.len();
        let weight = 1.0 / (rows.len() * origins * horizon) as f64;
        let periods = actual.chunks(horizon).zip(predicted.chunks(horizon));
        for (&row, (actual, predicted)) in rows.iter().zip(periods) {
            let sum: f64 = actual.iter().zip(predicted).map(|(&y, &mu)| deviance(y, mu)).sum();
            self.0[row as usize] += weight * sum;
        }
    }

    /// The mean deviance per customer and period.
    pub(super) fn score(&self) -> f64 {
        self.0.iter().sum()
    }

    /// By how much this score is above another, and the standard error of that over customers.
    pub(super) fn above(&self, other: &Self) -> (f64, f64) {
        let n = self.0.len() as f64;
        let differences = || self.0.iter().zip(&other.0).map(|(a, b)| a - b);
        // Nothing is below the lowest score, not even by rounding.
        let sum = self.score() - other.score();
        let spread: f64 = differences().map(|d| (d - sum / n).powi(2)).sum();
        (sum, (spread * n / (n - 1.0).max(1.0)).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_the_mean_deviance_and_the_error_that_of_a_paired_mean() {
        // Worked by hand: deviances 2 (2 ln 2 − 1) and 2 · 0.5 against 0 and 2.
        let (rows, actual) = ([0, 1], [2.0, 0.0]);
        let (mut a, mut b) = (Losses::new(2), Losses::new(2));
        a.add(&rows, &actual, &[1.0, 0.5], 1);
        b.add(&rows, &actual, &[2.0, 1.0], 1);
        let first = 2.0 * (2.0 * 2.0_f64.ln() - 1.0);
        assert!((a.score() - f64::midpoint(first, 1.0)).abs() < 1e-15);
        let (above, error) = a.above(&b);
        assert!((above - (first + 1.0 - 2.0) / 2.0).abs() < 1e-15);
        // The mean of differences `first` and −1 has the error |first + 1|/2.
        assert!((error - f64::midpoint(first, 1.0)).abs() < 1e-15);
    }

    #[test]
    fn a_forecast_of_nothing_for_a_buyer_is_finite() {
        assert!(deviance(1.0, 0.0) > 39.0 && deviance(1.0, 0.0).is_finite());
        assert!(deviance(0.0, 0.0) < 1e-8);
    }
}
