//! What the value likelihoods need of the customers: sufficient sums of purchase values.

use std::collections::BTreeMap;

use nalgebra::DVector;

use crate::models::special::ln_1p_minus;

/// Values of all customers, in the general form of which all three likelihoods are cases: value
/// `m_ij` is an average of `f_ij` purchases and Gamma(p `f_ij`, ν `f_ij`).
///
/// `period` sets every f to 1, `purchase` takes the purchases of each period, `repeat-mean` has
/// one value per customer, the mean of its repeat purchases, and their number.
///
/// ```
/// use clvcast::fit::{GammaGammaData, fit_gamma_gamma};
/// // Customers as lists of (f, m); the second one has no value and is left out.
/// let customers = [vec![(1.0, 20.0), (1.0, 30.0)], vec![], vec![(1.0, 5.0), (1.0, 8.0)]];
/// let fit = fit_gamma_gamma(&GammaGammaData::new(customers))?;
/// assert_eq!(fit.report.customers, 2);
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GammaGammaData {
    /// Per customer: F = Σ f and S = Σ f m (money).
    pub(super) totals: Vec<(f64, f64)>,
    /// Customers by F.
    pub(super) of_total: Vec<(f64, f64)>,
    /// Values by f.
    pub(super) of_weight: Vec<(f64, f64)>,
    /// Σ f ln(m/m̄), m̄ = S/F the customer's own mean: never positive, 0 without spread within.
    pub(super) spread: f64,
    /// Σ f ln(m/M), M = ΣS/ΣF the mean over all customers: never positive, 0 without any spread.
    pub(super) overall_spread: f64,
    /// Σ ln m.
    pub(super) logs: f64,
    /// Number of values.
    pub(super) values: f64,
    /// Variance of ln m within customers, pooled; `None` where nobody has two values.
    pub(super) within: Option<f64>,
    /// Mean and variance of the customers' mean ln m.
    pub(super) between: (f64, f64),
    /// Whether two values of one customer differ.
    pub(super) spread_within: bool,
    /// Whether two customers differ.
    pub(super) spread_between: bool,
}

/// Values that agree to this share are the same amount: a float quotient of exact money differs
/// by a few units in the last place, real prices by far more.
const SAME_VALUE: f64 = 1e-12;

impl GammaGammaData {
    /// From one list of (f, m) per customer; customers without values are left out.
    #[must_use]
    pub fn new<V: AsRef<[(f64, f64)]>>(customers: impl IntoIterator<Item = V>) -> Self {
        let mut data = Self::default();
        let mut of_total: BTreeMap<u64, f64> = BTreeMap::new();
        let mut of_weight: BTreeMap<u64, f64> = BTreeMap::new();
        let (mut within_sum, mut within_count) = (0.0, 0.0);
        let mut mean_logs = Vec::new();
        let mut overall: Option<(f64, f64)> = None;
        for values in customers {
            let values = values.as_ref();
            if values.is_empty() {
                continue;
            }
            let (mut total, mut sum, mut logs) = (0.0, 0.0, 0.0);
            let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
            for &(f, m) in values {
                total += f;
                sum += f * m;
                logs += m.ln();
                *of_weight.entry(f.to_bits()).or_default() += 1.0;
                (low, high) = (low.min(m), high.max(m));
            }
            data.spread += spread_around(sum / total, values);
            let h = values.len() as f64;
            let mean_log = logs / h;
            within_sum += values.iter().map(|&(_, m)| (m.ln() - mean_log).powi(2)).sum::<f64>();
            within_count += h - 1.0;
            mean_logs.push(mean_log);
            data.spread_within |= high > low * (1.0 + SAME_VALUE);
            let (l, u) = overall.unwrap_or((low, high));
            overall = Some((l.min(low), u.max(high)));
            data.logs += logs;
            data.values += h;
            data.totals.push((total, sum));
            *of_total.entry(total.to_bits()).or_default() += 1.0;
        }
        data.of_total = of_total.iter().map(|(&f, &n)| (f64::from_bits(f), n)).collect();
        data.of_weight = of_weight.iter().map(|(&f, &n)| (f64::from_bits(f), n)).collect();
        data.within = (within_count > 0.0).then(|| within_sum / within_count);
        data.spread_between = overall.is_some_and(|(l, u)| u > l * (1.0 + SAME_VALUE));
        data.between = mean_and_variance(&mean_logs);
        let (total, sum) = data.grand_totals();
        // A customer's mean counts as one value of its weight.
        let means = data.totals.iter().map(|&(f, s)| (f, s / f));
        data.overall_spread = data.spread + spread_around(sum / total, &means.collect::<Vec<_>>());
        data
    }

    /// The same values divided by factors, as far as the law's likelihood needs them: with these
    /// totals and that spread within customers. Σ ln m stays, because the likelihood of m has the
    /// Jacobian −Σ ln factor. What starts and limits are made from is left empty.
    pub(super) fn deflated(&self, totals: Vec<(f64, f64)>, spread: f64) -> Self {
        Self {
            totals,
            spread,
            of_total: self.of_total.clone(),
            of_weight: self.of_weight.clone(),
            logs: self.logs,
            values: self.values,
            ..Self::default()
        }
    }

    pub(super) fn customers(&self) -> f64 {
        self.totals.len() as f64
    }

    /// Rounding error of ln L at (p, q, k). Terms of the size of the smaller of pF and q cancel; an
    /// interior maximum that is an effect of their last digits must not beat a limit.
    pub(super) fn rounding(&self, theta: &DVector<f64>) -> f64 {
        16.0 * f64::EPSILON * theta[0].min(theta[1]) * self.grand_totals().0
    }

    /// ΣF and ΣS over customers.
    pub(super) fn grand_totals(&self) -> (f64, f64) {
        self.totals.iter().fold((0.0, 0.0), |(f, s), &(fi, si)| (f + fi, s + si))
    }
}

/// Σ f ln(m/mean), `mean` the weighted mean of the m: the linear parts of the logarithms cancel
/// and are left out, so that a small spread keeps its digits.
pub(super) fn spread_around(mean: f64, values: &[(f64, f64)]) -> f64 {
    values.iter().map(|&(f, m)| f * ln_1p_minus((m - mean) / mean)).sum()
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n)
}
