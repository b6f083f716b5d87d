//! `inspect`: what a file holds, bad rows and all.

use serde_json::Value;

use crate::support::{Desk, SMALL, SUPERSTORE, holds};

#[test]
fn bad_rows_do_not_stop_it() {
    let desk = Desk::with(format!("{SMALL}d,never,1,0\ne,2020-01-01,x,0\n"));
    let outcome = desk.done(&["inspect", "sales.csv"]);
    let parts = [
        "8 read, 6 used, 2 left out",
        "1 bad-date",
        "1 bad-amount",
        "sales.csv:8: column `date` found `never`",
        "sales.csv:9: column `amount` found `x`",
        "Panel by quarter",
        "exactly 120.85",
    ];
    holds(&outcome.stdout, &parts);
    assert_eq!(desk.names(), ["sales.csv"]);
}

#[test]
fn its_json_holds_the_same_facts() {
    let outcome = Desk::new().done(&["inspect", SUPERSTORE, "--format", "json"]);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["rows_read"], 5009);
    assert_eq!(json["customers"], 793);
    assert_eq!(json["columns"]["amount"], "amount");
    assert_eq!(json["columns"]["expense"], Value::Null);
    // The sum of the file's amounts, as data/README.md's source adds up.
    assert_eq!(json["amount"], "2297200.8603");
    assert_eq!(json["panel"]["periods"], 16);
}

#[test]
fn data_that_make_no_panel_are_still_described() {
    let desk = Desk::with("customer,date,amount\na,2020-01-01,5\nb,2020-01-15,6\n");
    let outcome = desk.done(&["inspect", "sales.csv"]);
    holds(&outcome.stdout, &["Rows: 2 read", "No panel:", "--period 7d"]);
}

#[test]
fn the_rows_it_cannot_use_can_be_listed_without_another_option() {
    let desk = Desk::with(format!("{SMALL}d,never,1,0\n"));
    desk.done(&["inspect", "sales.csv", "--rejects", "bad.csv"]);
    assert_eq!(desk.table("bad.csv").text(0, "found"), "never");
    let args = ["inspect", "sales.csv", "--rejects", "sales.csv"];
    desk.refused(&args, 2, &["its own input"]);
}

#[test]
fn its_warnings_are_told_on_standard_error_and_fail_it_under_strict() {
    let desk = Desk::with(SMALL);
    let args = ["inspect", "sales.csv", "--as-of", "2025-12-31"];
    holds(&desk.done(&args).stderr, &["warning: the data end on 2020-12-31"]);
    let outcome = desk.run(&[&args[..], &["--strict"]].concat());
    assert_eq!(outcome.code, 1);
    holds(&outcome.stdout, &["Panel by quarter"]);
}

#[test]
fn wrong_arguments_stop_it() {
    let desk = Desk::with(SMALL);
    let args = ["inspect", "sales.csv", "--as-of", "2020-11-15"];
    desk.refused(&args, 2, &["2020-09-30 and 2020-12-31"]);
    desk.refused(&["inspect", "sales.csv", "--period", "era"], 2, &["`--period era`"]);
    desk.refused(&["inspect", "sales.csv", "--format", "csv"], 2, &["table, json"]);
    desk.refused(&["inspect", "no.csv"], 1, &["no.csv: no such file"]);
}
