//! What each customer will bring in.

use std::sync::Arc;

use clvcast::evaluate::choose::Chooser;
use clvcast::evaluate::{Contest, Recipe, TrialOptions};
use clvcast::fit::{SeasonChoice, TrendChoice};
use clvcast::forecast::{ForecastOptions, Member, Method, Purchases, forecast};
use clvcast::panel::{Panel as Histories, PanelOptions, PeriodIndex};
use clvcast::predict::{Intervals, PredictOptions, Predictor};
use clvcast::report::{Layout, WriteOptions, forecast_batches};
use clvcast::value::{self, MoneyRules, Overrides, Totals, evaluate};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::failure::Failure;
use crate::frame::Frame;
use crate::model::{Model, fit_options};
use crate::panel::Panel;
use crate::{words, work};

/// The models of a forecast, with their weights and methods.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Found {
    members: Arc<Vec<Member>>,
}

#[pymethods]
impl Found {
    /// One model and its method.
    #[staticmethod]
    fn given(py: Python<'_>, model: &Model, method: Option<&str>) -> PyResult<Self> {
        let model = (*model.0).clone();
        let stays = model.frequency.name() == "nbd";
        let asked = method.map(words::method).transpose().map_err(|failure| failure.raise(py))?;
        let recorded = || {
            let member = model.fit.as_ref()?.choice.as_ref()?.members.first()?;
            [Method::Posterior, Method::Chain].into_iter().find(|m| m.name() == member.method)
        };
        let method = match asked.flatten() {
            Some(method @ (Method::Point | Method::Chain)) if !stays => {
                let (method, frequency) = (method.name(), model.frequency.name());
                let text = format!(
                    "method={method:?} exists for nbd only, and the model is {frequency}: use method=\"posterior\""
                );
                return Err(Failure::Option(text).raise(py));
            }
            Some(method) => method,
            None => recorded().unwrap_or(if stays { Method::Chain } else { Method::Posterior }),
        };
        Ok(Self { members: Arc::new(vec![Member { weight: 1.0, model, method }]) })
    }

    /// The models.
    #[getter]
    fn models(&self) -> Vec<Model> {
        self.members.iter().map(|member| Model(Arc::new(member.model.clone()))).collect()
    }

    #[getter]
    fn weights(&self) -> Vec<f64> {
        self.members.iter().map(|member| member.weight).collect()
    }

    #[getter]
    fn methods(&self) -> Vec<&'static str> {
        self.members.iter().map(|member| member.method.name()).collect()
    }

    /// The forecast of all customers of a panel.
    #[pyo3(signature = (
        panel, *, horizon, acquisition, margin, expense_rate, margin_rule, discount, overrides,
        quantiles, draws, seed
    ))]
    #[expect(clippy::too_many_arguments, reason = "the options of the command line, by name")]
    fn forecast(
        &self,
        py: Python<'_>,
        panel: &Panel,
        horizon: u32,
        acquisition: &str,
        margin: Option<f64>,
        expense_rate: Option<f64>,
        margin_rule: &str,
        discount: f64,
        overrides: Option<String>,
        quantiles: Vec<f64>,
        draws: Option<usize>,
        seed: u64,
    ) -> PyResult<Forecast> {
        let histories = Arc::clone(&panel.histories);
        let members = Arc::clone(&self.members);
        let prepare = || {
            let options = ForecastOptions {
                method: members[0].method,
                horizon,
                acquisition: words::acquisition(acquisition)?,
            };
            let rules = MoneyRules {
                margin,
                expense_rate,
                margin_rule: words::margin_rule(margin_rule)?,
                discount,
                overrides: overrides
                    .map(|text| read_overrides(&text, &histories, horizon))
                    .transpose()?
                    .unwrap_or_default(),
            };
            Ok::<_, Failure>((options, rules))
        };
        let (options, rules) = prepare().map_err(|failure| failure.raise(py))?;
        let standard = PredictOptions::default();
        let drawing = PredictOptions { draws: draws.unwrap_or(standard.draws), seed, ..standard };
        let panel = Arc::clone(&histories);
        let (forecast, intervals) = work::run(py, move |progress| {
            let purchases = match &members[..] {
                [one] => forecast(&histories, &one.model, &options),
                all => Purchases::average(
                    &all.iter()
                        .map(|m| (m.weight, m.forecast(&histories, &options)))
                        .collect::<Vec<_>>(),
                ),
            };
            let model = &members[0].model;
            let forecast = evaluate(&histories, model, &purchases, options.horizon, &rules);
            if quantiles.is_empty() {
                return Ok((forecast, None));
            }
            let predictor = match &members[..] {
                [one] => Predictor::new(&histories, &one.model, &options, &rules, &drawing)?,
                all => Predictor::average(&histories, all, &options, &rules, &drawing)?,
            };
            let predictor = predictor.with_progress(progress);
            progress.start("drawing futures", Some(histories.customers.len() as u64));
            let intervals = Intervals::new(&predictor, &histories, &quantiles, true);
            Ok((forecast, Some(Arc::new(intervals))))
        })?;
        Ok(Forecast { panel, forecast: Arc::new(forecast), intervals })
    }
}

fn read_overrides(text: &str, panel: &Histories, horizon: u32) -> Result<Overrides, Failure> {
    let labels: Vec<String> =
        (1..=horizon).map(|h| panel.grid.label(PeriodIndex(h.cast_signed()))).collect();
    let customer = |id: &str| panel.ids.binary_search_by(|known| known.as_str().cmp(id)).is_ok();
    let segment = |name: &str| {
        panel.segments.as_ref().is_some_and(|all| all.iter().any(|known| known == name))
    };
    Overrides::read(text.as_bytes(), &labels, customer, segment)
        .map_err(|error| Failure::Data(format!("overrides: {error}")))
}

/// Compares models, calendars and methods on periods held out of the history, and fits the best.
#[pyfunction]
#[pyo3(signature = (panel, options, *, method, horizon, acquisition))]
pub(crate) fn choose(
    py: Python<'_>,
    panel: &Panel,
    options: &Bound<'_, PyDict>,
    method: Option<&str>,
    horizon: u32,
    acquisition: &str,
) -> PyResult<Found> {
    let fit = fit_options(panel, options)?;
    let word = |name: &str| -> PyResult<Option<String>> {
        options.get_item(name)?.filter(|value| !value.is_none()).map(|v| v.extract()).transpose()
    };
    let (frequency, tau) = (word("frequency")?, word("tau")?.unwrap_or_else(|| "7d".to_owned()));
    let (has_season, has_trend) = (word("season")?.is_some(), word("trend")?.is_some());
    let prepare = || {
        let tau = words::tau(&tau)?;
        let frequency = frequency.map(|word| words::frequency(&word, tau)).transpose()?.flatten();
        let method = method.map(words::method).transpose()?.flatten();
        let season = Some(fit.season).filter(|s| has_season && *s != SeasonChoice::Auto);
        let trend = Some(fit.trend).filter(|t| has_trend && *t != TrendChoice::Auto);
        let contest = Contest::with_tau(tau).given(frequency, method, season, trend);
        let acquisition = words::acquisition(acquisition)?;
        let trial =
            TrialOptions { season, trend, fit, horizon, acquisition, ..TrialOptions::default() };
        Ok::<_, Failure>(Chooser { contest, trial, customers: Chooser::CUSTOMERS })
    };
    let chooser = prepare().map_err(|failure| failure.raise(py))?;
    let cut = PanelOptions { as_of: Some(panel.histories.grid.as_of()), ..panel.options };
    let (ledger, histories) = (Arc::clone(&panel.ledger), Arc::clone(&panel.histories));
    let members = work::run(py, move |_| {
        Ok(Recipe::chosen(&ledger, &histories, &cut, chooser)?.fit(&histories)?)
    })?;
    Ok(Found { members: Arc::new(members) })
}

/// A forecast.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Forecast {
    panel: Arc<Histories>,
    forecast: Arc<value::Forecast>,
    intervals: Option<Arc<Intervals>>,
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
            let layout = match layout {
                "wide" => Layout::Wide,
                "long" => Layout::Long,
                _ => {
                    let text = format!("layout={layout:?}: expected one of wide, long");
                    return Err(Failure::Option(text));
                }
            };
            let place = |id: &String| {
                self.panel.ids.binary_search(id).map_err(|_| {
                    let as_of = self.panel.grid.as_of();
                    Failure::Option(format!("customers: `{id}` is not in the data up to {as_of}"))
                })
            };
            let customers = customers.map(|ids| ids.iter().map(place).collect()).transpose()?;
            Ok(WriteOptions { layout, columns, customers, quantiles: self.intervals.clone() })
        };
        let options = prepare().map_err(|failure: Failure| failure.raise(py))?;
        let (panel, forecast) = (Arc::clone(&self.panel), Arc::clone(&self.forecast));
        let (schema, batches) = work::run(py, move |progress| {
            Ok(forecast_batches(&panel, &forecast, &options, progress)?)
        })?;
        Ok(Frame::new(schema, batches))
    }

    /// Labels of the periods.
    #[getter]
    fn periods(&self) -> Vec<String> {
        self.forecast.labels.clone()
    }

    /// Sums over all customers, by name: of each period, and of all of them, which are discounted.
    fn totals(&self) -> Vec<(String, f64, Option<f64>, Option<f64>)> {
        let totals = Totals::new(&self.forecast);
        let periods = self.forecast.labels.iter().zip(&totals.periods);
        periods
            .map(|(label, of)| (label.clone(), of.purchases, of.amount, of.gross_profit))
            .collect()
    }
}
