//! The same pipeline on past as-of dates, scored on what came next.

use rayon::prelude::*;

use super::actuals::{Actuals, FirstSeen};
use super::baselines::Baseline;
use super::candidate::Contest;
use super::choice::{Chosen, best};
use super::contender::Contender;
use super::error::EvaluateError;
use super::judge::Judge;
use super::score::Score;
use super::trial::{Predicted, TrialOptions, trials_with};
use crate::fit::FitOptions;
use crate::forecast::Acquisition;
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions, Period, PeriodIndex};
use crate::progress::{Progress, Silent};
use crate::units::Day;
use crate::value::MoneyRules;

/// Periods of history below which nothing is fitted: one alone holds no transition.
const LEAST_HISTORY: u32 = 2;

/// How a backtest is made.
///
/// ```
/// use clvcast::{evaluate::BacktestOptions, panel::{PanelOptions, Period}};
/// let options = BacktestOptions::new(PanelOptions::new(Period::Quarter));
/// assert_eq!((options.holdout, options.origins, options.level), (3, 1, 0.9));
/// ```
#[derive(Debug, Clone)]
pub struct BacktestOptions {
    /// How panels are built; each origin has its own as-of date.
    pub panel: PanelOptions,
    /// Periods held back, which are the horizon of every forecast.
    pub holdout: u32,
    /// Past as-of dates: the one before the holdout, then one period earlier each.
    pub origins: u32,
    /// Who is compared.
    pub contest: Contest,
    /// How models are fitted, but for frequency model, season and trend.
    pub fit: FitOptions,
    /// The acquiring day in the chain.
    pub acquisition: Acquisition,
    /// Margins and expenses; discount and overrides play no part.
    pub rules: MoneyRules,
    /// Share that the central intervals are meant to hold.
    pub level: f64,
    /// Futures drawn of each customer, for the distributions that are not exact.
    pub draws: usize,
    /// Seed of all random numbers.
    pub seed: u64,
}

impl BacktestOptions {
    /// Three periods held back from one origin, everything compared, intervals of 90 %.
    #[must_use]
    pub fn new(panel: PanelOptions) -> Self {
        Self {
            panel,
            holdout: 3,
            origins: 1,
            contest: Contest::default(),
            fit: FitOptions::default(),
            acquisition: Acquisition::default(),
            rules: MoneyRules::default(),
            level: 0.9,
            draws: 200,
            seed: 1,
        }
    }

    pub(crate) fn trial(&self) -> TrialOptions {
        TrialOptions {
            fit: self.fit.clone(),
            horizon: self.holdout,
            acquisition: self.acquisition,
            rules: self.rules.clone(),
        }
    }
}

/// A past as-of date.
///
/// ```
/// # use clvcast::{evaluate::*, fit::FrequencyKind, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// # let (frequencies, calendars) = (vec![FrequencyKind::Nbd], vec![CalendarKind::None]);
/// # let contest = Contest { frequencies, calendars, ..Contest::default() };
/// # let options = BacktestOptions { contest, ..BacktestOptions::new(panel_options) };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// let origin = &backtest.origins[0];
/// assert_eq!((origin.customers as u64 + origin.first_seen.customers, origin.labels.len()), (300, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The date.
    pub day: Day,
    /// Customers known by then, all of whom are scored.
    pub customers: usize,
    /// Periods of history up to it.
    pub periods: u32,
    /// Labels of the periods held back.
    pub labels: Vec<String>,
    /// What those did who were not known yet.
    pub first_seen: FirstSeen,
}

/// What could not be scored, and why.
///
/// ```
/// # use clvcast::{evaluate::*, fit::FrequencyKind, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// # let (frequencies, calendars) = (vec![FrequencyKind::Nbd], vec![CalendarKind::None]);
/// # let contest = Contest { frequencies, calendars, ..Contest::default() };
/// # let options = BacktestOptions { contest, ..BacktestOptions::new(panel_options) };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// // Growth looks back two years, which the origin does not have behind it.
/// let growth = Contender::Rule(Baseline::Growth);
/// let failure = backtest.failed.iter().find(|failure| failure.contender == Some(growth));
/// assert_eq!(failure.is_some(), backtest.origins[0].periods < 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The origin.
    pub origin: Day,
    /// Whose forecast; `None` where the whole origin failed.
    pub contender: Option<Contender>,
    /// Why.
    pub reason: String,
}

/// Every contender's scores from every origin.
///
/// ```
/// # use clvcast::{evaluate::*, fit::FrequencyKind, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// # let (frequencies, calendars) = (vec![FrequencyKind::Nbd], vec![CalendarKind::None]);
/// # let contest = Contest { frequencies, calendars, ..Contest::default() };
/// # let options = BacktestOptions { contest, ..BacktestOptions::new(panel_options) };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// assert_eq!((backtest.holdout, backtest.origins.len()), (3, 1));
/// // Each contender has the purchases and amounts of three periods and of all together.
/// assert_eq!(backtest.scores.len() % (2 * 4), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// The last day of what was held back.
    pub until: Day,
    /// Length of a period.
    pub period: Period,
    /// Periods held back.
    pub holdout: u32,
    /// Past as-of dates, latest first.
    pub origins: Vec<Origin>,
    /// By origin, contender, target and window.
    pub scores: Vec<Score>,
    /// What could not be scored.
    pub failed: Vec<Failure>,
    /// What a reader of the scores should know.
    pub notes: Vec<String>,
    /// The best model; `None` where none was scored from all origins.
    pub chosen: Option<Chosen>,
    /// Share that the central intervals are meant to hold.
    pub level: f64,
    /// Futures drawn of each customer.
    pub draws: usize,
    /// Seed of all random numbers.
    pub seed: u64,
}

/// Refits at past as-of dates and scores every contender on what came next. `later` is the panel of
/// `ledger` under `options.panel`; its last periods are the ones held back.
///
/// Origins, and fits within them, run in parallel; the result does not depend on it. What fails is
/// listed with its reason, and the others go on. Progress is in fits.
///
/// # Errors
/// [`EvaluateError::TooFewPeriods`] where nothing would be left to fit a model to,
/// [`EvaluateError::NothingHeldBack`] for a holdout or a number of origins of 0.
///
/// ```
/// # use clvcast::{fit::FrequencyKind, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// use clvcast::{evaluate::*, predict::{Target, Window}};
/// let panel_options = PanelOptions::new(Period::Quarter);
/// let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// let options = BacktestOptions {
///     contest: Contest {
///         frequencies: vec![FrequencyKind::Nbd],
///         calendars: vec![CalendarKind::None],
///         ..Contest::default()
///     },
///     ..BacktestOptions::new(panel_options)
/// };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// assert_eq!(backtest.origins[0].day.to_string(), "2017-03-31");
/// let of_total = |score: &&Score| {
///     (score.target, score.window) == (Target::Purchases, Window::Total)
/// };
/// // Posterior, chain and point of the NBD, and four baselines.
/// assert_eq!(backtest.scores.iter().filter(of_total).count(), 3 + 4);
/// assert_eq!(backtest.chosen.unwrap().candidate.frequency, FrequencyKind::Nbd);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn backtest(
    ledger: &Ledger,
    later: &Panel,
    options: &BacktestOptions,
    progress: &dyn Progress,
) -> Result<Backtest, EvaluateError> {
    if options.holdout == 0 || options.origins == 0 {
        return Err(EvaluateError::NothingHeldBack { origins: options.origins });
    }
    let needed = options.holdout.saturating_add(LEAST_HISTORY);
    if later.periods < needed {
        return Err(EvaluateError::TooFewPeriods {
            holdout: options.holdout,
            needed,
            found: later.periods,
            period: later.grid.period().to_string(),
        });
    }
    progress.start("backtest", None);
    let days: Vec<Day> = (0..options.origins)
        .map_while(|k| i32::try_from(options.holdout.checked_add(k)?).ok())
        .map(|back| later.grid.end(PeriodIndex(-back)))
        .collect();
    let parts: Vec<(Option<Origin>, Vec<Score>, Vec<Failure>)> = days
        .into_par_iter()
        .map(|day| from_origin(ledger, later, day, options, progress))
        .collect();
    let mut backtest = Backtest {
        until: later.grid.as_of(),
        period: later.grid.period(),
        holdout: options.holdout,
        origins: Vec::new(),
        scores: Vec::new(),
        failed: Vec::new(),
        notes: notes(later, options),
        chosen: None,
        level: options.level,
        draws: options.draws,
        seed: options.seed,
    };
    for (origin, scores, failed) in parts {
        backtest.origins.extend(origin);
        backtest.scores.extend(scores);
        backtest.failed.extend(failed);
    }
    backtest.chosen = best(&backtest.scores, backtest.origins.len());
    Ok(backtest)
}

/// What a reader should know before the scores.
fn notes(later: &Panel, options: &BacktestOptions) -> Vec<String> {
    let mut notes = Vec::new();
    if let (true, false, Some(margin)) = (later.has_amount, later.has_cost, options.rules.margin) {
        notes.push(format!(
            "the ledger has no costs: actual gross profit is amount × {margin} − expense, the margin that is given"
        ));
    }
    if later.has_cost && options.rules.margin.is_some() {
        notes.push(
            "forecasts use the margin that is given; actual gross profit is that of the ledger's costs"
                .to_owned(),
        );
    }
    if later.has_amount && !later.has_cost && options.rules.margin.is_none() {
        notes.push("no cost column and no margin: gross profit is not scored".to_owned());
    }
    let period = options.panel.period;
    if let Period::Days(days) = period {
        let year = Baseline::year(period);
        notes.push(format!(
            "a year ago is {year} periods of {days} days, {} days",
            u64::from(year) * u64::from(days)
        ));
    }
    notes
}

/// One origin's scores; without an origin where nothing could be done from there.
fn from_origin(
    ledger: &Ledger,
    later: &Panel,
    day: Day,
    options: &BacktestOptions,
    progress: &dyn Progress,
) -> (Option<Origin>, Vec<Score>, Vec<Failure>) {
    let failed =
        |reason: String| (None, Vec::new(), vec![Failure { origin: day, contender: None, reason }]);
    let panel_options = PanelOptions { as_of: Some(day), ..options.panel };
    let panel = match Panel::build(ledger, &panel_options, &Silent) {
        Ok(panel) if panel.periods >= LEAST_HISTORY => panel,
        Ok(panel) => {
            let found = panel.periods;
            return failed(format!(
                "the history up to then has {found} period(s), expected at least {LEAST_HISTORY}"
            ));
        }
        Err(error) => return failed(error.to_string()),
    };
    let actuals = match Actuals::new(&panel, later, options.holdout, &options.rules) {
        Ok(actuals) => actuals,
        Err(error) => return failed(error.to_string()),
    };
    let candidates = options.contest.candidates(&panel);
    if candidates.is_empty() {
        return failed(
            "none of the candidates asked for exists on a history of that length".to_owned(),
        );
    }
    let trial_options = options.trial();
    let judge = Judge::new(&panel, &actuals, options, &trial_options);
    let models = trials_with(&panel, &candidates, &trial_options, |trial| {
        progress.advance(1);
        let contender = Contender::Model(trial.candidate);
        match trial.outcome {
            Ok(fitted) => Ok(judge.model(trial.candidate, &fitted)),
            Err(error) => {
                Err(Failure { origin: day, contender: Some(contender), reason: error.to_string() })
            }
        }
    });
    let rules = Baseline::ALL.map(|baseline| {
        let contender = Contender::Rule(baseline);
        match baseline.forecast(&panel, options.holdout, &options.rules) {
            Ok(outcomes) => Ok(judge.rule(contender, &Predicted::from_outcomes(outcomes))),
            Err(error) => {
                Err(Failure { origin: day, contender: Some(contender), reason: error.to_string() })
            }
        }
    });
    let (mut scores, mut failures) = (Vec::new(), Vec::new());
    for result in models.into_iter().chain(rules) {
        match result {
            Ok(more) => scores.extend(more),
            Err(failure) => failures.push(failure),
        }
    }
    let labels =
        (1..=options.holdout).map(|h| panel.grid.label(PeriodIndex(h.cast_signed()))).collect();
    let origin = Origin {
        day,
        customers: panel.customers.len(),
        periods: panel.periods,
        labels,
        first_seen: actuals.first_seen,
    };
    (Some(origin), scores, failures)
}
