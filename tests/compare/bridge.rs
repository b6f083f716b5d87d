//! From an old forecast to a new one: every step by itself, and all of them together.

use clvcast::compare::{Bridge, CompareError, Issued, Making, Replay};
use clvcast::fit::FittedModel;
use clvcast::forecast::{Acquisition, Method};
use clvcast::ledger::{ReadOptions, read};
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::predict::{Target, Window};
use clvcast::progress::Silent;
use clvcast::value::{MarginRule, MoneyRules};

use crate::support::{Desk, LATER, PAST, SUPERSTORE, SYNLEAD};

/// Totals of about twenty purchases stand on a grid of 2^-47 of that: 2e-13, with a few steps.
const GRID: f64 = 1e-12;

const NO_DATA: &str = "the data are not at hand";

/// The model and rules of a run with overrides of none.
fn making(issued: &Issued) -> Making {
    let manifest = &issued.manifest;
    let methods = [Method::Point, Method::Chain, Method::Posterior];
    let rules = MoneyRules {
        margin: manifest.rules.margin,
        expense_rate: manifest.rules.expense_rate,
        margin_rule: match manifest.rules.margin_rule.as_str() {
            "pooled" => MarginRule::Pooled,
            _ => MarginRule::Last,
        },
        discount: manifest.rules.discount,
        ..MoneyRules::default()
    };
    Making {
        model: FittedModel::from_json(&manifest.model.file.to_string()).unwrap(),
        method: methods.into_iter().find(|m| m.name() == manifest.method.name).unwrap(),
        acquisition: Acquisition::Drop,
        horizon: issued.labels().len(),
        rules: Some(rules),
    }
}

/// The bridge between two forecasts of Superstore with these options.
fn bridge(old: &[&str], new: &[&str]) -> Bridge {
    let desk = Desk::new();
    let old = desk.forecast("old.csv", &[&[SUPERSTORE], old].concat());
    let new = desk.forecast("new.csv", &[&[SUPERSTORE], new].concat());
    replayed(&old, &new)
}

fn replayed(old: &Issued, new: &Issued) -> Bridge {
    let files = [SUPERSTORE.to_owned()];
    let ledger = read(&files, &ReadOptions::default(), &Silent).unwrap();
    let as_of = Some(new.grid.as_of());
    let options = PanelOptions { as_of, ..PanelOptions::new(Period::Quarter) };
    let panel = Panel::build(&ledger, &options, &Silent).unwrap();
    let (then, now) = (making(old), making(new));
    let replay = Replay { panel: &panel, old: &then, new: &now };
    let bridge = Bridge::new(old, new, Ok(replay)).unwrap();
    assert_eq!(bridge.not_replayed, None);
    adds_up(&bridge);
    bridge
}

/// Old + steps = new to the last digit, in the order given and in the reverse one.
fn adds_up(bridge: &Bridge) {
    let (old, new) = (bridge.old.totals, bridge.new.totals);
    let numbers = |sums: clvcast::compare::Sums| [sums.purchases, sums.amount, sums.gross_profit];
    for target in 0..3 {
        let Some(from) = numbers(old)[target] else { continue };
        let of = |step: &clvcast::compare::Step| numbers(step.change)[target].unwrap_or(0.0);
        let forwards = bridge.steps.iter().map(of).fold(from, |sum, change| sum + change);
        assert_eq!(Some(forwards), numbers(new)[target]);
        let backwards = bridge.steps.iter().rev().map(of).fold(from, |sum, change| sum + change);
        assert_eq!(Some(backwards), numbers(new)[target]);
    }
}

/// Names of the steps that change any total.
fn moved(bridge: &Bridge) -> Vec<&'static str> {
    // A forecast made again agrees with its file to the digits of its sums.
    let at_all = |change: Option<f64>| change.is_some_and(|change| change.abs() > 1e-6);
    let steps = bridge.steps.iter().filter(|step| {
        let change = step.change;
        [change.purchases, change.amount, change.gross_profit].into_iter().any(at_all)
    });
    steps.map(|step| step.step).collect()
}

const OLD: [&str; 4] = ["--as-of", "2017-06-30", "--model", SYNLEAD];

#[test]
fn a_forecast_does_not_differ_from_itself() {
    assert_eq!(moved(&bridge(&OLD, &OLD)), Vec::<&str>::new());
}

#[test]
fn one_change_is_one_step() {
    let with = |options: &[&'static str]| [&OLD[..], options].concat();
    assert_eq!(moved(&bridge(&OLD, &with(&["--method", "posterior"]))), ["method"]);
    let fitted = [&OLD[..2], &["--method", "chain"]].concat();
    assert_eq!(moved(&bridge(&OLD, &fitted)), ["parameters"]);
    assert_eq!(moved(&bridge(&OLD, &with(&["--margin-rule", "pooled"]))), ["rules"]);
    assert_eq!(moved(&bridge(&OLD, &with(&["--expense-rate", "0.05"]))), ["rules"]);
    assert_eq!(moved(&bridge(&OLD, &with(&["--discount", "0.1"]))), ["rules"]);
    assert_eq!(moved(&bridge(&OLD, &with(&["--horizon", "5"]))), ["horizon"]);
    assert_eq!(moved(&bridge(&with(&["--horizon", "5"]), &OLD)), ["horizon"]);
    // Two customers of 787 first purchased after the first of these dates.
    let later = ["--as-of", "2017-09-30", "--model", SYNLEAD];
    assert_eq!(moved(&bridge(&OLD, &later)), ["new_customers", "data"]);
}

#[test]
fn a_model_that_the_method_does_not_know_changes_with_it() {
    // Posterior of nbd before pdo: the chain does not exist for pdo.
    let pdo = bridge(&OLD, &["--as-of", "2017-06-30", "--frequency", "pdo"]);
    let order: Vec<&str> = pdo.steps.iter().map(|step| step.step).collect();
    assert_eq!(order, ["left", "new_customers", "data", "method", "parameters", "rules"]);
    assert_eq!(moved(&pdo), ["method", "parameters"]);
    // And back: first the parameters.
    let nbd = bridge(&["--as-of", "2017-06-30", "--frequency", "pdo"], &OLD);
    let order: Vec<&str> = nbd.steps.iter().map(|step| step.step).collect();
    assert_eq!(order, ["left", "new_customers", "data", "parameters", "method", "rules"]);
}

#[test]
fn everything_at_once_adds_up() {
    let new = [
        "--as-of",
        "2017-12-31",
        "--frequency",
        "bg-nbd",
        "--margin",
        "0.2",
        "--discount",
        "0.01",
        "--horizon",
        "4",
    ];
    let bridge = bridge(&OLD, &new);
    assert_eq!(moved(&bridge).len(), 6);
    assert!(!bridge.same_periods);
    let shared: Vec<&str> = bridge.shared.iter().map(|period| period.period.as_str()).collect();
    assert_eq!(shared, ["2018-Q1"]);
    let text = bridge.to_text(Some("USD"));
    for part in
        ["different periods", "another method", "running gross profit", "money in USD", "2018-Q1"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn customers_who_left_and_came_are_counted_with_their_numbers() {
    let desk = Desk::new();
    let without_b: String = PAST.split_inclusive('\n').filter(|l| !l.starts_with("b,")).collect();
    let sales = [desk.file("old.txt", PAST), desk.file("new.txt", &(without_b + LATER))];
    let common = ["--model", SYNLEAD];
    let old = desk.forecast("old.csv", &[&[sales[0].as_str()], &common[..]].concat());
    let new = desk.forecast("new.csv", &[&[sales[1].as_str()], &common[..]].concat());
    let bridge = Bridge::new(&old, &new, Err(NO_DATA.to_owned())).unwrap();
    adds_up(&bridge);
    let names: Vec<&str> = bridge.steps.iter().map(|step| step.step).collect();
    assert_eq!(names, ["left", "new_customers", "common"]);
    // b stayed only because of its later rows, so nobody left; d and e came.
    let customers: Vec<u64> = bridge.steps.iter().map(|step| step.change.customers).collect();
    assert_eq!(customers, [0, 2, 3]);
    let purchases =
        |id: &str| new.value(new.find(id).unwrap(), Target::Purchases, Window::Total).unwrap();
    let came = bridge.steps[1].change.purchases.unwrap();
    assert!((came - purchases("d") - purchases("e")).abs() < GRID);
    assert_eq!(bridge.not_replayed.as_deref(), Some(NO_DATA));
    // The way back: they leave.
    let back = Bridge::new(&new, &old, Err(NO_DATA.to_owned())).unwrap();
    adds_up(&back);
    assert!((back.steps[0].change.purchases.unwrap() + came).abs() < GRID);
    assert_eq!((back.steps[0].change.customers, back.steps[1].change.customers), (2, 0));
}

#[test]
fn without_the_old_rules_their_change_is_part_of_the_first_step() {
    let desk = Desk::new();
    let old = desk.forecast("old.csv", &[&[SUPERSTORE], &OLD[..]].concat());
    let margin = ["--margin", "0.2"];
    let new = desk.forecast("new.csv", &[&[SUPERSTORE], &OLD[..], &margin].concat());
    let ledger = read(&[SUPERSTORE.to_owned()], &ReadOptions::default(), &Silent).unwrap();
    let options =
        PanelOptions { as_of: Some(new.grid.as_of()), ..PanelOptions::new(Period::Quarter) };
    let panel = Panel::build(&ledger, &options, &Silent).unwrap();
    let (then, now) = (Making { rules: None, ..making(&old) }, making(&new));
    let bridge =
        Bridge::new(&old, &new, Ok(Replay { panel: &panel, old: &then, new: &now })).unwrap();
    adds_up(&bridge);
    assert_eq!(moved(&bridge), ["data_and_rules"]);
    // Made again with the wrong model it is not the new forecast, and nothing is claimed.
    let mut wrong = making(&new);
    wrong.method = Method::Posterior;
    let bridge =
        Bridge::new(&old, &new, Ok(Replay { panel: &panel, old: &then, new: &wrong })).unwrap();
    adds_up(&bridge);
    assert!(bridge.not_replayed.unwrap().contains("made again from its data and model"));
    assert_eq!(bridge.steps.last().unwrap().step, "common");
}

#[test]
fn another_length_of_period_is_refused() {
    let desk = Desk::new();
    let sales = desk.file("sales.csv", PAST);
    let old = desk.forecast("old.csv", &[&sales, "--model", SYNLEAD]);
    let month =
        ["--period", "year", "--as-of", "2020-12-31", "--horizon", "1", "--frequency", "nbd"];
    let whole = desk.forecast("new.csv", &[&[SUPERSTORE], &month[..2], &month[4..]].concat());
    let error = Bridge::new(&old, &whole, Err(String::new())).unwrap_err();
    assert!(matches!(error, CompareError::OtherPeriod { .. }));
    assert!(error.to_string().contains("by quarter, the new one by year"), "{error}");
}

#[test]
fn files_of_the_bridge_hold_the_same_numbers() {
    let bridge = bridge(&OLD, &["--as-of", "2017-09-30"]);
    let json: serde_json::Value = serde_json::from_str(&bridge.to_json()).unwrap();
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let steps = json["steps"].as_array().unwrap();
    let sum = steps.iter().fold(number(&json["old"]["totals"]["gross_profit"]), |sum, step| {
        sum + number(&step["gross_profit"])
    });
    assert_eq!(sum, number(&json["new"]["totals"]["gross_profit"]));
    let mut out = Vec::new();
    bridge.write_csv(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "step,title,customers,purchases,amount,gross_profit");
    assert_eq!(lines.len(), 1 + 2 + bridge.steps.len());
    assert!(lines[1].starts_with("old,old forecast,787,"), "{}", lines[1]);
    assert!(lines.last().unwrap().starts_with("new,new forecast,790,"));
}
