//! The numbers of coming purchases, by method.

use super::factors::Factors;
use super::{Context, Writer, shown};
use crate::forecast::{
    ChainSteps, FrequencyChain, Method, PointRule, chain_start, chain_values, value_places,
};
use crate::markov::ValueTable;
use crate::models::{RateLaw, ValueLaw};
use crate::panel::State;
use crate::value::PeriodForecast;

pub(super) fn law(law: RateLaw) -> String {
    match law {
        RateLaw::Gamma { shape, rate } => format!("Gamma(shape {shape}, rate {rate})"),
        RateLaw::Equal(rate) => format!("rate {rate} for everybody"),
    }
}

impl Context<'_> {
    pub(super) fn purchases(&self, out: &mut Writer, labels: &[String]) {
        if self.row.periods.is_empty() {
            return;
        }
        match (self.options.method, &self.panel.state(self.i)) {
            (Method::Chain, Some(state)) => self.chain(out, labels, state),
            (Method::Point, Some(state)) => self.point(out, labels, state),
            (Method::Posterior, _) => self.posterior(out, labels),
            _ => {}
        }
    }

    fn chain(&self, out: &mut Writer, labels: &[String], state: &State) {
        let factors = Factors::new(self);
        let exposures = &factors.exposures;
        let start = chain_start(
            self.panel,
            self.model.frequency.rate(),
            exposures,
            self.options.acquisition,
            self.i,
            state,
        );
        let prior = law(self.model.frequency.rate());
        out.part("Chain");
        let plain = self.model.frequency.rate().after(state.f1, exposures.of_state(state));
        let formula = match (start == plain, exposures.has_calendar()) {
            (true, false) => {
                "prior Gamma(b, a) after f1 purchases in 1 + r periods: Gamma(b + f1, a + 1 + r)"
            }
            (false, false) => {
                "first period: the acquiring day says nothing, Gamma(b + f1 − f_acq, a + w + r)"
            }
            (true, true) => {
                "prior Gamma(b, a) after f1 purchases in E = Σ e, the factors of the last active period and the r after it: Gamma(b + f1, a + E)"
            }
            (false, true) => {
                "first period: the acquiring day says nothing, Gamma(b + f1 − f_acq, a + E), E = Σ e since that day"
            }
        };
        out.add(
            "E[λ] at the start",
            formula,
            format!("{prior} becomes {}", law(start)),
            start.mean(),
        );
        let horizon = self.options.horizon as usize;
        let ahead = exposures.ahead().to_vec();
        let steps = FrequencyChain::new(self.model.frequency.rate(), ahead, [start]).steps(start);
        factors.own(out, self);
        let m1 = factors.last_value(out, self, state);
        let values = m1.and_then(|m1| {
            chain_values(self.model, m1, state.f1).take(horizon).collect::<Option<Vec<f64>>>()
        });
        let table = self
            .model
            .monetary
            .zip(self.model.states.bands.clone())
            .map(|(monetary, bands)| ValueTable::new(monetary.law, bands));
        for (s, value) in values.iter().flatten().enumerate() {
            let before = if s == 0 {
                m1.unwrap_or(f64::NAN)
            } else {
                values.as_ref().map_or(f64::NAN, |v| v[s - 1])
            };
            out.add(
                format!("value after {} move(s)", s + 1),
                "p (k + m)/(p + q − 1)",
                format!("{}, m = {before}", self.parameters()),
                *value,
            );
        }
        for (h, (label, (step, period))) in
            labels.iter().zip(steps.iter().zip(&self.row.periods)).enumerate()
        {
            out.part(label.clone());
            let h = h + 1;
            factors.period(out, h);
            let by_s = |values: &[f64]| -> String {
                let terms = values.iter().enumerate().map(|(s, v)| format!("{v} (s = {s})"));
                terms.collect::<Vec<_>>().join(" + ")
            };
            out.add(
                format!("p_active_{h}"),
                "Σ_s P(active, s active periods before)",
                by_s(&step.active),
                period.step.p_active,
            );
            out.add(
                format!("purchases_{h}"),
                "Σ_s E[purchases; s active periods before]",
                by_s(&step.purchases),
                period.step.purchases,
            );
            if let Some(values) = &values {
                let terms: Vec<String> =
                    step.purchases.iter().zip(values).map(|(e, v)| format!("{e} · {v}")).collect();
                let formula = "Σ_s E[purchases; s] · value after s + 1 moves";
                let (formula, inputs) = factors.times(h, formula, terms.join(" + "));
                out.add(format!("amount_{h}"), formula, inputs, period.step.amount);
                Self::value(out, h, period, "amount / purchases");
            }
            if let (Some(table), Some(m1)) = (&table, m1) {
                Self::places(out, table, m1, step);
            }
        }
    }

    /// The distribution over value bands given activity in the period.
    fn places(out: &mut Writer, table: &ValueTable, m1: f64, step: &ChainSteps) {
        let bands = &table.bands;
        for (place, share) in value_places(table, bands.place(m1), step).into_iter().enumerate() {
            let (name, limits) = if place == 0 {
                ("P(value below)".to_owned(), format!("below {}", bands.edges()[0]))
            } else if place <= bands.len() {
                let (lower, upper) = bands.limits(place - 1);
                (format!("P(value in band {place})"), format!("{lower} to {upper}"))
            } else {
                ("P(value above)".to_owned(), format!("above {}", bands.max()))
            };
            out.add(name, format!("given activity: Σ_s P(s) T^(s+1), {limits}"), "", share);
        }
    }

    pub(super) fn value(out: &mut Writer, h: usize, period: &PeriodForecast, formula: &str) {
        let inputs = format!("{} / {}", shown(period.step.amount), period.step.purchases);
        let inputs = if formula.contains('/') { inputs } else { String::new() };
        out.add(format!("value_{h}"), formula, inputs, period.step.value);
    }

    pub(super) fn parameters(&self) -> String {
        match self.model.monetary.map(|m| m.law) {
            Some(ValueLaw::GammaGamma { p, q, k }) => format!("p = {p}, q = {q}, k = {k}"),
            Some(ValueLaw::SameForAll { p, rate }) => {
                format!("limit q → ∞: p = {p}, rate = {rate}, mean p/rate")
            }
            Some(ValueLaw::OwnConstant { .. }) => "limit p → ∞: the value stays".to_owned(),
            Some(ValueLaw::Constant(value)) => format!("all values are {value}"),
            None => String::new(),
        }
    }

    fn point(&self, out: &mut Writer, labels: &[String], state: &State) {
        let factors = Factors::new(self);
        let rule = PointRule::new(self.model, [state.r], factors.exposures.ahead());
        let expected = rule.expected_count(state.f1);
        out.part("Point (a score of potential, not an expectation)");
        let max = self.model.states.max_frequency;
        let f1 = state.f1;
        out.add(
            "f*",
            "round(E[f | f1 ≤ f ≤ f_max])",
            format!("f1 = {f1}, f_max = {max}"),
            f64::from(expected),
        );
        factors.own(out, self);
        let m1 = factors.last_value(out, self, state);
        let value = m1.and_then(|m1| rule.value(m1));
        if let (Some((mean, probability)), Some(bands)) = (value, &self.model.states.bands) {
            let m1 = m1.unwrap_or(f64::NAN);
            let (lower, upper) = bands.limits(bands.nearest(m1));
            out.add(
                "m*",
                "E[m | lower ≤ m ≤ m_max], lower edge of the band of m1",
                format!("m1 = {m1} lies in {lower} … {upper}, m_max = {}", bands.max()),
                mean,
            );
            out.add(
                "T[m1][m*]",
                "P(next value in the band of m* | last value in the band of m1)",
                "",
                probability,
            );
        }
        for (h, (label, period)) in (1..).zip(labels.iter().zip(&self.row.periods)) {
            out.part(label.clone());
            factors.period(out, h);
            let r = state.r as usize + h - 1;
            let formula = if factors.exposures.has_calendar() {
                "p_f(f*, r + h − 1), f2 purchases in a period of length e_h"
            } else {
                "p_f(f*, r + h − 1)"
            };
            let inputs = format!("p_f({expected}, {r})");
            out.add(format!("p_active_{h}"), formula, inputs, period.step.p_active);
            out.add(
                format!("purchases_{h}"),
                "f* · p_f",
                format!("{expected} · {}", period.step.p_active),
                period.step.purchases,
            );
            if let Some((mean, probability)) = value {
                let (formula, inputs) =
                    factors.times(h, "m* · T", format!("{mean} · {probability}"));
                out.add(format!("value_{h}"), formula, inputs, period.step.value);
                out.add(
                    format!("amount_{h}"),
                    "purchases · value",
                    format!("{} · {}", period.step.purchases, shown(period.step.value)),
                    period.step.amount,
                );
            }
        }
    }
}
