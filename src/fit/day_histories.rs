//! A panel's distinct histories by day, of which any clock makes [`Histories`].

use std::cmp::Reverse;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::histories::{Histories, History, Start};
use crate::calendar::Timeline;
use crate::panel::{Clock, Panel};
use crate::units::Day;

/// Distinct (first day, x, last day) with their numbers of customers, sorted so that neighbours
/// share their sums: by first day, then x, then last day descending.
#[derive(Debug, Clone)]
pub(super) struct DayHistories {
    pub(super) starts: Vec<Day>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    start: u32,
    x: u32,
    last: Day,
    customers: f64,
}

/// The histories of a panel as the models need them, each made when it is first asked for.
pub(super) struct PanelHistories<'a> {
    panel: &'a Panel,
    counts: OnceLock<DayHistories>,
    whole: OnceLock<DayHistories>,
}

impl<'a> PanelHistories<'a> {
    pub(super) const fn new(panel: &'a Panel) -> Self {
        Self { panel, counts: OnceLock::new(), whole: OnceLock::new() }
    }

    /// For models in which everybody `stays`, where the last day says nothing and few histories are
    /// distinct, or for others.
    pub(super) fn of(&self, stays: bool) -> &DayHistories {
        if stays {
            self.counts.get_or_init(|| DayHistories::new(self.panel, |first, _| first))
        } else {
            self.whole.get_or_init(|| DayHistories::new(self.panel, |_, last| last))
        }
    }
}

impl DayHistories {
    /// Of all customers with a purchase; `last` is made of their first and last day. Under the panel
    /// clock everybody is observed from the panel's first day on.
    fn new(panel: &Panel, last: impl Fn(Day, Day) -> Day + Sync) -> Self {
        let whole = panel.grid.start(panel.first_period());
        let mut seen: Vec<(Day, u32, Reverse<Day>)> = panel
            .customers
            .par_iter()
            .filter_map(|customer| {
                let (first, latest) = (customer.first_purchase?, customer.last_purchase?);
                Some(match panel.clock {
                    Clock::FirstPurchase => {
                        let x = customer.purchases - customer.acquisition_purchases;
                        (first, x, Reverse(last(first, latest)))
                    }
                    Clock::Panel => (whole, customer.purchases, Reverse(last(whole, latest))),
                })
            })
            .collect();
        seen.par_sort_unstable();
        let mut starts = Vec::new();
        let rows = seen
            .chunk_by(|a, b| a == b)
            .map(|same| {
                let (first, x, Reverse(last)) = same[0];
                if starts.last() != Some(&first) {
                    starts.push(first);
                }
                let start = u32::try_from(starts.len() - 1).unwrap_or(u32::MAX);
                Row { start, x, last, customers: same.len() as f64 }
            })
            .collect();
        Self { starts, rows }
    }

    /// The first and the last day of a row's customers.
    pub(super) fn days(&self, row: usize) -> (Day, Day) {
        let row = self.rows[row];
        (self.starts[row.start as usize], row.last)
    }

    /// The days on which customers of a start may leave, `tau` days apart.
    pub(super) fn ends(&self, timeline: &Timeline, start: usize, tau: u32) -> Vec<Day> {
        timeline.ends_since(self.starts[start], tau)
    }

    /// The histories in the time of `timeline`, row by row; with opportunities to leave every `tau`
    /// days where a model has them.
    pub(super) fn timed(&self, timeline: &Timeline, tau: Option<u32>) -> Histories {
        let starts: Vec<(Start, Vec<Day>)> = self
            .starts
            .iter()
            .map(|&first| {
                let days = tau.map(|tau| timeline.ends_since(first, tau)).unwrap_or_default();
                let ends: Vec<f64> = days.iter().map(|&end| timeline.between(first, end)).collect();
                // The last end is the as-of date: the same number, however it was rounded.
                let t = ends.last().copied().unwrap_or_else(|| timeline.since(first));
                (Start { t, ends }, days)
            })
            .collect();
        let rows = self.rows.iter().map(|row| {
            let (start, ends) = &starts[row.start as usize];
            let repeats = row.x > 0;
            let t_x = timeline.between(self.starts[row.start as usize], row.last).min(start.t);
            let last = ends.partition_point(|&end| end < row.last);
            History {
                start: row.start,
                x: row.x,
                t_x: if repeats { t_x } else { 0.0 },
                last: if repeats { u32::try_from(last).unwrap_or(u32::MAX) } else { 0 },
                customers: row.customers,
            }
        });
        Histories { rows: rows.collect(), starts: starts.into_iter().map(|(s, _)| s).collect() }
    }
}
