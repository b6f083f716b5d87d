//! Gradients and Hessians are the derivatives of the likelihoods, laws hold all probability, and
//! statistics do not depend on the order of what they are made from.

use std::collections::BTreeMap;

use clvcast::fit::{
    GammaGammaData, GammaGammaLikelihood, LogLikelihood, NbdData, NbdLikelihood,
    OwnConstantLikelihood, PoissonLikelihood, SameForAllLikelihood,
};
use clvcast::models::{RateLaw, ValueLaw};
use clvcast::panel::{Exposure, FrequencyStatistics};
use nalgebra::DVector;
use proptest::collection::vec;
use proptest::prelude::*;

/// Step of the differences, in ln θ.
const STEP: f64 = 1e-2;
/// The fourth-order central difference is off by STEP⁴/30 = 3.3e-10 of the fifth derivative,
/// which for sums of logarithms of gammas and of sums is of the size of the first two; 300 times
/// that.
const TRUNCATION: f64 = 1e-7;
/// Rounding of a likelihood of size 1, a few 1e-15, divided by the step.
const ROUNDING: f64 = 1e-11;

/// (f(−2h) − 8 f(−h) + 8 f(h) − f(2h)) / 12h along `ln θ_j`.
fn difference(theta: &[f64], j: usize, f: impl Fn(&DVector<f64>) -> f64) -> f64 {
    let at = |steps: f64| {
        let mut moved = DVector::from_row_slice(theta);
        moved[j] *= (steps * STEP).exp();
        f(&moved)
    };
    (at(-2.0) - 8.0 * at(-1.0) + 8.0 * at(1.0) - at(2.0)) / (12.0 * STEP)
}

/// `size` is that of the largest terms of the likelihood, which may cancel in its value.
fn check(likelihood: &impl LogLikelihood, theta: &[f64], size: f64) -> Result<(), TestCaseError> {
    let here = likelihood.evaluate(&DVector::from_row_slice(theta));
    let slope = here.gradient.amax() + here.hessian.amax();
    let tolerance = TRUNCATION * slope + ROUNDING * (1.0 + size);
    for j in 0..theta.len() {
        let gradient = difference(theta, j, |theta| likelihood.evaluate(theta).value);
        prop_assert!(
            (here.gradient[j] - gradient).abs() <= tolerance,
            "gradient {j} at {theta:?}: {} against {gradient}",
            here.gradient[j]
        );
        for i in 0..theta.len() {
            let hessian = difference(theta, j, |theta| likelihood.evaluate(theta).gradient[i]);
            prop_assert!(
                (here.hessian[(i, j)] - hessian).abs() <= tolerance,
                "hessian {i} {j} at {theta:?}: {} against {hessian}",
                here.hessian[(i, j)]
            );
        }
    }
    Ok(())
}

/// A positive number, uniform in its logarithm.
fn positive(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}

/// Customers (x, T, how many); x at least `least`.
fn counts(least: u32) -> impl Strategy<Value = Vec<(u32, f64, u64)>> {
    vec((least..60, positive(0.05, 50.0), 1_u64..30), 1..12)
}

/// Customers with (f, m) of each value, f = 1 or a count.
fn values() -> impl Strategy<Value = Vec<Vec<(f64, f64)>>> {
    let weight = prop_oneof![Just(1.0), (1_u32..20).prop_map(f64::from)];
    vec(vec((weight, positive(0.1, 1e5)), 1..6), 1..8)
}

/// Σ over customers of the largest terms of the NBD's logarithms.
fn nbd_size(customers: &[(u32, f64, u64)], a: f64, b: f64) -> f64 {
    let term = |&(x, t, n): &(u32, f64, u64)| {
        let (x, n) = (f64::from(x), f64::from(u32::try_from(n).unwrap()));
        n * ((b + x) * (t / a).ln_1p() + x * ((b / a).ln().abs() + (1.0 + x / b).ln()) + 1.0)
    };
    customers.iter().map(term).sum()
}

/// The same of the Gamma-Gamma law and its limits.
fn value_size(customers: &[Vec<(f64, f64)>], p: f64, q: f64, k: f64) -> f64 {
    let term = |&(f, m): &(f64, f64)| {
        let shape = p * f + q;
        let logs = (f * m).ln().abs() + k.ln().abs() + (shape + 2.0).ln();
        (shape + 1.0) * (logs + (f * m / k).ln_1p()) + 1.0
    };
    customers.iter().flatten().map(term).sum()
}

proptest! {
    #[test]
    fn nbd_derivatives(
        customers in counts(0), a in positive(1e-2, 1e3), b in positive(1e-2, 1e3),
    ) {
        let data = NbdData::new(customers.iter().copied(), false);
        check(&NbdLikelihood(&data), &[a, b], nbd_size(&customers, a, b))?;
        check(&PoissonLikelihood(&data), &[b / a], nbd_size(&customers, a, b))?;
    }

    #[test]
    fn zero_truncated_nbd_derivatives(
        customers in counts(1), a in positive(1e-2, 1e3), b in positive(1e-2, 1e2),
    ) {
        let data = NbdData::new(customers.iter().copied(), true);
        check(&NbdLikelihood(&data), &[a, b], nbd_size(&customers, a, b))?;
        check(&PoissonLikelihood(&data), &[b / a], nbd_size(&customers, a, b))?;
    }

    #[test]
    fn gamma_gamma_derivatives(
        customers in values(),
        p in positive(0.1, 100.0), q in positive(0.1, 100.0), k in positive(1e-2, 1e6),
    ) {
        let data = GammaGammaData::new(&customers);
        check(&GammaGammaLikelihood(&data), &[p, q, k], value_size(&customers, p, q, k))?;
    }

    #[test]
    fn derivatives_of_the_limits_of_the_gamma_gamma(
        customers in values(), p in positive(0.1, 100.0), mean in positive(0.1, 1e5),
    ) {
        let data = GammaGammaData::new(&customers);
        let total: f64 = customers.iter().flatten().map(|(f, m)| f * m).sum();
        // The linear terms rate·Σ f m and scale·Σ 1/m.
        let inverses: f64 = customers
            .iter()
            .map(|values| {
                let (f, s) = values.iter().fold((0.0, 0.0), |(n, s), (f, m)| (n + f, s + f * m));
                f / s
            })
            .sum();
        let size = value_size(&customers, p, p, mean);
        let rate = p / mean;
        check(&SameForAllLikelihood(&data), &[p, rate], size + rate * total)?;
        let scale = p * mean;
        let own = OwnConstantLikelihood::new(&data);
        check(&own, &[p, scale], size + scale * inverses)?;
    }

    #[test]
    fn counts_have_probabilities_that_sum_to_one(
        a in positive(1e-2, 1e3), b in positive(1e-2, 1e3), t in positive(0.01, 20.0),
        x in 0_u32..50,
    ) {
        for law in [RateLaw::nbd(a, b).unwrap(), RateLaw::poisson(b / a).unwrap()] {
            let law = law.after(x, 1.0);
            let (_, table) = law.pmf_table(t);
            let total: f64 = table.iter().sum();
            // The peak is exact to about 1e-13; the recurrence adds a rounding per step.
            prop_assert!((total - 1.0).abs() < 1e-11, "{law:?}: {total}");
            let both = law.at_most(x, t) + law.at_least(x + 1, t);
            prop_assert!((both - 1.0).abs() < 1e-12, "{law:?}: {both}");
        }
    }

    #[test]
    fn values_below_and_above_hold_all_probability_and_the_mean(
        p in positive(0.05, 500.0), q in positive(0.05, 500.0), k in positive(1e-3, 1e9),
        place in positive(1e-6, 1e6),
    ) {
        let law = ValueLaw::gamma_gamma(p, q, k).unwrap();
        let tails = law.tails(k * place);
        prop_assert!((tails.lower + tails.upper - 1.0).abs() < 1e-14);
        prop_assert!(tails.lower >= 0.0 && tails.upper >= 0.0);
        if let (Some(mean), Some(part)) = (law.mean(), law.partial_mean(k * place)) {
            prop_assert!(((part.lower + part.upper) / mean - 1.0).abs() < 1e-14);
        }
        prop_assert_eq!(law.mean().is_some(), q > 1.0);
    }

    #[test]
    fn frequency_statistics_do_not_depend_on_order_or_on_where_they_are_cut(
        customers in vec((0_u32..40, 0_u32..200), 1..60), cut in 0_usize..60, shift in 0_usize..60,
    ) {
        let exposures: Vec<Exposure> = customers
            .iter()
            .map(|&(x, days)| Exposure { x, t_x: 0.0, t: f64::from(days) / 7.0 })
            .collect();
        let statistics = |exposures: &[Exposure]| {
            let mut statistics = FrequencyStatistics::default();
            for &exposure in exposures {
                statistics.add(exposure);
            }
            statistics
        };
        let whole = statistics(&exposures);
        let mut turned = exposures.clone();
        turned.rotate_left(shift % exposures.len());
        let cut = cut % exposures.len();
        let mut merged = statistics(&turned[cut..]);
        merged.merge(&statistics(&turned[..cut]));
        prop_assert_eq!(&merged, &whole);

        // What the fit is given is equal to the bit, from rows or from margins.
        let rows = |exposures: &[Exposure]| {
            NbdData::new(exposures.iter().map(|exposure| (exposure.x, exposure.t, 1)), false)
        };
        let of_t: BTreeMap<u64, (u64, u64)> =
            whole.exposures.iter().map(|(t, &group)| (t.periods().to_bits(), group)).collect();
        prop_assert_eq!(rows(&turned), rows(&exposures));
        prop_assert_eq!(NbdData::from_margins(&whole.counts, &of_t, false), rows(&exposures));
    }

    #[test]
    fn the_value_likelihood_does_not_depend_on_the_order_of_customers_or_periods(
        customers in values(), shift in 0_usize..8,
    ) {
        let mut turned = customers.clone();
        turned.rotate_left(shift % customers.len());
        for values in &mut turned {
            values.reverse();
        }
        let theta = DVector::from_row_slice(&[2.0, 3.0, 50.0]);
        let value = |customers: &[Vec<(f64, f64)>]| {
            GammaGammaLikelihood(&GammaGammaData::new(customers)).evaluate(&theta).value
        };
        // Only sums, whose order changes their last digits.
        let tolerance = 1e-13 * value_size(&customers, 2.0, 3.0, 50.0);
        prop_assert!((value(&turned) - value(&customers)).abs() <= tolerance);
    }
}
