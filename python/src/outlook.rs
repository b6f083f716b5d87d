//! What is expected of customers given their whole histories.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StringArray};
use clvcast::calendar::Timeline;
use clvcast::fit::FittedModel;
use clvcast::forecast::{ForecastOptions, Method, Prospects, count_tables, forecast};
use clvcast::models::{self, Past};
use clvcast::panel::Panel as Histories;
use pyo3::prelude::*;

use crate::failure::Failure;
use crate::frame::Frame;

/// Probability that a table may lack: far above the rest at which tables end by design (1e-9), and
/// far below what anybody would see.
const MISSING: f64 = 1e-6;

fn timeline(panel: &Histories, model: &FittedModel, periods: u32) -> Timeline {
    Timeline::new(panel, model.calendar.as_ref(), periods)
}

fn ids(panel: &Histories) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(panel.ids.iter()))
}

fn numbers(of: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(of.collect::<Float64Array>())
}

/// P(has not left) of every customer; none without a purchase.
pub(crate) fn alive(panel: &Histories, model: &FittedModel) -> Result<Frame, Failure> {
    let prospects = Prospects::new(panel, &model.frequency, &timeline(panel, model, 1));
    let of = (0..panel.customers.len()).map(|i| Some(prospects.of(i)?.p_alive));
    Frame::of([("customer", ids(panel)), ("p_alive", numbers(of))])
}

/// Expected purchases of every customer in the coming periods together.
pub(crate) fn expected(
    panel: &Histories,
    model: &FittedModel,
    periods: u32,
) -> Result<Frame, Failure> {
    let prospects = Prospects::new(panel, &model.frequency, &timeline(panel, model, periods));
    let sum = |i| Some(prospects.of(i)?.periods.iter().map(|period| period.purchases).sum());
    let of = (0..panel.customers.len()).map(sum);
    Frame::of([("customer", ids(panel)), ("expected_purchases", numbers(of))])
}

/// P(0), P(1), … up to P(`most`) of every customer's purchases in the coming periods together, and
/// P(more).
pub(crate) fn pmf(
    panel: &Histories,
    model: &FittedModel,
    periods: u32,
    most: usize,
) -> Result<Frame, Failure> {
    let timeline = timeline(panel, model, periods);
    let rows = count_tables(panel, &model.frequency, &timeline, |_, tables| {
        // The last table is that of the whole horizon.
        let table = tables.last().map_or(&[][..], |table| &table[..]);
        let mut row: Vec<f64> = (0..=most).map(|n| table.get(n).copied().unwrap_or(0.0)).collect();
        // What is left: a table ends where next to nothing is, or where it would grow too long.
        row.push((1.0 - row.iter().sum::<f64>()).max(0.0));
        row
    });
    let name = |n: usize| if n > most { "p_more".to_owned() } else { format!("p_{n}") };
    let column = |n: usize| numbers(rows.iter().map(|row| row.as_ref().map(|row| row[n])));
    let columns = (0..=most + 1).map(|n| (name(n), column(n)));
    Frame::of([("customer".to_owned(), ids(panel))].into_iter().chain(columns))
}

/// Mean value of a purchase of every customer in the first coming period; none without a purchase,
/// without amounts, or where it is infinite.
pub(crate) fn values(panel: &Histories, model: &FittedModel) -> Result<Frame, Failure> {
    let options = ForecastOptions { method: Method::Posterior, horizon: 1, ..Default::default() };
    let purchases = forecast(panel, model, &options);
    let of = (0..panel.customers.len()).map(|i| purchases.step(i, 0)?.value);
    Frame::of([("customer", ids(panel)), ("expected_value", numbers(of))])
}

/// What a model expects of a customer of whom x, t_x and T are known.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Outlook(models::Outlook<'static>);

impl Outlook {
    pub(crate) fn new(model: &FittedModel, x: u32, t_x: f64, t: f64) -> Result<Self, Failure> {
        let refused = |why: &str| Err(Failure::Option(why.to_owned()));
        if !(0.0 <= t_x && t_x <= t && t.is_finite()) {
            return refused(&format!("t_x={t_x}, T={t}: expected 0 <= t_x <= T, in periods"));
        }
        if x == 0 && t_x > 0.0 {
            return refused(&format!("x=0, t_x={t_x}: without a repeat purchase t_x is 0"));
        }
        if model.calendar.is_some() {
            return refused(
                "the model has a calendar, under which x, t_x and T do not say when: give a panel",
            );
        }
        if model.frequency.tau().is_some() {
            return refused("a PDO counts sub-periods back from the as-of date: give a panel");
        }
        Ok(Self(model.frequency.outlook(&Past::new(x, t_x, t), &[])))
    }
}

fn window(t: f64) -> Result<f64, Failure> {
    if t.is_finite() && t >= 0.0 {
        return Ok(t);
    }
    Err(Failure::Option(format!("t={t}: expected a number of periods, 0 or more")))
}

#[pymethods]
impl Outlook {
    #[getter]
    fn probability_alive(&self) -> f64 {
        self.0.p_alive
    }

    fn expected_purchases(&self, py: Python<'_>, t: f64) -> PyResult<f64> {
        let t = window(t).map_err(|failure| failure.raise(py))?;
        Ok(self.0.expected(0.0, t))
    }

    fn pmf(&self, py: Python<'_>, t: f64) -> PyResult<Vec<f64>> {
        let t = window(t).map_err(|failure| failure.raise(py))?;
        let pmf = self.0.pmf(0.0, t);
        if 1.0 - pmf.iter().sum::<f64>() > MISSING {
            let most = models::Outlook::MOST_COUNTS;
            let text = format!("t={t}: more than {most} purchases are likely; ask for less time");
            return Err(Failure::Option(text).raise(py));
        }
        Ok(pmf)
    }
}
