//! Operational time by day, for scenarios with a calendar or with customers who leave.

use crate::calendar::Calendar;
use crate::panel::{Grid, PeriodIndex};
use crate::units::Day;

/// Time over the simulated days: a day adds its factor times its share of its period.
pub(super) struct Clock {
    first: Day,
    /// Time from the start of the first day to the end of each day.
    ends: Vec<f64>,
    /// By day, the largest addition of a day of its period; `None` where the days of a period are
    /// alike.
    largest: Option<Vec<f64>>,
}

impl Clock {
    pub(super) fn new(grid: &Grid, first: PeriodIndex, calendar: Option<&Calendar>) -> Self {
        let calendar = calendar.filter(|calendar| !calendar.is_flat());
        let (mut ends, mut largest, mut now) = (Vec::new(), Vec::new(), 0.0);
        for period in (first.0..=0).map(PeriodIndex) {
            let days = grid.days(period);
            let mut top = 0.0_f64;
            for d in 0..i32::try_from(days).unwrap_or(i32::MAX) {
                let day = grid.start(period).plus(d);
                let factor = calendar.map_or(1.0, |c| c.ln_factor(grid, day).exp());
                let share = factor / f64::from(days);
                top = top.max(share);
                now += share;
                ends.push(now);
            }
            if calendar.is_some() {
                largest.resize(ends.len(), top);
            }
        }
        let largest = calendar.map(|_| largest);
        Self { first: grid.start(first), ends, largest }
    }

    fn position(&self, day: Day) -> usize {
        usize::try_from(day.since(self.first)).unwrap_or(0)
    }

    /// Time from the start of the simulation to the end of a day.
    pub(super) fn end(&self, day: Day) -> f64 {
        self.ends.get(self.position(day)).copied().unwrap_or(f64::INFINITY)
    }

    /// Time to the start of a day.
    pub(super) fn start(&self, day: Day) -> f64 {
        self.position(day).checked_sub(1).map_or(0.0, |before| self.ends[before])
    }

    /// The day in which that time falls; `None` after the last one.
    pub(super) fn day(&self, time: f64) -> Option<Day> {
        let position = self.ends.partition_point(|&end| end < time);
        let days = i32::try_from(position).ok()?;
        (position < self.ends.len()).then(|| self.first.plus(days))
    }

    /// Whether days of a period differ.
    pub(super) const fn has_calendar(&self) -> bool {
        self.largest.is_some()
    }

    /// What a day of the period of `day` adds at most.
    pub(super) fn largest(&self, day: Day) -> f64 {
        self.largest.as_ref().map_or(0.0, |largest| largest[self.position(day)])
    }
}
