//! Operational time G: the clock that runs faster in a strong season.

use super::Calendar;
use crate::panel::{Clock, Grid, Panel, PeriodIndex};
use crate::units::Day;

/// Operational time over a panel and its horizon, in periods.
///
/// A day of the past adds its factor times its share of a period, so that with factors of 1 the
/// time between two days is [`Grid::elapsed`]. Without a calendar it *is* that number.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// use clvcast::calendar::Timeline;
/// let timeline = Timeline::new(&panel, None, 3);
/// let first = panel.customers[0].first_purchase.unwrap();
/// assert_eq!(timeline.since(first), panel.exposure(0).unwrap().t);
/// assert_eq!(timeline.horizon(), [1.0, 2.0, 3.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Timeline {
    grid: Grid,
    clock: Clock,
    first: Day,
    periods: f64,
    /// Time from the day before `first` to each day of the past; `None` without a calendar.
    past: Option<Vec<f64>>,
    /// ln g by day of the past, from `first`; empty without a calendar.
    ln_factors: Vec<f64>,
    /// Time from the as-of date to each day after it, starting with 0 for the as-of date.
    future: Vec<f64>,
    /// Time from the as-of date to the end of each coming period.
    horizon: Vec<f64>,
}

impl Timeline {
    /// The time of `panel` and of `horizon` periods after it.
    #[must_use]
    pub fn new(panel: &Panel, calendar: Option<&Calendar>, horizon: u32) -> Self {
        let grid = &panel.grid;
        let calendar = calendar.filter(|calendar| !calendar.is_flat());
        let first = grid.start(panel.first_period());
        let factor = |day: Day| calendar.map_or(0.0, |c| c.ln_factor(grid, day)).exp();
        let ln_factors: Vec<f64> = calendar
            .map(|c| days(first, grid.as_of()).map(|day| c.ln_factor(grid, day)).collect())
            .unwrap_or_default();
        let past = calendar.map(|_| cumulative(panel, &ln_factors));
        let mut future = vec![0.0];
        let mut ends = Vec::new();
        let mut now = 0.0;
        for index in (1..=horizon).map(|h| PeriodIndex(h.cast_signed())) {
            let length = f64::from(grid.days(index));
            let before = now;
            let mut sum = 0.0;
            for day in days(grid.start(index), grid.end(index)) {
                sum += factor(day);
                future.push(before + sum / length);
            }
            // A whole period without a calendar is 1, not 90 times 1/90.
            now = before + sum / length;
            ends.push(now);
        }
        Self {
            grid: grid.clone(),
            clock: panel.clock,
            first,
            periods: f64::from(panel.periods),
            past,
            ln_factors,
            future,
            horizon: ends,
        }
    }

    /// The time of `panel` alone, from ln g by day.
    pub(crate) fn of_past(panel: &Panel, ln_factors: Vec<f64>) -> Self {
        Self { past: Some(cumulative(panel, &ln_factors)), ln_factors, ..Self::new(panel, None, 0) }
    }

    /// Time between two days of the past, `from` not the later one.
    #[must_use]
    pub fn between(&self, from: Day, to: Day) -> f64 {
        match &self.past {
            None => self.grid.elapsed(from, to),
            Some(past) => self.at(past, to) - self.at(past, from),
        }
    }

    fn at(&self, past: &[f64], day: Day) -> f64 {
        match usize::try_from(day.since(self.first)) {
            Ok(days) => past.get(days).or(past.last()).copied().unwrap_or(0.0),
            Err(_) => 0.0,
        }
    }

    /// Time of observation of a customer first seen on `day`: T.
    #[must_use]
    pub fn since(&self, day: Day) -> f64 {
        match self.clock {
            Clock::FirstPurchase => self.between(day, self.grid.as_of()),
            Clock::Panel => self.whole(),
        }
    }

    /// Time of the whole panel.
    #[must_use]
    pub fn whole(&self) -> f64 {
        self.past.as_ref().and_then(|past| past.last().copied()).unwrap_or(self.periods)
    }

    /// ln g by day of the panel, from its first day; empty without a calendar.
    #[must_use]
    pub fn ln_factors(&self) -> &[f64] {
        &self.ln_factors
    }

    /// Time from the as-of date to the end of each coming period.
    #[must_use]
    pub fn horizon(&self) -> &[f64] {
        &self.horizon
    }

    /// Time from the as-of date to a day of the horizon.
    #[must_use]
    pub fn ahead(&self, day: Day) -> f64 {
        let days = usize::try_from(day.since(self.grid.as_of())).unwrap_or(0);
        self.future.get(days).or(self.future.last()).copied().unwrap_or(0.0)
    }

    /// Ends of sub-periods of `tau` days after the as-of date that lie within the horizon.
    #[must_use]
    pub fn ends_ahead(&self, tau: u32) -> Vec<f64> {
        let step = tau.max(1) as usize;
        self.future.iter().skip(step).step_by(step).copied().collect()
    }

    /// Ends of sub-periods of `tau` days counted back from the as-of date, as days, ascending, from
    /// the one whose sub-period holds `first` on.
    #[must_use]
    pub fn ends_since(&self, first: Day, tau: u32) -> Vec<Day> {
        let tau = i32::try_from(tau.max(1)).unwrap_or(i32::MAX);
        let back = self.grid.as_of().since(first) / tau;
        (0..=back).rev().map(|j| self.grid.as_of().plus(-j * tau)).collect()
    }

    /// How many of [`ends_since`](Self::ends_since) lie before `last`, a day from `first` to the
    /// as-of date.
    pub(crate) fn ends_before(&self, first: Day, last: Day, tau: u32) -> usize {
        let tau = i32::try_from(tau.max(1)).unwrap_or(i32::MAX);
        let as_of = self.grid.as_of();
        usize::try_from(as_of.since(first) / tau - as_of.since(last) / tau).unwrap_or(0)
    }
}

/// Time from the day before the panel to each of its days.
fn cumulative(panel: &Panel, ln_factors: &[f64]) -> Vec<f64> {
    let first = panel.grid.start(panel.first_period());
    let mut sum = 0.0;
    ln_factors
        .iter()
        .zip(days(first, panel.grid.as_of()))
        .map(|(ln, day)| {
            sum += ln.exp() * share(panel, day);
            sum
        })
        .collect()
}

/// The days from `first` to `last`, both included.
pub(crate) fn days(first: Day, last: Day) -> impl Iterator<Item = Day> + Clone {
    (0..=last.since(first)).map(move |d| first.plus(d))
}

/// What a day of the past adds to time where its factor is 1, periods.
///
/// Under the first-purchase clock the time between two days is that of [`Grid::elapsed`], where a
/// day's share runs from the start of the day before; the difference is that of neighbouring
/// periods' lengths, on one day.
pub(crate) fn share(panel: &Panel, day: Day) -> f64 {
    let grid = &panel.grid;
    let of = match panel.clock {
        Clock::FirstPurchase if day > grid.start(panel.first_period()) => day.plus(-1),
        _ => day,
    };
    1.0 / f64::from(grid.days(grid.index(of)))
}
