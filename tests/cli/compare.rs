//! `compare`: what a user sees of the score of a forecast and of the bridge to a new one.

use crate::support::{Desk, SMALL, SUPERSTORE, SYNLEAD, holds};

/// What came after `SMALL`: `a` purchases once in the first quarter of 2021, `d` is new.
const LATER: &str = "a,2021-02-03,20,12\nd,2021-03-31,6,3\n";

/// A folder with a forecast of `sales.csv` for 2021, `old.csv`, and `later.csv`, in which the first
/// quarter is over.
fn desk() -> Desk {
    let desk = Desk::with(SMALL);
    desk.done(&["forecast", "sales.csv", "--model", SYNLEAD, "-o", "old.csv", "--quiet"]);
    desk.file("later.csv", format!("{SMALL}{LATER}"));
    desk
}

#[test]
fn a_forecast_is_scored_in_the_terminal() {
    let outcome = desk().done(&["compare", "old.csv", "later.csv", "--currency", "EUR"]);
    let parts = [
        "forecast by the chain method as of 2020-12-31, 3 customers; data known to 2021-03-31",
        "Not over yet, and left out: 2021-Q2, 2021-Q3.",
        "Gross profit (EUR)",
        "2021-Q1",
        "Largest overestimates",
        "done by new customers, together",
        "The past up to 2020-12-31: the same for 3 of 3 customers",
    ];
    holds(&outcome.stdout, &parts);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn the_formats_hold_the_same_numbers() {
    let desk = desk();
    let json = desk.done(&["compare", "old.csv", "later.csv", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["complete"], serde_json::json!(["2021-Q1"]));
    let args = ["compare", "old.csv", "later.csv", "-o", "score.csv", "--customers-out", "who.csv"];
    let outcome = desk.done(&args);
    assert_eq!(outcome.stdout, "");
    holds(&outcome.stderr, &["Largest overestimates"]);
    let table = desk.table("score.csv");
    let scores = json["scores"].as_array().unwrap();
    assert_eq!(table.rows.len(), scores.len());
    for (row, line) in scores.iter().enumerate() {
        assert_eq!(table.text(row, "target"), line["target"]);
        assert_eq!(table.number(row, "mae"), line["mae"].as_f64());
        assert_eq!(table.number(row, "predicted"), line["predicted"].as_f64());
    }
    let who = desk.table("who.csv");
    assert_eq!(who.rows.len(), 3);
    assert_eq!(who.number(0, "actual_amount_1"), Some(20.0));
    assert_eq!(who.number(1, "actual_purchases_total"), Some(0.0));
    let sum = who.sum("forecast_purchases_1");
    let predicted = scores[0]["predicted"].as_f64().unwrap();
    // Three numbers, added in the same order.
    assert_eq!(sum, predicted);
    let quiet = desk.done(&["compare", "old.csv", "later.csv", "-o", "again.csv", "--quiet"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert_eq!(desk.bytes("again.csv"), desk.bytes("score.csv"));
}

#[test]
fn transactions_are_read_as_the_forecast_read_them() {
    let desk = Desk::new();
    // Two orders on one day, and an order of nothing.
    let sales = "who;when;amount;order\na;2020-01-05;10;1\na;2020-05-06;12;2\nb;2020-12-31;9;3\n";
    let later = "a;2021-01-05;10;4\na;2021-01-05;12;5\nb;2021-03-31;0;6\n";
    desk.file("sales.csv", sales);
    desk.file("later.csv", format!("{sales}{later}"));
    let read = ["--customer", "who", "--date", "when", "--zero-orders", "count", "--order", "none"];
    let forecast = ["forecast", "sales.csv", "--model", SYNLEAD, "-o", "old.csv", "--quiet"];
    desk.done(&[&forecast[..], &read[..]].concat());
    let purchases = |options: &[&str]| {
        let args = [&["compare", "old.csv", "later.csv", "--format", "json"], options].concat();
        let json: serde_json::Value = serde_json::from_str(&desk.done(&args).stdout).unwrap();
        json["scores"][0]["actual"].as_f64().unwrap()
    };
    // One purchase a day, and the one of nothing.
    assert_eq!(purchases(&[]), 2.0);
    assert_eq!(purchases(&["--order", "order"]), 3.0);
}

#[test]
fn the_score_does_not_depend_on_threads_or_rows() {
    let desk = Desk::new();
    desk.done(&["forecast", SUPERSTORE, "--as-of", "2017-03-31", "-o", "old.csv", "--quiet"]);
    let text = std::fs::read_to_string(SUPERSTORE).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    desk.file("turned.csv", lines.join("\n") + "\n");
    let files = |sales: &str, threads: &str, name: &str| {
        let who = format!("who-{name}");
        let args = ["compare", "old.csv", sales, "--threads", threads, "--quiet", "-o", name];
        desk.done(&[&args[..], &["--customers-out", &who]].concat());
        (desk.bytes(name), desk.bytes(&who))
    };
    assert!(files(SUPERSTORE, "1", "one.json") == files("turned.csv", "3", "three.json"));
}

#[test]
fn the_bridge_explains_every_step_while_the_data_are_there() {
    let desk = Desk::new();
    desk.file("margins.csv", "customer,segment,period,field,op,value\n,,2017-Q4,margin,set,0.4\n");
    let old = ["--as-of", "2017-03-31", "--overrides", "margins.csv", "--currency", "USD"];
    let old = [&old[..], &["--method", "chain"]].concat();
    let new = ["--as-of", "2017-06-30", "--frequency", "pdo", "--overrides", "margins.csv"];
    desk.done(&[&["forecast", SUPERSTORE, "-o", "old.parquet", "--quiet"], &old[..]].concat());
    desk.done(&[&["forecast", SUPERSTORE, "-o", "new.csv", "--quiet"], &new[..]].concat());
    let args = ["compare", "old.parquet", "new.csv"];
    holds(
        &desk.done(&args).stdout,
        &[
            "From old.parquet: as of 2017-03-31, chain by nbd, 2017-Q2 to 2017-Q4",
            "to   new.csv: as of 2017-06-30, posterior by pdo, 2017-Q3 to 2018-Q1",
            "The totals are of different periods",
            "new data and the passing of time",
            "another method",
            "Order: each step is made upon the one before",
            "Periods in both, not discounted",
        ],
    );
    let json = desk.done(&[&args[..], &["--format", "json"]].concat()).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["not_replayed"], serde_json::Value::Null);
    let steps = json["steps"].as_array().unwrap();
    let names: Vec<_> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(names, ["left", "new_customers", "data", "method", "parameters", "rules"]);
    // The same decision applies to the fourth quarter, wherever it stands in the horizon.
    assert!(steps[5]["gross_profit"].as_f64().unwrap().abs() < 1e-6);
    for target in ["purchases", "amount", "gross_profit"] {
        let total = |side: &str| json[side]["totals"][target].as_f64().unwrap();
        let sum = steps.iter().fold(total("old"), |sum, step| sum + step[target].as_f64().unwrap());
        assert_eq!(sum, total("new"));
    }
    desk.done(&[&args[..], &["-o", "bridge.csv", "--quiet"]].concat());
    let table = desk.table("bridge.csv");
    assert_eq!(table.rows.len(), 8);
    assert_eq!(table.number(7, "amount"), json["new"]["totals"]["amount"].as_f64());
}

#[test]
fn the_bridge_says_why_it_cannot_tell_steps_apart() {
    let desk = desk();
    let forecast = |name: &str| {
        desk.done(&["forecast", "later.csv", "--model", SYNLEAD, "-o", name, "--quiet"]);
    };
    let says = |part: &str| {
        let text = desk.done(&["compare", "old.csv", "new.csv"]).stdout;
        holds(&text, &["customers in both", "is not told apart", part]);
    };
    forecast("new.csv");
    let whole = desk.text("later.csv");
    desk.file("later.csv", whole.replace("20,12", "21,12"));
    says("the transactions of the new forecast have changed");
    desk.file("later.csv", format!("{whole}\n"));
    says("the transactions `later.csv` have changed");
    std::fs::remove_file(desk.path("later.csv")).unwrap();
    says("the transactions `later.csv` are not there");
    let args = ["forecast", "-", "--model", SYNLEAD, "-o", "new.csv", "--quiet"];
    assert_eq!(desk.run_with_stdin(&args, whole.clone()).code, 0);
    says("standard input");
    // Without its own data the old forecast does well.
    desk.file("later.csv", whole);
    forecast("new.csv");
    std::fs::remove_file(desk.path("sales.csv")).unwrap();
    let text = desk.done(&["compare", "old.csv", "new.csv"]).stdout;
    holds(&text, &["new data and the passing of time", "new customers"]);
}

#[test]
fn old_overrides_that_are_gone_are_one_step_with_the_data() {
    let desk = desk();
    desk.file("margins.csv", "customer,segment,period,field,op,value\n,,,margin,set,0.4\n");
    let args = ["forecast", "sales.csv", "--model", SYNLEAD, "--overrides", "margins.csv"];
    desk.done(&[&args[..], &["-o", "old.csv", "--quiet"]].concat());
    desk.done(&["forecast", "later.csv", "--model", SYNLEAD, "-o", "new.csv", "--quiet"]);
    std::fs::remove_file(desk.path("margins.csv")).unwrap();
    let text = desk.done(&["compare", "old.csv", "new.csv"]).stdout;
    holds(&text, &["new data, passing of time and money rules"]);
}

#[test]
fn intervals_that_the_forecast_gave_are_checked() {
    let desk = Desk::new();
    let forecast = ["forecast", SUPERSTORE, "--as-of", "2017-06-30", "--season", "quarter"];
    let options = ["--trend", "linear", "--method", "posterior", "--quantiles", "0.05,0.5,0.95"];
    desk.done(&[&forecast[..], &options[..], &["-o", "old.csv", "--quiet"]].concat());
    let args = ["compare", "old.csv", SUPERSTORE];
    holds(&desk.done(&args).stdout, &["interval of the total", "of customers", "90.0 %"]);
    desk.done(&[&args[..], &["-o", "score.json", "--quiet"]].concat());
    let json = desk.json("score.json");
    let first = &json["scores"][0];
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    assert_eq!(
        (number(&first["interval"]["low"]), number(&first["interval"]["high"])),
        (0.05, 0.95)
    );
    // Counts make a closed interval of single customers cover more than it promises: at least 0.85
    // leaves four standard errors, √(0.9·0.1/787) = 0.011, and two models' worth of doubt.
    assert!(number(&first["interval"]["coverage"]) > 0.85, "{first}");
    let total = &first["total_interval"];
    let (low, high) = (number(&total["low"]), number(&total["high"]));
    assert!(low < number(&first["predicted"]) && number(&first["predicted"]) < high, "{first}");
    let held = (low..=high).contains(&number(&first["actual"]));
    assert_eq!(total["held"], held);
    // A segment has an interval of its own.
    let scores = json["scores"].as_array().unwrap();
    let segment = scores.iter().find(|line| line["segment"] == "Consumer").unwrap();
    assert!(number(&segment["total_interval"]["high"]) < high);
}
