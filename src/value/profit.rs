//! Every customer's gross profit of the coming periods.

use rayon::prelude::*;

use super::expense::ExpenseRule;
use super::flags::{Flag, Flags};
use super::margin::MarginRule;
use super::overrides::Overrides;
use super::plan::{MoneyPlan, PeriodMoney};
use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::forecast::{Purchases, Step, ValueFactors};
use crate::markov::Place;
use crate::panel::{Exposure, Panel, PeriodIndex, State};
use crate::units::Money;

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
/// let period = forecast.customers[0].periods[0];
/// let (amount, cost) = (period.step.amount.unwrap(), period.cost.unwrap());
/// assert_eq!(period.gross_profit, Some(amount - cost - period.expense.unwrap()));
/// assert!((cost - amount * (1.0 - period.margin.unwrap())).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
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
/// let row = &forecast.customers[0];
/// assert_eq!(row.state.unwrap().r, 2); // two quarters without a purchase
/// assert_eq!((row.periods.len(), row.p_alive), (3, Some(1.0)));
/// assert!(!row.flags.has(Flag::OneTimeBuyer));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerForecast {
    /// Index into the panel's customers.
    pub customer: usize,
    /// Observation of its purchasing.
    pub exposure: Option<Exposure>,
    /// P(alive) at the as-of date; 1 under models without attrition, `None` without a purchase.
    pub p_alive: Option<f64>,
    /// State at the as-of date.
    pub state: Option<State>,
    /// One per coming period; empty where nothing can be forecast.
    pub periods: Vec<PeriodForecast>,
    /// Amount over the horizon, discounted, money.
    pub amount_total: Option<f64>,
    /// Gross profit over the horizon, discounted, money.
    pub gross_profit_total: Option<f64>,
    /// What a person should look at.
    pub flags: Flags,
}

/// The forecast of a panel.
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
/// let once = forecast.customers.iter().filter(|row| row.flags.has(Flag::OneTimeBuyer));
/// assert_eq!((forecast.customers.len(), once.count()), (793, 12));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Labels of the coming periods.
    pub labels: Vec<String>,
    /// One per customer, in the panel's order.
    pub customers: Vec<CustomerForecast>,
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
    let plan = MoneyPlan::new(panel, rules);
    let timeline = Timeline::new(panel, model.calendar.as_ref(), horizon);
    let factors = ValueFactors::new(panel, model, &timeline);
    let context = Context { panel, model, rules, plan, factors };
    let customers = purchases
        .steps
        .par_iter()
        .enumerate()
        .map(|(i, steps)| {
            context.customer(i, steps.as_deref().unwrap_or_default(), purchases.p_alive[i])
        })
        .collect();
    Forecast { labels, customers }
}

struct Context<'a> {
    panel: &'a Panel,
    model: &'a FittedModel,
    rules: &'a MoneyRules,
    plan: MoneyPlan<'a>,
    factors: ValueFactors,
}

impl Context<'_> {
    fn customer(&self, i: usize, steps: &[Step], p_alive: Option<f64>) -> CustomerForecast {
        let panel = self.panel;
        let state = panel.state(i);
        let plan = self.plan.customer(i, state.as_ref(), steps.len());
        let periods: Vec<PeriodForecast> =
            steps.iter().zip(&plan).map(|(step, money)| period(*step, money)).collect();
        let total = |value: fn(&PeriodForecast) -> Option<f64>| -> Option<f64> {
            if periods.is_empty() {
                return None;
            }
            let mut factor = 1.0;
            periods.iter().try_fold(0.0, |sum, period| {
                factor /= 1.0 + self.rules.discount;
                Some(sum + value(period)? * factor)
            })
        };
        let amount_total = total(|p| p.step.amount);
        let gross_profit_total = total(|p| p.gross_profit);
        let mut row = CustomerForecast {
            customer: i,
            exposure: panel.exposure(i),
            p_alive,
            state,
            periods,
            amount_total,
            gross_profit_total,
            flags: Flags::default(),
        };
        let no_sales = ExpenseRule::of_customer(panel, i).is_none();
        row.flags = self.flags(&row, self.plan.last_margin(i), no_sales);
        row
    }

    fn flags(&self, row: &CustomerForecast, last_margin: Option<f64>, no_sales: bool) -> Flags {
        let panel = self.panel;
        let history = &panel.customers[row.customer];
        let as_of = panel.grid.as_of();
        let short = history.first_purchase.is_some_and(|day| panel.grid.elapsed(day, as_of) < 3.0);
        let outside = |m1| {
            let bands = self.model.states.bands.as_ref();
            bands.is_some_and(|bands| !matches!(bands.place(m1), Place::In(_)))
        };
        let state = row.state.as_ref();
        let m1 = state.and_then(|s| self.factors.last_value(panel, row.customer, s));
        let f1 = row.state.as_ref().map(|s| s.f1);
        let own_margin = self.rules.margin.is_none() && panel.has_cost;
        let mut flags = Flags::default();
        flags.set(Flag::NoActivePeriod, row.state.is_none());
        flags.set(Flag::OneTimeBuyer, history.purchases == 1);
        flags.set(Flag::ShortHistory, short);
        flags.set(Flag::OutsideBands, m1.is_some_and(outside));
        flags.set(Flag::AboveMaxFrequency, f1 > Some(self.model.states.max_frequency));
        let infinite = panel.has_amount
            && self.model.monetary.is_some()
            && row.periods.iter().any(|p| p.step.value.is_none());
        flags.set(Flag::InfiniteMean, infinite);
        flags.set(
            Flag::NegativeMargin,
            own_margin && last_margin < Some(0.0) && last_margin.is_some(),
        );
        flags.set(Flag::MarginOver100, row.periods.iter().any(|p| p.margin > Some(1.0)));
        let no_cost =
            panel.active_cells(row.customer).next_back().is_some_and(|c| c.cost == Money::ZERO);
        flags.set(Flag::Margin100, own_margin && no_cost);
        flags.set(Flag::NoExpense, panel.has_expense && history.expense == Money::ZERO);
        let rate_wanted = panel.has_expense && self.rules.expense_rate.is_none();
        flags.set(Flag::NoSales, rate_wanted && no_sales);
        flags.set(Flag::NegativeForecast, row.gross_profit_total.is_some_and(|p| p < 0.0));
        let overridden = row.periods.iter().any(|p| p.margin_overridden || p.expense_overridden);
        flags.set(Flag::Overridden, overridden);
        flags
    }
}

fn period(step: Step, money: &PeriodMoney) -> PeriodForecast {
    let cost = step.amount.and_then(|amount| money.cost(amount));
    let expense = money.expense(step.amount);
    let gross_profit = match (step.amount, cost, expense) {
        (Some(amount), Some(cost), Some(expense)) => Some(amount - cost - expense),
        _ => None,
    };
    PeriodForecast {
        step,
        margin: money.margin,
        cost,
        expense,
        gross_profit,
        margin_overridden: money.margin_overridden,
        expense_overridden: money.expense_overridden(),
    }
}
