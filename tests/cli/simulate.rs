//! `simulate`: a ledger with known truth.

use crate::support::{Desk, SYNLEAD, holds};
use crate::table::Table;

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let desk = Desk::new();
    let made = |name: &str, seed: &str| {
        desk.done(&["simulate", "--customers", "50", "--seed", seed, "-o", name]);
        (desk.text(name), desk.text(&format!("{name}.truth.json")))
    };
    assert_eq!(made("a.csv", "7"), made("b.csv", "7"));
    assert_ne!(made("a.csv", "7").0, made("c.csv", "8").0);
}

#[test]
fn standard_output_holds_the_ledger_only() {
    let desk = Desk::new();
    let args = ["simulate", "--customers", "20", "--margin", "0.3", "--expense-rate", "0.05"];
    let outcome = desk.done(&[&args[..], &["--segments"]].concat());
    let table = Table::parse(&outcome.stdout);
    assert_eq!(table.header, ["customer", "date", "amount", "cost", "expense", "segment"]);
    holds(&outcome.stderr, &["20 customers"]);
    assert!(desk.names().is_empty());
}

#[test]
fn the_truth_holds_parameters_and_the_rates_of_every_customer() {
    let desk = Desk::new();
    desk.done(&["simulate", "--customers", "30", "--model", SYNLEAD, "-o", "s.csv"]);
    let truth = desk.json("s.csv.truth.json");
    let text = truth.to_string();
    holds(&text, &["1.84", "2.67", "8.57", "1.53", "3224.15"]);
    let customers = truth["customers"].as_array().expect("one entry per customer");
    assert_eq!(customers.len(), 30);
}

#[test]
fn a_simulated_ledger_can_be_forecast() {
    let desk = Desk::new();
    desk.done(&["simulate", "--customers", "200", "--margin", "0.3", "-o", "s.csv"]);
    let table = desk.forecast(&["s.csv"]);
    table.is_finite();
    assert!(table.sum("gross_profit_total") > 0.0);
}

#[test]
fn customers_leave_by_the_model_that_was_asked_for() {
    let desk = Desk::new();
    for (model, key) in [("bg-nbd", "p"), ("mbg-nbd", "p"), ("pareto-nbd", "mu"), ("pdo", "theta")]
    {
        desk.done(&["simulate", "--customers", "60", "--frequency", model, "-o", "s.csv"]);
        let truth = desk.json("s.csv.truth.json");
        assert_eq!(truth["frequency"]["model"], model);
        let customers = truth["customers"].as_array().expect("one entry per customer");
        assert!(customers.iter().all(|customer| customer[key].is_f64()), "{model}");
        // A third and more have left after two years at CDNOW's rates of leaving.
        let left = customers.iter().filter(|customer| customer["left"].is_string()).count();
        assert!((20..60).contains(&left), "{model}: {left}");
    }
}

#[test]
fn seasons_and_growth_come_from_the_options_or_from_the_model() {
    let desk = Desk::new();
    let options = ["simulate", "--customers", "300", "--seasonal", "--growth", "0.2"];
    desk.done(&[&options[..], &["-o", "s.csv"]].concat());
    let rows = |name: &str, quarter: [&str; 3]| {
        let text = desk.text(name);
        let months = quarter.map(|month| format!(",2023-{month}-"));
        text.lines().filter(|line| months.iter().any(|month| line.contains(month))).count()
    };
    let (first, fourth) = (rows("s.csv", ["01", "02", "03"]), rows("s.csv", ["10", "11", "12"]));
    // 3 times as many and growth, of 300 customers with 0.7 and 2.3 purchases a quarter.
    assert!(fourth * 10 > first * 27 && fourth * 10 < first * 42, "{first} {fourth}");
    let truth = desk.json("s.csv.truth.json");
    assert!(truth["calendar"].is_object());
    desk.file(
        "m.json",
        r#"{"format": "clvcast-model", "version": 1, "period": "quarter",
            "frequency": {"model": "pdo", "r": 2, "alpha": 1.5, "a": 0.6, "b": 11, "tau": "7d"},
            "monetary": null, "states": {"max_frequency": 3}}"#,
    );
    desk.done(&["simulate", "--customers", "60", "--model", "m.json", "-o", "t.csv"]);
    assert_eq!(desk.json("t.csv.truth.json")["frequency"]["tau"], "7d");
}

#[test]
fn impossible_scenarios_are_refused() {
    let desk = Desk::new();
    let refused = |args: &[&str], parts: &[&str]| {
        desk.refused(&[&["simulate", "--customers", "5"], args].concat(), 2, parts);
    };
    refused(&["--last-day", "2023-11-11"], &["`--last-day 2023-11-11`", "2023-09-30"]);
    refused(&["--margin", "4"], &["margin", "0.35"]);
    refused(&["--periods", "0"], &["--periods"]);
    refused(&["--acquisition-periods", "99"], &["acquisition", "1 to 12"]);
    refused(&["--model", SYNLEAD, "--period", "month"], &["`--period month`", "quarter"]);
    refused(&["--growth", "-1"], &["`--growth -1`", "0.2"]);
    refused(&["--model", SYNLEAD, "--frequency", "pdo"], &["--frequency", "--model"]);
    refused(&["--periods", "9999"], &["1900-01-01 to 2100-12-31"]);
    desk.refused(&["simulate", "--customers", "0"], 2, &["--customers"]);
}
