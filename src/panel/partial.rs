//! A panel of some of the customers; neighbouring ones merge.

use super::orders::{Event, OrderDay, Orders};
use super::{Cell, Customer, Grid, PanelAudit, PanelError, PeriodIndex, ZeroOrders};
use std::ops::Range;

use crate::ledger::{Ledger, Row};
use crate::units::{Day, Money};

/// Customers whose rows are brought together at a time: few enough to stay in the cache of a core.
const BATCH: u32 = 256;

/// What is the same for all customers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counting<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) grid: &'a Grid,
    pub(super) has_amount: bool,
    pub(super) zero_orders: ZeroOrders,
}

impl Counting<'_> {
    fn too_large(&self, id: u32, period: PeriodIndex, what: &'static str) -> PanelError {
        PanelError::MoneyTooLarge {
            customer: self.ledger.customers[id as usize].clone(),
            period: self.grid.label(period),
            what,
            most: Money::from_units(i64::MAX.into()),
            scale: self.ledger.scale,
        }
    }
}

/// The histories of a contiguous range of customers.
#[derive(Debug, Default)]
pub(super) struct Partial {
    /// Positions of the customers in the ledger's list.
    pub(super) ids: Vec<u32>,
    pub(super) customers: Vec<Customer>,
    pub(super) cells: Vec<Cell>,
    /// See [`super::Panel::repeats_by_day`].
    pub(super) repeats_by_day: Vec<u64>,
    pub(super) audit: PanelAudit,
}

impl Partial {
    /// Builds the histories of the customers of that range.
    pub(super) fn build(customers: Range<u32>, rules: Counting<'_>) -> Result<Self, PanelError> {
        let mut partial = Self::default();
        let mut orders = Orders::default();
        let mut all: Vec<Row> = Vec::new();
        for start in customers.clone().step_by(BATCH as usize) {
            rules
                .ledger
                .rows
                .gather(start..customers.end.min(start.saturating_add(BATCH)), &mut all);
            for own in all.chunk_by(|a, b| a.customer == b.customer) {
                let used = own.partition_point(|row| row.day <= rules.grid.as_of());
                let (used, later) = own.split_at(used);
                partial.audit.rows += count(own.len());
                partial.audit.rows_after_as_of += count(later.len());
                partial.audit.amount_after_as_of += later.iter().map(Row::money).sum();
                if let Some(first) = used.first() {
                    partial.ids.push(first.customer);
                    let days = orders.group(used, rules.has_amount);
                    partial.push_customer(first.customer, days, rules)?;
                } else {
                    partial.audit.customers_after_as_of += 1;
                }
            }
        }
        Ok(partial)
    }

    /// Joins the panels of neighbouring ranges of customers, in their order.
    pub(super) fn merge(parts: Vec<Self>) -> Result<Self, PanelError> {
        let mut whole = Self::default();
        whole.ids.reserve_exact(parts.iter().map(|part| part.ids.len()).sum());
        whole.customers.reserve_exact(parts.iter().map(|part| part.customers.len()).sum());
        whole.cells.reserve_exact(parts.iter().map(|part| part.cells.len()).sum());
        for part in parts {
            whole.append(part)?;
        }
        Ok(whole)
    }

    /// Appends the customers that follow.
    fn append(&mut self, next: Self) -> Result<(), PanelError> {
        let offset = position(self.cells.len())?;
        position(self.cells.len() + next.cells.len())?;
        self.ids.extend(next.ids);
        self.customers.extend(next.customers.into_iter().map(|mut customer| {
            customer.cells = customer.cells.start + offset..customer.cells.end + offset;
            customer
        }));
        self.cells.extend(next.cells);
        if self.repeats_by_day.len() < next.repeats_by_day.len() {
            self.repeats_by_day.resize(next.repeats_by_day.len(), 0);
        }
        for (total, part) in self.repeats_by_day.iter_mut().zip(&next.repeats_by_day) {
            *total += part;
        }
        self.audit.merge(&next.audit);
        Ok(())
    }

    fn count_repeat(&mut self, days_ago: i32) {
        let days_ago = days_ago.unsigned_abs() as usize; // no used row lies after the as-of date
        if self.repeats_by_day.len() <= days_ago {
            self.repeats_by_day.resize(days_ago + 1, 0);
        }
        self.repeats_by_day[days_ago] += 1;
    }

    fn push_customer(
        &mut self,
        id: u32,
        days: &[OrderDay],
        rules: Counting<'_>,
    ) -> Result<(), PanelError> {
        let start = self.cells.len();
        let mut customer = Customer::default();
        for day in days {
            let period = rules.grid.index(day.day);
            if self.cells[start..].last().is_none_or(|cell| cell.period != period) {
                self.cells.push(Cell::empty(period));
            }
            let is_purchase = match day.event {
                Event::Purchase => true,
                Event::ZeroOrder => {
                    self.audit.zero_orders += 1;
                    rules.zero_orders == ZeroOrders::Count
                }
                Event::Refund => {
                    self.audit.refunds += 1;
                    false
                }
                Event::Delivery { purchased } => {
                    customer.deliver(purchased, day.net);
                    false
                }
                Event::Nothing => false,
            };
            if is_purchase {
                customer.purchase(day.day, day.net);
                if customer.first_purchase.is_some_and(|first| first < day.day) {
                    self.count_repeat(rules.grid.as_of().since(day.day));
                }
            }
            customer.add_money(day);
            if let Some(cell) = self.cells.last_mut() {
                cell.purchases += u32::from(is_purchase);
                cell.add_money(day).map_err(|what| rules.too_large(id, period, what))?;
            }
        }
        customer.cells = position(start)?..position(self.cells.len())?;
        self.audit.observe(&customer, &self.cells[start..], rules.has_amount);
        self.customers.push(customer);
        Ok(())
    }
}

impl Cell {
    /// Whether the period counts as active: a purchase and, where there are amounts, a positive
    /// net amount.
    pub(super) fn is_active(&self, has_amount: bool) -> bool {
        self.purchases > 0 && (!has_amount || self.amount > 0)
    }

    const fn empty(period: PeriodIndex) -> Self {
        Self { period, purchases: 0, amount: 0, cost: 0, expense: 0 }
    }

    /// Adds the money of a day, or says which of it does not fit.
    fn add_money(&mut self, day: &OrderDay) -> Result<(), &'static str> {
        let sum = |units: i64, more: Money| units.checked_add(i64::try_from(more.units()).ok()?);
        self.amount = sum(self.amount, day.net).ok_or("amount")?;
        self.cost = sum(self.cost, day.cost).ok_or("cost")?;
        self.expense = sum(self.expense, day.expense).ok_or("expense")?;
        Ok(())
    }
}

impl Customer {
    fn purchase(&mut self, day: Day, net: Money) {
        self.purchases += 1;
        self.last_purchase = Some(day);
        if *self.first_purchase.get_or_insert(day) == day {
            self.acquisition_purchases += 1;
        } else {
            self.repeat_amount += net;
        }
    }

    /// A further delivery belongs to its order: to the repeat purchases if that is one.
    fn deliver(&mut self, purchased: Day, net: Money) {
        if self.first_purchase.is_some_and(|first| first < purchased) {
            self.repeat_amount += net;
        }
    }

    fn add_money(&mut self, day: &OrderDay) {
        self.amount += day.net;
        self.cost += day.cost;
        self.expense += day.expense;
    }
}

impl PanelAudit {
    fn observe(&mut self, customer: &Customer, cells: &[Cell], has_amount: bool) {
        let inactive = || cells.iter().filter(|cell| !cell.is_active(has_amount));
        self.purchases_in_inactive_periods +=
            inactive().map(|cell| u64::from(cell.purchases)).sum::<u64>();
        self.customers_without_active_period += u64::from(inactive().count() == cells.len());
        self.customers_without_purchase += u64::from(customer.purchases == 0);
    }

    fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.rows_after_as_of += other.rows_after_as_of;
        self.amount_after_as_of += other.amount_after_as_of;
        self.customers_after_as_of += other.customers_after_as_of;
        self.zero_orders += other.zero_orders;
        self.refunds += other.refunds;
        self.purchases_in_inactive_periods += other.purchases_in_inactive_periods;
        self.customers_without_active_period += other.customers_without_active_period;
        self.customers_without_purchase += other.customers_without_purchase;
        self.last_row = self.last_row.max(other.last_row);
    }
}

fn position(cells: usize) -> Result<u32, PanelError> {
    u32::try_from(cells).map_err(|_| PanelError::TooManyCells)
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
