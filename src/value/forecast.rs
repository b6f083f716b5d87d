//! What a forecast of profit is: the types that leave this stage.

use super::expense::ExpenseRule;
use super::flags::Flags;
use crate::forecast::{Purchases, Step};
use crate::units::Slot;

/// One customer and coming period.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// let period = forecast.customer(0).periods[0];
/// let (amount, cost) = (period.step.amount.unwrap(), period.cost.unwrap());
/// assert_eq!(period.gross_profit, Some(amount - cost - period.expense.unwrap()));
/// assert!((cost - amount * (1.0 - period.margin.unwrap())).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PeriodForecast {
    /// Purchases.
    pub step: Step,
    /// Gross margin, as a share of the amount.
    pub margin: Option<f64>,
    /// Product cost, money.
    pub cost: Option<f64>,
    /// Relationship-marketing expense, money.
    pub expense: Option<f64>,
    /// CRM gross profit, money.
    pub gross_profit: Option<f64>,
    /// Whether the margin was overridden.
    pub margin_overridden: bool,
    /// Whether the expense was overridden.
    pub expense_overridden: bool,
}

impl PeriodForecast {
    /// Cost and gross profit follow from amount, margin and expense.
    #[expect(
        clippy::inline_always,
        reason = "a column asks for one number of it, and only that is worked out"
    )]
    #[inline(always)]
    pub(super) fn new(step: Step, rates: Rates) -> Self {
        let (margin, expense) = (rates.margin.get(), rates.expense.get());
        let cost = step.amount.zip(margin).map(|(amount, margin)| amount * (1.0 - margin));
        let gross_profit = match (step.amount, cost, expense) {
            (Some(amount), Some(cost), Some(expense)) => Some(amount - cost - expense),
            _ => None,
        };
        Self {
            step,
            margin,
            cost,
            expense,
            gross_profit,
            margin_overridden: false,
            expense_overridden: false,
        }
    }

    #[inline]
    fn overridden(self, bits: u8) -> Self {
        Self {
            margin_overridden: bits & MARGIN != 0,
            expense_overridden: bits & EXPENSE != 0,
            ..self
        }
    }
}

/// Bit of an overridden margin.
const MARGIN: u8 = 1;
/// Bit of an overridden expense.
const EXPENSE: u8 = 2;

/// Which numbers of a period are overridden, as bits.
pub(super) fn marks(margin: bool, expense: bool) -> u8 {
    u8::from(margin) * MARGIN + u8::from(expense) * EXPENSE
}

/// What is kept of a customer's period, beside its purchases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rates {
    pub(super) margin: Slot,
    pub(super) expense: Slot,
}

impl Rates {
    pub(super) const NONE: Self = Self { margin: Slot::NONE, expense: Slot::NONE };
}

/// The rates of all customers and periods.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AllRates {
    /// The rule of everybody, from which they follow.
    Same(SameForAll),
    /// One per customer and period.
    Each(Vec<Rates>),
}

/// One margin, or none, and one expense rule for all customers and periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SameForAll {
    pub(super) margin: Option<f64>,
    pub(super) expense: ExpenseRule,
}

/// What is kept of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub(super) amount_total: Slot,
    pub(super) gross_profit_total: Slot,
    pub(super) flags: Flags,
}

impl Row {
    pub(super) const NONE: Self =
        Self { amount_total: Slot::NONE, gross_profit_total: Slot::NONE, flags: Flags::NONE };
}

/// One customer; its history stands in the panel at the same index.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// let row = forecast.customer(0);
/// assert_eq!((row.periods.len(), row.p_alive), (3, Some(1.0)));
/// assert!(!row.flags.has(Flag::OneTimeBuyer));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CustomerForecast {
    /// Index into the panel's customers.
    pub customer: usize,
    /// P(alive) at the as-of date; 1 under models without attrition, `None` without a purchase.
    pub p_alive: Option<f64>,
    /// One per coming period; empty where nothing can be forecast.
    pub periods: Vec<PeriodForecast>,
    /// Amount over the horizon, discounted, money.
    pub amount_total: Option<f64>,
    /// Gross profit over the horizon, discounted, money.
    pub gross_profit_total: Option<f64>,
    /// What a person should look at.
    pub flags: Flags,
}

/// The forecast of a panel, one customer after another in the panel's order.
///
/// Rows are put together when they are asked for: only what cannot be worked out from the rest is
/// kept, 52 bytes a customer where all have the same margin and expense rule.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// assert_eq!(forecast.labels, ["2018-Q1", "2018-Q2", "2018-Q3"]);
/// let once = forecast.iter().filter(|row| row.flags.has(Flag::OneTimeBuyer));
/// assert_eq!((forecast.len(), once.count()), (793, 12));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Labels of the coming periods.
    pub labels: Vec<String>,
    pub(super) purchases: Purchases,
    /// One per customer.
    pub(super) rows: Vec<Row>,
    pub(super) rates: AllRates,
    /// What was overridden by customer and period, as bits; empty without overrides.
    pub(super) overridden: Vec<u8>,
}

impl Forecast {
    /// A forecast made elsewhere, one row per customer. A customer without a period for each label
    /// has no forecast; cost and gross profit of a period follow from amount, margin and expense.
    ///
    /// ```
    /// use clvcast::{forecast::Step, value::*};
    /// let step = Step { p_active: 0.5, purchases: 0.7, value: Some(10.0), amount: Some(7.0) };
    /// let period = PeriodForecast { margin: Some(0.5), expense: Some(1.0), step, ..Default::default() };
    /// let row = CustomerForecast { periods: vec![period], ..Default::default() };
    /// let forecast = Forecast::given(vec!["2018-Q1".into()], [row]);
    /// assert_eq!(forecast.customer(0).periods[0].gross_profit, Some(2.5)); // 7 − 3.5 − 1
    /// ```
    #[must_use]
    pub fn given(
        labels: Vec<String>,
        customers: impl IntoIterator<Item = CustomerForecast>,
    ) -> Self {
        let horizon = labels.len();
        let (mut rows, mut rates, mut overridden) = (Vec::new(), Vec::new(), Vec::new());
        let purchases = customers.into_iter().map(|customer| {
            let slot = Slot::new;
            rows.push(Row {
                amount_total: slot(customer.amount_total),
                gross_profit_total: slot(customer.gross_profit_total),
                flags: customer.flags,
            });
            for h in 0..horizon {
                let period = customer.periods.get(h).copied().unwrap_or_default();
                rates.push(Rates { margin: slot(period.margin), expense: slot(period.expense) });
                overridden.push(marks(period.margin_overridden, period.expense_overridden));
            }
            (customer.p_alive, customer.periods.iter().map(|period| period.step).collect())
        });
        let purchases = Purchases::given(horizon, purchases);
        Self { labels, purchases, rows, rates: AllRates::Each(rates), overridden }
    }

    /// Number of customers.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no customers.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether its numbers are scores of potential, of
    /// [`Method::Point`](crate::forecast::Method::Point), and no expectations.
    #[must_use]
    pub fn is_score(&self) -> bool {
        self.purchases.is_score()
    }

    /// The forecast of customer `i`.
    #[must_use]
    pub fn customer(&self, i: usize) -> CustomerForecast {
        CustomerForecast {
            customer: i,
            p_alive: self.p_alive(i),
            periods: self.periods(i).into_iter().flatten().collect(),
            amount_total: self.amount_total(i),
            gross_profit_total: self.gross_profit_total(i),
            flags: self.flags(i),
        }
    }

    /// All rows, in the panel's order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = CustomerForecast> + '_ {
        (0..self.len()).map(|i| self.customer(i))
    }

    /// P(alive) of customer `i` at the as-of date; `None` without a purchase.
    #[must_use]
    pub fn p_alive(&self, i: usize) -> Option<f64> {
        self.purchases.p_alive(i)
    }

    /// Amount of customer `i` over the horizon, discounted, money.
    #[must_use]
    pub fn amount_total(&self, i: usize) -> Option<f64> {
        self.rows[i].amount_total.get()
    }

    /// Gross profit of customer `i` over the horizon, discounted, money.
    #[must_use]
    pub fn gross_profit_total(&self, i: usize) -> Option<f64> {
        self.rows[i].gross_profit_total.get()
    }

    /// Whether margins or expenses may be overridden.
    pub(crate) const fn has_overrides(&self) -> bool {
        !self.overridden.is_empty()
    }

    /// What a person should look at in the row of customer `i`.
    #[must_use]
    pub fn flags(&self, i: usize) -> Flags {
        self.rows[i].flags
    }

    /// The coming periods of customer `i`, without the memory of a row; `None` where nothing can be
    /// forecast.
    ///
    /// ```
    /// use clvcast::value::{CustomerForecast, Forecast};
    /// let nobody = Forecast::given(vec!["2018-Q1".into()], [CustomerForecast::default()]);
    /// assert!(nobody.periods(0).is_none());
    /// ```
    #[must_use]
    pub fn periods(
        &self,
        i: usize,
    ) -> Option<impl ExactSizeIterator<Item = PeriodForecast> + Clone + '_> {
        let steps = self.purchases.steps(i)?.enumerate();
        Some(steps.map(move |(h, step)| self.of_step(i, h, step)))
    }

    /// The coming period `h`, from 0, of customer `i`; `None` where nothing can be forecast.
    ///
    /// ```
    /// use clvcast::value::{CustomerForecast, Forecast, PeriodForecast};
    /// let row = CustomerForecast { periods: vec![PeriodForecast::default()], ..Default::default() };
    /// let forecast = Forecast::given(vec!["2018-Q1".into()], [row]);
    /// assert_eq!(forecast.period(0, 0), Some(PeriodForecast::default()));
    /// assert_eq!(forecast.period(0, 1), None);
    /// ```
    #[must_use]
    #[expect(
        clippy::inline_always,
        reason = "a column asks for one number of it, and only that is worked out"
    )]
    #[inline(always)]
    pub fn period(&self, i: usize, h: usize) -> Option<PeriodForecast> {
        self.purchases.step(i, h).map(|step| self.of_step(i, h, step))
    }

    #[expect(
        clippy::inline_always,
        reason = "a column asks for one number of it, and only that is worked out"
    )]
    #[inline(always)]
    fn of_step(&self, i: usize, h: usize, step: Step) -> PeriodForecast {
        let at = i * self.purchases.horizon() + h;
        let rates = match &self.rates {
            AllRates::Same(SameForAll { margin, expense }) => Rates {
                margin: Slot::new(*margin),
                expense: Slot::new(step.amount.map(|amount| expense.expense(amount))),
            },
            AllRates::Each(rates) => rates[at],
        };
        let bits = self.overridden.get(at).copied().unwrap_or(0);
        PeriodForecast::new(step, rates).overridden(bits)
    }
}
