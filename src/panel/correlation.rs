//! Whether customers who buy often also buy dear: the assumption the models rest on.

use super::Panel;

/// How value per purchase and number of purchases vary together across customers.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let correlation = panel.value_frequency_correlation().unwrap();
/// assert_eq!(correlation.customers, 781); // those with repeat purchases
/// assert!(correlation.pearson.abs() < 0.2); // little: the models may be used
/// assert!(correlation.z.abs() < 3.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// Pearson's coefficient, −1 to 1.
    pub pearson: f64,
    /// The customers it is taken over.
    pub customers: u64,
    /// The covariance in standard errors that allow for values of different spread; beyond ±3 the
    /// assumption does not hold.
    pub z: f64,
}

/// A spread below that share of the mean is the rounding of equal numbers.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

impl Panel {
    /// The correlation between mean value per purchase (Σ amount / Σ f over active periods) and
    /// number of purchases, over customers with an active period and at least two purchases:
    /// Σ (v − v̄)(n − n̄) / √(Σ (v − v̄)² Σ (n − n̄)²).
    ///
    /// That it is 0 is tested by z = Σ (v − v̄)(n − n̄) / √(Σ (v − v̄)² (n − n̄)²) (White 1980), which
    /// is standard normal in large bases. Values are taken as they are, not as ranks or
    /// logarithms: where the assumption holds, every customer's mean value has one expectation,
    /// but the mean of ten values varies less than that of two, so that its median, rank and
    /// logarithm do go with the number (E ln v rises as ψ(pn) − ln(pn)). For the same reason the
    /// denominator keeps the pairs together. A few very large values make it cautious; a regression
    /// on the law of values ([`fit_spend`](crate::fit::fit_spend)) sees more.
    ///
    /// `None` where it is undefined: without amounts, with fewer than two such customers, or when
    /// all of them have the same value or the same number.
    #[must_use]
    pub fn value_frequency_correlation(&self) -> Option<Correlation> {
        let pairs: Vec<(f64, f64)> = (0..self.customers.len())
            .filter(|&i| self.customers[i].purchases >= 2)
            .filter_map(|i| Some((self.mean_value(i)?, f64::from(self.customers[i].purchases))))
            .collect();
        pearson(&pairs)
    }
}

/// Of pairs of positive numbers.
fn pearson(pairs: &[(f64, f64)]) -> Option<Correlation> {
    let n = pairs.len() as f64;
    let mean = |term: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(term).sum::<f64>() / n;
    let (mean_v, mean_n) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
    // Deviations as shares of the mean: squares of large amounts would overflow.
    let v = |pair: &(f64, f64)| pair.0 / mean_v - 1.0;
    let n = |pair: &(f64, f64)| pair.1 / mean_n - 1.0;
    let spread_v = mean(&|pair| v(pair).powi(2)).sqrt();
    let spread_n = mean(&|pair| n(pair).powi(2)).sqrt();
    // Asked this way round, the NaN of no pairs at all is undefined too.
    let varies = spread_v > ROUNDING && spread_n > ROUNDING;
    varies.then(|| {
        let both = |pair: &(f64, f64)| v(pair) / spread_v * (n(pair) / spread_n);
        let pearson = mean(&both);
        let spread = mean(&|pair| both(pair).powi(2)).sqrt();
        Correlation {
            pearson: pearson.clamp(-1.0, 1.0),
            customers: pairs.len() as u64,
            z: if spread > 0.0 { pearson / spread * (pairs.len() as f64).sqrt() } else { 0.0 },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pearson_of_a_worked_example() {
        // Deviations (−1, 0, 1) and (−1, 1, 0): 1 / √(2 · 2).
        let correlation = pearson(&[(1.0, 2.0), (2.0, 4.0), (3.0, 3.0)]).unwrap();
        assert!((correlation.pearson - 0.5).abs() < 1e-15);
        assert_eq!(correlation.customers, 3);
        // Products of the deviations 1, 0, 0: 1/√1.
        assert!((correlation.z - 1.0).abs() < 1e-15);
    }

    #[test]
    fn pearson_is_undefined_without_spread() {
        assert_eq!(pearson(&[]), None);
        assert_eq!(pearson(&[(1.0, 2.0)]), None);
        assert_eq!(pearson(&[(1.0, 2.0), (2.0, 2.0)]), None);
        // 0.3/3 and 0.1 differ in the last bit only.
        assert_eq!(pearson(&[(0.3 / 3.0, 3.0), (0.1, 2.0)]), None);
    }

    #[test]
    fn pearson_survives_large_values() {
        let correlation = pearson(&[(1e200, 2.0), (2e200, 4.0), (3e200, 3.0)]).unwrap();
        assert!((correlation.pearson - 0.5).abs() < 1e-12);
    }
}
