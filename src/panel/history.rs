//! What one customer's history says at the as-of date. Customers are named by their position in
//! [`Panel::ids`]; a position beyond it panics, as an index does.

use super::{Cell, Clock, Exposure, Panel, PeriodIndex, State};
use crate::units::{Day, Money};

impl Panel {
    /// The cells of customer `i`, in ascending order of period.
    #[must_use]
    pub fn customer_cells(&self, i: usize) -> &[Cell] {
        let cells = &self.customers[i].cells;
        &self.cells[cells.start as usize..cells.end as usize]
    }

    /// Whether a period is active: it holds a purchase and, where the ledger has amounts, its net
    /// amount is positive.
    #[must_use]
    pub fn is_active(&self, cell: &Cell) -> bool {
        cell.is_active(self.has_amount)
    }

    /// The active cells of customer `i`, in ascending order of period.
    #[must_use]
    pub fn active_cells(&self, i: usize) -> impl DoubleEndedIterator<Item = &Cell> + '_ {
        self.customer_cells(i).iter().filter(|cell| self.is_active(cell))
    }

    /// Average purchase value m = amount / f of an active period, in money; `None` for a period
    /// that is not active and without amounts.
    #[must_use]
    pub fn value(&self, cell: &Cell) -> Option<f64> {
        (self.has_amount && self.is_active(cell))
            .then(|| cell.amount().to_f64(self.scale) / f64::from(cell.purchases))
    }

    /// Purchases f and average purchase value m of the active periods of customer `i`, in
    /// ascending order of period; empty without amounts.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// let values: Vec<(u32, f64)> = panel.active_amounts(0).collect();
    /// assert_eq!((values.len(), values[4]), (5, (1, 374.48)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn active_amounts(&self, i: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.active_cells(i).filter_map(|cell| Some((cell.purchases, self.value(cell)?)))
    }

    /// How long and how often customer `i` was observed to purchase, by the panel's [`Clock`];
    /// `None` without any purchase. Times are in periods ([`Grid::elapsed`](super::Grid::elapsed)).
    ///
    /// - [`Clock::FirstPurchase`]: x = purchases after the first purchase day, `t_x` = last − first
    ///   purchase day, T = as-of − first purchase day.
    /// - [`Clock::Panel`]: x = all purchases, `t_x` = last purchase day − first day of the panel's
    ///   first period, T = number of periods.
    #[must_use]
    pub fn exposure(&self, i: usize) -> Option<Exposure> {
        let customer = &self.customers[i];
        let (first, last) = (customer.first_purchase?, customer.last_purchase?);
        let x = self.counted(i);
        Some(match self.clock {
            Clock::FirstPurchase => Exposure {
                x,
                t_x: self.grid.elapsed(first, last),
                t: self.grid.elapsed(first, self.grid.as_of()),
            },
            Clock::Panel => Exposure {
                x,
                t_x: self.grid.elapsed(self.grid.start(self.first_period()), last),
                t: f64::from(self.periods),
            },
        })
    }

    /// Purchases of customer `i` that the panel's clock counts: x of its exposure.
    pub(crate) fn counted(&self, i: usize) -> u32 {
        let customer = &self.customers[i];
        match self.clock {
            Clock::FirstPurchase => customer.purchases - customer.acquisition_purchases,
            Clock::Panel => customer.purchases,
        }
    }

    /// The state of customer `i` at the as-of date: r = periods since the last active one, f1 and
    /// m1 of that one; `None` without an active period.
    #[must_use]
    pub fn state(&self, i: usize) -> Option<State> {
        let cell = self.active_cells(i).next_back()?;
        let first = self.customers[i].first_purchase?;
        Some(State {
            r: cell.period.0.unsigned_abs(),
            f1: cell.purchases,
            m1: self.value(cell),
            last_active: cell.period,
            is_acquisition_period: self.grid.index(first) == cell.period,
        })
    }

    /// The share w of the period of customer `i`'s first purchase that lies after that day, in
    /// [0, 1); 0 without any purchase.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// // The first purchase fell on the last day of a quarter.
    /// assert_eq!(panel.first_period_remaining(0), 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn first_period_remaining(&self, i: usize) -> f64 {
        self.customers[i].first_purchase.map_or(0.0, |day| self.grid.remaining(day))
    }

    /// The day of the base's first purchase; `None` without any.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// assert_eq!(panel.first_purchase().unwrap().to_string(), "2014-01-03");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn first_purchase(&self) -> Option<Day> {
        self.customers.iter().filter_map(|customer| customer.first_purchase).min()
    }

    /// Days from the first purchase to the as-of date, both included: what is known, however the
    /// periods are cut.
    #[must_use]
    pub fn days_known(&self) -> i32 {
        self.first_purchase().map_or(0, |first| self.grid.as_of().since(first) + 1)
    }

    /// The period of the first used row.
    #[must_use]
    pub fn first_period(&self) -> PeriodIndex {
        self.company.first().map_or(PeriodIndex(0), |company| company.period)
    }

    /// Mean value per purchase of customer `i` over its active periods, Σ amount / Σ f, in money.
    pub(super) fn mean_value(&self, i: usize) -> Option<f64> {
        let amount: Money = self.active_cells(i).map(Cell::amount).sum();
        let purchases: u32 = self.active_cells(i).map(|cell| cell.purchases).sum();
        (self.has_amount && purchases > 0).then(|| amount.to_f64(self.scale) / f64::from(purchases))
    }
}
