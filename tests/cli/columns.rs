//! The columns of a forecast file: names and order are a contract with users.

use crate::support::{Desk, SMALL, SUPERSTORE};

const PERIOD: &str = "period,p_active,purchases,value,amount,margin,cost,expense,gross_profit";
const AFTER: &str = "amount_total,gross_profit_total,past_purchases,past_amount,past_cost,\
    past_expense,past_gross_profit,first_purchase,last_purchase,active_periods,flags";

fn wide(horizon: usize, segment: &str) -> String {
    let periods = (1..=horizon).flat_map(|h| PERIOD.split(',').map(move |n| format!("{n}_{h}")));
    let periods: Vec<String> = periods.collect();
    format!("customer{segment},x,t_x,T,p_alive,r,f1,m1,{},{AFTER}", periods.join(","))
}

/// The contract ends with `flags`; columns may be added behind it.
#[track_caller]
fn starts_with(header: &[String], contract: &str) {
    let header = header.join(",");
    assert!(header == contract || header.starts_with(&format!("{contract},")), "{header}");
}

#[test]
fn wide_is_one_row_per_customer_with_the_periods_side_by_side() {
    let desk = Desk::with(SMALL);
    let table = desk.forecast(&[SUPERSTORE]);
    starts_with(&table.header, &wide(3, ",segment"));
    assert_eq!(table.rows.len(), 793);
    let table = desk.forecast(&["sales.csv", "--horizon", "1"]);
    starts_with(&table.header, &wide(1, ""));
}

#[test]
fn long_is_one_row_per_customer_and_period() {
    let desk = Desk::with(SMALL);
    let wide = desk.forecast(&["sales.csv"]);
    let long = desk.forecast(&["sales.csv", "--layout", "long"]);
    starts_with(&long.header, &format!("customer,x,t_x,T,p_alive,r,f1,m1,h,{PERIOD},{AFTER}"));
    assert_eq!(long.rows.len(), 3 * wide.rows.len());
    for row in 0..long.rows.len() {
        let (customer, h) = (row / 3, row % 3 + 1);
        assert_eq!(long.text(row, "h"), h.to_string());
        for name in PERIOD.split(',') {
            assert_eq!(long.text(row, name), wide.text(customer, &format!("{name}_{h}")));
        }
        for name in ["customer", "x", "t_x", "T", "m1"].into_iter().chain(AFTER.split(',')) {
            assert_eq!(long.text(row, name), wide.text(customer, name));
        }
    }
}

#[test]
fn rows_are_sorted_by_customer_and_labels_are_the_next_periods() {
    let desk = Desk::new();
    let table = desk.forecast(&[SUPERSTORE]);
    let ids: Vec<&str> = (0..table.rows.len()).map(|row| table.text(row, "customer")).collect();
    assert!(ids.is_sorted());
    let labels = ["period_1", "period_2", "period_3"].map(|name| table.text(0, name));
    assert_eq!(labels, ["2018-Q1", "2018-Q2", "2018-Q3"]);
}

#[test]
fn a_selection_holds_the_columns_asked_for_in_their_order() {
    let desk = Desk::with(SMALL);
    let whole = desk.forecast(&["sales.csv"]);
    let part = desk.forecast(&["sales.csv", "--columns", "gross_profit_2,customer,flags"]);
    assert_eq!(part.header, ["gross_profit_2", "customer", "flags"]);
    for row in 0..whole.rows.len() {
        assert_eq!(
            part.rows[row],
            ["gross_profit_2", "customer", "flags"].map(|n| whole.text(row, n))
        );
    }
}

#[test]
fn the_segment_column_is_there_where_the_ledger_has_one() {
    let desk = Desk::with(SMALL);
    let args = ["sales.csv", "--columns", "customer,segment"];
    desk.refuses(&args, 1, &["`segment`"]);
    let table = desk.forecast(&[SUPERSTORE, "--columns", "customer,segment"]);
    assert_eq!(table.rows[0], ["AA-10315", "Consumer"]);
}

#[test]
fn without_amounts_the_value_columns_stay_and_are_empty() {
    let desk = Desk::new();
    let table = desk.forecast(&[SUPERSTORE, "--amount", "none", "--cost", "none"]);
    starts_with(&table.header, &wide(3, ",segment"));
    table.is_finite();
    let empty = ["m1", "value_1", "amount_2", "margin_3", "cost_1", "expense_1", "gross_profit_1"];
    let totals = ["amount_total", "gross_profit_total", "past_amount", "past_cost"];
    for row in 0..table.rows.len() {
        for column in empty.iter().chain(&totals) {
            assert_eq!(table.text(row, column), "", "{column}");
        }
        assert!(table.number(row, "purchases_1").unwrap() > 0.0);
    }
    let with = desk.forecast(&[SUPERSTORE]);
    assert_eq!(table.sum("purchases_2"), with.sum("purchases_2"));
}
