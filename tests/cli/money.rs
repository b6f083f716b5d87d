//! The identities that a controller would check in a spreadsheet.

use crate::support::{CDNOW, Desk, SUPERSTORE};
use crate::table::Table;

/// Equal but for the rounding of one product or a few sums.
#[track_caller]
fn near(a: f64, b: f64, what: &str) {
    assert!((a - b).abs() <= 1e-12 * a.abs().max(b.abs()), "{what}: {a} is not {b}");
}

fn rows(table: &Table) -> impl Iterator<Item = (usize, usize)> {
    (0..table.rows.len()).flat_map(|row| (1..=3).map(move |h| (row, h)))
}

#[test]
fn purchases_times_value_is_the_amount_in_every_method() {
    let desk = Desk::new();
    for method in ["point", "chain", "posterior"] {
        let table = desk.forecast(&[SUPERSTORE, "--method", method]);
        for (row, h) in rows(&table) {
            let number = |name: &str| table.number(row, &format!("{name}_{h}")).unwrap();
            near(number("purchases") * number("value"), number("amount"), method);
        }
    }
}

#[test]
fn gross_profit_is_amount_less_cost_less_expense() {
    let desk = Desk::new();
    for args in [&[SUPERSTORE][..], &[CDNOW, "--margin", "0.35", "--expense-rate", "0.05"]] {
        let table = desk.forecast(args);
        for (row, h) in rows(&table) {
            let number = |name: &str| table.number(row, &format!("{name}_{h}")).unwrap();
            // Customers without an active period have no forecast.
            if table.number(row, &format!("amount_{h}")).is_none() {
                assert_eq!(table.text(row, &format!("gross_profit_{h}")), "");
                continue;
            }
            let (amount, cost) = (number("amount"), number("cost"));
            let profit = amount - cost - number("expense");
            assert!((profit - number("gross_profit")).abs() <= 1e-12 * (amount + cost.abs()));
            let bought = amount * (1.0 - number("margin"));
            assert!((bought - cost).abs() <= 1e-12 * (amount + cost.abs()), "{bought} {cost}");
        }
    }
}

#[test]
fn totals_are_sums_over_the_horizon_discounted_where_asked() {
    let desk = Desk::new();
    for (args, rate) in [(&[SUPERSTORE][..], 0.0), (&[SUPERSTORE, "--discount", "0.02"], 0.02)] {
        let table = desk.forecast(args);
        for row in 0..table.rows.len() {
            for name in ["amount", "gross_profit"] {
                let terms = (1..=3i32).map(|h| {
                    table.number(row, &format!("{name}_{h}")).unwrap() / (1.0_f64 + rate).powi(h)
                });
                let terms: Vec<f64> = terms.collect();
                let size: f64 = terms.iter().map(|term| term.abs()).sum();
                let total = table.number(row, &format!("{name}_total")).unwrap();
                assert!((terms.iter().sum::<f64>() - total).abs() <= 1e-12 * size);
            }
        }
    }
}

#[test]
fn a_discount_leaves_the_periods_as_they_are_and_lowers_the_totals() {
    let desk = Desk::new();
    let plain = desk.forecast(&[CDNOW, "--margin", "0.3"]);
    let late = desk.forecast(&[CDNOW, "--margin", "0.3", "--discount", "0.1"]);
    for row in 0..plain.rows.len() {
        assert_eq!(plain.text(row, "amount_3"), late.text(row, "amount_3"));
        let total = |table: &Table| table.number(row, "amount_total").unwrap_or(0.0);
        assert!(total(&late) <= total(&plain));
    }
}

#[test]
fn margin_and_expense_rate_serve_a_ledger_without_cost() {
    let desk = Desk::new();
    let bare = desk.forecast(&[CDNOW]);
    assert!((0..bare.rows.len()).all(|row| bare.text(row, "gross_profit_1").is_empty()));
    assert!((0..bare.rows.len()).all(|row| bare.text(row, "margin_1").is_empty()));
    let table = desk.forecast(&[CDNOW, "--margin", "0.35", "--expense-rate", "0.05"]);
    for (row, h) in rows(&table) {
        let Some(amount) = table.number(row, &format!("amount_{h}")) else { continue };
        assert_eq!(table.text(row, &format!("margin_{h}")), "0.35");
        near(table.number(row, &format!("expense_{h}")).unwrap(), 0.05 * amount, "expense");
    }
    assert_eq!(bare.sum("amount_2"), table.sum("amount_2"));
}

#[test]
fn a_longer_horizon_begins_with_the_shorter_one() {
    let desk = Desk::new();
    let short = desk.forecast(&[SUPERSTORE, "--method", "chain"]);
    let long = desk.forecast(&[SUPERSTORE, "--method", "chain", "--horizon", "8"]);
    for row in 0..short.rows.len() {
        for h in 1..=3 {
            for name in ["purchases", "amount", "gross_profit", "margin"] {
                let name = format!("{name}_{h}");
                let (a, b) = (short.number(row, &name).unwrap(), long.number(row, &name).unwrap());
                near(a, b, &name);
            }
        }
    }
}
