//! Models whose customers leave: fitted, saved, forecast, shown.

use crate::support::{CDNOW, Desk, SUPERSTORE, holds};

/// The published calibration of CDNOW, in weeks; customers leave there.
const WEEKS: [&str; 7] =
    [CDNOW, "--period", "7d", "--as-of", "1997-09-30", "--zero-orders", "count"];
/// Models with attrition and their parameters in the model file.
const LEAVING: [(&str, &[&str]); 4] = [
    ("bg-nbd", &["r", "alpha", "a", "b"]),
    ("mbg-nbd", &["r", "alpha", "a", "b"]),
    ("pareto-nbd", &["r", "alpha", "s", "beta"]),
    ("pdo", &["r", "alpha", "a", "b", "tau"]),
];

#[test]
fn a_saved_model_forecasts_the_same_bytes_as_a_fit_in_the_run() {
    let desk = Desk::new();
    for (model, names) in LEAVING {
        let options = [&WEEKS[..], &["--frequency", model]].concat();
        desk.forecast(&options);
        let direct = desk.bytes("out.csv");
        desk.done(&[&["fit"], &options[..], &["-q", "-o", "model.json"]].concat());
        desk.forecast(&[&WEEKS[..], &["--model", "model.json"]].concat());
        assert!(desk.bytes("out.csv") == direct, "{model}");
        let file = desk.json("model.json");
        let frequency = &file["frequency"];
        assert_eq!(frequency["model"], model);
        for name in names {
            if *name == "tau" {
                assert_eq!(frequency["tau"], "7d");
                continue;
            }
            let value = frequency[name].as_f64().unwrap();
            let error = file["fit"]["frequency"]["standard_errors"][name].as_f64().unwrap();
            assert!(value > 0.0 && error > 0.0, "{model} {name}");
        }
        assert_eq!(frequency.as_object().unwrap().len(), names.len() + 1, "{frequency}");
        // Loaded and written again it is the same to the bit.
        assert_eq!(desk.json("out.csv.run.json")["model"]["file"], file);
    }
}

#[test]
fn p_alive_is_a_probability_and_1_where_nobody_leaves() {
    let desk = Desk::new();
    for (model, _) in LEAVING {
        let table = desk.forecast(&[&WEEKS[..], &["--frequency", model]].concat());
        table.is_finite();
        let column = |name: &str| -> Vec<f64> {
            (0..table.rows.len()).map(|row| table.number(row, name).unwrap()).collect()
        };
        let alive = column("p_alive");
        assert!(alive.iter().all(|p| (0.0..=1.0).contains(p)), "{model}");
        assert!(alive.iter().any(|&p| p < 0.9), "{model}");
        // Nobody purchases more surely than they are still there.
        assert!(column("p_active_1").iter().zip(&alive).all(|(a, p)| *a <= p + 1e-12), "{model}");
    }
    let table = desk.forecast(&[&WEEKS[..], &["--frequency", "nbd"]].concat());
    assert!((0..table.rows.len()).all(|row| table.text(row, "p_alive") == "1"));
}

#[test]
fn the_summary_says_how_many_are_still_there_and_how_many_may_come() {
    let desk = Desk::new();
    let pdo = desk.done(&[&["forecast"], &WEEKS[..], &["--frequency", "pdo"]].concat()).stdout;
    holds(&pdo, &["PDO:", "every 7 days", "Of 2,357 customers,", "are expected not to have left"]);
    holds(&pdo, &["Forecast by the posterior method", "existing customers only"]);
    // 39 weeks do not tell how many come in a year.
    assert!(!pdo.contains("Customers yet to come"), "{pdo}");
    let nbd = desk.done(&["forecast", SUPERSTORE, "--method", "chain"]).stdout;
    assert!(!nbd.contains("expected not to have left"));
    holds(&nbd, &["Customers yet to come, in no number above: about 8.2 with", "worth"]);
}

#[test]
fn p_alive_stands_in_every_layout() {
    let desk = Desk::new();
    let options = [&WEEKS[..], &["--frequency", "bg-nbd"]].concat();
    let wide = desk.forecast(&options);
    let long = desk.forecast(&[&options[..], &["--layout", "long"]].concat());
    assert_eq!(long.rows.len(), 3 * wide.rows.len());
    for row in 0..wide.rows.len() {
        for h in 0..3 {
            assert_eq!(long.text(3 * row + h, "p_alive"), wide.text(row, "p_alive"));
        }
    }
    let chosen = desk.forecast(&[&options[..], &["--columns", "customer,p_alive"]].concat());
    assert_eq!(chosen.header, ["customer", "p_alive"]);
}

#[test]
fn the_method_is_the_models_and_another_is_refused_before_anything_is_read() {
    let desk = Desk::new();
    for (model, _) in LEAVING {
        for method in ["chain", "point"] {
            // The ledger is not there: exit 2 and not 1 says that nobody looked.
            let args = ["no.csv", "--frequency", model, "--method", method];
            let parts = [&format!("`--method {method}`")[..], "nbd only", model, "posterior"];
            desk.refuses(&args, 2, &parts);
        }
    }
    desk.done(&[&["fit"], &WEEKS[..], &["--frequency", "pdo", "-q", "-o", "m.json"]].concat());
    let args = ["no.csv", "--model", "m.json", "--method", "chain"];
    desk.refuses(&args, 2, &["`--method chain`", "the model is pdo"]);
    for (options, name, why) in [
        (&["--frequency", "pdo"][..], "posterior", "the default where customers may leave"),
        (&["--frequency", "pdo", "--method", "posterior"], "posterior", "asked for"),
        (&["--frequency", "nbd"], "chain", "the default"),
        (&[], "posterior", "score"),
        (&["--method", "chain"], "chain", "asked for"),
    ] {
        desk.forecast(&[&WEEKS[..], options].concat());
        let method = desk.json("out.csv.run.json")["method"].clone();
        assert_eq!(method["name"], name);
        holds(method["why"].as_str().unwrap(), &[why]);
    }
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    let desk = Desk::new();
    for (options, parts) in [
        (&["--clock", "panel", "--frequency", "bg-nbd"][..], &["bg-nbd", "--clock panel"][..]),
        (&["--tau", "7d", "--frequency", "nbd"], &["`--tau`", "--frequency pdo"]),
        (&["--tau", "7d", "--frequency", "bg-nbd"], &["`--tau`", "--frequency pdo"]),
        (&["--frequency", "pdo", "--tau", "0d"], &["`--tau 0d`", "7d"]),
        (&["--frequency", "pdo", "--tau", "week"], &["`--tau week`", "7d"]),
        (&["--frequency", "pdo", "--tau", "7"], &["`--tau 7`", "7d"]),
        (&["--frequency", "pdo", "--tau", "-7d"], &["-7"]),
        (&["--frequency", "ets"], &["ets", "bg-nbd"]),
        (&["--penalty", "0"], &["`--penalty 0`", "positive"]),
        (&["--penalty", "-1"], &["`--penalty -1`", "positive"]),
        (&["--penalty", "nan"], &["`--penalty NaN`", "positive"]),
        (&["--penalty", "inf"], &["`--penalty inf`", "positive"]),
    ] {
        desk.refuses(&[&["no.csv"], options].concat(), 2, parts);
    }
}

#[test]
fn a_grid_longer_than_the_history_is_nbd_with_a_warning() {
    let desk = Desk::new();
    let plain = desk.forecast(&[&WEEKS[..], &["--method", "posterior"]].concat());
    let beyond = [&WEEKS[..], &["--frequency", "pdo", "--tau", "36526d"]].concat();
    desk.refuses(&beyond, 2, &["`--tau 36526d`", "at most 36525d"]);
    for tau in ["400d", "36525d"] {
        let args =
            [&WEEKS[..], &["--frequency", "pdo", "--tau", tau, "-q", "-o", "t.csv"]].concat();
        let outcome = desk.done(&[&["forecast"], &args[..]].concat());
        holds(&outcome.stderr, &["warning: ", "nobody seems to leave", "no-attrition"]);
        let table = desk.table("t.csv");
        assert_eq!(table.header, plain.header);
        for row in 0..plain.rows.len() {
            for name in plain.numeric() {
                let (found, nbd) = (table.number(row, name), plain.number(row, name));
                // Two climbs to one maximum.
                let near = found.zip(nbd).is_some_and(|(a, b)| (a - b).abs() <= 1e-6 * b.abs());
                assert!(near || found == nbd, "{name}: {found:?} {nbd:?}");
            }
        }
        let file = desk.json("t.csv.run.json")["model"]["file"]["frequency"].clone();
        assert_eq!((&file["limit"], &file["tau"]), (&"no-attrition".into(), &tau.into()));
    }
}

#[test]
fn strict_makes_the_warning_of_a_limit_an_error() {
    let desk = Desk::new();
    let args = ["fit", SUPERSTORE, "--frequency", "pdo", "-q", "-o", "m.json"];
    desk.done(&args);
    let outcome = desk.run(&[&args[..], &["--strict"]].concat());
    assert_eq!(outcome.code, 1);
    holds(&outcome.stderr, &["nobody seems to leave", "`--strict`"]);
}

#[test]
fn a_penalty_holds_parameters_together_and_is_saved_with_the_model() {
    let desk = Desk::new();
    let mut parameters = Vec::new();
    for penalty in ["0.000001", "10"] {
        let options = [&WEEKS[..], &["--frequency", "bg-nbd", "--penalty", penalty]].concat();
        desk.done(&[&["fit"], &options[..], &["-q", "-o", "m.json"]].concat());
        parameters.push(desk.json("m.json")["frequency"]["b"].as_f64().unwrap());
        desk.forecast(&options);
        let direct = desk.bytes("out.csv");
        desk.forecast(&[&WEEKS[..], &["--model", "m.json"]].concat());
        assert!(desk.bytes("out.csv") == direct, "{penalty}");
    }
    assert!((parameters[0] - parameters[1]).abs() > 0.01, "{parameters:?}");
}

#[test]
fn bases_that_carry_no_fit_are_refused_with_advice() {
    let header = "customer,date,amount\n";
    let once = "a,2020-01-01,5\nb,2020-05-01,6\nc,2020-12-31,7\n";
    let one = "a,2020-01-05,10\na,2020-05-06,12\na,2020-12-31,9\n";
    for (model, _) in LEAVING {
        let desk = Desk::with(format!("{header}{once}"));
        let args = ["sales.csv", "--frequency", model];
        desk.refuses(&args, 1, &["no repeat purchase among 3 customers", "--model FILE"]);
        let desk = Desk::with(format!("{header}{one}"));
        desk.refuses(&args, 1, &["1 customer", "expected at least 2", "--model FILE"]);
    }
}

#[test]
fn a_base_without_over_dispersion_is_forecast_near_the_common_rate() {
    let desk = Desk::new();
    desk.done(&["simulate", "--customers", "300", "--equal-rates", "--seed", "3", "-o", "s.csv"]);
    for (model, _) in LEAVING {
        let table = desk.forecast(&["s.csv", "--frequency", model]);
        table.is_finite();
        // The published example's mean, b/a; 300 customers of some 10 periods scatter by 2 %.
        let mean = table.sum("purchases_1") / 300.0;
        assert!((mean / (2.67 / 1.84) - 1.0).abs() < 0.1, "{model}: {mean}");
    }
}
