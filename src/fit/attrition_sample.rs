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
    use crate::fit::fit_attrition;
    use crate::fit::newton::climb_all;

    /// Histories of customers of whom some left early, no two alike.
    fn histories(customers: u32) -> Histories {
        Histories::from_summaries((0..customers).map(|i| {
            let t = 20.0 + f64::from(i % 97) / 7.0;
            let x = (i * i + 3 * i) % 7 % (1 + i % 5);
            let share = f64::from(i.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24);
            (x, if x == 0 { 0.0 } else { t * share }, t, 1)
        }))
    }

    #[test]
    fn a_sample_stands_for_all_customers() {
        let whole = histories(40_000);
        let sample = whole.sample(SAMPLE).unwrap();
        assert_eq!(sample.customers(), f64::from(SAMPLE));
        // Every fifth customer in order of T: the mean is that of all to a neighbour's distance.
        assert!((sample.mean_time() - whole.mean_time()).abs() < 1e-2);
        assert!(histories(9_000).sample(SAMPLE).is_none());
    }

    #[test]
    fn climbs_from_a_sample_end_where_all_starts_do() {
        let whole = histories(40_000);
        for kind in [Attrition::BgNbd, Attrition::MbgNbd, Attrition::ParetoNbd] {
            let starts = [vec![0.5, 5.0, 0.8, 2.5], vec![2.0, 5.0, 5.0, 15.0]];
            let nearer = Nearer::new(kind, &whole, &starts).unwrap();
            let likelihood = kind.likelihood(&whole);
            let near = climb_all(&likelihood.as_ref(), &nearer.starts).unwrap();
            let far = climb_all(&likelihood.as_ref(), &starts).unwrap();
            let fit = fit_attrition(kind, &whole, None).unwrap();
            assert!((fit.report.log_likelihood - far.value).abs() < 1e-6);
            for (a, b) in near.theta.iter().zip(&far.theta) {
                // Climbs stop below 1e-5 standard errors and take the last step still.
                assert!((a / b - 1.0).abs() < 1e-8, "{kind:?}: {a} {b}");
            }
        }
    }
}
