//! Predictive distributions against what happened, customer by customer.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::metrics::{
    Interval, PIT_BINS, crps_of_counts, crps_of_draws, interval_of_counts, interval_of_draws,
    log_score, pit_histogram, pit_of_counts, pit_of_draws, tails,
};

/// What the distributions of a target in a window were worth, over the customers that have one.
///
/// Of purchases under the posterior they are exact, given the parameters; all others are draws,
/// which the parameters' uncertainty is part of.
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
/// let distribution = backtest.scores[0].distribution.as_ref().unwrap();
/// assert!((distribution.pit.iter().sum::<f64>() - 1.0).abs() < 1e-12);
/// // The interval of a count holds its level and more.
/// assert!(distribution.coverage + 0.05 > distribution.pit_coverage);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// Customers with a distribution.
    pub customers: usize,
    /// Mean log score, nats; `None` where distributions are draws.
    pub log_score: Option<f64>,
    /// Mean continuous ranked probability score, in the target's unit.
    pub crps: f64,
    /// Share of customers inside the central interval, its ends included.
    pub coverage: f64,
    /// Mean width of the interval, in the target's unit.
    pub width: f64,
    /// Histogram of the randomised probability integral transform.
    pub pit: [f64; PIT_BINS],
    /// Share of the transforms within the level of the interval: the coverage without what counts
    /// add to it.
    pub pit_coverage: f64,
}

/// One customer's distribution against what it did.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict {
    log_score: Option<f64>,
    crps: f64,
    interval: Interval,
    covered: bool,
    pit: f64,
}

impl Verdict {
    /// Of a table of P(0), P(1), …; `v` is uniform on [0, 1).
    pub(super) fn of_counts(pmf: &[f64], y: f64, level: f64, v: f64) -> Self {
        // Counts of purchases are whole and small.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let count = y as usize;
        let interval = interval_of_counts(pmf, level);
        Self {
            log_score: Some(log_score(pmf, count)),
            crps: crps_of_counts(pmf, count),
            interval,
            covered: interval.covers(y),
            pit: pit_of_counts(pmf, count, v),
        }
    }

    /// Of draws, which are sorted here; `None` without any, or where some are not finite.
    pub(super) fn of_draws(mut draws: Vec<f64>, y: f64, level: f64, v: f64) -> Option<Self> {
        if !draws.iter().all(|draw| draw.is_finite()) {
            return None;
        }
        let interval = interval_of_draws(&mut draws, level)?;
        draws.sort_by(f64::total_cmp);
        Some(Self {
            log_score: None,
            crps: crps_of_draws(&draws, y),
            interval,
            covered: interval.covers(y),
            pit: pit_of_draws(&draws, y, v),
        })
    }
}

impl Distribution {
    /// Over all verdicts, in the order of the customers; `None` without any.
    pub(super) fn over(verdicts: impl Iterator<Item = Verdict>, level: f64) -> Option<Self> {
        let verdicts: Vec<Verdict> = verdicts.collect();
        Self::new(&verdicts, level)
    }

    fn new(verdicts: &[Verdict], level: f64) -> Option<Self> {
        let n = verdicts.len() as f64;
        if verdicts.is_empty() {
            return None;
        }
        let mean = |of: &dyn Fn(&Verdict) -> f64| verdicts.iter().map(of).sum::<f64>() / n;
        let scores: Option<Vec<f64>> = verdicts.iter().map(|v| v.log_score).collect();
        let transforms: Vec<f64> = verdicts.iter().map(|v| v.pit).collect();
        let [lower, upper] = tails(level);
        let within = lower..=upper;
        Some(Self {
            customers: verdicts.len(),
            log_score: scores.map(|scores| scores.iter().sum::<f64>() / n),
            crps: mean(&|v| v.crps),
            coverage: mean(&|v| f64::from(u8::from(v.covered))),
            width: mean(&|v| v.interval.width()),
            pit: pit_histogram(&transforms),
            pit_coverage: mean(&|v| f64::from(u8::from(within.contains(&v.pit)))),
        })
    }
}

/// One uniform number per window for a customer, from a stream of its own: the same whatever is
/// compared, so that no candidate is luckier than another, and another one than its draws come from.
pub(super) fn uniforms(seed: u64, id: &str, windows: usize) -> Vec<f64> {
    const NOT_OF_DRAWS: u64 = 1;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(crate::ledger::hash(NOT_OF_DRAWS, id.as_bytes()));
    (0..windows).map(|_| rng.random::<f64>()).collect()
}
