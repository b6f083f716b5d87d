//! Ledgers written down row by row.

use std::num::NonZeroU64;

use clvcast::ledger::{Audit, Columns, Ledger, Row};
use clvcast::panel::{Clock, Panel, PanelError, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::units::{Day, Scale};

/// One row; money in cents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tx {
    customer: &'static str,
    row: Row,
}

/// A row with an amount.
pub(crate) fn sale(customer: &'static str, day: &str, amount: i64) -> Tx {
    let row = Row {
        customer: 0,
        day: self::day(day),
        order: None,
        amount: Some(amount),
        cost: 0,
        expense: 0,
    };
    Tx { customer, row }
}

/// A row without an amount: of a ledger without the column, or with an expense only.
pub(crate) fn bare(customer: &'static str, day: &str) -> Tx {
    let mut tx = sale(customer, day, 0);
    tx.row.amount = None;
    tx
}

impl Tx {
    pub(crate) fn order(mut self, order: u64) -> Self {
        self.row.order = NonZeroU64::new(order);
        self
    }

    pub(crate) fn cost(mut self, cost: i64) -> Self {
        self.row.cost = cost;
        self
    }

    pub(crate) fn expense(mut self, expense: i64) -> Self {
        self.row.expense = expense;
        self
    }
}

/// The day of an ISO date.
pub(crate) fn day(text: &str) -> Day {
    Day::from_date(text.parse().unwrap())
}

/// A ledger in cents of rows in any order.
pub(crate) fn ledger(transactions: &[Tx]) -> Ledger {
    let mut customers: Vec<String> = transactions.iter().map(|tx| tx.customer.into()).collect();
    customers.sort();
    customers.dedup();
    let rows = transactions.iter().map(|tx| {
        let at = customers.iter().position(|name| name == tx.customer).unwrap();
        Row { customer: u32::try_from(at).unwrap(), ..tx.row }
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_unstable();
    let amount = rows.iter().any(|row| row.amount.is_some()).then(|| "amount".to_owned());
    Ledger {
        customers: customers.into(),
        segment_changes: Vec::new(),
        segments: None,
        rows: rows.into(),
        scale: Scale::new(2).unwrap(),
        columns: Columns {
            customer: "customer".into(),
            date: "date".into(),
            amount,
            cost: Some("cost".into()),
            ..Columns::default()
        },
        audit: Audit::default(),
    }
}

/// Calendar or other periods up to that day, with the defaults.
pub(crate) fn options(period: Period, as_of: &str) -> PanelOptions {
    PanelOptions {
        period,
        as_of: Some(day(as_of)),
        clock: Clock::FirstPurchase,
        zero_orders: ZeroOrders::Drop,
    }
}

/// The panel of some rows, or why there is none.
pub(crate) fn try_panel(transactions: &[Tx], options: &PanelOptions) -> Result<Panel, PanelError> {
    Panel::build(&ledger(transactions), options, &Silent)
}

/// The panel of some rows.
pub(crate) fn panel(transactions: &[Tx], options: &PanelOptions) -> Panel {
    try_panel(transactions, options).unwrap()
}

/// The panel of some rows by month up to 31 March 2018.
pub(crate) fn monthly(transactions: &[Tx]) -> Panel {
    try_monthly(transactions).unwrap()
}

/// The same, or why there is none.
pub(crate) fn try_monthly(transactions: &[Tx]) -> Result<Panel, PanelError> {
    try_panel(transactions, &options(Period::Month, "2018-03-31"))
}

/// Period index, purchases and amount in cents of the only customer's cells.
pub(crate) fn cells(panel: &Panel) -> Vec<(i32, u32, i128)> {
    assert_eq!(panel.customers.len(), 1);
    let cells = panel.customer_cells(0).iter();
    cells.map(|cell| (cell.period.0, cell.purchases, cell.amount().units())).collect()
}
