//! A simulation as a CSV file, and as the ledger that reading this file gives.

use std::io::{self, Write};

use super::{SimulatedRow, Simulation};
use crate::ledger::{Audit, Columns, Ledger, Row, Rows};
use crate::units::Scale;

/// Decimal places of cents.
const CENTS: u8 = 2;

impl Simulation {
    /// Writes the ledger as CSV: customer, date, amount and, where the scenario has them, cost,
    /// expense and segment.
    ///
    /// # Errors
    /// When the writer fails.
    ///
    /// ```
    /// use clvcast::simulate::{Scenario, simulate};
    /// let scenario = Scenario { customers: 5, segments: false, ..Scenario::default() };
    /// let mut csv = Vec::new();
    /// simulate(&scenario)?.write_csv(&mut csv)?;
    /// assert!(csv.starts_with(b"customer,date,amount,cost,expense\nC000000"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write_csv(&self, mut w: impl Write) -> io::Result<()> {
        let columns = self.columns();
        let names = [&columns.amount, &columns.cost, &columns.expense, &columns.segment];
        write!(w, "{},{}", columns.customer, columns.date)?;
        for name in names.into_iter().flatten() {
            write!(w, ",{name}")?;
        }
        writeln!(w)?;
        for row in &self.rows {
            let truth = &self.customers[row.customer as usize];
            write!(w, "{},{}", truth.id, row.day)?;
            for money in [row.amount, row.cost, row.expense].into_iter().flatten() {
                // Amounts, costs and expenses are never negative.
                write!(w, ",{}.{:02}", money / 100, money % 100)?;
            }
            if let Some(segment) = truth.segment {
                write!(w, ",{segment}")?;
            }
            writeln!(w)?;
        }
        w.flush()
    }

    /// The ledger that [`Simulation::write_csv`] writes, without the way through a file.
    #[must_use]
    pub fn to_ledger(&self) -> Ledger {
        let row = |row: &SimulatedRow| Row {
            customer: row.customer,
            day: row.day,
            order: None,
            amount: row.amount,
            cost: row.cost.unwrap_or(0),
            expense: row.expense.unwrap_or(0),
        };
        let rows: Rows = self.rows.iter().map(row).collect();
        let used = rows.len() as u64;
        let segments = self.customers.iter().map(|truth| truth.segment.map(str::to_owned));
        Ledger {
            customers: self.customers.iter().map(|truth| truth.id.clone()).collect(),
            segments: segments.collect(),
            segment_changes: Vec::new(),
            rows,
            scale: Scale::new(CENTS).unwrap_or_default(),
            columns: self.columns(),
            audit: Audit { rows_read: used, rows_used: used, ..Audit::default() },
        }
    }

    fn columns(&self) -> Columns {
        let scenario = &self.scenario;
        let named = |is_there: bool, name: &str| is_there.then(|| name.to_owned());
        Columns {
            customer: "customer".to_owned(),
            date: "date".to_owned(),
            amount: named(scenario.monetary.is_some(), "amount"),
            cost: named(scenario.margin.is_some(), "cost"),
            expense: named(scenario.expense_rate.is_some(), "expense"),
            order: None,
            segment: named(scenario.segments, "segment"),
        }
    }
}
