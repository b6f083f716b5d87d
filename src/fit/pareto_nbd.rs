//! The Pareto/NBD: customers may leave at any time.

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::histories::{Histories, History};
use super::leaving::{A, B, Silence, add_silence, without_leaving};
use super::log_sum::{Jet, LogSum};
use super::nbd::NbdData;
use super::objective::{Evaluation, LogLikelihood};
use super::timed::{TimeGradient, TimedLikelihood};
use crate::models::gauss::Rule;

/// ln L of the Pareto/NBD (Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005), in
/// (r, α, s, β): purchases at a rate λ ~ Gamma(r, α) until the customer leaves, at a rate
/// μ ~ Gamma(s, β).
///
/// ```text
/// L = Γ(r+x)/Γ(r) α^r { (β/(β+T))^s (α+T)^−(r+x) + ∫_{t_x}^T s β^s (β+y)^−(s+1) (α+y)^−(r+x) dy }
///   = Γ(r+x)/Γ(r) α^r (α+T)^−(r+x) · (β/(β+T))^s · { 1 + ∫_{t_x}^T e^F(y) dy },
/// F(y) = ln(s/(β+y)) + s ln((β+T)/(β+y)) + (r+x) ln((α+T)/(α+y))
/// ```
///
/// The integral, of times of leaving, is positive throughout; it replaces a difference of
/// hypergeometric functions. It is accumulated from T backwards, piece by piece between the t_x of
/// all histories of one start and x. It is the density of the times of the repeat purchases, in
/// 1/period each.
///
/// ```
/// use clvcast::fit::{Histories, LogLikelihood, ParetoNbdLikelihood};
/// // Where α = β the integral is elementary: s α^(r+s)/(r+s) · (α^−(r+s) − (α+T)^−(r+s)).
/// let histories = Histories::from_summaries([(0, 0.0, 3.0, 1)]);
/// let theta = nalgebra::DVector::from_row_slice(&[2.0, 1.0, 0.5, 1.0]);
/// let value = ParetoNbdLikelihood::new(&histories).evaluate(&theta).value;
/// let both = 4_f64.powf(-2.5);
/// assert!((value - (both + 0.2 * (1.0 - both)).ln()).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct ParetoNbdLikelihood<'a> {
    histories: &'a Histories,
    counts: NbdData,
    rules: [(Reach, Rule); 3],
}

/// How far a rule reaches in v = ln(min(α, β) + y), in which the integrand has no singularity for
/// |Im v| < π.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// Longest panel h. The error of n nodes falls as ρ^−2n with (ρ − 1/ρ)/2 = 2π/h, the ellipse
    /// around the panel that touches the edge of the strip: 63^−8, 17^−16, 8.5^−32.
    span: f64,
    /// Largest fall of ln(integrand) over the panel: K^2n (n!)^4/((2n+1) (2n)!³) is the error for
    /// an exponential.
    fall: f64,
}

/// Both errors are below 1e-14 of the panel's largest value.
const REACHES: [(u32, Reach); 3] = [
    (4, Reach { span: 0.2, fall: 0.25 }),
    (8, Reach { span: 0.75, fall: 2.5 }),
    (16, Reach { span: 1.5, fall: 10.0 }),
];

/// What is left of an integral is left out below e^−41 = 1.6e-18 of the sum so far.
const NEGLIGIBLE: f64 = 41.0;

struct Law<'a> {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
    low: f64,
    rules: &'a [(Reach, Rule); 3],
}

impl Law<'_> {
    /// F(y) − ln(s/(β+y)) with the derivatives of F(y).
    fn term(&self, x: f64, t: f64, y: f64) -> Jet<4> {
        let (s, beta) = (self.s, self.beta);
        let mut jet = Jet::ZERO;
        add_silence(&mut jet, self.r, self.alpha, x, &Silence::new(self.alpha, y, t));
        let alive = Silence::new(beta, y, t);
        let share = beta / (beta + y);
        jet.value += s * alive.log;
        jet.gradient[A] = 1.0 + s * alive.log;
        jet.gradient[B] = s * alive.slope - share;
        jet.hessian[A][A] = s * alive.log;
        jet.hessian[A][B] = s * alive.slope;
        jet.hessian[B][A] = s * alive.slope;
        jet.hessian[B][B] = s * alive.slope * alive.bend(beta) - share * (y / (beta + y));
        jet
    }

    /// F(y) − ln(s/(β+y)) alone.
    fn bare(&self, x: f64, t: f64, y: f64) -> Jet<0> {
        let value = self.s * Silence::new(self.beta, y, t).log
            + (self.r + x) * Silence::new(self.alpha, y, t).log;
        Jet { value, ..Jet::ZERO }
    }

    /// F(y).
    fn value(&self, x: f64, t: f64, y: f64) -> f64 {
        (self.s / (self.beta + y)).ln() + self.bare(x, t, y).value
    }

    /// Bound of the slope of F in v at y; it grows with y.
    fn slope(&self, x: f64, y: f64) -> f64 {
        let at = self.low + y;
        at / (self.beta + y) * (self.s + 1.0) + at / (self.alpha + y) * (self.r + x) + 1.0
    }

    /// Adds ∫_from^to e^F(y) dy; `term` is F(y) − ln(s/(β+y)) with the derivatives that are wanted.
    fn add_piece<const N: usize>(
        &self,
        sum: &mut LogSum<N>,
        term: impl Fn(f64) -> Jet<N>,
        (x, t): (f64, f64),
        (from, to): (f64, f64),
    ) {
        let [few, some, many] = self.rules;
        let mut y = from;
        while y < to {
            let at = self.low + y;
            let left = ((to - y) / at).ln_1p();
            let longest = left.min(many.0.span);
            let steepest = self.slope(x, (y + at * longest.exp_m1()).min(to));
            let span = longest.min(many.0.fall / steepest);
            let fits = |reach: &Reach| span <= reach.span && span * steepest <= reach.fall;
            let rule = [few, some].into_iter().find(|rule| fits(&rule.0)).unwrap_or(many);
            for &(z, w) in &rule.1.0 {
                let step = (span * z).exp_m1();
                let node = (y + at * step).min(t);
                let weight = w * span * at * (1.0 + step) * self.s / (self.beta + node);
                sum.add_weighted(&term(node), weight);
            }
            if span >= left {
                return;
            }
            y += at * span.exp_m1();
            // F falls with y, so the rest is at most its value here times the length.
            if self.value(x, t, y) + (to - y).ln() < sum.value() - NEGLIGIBLE {
                return;
            }
        }
    }

    /// Calls `emit` with each row of one start and x and 1 + ∫_{t_x}^T e^F; see
    /// [`Self::add_piece`] for `term`.
    fn walk<const N: usize>(
        &self,
        rows: &[History],
        t: f64,
        term: impl Fn(f64) -> Jet<N>,
        mut emit: impl FnMut(&History, &LogSum<N>),
    ) {
        let x = f64::from(rows[0].x);
        let mut sum = LogSum::new(&Jet::ZERO);
        let mut reached = t;
        for row in rows {
            if row.t_x < reached {
                self.add_piece(&mut sum, &term, (x, t), (row.t_x, reached));
                reached = row.t_x;
            }
            emit(row, &sum);
        }
    }

    /// ln (β/(β+T))^s.
    fn alive(&self, t: f64) -> Jet<4> {
        let survival = Silence::new(self.beta, 0.0, t);
        let mut jet = Jet::ZERO;
        // ln(1 + T/β) falls in ln β as ln((β+T)/(β+0)) does.
        let (value, slope) = (-self.s * survival.log, -self.s * survival.slope);
        jet.value = value;
        jet.gradient[A] = value;
        jet.gradient[B] = slope;
        jet.hessian[A][A] = value;
        jet.hessian[A][B] = slope;
        jet.hessian[B][A] = slope;
        jet.hessian[B][B] = slope * survival.bend(self.beta);
        jet
    }
}

impl<'a> ParetoNbdLikelihood<'a> {
    /// Of these histories.
    #[must_use]
    pub fn new(histories: &'a Histories) -> Self {
        let rules = REACHES.map(|(nodes, reach)| (reach, Rule::new(nodes)));
        Self { histories, counts: histories.counts(), rules }
    }

    fn law(&self, theta: &DVector<f64>) -> Law<'_> {
        let (r, alpha, s, beta) = (theta[0], theta[1], theta[2], theta[3]);
        Law { r, alpha, s, beta, low: alpha.min(beta), rules: &self.rules }
    }
}

impl LogLikelihood for ParetoNbdLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["r", "alpha", "s", "beta"]
    }

    /// u = (ln r/α, ln r, ln s/β, ln s): rates are estimated almost independently of shapes.
    fn coordinates(&self) -> DMatrix<f64> {
        #[rustfmt::skip]
        let rows = [
            0.0, 1.0, 0.0, 0.0,
            -1.0, 1.0, 0.0, 0.0,
            0.0, 0.0, 0.0, 1.0,
            0.0, 0.0, -1.0, 1.0,
        ];
        DMatrix::from_row_slice(4, 4, &rows)
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let law = self.law(theta);
        // One sum per start, added in order: the same bits for any number of threads.
        let parts: Vec<Jet<4>> = self
            .histories
            .by_start()
            .into_par_iter()
            .map(|rows| {
                let t = self.histories.start(&rows[0]).t;
                let customers: f64 = rows.iter().map(|row| row.customers).sum();
                let mut sum = Jet::ZERO;
                sum.add(customers, &law.alive(t));
                for rows in rows.chunk_by(|a, b| a.x == b.x) {
                    let x = f64::from(rows[0].x);
                    let term = |y| law.term(x, t, y);
                    law.walk(rows, t, term, |row, inner| sum.add(row.customers, &inner.ln()));
                }
                sum
            })
            .collect();
        let mut total = without_leaving(&self.counts, theta[0], theta[1]);
        total.add(1.0, &Jet::total(&parts));
        total.evaluation()
    }
}

impl TimedLikelihood for ParetoNbdLikelihood<'_> {
    /// ```text
    /// ∂ ln L/∂t_x = −e^F(t_x) · P(alive),   ∂ ln L/∂T = −(r+x)/(α+T) · P(alive)
    /// P(alive) = 1/(1 + ∫_{t_x}^T e^F(y) dy)
    /// ```
    fn time_gradient(&self, theta: &DVector<f64>) -> TimeGradient {
        let law = self.law(theta);
        let parts: Vec<Vec<(f64, f64)>> = self
            .histories
            .by_start()
            .into_par_iter()
            .map(|rows| {
                let t = self.histories.start(&rows[0]).t;
                let mut slopes = Vec::with_capacity(rows.len());
                for rows in rows.chunk_by(|a, b| a.x == b.x) {
                    let x = f64::from(rows[0].x);
                    let bare = |y| law.bare(x, t, y);
                    law.walk(rows, t, bare, |row, inner| {
                        let ln = inner.value();
                        let last = -(law.value(x, t, row.t_x) - ln).exp();
                        let end = -(law.r + x) / (law.alpha + t) * (-ln).exp();
                        slopes.push((row.customers * last, row.customers * end));
                    });
                }
                slopes
            })
            .collect();
        TimeGradient { rows: parts.concat(), ends: Vec::new() }
    }
}
