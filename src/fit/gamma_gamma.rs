//! The Gamma-Gamma law of purchase values: likelihood, its limits, and the fit.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;
use statrs::function::gamma::ln_gamma;

use super::error::FitError;
use super::nbd::INDISTINGUISHABLE;
use super::newton::{Climb, climb, climb_all, estimates};
use super::objective::{Evaluation, LogLikelihood};
use super::report::{Estimate, FitReport, Limit, StopReason};
use crate::models::ValueLaw;
use crate::models::special::{
    digamma, digamma_excess, digamma_step, gamma_excess, ln_1p_minus, rising_excess, trigamma,
    trigamma_step,
};

/// Values of all customers, in the general form of which all three likelihoods are cases: value
/// m_ij is an average of f_ij purchases and Gamma(p f_ij, ν f_ij).
///
/// `period` sets every f to 1, `purchase` takes the purchases of each period, `repeat-mean` has
/// one value per customer, the mean of its repeat purchases, and their number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GammaGammaData {
    /// Per customer: F = Σ f and S = Σ f m (money).
    totals: Vec<(f64, f64)>,
    /// Customers by F.
    of_total: Vec<(f64, f64)>,
    /// Values by f.
    of_weight: Vec<(f64, f64)>,
    /// Σ f ln(m/m̄), m̄ = S/F the customer's own mean: never positive, 0 without spread within.
    spread: f64,
    /// Σ f ln(m/M), M = ΣS/ΣF the mean over all customers: never positive, 0 without any spread.
    overall_spread: f64,
    /// Σ ln m.
    logs: f64,
    /// Number of values.
    values: f64,
    /// Variance of ln m within customers, pooled; `None` where nobody has two values.
    within: Option<f64>,
    /// Mean and variance of the customers' mean ln m.
    between: (f64, f64),
    /// Whether two values of one customer differ.
    spread_within: bool,
    /// Whether two customers differ.
    spread_between: bool,
}

/// Values that agree to this share are the same amount: a float quotient of exact money differs
/// by a few units in the last place, real prices by far more.
const SAME_VALUE: f64 = 1e-12;

impl GammaGammaData {
    /// From one list of (f, m) per customer; customers without values are left out.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    pub fn new<V: AsRef<[(f64, f64)]>>(customers: impl IntoIterator<Item = V>) -> Self {
        let mut data = Self::default();
        let mut of_total: BTreeMap<u64, f64> = BTreeMap::new();
        let mut of_weight: BTreeMap<u64, f64> = BTreeMap::new();
        let (mut within_sum, mut within_count) = (0.0, 0.0);
        let mut mean_logs = Vec::new();
        let mut overall: Option<(f64, f64)> = None;
        for values in customers {
            let values = values.as_ref();
            if values.is_empty() {
                continue;
            }
            let (mut total, mut sum, mut logs) = (0.0, 0.0, 0.0);
            let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
            for &(f, m) in values {
                total += f;
                sum += f * m;
                logs += m.ln();
                *of_weight.entry(f.to_bits()).or_default() += 1.0;
                (low, high) = (low.min(m), high.max(m));
            }
            data.spread += spread_around(sum / total, values);
            let h = values.len() as f64;
            let mean_log = logs / h;
            within_sum += values.iter().map(|&(_, m)| (m.ln() - mean_log).powi(2)).sum::<f64>();
            within_count += h - 1.0;
            mean_logs.push(mean_log);
            data.spread_within |= high > low * (1.0 + SAME_VALUE);
            let (l, u) = overall.unwrap_or((low, high));
            overall = Some((l.min(low), u.max(high)));
            data.logs += logs;
            data.values += h;
            data.totals.push((total, sum));
            *of_total.entry(total.to_bits()).or_default() += 1.0;
        }
        data.of_total = of_total.iter().map(|(&f, &n)| (f64::from_bits(f), n)).collect();
        data.of_weight = of_weight.iter().map(|(&f, &n)| (f64::from_bits(f), n)).collect();
        data.within = (within_count > 0.0).then(|| within_sum / within_count);
        data.spread_between = overall.is_some_and(|(l, u)| u > l * (1.0 + SAME_VALUE));
        data.between = mean_and_variance(&mean_logs);
        let (total, sum) = data.grand_totals();
        // A customer's mean counts as one value of its weight.
        let means = data.totals.iter().map(|&(f, s)| (f, s / f));
        data.overall_spread = data.spread + spread_around(sum / total, &means.collect::<Vec<_>>());
        data
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    fn customers(&self) -> f64 {
        self.totals.len() as f64
    }

    /// Rounding error of ln L at (p, q, k). Terms of the size of the smaller of pF and q cancel; an
    /// interior maximum that is an effect of their last digits must not beat a limit.
    fn rounding(&self, theta: &DVector<f64>) -> f64 {
        16.0 * f64::EPSILON * theta[0].min(theta[1]) * self.grand_totals().0
    }

    /// ΣF and ΣS over customers.
    fn grand_totals(&self) -> (f64, f64) {
        self.totals.iter().fold((0.0, 0.0), |(f, s), &(fi, si)| (f + fi, s + si))
    }
}

/// Σ f ln(m/mean), `mean` the weighted mean of the m: the linear parts of the logarithms cancel
/// and are left out, so that a small spread keeps its digits.
fn spread_around(mean: f64, values: &[(f64, f64)]) -> f64 {
    values.iter().map(|&(f, m)| f * ln_1p_minus((m - mean) / mean)).sum()
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n)
}

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
#[derive(Debug, Clone, Copy)]
pub struct GammaGammaLikelihood<'a>(pub &'a GammaGammaData);

/// Sums over customers that depend on k.
#[derive(Clone, Copy, Default)]
struct SumsInK {
    /// Σ ln(1 + S/k), Σ F ln(1 + k/S).
    l: f64,
    fl: f64,
    /// Σ 1/(k+S), Σ F/(k+S), Σ S/(k+S).
    r: f64,
    fr: f64,
    s: f64,
    /// Σ 1/(k+S)², Σ F/(k+S)², Σ S/(k+S)·(1/k + 1/(k+S)).
    rr: f64,
    frr: f64,
    ss: f64,
}

impl SumsInK {
    /// Customers per parallel block; blocks are added in order, so that the sums do not depend on
    /// the number of threads.
    const BLOCK: usize = 8192;

    fn new(totals: &[(f64, f64)], k: f64) -> Self {
        let blocks: Vec<Self> = totals
            .par_chunks(Self::BLOCK)
            .map(|block| {
                let mut sum = Self::default();
                for &(f, s) in block {
                    let r = 1.0 / (k + s);
                    sum.l += (s / k).ln_1p();
                    sum.fl += f * (k / s).ln_1p();
                    sum.r += r;
                    sum.fr += f * r;
                    sum.s += s * r;
                    sum.rr += r * r;
                    sum.frr += f * r * r;
                    sum.ss += s * r * (1.0 / k + r);
                }
                sum
            })
            .collect();
        blocks.into_iter().fold(Self::default(), |a, b| Self {
            l: a.l + b.l,
            fl: a.fl + b.fl,
            r: a.r + b.r,
            fr: a.fr + b.fr,
            s: a.s + b.s,
            rr: a.rr + b.rr,
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
        let sums = SumsInK::new(&data.totals, k);
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

/// ln L of the limit q → ∞: all values are Gamma(p f, ν f) with one ν, in (p, ν).
#[derive(Debug, Clone, Copy)]
pub struct SameForAllLikelihood<'a>(pub &'a GammaGammaData);

impl LogLikelihood for SameForAllLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["p", "rate"]
    }

    /// u = (ln p, ln p/rate): shape and mean.
    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, -1.0])
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let (p, rate) = (theta[0], theta[1]);
        let data = self.0;
        let (total, sum) = data.grand_totals();
        // Around rate·M = p, where the linear terms cancel.
        let v = (rate * sum - p * total) / (p * total);
        let mut value = p * data.overall_spread - data.logs + p * total * ln_1p_minus(v);
        let mut dp = data.overall_spread + total * v.ln_1p();
        let mut dpp = 0.0;
        for &(f, count) in &data.of_weight {
            value -= count * gamma_excess(p * f);
            dp -= count * f * digamma_excess(p * f);
            dpp -= count * f * f * trigamma(p * f);
        }
        Evaluation::from_natural(
            theta,
            value,
            &DVector::from_row_slice(&[dp, p * total / rate - sum]),
            &DMatrix::from_row_slice(
                2,
                2,
                &[dpp, total / rate, total / rate, -p * total / (rate * rate)],
            ),
        )
    }
}

/// ln L of the limit p → ∞ on one value per customer: m is inverse-gamma(q, scale).
#[derive(Debug, Clone, Copy)]
pub struct OwnConstantLikelihood {
    customers: f64,
    logs: f64,
    inverses: f64,
}

impl OwnConstantLikelihood {
    /// Of the customers' mean values S/F.
    #[must_use]
    pub fn new(data: &GammaGammaData) -> Self {
        let values = data.totals.iter().map(|(f, s)| s / f);
        let (logs, inverses) = values.fold((0.0, 0.0), |(l, i), m| (l + m.ln(), i + 1.0 / m));
        Self { customers: data.customers(), logs, inverses }
    }
}

impl LogLikelihood for OwnConstantLikelihood {
    fn names(&self) -> &'static [&'static str] {
        &["q", "scale"]
    }

    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 1.0])
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let (q, scale, n) = (theta[0], theta[1], self.customers);
        let value =
            n * (q * scale.ln() - ln_gamma(q)) - (q + 1.0) * self.logs - scale * self.inverses;
        let gradient = [n * (scale.ln() - digamma(q)) - self.logs, n * q / scale - self.inverses];
        let cross = n / scale;
        Evaluation::from_natural(
            theta,
            value,
            &DVector::from_row_slice(&gradient),
            &DMatrix::from_row_slice(2, 2, &[-n * trigamma(q), cross, cross, -cross * q / scale]),
        )
    }
}

/// A fitted law of values.
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
/// When no customer, or only one, has a value, or when no start converges.
pub fn fit_gamma_gamma(data: &GammaGammaData) -> Result<MonetaryFit, FitError> {
    let customers = data.totals.len() as u64;
    if customers == 0 {
        return Err(FitError::NoPositiveAmount);
    }
    if customers < 2 {
        return Err(FitError::TooFewCustomers { customers });
    }
    let typical = data.between.0.exp();
    if !data.spread_between {
        let report = finish(data, (Vec::new(), 0.0), f64::INFINITY, Effort::default(), true);
        return Ok(MonetaryFit { law: ValueLaw::Constant(typical), report });
    }
    if !data.spread_within && data.within.is_some() {
        // The likelihood grows without bound in p: each customer's value is exactly its own.
        let likelihood = OwnConstantLikelihood::new(data);
        let best = climb(&likelihood, &[2.0, 2.0 * typical]);
        return Ok(own_constant(data, &likelihood, &best, Effort::of(&best)));
    }
    let likelihood = GammaGammaLikelihood(data);
    let best = climb_all(&likelihood, &starts(data));
    let same = climb(&SameForAllLikelihood(data), &[1.0, 1.0 / typical]);
    let own = OwnConstantLikelihood::new(data);
    // With one value each, p → ∞ is a finite limit that must be compared, too.
    let own_end = data.within.is_none().then(|| climb(&own, &[2.0, 2.0 * typical]));
    let effort = [best.as_ref(), Some(&same), own_end.as_ref()]
        .into_iter()
        .flatten()
        .fold(Effort::default(), |sum, climb| sum.plus(climb));
    let limit = own_end.as_ref().map_or(same.value, |end| end.value.max(same.value));
    let beats = |best: &Climb| best.value > limit + INDISTINGUISHABLE + data.rounding(&best.theta);
    match best.filter(beats) {
        Some(best) if matches!(best.stop, StopReason::Converged | StopReason::Precision) => {
            let theta = &best.theta;
            let law = ValueLaw::GammaGamma { p: theta[0], q: theta[1], k: theta[2] };
            let report = finish(data, estimates(&likelihood, theta), best.value, effort, false);
            Ok(MonetaryFit { law, report: FitReport { stop_reason: best.stop, ..report } })
        }
        Some(best) => Err(FitError::NotConverged {
            part: "gamma-gamma",
            reason: best.stop,
            log_likelihood: best.value,
            parameters: best.theta.iter().copied().collect(),
        }),
        None => match own_end.filter(|end| end.value > same.value) {
            Some(end) => Ok(own_constant(data, &own, &end, effort)),
            None => {
                let precision = estimates(&SameForAllLikelihood(data), &same.theta);
                Ok(MonetaryFit {
                    law: ValueLaw::SameForAll { p: same.theta[0], rate: same.theta[1] },
                    report: finish(data, precision, same.value, effort, true),
                })
            }
        },
    }
}

fn own_constant(
    data: &GammaGammaData,
    likelihood: &OwnConstantLikelihood,
    end: &Climb,
    effort: Effort,
) -> MonetaryFit {
    MonetaryFit {
        law: ValueLaw::OwnConstant { q: end.theta[0], scale: end.theta[1] },
        report: finish(data, estimates(likelihood, &end.theta), end.value, effort, true),
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
    (estimates, gradient_norm): (Vec<Estimate>, f64),
    value: f64,
    effort: Effort,
    limit: bool,
) -> FitReport {
    FitReport {
        estimates,
        log_likelihood: value,
        full_log_likelihood: value,
        constants: "complete",
        customers: data.totals.len() as u64,
        iterations: effort.iterations,
        evaluations: effort.evaluations,
        gradient_norm,
        stop_reason: if limit { StopReason::Limit } else { StopReason::Converged },
        limit: limit.then_some(Limit::ConstantValue),
    }
}
