//! The comparison itself: models first, calendars for those that are left, an average last.

use super::average::{Predicted, weights};
use super::losses::Losses;
use super::origins::Holdout;
use super::record::{Choice, Member};
use super::rule::{Tried, is_within_noise, pick};
use super::trying::{Origin, Tested, origins, tested};
use crate::evaluate::{CalendarKind, Candidate, Contest, EvaluateError, TrialOptions};
use crate::fit::{ChoiceSection, Compared, FrequencyKind, HeldOut};
use crate::forecast::Method;
use crate::ledger::Ledger;
use crate::panel::{Clock, Panel, PanelOptions};
use crate::progress::Silent;

/// What may be chosen from, and how.
#[derive(Debug, Clone)]
pub struct Chooser {
    /// Frequency models, calendars and methods that are allowed.
    pub contest: Contest,
    /// What all candidates share; its horizon is the forecast's.
    pub trial: TrialOptions,
    /// At most so many customers are compared; of more, a sample that depends on their ids alone.
    pub customers: usize,
}

impl Chooser {
    /// Customers that are compared at most: with so many, standard errors of differences are a few
    /// thousandths of a score, well below what the rule calls material, and a dozen candidates at
    /// three origins take seconds.
    pub const CUSTOMERS: usize = 15_000;
    /// Seed of the sample.
    pub(crate) const SEED: u64 = 1;
}

/// Most members of an average.
const MEMBERS: usize = 3;

/// Compares the candidates on held-out periods before the as-of date of `panel`, which `options`
/// made from `ledger`.
///
/// Score: Poisson deviance of purchases per customer and held-out period, mean over up to three
/// origins. Frequency models are compared without a calendar first; calendars then, for the NBD and
/// the model chosen so far, where two years of history are left before the held-out periods. Of all
/// that are as good as the best one within noise (one standard error of the paired difference over
/// customers, or 1 %) the one with the fewest parameters is taken; among equals the stated order
/// decides (a candidate against which AIC speaks decisively is passed over): NBD by its posterior, NBD by the chain, Pareto/NBD, PDO, MBG/NBD, BG/NBD, with a
/// calendar PDO before Pareto/NBD; linear trends before damped ones up to a year ahead.
///
/// # Errors
///
/// A past as-of date for which no panel can be built.
pub fn choose(
    ledger: &Ledger,
    panel: &Panel,
    options: &PanelOptions,
    chooser: &Chooser,
) -> Result<Choice, EvaluateError> {
    let horizon = chooser.trial.horizon;
    let Some(holdout) = Holdout::new(panel.periods, horizon) else {
        return Ok(fallback(
            panel,
            chooser,
            "history is shorter than three periods and nothing can be held out",
        ));
    };
    let of = panel.customers.len() as u64;
    let sample = ledger.sample(chooser.customers, Chooser::SEED);
    let ledger = sample.as_ref().unwrap_or(ledger);
    let options = PanelOptions { as_of: Some(panel.grid.as_of()), ..*options };
    let sampled;
    let later = if sample.is_some() {
        sampled = Panel::build(ledger, &options, &Silent)?;
        &sampled
    } else {
        panel
    };
    let search = Search { ledger, later, options, chooser, of };
    let mut round = search.round(holdout, &search.without_calendar())?;
    if let Some(holdout) = search.calendar_holdout() {
        let with_calendar = search.with_calendar(&round.tested);
        if with_calendar.iter().any(|c| c.calendar != CalendarKind::None) {
            let failed = std::mem::take(&mut round.failed);
            round = search.round(holdout, &with_calendar)?;
            round.failed.splice(0..0, failed);
        }
    } else if chooser.contest.calendars.iter().any(|c| *c != CalendarKind::None) {
        let days = panel.days_known();
        round.failed.push(format!(
            "calendars: {days} days of history leave less than two years before a held-out period, and a season cannot be told from a trend"
        ));
    }
    Ok(search.conclude(round))
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
    let candidate = Candidate { frequency, calendar, method };
    let why = format!("{cause}, so {candidate} is taken without a comparison");
    let record = ChoiceSection { why, ..ChoiceSection::default() };
    Choice::new(vec![Member { weight: 1.0, candidate }], record)
}

struct Search<'a> {
    ledger: &'a Ledger,
    later: &'a Panel,
    options: PanelOptions,
    chooser: &'a Chooser,
    /// Customers in all.
    of: u64,
}

/// Candidates compared on the same held-out periods.
struct Round {
    holdout: Holdout,
    origins: Vec<Origin>,
    tested: Vec<Tested>,
    failed: Vec<String>,
}

impl Search<'_> {
    fn candidates(&self, wanted: impl Fn(&Candidate) -> bool) -> Vec<Candidate> {
        let all = self.chooser.contest.candidates(self.later);
        // The point rule's numbers are scores, not expectations.
        all.into_iter().filter(|c| c.method != Method::Point && wanted(c)).collect()
    }

    /// Each model with the simplest calendar that is allowed.
    fn without_calendar(&self) -> Vec<Candidate> {
        let first = self.chooser.contest.calendars.first().copied();
        self.candidates(|c| Some(c.calendar) == first)
    }

    fn calendar_holdout(&self) -> Option<Holdout> {
        Holdout::for_calendar(self.later, self.chooser.trial.horizon)
    }

    /// The NBD and the model chosen so far, with every calendar.
    fn with_calendar(&self, tested: &[Tested]) -> Vec<Candidate> {
        let chosen = self.pick(tested).map(|i| tested[i].candidate.frequency);
        self.candidates(|c| c.frequency.stays() || Some(c.frequency) == chosen)
    }

    fn round(&self, holdout: Holdout, candidates: &[Candidate]) -> Result<Round, EvaluateError> {
        let trial = &self.chooser.trial;
        let origins = origins(self.ledger, self.later, &self.options, &holdout, trial)?;
        let (tested, failed) = tested(&origins, self.later.ids.len(), candidates, trial);
        Ok(Round { holdout, origins, tested, failed })
    }

    fn complexity(&self, candidate: &Candidate) -> (u32, u32) {
        let far = self.chooser.trial.horizon > periods_per_year(self.later);
        let frequency = if candidate.frequency.stays() { 2 } else { 4 };
        let calendar = match candidate.calendar {
            CalendarKind::None => (0, 0),
            CalendarKind::Season => (2, 0),
            CalendarKind::Trend => (1, u32::from(far)),
            CalendarKind::Damped => (1, u32::from(!far)),
            CalendarKind::SeasonTrend | CalendarKind::Auto => (3, u32::from(far)),
            CalendarKind::SeasonDamped => (3, u32::from(!far)),
        };
        (frequency + calendar.0, 2 * order(candidate) + calendar.1)
    }

    fn pick(&self, tested: &[Tested]) -> Option<usize> {
        let tried: Vec<Tried<'_>> = tested
            .iter()
            .map(|t| {
                let complexity = self.complexity(&t.candidate);
                let Candidate { frequency, method, .. } = t.candidate;
                let evidence = t.aic.map(|aic| ([frequency.name(), method.name()], aic));
                Tried { losses: &t.losses, evidence, complexity }
            })
            .collect();
        pick(&tried)
    }

    fn conclude(&self, round: Round) -> Choice {
        let Round { holdout, origins, tested, failed } = round;
        let Some(single) = self.pick(&tested) else {
            let cause = "no candidate could be fitted to the shorter histories";
            let mut choice = fallback(self.later, self.chooser, cause);
            choice.record.failed = failed;
            return choice;
        };
        let average = self.average(&tested, &origins);
        let mut entries: Vec<(String, u32, &Losses)> = tested
            .iter()
            .map(|t| (t.candidate.to_string(), self.complexity(&t.candidate).0, &t.losses))
            .collect();
        let mut members = vec![Member { weight: 1.0, candidate: tested[single].candidate }];
        let mut chosen = single;
        if let Some(average) = &average {
            entries.push((average.name(), average.parameters, &average.losses));
            // An average is the least simple of all: it has to win beyond noise.
            let beaten = tested.iter().all(|t| !is_within_noise(&t.losses, &average.losses));
            if beaten {
                chosen = entries.len() - 1;
                members.clone_from(&average.members);
            }
        }
        let best = entries
            .iter()
            .min_by(|a, b| a.2.score().total_cmp(&b.2.score()))
            .map_or(&tested[single].losses, |entry| entry.2);
        let why = why(&entries, chosen, best);
        let mut compared: Vec<Compared> = entries
            .iter()
            .map(|(candidate, parameters, losses)| {
                let (above_best, standard_error) = losses.above(best);
                let score = losses.score();
                Compared {
                    candidate: candidate.clone(),
                    parameters: *parameters,
                    score,
                    above_best,
                    standard_error,
                }
            })
            .collect();
        compared.sort_by(|a, b| a.score.total_cmp(&b.score));
        let held_out = HeldOut {
            periods: holdout.periods,
            origins: holdout
                .origins
                .iter()
                .map(|&at| self.later.grid.end(at).to_string())
                .collect(),
            customers: self.later.ids.len() as u64,
            of: self.of,
        };
        let held_out = Some(held_out);
        let record = ChoiceSection { why, held_out, compared, failed, ..ChoiceSection::default() };
        Choice::new(members, record)
    }

    /// The weighted mean of the best few, scored with weights from the other half of the customers.
    fn average(&self, tested: &[Tested], origins: &[Origin]) -> Option<Average> {
        let mut ranked: Vec<&Tested> = tested.iter().collect();
        ranked.sort_by(|a, b| a.losses.score().total_cmp(&b.losses.score()));
        let mut best: Vec<&Tested> = Vec::new();
        for candidate in ranked {
            let frequency = candidate.candidate.frequency;
            let another = best.iter().all(|b| b.candidate.frequency != frequency);
            if another && best.len() < MEMBERS {
                best.push(candidate);
            }
        }
        if best.len() < 2 {
            return None;
        }
        let actual: Vec<&[f64]> = origins.iter().map(Origin::actual).collect();
        let members: Vec<Predicted<'_>> =
            best.iter().map(|t| t.predicted.iter().map(Vec::as_slice).collect()).collect();
        let customers = self.later.ids.len();
        // Every second customer, in each half the weights of the other one.
        let half = |o: usize, i: usize| {
            let horizon = origins[o].actual().len() / origins[o].rows().len().max(1);
            origins[o].rows()[i / horizon.max(1)] % 2
        };
        let halves = [0, 1].map(|kept| weights(&members, &actual, |o, i| half(o, i) != kept));
        let mut losses = Losses::new(customers);
        for (o, origin) in origins.iter().enumerate() {
            let mean = |i: usize| {
                let weights = &halves[half(o, i) as usize];
                weights.iter().zip(&members).map(|(w, m)| w * m[o][i]).sum()
            };
            let predicted: Vec<f64> = (0..origin.actual().len()).map(mean).collect();
            losses.add(origin.rows(), origin.actual(), &predicted, origins.len());
        }
        let weights = weights(&members, &actual, |_, _| true);
        let shares = weights.iter().zip(&best);
        let members: Vec<Member> = shares
            .filter(|(weight, _)| **weight > 0.0)
            .map(|(&weight, t)| Member { weight, candidate: t.candidate })
            .collect();
        let parameters = best.iter().map(|t| self.complexity(&t.candidate).0).sum();
        (members.len() > 1).then_some(Average { members, parameters, losses })
    }
}

/// An average of candidates.
struct Average {
    members: Vec<Member>,
    parameters: u32,
    losses: Losses,
}

impl Average {
    fn name(&self) -> String {
        let member = |m: &Member| format!("{:.0} % {}", 100.0 * m.weight, m.candidate);
        self.members.iter().map(member).collect::<Vec<_>>().join(" + ")
    }
}

/// The stated order among candidates with as many parameters.
fn order(candidate: &Candidate) -> u32 {
    let flat = candidate.calendar == CalendarKind::None;
    match (candidate.frequency, candidate.method) {
        (FrequencyKind::Nbd, Method::Posterior) => 0,
        (FrequencyKind::Nbd, _) => 1,
        (FrequencyKind::ParetoNbd, _) => 2 + u32::from(!flat),
        (FrequencyKind::Pdo { .. }, _) => 2 + u32::from(flat),
        (FrequencyKind::MbgNbd, _) => 4,
        (FrequencyKind::BgNbd, _) => 5,
    }
}

/// What decided, in a sentence.
fn why(entries: &[(String, u32, &Losses)], chosen: usize, best: &Losses) -> String {
    let (name, _, losses) = &entries[chosen];
    let (above, error) = losses.above(best);
    if above > 0.0 {
        let leader = entries.iter().find(|e| e.2.score() <= best.score()).map_or("", |e| &e.0);
        return format!(
            "{name} is as good as the best, {leader}, within noise (score {:.4} against {:.4}, difference {above:.4} ± {error:.4}), and simpler, or first in the stated order",
            losses.score(),
            best.score()
        );
    }
    let next = entries
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != chosen)
        .min_by(|a, b| a.1.2.score().total_cmp(&b.1.2.score()));
    match next {
        None => format!("{name} was the only candidate"),
        Some((_, (second, _, other))) => {
            let (gap, error) = other.above(losses);
            format!(
                "{name} has the best score, {:.4}; next is {second} with {:.4} (difference {gap:.4} ± {error:.4})",
                losses.score(),
                other.score()
            )
        }
    }
}

/// About how many periods a year has.
fn periods_per_year(panel: &Panel) -> u32 {
    const YEAR: f64 = 365.25;
    let days = panel.grid.days(crate::panel::PeriodIndex(0));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
    let periods = (YEAR / f64::from(days.max(1))).round() as u32;
    periods.max(1)
}
