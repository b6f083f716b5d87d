//! The numbers of coming purchases given the whole history, by frequency model.

use super::factors::Factors;
use super::purchases::law;
use super::{Context, Writer, shown};
use crate::calendar::Timeline;
use crate::forecast::Horizon;
use crate::models::{Dropout, FrequencyLaw, Lifetime};

/// Counts of purchases whose probabilities are shown.
const SHOWN: usize = 6;

/// The formulas of one frequency model.
struct Words {
    rate: &'static str,
    rate_formula: &'static str,
    alive: Option<&'static str>,
    active: &'static str,
    purchases: &'static str,
}

fn words(frequency: &FrequencyLaw) -> Words {
    let leaving = Words {
        rate: "E[λ | history, has not left]",
        rate_formula: "(r + x)/(α + T)",
        alive: None,
        active: "P(alive) · P(a purchase in the period | alive)",
        purchases: "",
    };
    let staying = Words {
        rate: "E[λ | history]",
        rate_formula: "(b + x)/(a + T)",
        alive: None,
        active: "1 − P(no purchase in the period)",
        purchases: "E[λ | history] · length of the period in the model's time",
    };
    match frequency {
        FrequencyLaw::Nbd(_) => staying,
        // The limit without attrition: the NBD in the letters of the model.
        law if law.stays() => Words { rate_formula: "(r + x)/(α + T)", ..staying },
        FrequencyLaw::BgNbd { .. } => Words {
            alive: Some("1/(1 + a/(b+x−1) ((α+T)/(α+t_x))^(r+x)), 1 without repeat purchases"),
            purchases: "P(alive) · Σ_n P(stays n−1 times) P(n-th purchase falls into the period)",
            ..leaving
        },
        FrequencyLaw::MbgNbd { .. } => Words {
            alive: Some("1/(1 + a/(b+x) ((α+T)/(α+t_x))^(r+x))"),
            purchases: "P(alive) · Σ_n P(stays n−1 times) P(n-th purchase falls into the period)",
            ..leaving
        },
        FrequencyLaw::ParetoNbd { .. } => Words {
            alive: Some("A/(A + ∫ of leaving between t_x and T), A = (α+T)^−(r+x) (β/(β+T))^s"),
            purchases: "P(alive) · E[λ] · ∫ (β+T)^s/(β+T+y)^s dy over the period",
            ..leaving
        },
        FrequencyLaw::Pdo { .. } => Words {
            alive: Some("A/(A + Σ_c D_c) over the ends c since the last purchase"),
            purchases: "P(alive) · E[λ] · Σ_j B(a, b+k+j−1)/B(a, b+k) · length of sub-period j in the period",
            ..leaving
        },
    }
}

/// The parameters of leaving in words.
fn parameters(frequency: &FrequencyLaw) -> String {
    let dropout = |dropout: &Dropout| match dropout {
        Dropout::Beta { a, b } => format!("leaving: a = {a}, b = {b}"),
        Dropout::Equal(p) => format!("leaving: {p} for everybody"),
        Dropout::Never => "nobody leaves".to_owned(),
    };
    match frequency {
        FrequencyLaw::Nbd(_) => String::new(),
        FrequencyLaw::BgNbd { dropout: law, .. } | FrequencyLaw::MbgNbd { dropout: law, .. } => {
            dropout(law)
        }
        FrequencyLaw::Pdo { dropout: law, tau, .. } => {
            format!("{}; an end every {tau} days", dropout(law))
        }
        FrequencyLaw::ParetoNbd { lifetime, .. } => match lifetime {
            Lifetime::Gamma { shape, rate } => format!("leaving: s = {shape}, β = {rate}"),
            Lifetime::Equal(mu) => format!("leaving: at rate {mu} for everybody"),
            Lifetime::Never => "nobody leaves".to_owned(),
        },
    }
}

impl Context<'_> {
    pub(super) fn posterior(&self, out: &mut Writer, labels: &[String]) {
        let Some(exposure) = self.panel.exposure(self.i) else { return };
        let frequency = &self.model.frequency;
        let horizon = self.options.horizon;
        let timeline = Timeline::new(self.panel, self.model.calendar.as_ref(), horizon);
        let Some(first) = self.panel.customers[self.i].first_purchase else { return };
        let t = timeline.since(first);
        let start = frequency.rate().after(exposure.x, t);
        let has_calendar = !timeline.ln_factors().is_empty();
        out.part("Posterior");
        if has_calendar {
            out.add("G", "T in the calendar's time: Σ of the days' factors", "", t);
        }
        let words = words(frequency);
        let time = if has_calendar { "G" } else { "T" };
        out.add(
            words.rate,
            words.rate_formula.replace('T', time),
            format!("{} becomes {}", law(frequency.rate()), law(start)),
            start.mean(),
        );
        if let Some(formula) = words.alive {
            let mut inputs = parameters(frequency);
            let recency =
                Some(exposure.x).filter(|x| *x > 0).and(self.panel.customers[self.i].last_purchase);
            let t_x = recency.map_or(0.0, |last| timeline.between(first, last));
            inputs.push_str(&format!(", t_x = {t_x}, T = {t}"));
            if let Some(tau) = frequency.tau() {
                let ends = timeline.ends_since(first, tau);
                let before = recency.map_or(0, |last| ends.partition_point(|&end| end < last));
                let (k, since) = (ends.len(), ends.len() - before);
                inputs.push_str(&format!(", k = {k} ends, {since} since the last purchase"));
            }
            out.add("p_alive", formula, inputs, self.row.p_alive);
        }
        let horizon = Horizon::new(self.panel, frequency, &timeline, self.i);
        let factors = Factors::new(self);
        factors.own(out, self);
        if let Some(monetary) = self.model.monetary {
            let (weight, sum) = factors.values(self).fold((0.0, 0.0), |(w, s), (f, m)| {
                let weight = monetary.form.weight(f);
                (w + weight, s + weight * m)
            });
            let inputs = format!("{}, h = {weight}, S = {sum}", self.parameters());
            out.add(
                "E[m | history]",
                "p (k + S)/(p h + q − 1)",
                inputs,
                monetary.law.after(weight, sum).mean(),
            );
        }
        for (h, (label, period)) in (1..).zip(labels.iter().zip(&self.row.periods)) {
            out.part(label.clone());
            factors.period(out, h);
            if let Some(horizon) = horizon.as_ref().filter(|_| !frequency.stays()) {
                let formula = "P(has not left by the end of the period)";
                out.add(format!("alive_{h}"), formula, "", horizon.alive[h - 1]);
            }
            let (p, purchases) = (period.step.p_active, period.step.purchases);
            out.add(format!("p_active_{h}"), words.active, law(start), p);
            out.add(format!("purchases_{h}"), words.purchases, "", purchases);
            if period.step.amount.is_some() {
                let (formula, _) = factors.times(h, "E[m | history]", String::new());
                Self::value(out, h, period, &formula);
                out.add(
                    format!("amount_{h}"),
                    "purchases · value",
                    format!("{} · {}", period.step.purchases, shown(period.step.value)),
                    period.step.amount,
                );
            }
        }
        if let Some(horizon) = &horizon {
            out.part(format!("{} to {}", labels[0], labels[labels.len() - 1]));
            for (count, probability) in horizon.pmf.iter().enumerate().take(SHOWN) {
                let formula = "given the history, over the whole horizon";
                out.add(format!("P({count} purchases)"), formula, "", *probability);
            }
        }
    }
}
