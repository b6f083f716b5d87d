//! The comparison from outside: what may be chosen from, and what is taken where nothing can be
//! compared.

use super::origins::Holdout;
use super::record::{Choice, Member};
use super::search::{Round, Search};
use super::verdict::{conclude, scores};
use crate::evaluate::{CalendarKind, Candidate, Contest, EvaluateError, TrialOptions};
use crate::fit::{ChoiceSection, FrequencyKind};
use crate::forecast::Method;
use crate::ledger::Ledger;
use crate::panel::{Clock, Panel, PanelOptions};
use crate::progress::Silent;

/// What may be chosen from, and how.
///
/// ```
/// use clvcast::evaluate::{Contest, TrialOptions, choose::Chooser};
/// let (contest, trial) = (Contest::default(), TrialOptions::default());
/// let chooser = Chooser { contest, trial, customers: Chooser::CUSTOMERS };
/// assert_eq!(chooser.trial.horizon, 3);
/// ```
#[derive(Debug, Clone)]
pub struct Chooser {
    /// Frequency models, calendars and methods that are allowed.
    pub contest: Contest,
    /// What all candidates share; its horizon is the forecast's.
    pub trial: TrialOptions,
    /// Up to so many customers all are compared; of more, a sample that depends on their ids alone,
    /// of this size or [`Chooser::SAMPLE`], whichever is less.
    pub customers: usize,
}

impl Chooser {
    /// Bases up to this size are compared whole.
    pub const CUSTOMERS: usize = 25_000;
    /// Customers drawn from a larger base: with so many, standard errors of differences are some
    /// thousandths of a score, below what the rule calls material, and a dozen candidates at three
    /// origins take seconds.
    pub const SAMPLE: usize = 6_000;
    /// Seed of the sample.
    pub(crate) const SEED: u64 = 1;
}

/// Compares the candidates on held-out periods before the as-of date of `panel`, which `options`
/// made from `ledger`.
///
/// Score: Poisson deviance of purchases per customer and held-out period, mean over up to three
/// origins. Frequency models are compared without a calendar first; calendars then, for the NBD and
/// the model chosen so far, where two years of history are left before the held-out periods. Of all
/// that are as good as the best one within noise (one standard error of the paired difference over
/// customers, or 1 %) the one with the fewest parameters is taken, but none against which the AIC
/// of another calendar of the same model speaks decisively. Among equals the stated order decides:
/// NBD by its posterior, NBD by the chain, Pareto/NBD, PDO, MBG/NBD, BG/NBD; with a calendar PDO
/// before Pareto/NBD; linear trends before damped ones up to a year ahead. An average of the best
/// models is taken where it beats each of them beyond noise.
///
/// Where nothing can be compared: PDO without calendar, by its posterior.
///
/// # Errors
///
/// A past as-of date for which no panel can be built.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # use clvcast::evaluate::{Contest, TrialOptions, choose::{Chooser, choose}};
/// # use clvcast::fit::FrequencyKind;
/// let options = PanelOptions::new(Period::Quarter);
/// let panel = Panel::build(&ledger, &options, &Silent)?;
/// let contest = Contest { frequencies: vec![FrequencyKind::Nbd], ..Contest::default() };
/// let trial = TrialOptions::default();
/// let chooser = Chooser { contest, trial, customers: Chooser::CUSTOMERS };
/// let choice = choose(&ledger, &panel, &options, &chooser)?;
/// // Superstore grows, and its fourth quarters are strong.
/// assert_eq!(choice.members[0].candidate.to_string(), "nbd, season+trend, posterior");
/// let model = choice.members[0].candidate.fit(&panel, &chooser.trial)?;
/// assert!(model.calendar.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn choose(
    ledger: &Ledger,
    panel: &Panel,
    options: &PanelOptions,
    chooser: &Chooser,
) -> Result<Choice, EvaluateError> {
    let Some(holdout) = Holdout::new(panel.periods, chooser.trial.horizon) else {
        let cause = "history is shorter than three periods and nothing can be held out";
        return Ok(fallback(panel, chooser, cause));
    };
    let of = panel.ids.len() as u64;
    let options = PanelOptions { as_of: Some(panel.grid.as_of()), ..*options };
    let mut trial = chooser.trial.clone();
    let most = match chooser.customers {
        most if panel.ids.len() <= most => most,
        most => most.min(Chooser::SAMPLE),
    };
    let sample = ledger.sample(&panel.ids, most, Chooser::SEED);
    let sampled =
        sample.as_ref().map(|sample| Panel::build(sample, &options, &Silent)).transpose()?;
    let (ledger, later) = match (&sample, &sampled) {
        (Some(sample), Some(sampled)) => (sample, sampled),
        _ => (ledger, panel),
    };
    // The customers who never purchased are as many more than their sample as those who did.
    trial.fit.base = trial.fit.base.map(|base| scaled(base, later.ids.len() as u64, of));
    let search = Search { ledger, later, options, contest: &chooser.contest, trial };
    let mut round = search.round(holdout, &search.without_calendar())?;
    let mut first = Vec::new();
    if let Some(holdout) = Holdout::for_calendar(later, search.trial.horizon) {
        let candidates = search.with_calendar(&round.tested);
        if !candidates.is_empty() {
            first = scores(&search, &round.tested);
            let next = search.round(holdout, &candidates)?;
            let failed = round.failed.into_iter().chain(next.failed).collect();
            round = Round { failed, ..next };
        }
    } else if search.has_calendars() {
        let days = panel.days_known();
        round.failed.push(format!(
            "calendars: {days} days of history leave less than two years before a held-out period, and a season cannot be told from a trend"
        ));
    }
    Ok(conclude(&search, &round, first, of).unwrap_or_else(|| {
        let cause = "no candidate could be fitted to the shorter histories";
        let mut choice = fallback(panel, chooser, cause);
        choice.record.failed = round.failed;
        choice
    }))
}

/// `base · part/of`, rounded up.
fn scaled(base: u64, part: u64, of: u64) -> u64 {
    let scaled = (u128::from(base) * u128::from(part)).div_ceil(u128::from(of.max(1)));
    u64::try_from(scaled).unwrap_or(base)
}

/// What is taken where nothing can be compared.
fn fallback(panel: &Panel, chooser: &Chooser, cause: &str) -> Choice {
    let contest = &chooser.contest;
    let leaving = contest.frequencies.iter().find(|kind| matches!(kind, FrequencyKind::Pdo { .. }));
    let frequency = leaving
        .filter(|_| panel.clock == Clock::FirstPurchase)
        .or(contest.frequencies.first())
        .copied()
        .unwrap_or_default();
    let calendar = contest.calendars.first().copied().unwrap_or(CalendarKind::None);
    let method = if contest.methods.contains(&Method::Posterior) {
        Method::Posterior
    } else {
        contest.methods.first().copied().unwrap_or_default()
    };
    let candidate = Candidate { frequency, calendar, method }.under(&chooser.trial);
    let why = format!("{cause}, so {candidate} is taken without a comparison");
    let record = ChoiceSection { why, ..ChoiceSection::default() };
    Choice::new(vec![Member { weight: 1.0, candidate }], record)
}
