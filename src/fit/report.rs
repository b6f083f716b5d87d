//! What a fit says about itself.

use std::fmt;

use super::covariance::Covariance;

/// Why the optimiser stopped.
///
/// ```
/// use clvcast::fit::{NbdData, StopReason, fit_nbd};
/// let fit = fit_nbd(&NbdData::new([(2, 4.0, 10)], false))?;
/// assert_eq!(fit.report.stop_reason, StopReason::Limit);
/// assert_eq!(StopReason::Limit.to_string(), "no interior maximum, limit model used");
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// A further Newton step would raise ln L by less than the tolerance.
    Converged,
    /// No step raises ln L beyond its rounding error.
    Precision,
    /// A parameter left the range in which the likelihood can be told from its limit.
    Boundary,
    /// The iteration cap was reached.
    MaxIterations,
    /// The likelihood has no interior maximum; its limit has a closed form.
    Limit,
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Converged => "converged",
            Self::Precision => "converged to rounding error",
            Self::Boundary => "parameter at its boundary",
            Self::MaxIterations => "iteration cap reached",
            Self::Limit => "no interior maximum, limit model used",
        })
    }
}

/// Which limit replaced a model whose likelihood has no interior maximum.
///
/// ```
/// use clvcast::fit::{Limit, NbdData, fit_nbd};
/// let fit = fit_nbd(&NbdData::new([(2, 4.0, 10)], false))?;
/// assert_eq!(fit.report.limit.map(Limit::name), Some("poisson"));
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// b → ∞: all customers purchase at one rate.
    Poisson,
    /// b → 0 under zero truncation: the logarithmic series.
    LogSeries,
    /// p → ∞ or q → ∞: values without spread within or between customers.
    ConstantValue,
    /// Nobody leaves: the attrition model is the NBD.
    NoAttrition,
    /// All customers purchase at one rate, and nobody leaves.
    PoissonNoAttrition,
    /// Everybody leaves with one probability or at one rate.
    EqualAttrition,
    /// All customers purchase at one rate and leave with one probability or at one rate.
    PoissonEqualAttrition,
}

impl Limit {
    /// The name in model files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Poisson => "poisson",
            Self::LogSeries => "log-series",
            Self::ConstantValue => "constant-value",
            Self::NoAttrition => "no-attrition",
            Self::PoissonNoAttrition => "poisson+no-attrition",
            Self::EqualAttrition => "equal-attrition",
            Self::PoissonEqualAttrition => "poisson+equal-attrition",
        }
    }
}

/// One estimated parameter.
///
/// ```
/// use clvcast::fit::{NbdData, fit_nbd};
/// // Ten customers, each with 2 purchases in 4 periods: no over-dispersion.
/// let fit = fit_nbd(&NbdData::new([(2, 4.0, 10)], false))?;
/// let rate = fit.report.estimate("rate").unwrap();
/// assert!((rate.value - 0.5).abs() < 1e-9);
/// assert!((rate.standard_error.unwrap() - 0.5 / 20_f64.sqrt()).abs() < 1e-9); // λ/√Σx
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Name in the model file.
    pub name: &'static str,
    /// Maximum-likelihood estimate, natural scale.
    pub value: f64,
    /// Standard error from the observed information, natural scale; `None` where the information
    /// is singular.
    pub standard_error: Option<f64>,
    /// 95 % confidence interval, symmetric on the logarithmic scale.
    pub confidence_interval: Option<(f64, f64)>,
}

/// Standard errors on either side of an estimate that hold 95 % of a normal law.
pub(super) const NORMAL_975: f64 = 1.959_963_984_540_054;

impl Estimate {
    /// From the standard error of ln θ: se(θ) = θ·se(ln θ), and the interval is
    /// θ·exp(±1.96 se(ln θ)), which stays positive and follows the skewness of the likelihood.
    pub(super) fn on_log_scale(name: &'static str, value: f64, log_error: Option<f64>) -> Self {
        let log_error = log_error.filter(|error| error.is_finite());
        let at = |errors: f64, e: f64| value * (errors * NORMAL_975 * e).exp();
        Self {
            name,
            value,
            standard_error: log_error.map(|e| value * e),
            confidence_interval: log_error.map(|e| (at(-1.0, e), at(1.0, e))),
        }
    }
}

/// Estimates, their precision, and how they were reached.
///
/// ```
/// use clvcast::fit::{NbdData, fit_nbd};
/// // Ten customers, each with 2 purchases in 4 periods: no over-dispersion.
/// let fit = fit_nbd(&NbdData::new([(2, 4.0, 10)], false))?;
/// let report = fit.report;
/// assert!((report.log_likelihood - (20.0 * 0.5_f64.ln() - 20.0)).abs() < 1e-9);
/// assert!((report.aic() - (2.0 - 2.0 * report.log_likelihood)).abs() < 1e-12); // one parameter
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FitReport {
    /// The parameters.
    pub estimates: Vec<Estimate>,
    /// Their covariance, and that of the coefficients estimated with them; `None` where the
    /// information is singular.
    pub covariance: Option<Covariance>,
    /// ln L, without the parts named in `constants`.
    pub log_likelihood: f64,
    /// ln L with all constants.
    pub full_log_likelihood: f64,
    /// Which constants `log_likelihood` leaves out.
    pub constants: &'static str,
    /// Observations (customers) in the likelihood.
    pub customers: u64,
    /// Newton iterations, all starts.
    pub iterations: u64,
    /// Evaluations of likelihood, gradient and Hessian, all starts.
    pub evaluations: u64,
    /// Largest |∂ ln L/∂ ln θ| at the estimate.
    pub gradient_norm: f64,
    /// Why the best start stopped.
    pub stop_reason: StopReason,
    /// The limit that was used, if any.
    pub limit: Option<Limit>,
    /// Parameters of the calendar, which AIC and BIC count; shrunk ones in part.
    pub calendar_parameters: f64,
    /// Weight of the penalty on the logarithms of the parameters
    /// ([`Penalised`](super::Penalised)), if any. `log_likelihood` is without the penalty, standard
    /// errors are with it.
    pub penalty: Option<f64>,
}

impl FitReport {
    /// 2·(number of parameters) − 2 ln L.
    #[must_use]
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters() - 2.0 * self.log_likelihood
    }

    /// ln(customers)·(number of parameters) − 2 ln L.
    #[must_use]
    pub fn bic(&self) -> f64 {
        (self.customers as f64).ln() * self.parameters() - 2.0 * self.log_likelihood
    }

    fn parameters(&self) -> f64 {
        self.estimates.len() as f64 + self.calendar_parameters
    }

    /// The estimate of that name.
    #[must_use]
    pub fn estimate(&self, name: &str) -> Option<&Estimate> {
        self.estimates.iter().find(|estimate| estimate.name == name)
    }
}
