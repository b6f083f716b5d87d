//! Bad input that no list names: whatever people send.

use crate::support::{Desk, SMALL, holds};

#[test]
fn a_workbook_renamed_to_csv_is_refused() {
    // The first bytes of a ZIP archive, which a workbook is.
    let desk = Desk::with(b"PK\x03\x04\x14\x00\x06\x00");
    desk.refuses(&["sales.csv"], 1, &["sales.csv", "workbook or ZIP", "export it as CSV"]);
}

#[test]
fn text_in_utf_16_is_refused() {
    let wide: Vec<u8> =
        "\u{feff}customer,date\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    Desk::with(wide).refuses(&["sales.csv"], 1, &["sales.csv", "UTF-16", "CSV UTF-8"]);
}

#[test]
fn a_quote_that_never_closes_names_the_line_it_opens_on() {
    let desk =
        Desk::with("customer,date,amount\na,2020-01-01,5\n\"b,2020-02-01,6\nc,2020-03-01,7\n");
    desk.refuses(&["sales.csv"], 1, &["sales.csv:3", "never closes"]);
}

#[test]
fn one_file_given_twice_is_refused() {
    let desk = Desk::with(SMALL);
    desk.refuses(&["sales.csv", "./sales.csv"], 1, &["the same file", "count twice"]);
}

#[test]
fn a_pattern_that_matches_nothing_is_refused() {
    Desk::new().refuses(&["*.tsv"], 1, &["*.tsv: no file matches this pattern"]);
}

#[test]
fn files_with_different_columns_are_refused() {
    let desk = Desk::with(SMALL);
    desk.file("more.csv", "customer,date,revenue\nd,2020-01-01,5\n");
    desk.refuses(&["sales.csv", "more.csv"], 1, &["more.csv", "`revenue`", "same columns"]);
}

#[test]
fn an_amount_with_too_many_places_is_refused() {
    let desk = Desk::with("customer,date,amount\na,2020-01-01,5.12345678901\nb,2020-02-01,6\n");
    desk.refuses(&["sales.csv"], 1, &["sales.csv:2", "`amount`", "5.12345678901"]);
}

#[test]
fn an_amount_beyond_all_money_is_refused() {
    let desk =
        Desk::with("customer,date,amount\na,2020-01-01,99999999999999999999\nb,2020-02-01,6.5\n");
    desk.refuses(&["sales.csv"], 1, &["sales.csv:2", "`amount`", "18 digits"]);
}

#[test]
fn parentheses_and_decimal_commas_are_not_guessed() {
    let desk = Desk::with("customer;date;amount\na;2020-01-01;12,50\nb;2020-02-01;(3.00)\n");
    desk.refuses(&["sales.csv"], 1, &["`12,50`", "`(3.00)`", "decimal point"]);
}

#[test]
fn a_day_the_calendar_does_not_have_is_refused() {
    let desk = Desk::with("customer,date,amount\na,2021-02-29,5\nb,2020-02-29,6\n");
    desk.refuses(&["sales.csv"], 1, &["sales.csv:2", "`2021-02-29`", "calendar"]);
}

#[test]
fn the_wrong_delimiter_shows_the_header_it_gives() {
    let desk = Desk::with(SMALL);
    let parts = ["no column looks like the customer", "`customer,date,amount,cost`"];
    desk.refuses(&["sales.csv", "--delimiter", ";"], 1, &parts);
}

#[test]
fn an_as_of_date_long_after_the_data_warns() {
    let desk = Desk::with(SMALL);
    let args = ["forecast", "sales.csv", "-q", "-o", "out.csv", "--as-of", "2025-12-31"];
    let outcome = desk.done(&args);
    holds(&outcome.stderr, &["data end on 2020-12-31", "20.0 periods before", "2025-12-31"]);
    let outcome = desk.done(&["forecast", "sales.csv", "-q", "-o", "out.csv"]);
    assert!(!outcome.stderr.contains("data end on"), "{}", outcome.stderr);
}

#[test]
fn a_repeated_row_is_counted_and_can_be_refused() {
    let desk = Desk::with(format!("{SMALL}c,2020-06-30,5,2\n"));
    let outcome = desk.done(&["forecast", "sales.csv", "-q", "-o", "out.csv"]);
    holds(&outcome.stderr, &["repeat another row exactly", "--duplicates drop"]);
    std::fs::remove_file(desk.path("out.csv")).unwrap();
    std::fs::remove_file(desk.path("out.csv.run.json")).unwrap();
    desk.refuses(&["sales.csv", "--duplicates", "error"], 1, &["sales.csv:8", "--duplicates keep"]);
}

#[test]
fn refunds_can_be_refused() {
    let desk = Desk::with(format!("{SMALL}c,2020-07-30,-5,0\n"));
    let parts = ["negative amounts are refused", "sales.csv:8", "--refunds net"];
    desk.refuses(&["sales.csv", "--refunds", "error"], 1, &parts);
}

#[test]
fn empty_standard_input_is_refused_by_name() {
    let desk = Desk::new();
    let outcome = desk.run_with_stdin(&["forecast", "-"], "");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    holds(&outcome.stderr, &["standard input", "empty"]);
}

#[test]
fn a_model_given_as_the_transactions_is_refused() {
    let desk = Desk::new();
    desk.file("model.json", std::fs::read(crate::support::SYNLEAD).unwrap());
    desk.refuses(&["model.json"], 1, &["model.json"]);
}
