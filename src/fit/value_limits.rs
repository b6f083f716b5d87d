//! Likelihoods of the limits of the Gamma-Gamma law.

use nalgebra::{DMatrix, DVector};
use statrs::function::gamma::ln_gamma;

use super::objective::{Evaluation, LogLikelihood};
use super::spend_data::GammaGammaData;
use crate::models::special::{digamma, digamma_excess, gamma_excess, ln_1p_minus, trigamma};

/// ln L of the limit q → ∞: all values are Gamma(p f, ν f) with one ν, in (p, ν).
///
/// ```
/// # use clvcast::fit::*;
/// # use nalgebra::DVector;
/// let data = GammaGammaData::new([[(1.0, 1.0)]]); // one value of 1
/// let at = SameForAllLikelihood(&data).evaluate(&DVector::from_element(2, 1.0));
/// assert!((at.value + 1.0).abs() < 1e-14); // f(m) = e^(−m)
/// ```
#[derive(Debug, Clone, Copy)]
pub struct SameForAllLikelihood<'a>(pub &'a GammaGammaData);

impl LogLikelihood for SameForAllLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["p", "rate"]
    }

    /// u = (ln p, ln p/rate): shape and mean.
    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, -1.0])
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let (p, rate) = (theta[0], theta[1]);
        let data = self.0;
        let (total, sum) = data.grand_totals;
        // Around rate·M = p, where the linear terms cancel.
        let v = (rate * sum - p * total) / (p * total);
        let mut value = p * data.overall_spread - data.logs + p * total * ln_1p_minus(v);
        let mut dp = data.overall_spread + total * v.ln_1p();
        let mut dpp = 0.0;
        for &(f, count) in &data.of_weight {
            value -= count * gamma_excess(p * f);
            dp -= count * f * digamma_excess(p * f);
            dpp -= count * f * f * trigamma(p * f);
        }
        Evaluation::from_natural(
            theta,
            value,
            &DVector::from_row_slice(&[dp, p * total / rate - sum]),
            &DMatrix::from_row_slice(
                2,
                2,
                &[dpp, total / rate, total / rate, -p * total / (rate * rate)],
            ),
        )
    }
}

/// ln L of the limit p → ∞ on one value per customer: m is inverse-gamma(q, scale).
///
/// ```
/// # use clvcast::fit::*;
/// # use nalgebra::DVector;
/// let data = GammaGammaData::new([[(1.0, 1.0)]]); // one value of 1
/// let at = OwnConstantLikelihood::new(&data).evaluate(&DVector::from_element(2, 1.0));
/// assert!((at.value + 1.0).abs() < 1e-14); // f(m) = e^(−1/m)/m²
/// ```
#[derive(Debug, Clone, Copy)]
pub struct OwnConstantLikelihood {
    customers: f64,
    logs: f64,
    inverses: f64,
}

impl OwnConstantLikelihood {
    /// Of the customers' mean values S/F.
    #[must_use]
    pub fn new(data: &GammaGammaData) -> Self {
        let (logs, inverses) = data.of_means;
        Self { customers: data.customers as f64, logs, inverses }
    }
}

impl LogLikelihood for OwnConstantLikelihood {
    fn names(&self) -> &'static [&'static str] {
        &["q", "scale"]
    }

    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 1.0])
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let (q, scale, n) = (theta[0], theta[1], self.customers);
        let value =
            n * (q * scale.ln() - ln_gamma(q)) - (q + 1.0) * self.logs - scale * self.inverses;
        let gradient = [n * (scale.ln() - digamma(q)) - self.logs, n * q / scale - self.inverses];
        let cross = n / scale;
        Evaluation::from_natural(
            theta,
            value,
            &DVector::from_row_slice(&gradient),
            &DMatrix::from_row_slice(2, 2, &[-n * trigamma(q), cross, cross, -cross * q / scale]),
        )
    }
}
