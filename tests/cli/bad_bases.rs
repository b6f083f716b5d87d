//! Data that can be read, and cannot carry a forecast.

use crate::support::{Desk, SMALL, SYNLEAD};

const HEADER: &str = "customer,date,amount\n";

#[track_caller]
fn refuses(rows: &str, args: &[&str], parts: &[&str]) {
    let desk = Desk::with(format!("{HEADER}{rows}"));
    desk.refuses(&[&["sales.csv"], args].concat(), 1, parts);
}

#[test]
fn one_customer_needs_a_model() {
    let rows = "a,2020-01-05,10\na,2020-05-06,12\na,2020-12-31,9\n";
    refuses(rows, &[], &["1 customer", "expected at least 2", "--model FILE"]);
    let table = Desk::with(format!("{HEADER}{rows}")).forecast(&["sales.csv", "--model", SYNLEAD]);
    assert!(table.number(0, "amount_1").unwrap() > 0.0);
}

#[test]
fn one_period_is_refused() {
    let rows = "a,2020-01-01,5\na,2020-02-01,6\nb,2020-03-31,7\n";
    refuses(rows, &[], &["one period only", "--period"]);
}

#[test]
fn no_repeat_purchase_is_refused() {
    let rows = "a,2020-01-01,5\nb,2020-05-01,6\nc,2020-12-31,7\n";
    refuses(rows, &[], &["no repeat purchase among 3 customers", "--model FILE"]);
}

#[test]
fn amounts_that_are_all_zero_or_negative_are_refused_as_such() {
    let rows = "a,2020-01-01,-5\nb,2020-05-01,0\nc,2020-12-31,-7\n";
    refuses(rows, &[], &["no period with a positive net amount", "--amount none"]);
}

#[test]
fn an_as_of_date_before_the_first_row_is_refused() {
    let parts = ["2019-12-31", "before the first transaction (2020-01-05)", "ends on 2020-12-31"];
    Desk::with(SMALL).refuses(&["sales.csv", "--as-of", "2019-12-31"], 1, &parts);
}

#[test]
fn more_than_one_currency_is_refused() {
    let rows = "customer,date,amount,currency\na,2020-01-01,5,EUR\na,2020-05-01,6,USD\n";
    let parts = ["`currency`", "`EUR`, `USD`", "convert to one"];
    Desk::with(rows).refuses(&["sales.csv"], 1, &parts);
}
