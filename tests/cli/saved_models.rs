//! `fit -o`, then `forecast --model`.

use serde_json::Value;

use crate::support::{CDNOW, Desk, SMALL, SUPERSTORE, SYNLEAD, holds};

#[test]
fn a_saved_model_forecasts_the_same_bytes_as_a_fit_in_the_run() {
    let desk = Desk::new();
    for options in [
        &[SUPERSTORE][..],
        &[SUPERSTORE, "--period", "month"],
        &[CDNOW, "--period", "7d", "--as-of", "1997-09-30", "--spend", "repeat-mean"],
        &[SUPERSTORE, "--clock", "panel"],
        &[SUPERSTORE, "--bands", "1,100,1000,25000", "--max-frequency", "4"],
        &[SUPERSTORE, "--amount", "none", "--cost", "none"],
    ] {
        desk.forecast(&[options, &["--frequency", "nbd"]].concat());
        let direct = desk.bytes("out.csv");
        desk.done(&[&["fit"], options, &["-q", "-o", "model.json"]].concat());
        // Period, clock and states come from the model.
        let file = [options[0], "--model", "model.json"];
        let kept: Vec<&str> = options
            .windows(2)
            .filter(|pair| matches!(pair[0], "--as-of" | "--amount" | "--cost"))
            .flatten()
            .copied()
            .collect();
        for method in ["chain", "point", "posterior"] {
            if method == "chain" {
                desk.forecast(&[&file[..], &kept].concat());
                assert!(desk.bytes("out.csv") == direct, "{options:?}");
            } else {
                desk.forecast(&[&file[..], &kept, &["--method", method]].concat());
                let saved = desk.bytes("out.csv");
                desk.forecast(&[options, &["--method", method]].concat());
                assert!(desk.bytes("out.csv") == saved, "{options:?} {method}");
            }
        }
    }
}

#[test]
fn a_model_file_holds_the_keys_of_its_contract() {
    let desk = Desk::new();
    desk.done(&["fit", SUPERSTORE, "-o", "model.json"]);
    let model = desk.json("model.json");
    assert_eq!((&model["format"], &model["version"]), (&"clvcast-model".into(), &1.into()));
    assert_eq!(model["period"], "quarter");
    for (part, names) in [("frequency", &["a", "b"][..]), ("monetary", &["p", "q", "k"])] {
        let fit = &model["fit"][part];
        for name in names {
            let value = model[part][name].as_f64().unwrap();
            assert!(fit["standard_errors"][name].as_f64().unwrap() > 0.0);
            let interval = &fit["confidence_intervals"][name];
            assert!(interval[0].as_f64().unwrap() < value && value < interval[1].as_f64().unwrap());
        }
        for key in ["log_likelihood", "aic", "bic", "stop_reason", "evaluations"] {
            assert!(!fit[key].is_null(), "{part} {key}");
        }
    }
}

#[test]
fn fit_prints_a_table_or_the_model() {
    let desk = Desk::new();
    let table = desk.done(&["fit", SUPERSTORE]).stdout;
    holds(&table, &["Read 5,009 rows", "estimate", "std. error", "95 % interval", "converged"]);
    let json = desk.done(&["fit", SUPERSTORE, "--format", "json"]).stdout;
    desk.done(&["fit", SUPERSTORE, "-q", "-o", "model.json"]);
    assert_eq!(json, desk.text("model.json"));
    assert!(serde_json::from_str::<Value>(&json).is_ok());
}

#[test]
fn a_model_on_other_data_or_long_ago_warns() {
    let desk = Desk::new();
    desk.done(&["fit", SUPERSTORE, "--as-of", "2015-12-31", "-q", "-o", "model.json"]);
    let args = ["forecast", SUPERSTORE, "--model", "model.json", "-q", "-o", "out.csv"];
    let outcome = desk.done(&args);
    holds(&outcome.stderr, &["warning: ", "fitted as of 2015-12-31", "fit it again"]);
}

#[test]
fn a_published_model_scores_data_it_was_not_fitted_on() {
    let desk = Desk::with(SMALL);
    let table = desk.forecast(&["sales.csv", "--model", SYNLEAD]);
    table.is_finite();
    assert!(table.sum("amount_1") > 0.0);
}

#[test]
fn what_the_model_decides_is_refused_beside_it() {
    let desk = Desk::new();
    desk.done(&["fit", SUPERSTORE, "-q", "-o", "model.json"]);
    let run = [SUPERSTORE, "--model", "model.json"];
    for (options, part) in [
        (&["--clock", "panel"][..], "--clock"),
        (&["--spend", "purchase"], "--spend"),
        (&["--base", "2000"], "--base"),
        (&["--period", "month"], "--period"),
    ] {
        desk.refuses(&[&run[..], options].concat(), 2, &[part]);
    }
}

#[test]
fn a_model_that_knows_the_future_warns() {
    let desk = Desk::new();
    desk.done(&["fit", SUPERSTORE, "--as-of", "2017-09-30", "-q", "-o", "model.json"]);
    let past = ["forecast", SUPERSTORE, "--model", "model.json", "--as-of", "2016-12-31"];
    let outcome = desk.done(&[&past[..], &["-q", "-o", "out.csv"]].concat());
    holds(&outcome.stderr, &["warning: ", "it knows what it forecasts"]);
}
