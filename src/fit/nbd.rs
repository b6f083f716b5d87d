//! The NBD: likelihood, its limits, and the fit.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};

use super::error::FitError;
use super::newton::{Precision, climb, climb_all, precision};
use super::objective::{Evaluation, LogLikelihood};
use super::report::{FitReport, Limit, StopReason};
use crate::models::RateLaw;
use crate::models::special::ln_factorial;

/// Sufficient statistics of counts with exposures. The likelihood needs the distribution of x and
/// the distribution of T apart, not customer by customer.
///
/// ```
/// use clvcast::fit::{NbdData, fit_nbd};
/// // Rows (x, T, customers) add up, in any order.
/// let data = NbdData::new([(0, 2.0, 60), (4, 2.0, 30)], false);
/// assert_eq!(data, NbdData::new([(4, 2.0, 30), (0, 2.0, 20), (0, 2.0, 40)], false));
/// assert_eq!(fit_nbd(&data)?.report.customers, 90);
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NbdData {
    customers: f64,
    /// Customers with more than j purchases, j = 0, 1, …
    more_than: Vec<f64>,
    /// Distinct exposures T (periods) with their customers and purchases.
    exposures: Vec<(f64, f64, f64)>,
    /// Σ ln(T^x / x!), the constant of the probability of the counts.
    constant: f64,
    truncated: bool,
}

impl NbdData {
    /// From pairs (x, T in periods, customers); zero-truncated when only buyers were recorded.
    /// Purchases of customers with T = 0 cannot exist and such customers say nothing.
    #[must_use]
    pub fn new(counts: impl IntoIterator<Item = (u32, f64, u64)>, truncated: bool) -> Self {
        let mut of_x: BTreeMap<u32, u64> = BTreeMap::new();
        // Non-negative floats order like their bits.
        let mut of_t: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
        for (x, t, customers) in counts {
            *of_x.entry(x).or_default() += customers;
            let exposure = of_t.entry(t.to_bits()).or_default();
            exposure.0 += customers;
            exposure.1 += u64::from(x) * customers;
        }
        Self::from_margins(&of_x, &of_t, truncated)
    }

    /// From the two margins: customers by x, and (customers, purchases) by the bits of T.
    #[must_use]
    pub fn from_margins(
        of_x: &BTreeMap<u32, u64>,
        of_t: &BTreeMap<u64, (u64, u64)>,
        truncated: bool,
    ) -> Self {
        let largest = of_x.keys().next_back().copied().unwrap_or(0);
        let mut more_than = vec![0.0; largest as usize];
        let mut above = 0;
        let mut constant = 0.0;
        for j in (0..largest).rev() {
            above += of_x.get(&(j + 1)).copied().unwrap_or(0);
            more_than[j as usize] = above as f64;
        }
        for (&x, &customers) in of_x {
            constant -= customers as f64 * ln_factorial(x);
        }
        let exposures: Vec<_> = of_t
            .iter()
            .map(|(&t, &(customers, purchases))| {
                (f64::from_bits(t), customers as f64, purchases as f64)
            })
            .collect();
        for &(t, _, purchases) in &exposures {
            if purchases > 0.0 {
                constant += purchases * t.ln();
            }
        }
        let customers = of_x.values().sum::<u64>() as f64;
        Self { customers, more_than, exposures, constant, truncated }
    }

    fn purchases(&self) -> f64 {
        self.more_than.iter().sum()
    }

    /// Customers with more than j purchases, j = 0, 1, …
    pub(super) fn more_than(&self) -> &[f64] {
        &self.more_than
    }

    fn time(&self) -> f64 {
        self.exposures.iter().map(|&(t, customers, _)| t * customers).sum()
    }

    /// Mean length of observation T̄, periods.
    pub(super) fn mean_time(&self) -> f64 {
        self.time() / self.customers
    }

    /// Σ ln(T^x / x!).
    pub(super) const fn constant(&self) -> f64 {
        self.constant
    }

    /// Customers and their purchases per period, or why there is nothing to fit.
    pub(super) fn check(&self) -> Result<(u64, f64), FitError> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let customers = self.customers as u64;
        if customers < 2 {
            return Err(FitError::TooFewCustomers { customers });
        }
        if self.time() <= 0.0 {
            return Err(FitError::NoExposure { customers });
        }
        // With truncation every customer has one purchase to begin with.
        let repeats = self.purchases() - if self.truncated { self.customers } else { 0.0 };
        if repeats <= 0.0 {
            return Err(FitError::NoRepeatPurchase { customers });
        }
        Ok((customers, self.purchases() / self.time()))
    }
}

/// ln L of the NBD without Σ ln(T^x/x!), in (a, b):
///
/// ```text
/// ln L = Σ_j N_{>j} ln((b+j)/a) − Σ_T (b N_T + X_T) ln(1 + T/a)
///        [ − Σ_T N_T ln(1 − (a/(a+T))^b)   zero-truncated ]
/// ```
///
/// with `N_{>j}` the customers with more than j purchases, `N_T` and `X_T` the customers and
/// purchases of exposure T. Sums of logarithms near 0 stay exact for b → ∞.
///
/// ```
/// use clvcast::fit::{LogLikelihood, NbdData, NbdLikelihood};
/// let data = NbdData::new([(0, 1.0, 1)], false);
/// let at = NbdLikelihood(&data).evaluate(&nalgebra::DVector::from_row_slice(&[1.0, 2.0]));
/// assert!((at.value - 0.25_f64.ln()).abs() < 1e-14); // P(0) = (a/(a+1))^b
/// ```
#[derive(Debug, Clone, Copy)]
pub struct NbdLikelihood<'a>(pub &'a NbdData);

impl LogLikelihood for NbdLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["a", "b"]
    }

    /// u = (ln b/a, ln b): the mean is estimated almost independently of the shape.
    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(2, 2, &[-1.0, 1.0, 0.0, 1.0])
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let (a, b) = (theta[0], theta[1]);
        let mut value = 0.0;
        let (mut da, mut db, mut daa, mut dab, mut dbb) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let ln_mean = (b / a).ln();
        for (j, &n) in (0_u32..).zip(&self.0.more_than) {
            let j = f64::from(j);
            value += n * (ln_mean + (j / b).ln_1p());
            db += n / (b + j);
            dbb -= n / ((b + j) * (b + j));
        }
        for &(t, n, x) in &self.0.exposures {
            let at = a + t;
            let log = (t / a).ln_1p();
            // u = b ln(1 + T/a), so that P(0) = e^(−u); its derivatives recur below.
            let (u, ua, ub) = (b * log, -b * t / (a * at), log);
            let (uaa, uab) = (b * t * (a + at) / (a * a * at * at), -t / (a * at));
            value -= n * u + x * log;
            da -= n * ua + x / at;
            db -= n * ub;
            daa += x / (at * at) - n * uaa;
            dab -= n * uab;
            if self.0.truncated {
                // −ln(1 − e^(−u)) and its derivatives in u.
                let e = u.exp_m1();
                let (d1, d2) = (-1.0 / e, (1.0 + 1.0 / e) / e);
                value -= n * (-(-u).exp_m1()).ln();
                da += n * d1 * ua;
                db += n * d1 * ub;
                daa += n * (d2 * ua * ua + d1 * uaa);
                dab += n * (d2 * ua * ub + d1 * uab);
                dbb += n * d2 * ub * ub;
            }
        }
        Evaluation::from_natural(
            theta,
            value,
            &DVector::from_row_slice(&[da, db]),
            &DMatrix::from_row_slice(2, 2, &[daa, dab, dab, dbb]),
        )
    }
}

/// ln L of the Poisson limit b → ∞, in its rate, with the constant of [`NbdLikelihood`].
///
/// ```
/// use clvcast::fit::{LogLikelihood, NbdData, PoissonLikelihood};
/// let data = NbdData::new([(2, 4.0, 10)], false);
/// let at = PoissonLikelihood(&data).evaluate(&nalgebra::DVector::from_element(1, 0.5));
/// assert!(at.gradient[0].abs() < 1e-12); // 20 purchases in 40 periods
/// ```
#[derive(Debug, Clone, Copy)]
pub struct PoissonLikelihood<'a>(pub &'a NbdData);

impl LogLikelihood for PoissonLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["rate"]
    }

    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::identity(1, 1)
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let rate = theta[0];
        let x = self.0.purchases();
        let mut value = x * rate.ln();
        let (mut first, mut second) = (x / rate, -x / (rate * rate));
        for &(t, n, _) in &self.0.exposures {
            value -= n * rate * t;
            first -= n * t;
            if self.0.truncated {
                let e = (rate * t).exp_m1();
                value -= n * (-(-rate * t).exp_m1()).ln();
                first -= n * t / e;
                second += n * t * t * (1.0 + 1.0 / e) / e;
            }
        }
        Evaluation::from_natural(
            theta,
            value,
            &DVector::from_element(1, first),
            &DMatrix::from_element(1, 1, second),
        )
    }
}

/// The NBD with b held at a value so small that only the logarithmic series is left.
struct LogSeriesLikelihood<'a>(NbdLikelihood<'a>);

impl LogLikelihood for LogSeriesLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["a"]
    }

    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::identity(1, 1)
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let theta = DVector::from_row_slice(&[theta[0], RateLaw::LOG_SERIES_SHAPE]);
        let full = self.0.evaluate(&theta);
        Evaluation {
            value: full.value,
            gradient: full.gradient.rows(0, 1).into_owned(),
            hessian: full.hessian.view((0, 0), (1, 1)).into_owned(),
        }
    }
}

/// A shape estimated below this is on its way to 0.
const LOG_SERIES_BELOW: f64 = 1e-7;

/// A fitted frequency model.
///
/// ```
/// use clvcast::fit::{NbdData, fit_nbd};
/// let fit = fit_nbd(&NbdData::new([(0, 1.0, 50), (5, 1.0, 50)], false))?;
/// let b = fit.report.estimate("b").unwrap();
/// assert!(matches!(fit.law, clvcast::models::RateLaw::Gamma { shape, .. } if shape == b.value));
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FrequencyFit {
    /// The law of λ across customers.
    pub law: RateLaw,
    /// Estimates and how they were reached.
    pub report: FitReport,
}

/// Two models whose log-likelihoods differ by less than this cannot be told apart by the data,
/// and their forecasts agree; the simpler one is reported.
pub(super) const INDISTINGUISHABLE: f64 = 1e-4;

pub(super) const CONSTANTS: &str = "without the sum of ln(T^x / x!), T in periods";

/// Fits the NBD by maximum likelihood from several starts.
///
/// Counts that are not over-dispersed given their exposures end in [`Limit::Poisson`]: the best
/// interior point is compared with the Poisson likelihood itself, because a comparison of mean and
/// variance misleads when exposures differ.
///
/// # Errors
/// When there are fewer than two customers, no exposure, or no repeat purchase.
///
/// ```
/// use clvcast::{fit::{Limit, NbdData, fit_nbd}, models::RateLaw};
/// // Ten customers, each with 2 purchases in 4 periods: no over-dispersion.
/// let fit = fit_nbd(&NbdData::new([(2, 4.0, 10)], false))?;
/// let RateLaw::Equal(rate) = fit.law else { panic!("one rate for all") };
/// assert!((rate - 0.5).abs() < 1e-9);
/// assert_eq!(fit.report.limit, Some(Limit::Poisson));
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
pub fn fit_nbd(data: &NbdData) -> Result<FrequencyFit, FitError> {
    let (customers, mean) = data.check()?;
    let likelihood = NbdLikelihood(data);
    let starts: Vec<Vec<f64>> = [0.05, 0.5, 2.0, 20.0].iter().map(|&b| vec![b / mean, b]).collect();
    let interior = climb_all(&likelihood, &starts);
    let poisson = climb(&PoissonLikelihood(data), &[mean]);
    let mut iterations = poisson.iterations;
    let mut evaluations = poisson.evaluations;
    if let Some(best) = &interior {
        iterations += best.iterations;
        evaluations += best.evaluations;
    }
    let finish = |law, value, precision: Precision, stop_reason, limit| FrequencyFit {
        law,
        report: FitReport {
            estimates: precision.estimates,
            covariance: precision.covariance,
            log_likelihood: value,
            full_log_likelihood: value + data.constant,
            constants: CONSTANTS,
            customers,
            iterations,
            evaluations,
            gradient_norm: precision.gradient_norm,
            stop_reason,
            limit,
            penalty: None,
            calendar_parameters: 0.0,
        },
    };
    let Some(best) = interior.filter(|best| best.value > poisson.value + INDISTINGUISHABLE) else {
        let law = RateLaw::Equal(poisson.theta[0]);
        let at = precision(&PoissonLikelihood(data), &poisson);
        return Ok(finish(law, poisson.value, at, StopReason::Limit, Some(Limit::Poisson)));
    };
    if data.truncated && best.theta[1] < LOG_SERIES_BELOW {
        let series = LogSeriesLikelihood(likelihood);
        let end = climb(&series, &[best.theta[0]]);
        let law = RateLaw::Gamma { shape: RateLaw::LOG_SERIES_SHAPE, rate: end.theta[0] };
        let at = precision(&series, &end);
        return Ok(finish(law, end.value, at, StopReason::Limit, Some(Limit::LogSeries)));
    }
    if !matches!(best.stop, StopReason::Converged | StopReason::Precision) {
        return Err(FitError::not_converged("nbd", Some(&best)));
    }
    let law = RateLaw::Gamma { shape: best.theta[1], rate: best.theta[0] };
    Ok(finish(law, best.value, precision(&likelihood, &best), best.stop, None))
}
