//! Which model the scores speak for.

use super::candidate::Candidate;
use super::contender::Contender;
use super::score::Score;
use crate::predict::{Target, Window};

/// The model that the scores speak for.
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
/// let chosen = backtest.chosen.unwrap();
/// assert_eq!(chosen.candidate.frequency, FrequencyKind::Nbd);
/// assert!(chosen.why.starts_with("lowest Poisson deviance"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Frequency model, calendar and method.
    pub candidate: Candidate,
    /// Why, in a sentence.
    pub why: String,
}

/// Relative difference of deviances below which two forecasts are the same one, found by two fits.
const SAME: f64 = 1e-6;

/// The candidate with the lowest Poisson deviance of purchases over the horizon, averaged over the
/// origins: of those that were scored from all of them, and of equals the simplest.
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
    let least = sums.iter().map(|(_, sum, _)| *sum).min_by(f64::total_cmp)?;
    let like_the_best = |sum: f64| sum - least <= SAME * least;
    // The list begins with the simplest.
    let &(candidate, sum, _) = sums.iter().find(|(_, sum, _)| like_the_best(*sum))?;
    let mean = |sum: f64| sum / origins.max(1) as f64;
    sums.retain(|(_, sum, _)| !like_the_best(*sum));
    let next = sums.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let against = next.map(|(next, sum, _)| format!(", against {:.4} of {next}", mean(*sum)));
    let why = format!(
        "lowest Poisson deviance of purchases over the horizon, {:.4} per customer over {origins} origin(s){}",
        mean(sum),
        against.unwrap_or_default(),
    );
    Some(Chosen { candidate, why })
}
