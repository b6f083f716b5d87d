//! Candidates fitted to the history up to an origin, and what they forecast from there.

use rayon::prelude::*;

use super::actuals::Actuals;
use super::candidate::Candidate;
use super::metrics::poisson_loss;
use super::outcomes::{Outcomes, PerPeriod};
use crate::calendar::Trend;
use crate::fit::{FitError, FitOptions, FittedModel, SeasonChoice, TrendChoice, fit};
use crate::forecast::{Acquisition, ForecastOptions, Method, forecast};
use crate::panel::Panel;
use crate::predict::Window;
use crate::value::{Forecast, MoneyRules, Overrides, evaluate};

/// What all candidates have in common.
///
/// ```
/// let options = clvcast::evaluate::TrialOptions::default();
/// assert_eq!(options.horizon, 3);
/// ```
#[derive(Debug, Clone)]
pub struct TrialOptions {
    /// The season of all candidates, whatever their calendar says; `None` leaves it to them.
    pub season: Option<SeasonChoice>,
    /// The trend of all candidates, alike.
    pub trend: Option<TrendChoice>,
    /// How models are fitted, but for frequency model, season and trend.
    pub fit: FitOptions,
    /// Periods ahead.
    pub horizon: u32,
    /// The acquiring day in the chain.
    pub acquisition: Acquisition,
    /// Margins and expenses. Discount and overrides play no part: past periods are scored as they
    /// were, and decisions about coming periods say nothing about them.
    pub rules: MoneyRules,
}

impl Default for TrialOptions {
    fn default() -> Self {
        Self {
            season: None,
            trend: None,
            fit: FitOptions::default(),
            horizon: 3,
            acquisition: Acquisition::default(),
            rules: MoneyRules::default(),
        }
    }
}

impl TrialOptions {
    /// Margins and expenses without what is not of the past: discount and overrides.
    pub(super) fn past_rules(&self) -> MoneyRules {
        MoneyRules { discount: 0.0, overrides: Overrides::default(), ..self.rules.clone() }
    }

    /// How a candidate forecasts.
    #[must_use]
    pub const fn forecast_options(&self, method: Method) -> ForecastOptions {
        ForecastOptions { method, horizon: self.horizon, acquisition: self.acquisition }
    }
}

/// A candidate and what became of it.
///
/// ```
/// # use clvcast::{evaluate::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 200, ..Scenario::default() })?.to_ledger();
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let candidates = Contest::default().candidates(&panel);
/// let trial = trials(&panel, &candidates[..1], &TrialOptions::default()).remove(0);
/// assert_eq!(trial.candidate, candidates[0]);
/// assert!(trial.outcome.is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// What was tried.
    pub candidate: Candidate,
    /// The fitted model with its forecasts, or why there is none.
    pub outcome: Result<Fitted, FitError>,
}

/// A fitted candidate.
///
/// ```
/// # use clvcast::{evaluate::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 200, ..Scenario::default() })?.to_ledger();
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let candidates = Contest::default().candidates(&panel);
/// let trial = trials(&panel, &candidates[..1], &TrialOptions::default()).remove(0);
/// let fitted = trial.outcome?;
/// assert_eq!(fitted.model.frequency.name(), "nbd");
/// assert_eq!(fitted.predicted.outcomes.purchases.customers(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The model.
    pub model: FittedModel,
    /// Its forecasts.
    pub predicted: Predicted,
}

/// Forecasts per customer and period, in the panel's order.
///
/// ```
/// # use clvcast::{evaluate::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 200, ..Scenario::default() })?.to_ledger();
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let candidates = Contest::default().candidates(&panel);
/// let trial = trials(&panel, &candidates[..1], &TrialOptions::default()).remove(0);
/// let predicted = trial.outcome?.predicted;
/// let (active, purchases) = (predicted.p_active.unwrap(), predicted.outcomes.purchases);
/// assert!(active.of(0)[0] <= purchases.of(0)[0]); // an active period has one or more
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// Expected purchases, amounts and gross profits; 0 where nothing can be forecast, as the
    /// totals of a forecast count it.
    pub outcomes: Outcomes,
    /// P(at least one purchase) per period; `None` where the method has no such probability.
    pub p_active: Option<PerPeriod>,
    /// Customers without a forecast, by target.
    pub without: [usize; 3],
}

impl Predicted {
    /// Forecasts for every customer, without probabilities.
    #[must_use]
    pub const fn from_outcomes(outcomes: Outcomes) -> Self {
        Self { outcomes, p_active: None, without: [0; 3] }
    }

    /// From a forecast of all customers of a panel.
    #[must_use]
    pub fn new(forecast: &Forecast, method: Method) -> Self {
        let (customers, horizon) = (forecast.len(), forecast.labels.len());
        let mut sums = [(); 3].map(|()| PerPeriod::zeros(customers, horizon));
        let mut active = PerPeriod::zeros(customers, horizon);
        let mut without = [0; 3];
        for i in 0..customers {
            let periods = forecast.periods(i);
            let mut missing = [periods.is_none(); 3];
            for (h, period) in periods.into_iter().flatten().enumerate() {
                let step = &period.step;
                active.of_mut(i)[h] = step.p_active;
                let values = [Some(step.purchases), step.amount, period.gross_profit];
                for ((sum, missing), value) in sums.iter_mut().zip(&mut missing).zip(values) {
                    match value {
                        Some(value) => sum.of_mut(i)[h] = value,
                        None => *missing = true,
                    }
                }
            }
            for (without, missing) in without.iter_mut().zip(missing) {
                *without += usize::from(missing);
            }
        }
        let [purchases, amount, gross_profit] = sums;
        let outcomes = Outcomes {
            purchases,
            amount: (without[1] < customers).then_some(amount),
            gross_profit: (without[2] < customers).then_some(gross_profit),
        };
        // The point rule's probability is that of one count.
        let p_active = (method != Method::Point).then_some(active);
        Self { outcomes, p_active, without }
    }

    /// Per customer the Poisson deviance of its purchases in a window, 2\[y ln(y/μ) − (y − μ)\]:
    /// what paired comparisons of candidates are made of. Infinite where 0 was forecast and
    /// somebody purchased.
    #[must_use]
    pub fn losses(&self, actuals: &Actuals, window: Window) -> Vec<f64> {
        let predicted = self.outcomes.purchases.window(window);
        let actual = actuals.of_customers.purchases.window(window);
        actual.iter().zip(&predicted).map(|(&y, &mu)| poisson_loss(y, mu)).collect()
    }
}

/// Fits all candidates to `panel` and lets them forecast; in the order of `candidates`.
///
/// Candidates that differ in method alone, or in the fading of a trend alone, share one fit. Fits
/// run in parallel.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent, units::Day};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// use clvcast::{evaluate::*, fit::FrequencyKind, predict::Window, value::MoneyRules};
/// let panel = |as_of| {
///     let options = PanelOptions { as_of, ..PanelOptions::new(Period::Quarter) };
///     Panel::build(&ledger, &options, &Silent)
/// };
/// let (origin, later) = (panel(Day::from_ymd(2017, 3, 31))?, panel(None)?);
/// let options = TrialOptions::default();
/// let contest = Contest {
///     frequencies: vec![FrequencyKind::Nbd],
///     calendars: vec![CalendarKind::None, CalendarKind::SeasonTrend],
///     ..Contest::default()
/// };
/// let trials = trials(&origin, &contest.candidates(&origin), &options);
/// assert_eq!(trials.len(), 6); // posterior, chain and point
/// let actuals = Actuals::new(&origin, &later, options.horizon, &options.rules)?;
/// let loss = |trial: &Trial| -> f64 {
///     trial.outcome.as_ref().unwrap().predicted.losses(&actuals, Window::Total).iter().sum()
/// };
/// assert!(loss(&trials[3]) < loss(&trials[0])); // season and growth, by the posterior
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn trials(panel: &Panel, candidates: &[Candidate], options: &TrialOptions) -> Vec<Trial> {
    trials_with(panel, candidates, options, |trial| trial)
}

/// The same, keeping of each trial only what `keep` makes of it: forecasts of many candidates for
/// many customers need not be in memory together.
///
/// ```
/// # use clvcast::{evaluate::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 200, ..Scenario::default() })?.to_ledger();
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let candidates = Contest::default().candidates(&panel);
/// let fits = trials_with(&panel, &candidates[..3], &TrialOptions::default(), |trial| {
///     trial.outcome.is_ok()
/// });
/// assert_eq!(fits, [true; 3]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn trials_with<R: Send>(
    panel: &Panel,
    candidates: &[Candidate],
    options: &TrialOptions,
    keep: impl Fn(Trial) -> R + Sync,
) -> Vec<R> {
    let alike = |a: &Candidate, b: &Candidate| {
        (a.frequency, a.calendar.undamped()) == (b.frequency, b.calendar.undamped())
    };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        match groups.iter_mut().find(|group| alike(&candidates[group[0]], candidate)) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    let done: Vec<Vec<(usize, R)>> = groups
        .par_iter()
        .map(|group| {
            let members = group.iter().map(|&at| (at, candidates[at]));
            let first = candidates[group[0]];
            let undamped = Candidate { calendar: first.calendar.undamped(), ..first };
            let model = undamped.fit(panel, options);
            members
                .map(|(at, candidate)| {
                    let outcome =
                        model.clone().map(|model| fitted(panel, model, candidate, options));
                    (at, keep(Trial { candidate, outcome }))
                })
                .collect()
        })
        .collect();
    let mut trials: Vec<(usize, R)> = done.into_iter().flatten().collect();
    trials.sort_by_key(|(at, _)| *at);
    trials.into_iter().map(|(_, trial)| trial).collect()
}

/// The forecasts of one candidate by the model of its group.
fn fitted(
    panel: &Panel,
    model: FittedModel,
    candidate: Candidate,
    options: &TrialOptions,
) -> Fitted {
    let model = damped(model, candidate, options);
    let forecast_options = options.forecast_options(candidate.method);
    let purchases = forecast(panel, &model, &forecast_options);
    let forecast = evaluate(panel, &model, &purchases, options.horizon, &options.past_rules());
    let predicted = Predicted::new(&forecast, candidate.method);
    Fitted { model, predicted }
}

/// A model with the damped trend of its candidate, which differs from the linear one only ahead.
fn damped(mut model: FittedModel, candidate: Candidate, options: &TrialOptions) -> FittedModel {
    if candidate.calendar.is_damped()
        && let Some(calendar) = &mut model.calendar
        && let Trend::Linear { per_year } = calendar.trend
    {
        calendar.trend = Trend::Damped { per_year, damping: options.fit.damping };
    }
    model
}

impl Candidate {
    /// Its model fitted to a panel, as [`trials`] fit it.
    ///
    /// # Errors
    ///
    /// What [`fit()`](crate::fit::fit) cannot fit.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// # use clvcast::{evaluate::*, fit::FrequencyKind, forecast::Method};
    /// let candidate = Candidate {
    ///     frequency: FrequencyKind::Nbd,
    ///     calendar: CalendarKind::Trend,
    ///     method: Method::Posterior,
    /// };
    /// let model = candidate.fit(&panel, &TrialOptions::default())?;
    /// assert!(model.calendar.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fit(&self, panel: &Panel, options: &TrialOptions) -> Result<FittedModel, FitError> {
        let undamped = Self { calendar: self.calendar.undamped(), ..*self };
        Ok(damped(fit(panel, &undamped.fit_options(options))?, *self, options))
    }
}
