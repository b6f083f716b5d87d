//! Every number of one customer's row: formula, inputs, result.

mod average;
mod factors;
mod money;
mod posterior;
mod purchases;

pub use average::explain_average;

use serde::Serialize;

use crate::fit::FittedModel;
use crate::forecast::ForecastOptions;
use crate::panel::Panel;
use crate::value::{CustomerForecast, Flag, Forecast, MoneyRules};

/// One number of a row.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// let explanation = clvcast::report::explain(&panel, &model, &forecast, &options, &rules, 0);
/// let number = explanation.numbers.iter().find(|n| n.name == "past_purchases").unwrap();
/// assert_eq!(number.result, Some(5.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// let explanation = clvcast::report::explain(&panel, &model, &forecast, &options, &rules, 0);
/// assert_eq!((explanation.customer.as_str(), explanation.method), ("AA-10315", "chain"));
/// assert!(explanation.to_text().starts_with("Customer AA-10315, method chain\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
            let indent = " ".repeat(width + 4);
            text.push_str(&format!("  {}{padding}  {}\n", number.name, number.formula));
            if !number.inputs.is_empty() {
                // Inputs are the formula in numbers, or words about them.
                let in_numbers =
                    number.inputs.starts_with(|c: char| c.is_ascii_digit() || c == '-');
                let sign = if in_numbers { '=' } else { ':' };
                text.push_str(&format!("{indent}{sign} {}\n", number.inputs));
            }
            text.push_str(&format!("{indent}= {result}\n"));
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
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// let explanation = clvcast::report::explain(&panel, &model, &forecast, &options, &rules, 0);
/// let last = explanation.numbers.iter().find(|number| number.name == "gross_profit_total");
/// assert_eq!(last.unwrap().result, forecast.gross_profit_total(0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn explain(
    panel: &Panel,
    model: &FittedModel,
    forecast: &Forecast,
    options: &ForecastOptions,
    rules: &MoneyRules,
    i: usize,
) -> Explanation {
    let row = &forecast.customer(i);
    let mut writer = Writer::default();
    let context = Context { panel, model, options, rules, row, i };
    context.history(&mut writer);
    context.purchases(&mut writer, &forecast.labels);
    context.money(&mut writer, &forecast.labels);
    Explanation {
        customer: panel.ids[i].clone(),
        method: options.method.name(),
        numbers: writer.by_part(),
        flags: flags_of(row),
    }
}

fn flags_of(row: &CustomerForecast) -> Vec<(&'static str, &'static str)> {
    let set = Flag::ALL.into_iter().filter(|&flag| row.flags.has(flag));
    set.map(|flag| (flag.name(), flag.meaning())).collect()
}

#[derive(Default)]
struct Writer {
    part: String,
    /// Before the name of every part: whose numbers they are.
    prefix: String,
    numbers: Vec<ExplainedNumber>,
}

impl Writer {
    /// The numbers, those of one part together: purchases are explained before money.
    fn by_part(mut self) -> Vec<ExplainedNumber> {
        let mut parts: Vec<String> = Vec::new();
        for number in &self.numbers {
            if !parts.contains(&number.part) {
                parts.push(number.part.clone());
            }
        }
        self.numbers.sort_by_key(|number| parts.iter().position(|part| *part == number.part));
        self.numbers
    }

    fn part(&mut self, part: impl Into<String>) {
        self.part = format!("{}{}", self.prefix, part.into());
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
        if let Some(exposure) = self.panel.exposure(self.i) {
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
        if let Some(state) = &self.panel.state(self.i) {
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
            let formula = "past amount − past cost − past expense";
            out.add("past_gross_profit", formula, "exact, in decimals", money(profit));
        }
    }
}
