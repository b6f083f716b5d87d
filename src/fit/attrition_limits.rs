//! The limits of the models with attrition, and the choice between a model and its limits.

use super::attrition::{Attrition, AttritionFit, report};
use super::frozen::Frozen;
use super::nbd::{FrequencyFit, INDISTINGUISHABLE};
use super::newton::{Climb, climb_all, precision};
use super::objective::LogLikelihood;
use super::report::{Estimate, FitReport, Limit, StopReason};
use crate::models::{Dropout, RateLaw};

/// A model or one of its limits, fitted.
pub(super) struct Candidate {
    pub(super) rate: RateLaw,
    /// Shape and rate of the lifetime, for the Pareto/NBD.
    pub(super) dropout: Dropout,
    pub(super) is_acceptable: bool,
    pub(super) report: FitReport,
}

/// Shapes beyond this differ from their limit by x²/(2·shape) per customer: in all but the largest
/// bases by less than [`INDISTINGUISHABLE`] in all.
const NEAR: f64 = 1e3;

impl Candidate {
    /// Whether limits are worth their fits.
    pub(super) fn is_near_a_limit(&self) -> bool {
        let shape = match self.rate {
            RateLaw::Gamma { shape, .. } => shape,
            RateLaw::Equal(_) => f64::INFINITY,
        };
        let leaving = match self.dropout {
            // Of the Pareto/NBD a is the shape, and b a time of any size.
            Dropout::Beta { a, .. } => a,
            Dropout::Equal(_) | Dropout::Never => f64::INFINITY,
        };
        !self.is_acceptable || shape > NEAR || leaving > NEAR
    }

    pub(super) fn into_fit(self, kind: Attrition) -> AttritionFit {
        AttritionFit { law: kind.law(self.rate, self.dropout), report: self.report }
    }
}

/// Nobody leaves: the NBD of the counts and exposures.
pub(super) fn no_attrition(nbd: FrequencyFit) -> Candidate {
    let poisson = nbd.report.limit == Some(Limit::Poisson);
    let limit = if poisson { Limit::PoissonNoAttrition } else { Limit::NoAttrition };
    let mut estimates = nbd.report.estimates;
    for estimate in &mut estimates {
        // The NBD's letters, in those of the models with attrition.
        estimate.name = match estimate.name {
            "a" => "alpha",
            "b" => "r",
            other => other,
        };
    }
    estimates.sort_by_key(|estimate| estimate.name == "alpha");
    let covariance = nbd.report.covariance.map(|covariance| {
        covariance.renamed(|name| match name {
            "ln a" => Some("ln alpha"),
            "ln b" => Some("ln r"),
            _ => None,
        })
    });
    let report = FitReport {
        estimates,
        covariance,
        full_log_likelihood: nbd.report.log_likelihood,
        constants: super::attrition::CONSTANTS,
        stop_reason: StopReason::Limit,
        limit: Some(limit),
        ..nbd.report
    };
    Candidate { rate: nbd.law, dropout: Dropout::Never, is_acceptable: true, report }
}

/// Equal purchase rates, equal leaving, and both, from where the model itself ended and from its
/// first start.
pub(super) fn limits(
    likelihood: &dyn LogLikelihood,
    best: Option<&Climb>,
    starts: &[Vec<f64>],
) -> Vec<Candidate> {
    let cases = [
        (Limit::Poisson, true, false),
        (Limit::EqualAttrition, false, true),
        (Limit::PoissonEqualAttrition, true, true),
    ];
    let limit = |(limit, one_rate, one_leaving)| {
        let frozen = Frozen::new(likelihood, one_rate, one_leaving);
        let from = best.map(|best| best.theta.as_slice());
        let from = from.into_iter().chain(starts.iter().take(1).map(Vec::as_slice));
        let starts: Vec<Vec<f64>> = from.map(|start| frozen.project(start)).collect();
        climb_all(&frozen, &starts).map(|end| candidate(limit, &frozen, &end))
    };
    cases.into_iter().filter_map(limit).collect()
}

/// The end of a climb in a limit, as laws of the model.
fn candidate(limit: Limit, frozen: &Frozen<'_>, end: &Climb) -> Candidate {
    let mut at = precision(frozen, end);
    let of = |name: &str| frozen.names().iter().position(|n| *n == name).map(|i| end.theta[i]);
    let value = |name: &str| of(name).unwrap_or(f64::NAN);
    let rate = match of("rate") {
        Some(rate) => RateLaw::Equal(rate),
        None => RateLaw::Gamma { shape: value("r"), rate: value("alpha") },
    };
    let dropout = match (of("odds"), of("mu"), of("s")) {
        (Some(odds), ..) => Dropout::Equal(odds / (1.0 + odds)),
        (_, Some(mu), _) => Dropout::Equal(mu),
        (_, _, Some(s)) => Dropout::Beta { a: s, b: value("beta") },
        _ => Dropout::Beta { a: value("a"), b: value("b") },
    };
    for estimate in at.estimates.iter_mut().filter(|estimate| estimate.name == "odds") {
        *estimate = probability(estimate);
    }
    let converged = matches!(end.stop, StopReason::Converged | StopReason::Precision);
    let report =
        FitReport { stop_reason: StopReason::Limit, limit: Some(limit), ..report(end, at) };
    Candidate { rate, dropout, is_acceptable: converged, report }
}

/// Odds o as the probability o/(1+o), whose logarithm moves by 1/(1+o) of that of the odds.
pub(super) fn probability(odds: &Estimate) -> Estimate {
    let of = |odds: f64| odds / (1.0 + odds);
    let stays = 1.0 / (1.0 + odds.value);
    Estimate {
        name: "dropout",
        value: of(odds.value),
        standard_error: odds.standard_error.map(|error| error * stays * stays),
        confidence_interval: odds.confidence_interval.map(|(low, high)| (of(low), of(high))),
    }
}

/// The simplest candidate within [`INDISTINGUISHABLE`] of the best, with the effort of all; `None`
/// when the best one is not acceptable. The first candidate has counted the customers.
pub(super) fn choose(candidates: Vec<Candidate>) -> Option<Candidate> {
    let customers = candidates.iter().map(|c| c.report.customers).max().unwrap_or(0);
    let iterations = candidates.iter().map(|c| c.report.iterations).sum();
    let evaluations = candidates.iter().map(|c| c.report.evaluations).sum();
    let value = |c: &Candidate| c.report.log_likelihood;
    let best = candidates.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
    let parameters = |c: &Candidate| c.report.estimates.len();
    let mut chosen = candidates
        .into_iter()
        .filter(|c| c.is_acceptable && value(c) >= best - INDISTINGUISHABLE)
        .min_by(|a, b| parameters(a).cmp(&parameters(b)).then(value(b).total_cmp(&value(a))))?;
    chosen.report.customers = customers;
    chosen.report.iterations = iterations;
    chosen.report.evaluations = evaluations;
    Some(chosen)
}
