//! What stands beside a forecast.

use clvcast::forecast::Method;
use clvcast::report::{Manifest, Run, Times};

use crate::world::{ALL, Has, World};

fn manifest(world: &World, times: Option<Times>) -> Manifest {
    let command = ["clvcast", "forecast", "sales.csv"].map(String::from);
    let run = Run {
        command: &command,
        audit: &world.audit,
        columns: &world.columns,
        panel: &world.panel,
        model: &world.model,
        model_file: Some("model.json"),
        method: Method::Chain,
        members: &[],
        why: "the default",
        rules: &world.rules,
        overrides_file: Some(("overrides.csv", "00")),
        calendar_file: None,
        forecast: &world.forecast,
        intervals: None,
        warnings: &["no expense column".to_owned()],
        seed: None,
    };
    Manifest::new(&run, times)
}

#[test]
fn rows_add_up_and_history_is_exact() {
    let overrides = "customer,segment,period,field,op,value\n=3,,,margin,add,0.1\n";
    let world = World::with_overrides(ALL, overrides);
    let text = manifest(&world, None).to_json();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["rows"]["read"], 11);
    assert_eq!(json["rows"]["used"], 8);
    assert_eq!(json["rows"]["left_out"], serde_json::json!({"bad-date": 2, "after-as-of": 1}));
    assert_eq!(json["rows"]["amount_after_as_of"], 5.55);
    assert_eq!(json["inputs"][0]["path"], "sales.csv");
    assert_eq!(json["as_of"], "2017-12-31");
    assert_eq!(json["periods"], serde_json::json!(["2018-Q1", "2018-Q2", "2018-Q3"]));
    assert_eq!(json["customers"]["forecast"], 5);
    assert_eq!(json["customers"]["without_active_period"], 2);
    assert_eq!(json["model"]["file"]["frequency"]["a"], 1.84);
    assert_eq!(json["overrides"]["numbers"], 3);
    assert_eq!(json["totals"]["history"]["amount"], 896.2019);
    assert_eq!(json["totals"]["history"]["purchases"], 6);
    assert_eq!(json["totals"]["periods"][1]["period"], "2018-Q2");
    assert!(json.get("times").is_none() && json.get("seed").is_none());

    let sum: f64 = world.forecast.iter().filter_map(|c| c.amount_total).sum();
    assert!((json["totals"]["amount"].as_f64().unwrap() / sum - 1.0).abs() < 1e-14);
}

#[test]
fn it_reads_back_equal_and_times_are_its_only_difference() {
    let world = World::new(Has { cost: false, ..ALL });
    let without = manifest(&world, None);
    assert_eq!(Manifest::from_json(&without.to_json()).unwrap(), without);
    assert_eq!(without.totals.history.gross_profit, None);
    let times = Times { started: "2018-01-02T03:04:05Z".into(), seconds: 0.25, stages: vec![] };
    let mut with = manifest(&world, Some(times));
    assert_eq!(Manifest::from_json(&with.to_json()).unwrap(), with);
    with.times = None;
    assert_eq!(with.to_json(), without.to_json());
}

#[test]
fn the_model_in_it_is_a_model_file() {
    let world = World::new(ALL);
    let text = manifest(&world, None).model.file.to_string();
    assert_eq!(clvcast::fit::FittedModel::from_json(&text).unwrap(), world.model);
}
