//! `--plots DIR`: files, notes and refusals.

use std::fs;

use crate::support::{CDNOW, Desk, SMALL, SUPERSTORE, SYNLEAD, holds};

/// Names in a folder of the desk, in order.
fn names(desk: &Desk, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(desk.path(folder)).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Three files each.
fn files(pictures: &[&str]) -> Vec<String> {
    let of = |name: &&str| ["csv", "png", "svg"].map(|extension| format!("{name}.{extension}"));
    let mut files: Vec<String> = pictures.iter().flat_map(of).collect();
    files.sort();
    files
}

#[test]
fn a_forecast_draws_what_applies_and_names_what_does_not() {
    let desk = Desk::new();
    let forecast = ["forecast", SUPERSTORE, "--model", SYNLEAD, "-o", "out.csv"];
    let outcome = desk.done(&[&forecast[..], &["--plots", "new/pictures"]].concat());
    let drawn = ["tracking", "frequency-histogram", "rate-heatmap", "spend-density", "migration"];
    assert_eq!(names(&desk, "new/pictures"), files(&drawn));
    let note = "5 picture(s) written to `new/pictures`; pictures left out: alive-heatmap (under this \
                model customers never leave); calendar (the model has no calendar)";
    holds(&outcome.stderr, &[note]);
    // The forecast of the picture is that of the file.
    let tracking = desk.table("new/pictures/tracking.csv");
    let forecast = desk.table("out.csv");
    let expected = tracking.number(16, "expected").expect("a coming period");
    assert_eq!(forecast.sum("purchases_1"), expected); // the same numbers, added in the same order
    let interval = (tracking.number(16, "p05"), tracking.number(16, "p95"));
    assert!(interval.0 < Some(expected) && Some(expected) < interval.1, "{interval:?}");
}

#[test]
fn a_fit_draws_too_and_quiet_says_nothing() {
    let desk = Desk::new();
    let fit = ["fit", CDNOW, "--period", "7d", "--as-of", "1997-09-30", "--frequency", "bg-nbd"];
    let outcome = desk.done(&[&fit[..], &["-q", "-o", "m.json", "--plots", "p"]].concat());
    let drawn = [
        "tracking",
        "frequency-histogram",
        "rate-heatmap",
        "alive-heatmap",
        "spend-density",
        "migration",
    ];
    assert_eq!(names(&desk, "p"), files(&drawn));
    assert!(!outcome.stderr.contains("picture"), "{}", outcome.stderr);
}

#[test]
fn a_backtest_draws_the_chosen_candidate_and_the_leaderboard() {
    let desk = Desk::new();
    let only = ["--only", "nbd,season+trend,posterior"];
    let backtest = ["backtest", SUPERSTORE, "-o", "scores.csv", "--plots", "p"];
    desk.done(&[&backtest[..], &only].concat());
    let drawn = [
        "tracking",
        "frequency-histogram",
        "expectation-by-frequency",
        "expectation-by-recency",
        "rate-heatmap",
        "spend-density",
        "calendar",
        "migration",
        "calibration",
        "leaderboard",
    ];
    assert_eq!(names(&desk, "p"), files(&drawn));
    // Held-out purchases by class are those of the scores.
    let scores = desk.table("scores.csv");
    let classes = desk.table("p/expectation-by-frequency.csv");
    let of_class = |row: usize| {
        classes.number(row, "customers").unwrap() * classes.number(row, "mean_actual").unwrap()
    };
    let in_classes: f64 = (0..classes.rows.len()).map(of_class).sum();
    let of_total = |&row: &usize| {
        (scores.text(row, "target"), scores.text(row, "period")) == ("purchases", "total")
    };
    let total = (0..scores.rows.len()).find(of_total).expect("a score");
    let actual = scores.number(total, "actual").expect("purchases");
    assert!((in_classes / actual - 1.0).abs() < 1e-9); // means of a dozen classes times their sizes
    let board = desk.text("p/leaderboard.csv");
    holds(&board, &["1,\"nbd, season+trend, posterior\",", ",true\n", "own-mean"]);
}

#[test]
fn the_same_pictures_on_one_thread_and_on_two() {
    let desk = Desk::new();
    for threads in ["1", "2"] {
        let model = ["--model", SYNLEAD, "--threads", threads, "--plots", threads];
        desk.done(&[&["forecast", SUPERSTORE, "-q", "-o", "out.csv"], &model[..]].concat());
    }
    for name in names(&desk, "1") {
        let [one, two] = ["1", "2"].map(|folder| desk.bytes(&format!("{folder}/{name}")));
        assert!(one == two, "{name}");
    }
}

#[test]
fn a_folder_that_is_a_file_is_refused_before_the_work() {
    let desk = Desk::with(SMALL);
    desk.file("p", "a file\n");
    // The input is missing: were it read first, the message would be about it.
    for command in ["fit", "forecast", "backtest"] {
        let parts = ["pictures cannot be written into `p`", "a file stands there"];
        desk.refused(&[command, "missing.csv", "--plots", "p"], 1, &parts);
    }
    assert_eq!(desk.text("p"), "a file\n");
    let parts = ["pictures cannot be written into `p/q`", "choose another folder"];
    desk.refused(&["forecast", "sales.csv", "--plots", "p/q"], 1, &parts);
}

#[test]
fn a_run_that_fails_leaves_no_folder() {
    let desk = Desk::with(SMALL);
    desk.refused(&["forecast", "missing.csv", "--plots", "p"], 1, &["missing.csv"]);
}

#[test]
fn pictures_never_replace_what_is_read() {
    let desk = Desk::with(SMALL);
    desk.file("calendar.csv", "period,factor\n2021-Q1,2\n");
    let args = ["forecast", "sales.csv", "--calendar", "calendar.csv", "--plots", "."];
    desk.refused(&args, 2, &["would replace the calendar file"]);
}
