//! Where to begin with a large base: at the maximum of a sample of it.

use rayon::prelude::*;

use super::attrition::{Attrition, converged};
use super::histories::Histories;
use super::newton::{Climb, climb};

/// Customers of a large base from whom the first climbs are made.
const SAMPLE: u32 = 8192;
/// A maximum at which a sample is e^20 times as likely as at another one is not second to that in
/// the whole base.
const UNRIVALLED: f64 = 20.0;
/// Shapes of a maximum that is clearly not at a limit.
const SMALL: f64 = 1e-3;
const LARGE: f64 = 1e2;
/// Ends that differ by less in the logarithm of each parameter are one maximum: climbs converge to
/// a thousandth of this.
const SAME: f64 = 1e-2;

/// Whether parameters are clearly inside their range.
pub(super) fn is_inside(theta: &[f64]) -> bool {
    [theta[0], theta[2]].iter().all(|shape| (SMALL..LARGE).contains(shape))
}

/// Where climbs end on a sample, and what they took; the last few steps are then made with
/// everybody.
pub(super) struct Nearer {
    pub(super) starts: Vec<Vec<f64>>,
    iterations: u64,
    evaluations: u64,
}

impl Nearer {
    /// From the same `starts`. `None` for small bases, and where the sample's best maximum is not
    /// clearly inside the range of parameters: whether it lies at a limit is for the whole base to
    /// say.
    pub(super) fn new(kind: Attrition, histories: &Histories, starts: &[Vec<f64>]) -> Option<Self> {
        let sample = histories.sample(SAMPLE)?;
        let likelihood = kind.likelihood(&sample);
        let climbs: Vec<Climb> =
            starts.par_iter().map(|start| climb(&likelihood.as_ref(), start)).collect();
        let best = climbs.iter().map(|end| end.value).fold(f64::NEG_INFINITY, f64::max);
        let mut ends: Vec<Vec<f64>> = Vec::new();
        for end in climbs.iter().filter(|end| end.value >= best - UNRIVALLED) {
            if !(converged(end.stop) && is_inside(end.theta.as_slice())) {
                return None;
            }
            let same = |other: &Vec<f64>| {
                other.iter().zip(&end.theta).all(|(a, b)| (a / b).ln().abs() < SAME)
            };
            if !ends.iter().any(same) {
                ends.push(end.theta.iter().copied().collect());
            }
        }
        (!ends.is_empty()).then(|| Self {
            starts: ends,
            iterations: climbs.iter().map(|end| end.iterations).sum(),
            evaluations: climbs.iter().map(|end| end.evaluations).sum(),
        })
    }

    /// A climb from here, with the effort of those before.
    pub(super) fn counted(&self, end: Climb) -> Climb {
        Climb {
            iterations: end.iterations + self.iterations,
            evaluations: end.evaluations + self.evaluations,
            ..end
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Timeline;
    use crate::fit::day_histories::PanelHistories;
    use crate::fit::newton::climb_all;
    use crate::models::{Dropout, FrequencyLaw};
    use crate::panel::{Panel, PanelOptions};
    use crate::progress::Silent;
    use crate::simulate::{Scenario, simulate};

    /// Histories of simulated customers who may leave after each purchase.
    fn histories(customers: u32) -> Histories {
        let base = Scenario::default();
        let dropout = Dropout::Beta { a: 0.793, b: 2.426 };
        let frequency = FrequencyLaw::BgNbd { rate: base.frequency.rate(), dropout };
        let (monetary, margin, expense_rate) = (None, None, None);
        let scenario = Scenario { customers, frequency, monetary, margin, expense_rate, ..base };
        let ledger = simulate(&scenario).unwrap().to_ledger();
        let panel = Panel::build(&ledger, &PanelOptions::new(scenario.period), &Silent).unwrap();
        PanelHistories::new(&panel).of(false).timed(&Timeline::new(&panel, None, 0), None)
    }

    #[test]
    fn climbs_from_a_sample_end_where_all_starts_do() {
        let whole = histories(80_000);
        let sample = whole.sample(SAMPLE).unwrap();
        assert_eq!(sample.customers(), f64::from(SAMPLE));
        // In order of T, every tenth customer: off by less than the ten days a neighbour is.
        assert!((sample.mean_time() - whole.mean_time()).abs() < 0.1);
        let starts = [vec![0.5, 5.0, 0.8, 2.5], vec![2.0, 5.0, 5.0, 15.0]];
        for kind in [Attrition::BgNbd, Attrition::MbgNbd] {
            let nearer = Nearer::new(kind, &whole, &starts).unwrap();
            assert_eq!(nearer.starts.len(), 1);
            let likelihood = kind.likelihood(&whole);
            let near = climb_all(&likelihood.as_ref(), &nearer.starts).unwrap();
            let far = climb_all(&likelihood.as_ref(), &starts).unwrap();
            for (a, b) in near.theta.iter().zip(&far.theta) {
                // Climbs stop below 1e-4 standard errors and square that by the last step.
                assert!((a / b - 1.0).abs() < 1e-8, "{kind:?}: {a} {b}");
            }
        }
    }

    #[test]
    fn small_bases_have_no_sample() {
        assert!(histories(2000).sample(SAMPLE).is_none());
    }
}
