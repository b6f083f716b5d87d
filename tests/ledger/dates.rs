use clvcast::ledger::{Ledger, LedgerError, ReadOptions, Reason};

use crate::support::{holds, lenient, message, read_text, read_with};

fn text(dates: &[&str]) -> String {
    let rows: Vec<_> = dates.iter().map(|date| format!("1\t{date}\t5\n")).collect();
    format!("customer\tdate\tamount\n{}", rows.concat())
}

fn days(ledger: &Ledger) -> Vec<String> {
    ledger.rows.iter().map(|row| row.day.to_string()).collect()
}

#[test]
fn unambiguous_dates_are_read_and_their_format_reported() {
    for (date, format) in [
        ("2017-08-11", "ISO (2017-01-31)"),
        ("2017-08-11T23:30:00-11:00", "ISO (2017-01-31)"),
        ("20170811", "yyyymmdd (20170131)"),
        ("2017/08/11", "year first (2017/01/31)"),
        ("11 Aug 2017", "month names (31 Jan 2017)"),
        ("August 11, 2017", "month names (31 Jan 2017)"),
    ] {
        let ledger = read_text(text(&[date])).unwrap();
        assert_eq!(days(&ledger), ["2017-08-11"], "{date}");
        assert_eq!(ledger.audit.date_format, format);
    }
}

#[test]
fn an_ambiguous_date_alone_is_a_question() {
    holds(
        &message(text(&["11/8/2017", "1/2/2017"])),
        &["sales.csv:2", "is `11/8/2017` day first or month first?", "%d/%m/%Y", "%m/%d/%Y"],
    );
}

#[test]
fn a_column_that_settles_the_order_is_accepted_and_the_line_reported() {
    let ledger = read_text(text(&["11/8/2017", "31/1/2017"])).unwrap();
    assert_eq!(days(&ledger), ["2017-01-31", "2017-08-11"]);
    assert_eq!(ledger.audit.date_format, "day first (31/1/2017), settled by line 3");
    let ledger = read_text(text(&["11.8.2017 9:30", "1.31.2017"])).unwrap();
    assert_eq!(days(&ledger), ["2017-01-31", "2017-11-08"]);
    assert_eq!(ledger.audit.date_format, "month first (1.31.2017), settled by line 3");
}

#[test]
fn rows_of_both_orders_are_bad_rows_or_a_question() {
    let mixed = text(&["11/8/2017", "31/1/2017", "30/1/2017", "1/31/2017"]);
    holds(&message(&mixed), &["bad-date 1", "sales.csv:5", "`1/31/2017`", "mixed date formats"]);
    let error = read_with(&mixed, &lenient()).unwrap_err();
    assert!(matches!(error, LedgerError::MixedDateOrders { day_first: 2, month_first: 1, .. }));
    let options = ReadOptions { date_format: Some("%d/%m/%Y".into()), ..lenient() };
    let ledger = read_with(&mixed, &options).unwrap();
    assert_eq!(days(&ledger), ["2017-01-30", "2017-01-31", "2017-08-11"]);
    assert_eq!(ledger.audit.left_out[&Reason::BadDate], 1);
}

#[test]
fn the_majority_format_stands_and_other_rows_are_bad_with_their_text() {
    let mixed = text(&["2017-01-31", "2017-02-01", "2/1/2017", "20170201", "2017/02/01 10:00"]);
    holds(
        &message(&mixed),
        &["bad-date 3", "sales.csv:4", "`2/1/2017`", "`20170201`", "`2017/02/01 10:00`", "ISO"],
    );
    let tie = text(&["1/31/2017", "2017-02-01"]);
    let ledger = read_with(&tie, &lenient()).unwrap();
    assert_eq!(days(&ledger), ["2017-02-01"]);
    assert_eq!(ledger.audit.rejects[0].found, "1/31/2017");
    let iso = text(&["1/31/2017", "1/30/2017", "2017-02-01"]);
    assert_eq!(read_with(&iso, &lenient()).unwrap().audit.rejects[0].found, "2017-02-01");
}

#[test]
fn a_given_format_is_followed_and_must_be_one() {
    let options = |format: &str| ReadOptions {
        date_format: Some(format.to_owned()),
        ..ReadOptions::default()
    };
    let ledger = read_with(text(&["11/8/17 10:15"]), &options("%d/%m/%y %H:%M")).unwrap();
    assert_eq!(days(&ledger), ["2017-08-11"]);
    assert_eq!(ledger.audit.date_format, "as given (%d/%m/%y %H:%M)");
    let error = read_with(text(&["11/8/17"]), &options("%d/%m")).unwrap_err();
    holds(&error.to_string(), &["`%d/%m` is not a date format", "%d/%m/%Y"]);
}
