use nalgebra::{DMatrix, DVector};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::fit::spend_design::Design;

const PERIODS: usize = 5;

/// Customers with (w, m, period).
fn customers() -> impl Strategy<Value = Vec<Vec<(f64, f64, usize)>>> {
    let weight = prop_oneof![Just(1.0), (1_u32..20).prop_map(f64::from)];
    let m = (0.1_f64.ln()..1e5_f64.ln()).prop_map(f64::exp);
    vec(vec((weight, m, 0..PERIODS), 1..6), 1..8)
}

fn data(customers: &[Vec<(f64, f64, usize)>]) -> SpendData {
    let pairs = customers
        .iter()
        .map(|values| values.iter().map(|&(weight, m, _)| (weight, m)).collect::<Vec<_>>());
    let plain = GammaGammaData::new(pairs);
    let values: Vec<Value> = customers
        .iter()
        .flatten()
        .map(|&(weight, m, period)| Value { weight, m, period })
        .collect();
    let ends = customers.iter().scan(0, |end, values| {
        *end += values.len();
        Some(*end)
    });
    SpendData { plain, values, customers: ends.enumerate().collect() }
}

/// Two columns by period and, if asked for, a dependence.
fn design(customers: usize, dependence: bool) -> Design {
    let periods = DMatrix::from_fn(PERIODS, 2, |t, j| ((t + 1) as f64 * (j + 1) as f64).sin());
    let z = (0..customers).map(|i| (i as f64 - 1.5) / 2.0).collect();
    Design {
        periods,
        ln_rates: dependence.then_some(z),
        names: vec![String::new(); 2 + usize::from(dependence)],
        shrunk: vec![false; 2 + usize::from(dependence)],
        level: 0,
    }
}

const STEP: f64 = 1e-2;

/// (f(−2h) − 8 f(−h) + 8 f(h) − f(2h)) / 12h along coordinate j of (ln θ, β).
fn difference(at: &[f64], j: usize, f: impl Fn(&[f64]) -> f64) -> f64 {
    let moved = |steps: f64| {
        let mut at = at.to_vec();
        at[j] += steps * STEP;
        f(&at)
    };
    (moved(-2.0) - 8.0 * moved(-1.0) + 8.0 * moved(1.0) - moved(2.0)) / (12.0 * STEP)
}

fn split(at: &[f64]) -> (DVector<f64>, DVector<f64>) {
    (DVector::from_row_slice(&at[..3]).map(f64::exp), DVector::from_row_slice(&at[3..]))
}

/// The density as docs/method.md, section 5, prints it, term by term: values divided by their factors, and the
/// Jacobian.
fn plain_sum(customers: &[Vec<(f64, f64, usize)>], design: &Design, at: &[f64]) -> f64 {
    use statrs::function::gamma::ln_gamma;
    let (theta, beta) = split(at);
    let (p, q, k) = (theta[0], theta[1], theta[2]);
    let mut value = 0.0;
    for (i, values) in customers.iter().enumerate() {
        let (mut f, mut s) = (0.0, 0.0);
        for &(w, m, t) in values {
            let own = design.ln_rates.as_ref().map_or(0.0, |z| z[i] * beta[2]);
            let ln_v = design.periods[(t, 0)] * beta[0] + design.periods[(t, 1)] * beta[1] + own;
            let m = m * (-ln_v).exp();
            value += p * w * (w * m).ln() - m.ln() - ln_gamma(p * w) - ln_v;
            f += w;
            s += w * m;
        }
        value += ln_gamma(p * f + q) - ln_gamma(q) + q * k.ln() - (p * f + q) * (k + s).ln();
    }
    value
}

/// The size of the terms, which may cancel. Of a value far below the customer's mean the law
/// forms 1 − (mean − m)/mean, which loses digits by mean/m, up to e⁶ more once both are deflated;
/// 1e-2 because the rounding of one number, 1e-15, is asked for and not that of a sum.
fn size(customers: &[Vec<(f64, f64, usize)>], at: &[f64]) -> f64 {
    let (theta, _) = split(at);
    let (p, q, k) = (theta[0], theta[1], theta[2]);
    let largest = customers.iter().flatten().map(|value| value.1).fold(0.0, f64::max);
    let term = |&(w, m, _): &(f64, f64, usize)| {
        let shape = p * w + q;
        (shape + 1.0) * ((w * m).ln().abs() + k.ln().abs() + (shape + 2.0).ln() + 3.0)
            + 1e-2 * shape * 400.0 * largest / m
    };
    customers.iter().flatten().map(term).sum()
}

proptest! {
    #[test]
    fn derivatives_are_those_of_the_printed_density(
        customers in customers(), dependence: bool,
        p in -2.0..4.0_f64, q in -2.0..4.0_f64, k in -4.0..10.0_f64,
        b in vec(-1.0..1.0_f64, 3),
    ) {
        let (data, design) = (data(&customers), design(customers.len(), dependence));
        let likelihood = SpendLikelihood { data: &data, design: &design };
        let mut at = vec![p, q, k];
        at.extend(&b[..design.columns()]);
        let gradient = |at: &[f64]| {
            let (theta, beta) = split(at);
            let (law, by_beta) = likelihood.evaluate(&theta, &beta);
            let all = law.gradient.iter().chain(by_beta.iter()).copied().collect::<Vec<f64>>();
            (law, all)
        };
        let (law, here) = gradient(&at);
        let (theta, beta) = split(&at);
        let (cross, own) = likelihood.curvature(&theta, &beta).unwrap();
        let rounding = 1e-13 * size(&customers, &at);
        prop_assert!((law.value - plain_sum(&customers, &design, &at)).abs() <= rounding);
        // As in tests/derivatives.rs: the difference is off by h⁴/30 of a fifth derivative of the
        // size of the first two, with a margin; and by the rounding over the step.
        let slope = here.iter().fold(0.0_f64, |a, b| a.max(b.abs()))
            + law.hessian.amax() + cross.amax() + own.amax();
        let tolerance = 1e-7 * slope + 100.0 * rounding + 1e-11;
        for j in 0..at.len() {
            let found = difference(&at, j, |at| plain_sum(&customers, &design, at));
            prop_assert!((here[j] - found).abs() <= tolerance, "{j}: {} {found}", here[j]);
            for i in 3..at.len() {
                let found = difference(&at, j, |at| gradient(at).1[i]);
                let told = if j < 3 { cross[(j, i - 3)] } else { own[(j - 3, i - 3)] };
                prop_assert!((told - found).abs() <= tolerance, "{i} {j}: {told} {found}");
            }
        }
    }

    /// Coefficients of 0 change no bit of the law's likelihood.
    #[test]
    fn without_effects_it_is_the_law(
        customers in customers(), p in -2.0..4.0_f64, q in -2.0..4.0_f64, k in -4.0..10.0_f64,
    ) {
        let (data, design) = (data(&customers), design(customers.len(), true));
        let theta = DVector::from_row_slice(&[p.exp(), q.exp(), k.exp()]);
        let likelihood = SpendLikelihood { data: &data, design: &design };
        let (law, _) = likelihood.evaluate(&theta, &DVector::zeros(3));
        prop_assert_eq!(law, GammaGammaLikelihood(&data.plain).evaluate(&theta));
    }
}
