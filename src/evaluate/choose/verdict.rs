//! From a comparison to a choice, and why.

use super::average::Average;
use super::losses::Losses;
use super::record::{Choice, Member};
use super::rule::is_within_noise;
use super::search::{Round, Search};
use super::trying::Tested;
use crate::fit::{ChoiceSection, Compared, HeldOut};

/// A candidate, or the average of some, with its score.
struct Entry<'a> {
    name: String,
    parameters: u32,
    losses: &'a Losses,
}

/// The choice that a round leads to; `None` where nothing in it could be scored. `of` is the number
/// of customers in all, `first` what an earlier round compared.
pub(super) fn conclude(
    search: &Search<'_>,
    round: &Round,
    first: Vec<Compared>,
    of: u64,
) -> Option<Choice> {
    let Round { holdout, origins, tested, failed } = round;
    let mut chosen = search.pick(tested)?;
    let mut entries = entries(search, tested);
    let mut members = vec![Member { weight: 1.0, candidate: tested[chosen].candidate }];
    let average = Average::new(tested, origins, search.later.ids.len());
    if let Some(average) = &average {
        // An average is the least simple of all: it has to win beyond noise.
        if tested.iter().all(|t| !is_within_noise(&t.losses, &average.losses)) {
            chosen = entries.len();
            members.clone_from(&average.members);
        }
        let parameters = |m: &Member| search.complexity(&m.candidate).0;
        entries.push(Entry {
            name: average.name(),
            parameters: average.members.iter().map(parameters).sum(),
            losses: &average.losses,
        });
    }
    let held_out = HeldOut {
        periods: holdout.periods,
        origins: holdout.origins.iter().map(|&at| search.later.grid.end(at).to_string()).collect(),
        customers: search.later.ids.len() as u64,
        of,
    };
    let record = ChoiceSection {
        why: why(&entries, chosen),
        held_out: Some(held_out),
        compared: compared(&entries),
        first,
        failed: failed.clone(),
        ..ChoiceSection::default()
    };
    Some(Choice::new(members, record))
}

/// The scores of a round, the best first.
pub(super) fn scores(search: &Search<'_>, tested: &[Tested]) -> Vec<Compared> {
    compared(&entries(search, tested))
}

fn entries<'a>(search: &Search<'_>, tested: &'a [Tested]) -> Vec<Entry<'a>> {
    let entry = |t: &'a Tested| Entry {
        name: t.candidate.to_string(),
        parameters: search.complexity(&t.candidate).0,
        losses: &t.losses,
    };
    tested.iter().map(entry).collect()
}

fn best<'a>(entries: impl IntoIterator<Item = &'a Entry<'a>>) -> Option<&'a Entry<'a>> {
    entries.into_iter().min_by(|a, b| a.losses.score().total_cmp(&b.losses.score()))
}

fn compared(entries: &[Entry<'_>]) -> Vec<Compared> {
    let Some(best) = best(entries) else { return Vec::new() };
    let of = |entry: &Entry<'_>| {
        let (above_best, standard_error) = entry.losses.above(best.losses);
        Compared {
            candidate: entry.name.clone(),
            parameters: entry.parameters,
            score: entry.losses.score(),
            above_best,
            standard_error,
        }
    };
    let mut compared: Vec<Compared> = entries.iter().map(of).collect();
    compared.sort_by(|a, b| a.score.total_cmp(&b.score));
    // A season that is not kept leaves the candidate without it, to the last digit.
    compared.dedup_by(|copy, kept| copy.score == kept.score && model(copy) == model(kept));
    compared
}

/// Frequency model and method of a candidate, by its name.
fn model(entry: &Compared) -> (Option<&str>, Option<&str>) {
    let mut parts = entry.candidate.split(", ");
    (parts.next(), parts.last())
}

/// What decided, in a sentence.
fn why(entries: &[Entry<'_>], chosen: usize) -> String {
    let taken = &entries[chosen];
    let Entry { name, parameters, losses } = taken;
    let others = || entries.iter().enumerate().filter(|(i, _)| *i != chosen).map(|(_, e)| e);
    let Some(next) = best(others()) else { return format!("{name} was the only candidate") };
    let score = losses.score();
    let (ahead, error) = next.losses.above(losses);
    if ahead >= 0.0 {
        return format!(
            "{name} has the best score, {score:.4}; next is {} with {:.4} (difference {ahead:.4} ± {error:.4})",
            next.name,
            next.losses.score()
        );
    }
    let then = match parameters.cmp(&next.parameters) {
        std::cmp::Ordering::Less => {
            format!("has {parameters} parameters to its {}", next.parameters)
        }
        std::cmp::Ordering::Equal => "comes first in the stated order".to_owned(),
        std::cmp::Ordering::Greater => {
            "has the history before the held-out periods on its side (AIC)".to_owned()
        }
    };
    format!(
        "{name} is as good as the best, {}, within one standard error or 1 % (score {score:.4} against {:.4}, difference {:.4} ± {error:.4}), and {then}",
        next.name,
        next.losses.score(),
        -ahead
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::choose::origins::Holdout;
    use crate::evaluate::choose::trying::{Origin, origins};
    use crate::evaluate::{CalendarKind, Candidate, Contest, TrialOptions};
    use crate::fit::FrequencyKind;
    use crate::forecast::Method;
    use crate::panel::{Panel, PanelOptions, Period};
    use crate::progress::Silent;
    use crate::simulate::{Scenario, simulate};

    /// A candidate that forecasts `of(row, purchases)` at every origin.
    fn tested(
        frequency: FrequencyKind,
        origins: &[Origin],
        customers: usize,
        of: impl Fn(u32, f64) -> f64,
    ) -> Tested {
        let (calendar, method) = (CalendarKind::None, Method::Posterior);
        let candidate = Candidate { frequency, calendar, method };
        let mut losses = Losses::new(customers);
        let mut predicted = Vec::new();
        for origin in origins {
            let values = origin.actual().iter().enumerate();
            let own: Vec<f64> = values.map(|(i, &y)| of(origin.row(i), y)).collect();
            losses.add(origin.rows(), origin.actual(), &own, origins.len());
            predicted.push(own);
        }
        Tested { candidate, losses, aic: None, predicted }
    }

    /// The choice between two candidates whose forecasts are these functions of the truth.
    fn choice(
        nbd: impl Fn(u32, f64) -> f64,
        pdo: impl Fn(u32, f64) -> f64,
        of: u64,
    ) -> Option<Choice> {
        let ledger = simulate(&Scenario { periods: 8, ..Scenario::default() }).unwrap().to_ledger();
        let options = PanelOptions::new(Period::Quarter);
        let later = Panel::build(&ledger, &options, &Silent).unwrap();
        let holdout = Holdout::new(later.periods, 3).unwrap();
        let trial = TrialOptions::default();
        let origins = origins(&ledger, &later, &options, &holdout, &trial).unwrap();
        let customers = later.ids.len();
        let tested = vec![
            tested(FrequencyKind::Nbd, &origins, customers, nbd),
            tested(FrequencyKind::Pdo { tau: 7 }, &origins, customers, pdo),
        ];
        let contest = Contest::default();
        let search = Search { ledger: &ledger, later: &later, options, contest: &contest, trial };
        let round = Round { holdout, origins, tested, failed: vec![] };
        conclude(&search, &round, vec![], of)
    }

    /// Half as much too high for two customers of four, half too low for the others: in pairs, as
    /// weights come from every second customer.
    fn off(row: u32) -> f64 {
        if (row / 2).is_multiple_of(2) { 1.5 } else { 0.5 }
    }

    #[test]
    fn an_average_is_taken_where_it_beats_each_of_its_members_beyond_noise() {
        // Errors that cancel: what one has too much the other has too little.
        let choice =
            choice(|row, y| (y + 0.1) * off(row), |row, y| (y + 0.1) * (2.0 - off(row)), 1000)
                .unwrap();
        let kinds: Vec<FrequencyKind> =
            choice.members.iter().map(|m| m.candidate.frequency).collect();
        assert_eq!(kinds.len(), 2, "{:?}", choice.record);
        let sum: f64 = choice.members.iter().map(|member| member.weight).sum();
        assert!((sum - 1.0).abs() < 1e-15);
        assert!(choice.members[0].weight >= choice.members[1].weight);
        // Half of each cancels all: a tenth is far more than the sampling of a thousand customers
        // moves the optimum.
        assert!((choice.members[0].weight - 0.5).abs() < 0.1, "{:?}", choice.members);
        assert_eq!(choice.record.members.len(), 2);
        let first = &choice.record.compared[0];
        assert!(first.candidate.contains(" % ") && first.candidate.contains(" + "), "{first:?}");
        assert_eq!(first.parameters, 2 + 4);
        assert!(choice.record.why.starts_with(&first.candidate), "{}", choice.record.why);
        assert!(choice.record.why.contains("has the best score"));
    }

    #[test]
    fn an_average_that_wins_by_nothing_is_left_out() {
        // The same errors: a mixture of the two is no better than one.
        let choice =
            choice(|row, y| (y + 0.1) * off(row), |row, y| (y + 0.101) * off(row), 1000).unwrap();
        assert_eq!(choice.members.len(), 1);
        assert_eq!(choice.members[0].candidate.frequency, FrequencyKind::Nbd);
    }
}
