//! The PDO model: customers may leave at the end of each sub-period of the calendar.

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::bg_nbd::mean_and_shape;
use super::histories::{Histories, History, Start};
use super::leaving::{Silence, add_silence, leaving_odds, staying, without_leaving};
use super::log_sum::{Jet, LogSum};
use super::nbd::NbdData;
use super::objective::{Evaluation, LogLikelihood};
use super::timed::{TimeGradient, TimedLikelihood};

/// ln L of the model with periodic opportunities to leave (Jerath, Fader & Hardie 2011) on the
/// sub-periods of a calendar, in (r, α, a, b): purchases at a rate λ ~ Gamma(r, α) per unit of
/// exposure until the customer leaves, with probability θ ~ Beta(a, b) at the end of each
/// sub-period, the as-of date included. With E_c the exposure at the end of sub-period c = 1…n
/// since the first purchase, and ℓ the sub-period of the last purchase:
///
/// ```text
/// L = Γ(r+x)/Γ(r) α^r { B(a, b+n)/B(a, b) (α+E_n)^−(r+x) + Σ_{c=ℓ…n} B(a+1, b+c−1)/B(a, b) (α+E_c)^−(r+x) }
/// ```
///
/// All histories of one start and x share one pass from the last sub-period backwards. It is the
/// density of the times of the repeat purchases in exposure, without the calendar's Σ x ln g.
///
/// ```
/// use clvcast::fit::{Histories, LogLikelihood, PdoLikelihood, Start};
/// // One sub-period: leaving at its end changes nothing, and L is the NBD's.
/// let start = Start { t: 1.0, ends: vec![1.0] };
/// let histories = Histories::new([(start, 0, 0.0, 1)]);
/// let theta = nalgebra::DVector::from_row_slice(&[2.0, 1.0, 0.7, 1.9]);
/// let value = PdoLikelihood::new(&histories).evaluate(&theta).value;
/// assert!((value - 0.25_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct PdoLikelihood<'a> {
    histories: &'a Histories,
    counts: NbdData,
}

/// ln of the probability of staying at the first c ends, and of leaving at the next one, by c.
struct Ends {
    stay: Vec<Jet<4>>,
    leave: Vec<Jet<4>>,
}

impl Ends {
    fn new(a: f64, b: f64, ends: usize) -> Self {
        let mut stayed = Jet::ZERO;
        let (mut stay, mut leave) = (vec![stayed], Vec::with_capacity(ends));
        for j in (0..ends).map(|j| j as f64) {
            // P(leaves)= P(stays) · odds, at this end, too.
            stayed.add(1.0, &staying(a, b, j));
            let mut left = stayed;
            left.add(1.0, &leaving_odds(a, b, j));
            stay.push(stayed);
            leave.push(left);
        }
        Self { stay, leave }
    }
}

impl<'a> PdoLikelihood<'a> {
    /// Of these histories, whose starts have `ends`.
    #[must_use]
    pub fn new(histories: &'a Histories) -> Self {
        Self { histories, counts: histories.counts() }
    }

    fn ends(&self, theta: &DVector<f64>) -> Ends {
        let longest = self.histories.starts.iter().map(|start| start.ends.len()).max();
        Ends::new(theta[2], theta[3], longest.unwrap_or(0))
    }

    fn silences(start: &Start, alpha: f64) -> Vec<Silence> {
        start.ends.iter().map(|&end| Silence::new(alpha, end, start.t)).collect()
    }

    /// Walks the ends backwards for the rows of one start and x, and calls `emit` with each row
    /// and the sum over the ends from its last purchase on, relative to the alive term's
    /// `(α+E_n)^−(r+x)`; `alive` and `left`, by end, with the derivatives that are wanted.
    fn walk<const N: usize>(
        rows: &[History],
        (alive, ends): (&Jet<N>, usize),
        left: impl Fn(usize) -> Jet<N>,
        mut emit: impl FnMut(&History, &LogSum<N>),
    ) {
        let mut sum = LogSum::new(alive);
        let mut next = ends;
        for row in rows {
            while next > row.last as usize {
                next -= 1;
                sum.add(&left(next));
            }
            emit(row, &sum);
        }
    }
}

impl LogLikelihood for PdoLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["r", "alpha", "a", "b"]
    }

    fn coordinates(&self) -> DMatrix<f64> {
        mean_and_shape()
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let ends = self.ends(theta);
        // One sum per start, added in order: the same bits for any number of threads.
        let parts: Vec<Jet<4>> = self
            .histories
            .by_start()
            .into_par_iter()
            .map(|rows| {
                let silences = Self::silences(self.histories.start(&rows[0]), theta[1]);
                let mut sum = Jet::ZERO;
                for rows in rows.chunk_by(|a, b| a.x == b.x) {
                    let x = f64::from(rows[0].x);
                    let left = |c: usize| {
                        let mut left = ends.leave[c];
                        add_silence(&mut left, theta[0], theta[1], x, &silences[c]);
                        left
                    };
                    let alive = (&ends.stay[silences.len()], silences.len());
                    Self::walk(rows, alive, left, |row, ln| sum.add(row.customers, &ln.ln()));
                }
                sum
            })
            .collect();
        let mut total = without_leaving(&self.counts, theta[0], theta[1]);
        total.add(1.0, &Jet::total(&parts));
        total.evaluation()
    }
}

impl TimedLikelihood for PdoLikelihood<'_> {
    /// ```text
    /// ∂ ln L_i/∂E_c = −(r+x)/(α+E_c) · P(left at the end of c), and at c = n, P(alive) besides
    /// ```
    fn time_gradient(&self, theta: &DVector<f64>) -> TimeGradient {
        let ends = self.ends(theta);
        let (r, alpha) = (theta[0], theta[1]);
        let mut slopes: Vec<Vec<f64>> =
            self.histories.starts.iter().map(|start| vec![0.0; start.ends.len()]).collect();
        for rows in self.histories.rows.chunk_by(|a, b| (a.start, a.x) == (b.start, b.x)) {
            let start = self.histories.start(&rows[0]);
            let silences = Self::silences(start, alpha);
            let x = f64::from(rows[0].x);
            let mut sums: Vec<(usize, f64)> = Vec::with_capacity(rows.len());
            let bare = |value| Jet::<0> { value, ..Jet::ZERO };
            let left = |c: usize| bare(ends.leave[c].value + (r + x) * silences[c].log);
            let alive = (&bare(ends.stay[silences.len()].value), silences.len());
            Self::walk(rows, alive, left, |row, sum| {
                sums.push((row.last as usize, row.customers.ln() - sum.value()));
            });
            // ln Σ customers/Σ_row over the rows whose last purchase is not after c.
            let mut reach = f64::NEG_INFINITY;
            let slope = &mut slopes[rows[0].start as usize];
            for c in 0..start.ends.len() {
                while let Some((_, share)) = sums.pop_if(|(last, _)| *last <= c) {
                    let (high, low) = (reach.max(share), reach.min(share));
                    reach = high + (low - high).exp().ln_1p();
                }
                let left = ends.leave[c].value + (r + x) * silences[c].log;
                slope[c] -= (left + reach).exp() * (r + x) / (alpha + start.ends[c]);
            }
            if let (Some(last), Some(end)) = (slope.last_mut(), start.ends.last()) {
                let alive = ends.stay[start.ends.len()].value;
                *last -= (alive + reach).exp() * (r + x) / (alpha + end);
            }
        }
        TimeGradient { rows: Vec::new(), ends: slopes }
    }
}
