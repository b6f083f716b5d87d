//! The Gamma-Gamma law of purchase values: likelihood, and the fit with its limits.

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;
use statrs::function::gamma::ln_gamma;

use super::error::FitError;
use super::nbd::INDISTINGUISHABLE;
use super::newton::{Climb, Precision, climb, climb_all, precision};
use super::objective::{Evaluation, LogLikelihood};
use super::report::{FitReport, Limit, StopReason};
use super::spend_data::GammaGammaData;
use super::spend_points::Point;
use super::value_limits::{OwnConstantLikelihood, SameForAllLikelihood};
use crate::models::ValueLaw;
use crate::models::special::{
    digamma_excess, digamma_step, gamma_excess, rising_excess, trigamma, trigamma_step,
};

/// ln L of the Gamma-Gamma law, in (p, q, k):
///
/// ```text
/// ln L = Σ_i [ lnΓ(p F_i + q) − Σ_j lnΓ(p f_ij) − lnΓ(q) + q ln k + Σ_j (p f_ij ln(f_ij m_ij) − ln m_ij)
///              − (p F_i + q) ln(k + S_i) ],        F_i = Σ_j f_ij,  S_i = Σ_j f_ij m_ij
/// ```
///
/// It is evaluated as
///
/// ```text
/// Σ_i [ p Σ_j f_ij ln(m_ij/m̄_i) − p F_i ln(1 + k/S_i) − q ln(1 + S_i/k) + C(p F_i, q)
///       − Σ_j (E(p f_ij) + ln m_ij) ],          m̄_i = S_i/F_i,  E(x) = lnΓ(x) − x ln x + x,
/// C(x, q) = lnΓ(x+q) − lnΓ(q) − x ln x + x
/// ```
///
/// where no large terms cancel for p → ∞ or q → ∞: values that vary by 1 % within customers
/// (p = 1e4) and values without spread between them (q = 1e9) are fitted like any others.
///
/// ```
/// # use clvcast::fit::*;
/// # use nalgebra::DVector;
/// let data = GammaGammaData::new([[(1.0, 1.0)]]); // one value of 1
/// let at = GammaGammaLikelihood(&data).evaluate(&DVector::from_element(3, 1.0));
/// assert!((at.value - 0.25_f64.ln()).abs() < 1e-14); // f(m) = 1/(1 + m)²
/// ```
#[derive(Debug, Clone, Copy)]
pub struct GammaGammaLikelihood<'a>(pub &'a GammaGammaData);

/// Sums over customers that depend on k.
#[derive(Clone, Copy, Default)]
struct SumsInK {
    /// Σ ln(1 + S/k), Σ F ln(1 + k/S).
    l: f64,
    fl: f64,
    /// Σ F/(k+S), Σ S/(k+S).
    fr: f64,
    s: f64,
    /// Σ F/(k+S)², Σ S/(k+S)·(1/k + 1/(k+S)).
    frr: f64,
    ss: f64,
}

impl SumsInK {
    /// Customers per parallel block; blocks are added in order, so that the sums do not depend on
    /// the number of threads.
    const BLOCK: usize = 8192;

    fn new(points: &[Point], k: f64) -> Self {
        let blocks: Vec<Self> = points
            .par_chunks(Self::BLOCK)
            .map(|block| {
                let mut sum = Self::default();
                for &Point { customers: n, weight: f, sum: s } in block {
                    let r = 1.0 / (k + s);
                    sum.l += n * (s / k).ln_1p();
                    sum.fl += f * (k / s).ln_1p();
                    sum.fr += f * r;
                    sum.s += n * s * r;
                    sum.frr += f * r * r;
                    sum.ss += n * s * r * (1.0 / k + r);
                }
                sum
            })
            .collect();
        blocks.into_iter().fold(Self::default(), |a, b| Self {
            l: a.l + b.l,
            fl: a.fl + b.fl,
            fr: a.fr + b.fr,
            s: a.s + b.s,
            frr: a.frr + b.frr,
            ss: a.ss + b.ss,
        })
    }
}

impl LogLikelihood for GammaGammaLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["p", "q", "k"]
    }

    /// u = (ln p, ln q, ln(k p/q)): the typical value k p/q is well known even where p, q and k
    /// lie on a ridge.
    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(3, 3, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, -1.0, 1.0, 1.0])
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let (p, q, k) = (theta[0], theta[1], theta[2]);
        let data = self.0;
        let sums = SumsInK::new(&data.points, k);
        let mut value = p * data.spread - data.logs - p * sums.fl - q * sums.l;
        let mut dp = data.spread - sums.fl;
        let mut dq = -sums.l;
        let dk = (q * sums.s - p * k * sums.fr) / k;
        let (mut dpp, mut dpq, mut dqq) = (0.0, 0.0, 0.0);
        for &(f, count) in &data.of_total {
            let (z, step) = (p * f + q, p * f);
            let psi1 = trigamma(z);
            value += count * total_term(step, q);
            dp += count * f * (digamma_excess(z) + (q / step).ln_1p());
            dq += count * digamma_step(q, step);
            dpp += count * f * f * psi1;
            dpq += count * f * psi1;
            dqq += count * trigamma_step(q, step);
        }
        for &(f, count) in &data.of_weight {
            value -= count * gamma_excess(p * f);
            dp -= count * f * digamma_excess(p * f);
            dpp -= count * f * f * trigamma(p * f);
        }
        let dpk = -sums.fr;
        let dqk = sums.s / k;
        let dkk = p * sums.frr - q * sums.ss / k;
        Evaluation::from_natural(
            theta,
            value,
            &DVector::from_row_slice(&[dp, dq, dk]),
            &DMatrix::from_row_slice(3, 3, &[dpp, dpq, dpk, dpq, dqq, dqk, dpk, dqk, dkk]),
        )
    }
}

/// C(x, q) = lnΓ(x+q) − lnΓ(q) − x ln x + x, from the excess over the larger of x and q.
fn total_term(x: f64, q: f64) -> f64 {
    if q > x {
        rising_excess(q, x) + x * (q / x).ln() + x
    } else {
        gamma_excess(x) + rising_excess(x, q) + q * x.ln() - ln_gamma(q)
    }
}

/// A fitted law of values.
///
/// ```
/// use clvcast::fit::{GammaGammaData, Limit, fit_gamma_gamma};
/// use clvcast::models::ValueLaw;
/// // Everybody keeps to one value of its own.
/// let fit = fit_gamma_gamma(&GammaGammaData::new([20.0, 30.0, 80.0].map(|m| vec![(1.0, m); 2])))?;
/// assert!(matches!(fit.law, ValueLaw::OwnConstant { .. }));
/// assert_eq!(fit.report.limit, Some(Limit::ConstantValue));
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MonetaryFit {
    /// The law of m across customers.
    pub law: ValueLaw,
    /// Estimates and how they were reached.
    pub report: FitReport,
}

/// Fits the Gamma-Gamma law by maximum likelihood from several starts.
///
/// Values without spread within customers (p → ∞) or between them (q → ∞) end in
/// [`Limit::ConstantValue`] with the law of that limit.
///
/// # Errors
/// When no customer has a value, or when no start converges.
///
/// ```
/// use clvcast::fit::{GammaGammaData, fit_gamma_gamma};
/// use clvcast::models::ValueLaw;
/// let fit = fit_gamma_gamma(&GammaGammaData::new([[(1.0, 50.0)], [(1.0, 50.0)]]))?;
/// let ValueLaw::Constant(value) = fit.law else { panic!("there is no spread") };
/// assert!((value - 50.0).abs() < 1e-12);
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
pub fn fit_gamma_gamma(data: &GammaGammaData) -> Result<MonetaryFit, FitError> {
    if data.customers == 0 {
        return Err(FitError::NoPositiveAmount);
    }
    let typical = data.between.0.exp();
    if !data.spread_between {
        let report = finish(data, Precision::default(), f64::INFINITY, Effort::default(), true);
        return Ok(MonetaryFit { law: ValueLaw::Constant(typical), report });
    }
    if !data.spread_within && data.within.is_some() {
        // The likelihood grows without bound in p: each customer's value is exactly its own.
        let likelihood = OwnConstantLikelihood::new(data);
        let best = climb(&likelihood, &[2.0, 2.0 * typical]);
        return Ok(own_constant(data, &likelihood, &best, Effort::of(&best)));
    }
    let likelihood = GammaGammaLikelihood(data);
    // One customer says nothing of a spread between customers.
    let best = if data.customers > 1 { climb_all(&likelihood, &starts(data)) } else { None };
    let same = climb(&SameForAllLikelihood(data), &[1.0, 1.0 / typical]);
    let own = OwnConstantLikelihood::new(data);
    // With one value each, p → ∞ is a finite limit that must be compared, too.
    let own_end = data.within.is_none().then(|| climb(&own, &[2.0, 2.0 * typical]));
    let effort = [best.as_ref(), Some(&same), own_end.as_ref()]
        .into_iter()
        .flatten()
        .fold(Effort::default(), Effort::plus);
    let limit = own_end.as_ref().map_or(same.value, |end| end.value.max(same.value));
    let beats = |best: &Climb| best.value > limit + INDISTINGUISHABLE + data.rounding(&best.theta);
    if let Some(best) = best.filter(beats) {
        if !matches!(best.stop, StopReason::Converged | StopReason::Precision) {
            return Err(FitError::not_converged("gamma-gamma", Some(&best)));
        }
        let theta = &best.theta;
        let report = finish(data, precision(&likelihood, &best), best.value, effort, false);
        return Ok(MonetaryFit {
            law: ValueLaw::GammaGamma { p: theta[0], q: theta[1], k: theta[2] },
            report: FitReport { stop_reason: best.stop, ..report },
        });
    }
    if let Some(end) = own_end.filter(|end| end.value > same.value) {
        return Ok(own_constant(data, &own, &end, effort));
    }
    let at = precision(&SameForAllLikelihood(data), &same);
    Ok(MonetaryFit {
        law: ValueLaw::SameForAll { p: same.theta[0], rate: same.theta[1] },
        report: finish(data, at, same.value, effort, true),
    })
}

fn own_constant(
    data: &GammaGammaData,
    likelihood: &OwnConstantLikelihood,
    end: &Climb,
    effort: Effort,
) -> MonetaryFit {
    MonetaryFit {
        law: ValueLaw::OwnConstant { q: end.theta[0], scale: end.theta[1] },
        report: FitReport {
            constants: "of one value per customer: in p the likelihood grows without bound",
            ..finish(data, precision(likelihood, end), end.value, effort, true)
        },
    }
}

/// Start values from ln m: its variance is ψ′(p) within customers and ψ′(q) between them, and
/// ψ′(z) ≈ 1/z.
fn starts(data: &GammaGammaData) -> Vec<Vec<f64>> {
    let (mean, between) = data.between;
    let within = data.within.unwrap_or(between / 2.0).max(1e-8);
    let p = (1.0 / within).clamp(0.05, 1e6);
    let q = (1.0 / (between - within / 2.0).max(between / 10.0)).clamp(0.05, 1e6);
    [(p, q), (p, 2.0), (p, 50.0), (1.0, 2.0), (6.0, 4.0)]
        .into_iter()
        .map(|(p, q)| vec![p, q, mean.exp() * q / p])
        .collect()
}

#[derive(Clone, Copy, Default)]
struct Effort {
    iterations: u64,
    evaluations: u64,
}

impl Effort {
    fn of(climb: &Climb) -> Self {
        Self::default().plus(climb)
    }

    fn plus(self, climb: &Climb) -> Self {
        Self {
            iterations: self.iterations + climb.iterations,
            evaluations: self.evaluations + climb.evaluations,
        }
    }
}

fn finish(
    data: &GammaGammaData,
    precision: Precision,
    value: f64,
    effort: Effort,
    limit: bool,
) -> FitReport {
    FitReport {
        estimates: precision.estimates,
        covariance: precision.covariance,
        log_likelihood: value,
        full_log_likelihood: value,
        constants: "complete",
        customers: data.customers,
        iterations: effort.iterations,
        evaluations: effort.evaluations,
        gradient_norm: precision.gradient_norm,
        stop_reason: if limit { StopReason::Limit } else { StopReason::Converged },
        limit: limit.then_some(Limit::ConstantValue),
        penalty: None,
        calendar_parameters: 0.0,
    }
}
