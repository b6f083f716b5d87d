//! What a period of a customer's history was worth.

use crate::panel::{Cell, Panel};
use crate::value::{ExpenseRule, MoneyRules};

/// Turns cells of a panel into purchases, amount and gross profit.
///
/// The ledger's costs and expenses are facts and come first; a margin or an expense rate that the
/// user gives stands in for a column that is not there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    panel: &'a Panel,
    margin: Option<f64>,
    expense_rate: Option<f64>,
}

impl<'a> Facts<'a> {
    pub(super) const fn new(panel: &'a Panel, rules: &MoneyRules) -> Self {
        let margin = if panel.has_cost { None } else { rules.margin };
        let expense_rate = if panel.has_expense { None } else { rules.expense_rate };
        Self { panel, margin, expense_rate }
    }

    pub(super) const fn has_amount(self) -> bool {
        self.panel.has_amount
    }

    pub(super) const fn has_profit(self) -> bool {
        self.panel.has_amount && (self.panel.has_cost || self.margin.is_some())
    }

    /// Purchases, amount and gross profit of one cell; money that is not known is 0.
    pub(super) fn of(self, cell: &Cell) -> [f64; 3] {
        let money = |money: crate::units::Money| money.to_f64(self.panel.scale);
        let amount = money(cell.amount());
        let expense = match self.expense_rate {
            Some(rate) => ExpenseRule { rate, floor: 0.0 }.expense(amount),
            None => money(cell.expense()),
        };
        let profit = match self.margin {
            // Without a given rate all of it is exact before it becomes a float.
            None if self.expense_rate.is_none() => {
                money(cell.amount() - cell.cost() - cell.expense())
            }
            None => money(cell.amount() - cell.cost()) - expense,
            Some(margin) => amount * margin - expense,
        };
        [f64::from(cell.purchases), amount, profit]
    }
}
