//! Season, trend and known factors: estimated, saved, shown, and felt by the forecast.

use std::fmt::Write;

use serde_json::Value;

use crate::support::{CDNOW, Desk, SUPERSTORE, holds};
use crate::table::Table;

/// Sum of a column, near another's.
#[track_caller]
fn near(table: &Table, column: &str, expected: f64) {
    let sum = table.sum(column);
    assert!((sum / expected - 1.0).abs() < 1e-9, "{column}: {sum}, expected {expected}");
}

#[test]
fn a_saved_calendar_forecasts_the_same_bytes_as_a_fit_in_the_run() {
    let desk = Desk::new();
    desk.done(&[
        "simulate",
        "--customers",
        "200",
        "--frequency",
        "pdo",
        "--seasonal",
        "--growth",
        "0.2",
        "-o",
        "s.csv",
    ]);
    desk.file("cal.csv", "period,factor\n2022-Q2,0.7\n2024-Q1,1.3\n");
    let runs = [
        (&["nbd", "bg-nbd", "pdo"][..], &["--season", "harmonics", "--trend", "linear"][..]),
        (
            &["mbg-nbd", "pareto-nbd"],
            &["--season", "quarter", "--trend", "damped", "--damping", "0.8"],
        ),
        (&["nbd", "pdo"], &["--season", "month", "--trend", "auto"]),
        (&["nbd"], &["--season", "week"]),
        (&["bg-nbd", "pdo"], &["--season", "auto", "--calendar", "cal.csv"]),
        (&["nbd", "bg-nbd", "mbg-nbd", "pareto-nbd", "pdo"], &["--calendar", "cal.csv"]),
    ];
    for (models, calendar) in runs {
        for model in models {
            let options = [&["s.csv", "--frequency", model], calendar].concat();
            desk.forecast(&options);
            let direct = desk.bytes("out.csv");
            desk.table("out.csv").is_finite();
            desk.done(&[&["fit"], &options[..], &["-q", "-o", "m.json"]].concat());
            desk.forecast(&["s.csv", "--model", "m.json"]);
            assert!(desk.bytes("out.csv") == direct, "{model} {calendar:?}");
            let file = desk.json("m.json");
            assert!(file["calendar"].is_object(), "{model} {calendar:?}");
            assert_eq!(desk.json("out.csv.run.json")["model"]["file"], file);
        }
    }
}

#[test]
fn every_model_of_a_base_in_which_nobody_leaves_can_be_saved() {
    let desk = Desk::new();
    for model in ["bg-nbd", "mbg-nbd", "pareto-nbd", "pdo"] {
        let options = [SUPERSTORE, "--frequency", model, "--season", "quarter"];
        desk.forecast(&options);
        let direct = desk.bytes("out.csv");
        desk.done(&[&["fit"], &options[..], &["-q", "-o", "m.json"]].concat());
        desk.forecast(&[SUPERSTORE, "--model", "m.json"]);
        assert!(desk.bytes("out.csv") == direct, "{model}");
    }
}

#[test]
fn a_calendar_has_the_keys_of_its_contract() {
    let desk = Desk::new();
    let fit = |options: &[&str]| {
        desk.done(&[&["fit", SUPERSTORE, "-q", "-o", "m.json"], options].concat());
        desk.json("m.json")["calendar"].clone()
    };
    let quarter = fit(&["--season", "quarter", "--trend", "damped", "--damping", "0.8"]);
    assert_eq!(quarter["season"]["kind"], "quarter");
    let factors = quarter["season"]["factors"].as_object().unwrap();
    assert!(factors.keys().eq(["Q1", "Q2", "Q3", "Q4"]));
    // Every fourth quarter is about three times the first.
    let ratio = factors["Q4"].as_f64().unwrap() / factors["Q1"].as_f64().unwrap();
    assert!((2.0..4.0).contains(&ratio), "{ratio}");
    assert_eq!(
        (&quarter["trend"]["kind"], &quarter["trend"]["damping"]),
        (&"damped".into(), &0.8.into())
    );
    let waves = fit(&["--season", "harmonics", "--trend", "linear"]);
    assert_eq!(waves["season"]["kind"], "harmonics");
    for name in ["cos", "sin"] {
        assert_eq!(waves["season"][name].as_array().unwrap().len(), 2);
    }
    assert!(waves["trend"]["per_year"].as_f64().unwrap() > 0.0);
    assert_eq!(waves["origin"], "2017-12-31");
}

#[test]
fn a_fit_shows_the_calendar_its_coefficients_and_what_it_was_chosen_from() {
    let desk = Desk::new();
    let text = desk.done(&["fit", SUPERSTORE, "--season", "auto", "--trend", "auto"]).stdout;
    let parts = [
        "Calendar of purchases: a season by month, a trend of +",
        "2017-Q1",
        "2018-Q4",
        "factor",
        "ln factor",
        "std. error",
        "M12",
        "trend per year",
        "shrunk towards flat",
        "compared",
        "harmonics",
        "AIC",
    ];
    holds(&text, &parts);
    let args = ["forecast", SUPERSTORE, "--season", "quarter", "--frequency", "nbd"];
    let summary = desk.done(&args).stdout;
    holds(&summary, &["Calendar of purchases: a season by quarter, no trend", "2018-Q3"]);
}

#[test]
fn factors_of_1_everywhere_change_no_byte() {
    let desk = Desk::new();
    let mut rows = "period,factor\n".to_owned();
    for year in 2014..2019 {
        for quarter in 1..=4 {
            writeln!(rows, "{year}-Q{quarter},1").unwrap();
        }
    }
    desk.file("ones.csv", rows);
    for options in
        [&[][..], &["--method", "point"], &["--frequency", "pdo"], &["--season", "quarter"]]
    {
        desk.forecast(&[&[SUPERSTORE], options].concat());
        let plain = desk.bytes("out.csv");
        desk.forecast(&[&[SUPERSTORE, "--calendar", "ones.csv"], options].concat());
        assert!(desk.bytes("out.csv") == plain, "{options:?}");
    }
}

#[test]
fn a_planned_factor_changes_its_period_only() {
    let desk = Desk::new();
    desk.file("plain.csv", "period,factor\n2018-Q2,1.5\n");
    desk.file("odd.csv", "\u{feff} Period , Note, Factor \r\n\r\n 2018-Q2 ,campaign, 1.5 \r\n");
    let options = [SUPERSTORE, "--frequency", "pdo"];
    let without = desk.forecast(&options);
    let with = desk.forecast(&[&options[..], &["--calendar", "plain.csv"]].concat());
    near(&with, "purchases_1", without.sum("purchases_1"));
    near(&with, "purchases_2", 1.5 * without.sum("purchases_2"));
    near(&with, "purchases_3", without.sum("purchases_3"));
    let manifest = desk.json("out.csv.run.json");
    assert_eq!(manifest["calendar"]["path"], "plain.csv");
    assert_eq!(manifest["calendar"]["sha256"].as_str().unwrap().len(), 64);
    let given = serde_json::json!([{"period": "2018-Q2", "factor": 1.5}]);
    assert_eq!(manifest["model"]["file"]["calendar"]["given"], given);
    let odd = desk.forecast(&[&options[..], &["--calendar", "odd.csv"]].concat());
    assert_eq!(odd, with);
}

#[test]
fn a_calendar_beside_a_model_changes_coming_periods_only() {
    let desk = Desk::new();
    desk.file("past.csv", "period,factor\n2016-Q1,0.5\n");
    desk.file("both.csv", "period,factor\n2016-Q1,0.5\n2018-Q1,2\n");
    desk.file("other.csv", "period,factor\n2016-Q1,0.9\n2018-Q1,2\n");
    let fit = ["fit", SUPERSTORE, "--season", "quarter", "--calendar", "past.csv"];
    desk.done(&[&fit[..], &["-q", "-o", "m.json"]].concat());
    let run = ["forecast", SUPERSTORE, "--model", "m.json", "-q", "-o", "out.csv"];
    desk.done(&run);
    let plain = desk.table("out.csv");
    let outcome = desk.done(&[&run[..], &["--calendar", "both.csv"]].concat());
    assert_eq!(outcome.stderr, "");
    let both = desk.table("out.csv");
    assert!(both.sum("purchases_1") > 1.9 * plain.sum("purchases_1"));
    // A factor the model was not fitted with is not used, and told.
    let outcome = desk.done(&[&run[..], &["--calendar", "other.csv"]].concat());
    holds(&outcome.stderr, &["warning: 1 factor(s) of `--calendar`", "fit it again"]);
    assert_eq!(desk.table("out.csv"), both);
    // Beside a model without a calendar.
    desk.done(&["fit", SUPERSTORE, "--frequency", "pdo", "-q", "-o", "m.json"]);
    desk.done(&run);
    let plain = desk.table("out.csv");
    desk.file("next.csv", "period,factor\n2018-Q1,2\n");
    desk.done(&[&run[..], &["--calendar", "next.csv"]].concat());
    near(&desk.table("out.csv"), "purchases_1", 2.0 * plain.sum("purchases_1"));
    near(&desk.table("out.csv"), "purchases_2", plain.sum("purchases_2"));
}

#[test]
fn a_trend_in_one_cohort_is_told_from_leaving_only_by_a_warning() {
    let desk = Desk::new();
    let args = ["fit", CDNOW, "--period", "month", "--frequency", "pdo", "-q", "-o", "m.json"];
    let outcome = desk.done(&[&args[..], &["--trend", "linear"]].concat());
    holds(&outcome.stderr, &["nine of ten customers", "first third of the history"]);
}

#[test]
fn customers_yet_to_come_stand_in_the_manifest() {
    let desk = Desk::new();
    desk.forecast(&[SUPERSTORE, "--season", "quarter"]);
    let manifest = desk.json("out.csv.run.json");
    let coming = manifest["customers_yet_to_come"].as_array().unwrap();
    let labels: Vec<&Value> = coming.iter().map(|period| &period["period"]).collect();
    assert_eq!(labels, ["2018-Q1", "2018-Q2", "2018-Q3"]);
    for period in coming {
        for key in ["customers", "purchases", "amount"] {
            assert!(period[key].as_f64().unwrap() > 0.0, "{key}");
        }
    }
    desk.forecast(&[SUPERSTORE, "--amount", "none", "--cost", "none"]);
    assert!(desk.json("out.csv.run.json")["customers_yet_to_come"][0]["amount"].is_null());
    desk.forecast(&[CDNOW, "--period", "7d", "--as-of", "1997-09-30"]);
    assert!(desk.json("out.csv.run.json")["customers_yet_to_come"].is_null());
}
