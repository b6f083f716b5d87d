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
    compared
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
        "{name} is as good as the best, {}, within noise (score {score:.4} against {:.4}, difference {:.4} ± {error:.4}), and {then}",
        next.name,
        next.losses.score(),
        -ahead
    )
}
