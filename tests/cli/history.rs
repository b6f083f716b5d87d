//! The past is exact: sums in whole units of the last decimal place, here and there.

use std::collections::BTreeMap;

use crate::support::{Desk, SUPERSTORE, SYNLEAD};
use crate::table::Table;

/// Decimal places of the file's amounts and costs.
const PLACES: usize = 4;

/// A decimal in units of the fourth place; no float in between.
fn units(text: &str) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(fraction.len() <= PLACES, "{text}");
    sign * format!("{whole}{fraction:0<PLACES$}").parse::<i64>().unwrap()
}

/// By customer: orders, amount, cost.
fn sums(ledger: &Table) -> BTreeMap<&str, (i64, i64, i64)> {
    let mut sums: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for row in 0..ledger.rows.len() {
        let sum = sums.entry(ledger.text(row, "customer")).or_default();
        sum.0 += 1;
        sum.1 += units(ledger.text(row, "amount"));
        sum.2 += units(ledger.text(row, "cost"));
    }
    sums
}

#[test]
fn past_columns_equal_the_files_sums_exactly_per_customer_and_in_total() {
    let desk = Desk::new();
    let ledger = Table::parse(&std::fs::read_to_string(SUPERSTORE).unwrap());
    let expected = sums(&ledger);
    let table = desk.forecast(&[SUPERSTORE, "--period", "quarter"]);
    assert_eq!(table.rows.len(), expected.len());
    let mut total = (0, 0, 0);
    for row in 0..table.rows.len() {
        let (orders, amount, cost) = expected[table.text(row, "customer")];
        assert_eq!(table.text(row, "past_purchases"), orders.to_string());
        assert_eq!(units(table.text(row, "past_amount")), amount);
        assert_eq!(units(table.text(row, "past_cost")), cost);
        assert_eq!(units(table.text(row, "past_gross_profit")), amount - cost);
        total = (total.0 + orders, total.1 + amount, total.2 + cost);
    }
    let history = desk.json("out.csv.run.json")["totals"]["history"].clone();
    assert_eq!(history["purchases"], total.0);
    assert_eq!(units(&history["amount"].to_string()), total.1);
    assert_eq!(units(&history["cost"].to_string()), total.2);
    assert_eq!(units(&history["gross_profit"].to_string()), total.1 - total.2);
}

#[test]
fn first_and_last_purchase_are_days_of_the_file() {
    let desk = Desk::new();
    let ledger = Table::parse(&std::fs::read_to_string(SUPERSTORE).unwrap());
    let mut days: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in 0..ledger.rows.len() {
        days.entry(ledger.text(row, "customer")).or_default().push(ledger.text(row, "date"));
    }
    let table = desk.forecast(&[SUPERSTORE]);
    for row in 0..table.rows.len() {
        let days = &days[table.text(row, "customer")];
        assert_eq!(table.text(row, "first_purchase"), *days.iter().min().unwrap());
        assert_eq!(table.text(row, "last_purchase"), *days.iter().max().unwrap());
    }
}

#[test]
fn rows_after_the_as_of_date_are_left_out_of_the_past_and_counted() {
    let desk = Desk::new();
    let ledger = Table::parse(&std::fs::read_to_string(SUPERSTORE).unwrap());
    let (mut before, mut after, mut late) = (0, 0, 0);
    for row in 0..ledger.rows.len() {
        let amount = units(ledger.text(row, "amount"));
        if ledger.text(row, "date") <= "2016-12-31" {
            before += amount;
        } else {
            after += amount;
            late += 1;
        }
    }
    desk.forecast(&[SUPERSTORE, "--as-of", "2016-12-31"]);
    let manifest = desk.json("out.csv.run.json");
    assert_eq!(units(&manifest["totals"]["history"]["amount"].to_string()), before);
    assert_eq!(units(&manifest["rows"]["amount_after_as_of"].to_string()), after);
    assert_eq!(manifest["rows"]["left_out"]["after-as-of"], late);
}

#[test]
fn a_segment_named_after_the_as_of_date_is_not_known_on_it() {
    let desk = Desk::with(
        "customer,segment,date,amount\n\
         A,old,2023-01-05,10\nA,old,2023-05-05,10\nA,new,2024-02-05,10\n\
         B,,2023-01-07,10\nB,late,2024-03-05,10\nC,same,2023-02-05,10\n",
    );
    let segments = |as_of: &str| -> [String; 3] {
        let table = desk.forecast(&["sales.csv", "--model", SYNLEAD, "--as-of", as_of]);
        [0, 1, 2].map(|row| table.text(row, "segment").to_owned())
    };
    assert_eq!(segments("2023-12-31"), ["old", "", "same"]);
    assert_eq!(segments("2024-03-31"), ["new", "late", "same"]);
}
