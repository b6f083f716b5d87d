//! What a calendar and a dependence do to periods and values; factors of 1 without them.

use crate::calendar::Timeline;
use crate::fit::{Dependence, FittedModel, expected_rate};
use crate::models::RateLaw;
use crate::panel::{Panel, PeriodIndex, State};
use crate::units::Day;

/// Lengths of the periods in operational time: all 1 without a calendar.
#[derive(Debug, Clone)]
pub(crate) struct Exposures {
    /// e_{−r} + … + e_0 by r; `None` without a calendar.
    since: Option<Vec<f64>>,
    /// By day of the panel, what is left of its period after it.
    rest: Vec<f64>,
    first: Day,
    ahead: Vec<f64>,
}

impl Exposures {
    pub(crate) fn new(panel: &Panel, timeline: &Timeline) -> Self {
        let mut before = 0.0;
        let ahead = timeline
            .horizon()
            .iter()
            .map(|&end| {
                let length = end - before;
                before = end;
                length
            })
            .collect();
        let first = panel.grid.start(panel.first_period());
        let ln_factors = timeline.ln_factors();
        let mut exposures = Self { since: None, rest: Vec::new(), first, ahead };
        if ln_factors.is_empty() {
            return exposures;
        }
        // From the as-of date back, so that every sum is one step from the one after it.
        let mut since = Vec::new();
        let (mut whole, mut end) = (0.0, ln_factors.len());
        for period in (panel.first_period().0..=0).rev() {
            let days = panel.grid.days(PeriodIndex(period));
            let start = end.saturating_sub(days as usize);
            let mut length = 0.0;
            for ln in ln_factors[start..end].iter().rev() {
                exposures.rest.push(length / f64::from(days));
                length += ln.exp();
            }
            whole += length / f64::from(days);
            since.push(whole);
            end = start;
        }
        exposures.rest.reverse();
        exposures.since = Some(since);
        exposures
    }

    /// e_1, e_2, … of the coming periods.
    pub(crate) fn ahead(&self) -> &[f64] {
        &self.ahead
    }

    /// Whether there is a calendar.
    pub(crate) const fn has_calendar(&self) -> bool {
        self.since.is_some()
    }

    /// Time from the start of the last active period to the as-of date: 1 + r without a calendar.
    pub(crate) fn of_state(&self, state: &State) -> f64 {
        self.periods(state.r + 1)
    }

    /// Time from the end of `day`, in the last active period, to the as-of date.
    pub(crate) fn after(&self, panel: &Panel, day: Day, state: &State) -> f64 {
        let rest = usize::try_from(day.since(self.first)).ok().and_then(|d| self.rest.get(d));
        rest.copied().unwrap_or_else(|| panel.grid.remaining(day)) + self.periods(state.r)
    }

    /// Length of the last `n` periods of the past.
    fn periods(&self, n: u32) -> f64 {
        match &self.since {
            None => f64::from(n),
            Some(since) => {
                n.checked_sub(1).and_then(|r| since.get(r as usize)).copied().unwrap_or(0.0)
            }
        }
    }
}

/// Factors of values: the value calendar's by period, and the dependence's by customer. A value is
/// divided by the factors of its period and customer before the law of values sees it, and a
/// forecast of the law is multiplied by those of its period and customer.
#[derive(Debug, Clone)]
pub(crate) struct ValueFactors {
    /// v of the past periods by periods back; empty without a value calendar.
    past: Vec<f64>,
    ahead: Vec<f64>,
    dependence: Option<Dependence>,
    law: RateLaw,
    timeline: Timeline,
}

impl ValueFactors {
    /// The factors of `model`; `timeline` is that of its purchases.
    pub(crate) fn new(panel: &Panel, model: &FittedModel, timeline: &Timeline) -> Self {
        let calendar = model.value_calendar.as_ref().filter(|calendar| !calendar.is_flat());
        let factor = |period: i32| {
            calendar.map_or(1.0, |c| c.period_factor(&panel.grid, PeriodIndex(period)))
        };
        let past = calendar.map(|_| (panel.first_period().0..=0).rev().map(factor).collect());
        let horizon = i32::try_from(timeline.horizon().len()).unwrap_or(i32::MAX);
        Self {
            past: past.unwrap_or_default(),
            ahead: (1..=horizon).map(factor).collect(),
            dependence: model.monetary.and_then(|monetary| monetary.dependence),
            law: model.frequency.rate(),
            timeline: timeline.clone(),
        }
    }

    /// Whether there is a value calendar.
    pub(crate) fn has_calendar(&self) -> bool {
        !self.past.is_empty()
    }

    /// v of a period of the past.
    pub(crate) fn of_period(&self, period: PeriodIndex) -> f64 {
        self.past.get(period.0.unsigned_abs() as usize).copied().unwrap_or(1.0)
    }

    /// v_1, v_2, … of the coming periods.
    pub(crate) fn ahead(&self) -> &[f64] {
        &self.ahead
    }

    /// The factor of a customer whose values depend on its rate; 1 where they do not.
    pub(crate) fn of_customer(&self, panel: &Panel, i: usize) -> f64 {
        self.dependence.map_or(1.0, |dependence| {
            expected_rate(panel, self.law, &self.timeline, i)
                .map_or(1.0, |rate| dependence.factor(rate))
        })
    }

    /// m1 of a state as the law of values sees it.
    pub(crate) fn last_value(&self, panel: &Panel, i: usize, state: &State) -> Option<f64> {
        self.law_value(self.of_customer(panel, i), state)
    }

    /// [`ValueFactors::last_value`] of a customer with the factor `own`.
    pub(crate) fn law_value(&self, own: f64, state: &State) -> Option<f64> {
        let level = self.of_period(state.last_active) * own;
        state.m1.map(|m1| m1 / level)
    }

    /// Purchases and values of the active periods of customer `i`, as the law of values sees them.
    pub(crate) fn values(&self, panel: &Panel, i: usize) -> impl Iterator<Item = (u32, f64)> {
        self.law_values(self.of_customer(panel, i), panel, i)
    }

    /// [`ValueFactors::values`] of a customer with the factor `own`.
    pub(crate) fn law_values(
        &self,
        own: f64,
        panel: &Panel,
        i: usize,
    ) -> impl Iterator<Item = (u32, f64)> {
        panel.active_cells(i).filter_map(move |cell| {
            let level = self.of_period(cell.period) * own;
            Some((cell.purchases, panel.value(cell)? / level))
        })
    }

    /// What the law's values of the coming periods are multiplied by, for customer `i`.
    pub(crate) fn levels(&self, panel: &Panel, i: usize) -> Vec<f64> {
        let own = self.of_customer(panel, i);
        self.ahead.iter().map(|v| v * own).collect()
    }
}
