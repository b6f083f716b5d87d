//! How models, calendars and methods did on periods that were held back.

use std::sync::Arc;

use clvcast::evaluate::{self, BacktestOptions, Contest};
use clvcast::ledger::Ledger;
use clvcast::panel::Panel as Histories;
use clvcast::plots;
use clvcast::report::{backtest_json, backtest_text, data_warnings};
use clvcast::value::MoneyRules;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::failure::Failure;
use crate::options::{fit_options, given};
use crate::panel::Panel;
use crate::pictures::{self, Pictures};
use crate::{words, work};

/// A backtest.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Backtest {
    ledger: Arc<Ledger>,
    later: Arc<Histories>,
    options: Arc<BacktestOptions>,
    found: Arc<evaluate::Backtest>,
}

#[pymethods]
impl Backtest {
    /// Everything, as JSON.
    fn to_json(&self) -> String {
        backtest_json(&self.found)
    }

    /// The report of the command line.
    fn report(&self, py: Python<'_>) -> PyResult<String> {
        let (ledger, later) = (Arc::clone(&self.ledger), Arc::clone(&self.later));
        let found = Arc::clone(&self.found);
        work::run(py, move |_| Ok(backtest_text(&found, &data_warnings(&ledger, &later))))
    }

    /// The data behind the pictures of the chosen candidate.
    fn pictures(&self, py: Python<'_>) -> PyResult<Pictures> {
        let (ledger, later) = (Arc::clone(&self.ledger), Arc::clone(&self.later));
        let (options, found) = (Arc::clone(&self.options), Arc::clone(&self.found));
        work::run(py, move |_| {
            let drawn = plots::Pictures::of_backtest(&ledger, &later, &options, &found, None);
            Ok(pictures::data(drawn))
        })
    }
}

/// Scores models, calendars and methods on periods held back.
#[pyfunction]
#[pyo3(signature = (
    panel, options, *, holdout, origins, only, acquisition, margin, expense_rate, margin_rule,
    level, draws, seed
))]
#[expect(clippy::too_many_arguments, reason = "the options of the command line, by name")]
#[expect(clippy::needless_pass_by_value, reason = "what Python hands over is owned")]
pub(crate) fn backtest(
    py: Python<'_>,
    panel: &Panel,
    options: &Bound<'_, PyDict>,
    holdout: u32,
    origins: u32,
    only: Vec<String>,
    acquisition: &str,
    margin: Option<f64>,
    expense_rate: Option<f64>,
    margin_rule: &str,
    level: f64,
    draws: usize,
    seed: u64,
) -> PyResult<Backtest> {
    let fit = fit_options(panel, options, true)?;
    let tau = given::<String>(options, "tau")?;
    let prepare = || {
        let contest = Contest::with_tau(words::tau(tau.as_deref())?).only(&only)?;
        contest.check(panel.histories.clock)?;
        let margin_rule = words::margin_rule(margin_rule)?;
        let rules = MoneyRules { margin, expense_rate, margin_rule, ..MoneyRules::default() };
        rules.check()?;
        let acquisition = words::acquisition(acquisition)?;
        let standard = BacktestOptions::new(panel.cut());
        Ok::<_, Failure>(BacktestOptions {
            holdout,
            origins,
            contest,
            fit,
            acquisition,
            rules,
            level,
            draws,
            seed,
            ..standard
        })
    };
    let options = prepare().map_err(|failure| failure.raise(py))?;
    let (ledger, later) = (Arc::clone(&panel.ledger), Arc::clone(&panel.histories));
    work::run(py, move |progress| {
        let found = Arc::new(evaluate::backtest(&ledger, &later, &options, progress)?);
        Ok(Backtest { ledger, later, options: Arc::new(options), found })
    })
}
