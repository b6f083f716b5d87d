//! Fitted models.

use std::sync::Arc;

use clvcast::evaluate::{self, BacktestOptions, CalendarKind, Contest};
use clvcast::fit::{DAMPING, FitOptions, FittedModel};
use clvcast::markov::Bands;
use clvcast::report::{Transitions, backtest_json};
use clvcast::value::MoneyRules;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::failure::Failure;
use crate::panel::Panel;
use crate::{words, work};

/// A fitted model: the model file, in memory.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Model(pub(crate) Arc<FittedModel>);

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

    /// Expectations and probabilities of transition, as JSON.
    fn transitions(&self) -> String {
        Transitions::new(&self.0).to_json()
    }

    /// Name of the frequency model.
    #[getter]
    fn frequency(&self) -> &'static str {
        self.0.frequency.name()
    }
}

/// A keyword, if it is given and not `None`.
fn given<'py, T: for<'a> FromPyObject<'a, 'py, Error = PyErr>>(
    options: &Bound<'py, PyDict>,
    name: &str,
) -> PyResult<Option<T>> {
    match options.get_item(name)? {
        Some(value) if !value.is_none() => Ok(Some(value.extract()?)),
        _ => Ok(None),
    }
}

/// Options of a fit by their names on the command line; those left out have its defaults.
pub(crate) fn fit_options(panel: &Panel, options: &Bound<'_, PyDict>) -> PyResult<FitOptions> {
    let py = options.py();
    let word = |name: &str| given::<String>(options, name);
    let tau = word("tau")?.unwrap_or_else(|| "7d".to_owned());
    let (frequency, season, trend) = (word("frequency")?, word("season")?, word("trend")?);
    let (value_season, value_trend) = (word("value_season")?, word("value_trend")?);
    let (dependence, spend) = (word("dependence")?, word("spend")?);
    let (damping, penalty) = (given(options, "damping")?, given(options, "penalty")?);
    let bands: Option<Vec<f64>> = given(options, "bands")?;
    let max_frequency = given(options, "max_frequency")?;
    let build = || {
        let season_of = |name, word: Option<String>| {
            word.map(|word| words::season(name, &word)).transpose().map(Option::unwrap_or_default)
        };
        let trend_of = |name, word: Option<String>| {
            word.map(|word| words::trend(name, &word)).transpose().map(Option::unwrap_or_default)
        };
        let tau = words::tau(&tau)?;
        let frequency = frequency.map(|word| words::frequency(&word, tau)).transpose()?.flatten();
        let bands = bands.map(Bands::new).transpose();
        Ok::<_, Failure>(FitOptions {
            frequency: frequency.unwrap_or_default(),
            season: season_of("season", season)?,
            trend: trend_of("trend", trend)?,
            value_season: season_of("value_season", value_season)?,
            value_trend: trend_of("value_trend", value_trend)?,
            dependence: dependence
                .map(|word| words::dependence(&word))
                .transpose()?
                .unwrap_or_default(),
            spend: spend.map(|word| words::spend(&word)).transpose()?.unwrap_or_default(),
            damping: damping.unwrap_or(DAMPING),
            penalty,
            bands: bands.map_err(|error| Failure::Option(format!("bands: {error}")))?,
            max_frequency,
            base: panel.base,
            ..FitOptions::default()
        })
    };
    build().map_err(|failure| failure.raise(py))
}

/// Fits a frequency model and a law of values.
#[pyfunction]
pub(crate) fn fit(py: Python<'_>, panel: &Panel, options: &Bound<'_, PyDict>) -> PyResult<Model> {
    let options = fit_options(panel, options)?;
    let histories = Arc::clone(&panel.histories);
    let model = work::run(py, move |_| Ok(clvcast::fit::fit(&histories, &options)?))?;
    Ok(Model(Arc::new(model)))
}

/// Scores models, calendars and methods on periods held back; the result as JSON.
#[pyfunction]
#[pyo3(signature = (panel, options, *, holdout, origins, only, margin, expense_rate, level, draws, seed))]
#[expect(clippy::too_many_arguments, reason = "the options of the command line, by name")]
pub(crate) fn backtest(
    py: Python<'_>,
    panel: &Panel,
    options: &Bound<'_, PyDict>,
    holdout: u32,
    origins: u32,
    only: Vec<String>,
    margin: Option<f64>,
    expense_rate: Option<f64>,
    level: f64,
    draws: usize,
    seed: u64,
) -> PyResult<String> {
    let fit = fit_options(panel, options)?;
    let tau = given::<String>(options, "tau")?.unwrap_or_else(|| "7d".to_owned());
    let contest = words::tau(&tau).and_then(|tau| contest(&only, tau));
    let contest = contest.map_err(|failure| failure.raise(py))?;
    let rules = MoneyRules { margin, expense_rate, ..MoneyRules::default() };
    let cut =
        clvcast::panel::PanelOptions { as_of: Some(panel.histories.grid.as_of()), ..panel.options };
    let options = BacktestOptions {
        holdout,
        origins,
        contest,
        fit,
        rules,
        level,
        draws,
        seed,
        ..BacktestOptions::new(cut)
    };
    let (ledger, histories) = (Arc::clone(&panel.ledger), Arc::clone(&panel.histories));
    work::run(py, move |progress| {
        let found = evaluate::backtest(&ledger, &histories, &options, progress)?;
        Ok(backtest_json(&found))
    })
}

/// Everything, or what the words leave of it: words of one kind narrow that kind.
fn contest(only: &[String], tau: u32) -> Result<Contest, Failure> {
    let all = Contest::with_tau(tau);
    let named = |name: &str| only.iter().any(|word| word == name);
    let frequencies: Vec<_> =
        all.frequencies.iter().copied().filter(|kind| named(kind.name())).collect();
    let methods: Vec<_> = all.methods.iter().copied().filter(|m| named(m.name())).collect();
    let calendars: Vec<_> = only.iter().filter_map(|word| CalendarKind::from_name(word)).collect();
    if let Some(word) = only.iter().find(|word| {
        !all.frequencies.iter().any(|kind| kind.name() == *word)
            && !all.methods.iter().any(|method| method.name() == *word)
            && CalendarKind::from_name(word).is_none()
    }) {
        return Err(Failure::Option(format!(
            "only={word:?}: expected names of models, calendars or methods"
        )));
    }
    let or = |found: Vec<_>, all| if found.is_empty() { all } else { found };
    Ok(Contest {
        frequencies: or(frequencies, all.frequencies),
        calendars: if calendars.is_empty() { all.calendars } else { calendars },
        methods: if methods.is_empty() { all.methods } else { methods },
    })
}
