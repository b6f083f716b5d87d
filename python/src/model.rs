//! Fitted models.

use std::sync::Arc;

use clvcast::fit::FittedModel;
use clvcast::forecast::ForecastOptions;
use clvcast::panel::Panel as Histories;
use clvcast::plots::{self, Scene, Style};
use clvcast::report::{Transitions, data_warnings, fit_text, model_warnings};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::failure::Failure;
use crate::frame::Frame;
use crate::options::fit_options;
use crate::outlook::{self, Outlook};
use crate::panel::Panel;
use crate::pictures::{self, Pictures};
use crate::work;

/// A fitted model: the model file, in memory.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Model(pub(crate) Arc<FittedModel>);

impl Model {
    /// A table made from a panel and the model.
    fn table(
        &self,
        py: Python<'_>,
        panel: &Panel,
        make: impl FnOnce(&Histories, &FittedModel) -> Result<Frame, Failure> + Send + 'static,
    ) -> PyResult<Frame> {
        fits(&self.0, &panel.histories).map_err(|failure| failure.raise(py))?;
        let (model, histories) = (Arc::clone(&self.0), Arc::clone(&panel.histories));
        work::run(py, move |_| make(&histories, &model))
    }
}

/// Refuses a panel in which time runs otherwise than in the model.
pub(crate) fn fits(model: &FittedModel, panel: &Histories) -> Result<(), Failure> {
    let (of_model, of_panel) = (model.period, panel.grid.period());
    if of_model != of_panel {
        return Err(Failure::Option(format!(
            "the model's period is {of_model}, the panel's {of_panel}: make the panel with `--period {of_model}`, or fit a model to it"
        )));
    }
    if model.clock != panel.clock {
        return Err(Failure::Option(
            "the model's clock differs from the panel's: make the panel with the same `--clock`, or fit a model to it".to_owned(),
        ));
    }
    Ok(())
}

#[pymethods]
impl Model {
    /// From the text of a model file.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        let model = FittedModel::from_json(text);
        let model = model.map_err(|error| Failure::Model(error).raise(py))?;
        Ok(Self(Arc::new(model)))
    }

    /// The text of its model file.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// Name of the frequency model.
    #[getter]
    fn frequency(&self) -> &'static str {
        self.0.frequency.name()
    }

    /// What a user should know of the fit.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.0.fit.iter().flat_map(|fit| fit.warnings.iter().cloned()).collect()
    }

    /// What a user should know of the model where it is used with other data than those of its fit.
    fn warnings_with(&self, panel: &Panel) -> Vec<String> {
        model_warnings(&self.0, &panel.histories)
    }

    /// The report of the command line.
    fn report(&self, py: Python<'_>, panel: &Panel) -> PyResult<String> {
        fits(&self.0, &panel.histories).map_err(|failure| failure.raise(py))?;
        let (model, fit) = (Arc::clone(&self.0), self.warnings());
        let (ledger, histories) = (Arc::clone(&panel.ledger), Arc::clone(&panel.histories));
        work::run(py, move |_| {
            let mut warnings = data_warnings(&ledger, &histories);
            warnings.extend(fit);
            Ok(fit_text(&ledger, &histories, &model, &warnings))
        })
    }

    /// Expectations and probabilities of transition, as JSON or as a text.
    fn transitions(&self, py: Python<'_>, text: bool) -> PyResult<String> {
        let model = Arc::clone(&self.0);
        work::run(py, move |_| {
            let tables = Transitions::new(&model);
            Ok(if text { tables.to_text() } else { tables.to_json() })
        })
    }

    fn probability_alive(&self, py: Python<'_>, panel: &Panel) -> PyResult<Frame> {
        self.table(py, panel, outlook::alive)
    }

    fn expected_purchases(&self, py: Python<'_>, panel: &Panel, periods: u32) -> PyResult<Frame> {
        self.table(py, panel, move |panel, model| outlook::expected(panel, model, periods))
    }

    fn pmf(&self, py: Python<'_>, panel: &Panel, periods: u32, most: usize) -> PyResult<Frame> {
        self.table(py, panel, move |panel, model| outlook::pmf(panel, model, periods, most))
    }

    fn expected_values(&self, py: Python<'_>, panel: &Panel) -> PyResult<Frame> {
        self.table(py, panel, outlook::values)
    }

    /// What is expected of a customer of whom x, t_x and T are known.
    fn given(&self, py: Python<'_>, x: u32, t_x: f64, t: f64) -> PyResult<Outlook> {
        Outlook::new(&self.0, x, t_x, t).map_err(|failure| failure.raise(py))
    }

    /// The data behind the pictures of the fit.
    fn pictures(&self, py: Python<'_>, panel: &Panel) -> PyResult<Pictures> {
        fits(&self.0, &panel.histories).map_err(|failure| failure.raise(py))?;
        let (model, histories, base) =
            (Arc::clone(&self.0), Arc::clone(&panel.histories), panel.base);
        work::run(py, move |_| {
            let horizon = ForecastOptions::default().horizon;
            let scene = Scene { horizon, base, ..Scene::default() };
            let style = Style::of(&histories, &model, None);
            Ok(pictures::data(plots::Pictures::new(&histories, &model, &scene, &style)))
        })
    }
}

/// Fits a frequency model and a law of values.
#[pyfunction]
pub(crate) fn fit(py: Python<'_>, panel: &Panel, options: &Bound<'_, PyDict>) -> PyResult<Model> {
    let options = fit_options(panel, options, false)?;
    let histories = Arc::clone(&panel.histories);
    let model = work::run(py, move |progress| {
        progress.start("fitting", None);
        Ok(clvcast::fit::fit(&histories, &options)?)
    })?;
    Ok(Model(Arc::new(model)))
}
