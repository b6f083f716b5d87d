//! What every customer's history promises: distinct histories first, customers after.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::calendar::Timeline;
use crate::models::{FrequencyLaw, Past};
use crate::panel::{Clock, Panel};
use crate::units::Day;

/// What is expected of one customer given its whole history.
///
/// ```
/// # use clvcast::{calendar::Timeline, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::{forecast::Prospects, models::*};
/// let rate = RateLaw::nbd(158.851, 67.2923)?; // the fit of the README
/// let law = FrequencyLaw::BgNbd { rate, dropout: Dropout::beta(0.1, 2.0)? };
/// let prospects = Prospects::new(&panel, &law, &Timeline::new(&panel, None, 3));
/// let first = prospects.of(0).unwrap();
/// assert!(first.p_alive < 1.0 && first.periods[2].purchases < first.periods[0].purchases);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Prospect {
    /// P(has not left by the as-of date).
    pub p_alive: f64,
    /// E\[λ | has not left\], purchases per period.
    pub rate: f64,
    /// The coming periods.
    pub periods: Vec<Prospective>,
}

/// One coming period of a customer.
///
/// ```
/// let period = clvcast::forecast::Prospective { p_active: 0.5, purchases: 0.8 };
/// assert!(period.purchases >= period.p_active); // an active period has at least one
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prospective {
    /// P(at least one purchase in it).
    pub p_active: f64,
    /// Expected purchases in it.
    pub purchases: f64,
}

/// The prospects of all customers of a panel.
#[derive(Debug, Clone)]
pub struct Prospects {
    /// Position in `distinct` by customer; `None` without any purchase.
    place: Vec<Option<usize>>,
    distinct: Vec<Prospect>,
}

impl Prospects {
    /// Conditions `law` on every history, in the time of `timeline`.
    #[must_use]
    pub fn new(panel: &Panel, law: &FrequencyLaw, timeline: &Timeline) -> Self {
        let mut index: HashMap<(Day, Day, u32), usize> = HashMap::new();
        let mut histories = Vec::new();
        let place = panel
            .customers
            .iter()
            .map(|customer| {
                let (first, last) = (customer.first_purchase?, customer.last_purchase?);
                let x = match panel.clock {
                    Clock::FirstPurchase => customer.purchases - customer.acquisition_purchases,
                    Clock::Panel => customer.purchases,
                };
                Some(*index.entry((first, last, x)).or_insert_with(|| {
                    histories.push((first, last, x));
                    histories.len() - 1
                }))
            })
            .collect();
        let ends = law.tau().map(|tau| timeline.ends_ahead(tau)).unwrap_or_default();
        let distinct = histories
            .par_iter()
            .map(|&(first, last, x)| prospect(law, timeline, &ends, (first, last, x)))
            .collect();
        Self { place, distinct }
    }

    /// The prospect of customer `i`; `None` without any purchase.
    #[must_use]
    pub fn of(&self, i: usize) -> Option<&Prospect> {
        Some(&self.distinct[self.place[i]?])
    }
}

fn prospect(
    law: &FrequencyLaw,
    timeline: &Timeline,
    ends_ahead: &[f64],
    (first, last, x): (Day, Day, u32),
) -> Prospect {
    let days = law.tau().map(|tau| timeline.ends_since(first, tau)).unwrap_or_default();
    let ends: Vec<f64> = days.iter().map(|&end| timeline.between(first, end)).collect();
    let t = ends.last().copied().unwrap_or_else(|| timeline.since(first));
    let repeats = x > 0;
    let past = Past {
        x,
        t_x: if repeats { timeline.between(first, last).min(t) } else { 0.0 },
        t,
        ends: &ends,
        last: if repeats { days.partition_point(|&end| end < last) } else { 0 },
    };
    let outlook = law.outlook(&past, ends_ahead);
    let mut from = 0.0;
    let periods = timeline.horizon().iter().map(|&to| {
        let period = Prospective {
            p_active: outlook.p_any(from, to),
            purchases: outlook.expected(from, to),
        };
        from = to;
        period
    });
    Prospect { p_alive: outlook.p_alive, rate: outlook.rate.mean(), periods: periods.collect() }
}
