//! Which model the scores speak for.

use super::candidate::Candidate;
use super::contender::Contender;
use super::score::Score;
use crate::predict::{Target, Window};

/// The model that the scores speak for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Frequency model, calendar and method.
    pub candidate: Candidate,
    /// Why, in a sentence.
    pub why: String,
}

/// The candidate with the lowest Poisson deviance of purchases over the horizon, averaged over the
/// origins: of those that were scored from all of them, the first in a tie.
pub(super) fn best(scores: &[Score], origins: usize) -> Option<Chosen> {
    let mut sums: Vec<(Candidate, f64, usize)> = Vec::new();
    for score in scores {
        let of_total = (score.target, score.window) == (Target::Purchases, Window::Total);
        let (true, Contender::Model(candidate), Some(deviance)) =
            (of_total, score.contender, score.poisson_deviance)
        else {
            continue;
        };
        match sums.iter_mut().find(|(other, ..)| *other == candidate) {
            Some((_, sum, count)) => {
                *sum += deviance;
                *count += 1;
            }
            None => sums.push((candidate, deviance, 1)),
        }
    }
    sums.retain(|(_, _, count)| *count == origins);
    // Stable: the simpler one stays first in a tie.
    sums.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mean = |sum: f64| sum / origins.max(1) as f64;
    let &(candidate, sum, _) = sums.first()?;
    let against =
        sums.get(1).map(|(next, sum, _)| format!(", against {:.4} of {next}", mean(*sum)));
    let why = format!(
        "lowest Poisson deviance of purchases over the horizon, {:.4} per customer over {origins} origin(s){}",
        mean(sum),
        against.unwrap_or_default(),
    );
    Some(Chosen { candidate, why })
}
