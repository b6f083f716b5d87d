//! Forecast files in every form, and those that cannot be used.

use clvcast::compare::{CompareError, Issued};
use clvcast::predict::{Target, Window};

use crate::support::{Desk, PAST, SUPERSTORE, SYNLEAD};

#[test]
fn every_format_and_layout_gives_the_same_numbers() {
    let desk = Desk::new();
    let common = [SUPERSTORE, "--as-of", "2017-03-31", "--model", SYNLEAD, "--discount", "0.02"];
    let numbers = |issued: &Issued| {
        let mut numbers = Vec::new();
        for i in 0..issued.customers.len() {
            for target in Target::ALL {
                numbers.extend(Window::all(3).map(|window| issued.value(i, target, window)));
            }
        }
        numbers
    };
    let wide = desk.forecast("wide.csv", &common);
    let expected = numbers(&wide);
    assert!(wide.doubts().is_empty());
    for extension in ["csv", "json", "parquet"] {
        for layout in ["wide", "long"] {
            let name = format!("{layout}.{extension}");
            let issued = desk.forecast(&name, &[&common[..], &["--layout", layout]].concat());
            assert_eq!(issued.customers, wide.customers, "{name}");
            assert_eq!(issued.segments, wide.segments, "{name}");
            assert_eq!(numbers(&issued), expected, "{name}");
            assert_eq!(issued.doubts(), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn the_order_of_rows_and_the_choice_of_columns_do_not_matter() {
    let desk = Desk::new();
    let sales = desk.file("sales.csv", PAST);
    let whole = desk.forecast("out.csv", &[&sales, "--model", SYNLEAD]);
    let text = std::fs::read_to_string(desk.path("out.csv")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    desk.file("out.csv", &(lines.join("\n") + "\n"));
    let turned = Issued::read(&desk.path("out.csv")).unwrap();
    assert_eq!(turned.customers, ["a", "b", "c"]);
    let all = |issued: &Issued| {
        (0..3).map(|i| issued.value(i, Target::GrossProfit, Window::Total)).collect::<Vec<_>>()
    };
    assert_eq!(all(&turned), all(&whole));
    let columns = ["--columns", "purchases_2,customer,gross_profit_total"];
    let few = desk.forecast("few.csv", &[&[&sales, "--model", SYNLEAD], &columns[..]].concat());
    assert_eq!(all(&few), all(&whole));
    assert_eq!(few.value(0, Target::Purchases, Window::Period(0)), None);
    assert!(few.has(Target::Purchases, Window::Period(1)));
    assert!(!few.has(Target::Amount, Window::Total));
}

#[test]
fn a_subset_is_no_altered_file_and_an_altered_one_is_found() {
    let desk = Desk::new();
    let sales = desk.file("sales.csv", PAST);
    let list = desk.file("ids.txt", "a\nb\n");
    let part = desk.forecast("part.csv", &[&sales, "--model", SYNLEAD, "--customers", &list]);
    assert_eq!((part.customers.len(), part.doubts()), (2, Vec::new()));
    desk.forecast("out.csv", &[&sales, "--model", SYNLEAD]);
    let text = std::fs::read_to_string(desk.path("out.csv")).unwrap();
    let fewer = text.lines().take(3).collect::<Vec<_>>().join("\n") + "\n";
    desk.file("out.csv", &fewer);
    let doubts = Issued::read(&desk.path("out.csv")).unwrap().doubts();
    assert_eq!(doubts.len(), 1);
    assert!(doubts[0].contains("has 2 customers, its manifest says 3"), "{doubts:?}");
    let mut manifest = desk.manifest("out.csv");
    manifest["totals"]["periods"][1]["amount"] = 1e6.into();
    manifest["version"] = "0.0.1".into();
    desk.file("out.csv", &text);
    desk.write_manifest("out.csv", &manifest);
    let doubts = Issued::read(&desk.path("out.csv")).unwrap().doubts();
    assert_eq!(doubts.len(), 2);
    assert!(doubts[0].contains("written by version 0.0.1"), "{doubts:?}");
    assert!(doubts[1].contains("the amount of 2021-Q2 add up to"), "{doubts:?}");
    assert!(doubts[1].contains("to 1000000 in its manifest"), "{doubts:?}");
}

/// What reading `out.csv` says after something was done to it or its manifest.
fn refused(change: impl Fn(&Desk)) -> String {
    let desk = Desk::new();
    let sales = desk.file("sales.csv", PAST);
    desk.forecast("out.csv", &[&sales, "--model", SYNLEAD]);
    change(&desk);
    Issued::read(&desk.path("out.csv")).unwrap_err().to_string()
}

#[test]
fn what_is_no_forecast_is_refused_with_the_reason() {
    let says = |message: String, part: &str| assert!(message.contains(part), "{part}: {message}");
    let rows = |text: &'static str| move |desk: &Desk| drop(desk.file("out.csv", text));
    says(refused(rows("customer,flags\na,\n")), "no column `purchases_…`");
    says(refused(rows("purchases_1\n1\n")), "no column `customer`");
    says(refused(rows("")), "no column `customer`");
    says(refused(rows("customer,purchases_1\na,1\nb\n")), "is not a forecast");
    says(
        refused(rows("customer,purchases_1\na,1\na,2\n")),
        "row 2: customer `a` has a row already",
    );
    says(
        refused(rows("customer,purchases_1\na,1\nb,one\n")),
        "row 2, column `purchases_1`: found `one`",
    );
    says(refused(rows("customer,purchases_1\na,NaN\n")), "found `NaN`, expected a plain number");
    says(
        refused(rows("customer,purchases_4\na,1\n")),
        "`purchases_4` is of a period that the manifest",
    );
    says(refused(rows("customer,purchases\na,1\n")), "no column `h` or `period`");
    says(
        refused(rows("customer,h,purchases\na,4,1\n")),
        "column `h`: found `4`, expected a period",
    );
    says(refused(rows("customer,period,purchases\na,2019-Q1,1\n")), "found `2019-Q1`");
    says(refused(|desk| std::fs::remove_file(desk.path("out.csv")).unwrap()), "cannot be read");
}

#[test]
fn what_is_no_manifest_is_refused_with_the_reason() {
    let says = |message: String, part: &str| assert!(message.contains(part), "{part}: {message}");
    let manifest = |key: &'static str, value: serde_json::Value| {
        move |desk: &Desk| {
            let mut manifest = desk.manifest("out.csv");
            manifest[key] = value.clone();
            desk.write_manifest("out.csv", &manifest);
        }
    };
    says(
        refused(|desk| std::fs::remove_file(desk.path("out.csv.run.json")).unwrap()),
        "looked for `",
    );
    says(refused(|desk| drop(desk.file("out.csv.run.json", "{"))), "is not a run manifest");
    says(refused(manifest("program", "other".into())), "its program is `other`");
    says(refused(manifest("period", "fortnight".into())), "`fortnight` is not a period");
    says(refused(manifest("as_of", "soon".into())), "its as-of date is `soon`");
    says(refused(manifest("as_of", "2020-12-30".into())), "2020-12-30");
    says(
        refused(manifest("periods", serde_json::json!(["2021-Q2"]))),
        "its period 1 is 2021-Q2, expected 2021-Q1",
    );
    says(refused(manifest("periods", serde_json::json!([]))), "it has no forecast period");
    let other =
        |desk: &Desk| drop(desk.file("out.csv.run.json", r#"{"version": "9.1.0", "rows": 3}"#));
    says(refused(other), "it was written by version 9.1.0");
}

#[test]
fn json_that_is_no_forecast_is_refused_with_the_reason() {
    let desk = Desk::new();
    let sales = desk.file("sales.csv", PAST);
    desk.forecast("out.json", &[&sales, "--model", SYNLEAD]);
    let says = |text: &str, part: &str| {
        desk.file("out.json", text);
        let error: CompareError = Issued::read(&desk.path("out.json")).unwrap_err();
        assert!(error.to_string().contains(part), "{part}: {error}");
    };
    says("{}", "expected an array");
    says("[{\"customer\": \"a\", \"purchases_1\": 1},", "is not a forecast");
    says("[{\"customer\": \"a\", \"purchases_1\": \"1\"}]", "found `\"1\"`");
    says("[{\"customer\": 5, \"purchases_1\": 1}]", "column `customer`: found `5`");
    says("[]", "no column `customer`");
}
