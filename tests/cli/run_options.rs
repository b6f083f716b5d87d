//! `--quiet`, `--strict`, `--lenient` with `--rejects`, and who speaks where.

use crate::support::{Desk, SMALL, holds};

/// One bad row among good ones.
fn with_a_bad_row() -> Desk {
    Desk::with(format!("{SMALL}c,2020-07-01,\"1,200\",5\nd,,3,1\n"))
}

#[test]
fn the_summary_goes_to_standard_output_or_beside_a_file_to_standard_error() {
    let desk = Desk::with(SMALL);
    let alone = desk.done(&["forecast", "sales.csv"]);
    assert_eq!(alone.stderr, "");
    let beside = desk.done(&["forecast", "sales.csv", "-o", "out.csv"]);
    assert_eq!(beside.stdout, "");
    assert_eq!(beside.stderr, alone.stdout);
}

#[test]
fn the_summary_says_what_was_read_fitted_and_forecast() {
    let desk = with_a_bad_row();
    let text = desk.done(&["forecast", "sales.csv", "--lenient", "--currency", "EUR"]).stdout;
    let parts = [
        "Read 8 rows of sales.csv: 6 used, 2 left out",
        "Columns: customer from `customer`, date from `date`, amount from `amount`, cost from `cost`",
        "3 customers made 6 purchases worth EUR 120.85",
        "Model.",
        "2020-Q4",
        "2021-Q1 forecast",
        "forecast total",
        "existing customers only",
        "most valuable customers",
        "--margin-rule pooled",
        "Warnings",
    ];
    holds(&text, &parts);
}

#[test]
fn quiet_leaves_warnings_only() {
    let desk = Desk::with(SMALL);
    let outcome = desk.done(&["forecast", "sales.csv", "--quiet", "-o", "out.csv"]);
    assert_eq!(outcome.stdout, "");
    assert!(outcome.stderr.lines().all(|line| line.starts_with("warning: ")), "{}", outcome.stderr);
    assert_eq!(desk.done(&["forecast", "sales.csv", "--quiet"]).stdout, "");
}

#[test]
fn strict_completes_the_output_and_exits_1_on_a_warning() {
    let desk = Desk::with("customer,date,amount\na,2020-01-05,1\na,2020-12-31,2\nb,2020-04-01,3\n");
    let args = ["forecast", "sales.csv", "--quiet", "-o", "out.csv"];
    desk.done(&args);
    let lax = desk.bytes("out.csv");
    let outcome = desk.run(&[&args[..], &["--strict"]].concat());
    assert_eq!(outcome.code, 1);
    holds(&outcome.stderr, &["warning: ", "no cost column", "`--strict`", "output is complete"]);
    assert_eq!(desk.bytes("out.csv"), lax);
}

#[test]
fn lenient_leaves_bad_rows_out_counts_and_lists_them() {
    let desk = with_a_bad_row();
    desk.refuses(&["sales.csv"], 1, &["2 rows cannot be used", "sales.csv:8", "sales.csv:9"]);
    let table = desk.forecast(&["sales.csv", "--lenient", "--rejects", "bad.csv"]);
    let rejects = desk.table("bad.csv");
    assert_eq!(rejects.header, ["file", "line", "reason", "column", "found", "expected"]);
    let shown: Vec<_> = (0..2)
        .map(|row| ["line", "reason", "found"].map(|name| rejects.text(row, name).to_owned()))
        .collect();
    assert_eq!(shown, [["8", "bad-amount", "1,200"], ["9", "bad-date", ""]]);
    let clean = Desk::with(SMALL);
    assert_eq!(table, clean.forecast(&["sales.csv"]));
}

#[test]
fn lenient_with_nothing_left_is_refused() {
    let desk = Desk::with("customer,date,amount\na,never,1\nb,never,2\n");
    desk.refuses(&["sales.csv", "--lenient"], 1, &["no row is left to use", "sales.csv:2"]);
}

#[test]
fn no_progress_bar_is_drawn_for_a_pipe() {
    let desk = Desk::with(SMALL);
    let outcome = desk.done(&["forecast", "sales.csv"]);
    assert!(!outcome.stderr.contains('\u{1b}') && !outcome.stdout.contains('\u{1b}'));
}
