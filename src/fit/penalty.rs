//! A penalty that draws parameters towards moderate values, for bases too small to fit.

use nalgebra::{DMatrix, DVector};

use super::error::FitError;
use super::nbd::{FrequencyFit, NbdData, NbdLikelihood};
use super::newton::{Precision, climb_all, precision};
use super::objective::{Evaluation, LogLikelihood};
use super::report::{FitReport, StopReason};
use crate::models::RateLaw;

/// A log-likelihood with a penalty on the logarithms of its parameters:
///
/// ```text
/// ln L − L/2 Σ_j v_j²,    v_j = ln(θ_j/scale_j)
/// ```
///
/// as if each v_j were normal with mean 0 and variance 1/L beforehand. Shapes have scale 1 and
/// rates, which are times, the mean length of observation T̄, so that a weight means the same in
/// every model and every unit of time. With L > 0 there always is an interior maximum.
///
/// ```
/// use clvcast::fit::{LogLikelihood, NbdData, NbdLikelihood, Penalised};
/// let data = NbdData::new([(2, 4.0, 10)], false);
/// let nbd = NbdLikelihood(&data);
/// let penalised = Penalised::new(&nbd, 0.5, vec![4.0, 1.0]); // a/T̄ and b
/// let theta = nalgebra::DVector::from_row_slice(&[4.0, 1_f64.exp()]);
/// let plain = nbd.evaluate(&theta).value;
/// assert!((penalised.evaluate(&theta).value - (plain - 0.25)).abs() < 1e-13);
/// ```
#[derive(Debug, Clone)]
pub struct Penalised<'a, L: ?Sized> {
    inner: &'a L,
    weight: f64,
    scales: Vec<f64>,
}

impl<'a, L: LogLikelihood + ?Sized> Penalised<'a, L> {
    /// With weight L and a scale for each parameter.
    #[must_use]
    pub fn new(inner: &'a L, weight: f64, scales: Vec<f64>) -> Self {
        Self { inner, weight, scales }
    }
}

impl<L: LogLikelihood + ?Sized> LogLikelihood for Penalised<'_, L> {
    fn names(&self) -> &'static [&'static str] {
        self.inner.names()
    }

    fn coordinates(&self) -> DMatrix<f64> {
        self.inner.coordinates()
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let Evaluation { value, mut gradient, mut hessian } = self.inner.evaluate(theta);
        let n = theta.len();
        let v = DVector::from_fn(n, |j, _| (theta[j] / self.scales[j]).ln());
        gradient -= &v * self.weight;
        hessian -= DMatrix::identity(n, n) * self.weight;
        Evaluation { value: value - 0.5 * self.weight * v.norm_squared(), gradient, hessian }
    }
}

/// Fits the NBD with a penalty of that weight on ln(a/T̄) and ln b, T̄ the mean length of
/// observation. No limit is tried: the penalised likelihood has an interior maximum. The
/// log-likelihood reported is without the penalty, standard errors are with it.
///
/// # Errors
/// When there are fewer than two customers, no exposure, no repeat purchase, or no convergence.
///
/// ```
/// use clvcast::fit::{NbdData, fit_nbd_penalised};
/// use clvcast::models::RateLaw;
/// // Ten customers, each with 2 purchases in 4 periods: b would grow without bound.
/// let fit = fit_nbd_penalised(&NbdData::new([(2, 4.0, 10)], false), 1.0)?;
/// let RateLaw::Gamma { shape, .. } = fit.law else { panic!("an interior maximum") };
/// assert!(shape < 20.0 && fit.report.limit.is_none());
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
pub fn fit_nbd_penalised(data: &NbdData, penalty: f64) -> Result<FrequencyFit, FitError> {
    let (customers, rate) = data.check()?;
    let plain = NbdLikelihood(data);
    let likelihood = Penalised::new(&plain, penalty, vec![data.mean_time(), 1.0]);
    let starts: Vec<Vec<f64>> = [0.05, 0.5, 2.0, 20.0].iter().map(|&b| vec![b / rate, b]).collect();
    let best = climb_all(&likelihood, &starts);
    let converged = |stop| matches!(stop, StopReason::Converged | StopReason::Precision);
    let Some(best) = best.as_ref().filter(|best| converged(best.stop)) else {
        return Err(FitError::not_converged("nbd", best.as_ref()));
    };
    let value = plain.evaluate(&best.theta).value;
    let Precision { estimates, gradient_norm, covariance } = precision(&likelihood, best);
    Ok(FrequencyFit {
        law: RateLaw::Gamma { shape: best.theta[1], rate: best.theta[0] },
        report: FitReport {
            estimates,
            covariance,
            log_likelihood: value,
            full_log_likelihood: value + data.constant(),
            constants: super::nbd::CONSTANTS,
            customers,
            iterations: best.iterations,
            evaluations: best.evaluations,
            gradient_norm,
            stop_reason: best.stop,
            limit: None,
            penalty: Some(penalty),
            calendar_parameters: 0.0,
        },
    })
}
