use clvcast::ledger::Reason;
use clvcast::units::Money;

use crate::support::{holds, lenient, message, read_text, read_with, shown};

#[test]
fn the_scale_is_the_most_places_of_any_money_cell_and_sums_are_exact() {
    let text = "customer,date,amount,cost\n1,2017-01-31,0.10,\n1,2017-02-01,.2,1.3750\n1,2017-02-02,1e2,0\n";
    let ledger = read_text(text).unwrap();
    assert_eq!(ledger.scale.places(), 3);
    let total: Money = ledger.rows.iter().map(|row| row.money()).sum();
    assert_eq!(total.display(ledger.scale).to_string(), "100.3");
}

#[test]
fn a_row_may_carry_only_an_expense() {
    let text = "customer,date,amount,expense\n1,2017-01-31,,2.5\n1,2017-02-01,5,\n";
    let ledger = read_text(text).unwrap();
    assert_eq!(shown(&ledger), ["1 2017-01-31 none 0 2.5", "1 2017-02-01 5 0 0"]);
    holds(&message("customer,date,amount\n1,2017-01-31,\n"), &["bad-amount 1", "fill it in"]);
}

#[test]
fn a_negative_cost_is_a_return_and_a_negative_expense_is_bad() {
    let ledger = read_text("customer,date,amount,cost\n1,2017-01-31,-5,-2\n").unwrap();
    assert_eq!(shown(&ledger), ["1 2017-01-31 -5 -2 0"]);
    let text = "customer,date,amount,expense\n1,2017-01-31,5,-2\n";
    holds(&message(text), &["bad-expense 1", "found `-2`"]);
}

#[test]
fn an_amount_that_does_not_fit_the_scale_is_a_bad_row() {
    let text = "customer,date,amount\n1,2017-01-31,0.000000001\n2,2017-01-31,10000000000\n";
    holds(&message(text), &["bad-amount 1", "sales.csv:3", "`10000000000`", "fits 18 digits"]);
    let ledger = read_with(text, &lenient()).unwrap();
    assert_eq!(shown(&ledger), ["1 2017-01-31 0.000000001 0 0"]);
    assert_eq!(ledger.audit.left_out[&Reason::BadAmount], 1);
}
