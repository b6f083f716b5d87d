//! The options of a fit, by their names on the command line.

use std::fs::File;

use clvcast::calendar::GivenFactors;
use clvcast::fit::{DAMPING, FitOptions, TrendChoice};
use clvcast::markov::Bands;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::failure::Failure;
use crate::panel::Panel;
use crate::words;

/// A keyword, if it is given and not `None`.
pub(crate) fn given<'py, T: for<'a> FromPyObject<'a, 'py, Error = PyErr>>(
    options: &Bound<'py, PyDict>,
    name: &str,
) -> PyResult<Option<T>> {
    match options.get_item(name)? {
        Some(value) if !value.is_none() => Ok(Some(value.extract()?)),
        _ => Ok(None),
    }
}

/// Options of a fit by their names on the command line; those left out have its defaults. Where
/// candidates are compared, damped trends are among them.
pub(crate) fn fit_options(
    panel: &Panel,
    options: &Bound<'_, PyDict>,
    compares: bool,
) -> PyResult<FitOptions> {
    let py = options.py();
    let word = |name: &str| given::<String>(options, name);
    let tau = word("tau")?;
    let (frequency, season, trend) = (word("frequency")?, word("season")?, word("trend")?);
    let (value_season, value_trend) = (word("value_season")?, word("value_trend")?);
    let (dependence, spend) = (word("dependence")?, word("spend")?);
    let (damping, penalty) = (given(options, "damping")?, given(options, "penalty")?);
    let bands: Option<Vec<f64>> = given(options, "bands")?;
    let max_frequency = given(options, "max_frequency")?;
    let calendar = word("calendar")?;
    let build = || {
        let season_of = |name, word: Option<String>| {
            word.map(|word| words::season(name, &word)).transpose().map(Option::unwrap_or_default)
        };
        let trend_of = |name, word: Option<String>| {
            word.map(|word| words::trend(name, &word)).transpose().map(Option::unwrap_or_default)
        };
        let tau_given = tau.is_some();
        let tau = words::tau(tau.as_deref())?;
        let frequency = frequency.map(|word| words::frequency(&word, tau)).transpose()?.flatten();
        let bands = bands.map(Bands::new).transpose();
        if tau_given && frequency.is_some_and(|kind| kind.tau().is_none()) {
            return Err(Failure::Option(
                "`--tau` is the sub-period of `--frequency pdo`".to_owned(),
            ));
        }
        let options = FitOptions {
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
            given: calendar.map(|path| planned(&path, panel)).transpose()?.unwrap_or_default(),
            base: panel.base,
        };
        options.check()?;
        let damps = [options.trend, options.value_trend].contains(&TrendChoice::Damped);
        if damping.is_some() && !damps && !compares {
            let text = "`--damping` needs `--trend damped` or `--value-trend damped`";
            return Err(Failure::Option(text.to_owned()));
        }
        Ok(options)
    };
    build().map_err(|failure| failure.raise(py))
}

/// The factors of a calendar file.
fn planned(path: &str, panel: &Panel) -> Result<GivenFactors, Failure> {
    let file = File::open(path).map_err(|error| {
        Failure::Data(format!("the calendar file `{path}` cannot be read: {error}"))
    })?;
    let factors = GivenFactors::for_panel(file, &panel.histories);
    factors.map_err(|error| Failure::Data(format!("in the calendar file `{path}`: {error}")))
}
