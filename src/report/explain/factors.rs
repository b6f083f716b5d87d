//! The factors of periods and values: nothing is written where there are none.

use super::{Context, Writer};
use crate::calendar::Timeline;
use crate::fit::expected_rate;
use crate::forecast::{Exposures, ValueFactors};
use crate::panel::State;

/// The factors of one customer.
pub(super) struct Factors {
    pub(super) exposures: Exposures,
    values: ValueFactors,
    /// The dependence's factor; `None` where values do not depend on the rate.
    own: Option<f64>,
    levels: Vec<f64>,
}

impl Factors {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let Context { panel, model, i, .. } = *context;
        let timeline = Timeline::new(panel, model.calendar.as_ref(), context.options.horizon);
        let values = ValueFactors::new(panel, model, &timeline);
        let dependent = model.monetary.is_some_and(|monetary| monetary.dependence.is_some());
        Self {
            exposures: Exposures::new(panel, &timeline),
            own: dependent.then(|| values.of_customer(panel, i)),
            levels: values.levels(panel, i),
            values,
        }
    }

    /// The values of the active periods as the law of values sees them.
    pub(super) fn values(&self, context: &Context<'_>) -> impl Iterator<Item = (u32, f64)> {
        self.values.values(context.panel, context.i)
    }

    /// Writes the dependence's factor.
    pub(super) fn own(&self, out: &mut Writer, context: &Context<'_>) {
        let Context { panel, model, i, .. } = *context;
        let dependence = model.monetary.and_then(|monetary| monetary.dependence);
        let (Some(own), Some(dependence)) = (self.own, dependence) else { return };
        let timeline = Timeline::new(panel, model.calendar.as_ref(), context.options.horizon);
        let rate = expected_rate(panel, model.frequency.rate(), &timeline, i);
        out.add(
            "d",
            "(E[λ | history]/centre)^slope, the factor of the customer's values",
            format!("({} / {})^{}", super::shown(rate), dependence.centre, dependence.slope),
            own,
        );
    }

    /// Writes m1 as the law of values sees it, where a factor applies, and gives it.
    pub(super) fn last_value(
        &self,
        out: &mut Writer,
        context: &Context<'_>,
        state: &State,
    ) -> Option<f64> {
        let value = self.values.last_value(context.panel, context.i, state)?;
        let formula = match (self.values.has_calendar(), self.own) {
            (false, None) => return Some(value),
            (true, None) => "m1 / v, v the factor of its period",
            (false, Some(_)) => "m1 / d",
            (true, Some(_)) => "m1 / (v · d), v the factor of its period",
        };
        let mut inputs = super::shown(state.m1);
        for factor in self.of_period(state).into_iter().chain(self.own) {
            inputs.push_str(&format!(" / {factor}"));
        }
        out.add("m", formula, inputs, value);
        Some(value)
    }

    fn of_period(&self, state: &State) -> Option<f64> {
        self.values.has_calendar().then(|| self.values.of_period(state.last_active))
    }

    /// Writes e_h and v_h, where there are calendars.
    pub(super) fn period(&self, out: &mut Writer, h: usize) {
        if self.exposures.has_calendar() {
            let formula = "mean factor of the purchase rate over the period's days";
            out.add(format!("e_{h}"), formula, "", self.exposures.ahead()[h - 1]);
        }
        if self.values.has_calendar() {
            let formula = "mean factor of purchase values over the period's days";
            out.add(format!("v_{h}"), formula, "", self.values.ahead()[h - 1]);
        }
    }

    /// A formula and its inputs, times the factors of the values of period `h`.
    pub(super) fn times(&self, h: usize, formula: &str, inputs: String) -> (String, String) {
        let names = match (self.values.has_calendar(), self.own) {
            (false, None) => return (formula.to_owned(), inputs),
            (true, None) => format!("v_{h}"),
            (false, Some(_)) => "d".to_owned(),
            (true, Some(_)) => format!("v_{h} · d"),
        };
        let inputs =
            if inputs.is_empty() { inputs } else { format!("{} · ({inputs})", self.level(h)) };
        (format!("{names} · {formula}"), inputs)
    }

    /// What values of period `h` are multiplied by.
    pub(super) fn level(&self, h: usize) -> f64 {
        self.levels[h - 1]
    }
}
