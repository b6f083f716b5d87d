//! `compare`: what is refused, what is warned of.

use std::fs;

use crate::support::{Desk, SMALL, SYNLEAD, holds};

/// A folder with `sales.csv`, a forecast of it, and `later.csv` with a quarter more.
fn desk() -> Desk {
    let desk = Desk::with(SMALL);
    desk.done(&["forecast", "sales.csv", "--model", SYNLEAD, "-o", "old.csv", "--quiet"]);
    desk.file("later.csv", format!("{SMALL}a,2021-02-03,20,12\nb,2021-03-31,6,3\n"));
    desk
}

#[test]
fn a_forecast_without_its_manifest_is_refused() {
    let desk = desk();
    fs::rename(desk.path("old.csv.run.json"), desk.path("elsewhere.json")).unwrap();
    let looked = "looked for `old.csv.run.json`";
    desk.refused(
        &["compare", "old.csv", "later.csv"],
        1,
        &["no run manifest beside `old.csv`", looked],
    );
    desk.refused(&["compare", "nothing.csv", "later.csv"], 1, &["`nothing.csv` cannot be read"]);
    // The same for the second one, which is no ledger.
    let desk = self::desk();
    fs::copy(desk.path("old.csv"), desk.path("new.csv")).unwrap();
    let parts = ["`new.csv` looks like a forecast", "looked for `new.csv.run.json`"];
    desk.refused(&["compare", "old.csv", "new.csv"], 1, &parts);
}

#[test]
fn a_manifest_of_another_version_is_refused_or_warned_of() {
    let desk = desk();
    let text = desk.text("old.csv.run.json");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&version));
    desk.file("old.csv.run.json", text.replacen(&version, "\"version\": \"0.0.9\"", 1));
    let outcome = desk.done(&["compare", "old.csv", "later.csv"]);
    holds(&outcome.stdout, &["warning: `old.csv` was written by version 0.0.9"]);
    let strict = desk.run(&["compare", "old.csv", "later.csv", "--strict"]);
    assert_eq!(strict.code, 1);
    desk.file("old.csv.run.json", r#"{"program": "clvcast", "version": "9.0.0"}"#);
    let parts = ["`old.csv.run.json` is not a run manifest of this version", "version 9.0.0"];
    desk.refused(&["compare", "old.csv", "later.csv"], 1, &parts);
}

#[test]
fn an_altered_forecast_is_warned_of() {
    let desk = desk();
    let text = desk.text("old.csv");
    let fewer: String = text.split_inclusive('\n').take(3).collect();
    desk.file("old.csv", fewer);
    let outcome = desk.done(&["compare", "old.csv", "later.csv", "--quiet"]);
    holds(&outcome.stderr, &["warning: `old.csv` has 2 customers, its manifest says 3"]);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn ids_that_changed_are_warned_of() {
    let desk = desk();
    desk.file("later.csv", desk.text("later.csv").replace("\na,", "\nA,"));
    let outcome = desk.done(&["compare", "old.csv", "later.csv", "--format", "csv"]);
    let parts =
        ["warning: 1 of 3 customers", "up to 2020-12-31 in the new data (a): have ids changed"];
    holds(&outcome.stderr, &parts);
    assert!(outcome.stdout.starts_with("segment,target,"));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let desk = desk();
    let parts = ["no period of the forecast is complete", "2021-Q1, ends on 2021-03-31"];
    desk.refused(&["compare", "old.csv", "sales.csv"], 1, &parts);
    desk.done(&[
        "forecast",
        "sales.csv",
        "--period",
        "month",
        "--frequency",
        "nbd",
        "--spend",
        "period",
        "-o",
        "month.csv",
        "--quiet",
    ]);
    let parts = ["the old forecast is by quarter, the new one by month"];
    desk.refused(&["compare", "old.csv", "month.csv"], 1, &parts);
    desk.done(&[
        "forecast",
        "sales.csv",
        "--model",
        SYNLEAD,
        "--currency",
        "EUR",
        "-o",
        "eur.csv",
        "--quiet",
    ]);
    let parts = ["the old forecast is in EUR, the new side in USD"];
    desk.refused(&["compare", "eur.csv", "later.csv", "--currency", "USD"], 1, &parts);
    desk.refused(&["compare", "old.csv", "missing.csv"], 1, &["missing.csv"]);
}

#[test]
fn arguments_that_do_not_fit_are_refused() {
    let desk = desk();
    desk.done(&["forecast", "later.csv", "--model", SYNLEAD, "-o", "new.csv", "--quiet"]);
    let two = ["compare", "old.csv", "new.csv", "later.csv"];
    desk.refused(&two, 2, &["`new.csv` is a forecast, and 1 more are named"]);
    let who = ["compare", "old.csv", "new.csv", "--customers-out", "who.csv"];
    desk.refused(&who, 2, &["`--customers-out`", "name transactions"]);
    let as_of = ["compare", "old.csv", "new.csv", "--as-of", "2021-03-31"];
    desk.refused(&as_of, 2, &["`--as-of`", "name transactions"]);
    let day = ["compare", "old.csv", "later.csv", "--as-of", "soon"];
    desk.refused(&day, 2, &["expected a date as YYYY-MM-DD"]);
    for (target, role) in [
        ("old.csv", "the old forecast"),
        ("later.csv", "its own input"),
        ("old.csv.run.json", "a manifest"),
    ] {
        let args = ["compare", "old.csv", "later.csv", "-o", target, "--format", "csv"];
        desk.refused(&args, 2, &[&format!("would replace {role}")]);
    }
    let same = ["compare", "old.csv", "later.csv", "-o", "x.csv", "--customers-out", "x.csv"];
    desk.refused(&same, 2, &["name one file"]);
    desk.refused(&["compare", "old.csv", "later.csv", "-o", "x.parquet"], 2, &["table, csv, json"]);
    desk.refused(&["compare", "old.csv", "later.csv", "-o", "no/x.csv"], 1, &["no/x.csv"]);
}
