//! How the quantiles of customers did on held-out periods of the given history.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Actuals;
use super::choose::Chooser;
use super::error::EvaluateError;
use super::metrics::pit_of_draws;
use crate::fit::FitError;
use crate::forecast::{ForecastOptions, Member};
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions, PeriodIndex};
use crate::predict::{PredictError, PredictOptions, Predictor, Recalibration, Target, Window};
use crate::progress::Silent;
use crate::value::{MoneyRules, Overrides};

/// Why quantiles cannot be recalibrated.
///
/// ```
/// use clvcast::evaluate::{EvaluateError, RecalibrateError};
/// let error = EvaluateError::NothingHeldBack { origins: 0 };
/// assert!(RecalibrateError::from(error).to_string().contains("tests nothing"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RecalibrateError {
    /// There is not enough history, or no panel at the earlier date.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The model cannot be fitted to the shorter history.
    #[error("the model cannot be fitted to the history before the held-out periods: {0}")]
    Fit(#[from] FitError),
    /// The method has no distribution.
    #[error(transparent)]
    Predict(#[from] PredictError),
}

/// Fits with `refit` to the history before the last `forecast.horizon` periods of `panel`, draws
/// those periods, and compares every customer's draws with what it did. `panel_options` made
/// `panel` from `ledger`; of a large base a sample of customers is compared.
///
/// # Errors
///
/// Fewer periods of history than the horizon and two more, a model that cannot be fitted to them,
/// the point method.
///
/// ```
/// # use clvcast::{evaluate::recalibration, fit::*, forecast::*, panel::*, predict::*,
/// #     progress::Silent, simulate::{Scenario, simulate}, value::MoneyRules};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// let cut = PanelOptions::new(Period::Quarter);
/// let panel = Panel::build(&ledger, &cut, &Silent)?;
/// let forecast = ForecastOptions { method: Method::Posterior, ..ForecastOptions::default() };
/// let refit = |panel: &Panel| {
///     let model = fit(panel, &FitOptions::default())?;
///     Ok(vec![Member { weight: 1.0, model, method: Method::Posterior }])
/// };
/// let (rules, draws) = (MoneyRules::default(), PredictOptions { draws: 100, ..Default::default() });
/// let map = recalibration(&ledger, &panel, &cut, &forecast, &rules, &draws, refit)?;
/// // The model is right here: levels stay about where they are.
/// assert!((map.level(Target::Purchases, Window::Total, 0.95) - 0.95).abs() < 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn recalibration(
    ledger: &Ledger,
    panel: &Panel,
    panel_options: &PanelOptions,
    forecast: &ForecastOptions,
    rules: &MoneyRules,
    draws: &PredictOptions,
    refit: impl Fn(&Panel) -> Result<Vec<Member>, FitError>,
) -> Result<Recalibration, RecalibrateError> {
    let horizon = forecast.horizon;
    let needed = horizon.saturating_add(2);
    if panel.periods < needed {
        return Err(EvaluateError::TooFewPeriods {
            holdout: horizon,
            needed,
            found: panel.periods,
            period: panel.grid.period().to_string(),
        }
        .into());
    }
    let sample = ledger.sample(&panel.ids, Chooser::CUSTOMERS, Chooser::SEED);
    let ledger = sample.as_ref().unwrap_or(ledger);
    let build = |as_of| {
        let options = PanelOptions { as_of: Some(as_of), ..*panel_options };
        Panel::build(ledger, &options, &Silent).map_err(EvaluateError::from)
    };
    let later = build(panel.grid.as_of())?;
    let origin = build(later.grid.end(PeriodIndex(-horizon.cast_signed())))?;
    // What is decided about the future was not in force then.
    let rules = MoneyRules { discount: 0.0, overrides: Overrides::default(), ..rules.clone() };
    let actuals = Actuals::new(&origin, &later, horizon, &rules)?.of_customers;
    let members = refit(&origin)?;
    let predictor = Predictor::average(&origin, &members, forecast, &rules, draws)?;
    let places = || {
        let windows = Window::all(horizon as usize);
        windows.flat_map(|window| Target::ALL.map(|target| (target, window)))
    };
    let transforms = predictor.each(|i, sample| {
        let mut rng = ChaCha8Rng::seed_from_u64(draws.seed);
        rng.set_stream(crate::ledger::hash(1, origin.ids[i].as_bytes()));
        let of = |(target, window)| {
            let v = rng.random();
            let drawn = sample.of(target, window)?;
            let own = actuals.of(target)?.of(i);
            let y = match window {
                Window::Period(h) => own[h],
                Window::Total => own.iter().sum(),
            };
            Some(pit_of_draws(&drawn, y, v))
        };
        places().map(of).collect::<Vec<Option<f64>>>()
    });
    Ok(Recalibration::new(origin.grid.as_of(), horizon as usize, |target, window| {
        let at = places().position(|place| place == (target, window)).unwrap_or(usize::MAX);
        transforms.iter().flatten().filter_map(|own| *own.get(at)?).collect()
    }))
}
