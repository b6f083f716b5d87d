use clvcast::ledger::{LedgerError, ReadOptions, Reason};

use crate::support::{holds, lenient, message, read_text, read_with, shown};

const HEADER: &str = "customer,date,amount,cost,expense\n";
const GOOD: &str = "1,2017-01-31,5,2,1\n";

fn one(row: &str) -> String {
    message(format!("{HEADER}{GOOD}{row}\n"))
}

#[test]
fn a_bad_row_is_named_by_file_line_column_text_and_remedy() {
    holds(
        &one("2,2017-01-31,abc,2,1"),
        &[
            "1 row cannot be used: bad-amount 1",
            "sales.csv:3: column `amount`: found `abc`, expected a plain decimal",
            "--lenient",
            "--rejects",
        ],
    );
}

#[test]
fn every_kind_of_bad_row_has_its_reason() {
    for (row, reason, hint) in [
        (",2017-01-31,5,2,1", "missing-customer", "column `customer`"),
        ("  ,2017-01-31,5,2,1", "missing-customer", "fill it in"),
        ("2,,5,2,1", "bad-date", "column `date`"),
        ("2,soon,5,2,1", "bad-date", "--date-format"),
        ("2,2017-02-30,5,2,1", "bad-date", "a day that the calendar has"),
        ("2,31/1/17,5,2,1", "bad-date", "four digits"),
        ("2,1017-01-31,5,2,1", "date-out-of-range", "1900 to 2100"),
        ("2,2917-01-31,5,2,1", "date-out-of-range", "1900 to 2100"),
        ("2,2017-01-31,,2,", "bad-amount", "carries an expense"),
        ("2,2017-01-31,NaN,2,1", "bad-amount", "finite"),
        ("2,2017-01-31,inf,2,1", "bad-amount", "finite"),
        ("2,2017-01-31,1e400,2,1", "bad-amount", "fits 18 digits"),
        ("2,2017-01-31,\"1,000\",2,1", "bad-amount", "thousands separators"),
        ("2,2017-01-31,$5,2,1", "bad-amount", "currency signs"),
        ("2,2017-01-31,(5),2,1", "bad-amount", "parentheses"),
        ("2,2017-01-31,\"5,50\",2,1", "bad-amount", "decimal point"),
        ("2,2017-01-31,0.1234567891,2,1", "bad-amount", "9 decimal places"),
        ("2,2017-01-31,5,two,1", "bad-cost", "column `cost`"),
        ("2,2017-01-31,5,2,one", "bad-expense", "column `expense`"),
        ("2,2017-01-31,5,2,-1", "bad-expense", "zero or more"),
        ("2,2017-01-31,5,2", "ragged-row", "5 fields as in the header, and 4 are there"),
        ("2,2017-01-31,5,2,1,9", "ragged-row", "and 6 are there"),
        ("2\0,2017-01-31,5,2,1", "bad-text", "NUL"),
    ] {
        holds(&one(row), &[&format!("{reason} 1"), "sales.csv:3: ", hint]);
    }
}

#[test]
fn invalid_utf_8_is_bad_in_a_used_field_and_harmless_in_another() {
    let text = b"customer,date,amount,note\n\xff,2017-01-31,5,x\n";
    holds(&message(text), &["bad-text 1", "valid UTF-8"]);
    let text = b"customer,date,amount,note\n1,2017-01-31,5,\xff\0\n";
    assert_eq!(read_text(text).unwrap().audit.rows_used, 1);
    holds(&message(b"customer,date,amoun\xff\n1,2017-01-31,5\n"), &["header 3", "UTF-8"]);
}

#[test]
fn all_bad_rows_are_counted_and_the_first_twenty_shown() {
    let mut text = format!("{HEADER}{GOOD}");
    for row in 0..30 {
        text += if row % 2 == 0 { "2,never,5,2,1\n" } else { "2,2017-01-31,x,2,1\n" };
    }
    let error = read_text(&text).unwrap_err();
    let shown = error.to_string();
    holds(&shown, &["30 rows cannot be used: bad-date 15, bad-amount 15", "and 10 more"]);
    assert_eq!(shown.matches("sales.csv:").count(), 20);
    let LedgerError::BadRows { total, by_reason, first } = error else { panic!("{shown}") };
    assert_eq!((total, by_reason[&Reason::BadDate], first.len()), (30, 15, 20));
    assert_eq!((first[0].line, first[19].line), (3, 22));
}

#[test]
fn lenient_leaves_bad_rows_out_counts_them_and_keeps_the_sum() {
    let text = format!("{HEADER}{GOOD}2,never,5,2,1\n3,2017-01-31,x,2,1\n4\n,2017-01-31,1,1,1\n");
    let ledger = read_with(text, &lenient()).unwrap();
    assert_eq!(shown(&ledger), ["1 2017-01-31 5 2 1"]);
    assert_eq!(ledger.customers[..], ["1"]);
    let audit = &ledger.audit;
    assert_eq!((audit.rows_read, audit.rows_used), (5, 1));
    assert_eq!(audit.rows_read, audit.rows_used + audit.left_out.values().sum::<u64>());
    assert_eq!(audit.left_out[&Reason::RaggedRow], 1);
    let lines: Vec<_> = audit.rejects.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, [3, 4, 5, 6]);
}

#[test]
fn rejects_are_the_first_twenty_or_all() {
    let text = format!("{HEADER}{GOOD}{}", "2,never,5,2,1\n".repeat(50));
    assert_eq!(read_with(&text, &lenient()).unwrap().audit.rejects.len(), 20);
    let options = ReadOptions { keep_rejects: true, ..lenient() };
    assert_eq!(read_with(&text, &options).unwrap().audit.rejects.len(), 50);
}

#[test]
fn lenient_with_nothing_left_is_an_error() {
    let error = read_with(format!("{HEADER}2,never,5,2,1\n"), &lenient()).unwrap_err();
    holds(&error.to_string(), &["no row is left to use", "bad-date 1", "sales.csv:2"]);
}

#[test]
fn lines_are_those_of_the_file_with_quotes_blank_lines_and_crlf() {
    let text =
        "customer,date,amount,note\r\n\r\n1,2017-01-31,5,\"two\r\nlines\"\r\n2,never,5,x\r\n";
    holds(&message(text), &["sales.csv:5: column `date`"]);
}

#[test]
fn long_cells_are_cut_in_messages() {
    let text = one(&format!("2,2017-01-31,{},2,1", "9".repeat(500)));
    assert!(text.len() < 500, "{text}");
}
