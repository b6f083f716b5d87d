//! What a perfect forecast scores, what chance scores, and what there is to say of nothing.

use clvcast::evaluate::metrics::{
    YesNo, bias, captured, crps_of_counts, gini, interval_of_counts, log_score, mae, pit_histogram,
    pit_of_counts, poisson_deviance, rmse, spearman, top,
};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Purchases of that many customers, most of them none.
fn base(customers: usize) -> Vec<f64> {
    let purchases = [0.0, 0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 5.0];
    (0..customers).map(|i| purchases[i % purchases.len()]).collect()
}

#[test]
fn a_perfect_forecast_scores_perfectly() {
    let y = base(400);
    assert_eq!(bias(&y, &y), Some(0.0));
    assert_eq!(
        (mae(&y, &y), rmse(&y, &y), poisson_deviance(&y, &y)),
        (Some(0.0), Some(0.0), Some(0.0))
    );
    assert_eq!(gini(&y, &y), Some(1.0));
    assert!((spearman(&y, &y).unwrap() - 1.0).abs() < 1e-12);
    // An eighth of the customers purchased five times each: the best tenth is of them.
    assert!((captured(&y, &y, 0.1).unwrap() - 40.0 * 5.0 / 400.0).abs() < 1e-12);
    let best = YesNo::new(&top(&y, 0.2), &top(&y, 0.2));
    assert_eq!((best.error_rate(), best.miss_rate()), (Some(0.0), Some(0.0)));
    let sure = [0.0, 0.0, 1.0];
    assert_eq!((crps_of_counts(&sure, 2), log_score(&sure, 2)), (0.0, 0.0));
    let interval = interval_of_counts(&sure, 0.9);
    assert!(interval.covers(2.0) && interval.width() == 0.0);
}

#[test]
fn a_shuffled_forecast_scores_chance() {
    /// Four standard errors of a rank correlation of independent orders, 1/√(n − 1) each.
    const CHANCE: f64 = 4.0 / 141.4;
    let y = base(20_000);
    let mut p = y.clone();
    p.shuffle(&mut ChaCha8Rng::seed_from_u64(7));
    assert!(bias(&p, &y).unwrap().abs() < 1e-12, "the total is right all the same");
    assert!(spearman(&p, &y).unwrap().abs() < CHANCE);
    // The value is spread by Σy²/(Σy)² · n = 3.75 more than the ranks are: twice the error.
    assert!(gini(&p, &y).unwrap().abs() < 2.0 * CHANCE);
    // 2 000 places; what they bring has a standard error of 1.66/√2000 of a mean of 1.
    let share = captured(&p, &y, 0.1).unwrap();
    assert!((share - 0.1).abs() < 4.0 * 0.1 * 1.66 / 2000_f64.sqrt(), "{share}");
    // A quarter of the customers is in the top fifth, ties included; so is whoever is named.
    let best = YesNo::new(&top(&p, 0.2), &top(&y, 0.2));
    let error = best.error_rate().unwrap();
    assert!((error - 0.75).abs() < 4.0 * (0.75 * 0.25 / 5000_f64).sqrt(), "{error}");
}

#[test]
fn a_constant_forecast_scores_chance() {
    let y = base(400);
    let p = vec![1.0; 400];
    assert_eq!((gini(&p, &y), spearman(&p, &y)), (Some(0.0), None));
    assert!((captured(&p, &y, 0.1).unwrap() - 0.1).abs() < 1e-12);
    assert_eq!(bias(&p, &y), Some(0.0)); // one purchase each is right in total
    // Everybody is named, and nobody missed.
    let best = YesNo::new(&top(&p, 0.2), &top(&y, 0.2));
    assert_eq!((best.error_rate(), best.miss_rate()), (Some(0.75), Some(0.0)));
}

#[test]
fn customers_who_are_all_alike_or_do_nothing_have_finite_measures_or_none() {
    let p = [0.5, 1.0, 0.0, 2.0];
    for y in [[0.0; 4], [3.0; 4]] {
        let measures = [
            bias(&p, &y),
            mae(&p, &y),
            rmse(&p, &y),
            poisson_deviance(&p, &y),
            captured(&p, &y, 0.1),
            gini(&p, &y),
            spearman(&p, &y),
            YesNo::new(&top(&p, 0.2), &top(&y, 0.2)).error_rate(),
            YesNo::new(&top(&p, 0.2), &top(&y, 0.2)).miss_rate(),
        ];
        assert!(measures.into_iter().flatten().all(f64::is_finite), "{measures:?}");
        assert_eq!((gini(&p, &y), spearman(&p, &y)), (None, None));
    }
    assert_eq!(bias(&p, &[0.0; 4]), None);
    assert_eq!(captured(&p, &[0.0; 4], 0.1), None);
    assert_eq!(poisson_deviance(&p, &[0.0; 4]), Some(2.0 * 3.5 / 4.0));
    assert_eq!(poisson_deviance(&p, &[3.0; 4]), None); // 0 was expected of the third
    // Nobody at all.
    assert_eq!((mae(&[], &[]), rmse(&[], &[]), poisson_deviance(&[], &[])), (None, None, None));
    assert_eq!((gini(&[], &[]), spearman(&[], &[]), captured(&[], &[], 0.1)), (None, None, None));
}

#[test]
fn transforms_of_the_true_distribution_are_uniform() {
    const N: usize = 20_000;
    let pmf = [0.5, 0.2, 0.2, 0.1];
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let transforms: Vec<f64> = (0..N)
        .map(|_| {
            let mut u: f64 = rng.random();
            let y = pmf.iter().position(|p| {
                u -= p;
                u < 0.0
            });
            pit_of_counts(&pmf, y.unwrap_or(3), rng.random())
        })
        .collect();
    // Four standard errors of a share of a tenth.
    let four = 4.0 * (0.1 * 0.9 / N as f64).sqrt();
    for share in pit_histogram(&transforms) {
        assert!((share - 0.1).abs() < four, "{share}");
    }
}
