//! Decided margins and expenses: what is refused, and which row wins.

use crate::support::{Desk, SMALL, SUPERSTORE, holds};

const HEADER: &str = "customer,segment,period,field,op,value\n";

#[track_caller]
fn refuses(text: &str, parts: &[&str]) {
    let desk = Desk::with(SMALL);
    desk.file("decided.csv", text);
    let parts = [&["decided.csv"], parts].concat();
    desk.refuses(&["sales.csv", "--overrides", "decided.csv"], 1, &parts);
}

#[test]
fn overrides_for_unknown_customers_segments_and_periods_are_refused_all_at_once() {
    let rows = "nobody,,,margin,set,0.3\n,Gold,,margin,set,0.3\n,,2020-Q4,margin,set,0.3\n";
    let parts = [
        "3 row(s)",
        "line 2: customer `nobody`",
        "line 3: segment `Gold`",
        "line 4: period `2020-Q4`",
        "2021-Q1",
    ];
    refuses(&format!("{HEADER}{rows}"), &parts);
}

#[test]
fn overrides_that_contradict_each_other_are_refused() {
    let rows = "a,,,margin,set,0.3\na,*,*,margin,set,0.4\n";
    refuses(&format!("{HEADER}{rows}"), &["line 3", "line 2", "customer `a`", "keep one"]);
}

#[test]
fn words_and_numbers_that_make_no_sense_are_refused() {
    let rows = ",,,price,set,1\n,,,margin,put,1\n,,,margin,set,30%\n,,,margin,set,nan\n\
        ,,,margin,set,35\n,,,expense,set,-1\n,,,expense,multiply,-1\na,Gold,,margin,set,0\n";
    let parts = [
        "field is `price`, expected margin or expense",
        "op is `put`, expected set, add or multiply",
        "value is `30%`",
        "value is `nan`",
        "margin is set to `35`",
        "expense is set to `-1`",
        "line 8: expense is multiplied by `-1`",
        "both customer `a` and segment `Gold`",
    ];
    refuses(&format!("{HEADER}{rows}"), &parts);
}

#[test]
fn files_of_another_form_are_refused() {
    refuses("", &["no column `customer`", "separated by commas"]);
    refuses("customer,field,op,value\n", &["no column `segment`"]);
    refuses(&HEADER.replace(',', ";"), &["no column `customer`", "separated by commas"]);
    refuses(&format!("customer,{HEADER}"), &["two columns `customer`"]);
    refuses(&format!("{HEADER},,margin,set,0\n"), &["line 2: has 5 fields, expected 6"]);
}

#[test]
fn a_customer_beats_a_segment_beats_all_then_a_named_period_beats_all() {
    let desk = Desk::new();
    let rows = ",,,margin,set,0.1\n,,2018-Q2,margin,set,0.2\n,Consumer,,margin,set,0.3\n\
        AA-10315,,,margin,set,0.4\nAA-10315,,2018-Q3,margin,set,0.5\n\
        ,Consumer,2018-Q1,expense,set,7\n";
    desk.file("decided.csv", format!("{HEADER}{rows}"));
    let table = desk.forecast(&[SUPERSTORE, "--overrides", "decided.csv"]);
    let margins = |row| ["margin_1", "margin_2", "margin_3"].map(|c| table.number(row, c).unwrap());
    let own = table.row_of("AA-10315");
    assert_eq!(margins(own), [0.4, 0.4, 0.5]);
    assert_eq!(table.text(own, "overridden"), "margin_1;expense_1;margin_2;margin_3");
    assert_eq!(table.number(own, "expense_1"), Some(7.0));
    let mut seen = [false, false];
    for row in (0..table.rows.len()).filter(|&row| row != own) {
        let consumer = table.text(row, "segment") == "Consumer";
        seen[usize::from(consumer)] = true;
        assert_eq!(margins(row), if consumer { [0.3; 3] } else { [0.1, 0.2, 0.1] });
        assert!(table.text(row, "flags").split(';').any(|flag| flag == "overridden"));
    }
    assert_eq!(seen, [true; 2]);
}

#[test]
fn add_and_multiply_change_the_number_the_rule_gives() {
    let desk = Desk::with(SMALL);
    let plain = desk.forecast(&["sales.csv", "--expense-rate", "0.05"]);
    let rows = "a,,,margin,add,0.05\nb,,2021-Q1,margin,multiply,0.5\n,,,expense,add,2\n";
    desk.file("decided.csv", format!("{HEADER}{rows}"));
    let args = ["sales.csv", "--expense-rate", "0.05", "--overrides", "decided.csv"];
    let changed = desk.forecast(&args);
    let (a, b, c) = (plain.row_of("a"), plain.row_of("b"), plain.row_of("c"));
    let near = |x: Option<f64>, y: f64| assert!((x.unwrap() - y).abs() < 1e-12, "{x:?} {y}");
    let margin = |row, h| plain.number(row, h).unwrap();
    near(changed.number(a, "margin_2"), margin(a, "margin_2") + 0.05);
    near(changed.number(b, "margin_1"), margin(b, "margin_1") * 0.5);
    near(changed.number(b, "margin_2"), margin(b, "margin_2"));
    near(changed.number(c, "expense_3"), margin(c, "expense_3") + 2.0);
    assert_eq!(changed.text(c, "overridden"), "expense_1;expense_2;expense_3");
    let manifest = desk.json("out.csv.run.json");
    assert_eq!(manifest["overrides"]["path"], "decided.csv");
    assert_eq!(manifest["overrides"]["numbers"], 9 + 3 + 1);
}

#[test]
fn overrides_can_be_read_whatever_the_order_of_columns_and_blanks() {
    let desk = Desk::with(SMALL);
    desk.file(
        "decided.csv",
        "\u{feff}Value, op,field,period,segment,customer\r\n0.25,set,margin,*,*,*\r\n",
    );
    let table = desk.forecast(&["sales.csv", "--overrides", "decided.csv"]);
    assert_eq!(table.number(0, "margin_3"), Some(0.25));
}

#[test]
fn a_missing_overrides_file_is_named() {
    let desk = Desk::with(SMALL);
    desk.refuses(&["sales.csv", "--overrides", "no.csv"], 1, &["overrides file `no.csv`"]);
    let outcome = desk.run(&["forecast", "sales.csv", "--overrides", "."]);
    assert_eq!(outcome.code, 1);
    holds(&outcome.stderr, &["overrides file `.`"]);
}
