//! What a ledger holds, and what would be left out and why.

use std::collections::BTreeMap;

use serde::Serialize;

use super::numbers::{count, money};
use super::text_table::table;
use crate::ledger::Ledger;
use crate::panel::Panel;
use crate::units::Money;

/// What `inspect` says of a ledger and the panel it would make.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::report::Inspection;
/// let inspection = Inspection::new(&ledger, Ok(&panel));
/// let text = inspection.to_text(Some("USD"));
/// assert!(text.contains("Rows: 5,009 read, 5,009 used, 0 left out. Customers: 793."));
/// assert!(text.contains("Amount: 2,297,201 USD (exactly 2297200.8603)."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    files: Vec<FileLine>,
    columns: BTreeMap<&'static str, Option<String>>,
    date_format: String,
    first_day: Option<String>,
    last_day: Option<String>,
    customers: usize,
    rows_read: u64,
    rows_used: u64,
    left_out: BTreeMap<&'static str, u64>,
    duplicate_rows: u64,
    refund_rows: u64,
    orders_in_several_files: u64,
    /// Exact sums of the used rows, as decimals.
    amount: Option<String>,
    cost: Option<String>,
    expense: Option<String>,
    decimal_places: u8,
    notes: Vec<String>,
    rejects: Vec<RejectLine>,
    /// The panel with the options given.
    panel: Option<PanelLines>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_panel: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct FileLine {
    path: String,
    bytes: u64,
    sha256: String,
    rows: u64,
}

#[derive(Debug, Clone, Serialize)]
struct RejectLine {
    file: String,
    line: u64,
    reason: &'static str,
    column: Option<String>,
    found: String,
    expected: String,
}

#[derive(Debug, Clone, Serialize)]
struct PanelLines {
    period: String,
    as_of: String,
    periods: u32,
    first_period: String,
    last_period: String,
    customers: usize,
    purchases: u64,
    repeat_buyers: usize,
    one_time_buyers: usize,
    customers_without_purchase: u64,
    customers_without_active_period: u64,
    rows_after_as_of: u64,
    customers_after_as_of: u64,
    zero_orders: u64,
    refunds: u64,
}

impl Inspection {
    /// Looks at a ledger and at the panel it makes, or the reason why it makes none.
    #[must_use]
    pub fn new(ledger: &Ledger, panel: Result<&Panel, String>) -> Self {
        let audit = &ledger.audit;
        let columns = &ledger.columns;
        let sum = |used: &Option<String>, value: fn(&crate::ledger::Row) -> i64| {
            used.as_ref().map(|_| {
                let total: Money =
                    ledger.rows.iter().map(|r| Money::from_units(i128::from(value(&r)))).sum();
                total.display(ledger.scale).to_string()
            })
        };
        let (panel, no_panel) = match panel {
            Ok(panel) => (Some(PanelLines::new(panel)), None),
            Err(reason) => (None, Some(reason)),
        };
        Self {
            files: audit
                .files
                .iter()
                .map(|file| FileLine {
                    path: file.path.display().to_string(),
                    bytes: file.bytes,
                    sha256: file.sha256.clone(),
                    rows: file.rows,
                })
                .collect(),
            columns: BTreeMap::from([
                ("customer", Some(columns.customer.clone())),
                ("date", Some(columns.date.clone())),
                ("amount", columns.amount.clone()),
                ("cost", columns.cost.clone()),
                ("expense", columns.expense.clone()),
                ("order", columns.order.clone()),
                ("segment", columns.segment.clone()),
            ]),
            date_format: audit.date_format.clone(),
            first_day: ledger.rows.span().map(|(first, _)| first.to_string()),
            last_day: ledger.rows.span().map(|(_, last)| last.to_string()),
            customers: ledger.customers.len(),
            rows_read: audit.rows_read,
            rows_used: audit.rows_used,
            left_out: audit.left_out.iter().map(|(reason, n)| (reason.name(), *n)).collect(),
            duplicate_rows: audit.duplicate_rows,
            refund_rows: audit.refund_rows,
            orders_in_several_files: audit.orders_in_several_files,
            amount: sum(&columns.amount, |r| r.amount.unwrap_or(0)),
            cost: sum(&columns.cost, |r| r.cost),
            expense: sum(&columns.expense, |r| r.expense),
            decimal_places: ledger.scale.places(),
            notes: audit.notes.clone(),
            rejects: audit
                .rejects
                .iter()
                .take(20)
                .map(|reject| RejectLine {
                    file: reject.file.clone(),
                    line: reject.line,
                    reason: reject.reason.name(),
                    column: reject.column.clone(),
                    found: reject.found.clone(),
                    expected: reject.expected.clone(),
                })
                .collect(),
            panel,
            no_panel,
        }
    }

    /// The inspection as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The inspection for people.
    #[must_use]
    pub fn to_text(&self, currency: Option<&str>) -> String {
        let mut text = String::from("Input\n");
        let header = ["file", "rows", "bytes"].map(str::to_owned).to_vec();
        let rows = self.files.iter().map(|f| vec![f.path.clone(), count(f.rows), count(f.bytes)]);
        text.push_str(&table(header, rows.collect()));
        text.push_str("\nColumns\n");
        let rows = self.columns.iter().map(|(role, name)| {
            vec![(*role).to_owned(), name.clone().unwrap_or_else(|| "–".to_owned())]
        });
        text.push_str(&table(vec!["role".to_owned(), "column".to_owned()], rows.collect()));
        let days = match (&self.first_day, &self.last_day) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => "none".to_owned(),
        };
        text.push_str(&format!("\nDates: {}; {days}.\n", self.date_format));
        let left: u64 = self.left_out.values().sum();
        text.push_str(&format!(
            "Rows: {} read, {} used, {} left out. Customers: {}.\n",
            count(self.rows_read),
            count(self.rows_used),
            count(left),
            count(self.customers as u64)
        ));
        for (reason, n) in &self.left_out {
            text.push_str(&format!("  {} {reason}\n", count(*n)));
        }
        let sums = [("Amount", &self.amount), ("Cost", &self.cost), ("Expense", &self.expense)];
        for (name, sum) in sums {
            if let Some(exact) = sum {
                let unit = currency.map(|c| format!(" {c}")).unwrap_or_default();
                let shown = exact.parse().map(money).unwrap_or_default();
                text.push_str(&format!("{name}: {shown}{unit} (exactly {exact}).\n"));
            }
        }
        text.push_str(&format!(
            "Exact duplicate rows: {}. Rows with a negative amount: {}.\n",
            count(self.duplicate_rows),
            count(self.refund_rows)
        ));
        for note in &self.notes {
            text.push_str(&format!("{note}\n"));
        }
        if !self.rejects.is_empty() {
            text.push_str("\nFirst rows that cannot be used\n");
            for reject in &self.rejects {
                let column =
                    reject.column.as_ref().map(|c| format!(" column `{c}`")).unwrap_or_default();
                text.push_str(&format!(
                    "  {}:{}:{column} found `{}`, expected {}\n",
                    reject.file, reject.line, reject.found, reject.expected
                ));
            }
        }
        text.push('\n');
        if let Some(panel) = &self.panel {
            text.push_str(&panel.to_text());
        }
        if let Some(reason) = &self.no_panel {
            text.push_str(&format!("No panel: {reason}\n"));
        }
        text
    }
}

impl PanelLines {
    fn new(panel: &Panel) -> Self {
        let buyers = |test: fn(u32) -> bool| {
            panel.customers.iter().filter(|customer| test(customer.purchases)).count()
        };
        Self {
            period: panel.grid.period().to_string(),
            as_of: panel.grid.as_of().to_string(),
            periods: panel.periods,
            first_period: panel.grid.label(panel.first_period()),
            last_period: panel.grid.label(crate::panel::PeriodIndex(0)),
            customers: panel.customers.len(),
            purchases: panel.customers.iter().map(|c| u64::from(c.purchases)).sum(),
            repeat_buyers: buyers(|n| n > 1),
            one_time_buyers: buyers(|n| n == 1),
            customers_without_purchase: panel.audit.customers_without_purchase,
            customers_without_active_period: panel.audit.customers_without_active_period,
            rows_after_as_of: panel.audit.rows_after_as_of,
            customers_after_as_of: panel.audit.customers_after_as_of,
            zero_orders: panel.audit.zero_orders,
            refunds: panel.audit.refunds,
        }
    }

    fn to_text(&self) -> String {
        let line = |name: &str, n: u64| format!("  {name}: {}\n", count(n));
        let mut text = format!(
            "Panel by {}: {} periods, {} to {}, as of {}\n",
            self.period, self.periods, self.first_period, self.last_period, self.as_of
        );
        text.push_str(&line("customers", self.customers as u64));
        text.push_str(&line("purchases", self.purchases));
        text.push_str(&line("customers with repeat purchases", self.repeat_buyers as u64));
        text.push_str(&line("one-time buyers", self.one_time_buyers as u64));
        for (name, n) in [
            ("customers without a purchase", self.customers_without_purchase),
            ("customers without an active period", self.customers_without_active_period),
            ("rows after the as-of date, left out", self.rows_after_as_of),
            ("customers first seen after it", self.customers_after_as_of),
            ("orders of exactly zero", self.zero_orders),
            ("refunds", self.refunds),
        ] {
            if n > 0 {
                text.push_str(&line(name, n));
            }
        }
        text
    }
}
