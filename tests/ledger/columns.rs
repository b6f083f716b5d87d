use clvcast::ledger::{ColumnChoice, LedgerError, ReadOptions, Role};

use crate::support::{Folder, holds, message, read_paths, read_text, read_with, shown};

fn named(name: &str) -> ColumnChoice {
    ColumnChoice::Named(name.to_owned())
}

#[test]
fn delimiters_quotes_byte_order_mark_and_line_ends_are_understood() {
    for text in [
        "customer,date,amount\n\"a,b\",2017-01-31,5\n",
        "\u{feff}customer;date;amount\r\n\"a,b\";2017-01-31;5\r\n",
        "customer\tdate\tamount\na,b\t2017-01-31\t5",
        "\n\"customer\"|date|amount\n\n a,b |2017-01-31|5\n\n",
    ] {
        assert_eq!(shown(&read_text(text).unwrap()), ["a,b 2017-01-31 5 0 0"], "{text}");
    }
    let options = ReadOptions { delimiter: Some(b'~'), ..ReadOptions::default() };
    let ledger = read_with("customer~date~amount,x\n1~2017-01-31~5\n", &options);
    holds(&ledger.unwrap().audit.notes.join(" "), &["no amount column"]);
}

#[test]
fn customer_ids_are_text_and_keep_leading_zeros() {
    let ledger = read_text("cust,date\n007,2017-01-31\n 07 ,2017-01-31\n7,2017-01-31\n").unwrap();
    assert_eq!(ledger.customers[..], ["007", "07", "7"]);
}

#[test]
fn missing_columns_list_the_header() {
    holds(&message("name,date\nx,2017-01-31\n"), &["the customer", "`name`, `date`", "--customer"]);
    holds(&message("customer,when\n1,2017-01-31\n"), &["the date", "`when`", "--date"]);
}

#[test]
fn an_unknown_named_column_suggests_the_nearest() {
    let options = ReadOptions { amount: named("Slaes"), ..ReadOptions::default() };
    let error = read_with("customer,date,Sales\n1,2017-01-31,5\n", &options).unwrap_err();
    holds(&error.to_string(), &["`Slaes`", "--amount", "did you mean `Sales`?", "`customer`"]);
}

#[test]
fn two_columns_that_look_like_the_amount_are_refused_with_the_option() {
    let text = "customer,date,sales,revenue\n1,2017-01-31,5,6\n";
    holds(
        &message(text),
        &["`sales` and `revenue` both look like the amount", "--amount \"sales\""],
    );
    let options = ReadOptions { amount: named("revenue"), ..ReadOptions::default() };
    assert_eq!(shown(&read_with(text, &options).unwrap()), ["1 2017-01-31 6 0 0"]);
    let options = ReadOptions { amount: ColumnChoice::Off, ..ReadOptions::default() };
    assert_eq!(shown(&read_with(text, &options).unwrap()), ["1 2017-01-31 none 0 0"]);
}

#[test]
fn a_repeated_header_is_refused_and_one_column_serves_one_role() {
    holds(&message("customer,date,x,x\n1,2017-01-31,1,2\n"), &["columns 3 and 4", "`x`"]);
    let options = ReadOptions { amount: named("x"), cost: named("x"), ..ReadOptions::default() };
    let error = read_with("customer,date,x\n1,2017-01-31,1\n", &options).unwrap_err();
    holds(&error.to_string(), &["`x`", "--amount", "--cost"]);
}

#[test]
fn files_must_agree_on_the_columns_and_may_order_them_differently() {
    let folder = Folder::new();
    let a = folder.file("a.csv", "customer,date,amount\n1,2017-01-31,5\n");
    let b = folder.file("b.csv", "amount,extra,date,customer\n6,x,2017-02-01,1\n");
    let c = folder.file("c.csv", "customer,date,sales\n1,2017-01-31,5\n");
    let ledger = read_paths(&[a.clone(), b]).unwrap();
    assert_eq!(shown(&ledger), ["1 2017-01-31 5 0 0", "1 2017-02-01 6 0 0"]);
    let error = read_paths(&[a, c]).unwrap_err();
    assert!(matches!(error, LedgerError::ColumnsDiffer { role: Role::Amount, .. }));
    holds(&error.to_string(), &["c.csv: the amount is column `sales`, and column `amount` in"]);
}

#[test]
fn without_an_amount_column_costs_and_expenses_still_count() {
    let ledger = read_text("customer,date,cost,expense\n1,2017-01-31,2,\n1,2017-02-01,,3\n");
    let ledger = ledger.unwrap();
    assert_eq!(shown(&ledger), ["1 2017-01-31 none 2 0", "1 2017-02-01 none 0 3"]);
    assert_eq!(ledger.columns.amount, None);
}

#[test]
fn more_than_one_currency_is_refused() {
    let text = "customer,date,amount,Currency_Code\n1,2017-01-31,5,EUR\n1,2017-01-31,5,usd\n";
    holds(&message(text), &["`Currency_Code`", "`EUR`, `USD`", "convert"]);
    let one = "customer,date,amount,currency\n1,2017-01-31,5,EUR\n1,2017-01-31,6,\n";
    assert_eq!(read_text(one).unwrap().audit.rows_used, 2);
}

#[test]
fn the_segment_of_the_latest_row_counts_whatever_the_order() {
    let rows = [
        "1,2017-01-31,5,home",
        "1,2017-03-01,5,office",
        "1,2017-03-01,5,garden",
        "2,2017-01-31,5,home",
        "2,2017-02-28,5,",
        "3,2017-01-01,5,",
    ];
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0]] {
        let rows: Vec<_> = order.iter().map(|index| rows[*index]).collect();
        let ledger = read_text(format!("customer,date,amount,segment\n{}\n", rows.join("\n")));
        let ledger = ledger.unwrap();
        assert_eq!(ledger.segments.unwrap(), ["office", "home", ""]);
        assert_eq!(ledger.audit.customers_with_several_segments, 1);
    }
}

#[test]
fn order_ids_identify_orders_and_empty_ones_are_none() {
    let text =
        "customer,date,amount,order_id\n1,2017-01-31,5,A\n1,2017-01-31,6,A\n1,2017-01-31,7,\n";
    let ledger = read_text(text).unwrap();
    let orders: Vec<_> = ledger.rows.iter().map(|row| row.order).collect();
    assert_eq!(orders[0], None);
    assert!(orders[1].is_some() && orders[1] == orders[2]);
}
