//! `forecast --quantiles`: columns, manifest, summary and what is refused.

use crate::support::{Desk, SMALL, SUPERSTORE, SYNLEAD};

#[test]
fn every_target_and_period_has_its_quantiles_in_order() {
    let desk = Desk::new();
    let table = desk.forecast(&[SUPERSTORE, "--quantiles", "0.5,0.05,0.025", "--draws", "200"]);
    for row in (0..table.rows.len()).step_by(50) {
        for target in ["purchases", "amount", "gross_profit"] {
            for window in ["1", "2", "3", "total"] {
                let of = |suffix: &str| {
                    table.number(row, &format!("{target}_{window}_{suffix}")).unwrap()
                };
                assert!(of("p025") <= of("p05") && of("p05") <= of("p50"));
            }
        }
        assert_eq!(table.number(row, "purchases_1_p50").unwrap().fract(), 0.0); // a count
    }
}

#[test]
fn bare_quantiles_are_5_50_and_95_percent_and_every_layout_and_format_has_them() {
    let desk = Desk::new();
    let wide = desk.forecast(&[SUPERSTORE, "--draws", "100", "--quantiles"]);
    let columns = "customer,h,amount_p95,gross_profit_total_p05";
    let long = desk.forecast(&[
        SUPERSTORE,
        "--draws",
        "100",
        "--quantiles",
        "--layout",
        "long",
        "--columns",
        columns,
    ]);
    assert_eq!(wide.number(0, "amount_2_p95"), long.number(1, "amount_p95"));
    let total = wide.number(0, "gross_profit_total_p05");
    assert_eq!(total, long.number(2, "gross_profit_total_p05"));
    let args = ["forecast", SUPERSTORE, "--draws", "100", "--quantiles", "-q"];
    desk.done(&[&args[..], &["-o", "out.json"]].concat());
    let json = desk.json("out.json");
    assert_eq!(json[0]["amount_2_p95"].as_f64(), wide.number(0, "amount_2_p95"));
    desk.done(&[&args[..], &["-o", "out.parquet"]].concat());
}

#[test]
fn a_subset_has_the_numbers_of_the_whole_and_a_seed_its_own() {
    let desk = Desk::new();
    desk.file("some.txt", "AA-10315\nZD-21925\n");
    let args = [SUPERSTORE, "--draws", "100", "--quantiles", "0.95"];
    let whole = desk.forecast(&args);
    let some = desk.forecast(&[&args[..], &["--customers", "some.txt"]].concat());
    let last = whole.rows.len() - 1;
    for (row, of_whole) in [(0, 0), (1, last)] {
        for name in ["amount_total_p95", "gross_profit_1_p95"] {
            assert_eq!(some.number(row, name), whole.number(of_whole, name));
        }
    }
    let other = desk.forecast(&[&args[..], &["--seed", "2"]].concat());
    let column = |table: &crate::table::Table| -> Vec<_> {
        (0..table.rows.len()).map(|row| table.number(row, "amount_total_p95")).collect()
    };
    assert_ne!(column(&other), column(&whole));
}

#[test]
fn the_manifest_says_what_was_drawn_and_how_exactly() {
    let desk = Desk::new();
    desk.forecast(&[SUPERSTORE, "--quantiles", "0.1,0.9", "--draws", "200", "--seed", "5"]);
    let intervals = &desk.json("out.csv.run.json")["intervals"];
    assert_eq!(intervals["quantiles"], serde_json::json!([0.1, 0.9]));
    assert_eq!((&intervals["draws"], &intervals["sets"]), (&200.into(), &20.into()));
    assert_eq!(intervals["seed"], 5);
    assert_eq!(intervals["parameter_uncertainty"], "information");
    let total = &intervals["totals"]["gross_profit"][3];
    assert_eq!(total["period"], "total");
    // Those asked for, and those of the summary.
    let levels: Vec<f64> = total["quantiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bound| bound["level"].as_f64().unwrap())
        .collect();
    assert_eq!(levels, [0.05, 0.1, 0.9, 0.95]);
    assert!(total["quantiles"][0]["monte_carlo_error"].as_f64().unwrap() > 0.0);
    assert_eq!(intervals["segments"][1]["segment"], "Corporate");
    assert_eq!(intervals["segments"][1]["purchases"][0]["period"], "2018-Q1");
    assert_eq!(desk.json("out.csv.run.json")["seed"], 5);
}

#[test]
fn the_summary_of_a_small_base_has_the_totals_without_being_asked() {
    let desk = Desk::new();
    let outcome = desk.done(&["forecast", SUPERSTORE]);
    assert!(outcome.stdout.contains("90 % of outcomes"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("a wrong model or customers yet to come"));
    assert!(outcome.stdout.contains("under 100 set(s) of parameters, seed 1"));
    assert!(!outcome.stdout.contains("total Corporate"));
    let asked = desk.done(&["forecast", SUPERSTORE, "--quantiles"]);
    assert!(asked.stdout.contains("total Corporate"));
    let by_hand = desk.done(&["forecast", SUPERSTORE, "--model", SYNLEAD, "--draws", "100"]);
    let unknown = "the uncertainty of the parameters, of which the model says nothing";
    assert!(by_hand.stdout.contains(unknown), "{}", by_hand.stdout);
    // Scores have no intervals.
    let point = desk.done(&["forecast", SUPERSTORE, "--method", "point"]);
    assert!(!point.stdout.contains("90 % of outcomes"));
}

#[test]
fn a_bootstrap_is_said_to_be_one() {
    let desk = Desk::new();
    desk.forecast(&[SUPERSTORE, "--bootstrap", "20", "--draws", "100"]);
    let intervals = &desk.json("out.csv.run.json")["intervals"];
    assert_eq!(intervals["parameter_uncertainty"], "bootstrap");
    assert_eq!(intervals["sets"], 20);
}

#[test]
fn levels_that_are_none_are_refused() {
    let desk = Desk::with(SMALL);
    let between = "strictly between 0 and 1, such as 0.05,0.5,0.95";
    for bad in ["0", "1", "1.5", "-0.1", "0.05,1", "NaN", "inf"] {
        desk.refuses(&["sales.csv", &format!("--quantiles={bad}")], 2, &["--quantiles", between]);
    }
    for bad in ["", "a", "0.05,,0.5", "5%"] {
        desk.refuses(&["sales.csv", &format!("--quantiles={bad}")], 2, &[between]);
    }
    desk.refuses(&["--quantiles", "sales.csv"], 2, &["put the files first"]);
    let many: Vec<String> = (1..=21).map(|k| format!("{}", f64::from(k) / 100.0)).collect();
    let many = many.join(",");
    desk.refuses(&["sales.csv", "--quantiles", &many], 2, &["found 21 levels", "at most 20"]);
    desk.refuses(&["sales.csv", "--draws", "99"], 2, &["--draws"]);
    desk.refuses(&["sales.csv", "--bootstrap", "19"], 2, &["--bootstrap"]);
}

#[test]
fn a_score_has_no_quantiles() {
    let desk = Desk::with(SMALL);
    for option in [&["--quantiles", "0.5"][..], &["--bootstrap", "20"], &["--seed", "2"]] {
        let args = [&["sales.csv", "--method", "point"], option].concat();
        desk.refuses(&args, 2, &[option[0], "scores of potential", "--method posterior"]);
    }
}

#[test]
fn a_column_of_quantiles_needs_quantiles() {
    let desk = Desk::with(SMALL);
    desk.refuses(&["sales.csv", "--columns", "customer,amount_1_p05"], 2, &["amount_1_p05"]);
}
