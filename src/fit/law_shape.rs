//! Which parameters a frequency model has at a limit or away from it, and its likelihood there.

use nalgebra::{DMatrix, DVector};

use super::attrition::Attrition;
use super::choice::FrequencyKind;
use super::frozen::Frozen;
use super::histories::Histories;
use super::nbd::{NbdData, PoissonLikelihood};
use super::objective::{Evaluation, LogLikelihood};
use super::penalty::Penalised;
use super::timed::{NbdTimed, TimeGradient, TimedLikelihood};
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};

/// A frequency model and the limits it stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LawShape {
    pub(super) kind: FrequencyKind,
    one_rate: bool,
    leaving: Leaving,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaving {
    Differs,
    Equal,
    Never,
}

impl LawShape {
    /// Of a fitted law, and its parameters in the order of [`LawShape::names`].
    pub(super) fn of(law: &FrequencyLaw) -> (Self, Vec<f64>) {
        let kind = match *law {
            FrequencyLaw::Nbd(_) => FrequencyKind::Nbd,
            FrequencyLaw::BgNbd { .. } => FrequencyKind::BgNbd,
            FrequencyLaw::MbgNbd { .. } => FrequencyKind::MbgNbd,
            FrequencyLaw::ParetoNbd { .. } => FrequencyKind::ParetoNbd,
            FrequencyLaw::Pdo { tau, .. } => FrequencyKind::Pdo { tau },
        };
        let (leaving, of_leaving) = match *law {
            FrequencyLaw::Nbd(_) => (Leaving::Never, vec![]),
            FrequencyLaw::BgNbd { dropout, .. }
            | FrequencyLaw::MbgNbd { dropout, .. }
            | FrequencyLaw::Pdo { dropout, .. } => match dropout {
                Dropout::Beta { a, b } => (Leaving::Differs, vec![a, b]),
                Dropout::Equal(p) => (Leaving::Equal, vec![p / (1.0 - p)]),
                Dropout::Never => (Leaving::Never, vec![]),
            },
            FrequencyLaw::ParetoNbd { lifetime, .. } => match lifetime {
                Lifetime::Gamma { shape, rate } => (Leaving::Differs, vec![shape, rate]),
                Lifetime::Equal(mu) => (Leaving::Equal, vec![mu]),
                Lifetime::Never => (Leaving::Never, vec![]),
            },
        };
        let (one_rate, mut theta) = match law.rate() {
            RateLaw::Equal(rate) => (true, vec![rate]),
            // The NBD's parameters are a, b; those of the others r, alpha.
            RateLaw::Gamma { shape, rate } if leaving == Leaving::Never => {
                (false, vec![rate, shape])
            }
            RateLaw::Gamma { shape, rate } => (false, vec![shape, rate]),
        };
        theta.extend(of_leaving);
        (Self { kind, one_rate, leaving }, theta)
    }

    /// Days between opportunities to leave, where they matter.
    pub(super) fn tau(&self) -> Option<u32> {
        self.kind.tau().filter(|_| self.leaving != Leaving::Never)
    }

    pub(super) fn names(&self) -> &'static [&'static str] {
        let is_rate = self.kind == FrequencyKind::ParetoNbd;
        match (self.one_rate, self.leaving) {
            (true, Leaving::Never) => &["rate"],
            (false, Leaving::Never) if self.kind.stays() => &["a", "b"],
            (false, Leaving::Never) => &["alpha", "r"],
            (one_rate, leaving) => Frozen::parameters(one_rate, leaving == Leaving::Equal, is_rate),
        }
    }

    pub(super) fn coordinates(&self) -> DMatrix<f64> {
        let none = Histories::default();
        match (self.one_rate, self.leaving) {
            (true, Leaving::Never) => DMatrix::identity(1, 1),
            (false, Leaving::Never) => NbdTimed::new(&none).coordinates(),
            (one_rate, leaving) => {
                let likelihood = self.attrition().likelihood(&none);
                Frozen::new(&*likelihood, one_rate, leaving == Leaving::Equal).coordinates()
            }
        }
    }

    /// The kind of attrition; any for a model without.
    fn attrition(&self) -> Attrition {
        match self.kind {
            FrequencyKind::Nbd | FrequencyKind::BgNbd => Attrition::BgNbd,
            FrequencyKind::MbgNbd => Attrition::MbgNbd,
            FrequencyKind::ParetoNbd => Attrition::ParetoNbd,
            FrequencyKind::Pdo { tau } => Attrition::Pdo { tau },
        }
    }

    /// Value and derivatives in ln θ, and derivatives in the times of the histories.
    pub(super) fn evaluate(
        &self,
        histories: &Histories,
        theta: &DVector<f64>,
        penalty: Option<f64>,
    ) -> (Evaluation, TimeGradient) {
        let t = histories.mean_time();
        let penalised = |likelihood: &dyn LogLikelihood, scales: Vec<f64>| match penalty {
            None => likelihood.evaluate(theta),
            Some(weight) => Penalised::new(likelihood, weight, scales).evaluate(theta),
        };
        match (self.one_rate, self.leaving) {
            (true, Leaving::Never) => {
                let counts: NbdData = histories.counts();
                let rows = histories.rows.iter().map(|row| (0.0, -row.customers * theta[0]));
                let times = TimeGradient { rows: rows.collect(), ends: Vec::new() };
                (PoissonLikelihood(&counts).evaluate(theta), times)
            }
            (false, Leaving::Never) => {
                let likelihood = NbdTimed::new(histories);
                let times = likelihood.time_gradient(theta);
                (penalised(&likelihood, vec![t, 1.0]), times)
            }
            (one_rate, leaving) => {
                let likelihood = self.attrition().likelihood(histories);
                if !one_rate && leaving == Leaving::Differs {
                    let beta = if self.kind == FrequencyKind::ParetoNbd { t } else { 1.0 };
                    let times = likelihood.time_gradient(theta);
                    let scales = vec![1.0, t, 1.0, beta];
                    return (penalised(&*likelihood, scales), times);
                }
                let frozen = Frozen::new(&*likelihood, one_rate, leaving == Leaving::Equal);
                let times = likelihood.time_gradient(&frozen.full(theta));
                (frozen.evaluate(theta), times)
            }
        }
    }
}
