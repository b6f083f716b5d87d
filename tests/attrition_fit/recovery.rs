//! Parameters found again from simulated customers.

use clvcast::fit::{Attrition, FitReport, fit_attrition};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Exp, Gamma};

use super::support::{assert_converged, histories, with_ends};

const CUSTOMERS: u32 = 3000;
/// In weeks; a and b are s and β for the Pareto/NBD.
const TRUTH: [f64; 2] = [0.8, 6.0];

/// (x, t_x days, T days) of customers acquired over a year and observed for another one; whether a
/// customer leaves is drawn by the model, times in weeks.
fn simulate(kind: Attrition, a: f64, b: f64, seed: u64) -> Vec<(u32, f64, f64)> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let rates = Gamma::new(TRUTH[0], 1.0 / TRUTH[1]).expect("a law");
    let thetas = Beta::new(a, b).expect("a law");
    let mus = Gamma::new(a, 1.0 / b).expect("a law");
    (0..CUSTOMERS)
        .map(|i| {
            // Six acquisition dates a year apart at most, in whole weeks and a half.
            let t = 104.5 - f64::from(i % 52);
            let rate: f64 = rates.sample(&mut rng);
            let theta: f64 = thetas.sample(&mut rng);
            let between = Exp::new(rate.max(1e-12)).expect("a law");
            let leaves = |rng: &mut ChaCha8Rng| rng.random_range(0.0..1.0) < theta;
            let mut life = f64::INFINITY;
            match kind {
                Attrition::ParetoNbd => {
                    let mu: f64 = mus.sample(&mut rng);
                    life = Exp::new(mu.max(1e-12)).expect("a law").sample(&mut rng);
                }
                Attrition::Pdo { .. } => {
                    let mut end = 0.5;
                    while end <= t && !leaves(&mut rng) {
                        end += 1.0;
                    }
                    life = end;
                }
                Attrition::MbgNbd if leaves(&mut rng) => life = 0.0,
                _ => {}
            }
            let (mut x, mut t_x, mut now) = (0, 0.0, 0.0);
            loop {
                now += between.sample(&mut rng);
                if now > t.min(life) {
                    break;
                }
                (x, t_x) = (x + 1, now);
                let after = matches!(kind, Attrition::BgNbd | Attrition::MbgNbd);
                if after && leaves(&mut rng) {
                    break;
                }
            }
            (x, t_x * 7.0, t * 7.0)
        })
        .collect()
}

/// A correct fit passes four standard errors in one of 16 000 estimates.
fn near(report: &FitReport, name: &str, truth: f64) {
    let found = report.estimate(name).expect("an estimate");
    let error = found.standard_error.expect("a standard error") / found.value;
    let distance = (found.value / truth).ln() / error;
    println!("{name}: {} against {truth}, {distance:.2} standard errors", found.value);
    assert!(distance.abs() < 4.0, "{name}: {} against {truth}: {distance}", found.value);
}

#[test]
fn all_models_find_their_parameters_again() {
    let cases = [
        (Attrition::BgNbd, 0.8, 4.0, ["a", "b"]),
        (Attrition::MbgNbd, 0.8, 3.0, ["a", "b"]),
        (Attrition::ParetoNbd, 0.9, 30.0, ["s", "beta"]),
        (Attrition::Pdo { tau: 7 }, 0.9, 25.0, ["a", "b"]),
    ];
    for (kind, a, b, names) in cases {
        let days = simulate(kind, a, b, 11);
        let data = match kind {
            Attrition::Pdo { tau } => with_ends(&days, tau, 7.0),
            _ => histories(&days, 7.0),
        };
        let begin = std::time::Instant::now();
        let fit = fit_attrition(kind, &data, None).expect("a fit");
        println!(
            "{} {} rows, {:?}, {} passes",
            kind.name(),
            data.rows.len(),
            begin.elapsed(),
            fit.report.evaluations
        );
        assert_converged(&fit);
        near(&fit.report, "r", TRUTH[0]);
        near(&fit.report, "alpha", TRUTH[1]);
        near(&fit.report, names[0], a);
        near(&fit.report, names[1], b);
    }
}
