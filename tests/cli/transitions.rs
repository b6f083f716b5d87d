//! `transitions`: the published example, and the keys of the JSON.

use serde_json::Value;

use crate::support::{CDNOW, Desk, SUPERSTORE, SYNLEAD, holds};

fn json(desk: &Desk, args: &[&str]) -> Value {
    let args = [&["transitions"], args, &["--format", "json"]].concat();
    serde_json::from_str(&desk.done(&args).stdout).unwrap()
}

#[test]
fn the_published_table_is_printed() {
    let text = Desk::new().done(&["transitions", "--model", SYNLEAD]).stdout;
    // *S*, the published probabilities to four digits.
    let published = [
        "0.3606  0.2949  0.2356  0.1892",
        "0.1367  0.0958  0.0669  0.0477",
        "0.0126",
        "0.3719",
        "0.8754",
        "0.4707",
        "0.3049",
        "0.2227",
        "0.1748",
        "186871.70",
        "445441.60",
    ];
    holds(&text, &published);
}

#[test]
fn its_json_has_the_keys_of_the_contract() {
    let tables = json(&Desk::new(), &["--model", SYNLEAD]);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let has = |value: &Value, names: &[&str]| {
        let keys = keys(value);
        assert!(names.iter().all(|name| keys.iter().any(|key| key == name)), "{keys:?}");
    };
    let (frequency, monetary) = (&tables["frequency"], &tables["monetary"]);
    has(frequency, &["mean", "pmf", "interval", "rows"]);
    has(&frequency["rows"][0], &["from", "expected", "probability"]);
    has(monetary, &["mode", "mean", "rows", "matrix", "below", "quadrature_error"]);
    has(&monetary["rows"][0], &["lower", "upper", "expected", "to_band", "probability"]);
    // pmf runs from 0 to max_frequency = 3, rows from 1, r from 0 to 12.
    assert_eq!(frequency["pmf"].as_array().unwrap().len(), 4);
    assert_eq!(frequency["rows"].as_array().unwrap().len(), 3);
    assert_eq!(frequency["rows"][0]["probability"].as_array().unwrap().len(), 13);
    assert_eq!(frequency["interval"], serde_json::json!([2, 3]));
}

#[test]
fn every_row_of_the_matrix_and_what_lies_below_add_up_to_one() {
    let monetary = json(&Desk::new(), &["--model", SYNLEAD])["monetary"].clone();
    let rows = monetary["matrix"].as_array().unwrap();
    assert_eq!(rows.len(), 7);
    for (row, below) in rows.iter().zip(monetary["below"].as_array().unwrap()) {
        let cells = row.as_array().unwrap();
        assert_eq!(cells.len(), 8);
        let sum: f64 = cells.iter().map(|cell| cell.as_f64().unwrap()).sum();
        assert!((sum + below.as_f64().unwrap() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_fitted_model_prints_what_was_counted_beside_what_is_expected() {
    let desk = Desk::new();
    desk.done(&["fit", SUPERSTORE, "-q", "-o", "model.json"]);
    let text = desk.done(&["transitions", "--model", "model.json"]).stdout;
    holds(&text, &["Transition matrix of the model", "Counted from the fitted panel"]);
    let tables = json(&desk, &["--model", "model.json"]);
    assert!(tables["monetary"]["empirical"]["counts"].is_array());
}

#[test]
fn a_frequency_only_model_has_no_monetary_part() {
    let desk = Desk::new();
    let args = ["fit", SUPERSTORE, "--amount", "none", "--cost", "none", "-q", "-o", "model.json"];
    desk.done(&args);
    let tables = json(&desk, &["--model", "model.json"]);
    assert!(tables.get("monetary").is_none());
    desk.done(&["transitions", "--model", "model.json"]);
}

#[test]
fn other_bands_and_counts_can_be_asked_for() {
    let desk = Desk::new();
    let args = ["--model", SYNLEAD, "--bands", "1,1000,500000", "--max-frequency", "6"];
    let tables = json(&desk, &args);
    assert_eq!(tables["monetary"]["rows"].as_array().unwrap().len(), 2);
    assert_eq!(tables["frequency"]["pmf"].as_array().unwrap().len(), 7);
    desk.done(&["transitions", "--model", SYNLEAD, "-o", "t.json"]);
    assert_eq!(desk.json("t.json"), json(&desk, &["--model", SYNLEAD]));
    let args = ["transitions", "--model", SYNLEAD, "--bands", "5,1"];
    desk.refused(&args, 2, &["`--bands`", "increasing"]);
}

#[test]
fn what_the_tables_leave_out_of_a_model_is_said() {
    let desk = Desk::new();
    let weeks = ["fit", CDNOW, "--period", "7d", "--as-of", "1997-09-30", "-q", "-o", "m.json"];
    let leave = "purchase rates are those of customers who have not left (NBD)";
    for model in ["bg-nbd", "mbg-nbd", "pareto-nbd", "pdo"] {
        desk.done(&[&weeks[..], &["--frequency", model]].concat());
        let text = desk.done(&["transitions", "--model", "m.json"]).stdout;
        holds(&text, &["Note: ", leave, "Purchases per period", "Transition matrix of the model"]);
        let tables = json(&desk, &["--model", "m.json"]);
        holds(tables["note"].as_str().unwrap(), &[leave]);
        let frequency = desk.json("m.json")["frequency"].clone();
        let number = |name: &str| frequency[name].as_f64().unwrap();
        assert_eq!(tables["frequency"]["mean"], number("r") / number("alpha"));
    }
    let quarters = ["fit", SUPERSTORE, "-q", "-o", "m.json"];
    for (options, part) in [
        (&["--season", "quarter"][..], "periods are of average strength"),
        (&["--value-trend", "linear"], "values are at the average level"),
        (&["--dependence", "regression"], "average purchase rate"),
    ] {
        desk.done(&[&quarters[..], options].concat());
        let text = desk.done(&["transitions", "--model", "m.json"]).stdout;
        holds(&text, &["Note: ", part]);
        assert!(!text.contains(leave), "{text}");
    }
    desk.done(&quarters);
    assert!(json(&desk, &["--model", "m.json"]).get("note").is_none());
    assert!(!desk.done(&["transitions", "--model", "m.json"]).stdout.contains("Note:"));
}
