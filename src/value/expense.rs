//! The relationship-marketing expense of a coming period.

use crate::panel::{Cell, Panel};
use crate::units::Money;

/// A customer's expense rule (*S*, section 7), money.
///
/// ```text
/// rate  = Σ past expense / Σ past amount
/// floor = the smallest positive expense of any past period, 0 if none
/// X     = amount · rate
/// expense = X if X > floor;  else X if amount < floor;  else floor
/// ```
///
/// ```
/// use clvcast::value::ExpenseRule;
/// let rule = ExpenseRule { rate: 0.1, floor: 5.0 };
/// assert_eq!(rule.expense(100.0), 10.0); // above the floor
/// assert_eq!(rule.expense(20.0), 5.0);   // lifted to it
/// assert_eq!(rule.expense(4.0), 0.4);    // the amount itself is below it
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ExpenseRule {
    /// Expense per amount.
    pub rate: f64,
    /// Smallest expense, money.
    pub floor: f64,
}

impl ExpenseRule {
    /// The rule of customer `i`; `None` without past sales, where the rate is undefined.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// let rule = clvcast::value::ExpenseRule::of_customer(&panel, 0).unwrap();
    /// assert_eq!((rule.rate, rule.floor), (0.0, 0.0)); // a ledger without expenses
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_customer(panel: &Panel, i: usize) -> Option<Self> {
        let customer = &panel.customers[i];
        if customer.amount <= Money::ZERO {
            return None;
        }
        let money = |value: Money| value.to_f64(panel.scale);
        let expenses = panel.customer_cells(i).iter().map(Cell::expense);
        let floor = expenses.filter(|&e| e > Money::ZERO).min().map_or(0.0, money);
        Some(Self { rate: money(customer.expense) / money(customer.amount), floor })
    }

    /// The expense of a period with that `amount`, money.
    #[must_use]
    pub fn expense(self, amount: f64) -> f64 {
        let share = amount * self.rate;
        if share > self.floor || amount < self.floor { share } else { self.floor }
    }
}
