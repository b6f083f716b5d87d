//! A law and regression coefficients, estimated together.
//!
//! A calendar or a dependence adds coefficients β to a law with parameters θ. The likelihood is
//! climbed in (ln θ, β) at once, because a trend and attrition explain the same data and alternating
//! between them would crawl. Coefficients of a season are shrunk towards flat: they are given a
//! normal prior whose variance is the one that makes the data most probable (empirical Bayes).

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::newton::{Climb, climb};
use super::objective::{Evaluation, LogLikelihood};
use super::shrinkage::most_probable_variance;

/// A log-likelihood of positive parameters θ given regression coefficients β.
pub(super) trait Conditional: Sync {
    /// Names of θ.
    fn names(&self) -> &'static [&'static str];

    /// See [`LogLikelihood::coordinates`], for θ.
    fn coordinates(&self) -> DMatrix<f64>;

    /// Value and derivatives in ln θ, and ∂ ln L/∂β.
    fn evaluate(&self, theta: &DVector<f64>, beta: &DVector<f64>) -> (Evaluation, DVector<f64>);

    /// ∂² ln L/∂ ln θ ∂β (a column per coefficient) and ∂² ln L/∂β ∂β′, where they are known;
    /// otherwise they are formed from differences of the gradient.
    fn curvature(
        &self,
        _theta: &DVector<f64>,
        _beta: &DVector<f64>,
    ) -> Option<(DMatrix<f64>, DMatrix<f64>)> {
        None
    }
}

/// The likelihood in (θ, e^β): what is positive for the optimiser is real here by its logarithm.
struct Joint<'a, C> {
    inner: &'a C,
    /// Number of coefficients.
    coefficients: usize,
    /// Those that are estimated; the others are 0.
    free: Vec<usize>,
    /// Precision 1/σ² of the prior of each free coefficient, 0 for none.
    precision: DVector<f64>,
}

/// Step of the differences of the gradient in β. A forward difference is off by about the step
/// times the third derivative, a millionth of the second here, and by the rounding of the gradient
/// over the step, which is less: six digits, where steps need two and standard errors three.
const STEP: f64 = 1e-6;

impl<'a, C: Conditional> Joint<'a, C> {
    /// With a prior of that variance on the shrunk coefficients; a variance of 0 makes them 0.
    fn new(inner: &'a C, shrunk: &[bool], variance: Option<f64>) -> Self {
        let kept = |j: &usize| !(shrunk[*j] && variance == Some(0.0));
        let free: Vec<usize> = (0..shrunk.len()).filter(kept).collect();
        let of = |j: usize| variance.filter(|_| shrunk[j]).map_or(0.0, |variance| 1.0 / variance);
        let precision = DVector::from_iterator(free.len(), free.iter().map(|&j| of(j)));
        Self { inner, coefficients: shrunk.len(), free, precision }
    }

    /// θ and all coefficients.
    fn split(&self, point: &DVector<f64>) -> (DVector<f64>, DVector<f64>) {
        let n = self.inner.names().len();
        let mut beta = DVector::zeros(self.coefficients);
        for (j, &at) in self.free.iter().enumerate() {
            beta[at] = point[n + j].ln();
        }
        (point.rows(0, n).into_owned(), beta)
    }

    fn only_free(&self, beta: &DVector<f64>) -> DVector<f64> {
        DVector::from_iterator(self.free.len(), self.free.iter().map(|&j| beta[j]))
    }

    /// Without the prior, in (ln θ, free β).
    fn likelihood(&self, theta: &DVector<f64>, beta: &DVector<f64>) -> Evaluation {
        let (at, by_beta) = self.inner.evaluate(theta, beta);
        let gradient = stacked(&at.gradient, &self.only_free(&by_beta));
        let (n, m) = (theta.len(), self.free.len());
        let mut hessian = DMatrix::zeros(n + m, n + m);
        hessian.view_mut((0, 0), (n, n)).copy_from(&at.hessian);
        if let Some((cross, own)) = self.inner.curvature(theta, beta) {
            for (j, &from) in self.free.iter().enumerate() {
                for i in 0..n {
                    hessian[(i, n + j)] = cross[(i, from)];
                    hessian[(n + j, i)] = cross[(i, from)];
                }
                for (i, &with) in self.free.iter().enumerate() {
                    hessian[(n + i, n + j)] = own[(with, from)];
                }
            }
        } else {
            self.differences((theta, beta), &gradient, &mut hessian);
        }
        Evaluation { value: at.value, gradient, hessian }
    }

    /// Columns of the Hessian by differences of the gradient from `here`, one coefficient a column;
    /// columns are independent of each other, and of the number of threads.
    fn differences(
        &self,
        (theta, beta): (&DVector<f64>, &DVector<f64>),
        here: &DVector<f64>,
        hessian: &mut DMatrix<f64>,
    ) {
        let (n, m) = (theta.len(), self.free.len());
        let column = |&coefficient: &usize| {
            let mut beta = beta.clone();
            beta[coefficient] += STEP;
            let (at, by_beta) = self.inner.evaluate(theta, &beta);
            (stacked(&at.gradient, &self.only_free(&by_beta)) - here) / STEP
        };
        let columns: Vec<DVector<f64>> = self.free.par_iter().map(column).collect();
        for (j, column) in columns.iter().enumerate() {
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
    }

    fn with_prior(&self, mut at: Evaluation, beta: &DVector<f64>) -> Evaluation {
        let beta = self.only_free(beta);
        let n = at.gradient.len() - beta.len();
        let pull = beta.component_mul(&self.precision);
        at.value -= 0.5 * beta.dot(&pull);
        for j in 0..beta.len() {
            at.gradient[n + j] -= pull[j];
            at.hessian[(n + j, n + j)] -= self.precision[j];
        }
        at
    }

    /// The variance of the prior that makes the data most probable, from the likelihood's second
    /// order at a point, θ and the coefficients without prior at their best; `None` where these
    /// are not determined.
    fn most_probable_variance(&self, at: &Evaluation, beta: &DVector<f64>) -> Option<f64> {
        let n = at.gradient.len() - self.free.len();
        let (shrunk, rest): (Vec<usize>, Vec<usize>) =
            (0..at.gradient.len()).partition(|&j| j >= n && self.precision[j - n] > 0.0);
        let information = |rows: &[usize], columns: &[usize]| {
            DMatrix::from_fn(rows.len(), columns.len(), |i, j| -at.hessian[(rows[i], columns[j])])
        };
        let score = |rows: &[usize]| DVector::from_fn(rows.len(), |i, _| at.gradient[rows[i]]);
        let others = information(&rest, &rest).cholesky()?;
        let across = information(&shrunk, &rest);
        let own = information(&shrunk, &shrunk) - &across * others.solve(&across.transpose());
        let slope = score(&shrunk) - &across * others.solve(&score(&rest));
        let beta = self.only_free(beta);
        let here = DVector::from_fn(shrunk.len(), |i, _| beta[shrunk[i] - n]);
        let at_zero = slope + &own * here;
        Some(most_probable_variance(&own, &at_zero))
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
        let (n, m) = (inner.nrows(), self.free.len());
        let mut whole = DMatrix::identity(n + m, n + m);
        whole.view_mut((0, 0), (n, n)).copy_from(&inner);
        whole
    }

    fn evaluate(&self, point: &DVector<f64>) -> Evaluation {
        let (theta, beta) = self.split(point);
        self.with_prior(self.likelihood(&theta, &beta), &beta)
    }
}

/// A law and its coefficients at the maximum.
pub(super) struct JointFit {
    /// The last climb, in (θ, e^β), with the effort of all.
    pub(super) climb: Climb,
    pub(super) beta: DVector<f64>,
    /// ln L without the prior.
    pub(super) value: f64,
    /// Largest |derivative| of what was climbed, in (ln θ, β).
    pub(super) gradient_norm: f64,
    /// Inverse of the observed information in (ln θ, β), the prior's included; `None` where it is
    /// singular. Coefficients shrunk to 0 have no variance.
    pub(super) covariance: Option<DMatrix<f64>>,
    /// Variance of the prior of the shrunk coefficients, 0 where the data see nothing of them and
    /// they are 0; `None` without any.
    pub(super) variance: Option<f64>,
    /// Coefficients as the data see them: each counts by the share that is not the prior's.
    pub(super) effective: f64,
}

impl JointFit {
    /// Coefficient j and its standard error; the first `levels` of them as differences from their
    /// mean, because their common level is the prior's and not the data's. `n` parameters of the
    /// law come before the coefficients.
    pub(super) fn coefficient(&self, n: usize, levels: usize, j: usize) -> (f64, Option<f64>) {
        let m = self.beta.len();
        let mut contrast = DVector::zeros(n + m);
        contrast[n + j] = 1.0;
        if j < levels {
            contrast.rows_mut(n, levels).add_scalar_mut(-1.0 / levels as f64);
        }
        (self.beta.dot(&contrast.rows(n, m)), self.error_of(&contrast))
    }

    /// √(d′ C d), the standard error of d′(ln θ, β).
    pub(super) fn error_of(&self, d: &DVector<f64>) -> Option<f64> {
        let variance = (self.covariance.as_ref()? * d).dot(d);
        Some(variance.sqrt()).filter(|error| error.is_finite())
    }
}

/// Variance of the season's coefficients to begin with: effects of a third.
const START_VARIANCE: f64 = 0.1;
/// The variance is known to about half its size at best; a thousandth is far below that.
const VARIANCE_TOLERANCE: f64 = 1e-3;
/// The likelihood is nearly quadratic in β, so that a few rounds are enough.
const VARIANCE_ROUNDS: usize = 30;

/// Climbs from `theta`, `beta` and a variance of the prior; `shrunk` says which coefficients have
/// the common prior.
///
/// The prior's variance is the one at which the evidence (the likelihood integrated over the
/// coefficients, to second order around the last maximum) is largest. Where that is 0, the data
/// see no season, and the shrunk coefficients are 0.
pub(super) fn fit_joint<C: Conditional>(
    conditional: &C,
    theta: &[f64],
    beta: &[f64],
    variance: Option<f64>,
    shrunk: &[bool],
) -> JointFit {
    let n = theta.len();
    // A prior without variance would hold the coefficients at 0 for good.
    let start = variance.filter(|&v| v > 0.0).unwrap_or(START_VARIANCE);
    let mut variance = shrunk.contains(&true).then_some(start);
    let mut theta = theta.to_vec();
    let mut beta = DVector::from_row_slice(beta);
    let (mut iterations, mut evaluations) = (0, 0);
    let mut round = 0;
    loop {
        let joint = Joint::new(conditional, shrunk, variance);
        let free = joint.only_free(&beta);
        let start: Vec<f64> = theta.iter().copied().chain(free.iter().map(|b| b.exp())).collect();
        let top = climb(&joint, &start);
        iterations += top.iterations;
        evaluations += top.evaluations;
        let (at, coefficients) = joint.split(&top.theta);
        let likelihood = joint.likelihood(&at, &coefficients);
        let next = variance
            .filter(|&used| used > 0.0 && round < VARIANCE_ROUNDS)
            .and_then(|_| joint.most_probable_variance(&likelihood, &coefficients));
        let far = |next: &f64| {
            variance
                .is_some_and(|used| *next == 0.0 || (next / used).ln().abs() >= VARIANCE_TOLERANCE)
        };
        if let Some(next) = next.filter(far) {
            variance = Some(next);
            theta = at.iter().copied().collect();
            beta = coefficients;
            round += 1;
            continue;
        }
        let value = likelihood.value;
        let whole = joint.with_prior(likelihood, &coefficients);
        let covariance = (-whole.hessian).cholesky().map(|factor| factor.inverse());
        let seen = |j: usize| {
            let own = covariance.as_ref().map_or(0.0, |c| c[(n + j, n + j)]);
            1.0 - own * joint.precision[j]
        };
        let point = stacked(&at, &coefficients.map(f64::exp));
        return JointFit {
            climb: Climb { theta: point, at: None, iterations, evaluations, ..top },
            value,
            gradient_norm: whole.gradient.amax(),
            effective: (0..joint.free.len()).map(seen).sum(),
            covariance: covariance.map(|c| embedded(&c, n, &joint)),
            beta: coefficients,
            variance,
        };
    }
}

/// The covariance with rows and columns of 0 for coefficients that are not free.
fn embedded<C>(covariance: &DMatrix<f64>, n: usize, joint: &Joint<'_, C>) -> DMatrix<f64> {
    let place = |j: usize| if j < n { j } else { n + joint.free[j - n] };
    let mut whole = DMatrix::zeros(n + joint.coefficients, n + joint.coefficients);
    for i in 0..covariance.nrows() {
        for j in 0..covariance.ncols() {
            whole[(place(i), place(j))] = covariance[(i, j)];
        }
    }
    whole
}

#[cfg(test)]
mod tests;
