//! What customers did in the periods of a forecast, from later transactions.

use super::error::CompareError;
use super::issued::Issued;
use crate::ledger::Ledger;
use crate::panel::{Cell, Grid, Panel, PanelOptions, PeriodIndex, ZeroOrders};
use crate::predict::Target;
use crate::progress::Progress;
use crate::units::{Day, Money};

/// A period counts as complete when at most one day in that many lies after the last transaction:
/// the rule by which a panel finds its own end.
const TOLERATED: i64 = 20;

/// Purchases, amount and gross profit.
pub(super) type Three = [f64; 3];

/// What one customer did in the complete forecast periods.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// In each of them.
    pub(super) periods: Vec<Three>,
    /// In all of them, added exactly.
    pub(super) total: Three,
}

/// Later transactions, cut into the periods of a forecast.
#[derive(Debug)]
pub(super) struct Actual {
    /// Histories up to the end of the last complete forecast period.
    pub(super) panel: Panel,
    /// Forecast periods that are complete.
    pub(super) complete: usize,
    /// Last day the data speak of.
    pub(super) known_to: Day,
    /// Whether any row is as old as the forecast's own history.
    pub(super) has_past: bool,
}

impl Actual {
    /// Finds the complete periods and builds the histories; `as_of` is the day up to which the
    /// data are complete, by default that of the last row.
    pub(super) fn new(
        issued: &Issued,
        ledger: &Ledger,
        zero_orders: ZeroOrders,
        as_of: Option<Day>,
        progress: &dyn Progress,
    ) -> Result<Self, CompareError> {
        let Some((first, last)) = ledger.rows.span() else {
            return Err(crate::panel::PanelError::NoRows.into());
        };
        let known_to = as_of.unwrap_or(last);
        let grid = &issued.grid;
        let complete = complete(grid, issued.labels().len(), known_to, as_of.is_some());
        let end_of = |h: usize| grid.end(PeriodIndex(i32::try_from(h).unwrap_or(i32::MAX)));
        if complete == 0 {
            return Err(CompareError::NothingComplete {
                label: issued.labels()[0].clone(),
                end: end_of(1),
                known_to,
            });
        }
        let options = PanelOptions {
            as_of: Some(end_of(complete)),
            zero_orders,
            ..PanelOptions::new(grid.period())
        };
        let panel = Panel::build(ledger, &options, progress)?;
        Ok(Self { panel, complete, known_to, has_past: first <= grid.as_of() })
    }

    /// Whether the ledger tells that of purchases.
    pub(super) const fn has(&self, target: Target) -> bool {
        match target {
            Target::Purchases => true,
            Target::Amount => self.panel.has_amount,
            Target::GrossProfit => self.panel.has_amount && self.panel.has_cost,
        }
    }

    /// What customer `i` of the panel did; nothing for one that is not in it.
    pub(super) fn row(&self, i: Option<usize>) -> Row {
        let mut row = Row { periods: vec![[0.0; 3]; self.complete], total: [0.0; 3] };
        let money = |money: Money| money.to_f64(self.panel.scale);
        let (mut purchases, mut amount, mut profit) = (0, Money::ZERO, Money::ZERO);
        for cell in i.map_or(&[][..], |i| self.panel.customer_cells(i)) {
            if let Some(h) = self.forecast_period(cell) {
                let cell_profit = cell.amount() - cell.cost() - cell.expense();
                row.periods[h] =
                    [f64::from(cell.purchases), money(cell.amount()), money(cell_profit)];
                purchases += cell.purchases;
                amount += cell.amount();
                profit += cell_profit;
            }
        }
        row.total = [f64::from(purchases), money(amount), money(profit)];
        row
    }

    /// What customer `i` of the panel did up to the forecast's as-of date: purchases and amount;
    /// `None` for one without a row by then.
    pub(super) fn past(&self, i: usize) -> Option<(f64, f64)> {
        let mut past = None;
        for cell in self.panel.customer_cells(i) {
            if self.forecast_period(cell).is_none() {
                let (purchases, amount) = past.unwrap_or((0, Money::ZERO));
                past = Some((purchases + cell.purchases, amount + cell.amount()));
            }
        }
        past.map(|(purchases, amount)| (f64::from(purchases), amount.to_f64(self.panel.scale)))
    }

    /// The forecast period of a cell, from 0; `None` for the past. The panel's period 0 is the last
    /// complete one.
    fn forecast_period(&self, cell: &Cell) -> Option<usize> {
        self.complete.checked_sub(1)?.checked_sub(cell.period.0.unsigned_abs() as usize)
    }
}

/// How many of the forecast periods are over.
fn complete(grid: &Grid, horizon: usize, known_to: Day, exactly: bool) -> usize {
    let over = |h: &i32| {
        let after = i64::from(grid.end(PeriodIndex(*h)).since(known_to));
        let tolerated = if exactly { 0 } else { i64::from(grid.days(PeriodIndex(*h))) };
        after <= 0 || TOLERATED * after <= tolerated
    };
    (1..=i32::try_from(horizon).unwrap_or(i32::MAX)).take_while(over).count()
}
