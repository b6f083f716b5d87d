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
    refused(&["--periods", "9999"], &["1900-01-01 to 2100-12-31"]);
    desk.refused(&["simulate", "--customers", "0"], 2, &["--customers"]);
}
