//! The days of one period's purchases.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1, Poisson};

use super::clock::Clock;
use super::leaving::Leaving;
use crate::panel::{Grid, PeriodIndex};
use crate::units::Day;

/// Where and until when one customer purchases.
pub(super) struct Purchasing<'a> {
    pub(super) grid: &'a Grid,
    /// `None` in a scenario without a calendar in which nobody leaves.
    pub(super) clock: Option<&'a Clock>,
    pub(super) first: Day,
    pub(super) lambda: f64,
    pub(super) leaving: Leaving,
}

impl Purchasing<'_> {
    /// The days of one period's purchases, ascending: the acquiring day where it lies in the period,
    /// and as many days after it as the Poisson process has purchases before the customer leaves.
    pub(super) fn days(&self, rng: &mut impl Rng, period: PeriodIndex) -> Vec<Day> {
        let Self { grid, first, .. } = *self;
        let acquisition = grid.index(first) == period;
        let from = if acquisition { first.plus(1) } else { grid.start(period) };
        let after = match self.clock {
            None => {
                let exposure = if acquisition { grid.remaining(first) } else { 1.0 };
                uniform(rng, from, grid.end(period), self.lambda * exposure)
            }
            Some(clock) => self.timed(rng, clock, from, grid.end(period)),
        };
        acquisition.then_some(first).into_iter().chain(after).collect()
    }

    fn timed(&self, rng: &mut impl Rng, clock: &Clock, from: Day, end: Day) -> Vec<Day> {
        let (last, time) = match self.leaving.until {
            Some((day, time)) if day <= end => (day, time),
            _ => (end, clock.end(end)),
        };
        if last < from {
            return Vec::new();
        }
        let mean = self.lambda * (time - clock.start(from)).max(0.0);
        if clock.has_calendar() {
            weighted(rng, clock, from, last, mean)
        } else {
            uniform(rng, from, last, mean)
        }
    }
}

/// A Poisson number of distinct days, drawn uniformly, ascending.
fn uniform(rng: &mut impl Rng, from: Day, last: Day, mean: f64) -> Vec<Day> {
    let room = usize::try_from(last.since(from) + 1).unwrap_or(0);
    let count = poisson(rng, mean, room);
    let mut offsets = rand::seq::index::sample(rng, room, count).into_vec();
    offsets.sort_unstable();
    offsets.into_iter().filter_map(|o| i32::try_from(o).ok()).map(|o| from.plus(o)).collect()
}

/// A Poisson number of distinct days of one period, drawn one after the other with probabilities
/// proportional to what each adds to time, ascending.
fn weighted(rng: &mut impl Rng, clock: &Clock, from: Day, last: Day, mean: f64) -> Vec<Day> {
    let room = usize::try_from(last.since(from) + 1).unwrap_or(0);
    let count = poisson(rng, mean, room);
    if count == 0 {
        return Vec::new();
    }
    let (start, end) = (clock.start(from), clock.end(last));
    #[expect(clippy::cast_precision_loss, reason = "counts of days")]
    let taken_at_most = count as f64 * clock.largest(from);
    let mut days: Vec<Day> = Vec::with_capacity(count);
    if 2.0 * taken_at_most <= end - start {
        // A draw meets a day that is taken with a probability of at most one half.
        while days.len() < count {
            let time = start + (end - start) * (1.0 - rng.random::<f64>());
            let day = clock.day(time).unwrap_or(last).clamp(from, last);
            if !days.contains(&day) {
                days.push(day);
            }
        }
    } else {
        // The order of exponential times with these rates is that of draws without replacement.
        let mut times: Vec<(f64, Day)> = (0..=last.since(from))
            .map(|d| {
                let day = from.plus(d);
                let time: f64 = Exp1.sample(rng);
                (time / (clock.end(day) - clock.start(day)), day)
            })
            .collect();
        times.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        days.extend(times[..count].iter().map(|&(_, day)| day));
    }
    days.sort_unstable();
    days
}

/// A Poisson count, cut to `most`.
fn poisson(rng: &mut impl Rng, mean: f64, most: usize) -> usize {
    // Beyond a billion times any period's days every count is cut anyway.
    let count = Poisson::new(mean.min(1e15)).map_or(0.0, |law| law.sample(rng));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let count = count as usize;
    count.min(most)
}
