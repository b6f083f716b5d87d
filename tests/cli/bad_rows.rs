//! Rows that cannot be used: all of them counted, the first ones shown.

use crate::support::{Desk, holds};

const HEADER: &str = "customer,date,amount\n";

#[track_caller]
fn refuses(rows: &str, parts: &[&str]) {
    let desk = Desk::with(format!("{HEADER}{rows}"));
    let always = ["sales.csv:", "--lenient"];
    desk.refuses(&["sales.csv"], 1, &[&always, parts].concat());
}

#[test]
fn an_unparsable_date_names_its_line() {
    refuses("a,2020-01-01,1\na,soon,2\n", &["1 row ", "sales.csv:3", "`date`", "`soon`"]);
}

#[test]
fn an_unparsable_amount_names_its_line() {
    refuses("a,2020-01-01,1\na,2020-02-01,two\n", &["1 row ", "sales.csv:3", "`amount`", "`two`"]);
}

#[test]
fn all_bad_rows_are_counted_and_the_first_20_shown() {
    let rows = "c,never,1\n".repeat(30);
    let desk = Desk::with(format!("{HEADER}a,2020-01-01,1\n{rows}"));
    let message = desk.run(&["forecast", "sales.csv"]).stderr;
    holds(&message, &["30 rows cannot be used", "sales.csv:22", "and 10 more"]);
    assert!(!message.contains("sales.csv:23"), "{message}");
}

#[test]
fn amounts_that_are_not_finite_are_refused() {
    let rows = "a,2020-01-01,nan\na,2020-02-01,inf\na,2020-03-01,1e400\n";
    refuses(rows, &["bad-amount 3", "sales.csv:2", "`nan`", "`inf`", "sales.csv:4", "`1e400`"]);
}

#[test]
fn mixed_date_formats_are_refused() {
    let rows = "a,2020-01-01,1\nb,2020-01-02,1\na,31/12/2020,2\n";
    refuses(rows, &["sales.csv:4", "`31/12/2020`", "written like the others", "ISO"]);
}

#[test]
fn day_first_or_month_first_is_asked() {
    let desk = Desk::with(format!("{HEADER}a,11/8/2017,1\nb,3/4/2017,2\n"));
    let parts = ["sales.csv:2", "`11/8/2017`", "day first or month first?", "--date-format"];
    desk.refuses(&["sales.csv"], 1, &parts);
}

#[test]
fn dates_in_the_far_past_or_future_are_refused() {
    let rows = "a,0019-01-01,1\na,2020-01-01,1\nb,9999-12-31,1\n";
    refuses(rows, &["date-out-of-range 2", "sales.csv:2", "sales.csv:4", "1900 to 2100"]);
}

#[test]
fn a_missing_customer_id_is_refused() {
    refuses("a,2020-01-01,1\n,2020-02-01,2\n", &["missing-customer 1", "sales.csv:3"]);
}

#[test]
fn ragged_rows_are_refused() {
    let rows = "a,2020-01-01\na,2020-02-01,2,3\n";
    refuses(rows, &["ragged-row 2", "sales.csv:2", "3 fields as in the header, and 4 are there"]);
}

#[test]
fn invalid_utf_8_is_refused() {
    let mut rows = HEADER.as_bytes().to_vec();
    rows.extend(b"caf\xe9,2020-01-01,1\nb,2020-02-01,2\n");
    Desk::with(rows).refuses(&["sales.csv"], 1, &["sales.csv:2", "valid UTF-8", "save the file"]);
}

#[test]
fn nul_bytes_are_refused() {
    refuses("a\0b,2020-01-01,1\nb,2020-02-01,2\n", &["sales.csv:2", "NUL"]);
}

#[test]
fn thousands_separators_and_currency_signs_are_refused_with_advice() {
    let rows = "a,2020-01-01,\"1,200.00\"\nb,2020-02-01,$5\n";
    refuses(rows, &["`1,200.00`", "`$5`", "remove currency signs, thousands separators"]);
}
