//! What turns a customer's amounts into profit: known before any amount is.

use super::expense::ExpenseRule;
use super::margin::{CompanyMargins, MarginRule, PooledMargins, cell_margin};
use super::margin_noise::MarginNoise;
use super::overrides::{Field, Operation};
use super::profit::MoneyRules;
use crate::panel::{Panel, State};
use rand::{Rng, RngExt};

/// The rules for one panel: margins and expenses of every customer and coming period.
#[derive(Debug)]
pub(crate) struct MoneyPlan<'a> {
    panel: &'a Panel,
    rules: &'a MoneyRules,
    company: CompanyMargins,
    pooled: Option<PooledMargins>,
    /// How margins vary; `None` where only expectations are wanted, or margins are decided.
    noise: Option<MarginNoise>,
}

/// The rules for one customer and coming period.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PeriodMoney {
    /// Gross margin, as a share of the amount.
    pub(crate) margin: Option<f64>,
    /// Whether the margin was overridden.
    pub(crate) margin_overridden: bool,
    expense: ExpenseRule,
    expense_op: Option<Operation>,
}

impl PeriodMoney {
    /// Product cost of an amount, money.
    pub(crate) fn cost(&self, amount: f64) -> Option<f64> {
        Some(amount * (1.0 - self.margin?))
    }

    /// Relationship-marketing expense of an amount, money.
    pub(crate) fn expense(&self, amount: Option<f64>) -> Option<f64> {
        let expense = amount.map(|amount| self.expense.expense(amount));
        self.expense_op.map_or(expense, |op| op.apply(expense))
    }

    /// Whether the expense was overridden.
    pub(crate) const fn expense_overridden(&self) -> bool {
        self.expense_op.is_some()
    }

    /// CRM gross profit of an amount, money, at a margin that is off by `noise`; a margin that is
    /// overridden is decided, and not off.
    pub(crate) fn gross_profit(&self, amount: f64, noise: f64) -> Option<f64> {
        let noise = if self.margin_overridden { 0.0 } else { noise * amount };
        Some(amount - self.cost(amount)? + noise - self.expense(Some(amount))?)
    }
}

impl<'a> MoneyPlan<'a> {
    pub(crate) fn new(panel: &'a Panel, rules: &'a MoneyRules) -> Self {
        let pooled = (rules.margin_rule == MarginRule::Pooled).then(|| PooledMargins::new(panel));
        Self { panel, rules, company: CompanyMargins::new(panel), pooled, noise: None }
    }

    /// The same with the noise of margins, where they are not given.
    pub(crate) fn with_noise(self) -> Self {
        let varies = self.panel.has_cost && self.rules.margin.is_none();
        let noise = varies.then(|| MarginNoise::new(self.panel)).filter(|noise| !noise.is_none());
        Self { noise, ..self }
    }

    /// Whether margins are drawn, too.
    pub(crate) const fn has_noise(&self) -> bool {
        self.noise.is_some()
    }

    /// Draws by how much the margins of some futures are off, period after period: u_h − u_0 where
    /// the last margin is carried forward, which is off by its own u_0, and u_h where margins are
    /// pooled. Empty without noise.
    pub(crate) fn margin_noise(
        &self,
        rng: &mut impl Rng,
        futures: usize,
        horizon: usize,
    ) -> Vec<f64> {
        let Some(noise) = &self.noise else { return Vec::new() };
        let last = if self.pooled.is_none() { 1.0 } else { 0.0 };
        let carried: Vec<f64> = (0..futures).map(|_| last * noise.at(rng.random())).collect();
        let periods = 0..horizon;
        periods.flat_map(|_| carried.iter()).map(|u0| noise.at(rng.random()) - u0).collect()
    }

    /// The margin of customer `i` in its last active period.
    pub(crate) fn last_margin(&self, i: usize) -> Option<f64> {
        let cell = self.panel.active_cells(i).next_back().filter(|_| self.panel.has_cost)?;
        cell_margin(cell, self.panel.scale)
    }

    /// The rules for customer `i`, with that state, in the coming `horizon` periods.
    pub(crate) fn customer(
        &self,
        i: usize,
        state: Option<&State>,
        horizon: usize,
    ) -> Vec<PeriodMoney> {
        let last_margin = self.last_margin(i);
        let expense = match self.rules.expense_rate {
            Some(rate) => ExpenseRule { rate, floor: 0.0 },
            None => ExpenseRule::of_customer(self.panel, i).unwrap_or_default(),
        };
        let id = &self.panel.ids[i];
        let segment = self.panel.segments.as_ref().map(|segments| segments[i].as_str());
        let find = |h, field| {
            if self.rules.overrides.is_empty() {
                return None;
            }
            self.rules.overrides.find(id, segment, h, field)
        };
        let period = |h| {
            let margin = self.margin(i, state, last_margin, h);
            let margin_op = find(h, Field::Margin);
            PeriodMoney {
                margin: margin_op.map_or(margin, |op| op.apply(margin)),
                margin_overridden: margin_op.is_some(),
                expense,
                expense_op: find(h, Field::Expense),
            }
        };
        (0..horizon).map(period).collect()
    }

    /// The margin of period h (from 0) before overrides.
    fn margin(
        &self,
        i: usize,
        state: Option<&State>,
        last_margin: Option<f64>,
        h: usize,
    ) -> Option<f64> {
        if self.rules.margin.is_some() {
            return self.rules.margin;
        }
        if !self.panel.has_cost {
            return None;
        }
        if let Some(pooled) = &self.pooled {
            return pooled.margin(i);
        }
        let state = state?;
        let empty = state.r + u32::try_from(h).unwrap_or(u32::MAX);
        Some(self.company.carried(last_margin?, state.last_active, empty))
    }
}
