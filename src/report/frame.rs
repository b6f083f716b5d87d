//! Named columns of values for some customers: what every output format is written from.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::beside::Beside;
use super::columns::{Columns, In, Layout, Of, Source};
use super::error::ReportError;
use crate::panel::{Customer, Exposure, Panel, State};
use crate::predict::{Target, Window};
use crate::units::{Day, Money, Scale};
use crate::value::{Forecast, PeriodForecast};

/// The values of one column; `None` is a missing one.
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
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// # use clvcast::report::*;
/// let frame = forecast_frame(&panel, &forecast, Layout::Wide, [0])?;
/// let customer = &frame.column("customer").unwrap().values;
/// assert_eq!(*customer, Values::Text(vec![Some("AA-10315".into())]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Values<'a> {
    /// Text.
    Text(Vec<Option<Cow<'a, str>>>),
    /// Finite floating-point numbers, never −0.
    Float(Vec<Option<f64>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Exact money at the frame's scale.
    Money(Vec<Option<Money>>),
    /// Days.
    Date(Vec<Option<Day>>),
}

/// One named column.
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
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// # use clvcast::report::*;
/// let frame = forecast_frame(&panel, &forecast, Layout::Wide, [0])?;
/// let column = frame.column("past_purchases").unwrap();
/// assert_eq!(column.values, Values::Integer(vec![Some(5)]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Column<'a> {
    /// Its name in files.
    pub name: String,
    /// One value per row.
    pub values: Values<'a>,
}

/// A table of named columns.
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
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// # use clvcast::report::*;
/// let frame = forecast_frame(&panel, &forecast, Layout::Wide, [0])?;
/// assert_eq!((frame.rows, frame.scale), (1, panel.scale));
/// assert!(frame.column("gross_profit_3").is_some() && frame.column("gross_profit_4").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Frame<'a> {
    /// The columns, in order, all of the same length.
    pub columns: Vec<Column<'a>>,
    /// Number of rows.
    pub rows: usize,
    /// Decimal places of all money.
    pub scale: Scale,
}

impl Frame<'_> {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column<'_>> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The forecast of some customers (positions in the panel, in the order given) in all columns of a
/// layout.
///
/// # Errors
/// See [`Frame::new`].
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
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// # use clvcast::report::*;
/// let frame = forecast_frame(&panel, &forecast, Layout::Long, [5, 0])?;
/// assert_eq!(frame.rows, 6); // two customers and three periods
/// assert_eq!(frame.columns[0].name, "customer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn forecast_frame<'a>(
    panel: &'a Panel,
    forecast: &'a Forecast,
    layout: Layout,
    customers: impl IntoIterator<Item = usize>,
) -> Result<Frame<'a>, ReportError> {
    let columns = Columns::new(layout, forecast.labels.len(), panel.segments.is_some());
    let customers: Vec<usize> = customers.into_iter().collect();
    Frame::new(panel, forecast, &columns, &customers, Beside::default())
}

impl<'a> Frame<'a> {
    /// The forecast of some customers (positions in the panel, in the order given) in the columns
    /// given; `beside` fills those of quantiles and labels.
    ///
    /// # Errors
    /// When panel and forecast do not belong together, a customer does not exist, or a number is
    /// NaN or infinite.
    pub fn new(
        panel: &'a Panel,
        forecast: &'a Forecast,
        columns: &Columns,
        customers: &[usize],
        beside: Beside<'a>,
    ) -> Result<Self, ReportError> {
        Rows::new(panel, forecast, columns, customers, beside)?.frame()
    }
}

/// The rows of a frame: every customer as often as it has rows.
pub(super) struct Rows<'a, 'b> {
    panel: &'a Panel,
    forecast: &'a Forecast,
    columns: &'b Columns,
    customers: &'b [usize],
    per_customer: usize,
    beside: Beside<'a>,
    /// Of the customers, once one of three columns asks for it.
    exposures: OnceLock<Vec<Option<Exposure>>>,
    /// Likewise.
    states: OnceLock<Vec<Option<State>>>,
}

/// One customer: its position and its history.
type Row<'a> = (usize, &'a Customer);

impl<'a, 'b> Rows<'a, 'b> {
    pub(super) fn new(
        panel: &'a Panel,
        forecast: &'a Forecast,
        columns: &'b Columns,
        customers: &'b [usize],
        beside: Beside<'a>,
    ) -> Result<Self, ReportError> {
        let known = panel.customers.len();
        if forecast.len() != known {
            let forecast = forecast.len();
            return Err(ReportError::OtherPanel { forecast, panel: known });
        }
        if let Some(&index) = customers.iter().find(|&&index| index >= known) {
            return Err(ReportError::NoSuchCustomer { index, customers: known });
        }
        let per_customer = columns.rows_per_customer();
        let (exposures, states) = (OnceLock::new(), OnceLock::new());
        Ok(Self { panel, forecast, columns, customers, per_customer, beside, exposures, states })
    }

    /// All columns.
    pub(super) fn frame(&self) -> Result<Frame<'a>, ReportError> {
        let columns = (0..self.columns.sources().len()).map(|at| self.column(at));
        Ok(Frame {
            columns: columns.collect::<Result<_, _>>()?,
            rows: self.customers.len() * self.per_customer,
            scale: self.panel.scale,
        })
    }

    /// One column.
    pub(super) fn column(&self, at: usize) -> Result<Column<'a>, ReportError> {
        let (name, source) = &self.columns.sources()[at];
        let values = match *source {
            Source::Customer(of) => self.customer(of),
            Source::Period(of, h) => self.period(of, h),
            Source::Quantile(target, window, level) => self.quantile(target, window, level),
            Source::Label(at) => self.label(at),
        };
        self.finite(name, values).map(|values| Column { name: name.clone(), values })
    }

    /// A number of each customer's exposure, repeated over its rows.
    fn exposure<T: Clone>(&self, of: impl Fn(&Exposure) -> T) -> Vec<Option<T>> {
        let exposure = || self.customers.iter().map(|&i| self.panel.exposure(i)).collect();
        self.repeated(self.exposures.get_or_init(exposure), |exposure| Some(of(exposure)))
    }

    /// A number of each customer's state, repeated over its rows.
    fn state<T: Clone>(&self, of: impl Fn(&State) -> Option<T>) -> Vec<Option<T>> {
        let state = || self.customers.iter().map(|&i| self.panel.state(i)).collect();
        self.repeated(self.states.get_or_init(state), of)
    }

    fn repeated<K, T: Clone>(
        &self,
        known: &[Option<K>],
        of: impl Fn(&K) -> Option<T>,
    ) -> Vec<Option<T>> {
        let mut values = Vec::with_capacity(self.customers.len() * self.per_customer);
        for known in known {
            values.extend(std::iter::repeat_n(known.as_ref().and_then(&of), self.per_customer));
        }
        values
    }

    /// One value per customer, repeated over its rows.
    fn each<T: Clone>(&self, value: impl Fn(Row<'a>) -> Option<T>) -> Vec<Option<T>> {
        let mut values = Vec::with_capacity(self.customers.len() * self.per_customer);
        for &i in self.customers {
            let value = value((i, &self.panel.customers[i]));
            values.extend(std::iter::repeat_n(value, self.per_customer));
        }
        values
    }

    /// One value per row from its customer and the period it is about: a fixed one, or the row's own.
    fn each_period<T>(
        &self,
        fixed: Option<usize>,
        value: impl Fn(usize, usize) -> Option<T>,
    ) -> Vec<Option<T>> {
        let mut values = Vec::with_capacity(self.customers.len() * self.per_customer);
        for &i in self.customers {
            for row in 0..self.per_customer {
                values.push(value(i, fixed.unwrap_or(row)));
            }
        }
        values
    }

    fn customer(&self, of: Of) -> Values<'a> {
        let panel = self.panel;
        let forecast = self.forecast;
        match of {
            Of::Customer => {
                Values::Text(self.each(|row| Some(Cow::Borrowed(panel.ids[row.0].as_str()))))
            }
            Of::Segment => Values::Text(self.each(|row| {
                let segments = panel.segments.as_ref()?;
                Some(Cow::Borrowed(segments[row.0].as_str()))
            })),
            Of::X => Values::Integer(self.exposure(|exposure| i64::from(exposure.x))),
            Of::TX => Values::Float(self.exposure(|exposure| exposure.t_x)),
            Of::T => Values::Float(self.exposure(|exposure| exposure.t)),
            Of::PAlive => Values::Float(self.each(|row| forecast.p_alive(row.0))),
            Of::R => Values::Integer(self.state(|state| Some(state.r.into()))),
            Of::F1 => Values::Integer(self.state(|state| Some(state.f1.into()))),
            Of::M1 => Values::Float(self.state(|state| state.m1)),
            Of::AmountTotal => Values::Float(self.each(|row| forecast.amount_total(row.0))),
            Of::GrossProfitTotal => {
                Values::Float(self.each(|row| forecast.gross_profit_total(row.0)))
            }
            Of::PastPurchases => Values::Integer(self.each(|row| Some(row.1.purchases.into()))),
            Of::PastAmount => self.money(panel.has_amount, |c| c.amount),
            Of::PastCost => self.money(panel.has_cost, |c| c.cost),
            Of::PastExpense => self.money(panel.has_expense, |c| c.expense),
            Of::PastGrossProfit => {
                self.money(panel.has_amount && panel.has_cost, |c| c.amount - c.cost - c.expense)
            }
            Of::FirstPurchase => Values::Date(self.each(|row| row.1.first_purchase)),
            Of::LastPurchase => Values::Date(self.each(|row| row.1.last_purchase)),
            Of::ActivePeriods => Values::Integer(
                self.each(|row| i64::try_from(panel.active_cells(row.0).count()).ok()),
            ),
            Of::Flags => Values::Text(self.each(|row| Some(forecast.flags(row.0).text().into()))),
            Of::Overridden => Values::Text(self.each(|row| Some(overridden(forecast, row.0)))),
        }
    }

    fn money(&self, has: bool, value: impl Fn(&Customer) -> Money) -> Values<'a> {
        Values::Money(self.each(|row| has.then(|| value(row.1))))
    }

    /// A number of a period: for each a loop of its own, which works out nothing else.
    fn float(&self, h: Option<usize>, value: impl Fn(PeriodForecast) -> Option<f64>) -> Values<'a> {
        let forecast = self.forecast;
        Values::Float(self.each_period(h, |i, h| forecast.period(i, h).and_then(&value)))
    }

    fn period(&self, of: In, h: Option<usize>) -> Values<'a> {
        let labels = &self.forecast.labels;
        match of {
            In::H => Values::Integer(self.each_period(h, |_, h| i64::try_from(h + 1).ok())),
            In::Period => {
                Values::Text(self.each_period(h, |_, h| {
                    labels.get(h).map(|label| Cow::Borrowed(label.as_str()))
                }))
            }
            In::PActive => self.float(h, |p| Some(p.step.p_active)),
            In::Purchases => self.float(h, |p| Some(p.step.purchases)),
            In::Value => self.float(h, |p| p.step.value),
            In::Amount => self.float(h, |p| p.step.amount),
            In::Margin => self.float(h, |p| p.margin),
            In::Cost => self.float(h, |p| p.cost),
            In::Expense => self.float(h, |p| p.expense),
            In::GrossProfit => self.float(h, |p| p.gross_profit),
        }
    }

    fn quantile(&self, target: Target, window: Option<Window>, level: usize) -> Values<'a> {
        let mut values = Vec::with_capacity(self.customers.len() * self.per_customer);
        for &i in self.customers {
            for row in 0..self.per_customer {
                let window = window.unwrap_or(Window::Period(row));
                let value =
                    self.beside.intervals.and_then(|own| own.customer(i, target, window, level));
                values.push(value);
            }
        }
        Values::Float(values)
    }

    fn label(&self, at: usize) -> Values<'a> {
        let label = |row: Row<'a>| self.beside.labels.get(at)?.label(row.0).map(Cow::Borrowed);
        Values::Text(self.each(label))
    }

    /// Refuses numbers no file could carry, and drops the sign of −0, which means nothing here.
    fn finite(&self, name: &str, values: Values<'a>) -> Result<Values<'a>, ReportError> {
        let Values::Float(mut numbers) = values else { return Ok(values) };
        for (row, number) in numbers.iter_mut().enumerate() {
            let Some(number) = number else { continue };
            if !number.is_finite() {
                let i = self.customers[row / self.per_customer];
                return Err(ReportError::NotFinite {
                    customer: self.panel.ids[i].clone(),
                    column: name.to_owned(),
                    value: *number,
                });
            }
            *number += 0.0;
        }
        Ok(Values::Float(numbers))
    }
}

/// Which numbers were overridden, by their names in the wide layout: `margin_1;expense_2`.
fn overridden(forecast: &Forecast, i: usize) -> Cow<'static, str> {
    if !forecast.has_overrides() {
        return Cow::Borrowed("");
    }
    let mut names = Vec::new();
    for (h, period) in (1..).zip(forecast.periods(i).into_iter().flatten()) {
        if period.margin_overridden {
            names.push(format!("margin_{h}"));
        }
        if period.expense_overridden {
            names.push(format!("expense_{h}"));
        }
    }
    names.join(";").into()
}
