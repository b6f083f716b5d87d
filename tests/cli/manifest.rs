//! `FILE.run.json`: enough to repeat the run and to answer an auditor.

use sha2::{Digest, Sha256};

use crate::support::{Desk, SUPERSTORE};

const ROWS: &str = "customer,date,amount\na,2020-01-05,10.50\na,2020-05-06,12\na,2020-08-07,9.25\n\
    b,2020-02-01,40\nb,2020-12-31,44.10\nc,2020-06-30,-5\nc,never,5\nd,2021-01-02,6.05\n";

#[test]
fn rows_read_are_rows_used_and_left_out() {
    let desk = Desk::with(ROWS);
    desk.forecast(&["sales.csv", "--lenient", "--as-of", "2020-12-31"]);
    let manifest = desk.json("out.csv.run.json");
    let rows = &manifest["rows"];
    assert_eq!(rows["read"], 8);
    assert_eq!(rows["used"], 6);
    assert_eq!(rows["left_out"], serde_json::json!({"bad-date": 1, "after-as-of": 1}));
    assert_eq!(rows["amount_after_as_of"], 6.05);
    assert_eq!(rows["refunds"], 1);
    assert_eq!(manifest["customers"]["forecast"], 3);
    assert_eq!(manifest["customers"]["after_as_of"], 1);
    assert_eq!(manifest["totals"]["history"]["amount"], 110.85);
    assert_eq!(manifest["as_of"], "2020-12-31");
}

#[test]
fn inputs_are_named_with_size_and_checksum() {
    let desk = Desk::with(ROWS);
    desk.forecast(&["sales.csv", "--lenient"]);
    let input = desk.json("out.csv.run.json")["inputs"][0].clone();
    assert_eq!(input["path"], "sales.csv");
    assert_eq!(input["bytes"], ROWS.len());
    let sum = Sha256::digest(ROWS);
    let sum = sum.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(input["sha256"], sum);
}

#[test]
fn totals_are_the_sums_of_the_file() {
    let desk = Desk::new();
    let table = desk.forecast(&[SUPERSTORE]);
    let manifest = desk.json("out.csv.run.json");
    let totals = &manifest["totals"];
    // Sums of 793 rows in another order: rounding only.
    let near = |value: &serde_json::Value, sum: f64| {
        assert!((value.as_f64().unwrap() / sum - 1.0).abs() < 1e-12, "{value} {sum}");
    };
    near(&totals["amount"], table.sum("amount_total"));
    near(&totals["gross_profit"], table.sum("gross_profit_total"));
    for h in 1..=3 {
        let period = &totals["periods"][h - 1];
        near(&period["purchases"], table.sum(&format!("purchases_{h}")));
        near(&period["amount"], table.sum(&format!("amount_{h}")));
        near(&period["cost"], table.sum(&format!("cost_{h}")));
        near(&period["gross_profit"], table.sum(&format!("gross_profit_{h}")));
        near(&period["active_customers"], table.sum(&format!("p_active_{h}")));
    }
    assert_eq!(manifest["periods"], serde_json::json!(["2018-Q1", "2018-Q2", "2018-Q3"]));
    assert_eq!(manifest["method"]["name"], "posterior");
}

#[test]
fn the_columns_that_were_used_are_named() {
    let desk = Desk::new();
    desk.file("s.csv", "Client,Day,Revenue\na,2020-01-05,1\na,2020-12-31,2\nb,2020-04-01,3\n");
    desk.forecast(&["s.csv"]);
    let columns = desk.json("out.csv.run.json")["columns"].clone();
    let expected = serde_json::json!({
        "customer": "Client", "date": "Day", "amount": "Revenue",
        "cost": null, "expense": null, "order": null, "segment": null,
    });
    assert_eq!(columns, expected);
}

#[test]
fn the_model_of_a_manifest_repeats_the_forecast() {
    let desk = Desk::new();
    desk.forecast(&[SUPERSTORE]);
    let first = desk.bytes("out.csv");
    let model = desk.json("out.csv.run.json")["model"]["file"].clone();
    desk.file("model.json", serde_json::to_vec(&model).unwrap());
    desk.forecast(&[SUPERSTORE, "--model", "model.json"]);
    assert_eq!(desk.bytes("out.csv"), first);
    assert_eq!(desk.json("out.csv.run.json")["model"]["source"], "model.json");
}

#[test]
fn equal_runs_differ_in_their_times_only() {
    let desk = Desk::new();
    let manifest = || {
        desk.forecast(&[SUPERSTORE, "--margin-rule", "pooled"]);
        let mut json = desk.json("out.csv.run.json");
        assert!(json.as_object_mut().unwrap().shift_remove("times").is_some());
        json
    };
    assert_eq!(manifest(), manifest());
}

#[test]
fn model_calendar_method_and_warnings_are_told() {
    let desk = Desk::new();
    desk.file("cal.csv", "period,factor\n2018-Q1,1.25\n");
    let options = ["--frequency", "pdo", "--season", "quarter", "--calendar", "cal.csv"];
    desk.forecast(&[&[SUPERSTORE], &options[..]].concat());
    let first = desk.bytes("out.csv");
    let manifest = desk.json("out.csv.run.json");
    let file = &manifest["model"]["file"];
    assert_eq!(
        (&file["frequency"]["model"], &file["frequency"]["tau"]),
        (&"pdo".into(), &"7d".into())
    );
    assert_eq!(file["calendar"]["season"]["kind"], "quarter");
    assert_eq!(manifest["calendar"]["path"], "cal.csv");
    assert_eq!(manifest["method"]["name"], "posterior");
    let why = manifest["method"]["why"].as_str().unwrap();
    assert!(why.contains("the default where customers may leave"), "{why}");
    let warnings = manifest["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|w| w.as_str().unwrap().contains("nobody seems to leave")));
    // The model in it repeats the forecast, calendar included.
    desk.file("model.json", serde_json::to_vec(file).unwrap());
    desk.forecast(&[SUPERSTORE, "--model", "model.json"]);
    assert_eq!(desk.bytes("out.csv"), first);
    assert!(desk.json("out.csv.run.json").get("calendar").is_none());
}
