//! The BG/NBD and the MBG/NBD: customers may leave after a purchase.

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::histories::{Histories, History};
use super::leaving::{Silence, add_silence, leaving_odds, staying, without_leaving};
use super::log_sum::Jet;
use super::nbd::NbdData;
use super::objective::{Evaluation, LogLikelihood};
use super::timed::{TimeGradient, TimedLikelihood};

/// Rows per parallel block; blocks are added in order, so that sums do not depend on the number of
/// threads.
const BLOCK: usize = 2048;

/// ln L of the BG/NBD (Fader, Hardie & Lee 2005) and of the MBG/NBD (Batislam, Denizel &
/// Filiztekin 2007), in (r, α, a, b). Purchases at a rate λ ~ Gamma(r, α) until the customer
/// leaves, with probability θ ~ Beta(a, b) at each of k opportunities: after each of the k = x
/// repeat purchases (BG), and after the first one, too, k = x + 1 (MBG).
///
/// ```text
/// L = Γ(r+x)/Γ(r) α^r { B(a, b+k)/B(a, b) (α+T)^−(r+x) + [k > 0] B(a+1, b+k−1)/B(a, b) (α+t_x)^−(r+x) }
///   = Γ(r+x)/Γ(r) α^r (α+T)^−(r+x) · Π_{j<k} (b+j)/(a+b+j) · (1 + e^z),
/// z = ln(a/(b+k−1)) + (r+x) ln((α+T)/(α+t_x))
/// ```
///
/// The first two factors need only the distributions of x and T; each row adds one ln(1 + e^z). It
/// is the density of the times of the repeat purchases, in 1/period each. For r → ∞ with r/α fixed
/// and for a, b → ∞ no large terms cancel.
///
/// ```
/// use clvcast::fit::{BgNbdLikelihood, Histories, LogLikelihood};
/// let histories = Histories::from_summaries([(4, 30.7, 38.9, 1)]);
/// let theta = nalgebra::DVector::from_row_slice(&[0.243, 4.414, 0.793, 2.426]);
/// let value = BgNbdLikelihood::new(&histories).evaluate(&theta).value;
/// assert!((value + 15.32935235570709).abs() < 1e-12); // an independent engine's
/// ```
#[derive(Debug, Clone)]
pub struct BgNbdLikelihood<'a> {
    histories: &'a Histories,
    counts: NbdData,
    /// Customers with more than j opportunities, j = 0, 1, …
    more_than: Vec<f64>,
    /// Opportunities beyond x: 0 for the BG, 1 for the MBG.
    first: u32,
}

impl<'a> BgNbdLikelihood<'a> {
    /// The BG/NBD of these histories.
    #[must_use]
    pub fn new(histories: &'a Histories) -> Self {
        let counts = histories.counts();
        let more_than = counts.more_than().to_vec();
        Self { histories, counts, more_than, first: 0 }
    }

    /// The MBG/NBD of these histories.
    ///
    /// ```
    /// use clvcast::fit::{BgNbdLikelihood, Histories, LogLikelihood};
    /// let histories = Histories::from_summaries([(4, 30.7, 38.9, 1)]);
    /// let theta = [0.5248432, 6.1830857, 0.8913592, 1.6140016];
    /// let theta = nalgebra::DVector::from_row_slice(&theta);
    /// let value = BgNbdLikelihood::mbg(&histories).evaluate(&theta).value;
    /// assert!((value + 15.259008).abs() < 1e-6); // an independent engine's
    /// ```
    #[must_use]
    pub fn mbg(histories: &'a Histories) -> Self {
        let counts = histories.counts();
        let mut more_than = vec![histories.customers()];
        more_than.extend_from_slice(counts.more_than());
        Self { histories, counts, more_than, first: 1 }
    }

    /// z and its derivatives; `None` without an opportunity to leave.
    fn odds(&self, row: &History, theta: &DVector<f64>) -> Option<Jet<4>> {
        let opportunities = row.x + self.first;
        let t = self.histories.start(row).t;
        (opportunities > 0).then(|| {
            let mut z = leaving_odds(theta[2], theta[3], f64::from(opportunities - 1));
            let silence = Silence::new(theta[1], row.t_x, t);
            add_silence(&mut z, theta[0], theta[1], f64::from(row.x), &silence);
            z
        })
    }
}

impl LogLikelihood for BgNbdLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["r", "alpha", "a", "b"]
    }

    fn coordinates(&self) -> DMatrix<f64> {
        mean_and_shape()
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let blocks: Vec<Jet<4>> = self
            .histories
            .rows
            .par_chunks(BLOCK)
            .map(|rows| {
                let mut sum = Jet::ZERO;
                for row in rows {
                    if let Some(z) = self.odds(row, theta) {
                        sum.add(row.customers, &ln_one_plus(&z));
                    }
                }
                sum
            })
            .collect();
        let mut total = without_leaving(&self.counts, theta[0], theta[1]);
        total.add(1.0, &Jet::total(&blocks));
        for (j, &n) in (0_u32..).zip(&self.more_than) {
            total.add(n, &staying(theta[2], theta[3], f64::from(j)));
        }
        total.evaluation()
    }
}

impl TimedLikelihood for BgNbdLikelihood<'_> {
    /// ```text
    /// ∂ ln L/∂t_x = −(r+x)/(α+t_x) · P(left),   ∂ ln L/∂T = −(r+x)/(α+T) · P(alive)
    /// ```
    fn time_gradient(&self, theta: &DVector<f64>) -> TimeGradient {
        let rows = self.histories.rows.iter().map(|row| {
            let z = self.odds(row, theta).map_or(f64::NEG_INFINITY, |z| z.value);
            let n = row.customers * (theta[0] + f64::from(row.x));
            let t = self.histories.start(row).t;
            (-n * logistic(z) / (theta[1] + row.t_x), -n * logistic(-z) / (theta[1] + t))
        });
        TimeGradient { rows: rows.collect(), ends: Vec::new() }
    }
}

/// The matrix of u = (ln r/α, ln r, ln a/b, ln b): means are estimated almost independently of
/// shapes.
pub(super) fn mean_and_shape() -> DMatrix<f64> {
    #[rustfmt::skip]
    let rows = [
        0.0, 1.0, 0.0, 0.0,
        -1.0, 1.0, 0.0, 0.0,
        0.0, 0.0, 1.0, 1.0,
        0.0, 0.0, 0.0, 1.0,
    ];
    DMatrix::from_row_slice(4, 4, &rows)
}

/// 1/(1 + e^−z).
fn logistic(z: f64) -> f64 {
    if z > 0.0 {
        1.0 / (1.0 + (-z).exp())
    } else {
        let e = z.exp();
        e / (1.0 + e)
    }
}

/// ln(1 + e^z) with its derivatives.
fn ln_one_plus(z: &Jet<4>) -> Jet<4> {
    let (left, stays) = (logistic(z.value), logistic(-z.value));
    let value = z.value.max(0.0) + (-z.value.abs()).exp().ln_1p();
    let gradient = z.gradient.map(|v| left * v);
    let mut hessian = z.hessian;
    for i in 0..4 {
        for j in 0..4 {
            hessian[i][j] = left * (z.hessian[i][j] + stays * z.gradient[i] * z.gradient[j]);
        }
    }
    Jet { value, gradient, hessian }
}
