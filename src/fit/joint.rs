//! A law and regression coefficients, estimated together.
//!
//! A calendar or a dependence adds coefficients β to a law with parameters θ. The likelihood is
//! climbed in (ln θ, β) at once, because a trend and attrition explain the same data and alternating
//! between them would crawl. Coefficients of a season are shrunk towards flat: they are given a
//! normal prior whose variance is the one that makes the data most probable (empirical Bayes).

use nalgebra::{DMatrix, DVector};

use super::newton::{Climb, climb};
use super::objective::{Evaluation, LogLikelihood};

/// A log-likelihood of positive parameters θ given regression coefficients β.
pub(super) trait Conditional {
    /// Names of θ.
    fn names(&self) -> &'static [&'static str];

    /// See [`LogLikelihood::coordinates`], for θ.
    fn coordinates(&self) -> DMatrix<f64>;

    /// Value and derivatives in ln θ, and ∂ ln L/∂β.
    fn evaluate(&self, theta: &DVector<f64>, beta: &DVector<f64>) -> (Evaluation, DVector<f64>);
}

/// The likelihood in (θ, e^β): what is positive for the optimiser is real here by its logarithm.
struct Joint<'a, C> {
    inner: &'a C,
    /// Precision 1/σ² of the prior of each coefficient, 0 for none.
    precision: DVector<f64>,
}

/// Step of the central differences of the gradient in β: the cube root of the rounding error,
/// which leaves ten digits of the Hessian's columns.
const STEP: f64 = 6e-6;

impl<C: Conditional> Joint<'_, C> {
    fn split(&self, theta: &DVector<f64>) -> (DVector<f64>, DVector<f64>) {
        let parameters = self.inner.names().len();
        let beta = theta.rows(parameters, self.precision.len()).map(f64::ln);
        (theta.rows(0, parameters).into_owned(), beta)
    }

    fn gradient(&self, theta: &DVector<f64>, beta: &DVector<f64>) -> DVector<f64> {
        let (at, by_beta) = self.inner.evaluate(theta, beta);
        stacked(&at.gradient, &(by_beta - self.precision.component_mul(beta)))
    }
}

fn stacked(above: &DVector<f64>, below: &DVector<f64>) -> DVector<f64> {
    DVector::from_iterator(above.len() + below.len(), above.iter().chain(below.iter()).copied())
}

impl<C: Conditional> LogLikelihood for Joint<'_, C> {
    fn names(&self) -> &'static [&'static str] {
        self.inner.names()
    }

    fn coordinates(&self) -> DMatrix<f64> {
        let inner = self.inner.coordinates();
        let n = inner.nrows();
        let mut whole = DMatrix::identity(n + self.precision.len(), n + self.precision.len());
        whole.view_mut((0, 0), (n, n)).copy_from(&inner);
        whole
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let (theta, beta) = self.split(theta);
        let (at, by_beta) = self.inner.evaluate(&theta, &beta);
        let (n, m) = (theta.len(), beta.len());
        let mut hessian = DMatrix::zeros(n + m, n + m);
        hessian.view_mut((0, 0), (n, n)).copy_from(&at.hessian);
        for j in 0..m {
            let moved = |by: f64| {
                let mut beta = beta.clone();
                beta[j] += by;
                self.gradient(&theta, &beta)
            };
            let column = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            for i in 0..n {
                hessian[(i, n + j)] = column[i];
                hessian[(n + j, i)] = column[i];
            }
            for i in 0..m {
                // Both columns estimate the same number.
                hessian[(n + i, n + j)] += 0.5 * column[n + i];
                hessian[(n + j, n + i)] += 0.5 * column[n + i];
            }
        }
        let prior = beta.component_mul(&beta).dot(&self.precision);
        Evaluation {
            value: at.value - 0.5 * prior,
            gradient: stacked(&at.gradient, &(by_beta - self.precision.component_mul(&beta))),
            hessian,
        }
    }
}

/// A law and its coefficients at the maximum.
pub(super) struct JointFit {
    pub(super) climb: Climb,
    pub(super) beta: DVector<f64>,
    /// ln L without the prior.
    pub(super) value: f64,
    /// Inverse of the observed information in (ln θ, β), the prior's included; `None` where it is
    /// singular.
    pub(super) covariance: Option<DMatrix<f64>>,
    /// Variance of the prior of the shrunk coefficients; `None` without any.
    pub(super) variance: Option<f64>,
    /// Coefficients as the data see them: each counts by the share that is not the prior's.
    pub(super) effective: f64,
}

/// Standard deviation of the season's coefficients to begin with: effects of a third.
const START_VARIANCE: f64 = 0.1;
/// A season whose coefficients have this variance moves no period by a thousandth.
const FLAT: f64 = 1e-7;
/// The variance is known to about half its size at best; a thousandth is far below that.
const VARIANCE_TOLERANCE: f64 = 1e-3;
const VARIANCE_ROUNDS: usize = 60;

/// Climbs from `theta` and `beta`; `shrunk` says which coefficients have the common prior.
///
/// The prior's variance is found as the fixed point of σ² = Σ β²/Σ(1 − Var β/σ²), at which the
/// evidence (the likelihood integrated over the coefficients, to second order) is largest. Where it
/// tends to 0 the data see no season, and the shrunk coefficients are 0.
pub(super) fn fit_joint<C: Conditional>(
    conditional: &C,
    theta: &[f64],
    beta: &[f64],
    shrunk: &[bool],
) -> JointFit {
    let (n, m) = (theta.len(), beta.len());
    let mut at: Vec<f64> = theta.iter().copied().chain(beta.iter().map(|b| b.exp())).collect();
    let mut variance = START_VARIANCE;
    let any = shrunk.contains(&true);
    let mut round = 0;
    loop {
        let precision =
            DVector::from_fn(m, |j, _| if shrunk[j] { 1.0 / variance.max(FLAT) } else { 0.0 });
        let joint = Joint { inner: conditional, precision };
        let climb = climb(&joint, &at);
        at = climb.theta.iter().copied().collect();
        let beta = climb.theta.rows(n, m).map(f64::ln);
        let evaluation = joint.evaluate(&climb.theta);
        let covariance = (-evaluation.hessian).cholesky().map(|factor| factor.inverse());
        let seen = |j: usize| {
            let own = covariance.as_ref().map_or(0.0, |c| c[(n + j, n + j)]);
            1.0 - own * joint.precision[j]
        };
        let of_prior: f64 = (0..m).filter(|&j| shrunk[j]).map(seen).sum();
        let squares: f64 = (0..m).filter(|&j| shrunk[j]).map(|j| beta[j] * beta[j]).sum();
        let next = squares / of_prior.max(f64::MIN_POSITIVE);
        let settled = (next / variance).ln().abs() < VARIANCE_TOLERANCE || next < FLAT;
        if !any || settled || round == VARIANCE_ROUNDS {
            let prior = beta.component_mul(&beta).dot(&joint.precision);
            let fixed = shrunk.iter().filter(|&&s| !s).count() as f64;
            return JointFit {
                value: climb.value + 0.5 * prior,
                climb,
                beta,
                covariance,
                variance: any.then_some(if next < FLAT { 0.0 } else { next }),
                effective: fixed + of_prior.max(0.0),
            };
        }
        variance = next;
        round += 1;
    }
}
