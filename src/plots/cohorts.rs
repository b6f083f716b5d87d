//! What the fitted law expects of the whole base from its beginning, customer by customer: the
//! other half of a comparison with what happened.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::calendar::Timeline;
use crate::fit::FittedModel;
use crate::models::Outlook;
use crate::panel::{Clock, Panel, PeriodIndex};
use crate::units::Day;

/// The customers of a panel by the day from which they are observed, and the law they are held
/// against.
///
/// Under the first-purchase clock a customer is observed from its first purchase day d, and what is
/// expected of it in (t0, t1] is that of a newcomer (`FrequencyLaw::newcomer`) in the time that runs
/// from d. Under the panel clock all are observed from the panel's first day; a base that holds
/// buyers only is compared with the law of those who purchase at least once,
///
/// ```text
/// E[Y(t0,t1) | X(T) ≥ 1] = E[Y(t0,t1)] / P(X(T) ≥ 1);   P(X = n | X ≥ 1) = P(X = n) / P(X ≥ 1)
/// ```
pub(super) struct Cohorts<'a> {
    panel: &'a Panel,
    model: &'a FittedModel,
    timeline: Timeline,
    /// Day and customers, ascending.
    by_day: Vec<(Day, f64)>,
    /// Customers known from elsewhere, buyers included.
    base: Option<u64>,
}

impl<'a> Cohorts<'a> {
    pub(super) fn new(panel: &'a Panel, model: &'a FittedModel, base: Option<u64>) -> Self {
        let timeline = Timeline::new(panel, model.calendar.as_ref(), 0);
        let mut days: BTreeMap<Day, f64> = BTreeMap::new();
        for first in panel.customers.iter().filter_map(|customer| customer.first_purchase) {
            let day = match panel.clock {
                Clock::FirstPurchase => first,
                Clock::Panel => panel.grid.start(panel.first_period()),
            };
            *days.entry(day).or_default() += 1.0;
        }
        let base = base.filter(|_| panel.clock == Clock::Panel);
        Self { panel, model, timeline, by_day: days.into_iter().collect(), base }
    }

    /// Expected purchases of the base in each period of the panel, oldest first; `None` where the
    /// law has no such expectation (the logarithmic series, whose base is without bound).
    pub(super) fn by_period(&self) -> Option<Vec<f64>> {
        let of_cohort = |&(day, customers): &(Day, f64)| {
            self.with_newcomer(day, |outlook, until| {
                let weight = customers * self.weight(outlook, day);
                let mut before = 0.0;
                let periods = (self.panel.first_period().0..=0).map(|index| {
                    let now = until(index).max(before);
                    let expected = if now > before { outlook.expected(before, now) } else { 0.0 };
                    before = now;
                    weight * expected
                });
                periods.collect::<Vec<f64>>()
            })
        };
        let cohorts: Vec<Vec<f64>> = self.by_day.par_iter().map(of_cohort).collect();
        sum(cohorts)
    }

    /// Expected customers with n = 0, 1, … purchases in all of their observation, up to where next
    /// to nothing is left.
    pub(super) fn by_count(&self) -> Option<Vec<f64>> {
        let of_cohort = |&(day, customers): &(Day, f64)| {
            self.with_newcomer(day, |outlook, until| {
                let mut pmf = outlook.pmf(0.0, until(0));
                let weight = customers * self.weight(outlook, day);
                for p in &mut pmf {
                    *p *= weight;
                }
                if self.truncated() {
                    pmf[0] = 0.0;
                }
                pmf
            })
        };
        let cohorts: Vec<Vec<f64>> = self.by_day.par_iter().map(of_cohort).collect();
        sum(cohorts)
    }

    /// Whether the base holds buyers only.
    pub(super) fn truncated(&self) -> bool {
        self.panel.clock == Clock::Panel && self.base.is_none()
    }

    /// Customers compared.
    pub(super) fn customers(&self) -> f64 {
        self.base.map_or_else(|| self.by_day.iter().map(|(_, n)| n).sum(), |base| base as f64)
    }

    /// What one customer of the panel stands for.
    fn weight(&self, outlook: &Outlook<'_>, day: Day) -> f64 {
        match self.base {
            Some(base) => base as f64 / self.by_day.iter().map(|(_, n)| n).sum::<f64>(),
            None if self.truncated() => 1.0 / outlook.p_any(0.0, self.until(day, 0)),
            None => 1.0,
        }
    }

    /// Time from a cohort's day to the end of a period; 0 where that is earlier.
    fn until(&self, day: Day, index: i32) -> f64 {
        let grid = &self.panel.grid;
        let end = grid.end(PeriodIndex(index));
        match self.panel.clock {
            Clock::FirstPurchase if end <= day => 0.0,
            Clock::FirstPurchase => self.timeline.between(day, end),
            // Whole periods from the day before the panel.
            Clock::Panel if self.model.calendar.is_none() => {
                f64::from(index - self.panel.first_period().0 + 1)
            }
            Clock::Panel => self.timeline.between(day.plus(-1), end),
        }
    }

    /// What is known of a customer who is observed from `day`, and the time to the end of a period.
    fn with_newcomer<T>(
        &self,
        day: Day,
        use_outlook: impl FnOnce(&Outlook<'_>, &dyn Fn(i32) -> f64) -> T,
    ) -> T {
        let law = &self.model.frequency;
        let ends = law.tau().map(|tau| self.timeline.ends_since(day, tau)).unwrap_or_default();
        let ends: Vec<f64> = ends.iter().map(|&end| self.timeline.between(day, end)).collect();
        use_outlook(&law.newcomer(&ends), &|index| self.until(day, index))
    }
}

/// Cohorts added one by one, in their order.
fn sum(cohorts: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let mut sums = vec![0.0; cohorts.iter().map(Vec::len).max().unwrap_or(0)];
    for cohort in cohorts {
        for (sum, value) in sums.iter_mut().zip(cohort) {
            *sum += value;
        }
    }
    sums.iter().all(|value| value.is_finite()).then_some(sums)
}
