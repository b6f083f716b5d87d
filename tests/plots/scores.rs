//! Classes of held-out customers, calibration and leaderboard on tables small enough to check.

use clvcast::plots::{Calibration, Contestant, Expectations, Kind, Leaderboard, Outcome};

/// Means of a few numbers.
const MEANS: f64 = 1e-12;

fn outcome(x: u32, since_last: f64, actual: f64, predicted: f64) -> Outcome {
    Outcome { x, since_last, actual, predicted }
}

#[test]
fn means_weighted_by_customers_are_those_of_the_base() {
    // A little generator of many kinds of customers.
    let outcomes: Vec<Outcome> = (0_u32..500)
        .map(|i| {
            let x = i * i % 23;
            outcome(x, f64::from(i % 41) / 4.0, f64::from(i % 5), f64::from(x) * 0.3)
        })
        .collect();
    for kind in [Kind::Frequency, Kind::Recency] {
        let by = Expectations::new(kind, &outcomes, "quarter");
        let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
            by.classes.iter().map(|c| c.customers as f64 * of(c.actual, c.predicted)).sum()
        };
        assert_eq!(by.classes.iter().map(|c| c.customers).sum::<u64>(), 500);
        let actual: f64 = outcomes.iter().map(|o| o.actual).sum();
        let predicted: f64 = outcomes.iter().map(|o| o.predicted).sum();
        assert!((sum(&|a, _| a) / actual - 1.0).abs() < MEANS);
        assert!((sum(&|_, p| p) / predicted - 1.0).abs() < MEANS);
        let borders = by.classes.windows(2).all(|pair| pair[0].upper <= Some(pair[1].lower));
        assert!(borders && by.classes.len() <= 12, "{:?}", by.classes);
        assert_eq!(by.classes.last().unwrap().upper, None);
    }
}

#[test]
fn customers_stand_in_the_class_of_their_frequency_and_recency() {
    let outcomes =
        [outcome(0, 0.2, 1.0, 0.5), outcome(0, 2.7, 0.0, 0.3), outcome(2, 0.3, 4.0, 3.0)];
    let by = Expectations::new(Kind::Frequency, &outcomes, "quarter");
    let csv = "purchases_from,purchases_below,customers,mean_actual,mean_predicted\n\
               0,1,2,0.5,0.4\n2,,1,4,3\n";
    assert_eq!(by.to_csv(), csv);
    let by = Expectations::new(Kind::Recency, &outcomes, "quarter");
    let counts: Vec<u64> = by.classes.iter().map(|class| class.customers).collect();
    assert_eq!(counts, [2, 1]);
    assert_eq!(by.classes[0].actual, 2.5);
    assert!(Expectations::new(Kind::Recency, &[], "quarter").classes.is_empty());
}

#[test]
fn the_band_of_chance_is_that_of_a_binomial_number() {
    // n = 20, classes of 1/10: P(X = 0) = 0.1216, P(X ≤ 3) = 0.8670, P(X ≤ 4) = 0.9568.
    let calibration = Calibration::of_shares(20, &[0.1; 10], 0.9, 1.0);
    assert_eq!(calibration.band, (0, 4));
    assert_eq!(calibration.counts, [2; 10]);
    assert!(calibration.to_csv().ends_with("\n0.9,1,2,2,0,4\n"));
    assert_eq!(Calibration::of_shares(0, &[0.0; 10], 0.9, 0.0).band, (0, 0));
}

#[test]
fn the_best_candidate_is_above_and_those_without_a_score_below() {
    let of =
        |name: &str, deviance| Contestant { name: name.into(), deviance, bias: 0.0, chosen: false };
    let board = Leaderboard::new(vec![of("c", f64::NAN), of("b", 2.0), of("d", 1.0), of("a", 2.0)]);
    let names: Vec<&str> = board.candidates.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["d", "a", "b", "c"]);
    assert!(board.to_csv().ends_with("4,c,,0,false\n"));
}
