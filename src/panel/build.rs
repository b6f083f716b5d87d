//! From a ledger to a panel: ranges of customers in parallel, merged in order.

use std::sync::Arc;

use rayon::prelude::*;

use super::partial::{Counting, Partial};
use super::{
    Cell, CompanyPeriod, Grid, Panel, PanelError, PanelOptions, PeriodIndex, default_as_of,
};
use crate::ledger::Ledger;
use crate::progress::Progress;
use crate::units::{Day, Money};

/// Customers per unit of parallel work: enough to make its cost vanish, few enough to share out.
/// Fixed, so that nothing depends on the number of threads.
const CHUNK: u32 = 1 << 12;

/// Cells that are added up at a time.
const CELLS: usize = 1 << 16;

impl Panel {
    /// Builds the histories of all customers with a row on or before the as-of date.
    ///
    /// *Purchases.* With amounts, rows of one customer and order (without an order id: of one
    /// customer and day) are netted; a positive net is a purchase, a negative one a refund, and
    /// exactly zero a zero order, which [`ZeroOrders`](super::ZeroOrders) decides on. An order that
    /// is spread over several days is netted day by day and is one purchase, on its first positive
    /// day. A row that carries only an expense is never a purchase. Without an amount column every
    /// order (or customer and day) is one.
    ///
    /// *Money* stays in the period it fell in, whether or not that period is active, so that over
    /// the panel and [`PanelAudit::amount_after_as_of`](super::PanelAudit) it sums to the ledger's.
    ///
    /// The result does not depend on the number of threads. Progress is in customers.
    ///
    /// # Errors
    ///
    /// [`PanelError::AsOfNotPeriodEnd`] for a given as-of date that does not end a calendar
    /// period, [`PanelError::NoCompletePeriod`] if none is given and none can be found,
    /// [`PanelError::AsOfBeforeData`], [`PanelError::NoRows`], and for sizes beyond reason
    /// [`PanelError::TooManyCells`].
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// assert_eq!(panel.grid.as_of().to_string(), "2017-12-31");
    /// assert_eq!((panel.customers.len(), panel.periods), (793, 16));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(
        ledger: &Ledger,
        options: &PanelOptions,
        progress: &dyn Progress,
    ) -> Result<Self, PanelError> {
        let (first_row, last_row) = ledger.rows.span().ok_or(PanelError::NoRows)?;
        let as_of = match options.as_of {
            Some(day) => day,
            None => default_as_of(options.period, first_row, last_row)?,
        };
        let grid = Grid::new(options.period, as_of)?;
        if as_of < first_row {
            return Err(PanelError::AsOfBeforeData { as_of, first_row, last_row });
        }
        let has_amount = ledger.columns.amount.is_some();
        let rules = Counting { ledger, grid: &grid, has_amount, zero_orders: options.zero_orders };
        progress.start("panel", Some(ledger.customers.len() as u64));
        let customers = ledger.rows.customers();
        let partials: Vec<Result<Partial, PanelError>> = (0..customers.div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let own =
                    chunk * CHUNK..customers.min(chunk.saturating_add(1).saturating_mul(CHUNK));
                let advance = u64::from(own.end - own.start);
                let partial = Partial::build(own, rules)?;
                progress.advance(advance);
                Ok(partial)
            })
            .collect();
        // The first failure by customer, whichever thread met one first.
        let partials = partials.into_iter().collect::<Result<_, _>>()?;
        let mut whole = Partial::merge(partials)?;
        whole.audit.last_row = Some(last_row);

        let first_period = grid.index(first_row);
        Ok(Self {
            clock: options.clock,
            scale: ledger.scale,
            periods: first_period.0.unsigned_abs() + 1,
            ids: if whole.ids.len() == ledger.customers.len() {
                Arc::clone(&ledger.customers)
            } else {
                pick(&ledger.customers, &whole.ids).into()
            },
            segments: segments(ledger, &whole.ids, grid.as_of()),
            company: company(&whole.cells, first_period, has_amount),
            customers: whole.customers,
            cells: whole.cells,
            repeats_by_day: whole.repeats_by_day,
            has_amount,
            has_cost: ledger.columns.cost.is_some(),
            has_expense: ledger.columns.expense.is_some(),
            audit: whole.audit,
            grid,
        })
    }
}

/// The segments of the customers `ids` as they were on the as-of date: a later change of segment
/// is as unknown then as a later purchase.
fn segments(ledger: &Ledger, ids: &[u32], as_of: Day) -> Option<Vec<String>> {
    let mut segments = pick(ledger.segments.as_ref()?, ids);
    for changes in ledger.segment_changes.chunk_by(|a, b| a.customer == b.customer) {
        if let Ok(i) = ids.binary_search(&changes[0].customer) {
            let known = changes.iter().rfind(|change| change.day <= as_of);
            segments[i] = known.map(|change| change.segment.clone()).unwrap_or_default();
        }
    }
    Some(segments)
}

fn pick(names: &[String], positions: &[u32]) -> Vec<String> {
    positions.par_iter().map(|&at| names[at as usize].clone()).collect()
}

/// The company's periods from `first` to 0, those without a row included.
fn company(cells: &[Cell], first: PeriodIndex, has_amount: bool) -> Vec<CompanyPeriod> {
    let empty = || -> Vec<CompanyPeriod> {
        let zero = Money::ZERO;
        let period = |period| CompanyPeriod {
            period: PeriodIndex(period),
            active_customers: 0,
            purchases: 0,
            amount: zero,
            cost: zero,
            expense: zero,
        };
        (first.0..=0).map(period).collect()
    };
    let add = |mut periods: Vec<CompanyPeriod>, cell: &Cell| {
        let total = &mut periods[cell.period.0.abs_diff(first.0) as usize];
        total.active_customers += u32::from(cell.is_active(has_amount));
        total.purchases += u64::from(cell.purchases);
        total.amount += cell.amount();
        total.cost += cell.cost();
        total.expense += cell.expense();
        periods
    };
    let merge = |mut all: Vec<CompanyPeriod>, more: Vec<CompanyPeriod>| {
        for (total, part) in all.iter_mut().zip(more) {
            total.active_customers += part.active_customers;
            total.purchases += part.purchases;
            total.amount += part.amount;
            total.cost += part.cost;
            total.expense += part.expense;
        }
        all
    };
    // Whole numbers: sums are the same in any order.
    cells.par_iter().with_min_len(CELLS).fold(empty, add).reduce(empty, merge)
}
