//! Fitting a model in which customers leave: which one, from where, and with which outcome.

use super::attrition_limits::{Candidate, choose, limits, no_attrition};
use super::attrition_sample::{Nearer, is_inside};
use super::bg_nbd::BgNbdLikelihood;
use super::error::FitError;
use super::frozen::Held;
use super::histories::Histories;
use super::nbd::{INDISTINGUISHABLE, fit_nbd};
use super::newton::{Climb, Precision, climb, climb_all, precision};
use super::objective::LogLikelihood;
use super::pareto_nbd::ParetoNbdLikelihood;
use super::pdo::PdoLikelihood;
use super::penalty::{Penalised, fit_nbd_penalised};
use super::report::{FitReport, StopReason};
use super::timed::TimedLikelihood;
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};

/// Which model of leaving.
///
/// ```
/// use clvcast::fit::Attrition;
/// assert_eq!(Attrition::Pdo { tau: 7 }.name(), "pdo");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attrition {
    /// After each repeat purchase.
    BgNbd,
    /// After each purchase, the first one included.
    MbgNbd,
    /// At any time.
    ParetoNbd,
    /// At the end of each sub-period.
    Pdo {
        /// Days of a sub-period.
        tau: u32,
    },
}

impl Attrition {
    /// The name in model files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BgNbd => "bg-nbd",
            Self::MbgNbd => "mbg-nbd",
            Self::ParetoNbd => "pareto-nbd",
            Self::Pdo { .. } => "pdo",
        }
    }

    /// The model's likelihood of these histories.
    ///
    /// ```
    /// use clvcast::fit::{Attrition, Histories};
    /// let histories = Histories::from_summaries([(2, 5.0, 9.0, 3)]);
    /// let likelihood = Attrition::ParetoNbd.likelihood(&histories);
    /// assert_eq!(likelihood.names(), ["r", "alpha", "s", "beta"]);
    /// ```
    #[must_use]
    pub fn likelihood(self, histories: &Histories) -> Box<dyn TimedLikelihood + '_> {
        match self {
            Self::BgNbd => Box::new(BgNbdLikelihood::new(histories)),
            Self::MbgNbd => Box::new(BgNbdLikelihood::mbg(histories)),
            Self::ParetoNbd => Box::new(ParetoNbdLikelihood::new(histories)),
            Self::Pdo { .. } => Box::new(PdoLikelihood::new(histories)),
        }
    }

    /// The law with these parts; a `Lifetime` is made of the `Dropout`'s numbers.
    pub(super) const fn law(self, rate: RateLaw, dropout: Dropout) -> FrequencyLaw {
        match self {
            Self::BgNbd => FrequencyLaw::BgNbd { rate, dropout },
            Self::MbgNbd => FrequencyLaw::MbgNbd { rate, dropout },
            Self::Pdo { tau } => FrequencyLaw::Pdo { rate, dropout, tau },
            Self::ParetoNbd => {
                let lifetime = match dropout {
                    Dropout::Beta { a, b } => Lifetime::Gamma { shape: a, rate: b },
                    Dropout::Equal(rate) => Lifetime::Equal(rate),
                    Dropout::Never => Lifetime::Never,
                };
                FrequencyLaw::ParetoNbd { rate, lifetime }
            }
        }
    }

    /// Scale of the fourth parameter under a penalty: of β the mean length of observation, of a
    /// PDO's b the mean number of ends, so that a penalty does not depend on τ and tends to that of
    /// the Pareto/NBD as τ → 0.
    pub(super) fn staying_scale(self, histories: &Histories) -> f64 {
        match self {
            Self::BgNbd | Self::MbgNbd => 1.0,
            Self::ParetoNbd => histories.mean_time(),
            Self::Pdo { .. } => histories.mean_ends(),
        }
    }

    /// Whether nobody could have left before the as-of date.
    fn is_untestable(self, histories: &Histories) -> bool {
        matches!(self, Self::Pdo { .. }) && histories.starts.iter().all(|s| s.ends.len() < 2)
    }

    /// Start values around the fit without attrition: marked and slight attrition, and customers
    /// who are much alike. Scaled by what the data say of rates and times, so that they are the
    /// same point in every unit of time.
    fn starts(self, nbd: RateLaw, histories: &Histories) -> Vec<Vec<f64>> {
        let (r, alpha) = match nbd {
            RateLaw::Gamma { shape, rate } => (shape, rate),
            RateLaw::Equal(rate) => (10.0, 10.0 / rate),
        };
        let t = histories.mean_time();
        let leaving = match self {
            Self::BgNbd | Self::MbgNbd => [(0.8, 2.5), (0.1, 10.0), (5.0, 15.0)],
            // A life of half the observation, of ten, and of one.
            Self::ParetoNbd => [(0.6, 0.6 * t / 2.0), (1.0, 10.0 * t), (10.0, 10.0 * t)],
            Self::Pdo { .. } => {
                let n = histories.mean_ends();
                [(0.6, 0.6 * n / 2.0), (1.0, 10.0 * n), (10.0, 10.0 * n)]
            }
        };
        // Where customers leave, those who are there purchase more often than the average.
        [(r, alpha / 1.5), (r, alpha), (2.0 * r, alpha)]
            .into_iter()
            .zip(leaving)
            .map(|((r, alpha), (a, b))| vec![r, alpha, a, b])
            .collect()
    }
}

/// What ln L is: it has all its constants.
pub(super) const CONSTANTS: &str = "as the density of the times of repeat purchases, per period";

/// A fitted frequency model with attrition.
///
/// ```
/// use clvcast::fit::{Attrition, Histories, fit_attrition};
/// // Every other customer falls silent early.
/// let customers = [(0, 0.0, 9.0, 30), (1, 1.0, 9.0, 20), (2, 1.5, 9.0, 9), (6, 8.0, 9.0, 40)];
/// let fit = fit_attrition(Attrition::BgNbd, &Histories::from_summaries(customers), None)?;
/// assert_eq!(fit.law.name(), "bg-nbd");
/// assert!(fit.report.log_likelihood.is_finite());
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AttritionFit {
    /// The model with its parameters, or one of its limits.
    pub law: FrequencyLaw,
    /// Estimates and how they were reached.
    pub report: FitReport,
}

/// Fits a model with attrition by maximum likelihood from several starts.
///
/// A likelihood whose maximum lies at, or cannot be told from, a limit ends in that limit: equal
/// purchase rates, equal readiness to leave, nobody leaves, and their combinations. The simplest
/// one within 1e-4 of the best log-likelihood is taken. A maximum at another edge of the parameters
/// (a, b → 0 or s, β → 0 together: customers leave at once or never) is reported as it is with
/// [`StopReason::Boundary`]. With a `penalty`, the weight L of [`Penalised`] on ln r, ln(α/T̄), ln a
/// and ln b (Pareto/NBD: ln s and ln(β/T̄)), the maximum is interior and no limit is tried.
///
/// # Errors
/// When there are fewer than two customers, no exposure, no repeat purchase, or no convergence.
///
/// ```
/// use clvcast::fit::{Attrition, Histories, Limit, fit_attrition};
/// // Clockwork: everybody purchases every 4 periods and is still there.
/// let customers = Histories::from_summaries([(10, 40.0, 40.0, 50)]);
/// let fit = fit_attrition(Attrition::ParetoNbd, &customers, None)?;
/// assert_eq!(fit.report.limit, Some(Limit::PoissonNoAttrition));
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
pub fn fit_attrition(
    kind: Attrition,
    histories: &Histories,
    penalty: Option<f64>,
) -> Result<AttritionFit, FitError> {
    fit_attrition_near(kind, histories, penalty, None)
}

/// The same where the four parameters are known already, nearly: then one climb is enough if they
/// are clearly inside their range.
pub(super) fn fit_attrition_near(
    kind: Attrition,
    histories: &Histories,
    penalty: Option<f64>,
    near: Option<&[f64]>,
) -> Result<AttritionFit, FitError> {
    let counts = histories.counts();
    let nbd = match penalty {
        None => fit_nbd(&counts)?,
        Some(weight) => fit_nbd_penalised(&counts, weight)?,
    };
    if kind.is_untestable(histories) {
        return Ok(no_attrition(nbd).into_fit(kind));
    }
    let timed = kind.likelihood(histories);
    let likelihood: &dyn LogLikelihood = &*timed;
    let starts = kind.starts(nbd.law, histories);
    if let Some(weight) = penalty {
        return penalised(kind, histories, likelihood, weight, &starts);
    }
    let known = near.filter(|theta| is_inside(theta)).map(|theta| climb(&likelihood, theta));
    let known = known.filter(|end| converged(end.stop));
    let best = known.or_else(|| match Nearer::new(kind, histories, &starts) {
        Some(nearer) => climb_all(&likelihood, &nearer.starts).map(|best| nearer.counted(best)),
        None => climb_all(&likelihood, &starts),
    });
    let full = best.as_ref().map(|best| full(kind, likelihood, best));
    let mut candidates = vec![no_attrition(nbd)];
    if full.as_ref().is_none_or(Candidate::is_near_a_limit) {
        candidates.extend(limits(likelihood, best.as_ref(), &starts));
    }
    candidates.extend(full);
    choose(candidates)
        .map(|chosen| chosen.into_fit(kind))
        .ok_or_else(|| FitError::not_converged(kind.name(), best.as_ref()))
}

/// Whether a climb ended at a maximum.
pub(super) const fn converged(stop: StopReason) -> bool {
    matches!(stop, StopReason::Converged | StopReason::Precision)
}

/// The model itself at the end of a climb. A climb that took the law of leaving out of the range of
/// parameters goes on in the others: the Pareto/NBD comes close to customers who leave at once or
/// never only as fast as 1/ln β falls, and never arrives.
fn full(kind: Attrition, likelihood: &dyn LogLikelihood, best: &Climb) -> Candidate {
    let edge = (best.stop == StopReason::Boundary)
        .then(|| Held::at_edge(likelihood, &best.theta))
        .flatten()
        .map(|(held, start)| (climb(&held, &start), held))
        .filter(|(end, _)| converged(end.stop) && end.value > best.value - INDISTINGUISHABLE)
        .map(|(end, held)| Climb {
            theta: held.full(&end.theta),
            at: None,
            stop: StopReason::Boundary,
            iterations: best.iterations + end.iterations,
            evaluations: best.evaluations + end.evaluations,
            ..end
        });
    let at_edge = edge.is_some();
    let best = edge.as_ref().unwrap_or(best);
    let mut report = report(best, precision(&likelihood, best));
    // Shapes of leaving this small: a customer leaves at the first opportunity or never.
    let shapes = match kind {
        Attrition::ParetoNbd => best.theta[2],
        _ => best.theta[2] + best.theta[3],
    };
    if converged(best.stop) && shapes < ALL_OR_NOTHING {
        report.stop_reason = StopReason::Boundary;
    }
    let theta: [f64; 4] = std::array::from_fn(|i| best.theta[i]);
    Candidate {
        rate: RateLaw::Gamma { shape: theta[0], rate: theta[1] },
        dropout: Dropout::Beta { a: theta[2], b: theta[3] },
        is_acceptable: converged(best.stop) || at_edge,
        report,
    }
}

/// Shapes below this change no probability by more than a millionth.
const ALL_OR_NOTHING: f64 = 1e-6;

pub(super) fn report(climb: &Climb, precision: Precision) -> FitReport {
    FitReport {
        estimates: precision.estimates,
        covariance: precision.covariance,
        log_likelihood: climb.value,
        full_log_likelihood: climb.value,
        constants: CONSTANTS,
        // Filled in from the fit without attrition, which has counted.
        customers: 0,
        iterations: climb.iterations,
        evaluations: climb.evaluations,
        gradient_norm: precision.gradient_norm,
        stop_reason: climb.stop,
        limit: None,
        penalty: None,
        calendar_parameters: 0.0,
    }
}

fn penalised(
    kind: Attrition,
    histories: &Histories,
    likelihood: &dyn LogLikelihood,
    weight: f64,
    starts: &[Vec<f64>],
) -> Result<AttritionFit, FitError> {
    let scales = vec![1.0, histories.mean_time(), 1.0, kind.staying_scale(histories)];
    let penalised = Penalised::new(likelihood, weight, scales);
    let best = climb_all(&penalised, starts);
    let Some(best) = best.as_ref().filter(|best| converged(best.stop)) else {
        return Err(FitError::not_converged(kind.name(), best.as_ref()));
    };
    let candidate = full(kind, likelihood, &Climb { at: None, ..best.clone() });
    let Precision { estimates, gradient_norm, covariance } = precision(&penalised, best);
    let value = likelihood.evaluate(&best.theta).value;
    let AttritionFit { law, report } = candidate.into_fit(kind);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let customers = histories.customers() as u64;
    let report = FitReport {
        estimates,
        covariance,
        log_likelihood: value,
        full_log_likelihood: value,
        customers,
        gradient_norm,
        stop_reason: best.stop,
        penalty: Some(weight),
        ..report
    };
    Ok(AttritionFit { law, report })
}
