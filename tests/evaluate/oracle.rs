//! The measures against a script that shares no formula with them.

use clvcast::evaluate::metrics::{
    YesNo, bias, captured, crps_of_counts, crps_of_draws, gini, interval_of_counts,
    interval_of_draws, log_score, mae, pit_of_counts, pit_of_draws, poisson_deviance, rmse,
    spearman, top,
};
use serde_json::Value;

/// Sums of some dozens of doubles, roots and logarithms: a few of their last digits.
const ROUNDING: f64 = 1e-13;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
}

#[track_caller]
fn agrees(record: &Value, name: &str, found: Option<f64>) {
    let Some(expected) = record["expected"].get(name) else { panic!("no {name} in {record}") };
    let expected: Option<f64> = expected.as_str().map(|text| text.parse().expect("a number"));
    let close = match (found, expected) {
        (Some(found), Some(expected)) => {
            (found - expected).abs() <= ROUNDING * expected.abs().max(1.0)
        }
        (found, expected) => found == expected,
    };
    assert!(close, "{name}: {found:?}, expected {expected:?} of {record}");
}

#[test]
fn every_measure_agrees_with_the_oracle() {
    let mut seen = 0;
    let lines = include_str!("../oracle/metrics.jsonl").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let record: Value = serde_json::from_str(line).expect("JSON");
        seen += 1;
        match record["kind"].as_str() {
            Some("table") => table(&record),
            Some("counts") => counts(&record),
            Some("draws") => draws(&record),
            kind => panic!("{kind:?}"),
        }
    }
    assert!(seen >= 60, "{seen} records");
}

fn table(record: &Value) {
    let (p, y) = (numbers(&record["predicted"]), numbers(&record["actual"]));
    agrees(record, "bias", bias(&p, &y));
    agrees(record, "mae", mae(&p, &y));
    agrees(record, "rmse", rmse(&p, &y));
    if record["expected"].get("poisson_deviance").is_some() {
        agrees(record, "poisson_deviance", poisson_deviance(&p, &y));
    }
    agrees(record, "top_decile", captured(&p, &y, 0.1));
    agrees(record, "gini", gini(&p, &y));
    agrees(record, "spearman", spearman(&p, &y));
    let best = YesNo::new(&top(&p, 0.2), &top(&y, 0.2));
    agrees(record, "top_fifth_error_rate", best.error_rate());
    agrees(record, "top_fifth_miss_rate", best.miss_rate());
}

fn counts(record: &Value) {
    let pmf = numbers(&record["pmf"]);
    let y = usize::try_from(record["y"].as_u64().expect("a count")).expect("a small count");
    let v = record["v"].as_f64().expect("a number");
    agrees(record, "crps", Some(crps_of_counts(&pmf, y)));
    // What has no probability has a score, too, by convention.
    if record["expected"]["log_score"].is_string() {
        agrees(record, "log_score", Some(log_score(&pmf, y)));
    }
    let interval = interval_of_counts(&pmf, 0.9);
    agrees(record, "lower", Some(interval.lower));
    agrees(record, "upper", Some(interval.upper));
    agrees(record, "pit", Some(pit_of_counts(&pmf, y, v)));
}

fn draws(record: &Value) {
    let mut draws = numbers(&record["draws"]);
    let (y, v) = (record["y"].as_f64().expect("a number"), record["v"].as_f64().expect("a number"));
    agrees(record, "pit", Some(pit_of_draws(&draws, y, v)));
    let interval = interval_of_draws(&mut draws, 0.9).expect("draws");
    agrees(record, "lower", Some(interval.lower));
    agrees(record, "upper", Some(interval.upper));
    draws.sort_by(f64::total_cmp);
    agrees(record, "crps", Some(crps_of_draws(&draws, y)));
}
