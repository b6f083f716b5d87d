//! Every base, however small or odd, ends in a fit with standard errors, in a limit model, or in an
//! error about the data; the optimiser never gives up.

use clvcast::fit::{FitError, GammaGammaData, NbdData, StopReason, fit_gamma_gamma, fit_nbd};
use clvcast::markov::{Bands, ValueTable};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, LogNormal, Poisson};

const SIZES: [usize; 5] = [2, 3, 5, 20, 200];

fn poisson(rng: &mut ChaCha8Rng, mean: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
    let count = if mean > 0.0 { Poisson::new(mean).unwrap().sample(rng) as u32 } else { 0 };
    count
}

/// 10 to a power drawn uniformly.
fn ten_to(rng: &mut ChaCha8Rng, low: f64, high: f64) -> f64 {
    10_f64.powf(rng.random_range(low..high))
}

#[test]
fn counts_of_any_mean_and_spread() {
    for seed in 0..1000 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let size = SIZES[rng.random_range(0..SIZES.len())];
        let truncated = rng.random_bool(0.4);
        let (b, mean) = (ten_to(&mut rng, -2.0, 2.0), ten_to(&mut rng, -1.0, 2.5));
        let rates = Gamma::new(b, mean / b / 8.0).unwrap();
        let customers: Vec<(u32, f64, u64)> = (0..size)
            .map(|_| {
                let t = if truncated { 8.0 } else { rng.random_range(0.0..10.0) };
                let lambda: f64 = rates.sample(&mut rng);
                let x = poisson(&mut rng, lambda * t);
                (if truncated { x.max(1) } else { x }, t, 1)
            })
            .collect();
        match fit_nbd(&NbdData::new(customers.iter().copied(), truncated)) {
            Ok(found) => {
                assert!(found.law.mean().is_finite() && found.law.mean() > 0.0, "{seed}");
                let errors = found.report.estimates.iter().map(|e| e.standard_error);
                assert!(errors.flatten().count() == found.report.estimates.len(), "seed {seed}");
            }
            Err(FitError::NoRepeatPurchase { .. }) => {}
            Err(error) => panic!("seed {seed}: {error}"),
        }
    }
}

#[test]
fn values_of_any_spread_within_and_between_customers() {
    for seed in 0..500 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let size = SIZES[rng.random_range(0..SIZES.len())];
        let (p, q) = (ten_to(&mut rng, -1.0, 4.0), ten_to(&mut rng, -0.7, 4.0));
        let (kind, one_each) = (rng.random_range(0..4), rng.random_bool(0.3));
        let wild = LogNormal::new(3.0, 2.5).unwrap();
        let nearly = LogNormal::new(0.0, 0.01).unwrap();
        let customers: Vec<Vec<(f64, f64)>> = (0..size)
            .map(|_| {
                let nu: f64 = Gamma::new(q, 1.0 / q).unwrap().sample(&mut rng);
                let level: f64 = wild.sample(&mut rng);
                let count = if one_each { 1 } else { 1 + poisson(&mut rng, 1.0) };
                let value = |rng: &mut ChaCha8Rng| match kind {
                    0 => wild.sample(rng),
                    1 => level * nearly.sample(rng),
                    _ => Gamma::new(p, 20.0 / p).unwrap().sample(rng) / nu.max(1e-300),
                };
                // Whole cents.
                let values = (0..count).map(|_| (value(&mut rng) * 100.0).round().max(1.0) / 100.0);
                values.map(|m| (1.0, m)).collect()
            })
            .collect();
        let found = fit_gamma_gamma(&GammaGammaData::new(&customers))
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let report = &found.report;
        if report.limit.is_none() {
            assert_eq!(report.stop_reason, StopReason::Converged, "seed {seed}");
            assert!(report.estimates.iter().all(|e| e.standard_error.is_some()), "seed {seed}");
        }
        let values = customers.iter().flatten().map(|&(_, m)| m).collect();
        let table = ValueTable::new(found.law, Bands::choose(values).unwrap());
        // The quadrature's promise holds for whatever was fitted.
        assert!(table.error <= 1e-10, "seed {seed}: {} {:?}", table.error, found.law);
        for row in &table.rows {
            let split = &row.probability;
            let sum = split.below + split.bands.iter().sum::<f64>() + split.above;
            assert!((sum - 1.0).abs() < 1e-12, "seed {seed}: {sum} {:?}", found.law);
            assert!(row.expected.is_finite(), "seed {seed}");
        }
    }
}
