//! What turns a customer's amounts into profit: known before any amount is.

use super::expense::ExpenseRule;
use super::forecast::{Rates, SameForAll, marks};
use super::margin::{CompanyMargins, MarginRule, PooledMargins, cell_margin};
use super::margin_noise::MarginNoise;
use super::profit::MoneyRules;
use super::{Field, Operation};
use crate::panel::{Panel, PeriodIndex, State};
use crate::units::Slot;
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

    /// Whether the margin may be off: it is not decided.
    pub(crate) const fn is_noisy(&self) -> bool {
        self.margin.is_some() && !self.margin_overridden
    }

    /// What is kept of an amount, as a share of it, and what is lost whatever the amount, money:
    /// the profit of the expense rule without its floor. `None` without a margin.
    pub(crate) fn kept(&self) -> Option<(f64, f64)> {
        let rate = self.expense.rate;
        let (rate, lost) = match self.expense_op {
            None => (rate, 0.0),
            Some(Operation::Set(expense)) => (0.0, expense),
            Some(Operation::Add(expense)) => (rate, expense),
            Some(Operation::Multiply(factor)) => (rate * factor, 0.0),
        };
        Some((self.margin? - rate, lost))
    }

    /// Whether a floor may lift the expense, so that the profit is no line in the amount.
    pub(crate) fn has_floor(&self) -> bool {
        self.expense.floor > 0.0 && !matches!(self.expense_op, Some(Operation::Set(_)))
    }

    /// What is kept of it, with the expense of that amount.
    pub(super) fn rates(&self, amount: Option<f64>) -> Rates {
        Rates { margin: Slot::new(self.margin), expense: Slot::new(self.expense(amount)) }
    }

    /// Which of the two were overridden, as bits.
    pub(super) fn overridden(&self) -> u8 {
        marks(self.margin_overridden, self.expense_op.is_some())
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

    /// What every customer and period has in common, where that is all there is to margins and
    /// expenses: they are given for all, or the ledger knows none.
    pub(super) fn same_for_all(&self) -> Option<SameForAll> {
        let MoneyRules { margin, expense_rate, overrides, .. } = self.rules;
        let same_margin = margin.is_some() || !self.panel.has_cost;
        let same_expense = expense_rate.is_some() || !self.panel.has_expense;
        (same_margin && same_expense && overrides.is_empty()).then(|| SameForAll {
            margin: *margin,
            expense: ExpenseRule { rate: expense_rate.unwrap_or(0.0), floor: 0.0 },
        })
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

    /// Covariance by pair of periods and mean of [`MoneyPlan::margin_noise`]; no pairs without noise.
    pub(crate) fn noise_moments(&self, horizon: usize) -> (Vec<Vec<f64>>, f64) {
        let Some(noise) = &self.noise else { return (Vec::new(), 0.0) };
        let (mean, variance) = noise.moments();
        // u_0 has the mean of u_h and is the same in all periods.
        let (mean, carried) = if self.pooled.is_none() { (0.0, variance) } else { (mean, 0.0) };
        let of = |h: usize, j: usize| carried + if h == j { variance } else { 0.0 };
        ((0..horizon).map(|h| (0..horizon).map(|j| of(h, j)).collect()).collect(), mean)
    }

    /// The margin of customer `i` in its last active period.
    pub(crate) fn last_margin(&self, i: usize) -> Option<f64> {
        let cell = self.panel.active_cells(i).next_back().filter(|_| self.panel.has_cost)?;
        cell_margin(cell, self.panel.scale)
    }

    /// The rules for customer `i`, with that state.
    pub(crate) fn customer(&self, i: usize, state: Option<&State>) -> CustomerMoney<'_> {
        let expense = match self.rules.expense_rate {
            Some(rate) => ExpenseRule { rate, floor: 0.0 },
            None if self.panel.has_expense => {
                ExpenseRule::of_customer(self.panel, i).unwrap_or_default()
            }
            None => ExpenseRule::default(),
        };
        CustomerMoney { plan: self, i, margin: self.margin(i, state), expense }
    }

    /// The margin of customer `i` before overrides.
    fn margin(&self, i: usize, state: Option<&State>) -> Margin {
        let fixed = |margin: Option<f64>| margin.map_or(Margin::Unknown, Margin::Fixed);
        if self.rules.margin.is_some() {
            return fixed(self.rules.margin);
        }
        if !self.panel.has_cost {
            return Margin::Unknown;
        }
        if let Some(pooled) = &self.pooled {
            return fixed(pooled.margin(i));
        }
        match (state, self.last_margin(i)) {
            (Some(state), Some(last)) => {
                Margin::Carried { last, last_active: state.last_active, r: state.r }
            }
            _ => Margin::Unknown,
        }
    }
}

/// Where a customer's margins come from.
#[derive(Debug, Clone, Copy)]
enum Margin {
    Unknown,
    Fixed(f64),
    /// The last one, moved by the company's trend.
    Carried {
        last: f64,
        last_active: PeriodIndex,
        r: u32,
    },
}

/// The rules for one customer.
#[derive(Debug)]
pub(crate) struct CustomerMoney<'a> {
    plan: &'a MoneyPlan<'a>,
    i: usize,
    margin: Margin,
    expense: ExpenseRule,
}

impl CustomerMoney<'_> {
    /// Those of the coming period h, from 0.
    pub(crate) fn period(&self, h: usize) -> PeriodMoney {
        let margin = match self.margin {
            Margin::Unknown => None,
            Margin::Fixed(margin) => Some(margin),
            Margin::Carried { last, last_active, r } => {
                let empty = r + u32::try_from(h).unwrap_or(u32::MAX);
                Some(self.plan.company.carried(last, last_active, empty))
            }
        };
        let margin_op = self.find(h, Field::Margin);
        PeriodMoney {
            margin: margin_op.map_or(margin, |op| op.apply(margin)),
            margin_overridden: margin_op.is_some(),
            expense: self.expense,
            expense_op: self.find(h, Field::Expense),
        }
    }

    fn find(&self, h: usize, field: Field) -> Option<Operation> {
        let MoneyPlan { panel, rules, .. } = self.plan;
        if rules.overrides.is_empty() {
            return None;
        }
        let segment = panel.segments.as_ref().map(|segments| segments[self.i].as_str());
        rules.overrides.find(&panel.ids[self.i], segment, h, field)
    }
}
