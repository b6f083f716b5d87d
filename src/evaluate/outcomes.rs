//! One number per customer and period: what was forecast, or what happened.

use crate::predict::{Target, Window};

/// One number per customer and period.
///
/// ```
/// use clvcast::{evaluate::PerPeriod, predict::Window};
/// let purchases = PerPeriod::new(2, vec![1.0, 0.0, 2.0, 3.0]); // two customers, two periods
/// assert_eq!(purchases.of(1), [2.0, 3.0]);
/// assert_eq!(purchases.window(Window::Period(0)), [1.0, 2.0]);
/// assert_eq!(purchases.window(Window::Total), [1.0, 5.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PerPeriod {
    horizon: usize,
    /// The periods of the first customer, then of the second, and so on.
    values: Vec<f64>,
}

impl PerPeriod {
    /// `horizon` numbers for each customer, one customer after the other.
    #[must_use]
    pub const fn new(horizon: usize, values: Vec<f64>) -> Self {
        Self { horizon, values }
    }

    /// Zeros.
    #[must_use]
    pub fn zeros(customers: usize, horizon: usize) -> Self {
        Self { horizon, values: vec![0.0; customers * horizon] }
    }

    /// The periods of customer `i`.
    #[must_use]
    pub fn of(&self, i: usize) -> &[f64] {
        &self.values[i * self.horizon..(i + 1) * self.horizon]
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.values[i * self.horizon..(i + 1) * self.horizon]
    }

    /// Number of periods.
    #[must_use]
    pub const fn horizon(&self) -> usize {
        self.horizon
    }

    /// Number of customers.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.values.len() / self.horizon.max(1)
    }

    /// One number per customer: that of a period, or the sum of all.
    #[must_use]
    pub fn window(&self, window: Window) -> Vec<f64> {
        let periods = self.values.chunks(self.horizon.max(1));
        match window {
            Window::Period(h) => periods.map(|periods| periods[h]).collect(),
            Window::Total => periods.map(|periods| periods.iter().sum()).collect(),
        }
    }

    /// The sum over all customers in the order of the panel.
    #[must_use]
    pub fn sum(&self, window: Window) -> f64 {
        self.window(window).iter().sum()
    }
}

/// Purchases, amounts and gross profits per customer and period.
///
/// ```
/// use clvcast::{evaluate::{Outcomes, PerPeriod}, predict::Target};
/// let purchases = PerPeriod::zeros(10, 3);
/// let outcomes = Outcomes { purchases, amount: None, gross_profit: None };
/// assert_eq!(outcomes.of(Target::Purchases).unwrap().customers(), 10);
/// assert!(outcomes.of(Target::Amount).is_none());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Outcomes {
    /// Purchases.
    pub purchases: PerPeriod,
    /// Amounts, money; `None` without an amount column.
    pub amount: Option<PerPeriod>,
    /// CRM gross profits, money; `None` where neither costs nor a margin are known.
    pub gross_profit: Option<PerPeriod>,
}

impl Outcomes {
    /// The numbers of one target, where there are any.
    #[must_use]
    pub const fn of(&self, target: Target) -> Option<&PerPeriod> {
        match target {
            Target::Purchases => Some(&self.purchases),
            Target::Amount => self.amount.as_ref(),
            Target::GrossProfit => self.gross_profit.as_ref(),
        }
    }
}
