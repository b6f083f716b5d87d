//! What the value likelihoods need of the customers: sufficient sums of purchase values.

use nalgebra::DVector;
use rayon::prelude::*;

use super::spend_points::Point;
use super::spend_sums::{BLOCK, SpendSums};
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
    /// Customers with a value.
    pub(super) customers: u64,
    /// ΣF and ΣS over customers, F = Σ f and S = Σ f m (money) of each.
    pub(super) grand_totals: (f64, f64),
    /// Customers by F and S.
    pub(super) points: Vec<Point>,
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
    /// Σ ln m̄ and Σ 1/m̄ over customers.
    pub(super) of_means: (f64, f64),
    /// Variance of ln m within customers, pooled; `None` where nobody has two values.
    pub(super) within: Option<f64>,
    /// Mean and variance of the customers' mean ln m.
    pub(super) between: (f64, f64),
    /// Whether two values of one customer differ.
    pub(super) spread_within: bool,
    /// Whether two customers differ.
    pub(super) spread_between: bool,
}

impl GammaGammaData {
    /// From one list of (f, m) per customer; customers without values are left out.
    #[must_use]
    pub fn new<V: AsRef<[(f64, f64)]>>(customers: impl IntoIterator<Item = V>) -> Self {
        let mut values = Vec::new();
        let mut ends = vec![0];
        for own in customers {
            values.extend_from_slice(own.as_ref());
            ends.push(values.len());
        }
        Self::gather(ends.len() - 1, |i, room| {
            room.extend_from_slice(&values[ends[i]..ends[i + 1]]);
        })
    }

    /// From customers whose (f, m) `own` puts into the room it is given.
    pub(super) fn gather(
        customers: usize,
        own: impl Fn(usize, &mut Vec<(f64, f64)>) + Sync,
    ) -> Self {
        let blocks: Vec<SpendSums> = (0..customers.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let mut sums = SpendSums::default();
                let mut room = Vec::new();
                for i in block * BLOCK..customers.min((block + 1) * BLOCK) {
                    room.clear();
                    own(i, &mut room);
                    sums.add(&room);
                }
                sums
            })
            .collect();
        SpendSums::merged(blocks).data()
    }

    /// The same values divided by factors, as far as the law's likelihood needs them: with these
    /// points and that spread within customers. Σ ln m stays, because the likelihood of m has the
    /// Jacobian −Σ ln factor. What starts and limits are made from is left empty.
    pub(super) fn deflated(&self, points: Vec<Point>, spread: f64) -> Self {
        Self {
            customers: self.customers,
            points,
            spread,
            of_total: self.of_total.clone(),
            of_weight: self.of_weight.clone(),
            logs: self.logs,
            ..Self::default()
        }
    }

    /// Rounding error of ln L at (p, q, k). Terms of the size of the smaller of pF and q cancel; an
    /// interior maximum that is an effect of their last digits must not beat a limit.
    pub(super) fn rounding(&self, theta: &DVector<f64>) -> f64 {
        16.0 * f64::EPSILON * theta[0].min(theta[1]) * self.grand_totals.0
    }
}

/// Σ f ln(m/mean), `mean` the weighted mean of the m: the linear parts of the logarithms cancel
/// and are left out, so that a small spread keeps its digits.
pub(super) fn spread_around(mean: f64, values: &[(f64, f64)]) -> f64 {
    values.iter().map(|&(f, m)| f * ln_1p_minus((m - mean) / mean)).sum()
}
