//! How a likelihood changes with the clock: what the estimation of a calendar needs.

use nalgebra::{DMatrix, DVector};

use super::histories::Histories;
use super::nbd::{NbdData, NbdLikelihood};
use super::objective::{Evaluation, LogLikelihood};

/// Derivatives of ln L with respect to the times in its histories.
///
/// ```
/// use clvcast::fit::{Histories, NbdTimed, TimedLikelihood};
/// let histories = Histories::from_summaries([(2, 5.0, 9.0, 3)]);
/// let theta = nalgebra::DVector::from_row_slice(&[1.0, 2.0]); // a = α, b = r
/// let change = NbdTimed::new(&histories).time_gradient(&theta);
/// assert!((change.rows[0].1 + 3.0 * (2.0 + 2.0) / (1.0 + 9.0)).abs() < 1e-14); // −(r+x)/(α+T)
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimeGradient {
    /// For each row of the histories ∂ ln L/∂t_x and ∂ ln L/∂T, per period, all customers of the
    /// row together; empty for models with sub-periods.
    pub rows: Vec<(f64, f64)>,
    /// For models with sub-periods: for each start ∂ ln L/∂E_c by sub-period, the last one with
    /// the customers who are still there.
    pub ends: Vec<Vec<f64>>,
}

impl TimeGradient {
    /// Adds what depends on the mean length of observation alone: `by_mean` is the derivative in it.
    pub(super) fn add_mean_time(&mut self, histories: &Histories, by_mean: f64) {
        self.rows.resize(histories.rows.len(), (0.0, 0.0));
        let each = by_mean / histories.customers();
        for (change, row) in self.rows.iter_mut().zip(&histories.rows) {
            change.1 += each * row.customers;
        }
    }
}

/// A likelihood of histories in time.
///
/// ```
/// use clvcast::fit::{BgNbdLikelihood, Histories, TimedLikelihood};
/// let histories = Histories::from_summaries([(2, 5.0, 9.0, 3)]);
/// let theta = nalgebra::DVector::from_row_slice(&[1.0, 2.0, 0.5, 1.5]);
/// let change = BgNbdLikelihood::new(&histories).time_gradient(&theta);
/// assert!(change.rows[0].0 < 0.0 && change.rows[0].1 < 0.0);
/// ```
pub trait TimedLikelihood: LogLikelihood + Sync {
    /// Derivatives in the times at the natural parameters `theta`.
    fn time_gradient(&self, theta: &DVector<f64>) -> TimeGradient;
}

/// The NBD over histories, in (a, b) = (α, r): nobody leaves, and only T matters.
///
/// ```text
/// ∂ ln L_i/∂T = −(b+x)/(a+T)
/// ```
///
/// ```
/// use clvcast::fit::{Histories, LogLikelihood, NbdTimed};
/// let histories = Histories::from_summaries([(0, 0.0, 1.0, 1)]);
/// let at = NbdTimed::new(&histories).evaluate(&nalgebra::DVector::from_row_slice(&[1.0, 2.0]));
/// assert!((at.value - 0.25_f64.ln()).abs() < 1e-14); // P(0) = (a/(a+1))^b
/// ```
#[derive(Debug, Clone)]
pub struct NbdTimed<'a> {
    histories: &'a Histories,
    counts: NbdData,
}

impl<'a> NbdTimed<'a> {
    /// Of these histories.
    #[must_use]
    pub fn new(histories: &'a Histories) -> Self {
        Self { histories, counts: histories.counts() }
    }
}

impl LogLikelihood for NbdTimed<'_> {
    fn names(&self) -> &'static [&'static str] {
        NbdLikelihood(&self.counts).names()
    }

    fn coordinates(&self) -> DMatrix<f64> {
        NbdLikelihood(&self.counts).coordinates()
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        NbdLikelihood(&self.counts).evaluate(theta)
    }
}

impl TimedLikelihood for NbdTimed<'_> {
    fn time_gradient(&self, theta: &DVector<f64>) -> TimeGradient {
        let (a, b) = (theta[0], theta[1]);
        let rows = self.histories.rows.iter().map(|row| {
            let t = self.histories.start(row).t;
            (0.0, -row.customers * (b + f64::from(row.x)) / (a + t))
        });
        TimeGradient { rows: rows.collect(), ends: Vec::new() }
    }
}
