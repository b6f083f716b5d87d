//! `clvcast backtest`: what is printed, written and refused.

use crate::support::{CDNOW, Desk, SUPERSTORE, holds};
use crate::table::Table;

/// A run that takes a second: one model, no calendar.
const QUICK: [&str; 4] = ["--only", "nbd,none", "--draws", "50"];

fn backtest<'a>(file: &'a str, args: &[&'a str]) -> Vec<&'a str> {
    [&["backtest", file], &QUICK[..], args].concat()
}

#[test]
fn the_table_ranks_models_and_baselines_and_names_the_best() {
    let outcome = Desk::new().done(&backtest(SUPERSTORE, &["--holdout", "3"]));
    let parts = [
        "3 quarters held back, up to 2017-12-31",
        "posterior",
        "chain",
        "point",
        "last-periods",
        "year-ago",
        "own-mean",
        "growth",
        "profit bias",
        "2017-03-31  13 periods        785  2017-Q2 to 2017-Q4                             8",
        "auto would have taken nbd, no calendar, ",
        "a missing deviance is infinite",
    ];
    holds(&outcome.stdout, &parts);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn json_and_csv_hold_the_same_scores_under_the_documented_names() {
    let desk = Desk::new();
    let outcome = desk.done(&backtest(SUPERSTORE, &["-o", "scores.json"]));
    assert_eq!(outcome.stdout, "");
    holds(&outcome.stderr, &["auto takes nbd"]);
    let outcome = desk.done(&backtest(SUPERSTORE, &["-o", "scores.csv", "--quiet"]));
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    let json = desk.json("scores.json");
    assert_eq!(json["as_of"][0], "2017-03-31");
    assert_eq!((&json["holdout"], &json["customers"]), (&3.into(), &785.into()));
    let scores = json["scores"].as_array().unwrap();
    // Three methods and four baselines, three targets, three periods and their total.
    assert_eq!(scores.len(), 7 * 3 * 4);
    let names: Vec<&str> = scores[0].as_object().unwrap().keys().map(String::as_str).collect();
    let contract = [
        "origin",
        "frequency",
        "calendar",
        "method",
        "target",
        "period",
        "actual",
        "predicted",
        "bias",
        "mae",
        "rmse",
    ];
    assert_eq!(names[..contract.len()], contract);
    let periods: Vec<&serde_json::Value> = scores[..4].iter().map(|s| &s["period"]).collect();
    assert_eq!(periods, [&1.into(), &2.into(), &3.into(), &serde_json::json!("total")]);
    for key in ["frequency", "calendar", "method", "why"] {
        assert!(json["chosen"][key].is_string(), "{key}");
    }
    let csv = Table::parse(&desk.text("scores.csv"));
    assert_eq!(csv.rows.len(), scores.len());
    for (row, score) in scores.iter().enumerate() {
        for name in ["actual", "predicted", "bias", "rmse", "gini", "crps", "poisson_deviance"] {
            assert_eq!(csv.number(row, name), score[name].as_f64(), "{name} in row {row}");
        }
        assert_eq!(csv.number(row, "pit_10"), score["pit"][9].as_f64());
    }
}

#[test]
fn the_scores_do_not_depend_on_threads_or_on_the_order_of_rows() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(SUPERSTORE).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    desk.file("reversed.csv", format!("{header}\n{}\n", rows.join("\n")));
    let run = |file: &str, threads: &str| {
        let args = ["--origins", "2", "--threads", threads, "-o", "s.json", "-q"];
        desk.done(&backtest(file, &args));
        desk.text("s.json")
    };
    let one = run(SUPERSTORE, "1");
    assert_eq!(one, run(SUPERSTORE, "4"));
    assert_eq!(one, run("reversed.csv", "3"));
}

#[test]
fn an_origin_that_fails_is_reported_and_the_others_go_on() {
    let outcome = Desk::new().done(&backtest(SUPERSTORE, &["--origins", "14"]));
    holds(
        &outcome.stdout,
        &[
            "2014-03-31 all: the history up to then has 1 period(s), expected at least 2",
            "2014-06-30  2 periods",
            "growth: needs 8 periods of history, found 7",
            "what was not scored from every origin stands last",
        ],
    );
}

#[test]
fn a_fit_that_fails_is_a_line_with_its_reason() {
    // Nobody came back before the second origin's date.
    let rows = "customer,date,amount\na,2020-01-05,5\nb,2020-05-01,6\na,2020-08-01,6\n\
                b,2020-11-01,6\na,2021-02-01,7\n";
    let desk = Desk::with(rows);
    let args =
        ["backtest", "sales.csv", "--holdout", "1", "--origins", "3", "--as-of", "2021-03-31"];
    let outcome = desk.done(&args);
    holds(&outcome.stdout, &["2020-06-30 nbd, no calendar, posterior: found no repeat purchase"]);
    holds(&outcome.stdout, &["no cost column and no margin: gross profit is not scored"]);
}

#[test]
fn customers_first_seen_later_are_counted_apart() {
    let rows = "customer,date,amount\na,2020-01-05,5\nb,2020-02-01,6\na,2020-05-01,6\n\
                b,2020-06-01,6\na,2020-08-01,7\nnew,2020-09-01,100\nnew,2020-09-02,50\n";
    let desk = Desk::with(rows);
    let args = [
        "backtest",
        "sales.csv",
        "--as-of",
        "2020-09-30",
        "--holdout",
        "1",
        "--margin",
        "0.4",
        "-o",
        "s.json",
        "-q",
    ];
    desk.done(&[&args[..], &QUICK].concat());
    let json = desk.json("s.json");
    let seen = &json["origins"][0]["first_seen"];
    assert_eq!((&seen["customers"], &seen["amount"][0]), (&1.into(), &150.0.into()));
    assert_eq!(seen["gross_profit"][0], 60.0);
    assert_eq!(json["customers"], 2);
    assert_eq!(json["scores"][0]["actual"], 1.0);
    assert!(json["notes"].to_string().contains("amount × 0.4 − expense"));
}

#[test]
fn a_period_without_purchases_and_a_constant_base_have_numbers_or_null() {
    let mut rows = String::from("customer,date,amount\n");
    for customer in ["a", "b", "c", "d"] {
        for day in ["2020-01-05", "2020-04-05", "2020-07-05", "2020-10-05"] {
            rows.push_str(&format!("{customer},{day},10\n"));
        }
    }
    // Two quarters of silence; somebody else keeps the data going.
    rows.push_str("e,2020-02-01,10\ne,2020-05-01,20\ne,2021-06-30,10\n");
    let desk = Desk::with(&rows);
    desk.done(&["backtest", "sales.csv", "--holdout", "1", "--origins", "4", "-o", "s.json", "-q"]);
    let text = desk.text("s.json");
    assert!(!text.contains("NaN") && !text.contains("inf"));
    let json = desk.json("s.json");
    let silent = |score: &&serde_json::Value| score["actual"] == 0.0;
    let scores = json["scores"].as_array().unwrap();
    let silent: Vec<_> = scores.iter().filter(silent).collect();
    assert!(!silent.is_empty());
    for score in silent {
        assert!(score["bias"].is_null() && score["rmse"].is_number(), "{score}");
    }
}

#[test]
fn too_few_periods_say_how_many_are_needed() {
    let desk = Desk::new();
    let refused = |args: &[&str], parts: &[&str]| {
        desk.refused(&backtest(SUPERSTORE, args), 1, parts);
    };
    let needed = ["needs 17 periods of history (quarter), found 16", "shorter `--holdout`"];
    refused(&["--holdout", "15"], &needed);
    refused(&["--holdout", "40"], &["holding back 40 period(s) needs 42 periods", "found 16"]);
    refused(
        &["--period", "year", "--holdout", "3"],
        &["needs 5 periods of history (year), found 4"],
    );
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let desk = Desk::new();
    let refused = |args: &[&str], parts: &[&str]| {
        desk.refused(&[&["backtest", SUPERSTORE], args].concat(), 2, parts);
    };
    refused(
        &["--only", "nbd,foo"],
        &["`--only foo`: expected names of nbd, bg-nbd", "season+trend"],
    );
    refused(&["--only", "pdo,chain"], &["point and chain exist for nbd only"]);
    refused(&["--only", "pdo", "--clock", "panel"], &["only nbd can be fitted"]);
    refused(&["--level", "1"], &["`--level 1`: expected a share above 0 and below 1"]);
    refused(&["--level", "0"], &["`--level 0`"]);
    refused(&["--margin", "2"], &["`--margin 2`"]);
    refused(&["--tau", "soon"], &["`--tau soon`"]);
    refused(&["--format", "parquet"], &["possible values: table, csv, json"]);
    refused(&["-o", "scores.xlsx"], &["its extension names no format"]);
    refused(&["--as-of", "2017-12-30"], &["2017-12-30 is not the last day of a quarter"]);
    for args in [["--holdout", "0"], ["--origins", "0"], ["--draws", "1"]] {
        assert_eq!(desk.run(&[&["backtest", SUPERSTORE], &args[..]].concat()).code, 2);
    }
}

#[test]
fn the_panel_clock_leaves_nbd() {
    let args = ["backtest", CDNOW, "--clock", "panel", "--period", "91d", "--as-of", "1998-06-30"];
    let outcome = Desk::new().done(&[&args[..], &["--draws", "50"]].concat());
    holds(&outcome.stdout, &["nbd", "posterior"]);
    assert!(!outcome.stdout.contains("pdo"), "{}", outcome.stdout);
}

#[test]
fn a_ledger_without_amounts_is_scored_on_purchases() {
    let desk = Desk::new();
    desk.done(&backtest(CDNOW, &["--amount", "none", "--period", "91d", "-o", "s.json", "-q"]));
    let json = desk.json("s.json");
    let scores = json["scores"].as_array().unwrap();
    assert!(scores.iter().all(|score| score["target"] == "purchases"));
    assert!(json["origins"][0]["first_seen"]["amount"].is_null());
}
