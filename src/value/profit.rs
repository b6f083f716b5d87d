//! Every customer's gross profit of the coming periods.

use rayon::prelude::*;

use super::flags::{Flag, Flags};
use super::forecast::{AllRates, Forecast, PeriodForecast, Rates, Row};
use super::margin::MarginRule;
use super::overrides::Overrides;
use super::plan::MoneyPlan;
use super::totals::{BLOCK, added};
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::forecast::{Purchases, ValueFactors};
use crate::markov::Place;
use crate::panel::{Panel, PeriodIndex, State};
use crate::units::{Day, Money, Slot};

/// How purchases become profit.
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
/// let rules =
///     MoneyRules { margin: Some(0.3), expense_rate: Some(0.05), ..MoneyRules::default() };
/// let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// let totals = Totals::new(&forecast);
/// let share = totals.gross_profit.unwrap() / totals.amount.unwrap();
/// assert!((share - 0.25).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MoneyRules {
    /// One margin for all, as a share of the amount, in place of the ledger's.
    pub margin: Option<f64>,
    /// One expense rate for all, as a share of the amount, in place of the ledger's.
    pub expense_rate: Option<f64>,
    /// Which margin is carried forward.
    pub margin_rule: MarginRule,
    /// Discount rate per period; 0 for none.
    pub discount: f64,
    /// The company's decisions.
    pub overrides: Overrides,
}

/// A number of [`MoneyRules`] that cannot be meant.
///
/// ```
/// use clvcast::value::MoneyRules;
/// let rules = MoneyRules { margin: Some(35.0), ..MoneyRules::default() };
/// let error = rules.check().unwrap_err();
/// assert_eq!(error.to_string(), "`--margin 35`: expected a share of at most 1 (35 % is 0.35)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A margin above 1 or none.
    #[error("`--margin {0}`: expected a share of at most 1 (35 % is 0.35)")]
    Margin(f64),
    /// An expense rate outside 0 to 1.
    #[error("`--expense-rate {0}`: expected a share from 0 to 1 (5 % is 0.05)")]
    ExpenseRate(f64),
    /// A discount rate of −1 or below.
    #[error("`--discount {0}`: expected a rate above −1 (2 % a period is 0.02)")]
    Discount(f64),
}

impl MoneyRules {
    /// Checks margin, expense rate and discount rate.
    ///
    /// # Errors
    /// When one of them is no number that can be meant.
    pub fn check(&self) -> Result<(), RuleError> {
        match *self {
            Self { margin: Some(m), .. } if !(m.is_finite() && m <= 1.0) => {
                Err(RuleError::Margin(m))
            }
            Self { expense_rate: Some(e), .. } if !(0.0..=1.0).contains(&e) => {
                Err(RuleError::ExpenseRate(e))
            }
            Self { discount: d, .. } if !(d.is_finite() && d > -1.0) => Err(RuleError::Discount(d)),
            _ => Ok(()),
        }
    }
}

/// Applies margin, expense and overrides to forecast purchases.
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
/// let total = |discount| {
///     let rules = MoneyRules { discount, ..MoneyRules::default() };
///     let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
///     Totals::new(&forecast).amount.unwrap()
/// };
/// assert!(total(0.0) / 1.02_f64.powi(3) < total(0.02) && total(0.02) < total(0.0) / 1.02);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn evaluate(
    panel: &Panel,
    model: &FittedModel,
    purchases: &Purchases,
    horizon: u32,
    rules: &MoneyRules,
) -> Forecast {
    let labels = (1..=horizon).map(|h| panel.grid.label(PeriodIndex(h.cast_signed()))).collect();
    let context = Context::new(panel, model, purchases, rules);
    let (customers, horizon) = (purchases.len(), purchases.horizon());
    let mut rows = vec![Row::NONE; customers];
    let same = context.plan.same_for_all();
    let mut rates = vec![Rates::NONE; if same.is_some() { 0 } else { customers * horizon }];
    let marks = if rules.overrides.is_empty() { 0 } else { customers * horizon };
    let mut overridden = vec![0; marks];
    if same.is_some() {
        rows.par_iter_mut().enumerate().for_each(|(i, row)| *row = context.customer(i, &mut []));
    } else {
        let customers = rows.par_iter_mut().zip(rates.par_chunks_mut(horizon.max(1))).enumerate();
        customers.for_each(|(i, (row, rates))| *row = context.customer(i, rates));
    }
    // Marks are rare: looked up again where there are any.
    overridden.par_chunks_mut(horizon.max(1)).enumerate().for_each(|(i, marks)| {
        let money = context.plan.customer(i, None);
        for (h, mark) in marks.iter_mut().enumerate().filter(|_| purchases.steps(i).is_some()) {
            *mark = money.period(h).overridden();
        }
    });
    let rates = same.map_or(AllRates::Each(rates), AllRates::Same);
    Forecast { labels, purchases: purchases.clone(), rows, rates, overridden }
}

/// [`total_gross_profit`] under the margin rule that was not chosen: what the choice of the rule is
/// worth. `None` where margins do not come from the ledger.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let purchases = forecast(&panel, &model, &ForecastOptions::default());
/// let (last, pooled) = (MoneyRules::default(), MarginRule::Pooled);
/// let pooled = MoneyRules { margin_rule: pooled, ..last.clone() };
/// let other = other_margin_rule(&panel, &purchases, &last);
/// assert_eq!(other, total_gross_profit(&panel, &purchases, &pooled));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn other_margin_rule(panel: &Panel, purchases: &Purchases, rules: &MoneyRules) -> Option<f64> {
    if !panel.has_cost || rules.margin.is_some() {
        return None;
    }
    let margin_rule = match rules.margin_rule {
        MarginRule::Last => MarginRule::Pooled,
        MarginRule::Pooled => MarginRule::Last,
    };
    total_gross_profit(panel, purchases, &MoneyRules { margin_rule, ..rules.clone() })
}

/// The gross profit of all customers over the horizon, discounted, as [`evaluate`] and
/// [`Totals`](super::Totals) give it, without a forecast of each.
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
/// let rules = MoneyRules { margin_rule: MarginRule::Pooled, ..MoneyRules::default() };
/// let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// let total = total_gross_profit(&panel, &purchases, &rules);
/// assert_eq!(total, Totals::new(&forecast).gross_profit);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn total_gross_profit(panel: &Panel, purchases: &Purchases, rules: &MoneyRules) -> Option<f64> {
    let plan = MoneyPlan::new(panel, rules);
    let factors = discount_factors(rules.discount, purchases.horizon());
    let total = |i| {
        let steps = purchases.steps(i)?;
        let money = plan.customer(i, panel.state(i).as_ref());
        let mut total = Discounted::default();
        for ((h, step), factor) in steps.enumerate().zip(&factors) {
            let rates = money.period(h).rates(step.amount);
            total.add(PeriodForecast::new(step, rates).gross_profit, *factor);
        }
        total.get()
    };
    // In the blocks of the totals of a forecast, so that both are the same number.
    let blocks: Vec<Option<f64>> = (0..purchases.len())
        .into_par_iter()
        .fold_chunks(BLOCK, || None, |sum, i| added(sum, total(i)))
        .collect();
    blocks.into_iter().fold(None, added)
}

/// What a number of each coming period is discounted by, from the period's end.
fn discount_factors(rate: f64, horizon: usize) -> Vec<f64> {
    let factors = std::iter::successors(Some(1.0 / (1.0 + rate)), |f| Some(f / (1.0 + rate)));
    factors.take(horizon).collect()
}

/// Σ of a number over the coming periods, discounted; none where one is missing, or without
/// periods.
#[derive(Default)]
struct Discounted {
    total: Option<f64>,
    is_missing: bool,
}

impl Discounted {
    fn add(&mut self, number: Option<f64>, factor: f64) {
        match number {
            Some(number) => self.total = Some(self.total.unwrap_or(0.0) + number * factor),
            None => self.is_missing = true,
        }
    }

    fn get(&self) -> Option<f64> {
        self.total.filter(|_| !self.is_missing)
    }
}

struct Context<'a> {
    panel: &'a Panel,
    model: &'a FittedModel,
    purchases: &'a Purchases,
    rules: &'a MoneyRules,
    plan: MoneyPlan<'a>,
    factors: ValueFactors,
    discount: Vec<f64>,
    /// The first day that is less than three periods before the as-of date.
    short_from: Day,
}

impl<'a> Context<'a> {
    fn new(
        panel: &'a Panel,
        model: &'a FittedModel,
        purchases: &'a Purchases,
        rules: &'a MoneyRules,
    ) -> Self {
        let horizon = u32::try_from(purchases.horizon()).unwrap_or(u32::MAX);
        let timeline = Timeline::new(panel, model.calendar.as_ref(), horizon);
        Self {
            panel,
            model,
            purchases,
            rules,
            plan: MoneyPlan::new(panel, rules),
            factors: ValueFactors::new(panel, model, &timeline),
            discount: discount_factors(rules.discount, purchases.horizon()),
            short_from: short_from(panel),
        }
    }

    /// The row of customer `i`; the rates of its periods are noted where there is room for them.
    fn customer(&self, i: usize, rates: &mut [Rates]) -> Row {
        let state = self.panel.state(i);
        let mut flags = self.flags(i, state.as_ref());
        let Some(steps) = self.purchases.steps(i) else { return Row { flags, ..Row::NONE } };
        let money = self.plan.customer(i, state.as_ref());
        let valued = self.panel.has_amount && self.model.monetary.is_some();
        let (mut amount, mut profit) = (Discounted::default(), Discounted::default());
        for ((h, step), factor) in steps.enumerate().zip(&self.discount) {
            let money = money.period(h);
            let own = money.rates(step.amount);
            if let Some(rates) = rates.get_mut(h) {
                *rates = own;
            }
            flags.set(Flag::InfiniteMean, valued && step.value.is_none());
            flags.set(Flag::MarginOver100, money.margin > Some(1.0));
            flags.set(Flag::Overridden, money.overridden() != 0);
            amount.add(step.amount, *factor);
            profit.add(PeriodForecast::new(step, own).gross_profit, *factor);
        }
        let (amount_total, profit) = (Slot::new(amount.get()), profit.get());
        flags.set(Flag::NegativeForecast, profit < Some(0.0) && profit.is_some());
        Row { amount_total, gross_profit_total: Slot::new(profit), flags }
    }

    /// What history and state alone say.
    fn flags(&self, i: usize, state: Option<&State>) -> Flags {
        let panel = self.panel;
        let history = &panel.customers[i];
        let outside = |m1| {
            let bands = self.model.states.bands.as_ref();
            bands.is_some_and(|bands| !matches!(bands.place(m1), Place::In(_)))
        };
        let m1 = state
            .and_then(|state| self.factors.law_value(self.factors.of_customer(panel, i), state));
        let own_margin = self.rules.margin.is_none() && panel.has_cost;
        let last_margin = if own_margin { self.plan.last_margin(i) } else { None };
        let mut flags = Flags::NONE;
        flags.set(Flag::NoActivePeriod, state.is_none());
        flags.set(Flag::OneTimeBuyer, history.purchases == 1);
        flags.set(Flag::ShortHistory, history.first_purchase >= Some(self.short_from));
        flags.set(Flag::OutsideBands, m1.is_some_and(outside));
        let f1 = state.map(|state| state.f1);
        flags.set(Flag::AboveMaxFrequency, f1 > Some(self.model.states.max_frequency));
        flags.set(Flag::NegativeMargin, last_margin.is_some_and(|margin| margin < 0.0));
        let no_cost = || panel.active_cells(i).next_back().is_some_and(|c| c.cost() == Money::ZERO);
        flags.set(Flag::Margin100, own_margin && no_cost());
        flags.set(Flag::NoExpense, panel.has_expense && history.expense == Money::ZERO);
        let rate_wanted = panel.has_expense && self.rules.expense_rate.is_none();
        flags.set(Flag::NoSales, rate_wanted && history.amount <= Money::ZERO);
        flags
    }
}

/// The first day that is less than three periods before the as-of date; time only grows with days.
fn short_from(panel: &Panel) -> Day {
    let as_of = panel.grid.as_of();
    let (mut long, mut short) = (as_of.plus(-panel.days_known()), as_of);
    while short.since(long) > 1 {
        let middle = long.plus(short.since(long) / 2);
        if panel.grid.elapsed(middle, as_of) < 3.0 {
            short = middle;
        } else {
            long = middle;
        }
    }
    short
}
