//! Which parameters a frequency model has at a limit or away from it, and its likelihood there.

use nalgebra::{DMatrix, DVector};

use super::attrition::Attrition;
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
    is_nbd: bool,
    one_rate: bool,
    leaving: Leaving,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaving {
    Differs(Attrition),
    Equal(Attrition),
    Never,
}

impl LawShape {
    /// Of a fitted law, and its parameters in the order of [`LawShape::names`].
    pub(super) fn of(law: &FrequencyLaw) -> (Self, Vec<f64>) {
        let dropout = |attrition, dropout| match dropout {
            Dropout::Beta { a, b } => (Leaving::Differs(attrition), vec![a, b]),
            Dropout::Equal(p) => (Leaving::Equal(attrition), vec![p / (1.0 - p)]),
            Dropout::Never => (Leaving::Never, vec![]),
        };
        let (leaving, of_leaving) = match *law {
            FrequencyLaw::Nbd(_) => (Leaving::Never, vec![]),
            FrequencyLaw::BgNbd { dropout: d, .. } => dropout(Attrition::BgNbd, d),
            FrequencyLaw::MbgNbd { dropout: d, .. } => dropout(Attrition::MbgNbd, d),
            FrequencyLaw::Pdo { dropout: d, tau, .. } => dropout(Attrition::Pdo { tau }, d),
            FrequencyLaw::ParetoNbd { lifetime, .. } => match lifetime {
                Lifetime::Gamma { shape, rate } => {
                    (Leaving::Differs(Attrition::ParetoNbd), vec![shape, rate])
                }
                Lifetime::Equal(mu) => (Leaving::Equal(Attrition::ParetoNbd), vec![mu]),
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
        (Self { is_nbd: matches!(law, FrequencyLaw::Nbd(_)), one_rate, leaving }, theta)
    }

    /// Days between opportunities to leave, where they matter.
    pub(super) const fn tau(&self) -> Option<u32> {
        match self.leaving {
            Leaving::Differs(Attrition::Pdo { tau }) | Leaving::Equal(Attrition::Pdo { tau }) => {
                Some(tau)
            }
            _ => None,
        }
    }

    /// Whether nobody leaves.
    pub(super) fn stays(&self) -> bool {
        self.leaving == Leaving::Never
    }

    pub(super) fn names(&self) -> &'static [&'static str] {
        match (self.one_rate, self.leaving) {
            (true, Leaving::Never) => &["rate"],
            (false, Leaving::Never) if self.is_nbd => &["a", "b"],
            (false, Leaving::Never) => &["alpha", "r"],
            (one_rate, Leaving::Differs(kind)) => {
                Frozen::parameters(one_rate, false, kind == Attrition::ParetoNbd)
            }
            (one_rate, Leaving::Equal(kind)) => {
                Frozen::parameters(one_rate, true, kind == Attrition::ParetoNbd)
            }
        }
    }

    pub(super) fn coordinates(&self) -> DMatrix<f64> {
        let none = Histories::default();
        match (self.one_rate, self.leaving) {
            (true, Leaving::Never) => DMatrix::identity(1, 1),
            (false, Leaving::Never) => NbdTimed::new(&none).coordinates(),
            (one_rate, Leaving::Differs(kind)) => {
                Frozen::new(&*kind.likelihood(&none), one_rate, false).coordinates()
            }
            (one_rate, Leaving::Equal(kind)) => {
                Frozen::new(&*kind.likelihood(&none), one_rate, true).coordinates()
            }
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
        // Parameters that are times are penalised on the scale of T̄, shapes on that of 1, a PDO's
        // b on that of the number of ends, which does not move with the clock.
        let penalised = |likelihood: &dyn TimedLikelihood, is_time: &[bool], staying: f64| {
            let mut times = likelihood.time_gradient(theta);
            let Some(weight) = penalty else {
                return (likelihood.evaluate(theta), times);
            };
            // The scale moves with the clock: ∂(−L/2 ln²(θ/T̄))/∂T̄ = L ln(θ/T̄)/T̄.
            let of_times = theta.iter().zip(is_time).filter(|(_, is_time)| **is_time);
            let by_mean: f64 = of_times.map(|(theta, _)| weight * (theta / t).ln() / t).sum();
            times.add_mean_time(histories, by_mean);
            let mut scales: Vec<f64> =
                is_time.iter().map(|&is_time| if is_time { t } else { 1.0 }).collect();
            if let Some(scale) = scales.get_mut(3) {
                *scale = staying;
            }
            (Penalised::new(likelihood, weight, scales).evaluate(theta), times)
        };
        let frozen = |kind: Attrition, one_rate, one_leaving| {
            let likelihood = kind.likelihood(histories);
            let frozen = Frozen::new(&*likelihood, one_rate, one_leaving);
            (frozen.evaluate(theta), likelihood.time_gradient(&frozen.full(theta)))
        };
        match (self.one_rate, self.leaving) {
            (true, Leaving::Never) => {
                let counts: NbdData = histories.counts();
                let rows = histories.rows.iter().map(|row| (0.0, -row.customers * theta[0]));
                let times = TimeGradient { rows: rows.collect(), ends: Vec::new() };
                (PoissonLikelihood(&counts).evaluate(theta), times)
            }
            (false, Leaving::Never) => penalised(&NbdTimed::new(histories), &[true, false], 1.0),
            (false, Leaving::Differs(kind)) => {
                let is_time = [false, true, false, kind == Attrition::ParetoNbd];
                penalised(&*kind.likelihood(histories), &is_time, kind.staying_scale(histories))
            }
            (true, Leaving::Differs(kind)) => frozen(kind, true, false),
            (one_rate, Leaving::Equal(kind)) => frozen(kind, one_rate, true),
        }
    }
}
