//! Parts that several attrition likelihoods share, with derivatives in the logarithms of the four
//! parameters: rate law first (r, α), then the law of leaving.

use nalgebra::DVector;

use super::log_sum::Jet;
use super::nbd::{NbdData, NbdLikelihood};
use super::objective::LogLikelihood;

/// Positions of the parameters.
pub(super) const R: usize = 0;
pub(super) const ALPHA: usize = 1;
pub(super) const A: usize = 2;
pub(super) const B: usize = 3;

/// ln L of the counts if nobody ever left: the factor that all attrition likelihoods share,
///
/// ```text
/// Γ(r+x)/Γ(r) α^r (α+T)^−(r+x)
/// ```
///
/// which needs the distributions of x and T only.
pub(super) fn without_leaving(data: &NbdData, r: f64, alpha: f64) -> Jet<4> {
    let nbd = NbdLikelihood(data).evaluate(&DVector::from_row_slice(&[alpha, r]));
    let mut jet = Jet::ZERO;
    jet.value = nbd.value;
    for (i, &to) in [ALPHA, R].iter().enumerate() {
        jet.gradient[to] = nbd.gradient[i];
        for (j, &and) in [ALPHA, R].iter().enumerate() {
            jet.hessian[to][and] = nbd.hessian[(i, j)];
        }
    }
    jet
}

/// Adds `(r+x) ln((α+T)/(α+y))` to a term: how much likelier the silence is of a customer who left
/// at `y` than of one who is still there at `t`.
pub(super) fn add_silence(jet: &mut Jet<4>, r: f64, alpha: f64, x: f64, silence: &Silence) {
    let n = r + x;
    let cross = r * silence.slope;
    jet.value += n * silence.log;
    jet.gradient[R] += r * silence.log;
    jet.gradient[ALPHA] += n * silence.slope;
    jet.hessian[R][R] += r * silence.log;
    jet.hessian[R][ALPHA] += cross;
    jet.hessian[ALPHA][R] += cross;
    jet.hessian[ALPHA][ALPHA] += n * silence.slope * silence.bend(alpha);
}

/// ln((c+T)/(c+y)) and its derivatives in ln c.
#[derive(Debug, Clone, Copy)]
pub(super) struct Silence {
    pub(super) log: f64,
    pub(super) slope: f64,
    near: f64,
    far: f64,
}

impl Silence {
    pub(super) fn new(c: f64, y: f64, t: f64) -> Self {
        let (near, far) = (c + y, c + t);
        let gap = (t - y).max(0.0) / near;
        // Away from 0 the plain logarithm is as exact, and takes half the time.
        let log = if gap > 0.5 { (1.0 + gap).ln() } else { gap.ln_1p() };
        Self { log, slope: -gap * (c / far), near, far }
    }

    /// Second derivative over the first.
    pub(super) fn bend(&self, c: f64) -> f64 {
        1.0 - c / self.near - c / self.far
    }
}

/// ln of the probability of staying at opportunity number j (from 0) after having stayed before,
/// `(b+j)/(a+b+j)`.
pub(super) fn staying(a: f64, b: f64, j: f64) -> Jet<4> {
    let (stay, all) = (b + j, a + b + j);
    let (p, cross) = (a / all, (a / all) * (b / all));
    let slope = p * (b / stay);
    let mut jet = Jet::ZERO;
    jet.value = -(a / stay).ln_1p();
    jet.gradient[A] = -p;
    jet.gradient[B] = slope;
    jet.hessian[A][A] = -p * (stay / all);
    jet.hessian[A][B] = cross;
    jet.hessian[B][A] = cross;
    jet.hessian[B][B] = slope * (1.0 - b / stay - b / all);
    jet
}

/// ln of the odds of leaving at opportunity number j (from 0), `a/(b+j)`.
pub(super) fn leaving_odds(a: f64, b: f64, j: f64) -> Jet<4> {
    let share = b / (b + j);
    let mut jet = Jet::ZERO;
    jet.value = (a / (b + j)).ln();
    jet.gradient[A] = 1.0;
    jet.gradient[B] = -share;
    jet.hessian[B][B] = -share * (j / (b + j));
    jet
}
