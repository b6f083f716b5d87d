//! Every number of one customer's row: formula, inputs, result.

use serde::Serialize;

use crate::fit::FittedModel;
use crate::forecast::{
    ForecastOptions, FrequencyChain, Method, PointRule, chain_start, chain_values,
};
use crate::models::RateLaw;
use crate::panel::{Panel, State};
use crate::value::{
    CompanyMargins, CustomerForecast, ExpenseRule, Flag, Forecast, MarginRule, MoneyRules,
    PeriodForecast,
};

/// One number of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedNumber {
    /// Part of the row, such as `2018-Q1`.
    pub part: String,
    /// Name of the number, as in the forecast's columns where it is one.
    pub name: String,
    /// Its formula.
    pub formula: String,
    /// The formula with this customer's numbers.
    pub inputs: String,
    /// The result; `None` where it is missing.
    pub result: Option<f64>,
}

/// The explanation of one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The customer's id.
    pub customer: String,
    /// The rule for purchases.
    pub method: &'static str,
    /// The numbers, in the order in which they are computed.
    pub numbers: Vec<ExplainedNumber>,
    /// Flags and what they mean.
    pub flags: Vec<(&'static str, &'static str)>,
}

impl Explanation {
    /// The explanation as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The explanation for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("Customer {}, method {}\n", self.customer, self.method);
        let mut part = "";
        let width = self.numbers.iter().map(|n| n.name.chars().count()).max().unwrap_or(0);
        for number in &self.numbers {
            if number.part != part {
                text.push_str(&format!("\n{}\n", number.part));
                part = &number.part;
            }
            let result = number.result.map_or("(missing)".to_owned(), |value| format!("{value}"));
            let padding = " ".repeat(width - number.name.chars().count());
            text.push_str(&format!("  {}{padding}  = {result}\n", number.name));
            let indent = " ".repeat(width + 4);
            text.push_str(&format!("{indent}= {}\n", number.formula));
            if !number.inputs.is_empty() {
                text.push_str(&format!("{indent}= {}\n", number.inputs));
            }
        }
        if !self.flags.is_empty() {
            text.push_str("\nFlags\n");
            for (name, meaning) in &self.flags {
                text.push_str(&format!("  {name}: {meaning}\n"));
            }
        }
        text
    }
}

/// Explains the row of customer `i`.
#[must_use]
pub fn explain(
    panel: &Panel,
    model: &FittedModel,
    forecast: &Forecast,
    options: &ForecastOptions,
    rules: &MoneyRules,
    i: usize,
) -> Explanation {
    let row = &forecast.customers[i];
    let mut writer = Writer { part: String::new(), numbers: Vec::new() };
    let context = Context { panel, model, options, rules, row, i };
    context.history(&mut writer);
    context.purchases(&mut writer, &forecast.labels);
    context.money(&mut writer, &forecast.labels);
    let flags = Flag::ALL
        .into_iter()
        .filter(|&flag| row.flags.has(flag))
        .map(|flag| (flag.name(), flag.meaning()))
        .collect();
    Explanation {
        customer: panel.ids[i].clone(),
        method: options.method.name(),
        numbers: writer.numbers,
        flags,
    }
}

struct Writer {
    part: String,
    numbers: Vec<ExplainedNumber>,
}

impl Writer {
    fn part(&mut self, part: impl Into<String>) {
        self.part = part.into();
    }

    fn add(
        &mut self,
        name: impl Into<String>,
        formula: impl Into<String>,
        inputs: impl Into<String>,
        result: impl Into<Option<f64>>,
    ) {
        self.numbers.push(ExplainedNumber {
            part: self.part.clone(),
            name: name.into(),
            formula: formula.into(),
            inputs: inputs.into(),
            result: result.into(),
        });
    }
}

struct Context<'a> {
    panel: &'a Panel,
    model: &'a FittedModel,
    options: &'a ForecastOptions,
    rules: &'a MoneyRules,
    row: &'a CustomerForecast,
    i: usize,
}

fn shown(value: Option<f64>) -> String {
    value.map_or("missing".to_owned(), |v| v.to_string())
}

fn law(law: RateLaw) -> String {
    match law {
        RateLaw::Gamma { shape, rate } => format!("Gamma(shape {shape}, rate {rate})"),
        RateLaw::Equal(rate) => format!("rate {rate} for everybody"),
    }
}

impl Context<'_> {
    fn history(&self, out: &mut Writer) {
        let customer = &self.panel.customers[self.i];
        let money = |value: crate::units::Money| value.to_f64(self.panel.scale);
        out.part("History");
        let days = match (customer.first_purchase, customer.last_purchase) {
            (Some(first), Some(last)) => format!("from {first} to {last}"),
            _ => "no purchase".to_owned(),
        };
        out.add(
            "past_purchases",
            "all purchases up to the as-of date",
            days,
            f64::from(customer.purchases),
        );
        if let Some(exposure) = self.row.exposure {
            let as_of = self.panel.grid.as_of();
            out.add("x", "purchases counted by the clock", "", f64::from(exposure.x));
            out.add("t_x", "last purchase day − first, in periods", "", exposure.t_x);
            out.add(
                "T",
                format!("as-of day {as_of} − first purchase day, in periods"),
                "",
                exposure.t,
            );
        }
        if let Some(state) = &self.row.state {
            let last = self.panel.grid.label(state.last_active);
            out.add(
                "r",
                "periods without a purchase since the last active one",
                format!("last active: {last}"),
                f64::from(state.r),
            );
            out.add("f1", "purchases of the last active period", "", f64::from(state.f1));
            if let Some(m1) = state.m1 {
                out.add("m1", "amount of the last active period / f1", "", m1);
            }
        }
        if self.panel.has_amount {
            out.add("past_amount", "Σ net amounts", "", money(customer.amount));
        }
        if self.panel.has_cost {
            out.add("past_cost", "Σ product costs", "", money(customer.cost));
        }
        if self.panel.has_expense {
            out.add("past_expense", "Σ expenses", "", money(customer.expense));
        }
        if self.panel.has_amount && self.panel.has_cost {
            let profit = customer.amount - customer.cost - customer.expense;
            out.add(
                "past_gross_profit",
                "past amount − past cost − past expense",
                "exact, in decimals",
                money(profit),
            );
        }
    }

    fn purchases(&self, out: &mut Writer, labels: &[String]) {
        if self.row.periods.is_empty() {
            return;
        }
        match (self.options.method, &self.row.state) {
            (Method::Chain, Some(state)) => self.chain(out, labels, state),
            (Method::Point, Some(state)) => self.point(out, labels, state),
            (Method::Posterior, _) => self.posterior(out, labels),
            _ => {}
        }
    }

    fn chain(&self, out: &mut Writer, labels: &[String], state: &State) {
        let start =
            chain_start(self.panel, self.model.frequency, self.options.acquisition, self.i, state);
        let prior = law(self.model.frequency);
        out.part("Chain");
        let plain = self.model.frequency.after(state.f1, f64::from(state.r) + 1.0);
        let formula = if start == plain {
            "prior Gamma(b, a) after f1 purchases in 1 + r periods: Gamma(b + f1, a + 1 + r)"
        } else {
            "first period: the acquiring day says nothing, Gamma(b + f1 − f_acq, a + w + r)"
        };
        out.add(
            "E[λ] at the start",
            formula,
            format!("{prior} becomes {}", law(start)),
            start.mean(),
        );
        let horizon = self.options.horizon as usize;
        let steps = FrequencyChain::new(self.model.frequency, horizon, [start]).steps(start);
        let values = state.m1.and_then(|m1| chain_values(self.model, m1, state.f1, horizon));
        for (s, value) in values.iter().flatten().enumerate() {
            let before = if s == 0 {
                state.m1.unwrap_or(f64::NAN)
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
                out.add(
                    format!("amount_{h}"),
                    "Σ_s E[purchases; s] · value after s + 1 moves",
                    terms.join(" + "),
                    period.step.amount,
                );
                Self::value(out, h, period, "amount / purchases");
            }
        }
    }

    fn value(out: &mut Writer, h: usize, period: &PeriodForecast, formula: &str) {
        let inputs = format!("{} / {}", shown(period.step.amount), period.step.purchases);
        let inputs = if formula.contains('/') { inputs } else { String::new() };
        out.add(format!("value_{h}"), formula, inputs, period.step.value);
    }

    fn parameters(&self) -> String {
        use crate::models::ValueLaw;
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
        let horizon = self.options.horizon;
        let rule = PointRule::new(self.model, state.r..state.r + horizon);
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
        let value = state.m1.and_then(|m1| rule.value(m1));
        if let (Some((mean, probability)), Some(bands)) = (value, &self.model.states.bands) {
            let m1 = state.m1.unwrap_or(f64::NAN);
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
            let r = state.r as usize + h - 1;
            out.add(
                format!("p_active_{h}"),
                "p_f(f*, r + h − 1)",
                format!("p_f({expected}, {r})"),
                period.step.p_active,
            );
            out.add(
                format!("purchases_{h}"),
                "f* · p_f",
                format!("{expected} · {}", period.step.p_active),
                period.step.purchases,
            );
            if let Some((mean, probability)) = value {
                out.add(
                    format!("value_{h}"),
                    "m* · T",
                    format!("{mean} · {probability}"),
                    period.step.value,
                );
                out.add(
                    format!("amount_{h}"),
                    "purchases · value",
                    format!("{} · {}", period.step.purchases, shown(period.step.value)),
                    period.step.amount,
                );
            }
        }
    }

    fn posterior(&self, out: &mut Writer, labels: &[String]) {
        let Some(exposure) = self.row.exposure else { return };
        let start = self.model.frequency.after(exposure.x, exposure.t);
        out.part("Posterior");
        out.add(
            "E[λ | history]",
            "(b + x)/(a + T)",
            format!("{} becomes {}", law(self.model.frequency), law(start)),
            start.mean(),
        );
        if let Some(monetary) = self.model.monetary {
            let (weight, sum) =
                self.panel.active_amounts(self.i).fold((0.0, 0.0), |(w, s), (f, m)| {
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
            out.add(
                format!("p_active_{h}"),
                "1 − P(no purchase in one period)",
                law(start),
                period.step.p_active,
            );
            out.add(format!("purchases_{h}"), "E[λ | history]", "", period.step.purchases);
            if period.step.amount.is_some() {
                Self::value(out, h, period, "E[m | history]");
                out.add(
                    format!("amount_{h}"),
                    "purchases · value",
                    format!("{} · {}", period.step.purchases, shown(period.step.value)),
                    period.step.amount,
                );
            }
        }
    }

    fn money(&self, out: &mut Writer, labels: &[String]) {
        let rule = match self.rules.expense_rate {
            Some(rate) => ExpenseRule { rate, floor: 0.0 },
            None => ExpenseRule::of_customer(self.panel, self.i).unwrap_or_default(),
        };
        for (h, (label, period)) in (1..).zip(labels.iter().zip(&self.row.periods)) {
            out.part(label.clone());
            let (formula, inputs) = self.margin(h, period);
            out.add(format!("margin_{h}"), formula, inputs, period.margin);
            let Some(amount) = period.step.amount else { continue };
            let inputs = format!("{amount} · (1 − {})", shown(period.margin));
            out.add(format!("cost_{h}"), "amount · (1 − margin)", inputs, period.cost);
            let (formula, inputs) = if period.expense_overridden {
                ("overridden", String::new())
            } else {
                (
                    "X = amount · rate; X if X > floor or amount < floor, else floor",
                    format!(
                        "X = {amount} · {} = {}, floor = {}",
                        rule.rate,
                        amount * rule.rate,
                        rule.floor
                    ),
                )
            };
            out.add(format!("expense_{h}"), formula, inputs, period.expense);
            let inputs = format!("{amount} − {} − {}", shown(period.cost), shown(period.expense));
            out.add(
                format!("gross_profit_{h}"),
                "amount − cost − expense",
                inputs,
                period.gross_profit,
            );
        }
        if self.row.periods.is_empty() {
            return;
        }
        out.part("Totals");
        let d = self.rules.discount;
        let formula = if d == 0.0 {
            "Σ over the horizon".to_owned()
        } else {
            format!("Σ_h x_h/(1 + {d})^h")
        };
        out.add("amount_total", formula.clone(), "", self.row.amount_total);
        out.add("gross_profit_total", formula, "", self.row.gross_profit_total);
    }

    fn margin(&self, h: u32, period: &PeriodForecast) -> (String, String) {
        let text = |s: &str| s.to_owned();
        if period.margin_overridden {
            return (text("overridden"), String::new());
        }
        if self.rules.margin.is_some() {
            return (text("given with --margin"), String::new());
        }
        if !self.panel.has_cost {
            return (text("no cost column and no --margin"), String::new());
        }
        if self.rules.margin_rule == MarginRule::Pooled {
            return (text("margin over the history, shrunk to the company's"), String::new());
        }
        let Some(state) = &self.row.state else {
            return (text("no active period, so no last margin"), String::new());
        };
        let empty = state.r + h - 1;
        let company = CompanyMargins::new(self.panel);
        let slope = company.slope(state.last_active);
        let last = self.panel.active_cells(self.i).next_back().map_or(f64::NAN, |cell| {
            let money = |value: crate::units::Money| value.to_f64(self.panel.scale);
            money(cell.amount - cell.cost) / money(cell.amount)
        });
        if empty == 0 {
            return (text("last margin"), last.to_string());
        }
        (
            text("last margin · (1 + slope · r'/2), r' = r + h − 1"),
            format!("{last} · (1 + {slope} · {empty}/2)"),
        )
    }
}
