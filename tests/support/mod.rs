//! Small ledgers and panels for the numeric tests.

use clvcast::ledger::{Audit, Columns, Ledger, Row};
use clvcast::panel::{Clock, Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::units::{Day, Scale};

/// The day that many days before the as-of date 2025-12-31, the end of every calendar period.
pub(crate) fn ago(days: i32) -> Day {
    Day::from_ymd(2025, 12, 31).unwrap().plus(-days)
}

/// A panel up to 2025-12-31 of customers, each with purchases (days ago, cents).
pub(crate) fn panel(customers: &[Vec<(i32, i64)>], period: Period, clock: Clock) -> Panel {
    let row = |customer: usize, &(days, cents): &(i32, i64)| Row {
        customer: u32::try_from(customer).unwrap(),
        day: ago(days),
        order: None,
        amount: Some(cents),
        cost: 0,
        expense: 0,
    };
    let mut rows: Vec<Row> = customers
        .iter()
        .enumerate()
        .flat_map(|(i, purchases)| purchases.iter().map(move |purchase| row(i, purchase)))
        .collect();
    rows.sort_unstable();
    let ledger = Ledger {
        customers: (0..customers.len()).map(|i| format!("{i:06}")).collect(),
        segment_changes: Vec::new(),
        segments: None,
        rows: rows.into(),
        scale: Scale::new(2).unwrap(),
        columns: Columns { amount: Some("amount".into()), ..Columns::default() },
        audit: Audit::default(),
    };
    let options =
        PanelOptions { period, as_of: Some(ago(0)), clock, zero_orders: ZeroOrders::Drop };
    Panel::build(&ledger, &options, &Silent).unwrap()
}
