//! What each customer will bring in.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StringArray};
use clvcast::forecast::{ForecastOptions, Member};
use clvcast::ledger::Ledger;
use clvcast::panel::Panel as Histories;
use clvcast::plots::{self, Scene, Style, expected_purchases, total_sample};
use clvcast::predict::{Intervals, PredictOptions, Target, Window};
use clvcast::report::{Layout, Summary, WriteOptions, forecast_batches};
use clvcast::value::{self, MoneyRules, Totals};
use pyo3::prelude::*;

use crate::failure::Failure;
use crate::frame::Frame;
use crate::pictures::{self, Pictures};
use crate::{words, work};

/// A forecast.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Forecast(pub(crate) Arc<Parts>);

/// Everything that a forecast was made of.
pub(crate) struct Parts {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) panel: Arc<Histories>,
    pub(crate) base: Option<u64>,
    pub(crate) members: Arc<Vec<Member>>,
    pub(crate) options: ForecastOptions,
    pub(crate) rules: MoneyRules,
    pub(crate) drawing: PredictOptions,
    pub(crate) forecast: value::Forecast,
    pub(crate) intervals: Option<Arc<Intervals>>,
    pub(crate) other_margin_rule: Option<f64>,
    pub(crate) warnings: Vec<String>,
}

#[pymethods]
impl Forecast {
    /// The rows and columns that the command line writes.
    #[pyo3(signature = (*, layout, columns, customers))]
    fn frame(
        &self,
        py: Python<'_>,
        layout: &str,
        columns: Option<Vec<String>>,
        customers: Option<Vec<String>>,
    ) -> PyResult<Frame> {
        let prepare = || {
            let all = [("wide", Layout::Wide), ("long", Layout::Long)];
            let layout = words::one_of("layout", layout, &all)?;
            let place = |id: &String| {
                self.0.panel.ids.binary_search(id).map_err(|_| {
                    let as_of = self.0.panel.grid.as_of();
                    Failure::Option(format!("customers: `{id}` is not in the data up to {as_of}"))
                })
            };
            let customers = customers.map(|ids| ids.iter().map(place).collect()).transpose()?;
            Ok(WriteOptions {
                layout,
                columns,
                customers,
                quantiles: self.0.intervals.clone(),
                ..WriteOptions::default()
            })
        };
        let options = prepare().map_err(|failure: Failure| failure.raise(py))?;
        let parts = Arc::clone(&self.0);
        let (schema, batches) = work::run(py, move |progress| {
            Ok(forecast_batches(&parts.panel, &parts.forecast, &options, progress)?)
        })?;
        Ok(Frame::new(schema, batches))
    }

    /// Labels of the periods.
    #[getter]
    fn periods(&self) -> Vec<String> {
        self.0.forecast.labels.clone()
    }

    /// Levels of the quantiles.
    #[getter]
    fn quantiles(&self) -> Vec<f64> {
        self.0.intervals.as_ref().map(|all| all.levels.clone()).unwrap_or_default()
    }

    /// What a user should know.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.0.warnings.clone()
    }

    /// Sums over all customers: a row per period, and one of the horizon.
    fn totals(&self, py: Python<'_>) -> PyResult<Frame> {
        let parts = Arc::clone(&self.0);
        work::run(py, move |_| parts.totals())
    }

    /// The summary of the command line.
    fn summary(&self, py: Python<'_>) -> PyResult<String> {
        let parts = Arc::clone(&self.0);
        work::run(py, move |_| Ok(parts.summary()))
    }

    /// The data behind the pictures of the forecast.
    fn pictures(&self, py: Python<'_>) -> PyResult<Pictures> {
        let parts = Arc::clone(&self.0);
        work::run(py, move |_| Ok(pictures::data(parts.pictures())))
    }
}

impl Parts {
    /// Sums over all customers: a row per period, and one of the horizon.
    fn totals(&self) -> Result<Frame, Failure> {
        let totals = Totals::new(&self.forecast);
        let each = &totals.periods;
        let whole = |of: fn(&value::PeriodTotals) -> Option<f64>| {
            each.iter().map(of).try_fold(0.0, |sum, value| Some(sum + value?))
        };
        let column =
            |of: fn(&value::PeriodTotals) -> Option<f64>, total: Option<f64>| -> ArrayRef {
                Arc::new(each.iter().map(of).chain([total]).collect::<Float64Array>())
            };
        let labels = self.forecast.labels.iter().map(String::as_str).chain(["total"]);
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("period".to_owned(), Arc::new(StringArray::from_iter_values(labels))),
            ("active_customers".to_owned(), column(|of| Some(of.active_customers), None)),
            (
                "purchases".to_owned(),
                column(|of| Some(of.purchases), whole(|of| Some(of.purchases))),
            ),
            ("amount".to_owned(), column(|of| of.amount, totals.amount)),
            ("cost".to_owned(), column(|of| of.cost, whole(|of| of.cost))),
            ("expense".to_owned(), column(|of| of.expense, whole(|of| of.expense))),
            ("gross_profit".to_owned(), column(|of| of.gross_profit, totals.gross_profit)),
        ];
        if let Some(intervals) = &self.intervals {
            for target in Target::ALL {
                for (place, level) in intervals.total.levels.iter().enumerate() {
                    let bound = |window| {
                        let bounds = intervals.total.bounds(target, window)?;
                        bounds.get(place).map(|bound| bound.value)
                    };
                    let bounds: Float64Array = Window::all(each.len()).map(bound).collect();
                    let name = format!("{}_{}", target.name(), Intervals::suffix(*level));
                    columns.push((name, Arc::new(bounds)));
                }
            }
        }
        Frame::of(columns)
    }

    fn summary(&self) -> String {
        Summary {
            ledger: &self.ledger,
            panel: &self.panel,
            model: &self.members[0].model,
            members: if self.members.len() > 1 { &self.members[..] } else { &[] },
            model_file: None,
            options: &self.options,
            rules: &self.rules,
            forecast: &self.forecast,
            intervals: self.intervals.as_deref(),
            totals: &Totals::new(&self.forecast),
            other_margin_rule: self.other_margin_rule,
            warnings: &self.warnings,
            currency: None,
        }
        .to_text()
    }

    fn pictures(&self) -> plots::Pictures {
        let (panel, options, model) = (&self.panel, &self.options, &self.members[0].model);
        let alone = self.members.len() == 1;
        let sample =
            alone.then(|| total_sample(panel, model, options, self.drawing.clone())).flatten();
        let expected = expected_purchases(&self.forecast);
        let scene = Scene {
            horizon: options.horizon,
            base: self.base,
            expected: &expected,
            sample: sample.as_ref(),
            happened: &[],
        };
        plots::Pictures::new(panel, model, &scene, &Style::of(panel, model, None))
    }
}
