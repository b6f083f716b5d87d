//! What `forecast` prints: a summary that reads like a sentence, then tables.

use std::path::Path;

use super::calendar_text::calendars;
use super::choice_text::choice;
use super::fit_text::{parameters, reading};
use super::interval_text::interval_text;
use super::numbers::{count, decimal, money, percent};
use super::prospects_text::{alive, yet_to_come};
use super::text_table::table;
use crate::fit::FittedModel;
use crate::forecast::{ForecastOptions, Member, Method};
use crate::ledger::Ledger;
use crate::panel::{CompanyPeriod, Panel};
use crate::predict::Intervals;
use crate::value::{Flag, Forecast, MarginRule, MoneyRules, PeriodTotals, Totals};

/// Everything a summary speaks of.
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
/// # use clvcast::report::Summary;
/// let totals = Totals::new(&forecast);
/// let summary = Summary {
///     ledger: &ledger, panel: &panel, model: &model, members: &[], model_file: None, options: &options,
///     rules: &rules, forecast: &forecast, intervals: None, totals: &totals, other_margin_rule: None,
///     warnings: &[], currency: Some("USD"),
/// };
/// assert!(summary.to_text().contains("Forecast by the chain method"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Summary<'a> {
    /// What was read.
    pub ledger: &'a Ledger,
    /// The histories.
    pub panel: &'a Panel,
    /// The model.
    pub model: &'a FittedModel,
    /// The models of an average, `model` the first of them; empty where one model forecasts.
    pub members: &'a [Member],
    /// The file it came from; `None` where it was fitted in this run.
    pub model_file: Option<&'a Path>,
    /// How purchases were forecast.
    pub options: &'a ForecastOptions,
    /// How they became profit.
    pub rules: &'a MoneyRules,
    /// The forecast.
    pub forecast: &'a Forecast,
    /// Quantiles of what may come, where some were drawn.
    pub intervals: Option<&'a Intervals>,
    /// Its sums.
    pub totals: &'a Totals,
    /// Total gross profit under the margin rule that was not chosen.
    pub other_margin_rule: Option<f64>,
    /// What a user should know.
    pub warnings: &'a [String],
    /// Label of the currency.
    pub currency: Option<&'a str>,
}

/// Expected counts, which are not whole numbers.
pub(super) fn quantity(value: f64) -> String {
    decimal(value, 1)
}

impl Summary<'_> {
    /// The summary as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut parts = vec![reading(self.ledger, self.panel, self.currency)];
        let choice = choice(self.model);
        if !choice.is_empty() {
            parts.push(choice);
        }
        parts.push(match self.model_file {
            Some(path) => {
                format!("Model read from {}.\n{}", path.display(), parameters(self.model))
            }
            None => parameters(self.model),
        });
        parts.extend(Some(self.calendars(self.model)).filter(|text| !text.is_empty()));
        for member in self.members.iter().skip(1) {
            parts.push(format!("{}\n{}", parameters(&member.model), self.calendars(&member.model)));
        }
        parts.push(self.portfolio());
        parts.extend(
            self.intervals
                .map(|own| interval_text(own, self.forecast, self.model, self.options.method)),
        );
        parts.push(self.top());
        parts.extend(self.bottom());
        if !self.warnings.is_empty() {
            let lines = self.warnings.iter().map(|warning| format!("  {warning}\n"));
            parts.push(format!("Warnings\n{}", lines.collect::<String>()));
        }
        parts.join("\n")
    }

    fn calendars(&self, model: &FittedModel) -> String {
        calendars(self.panel, model, self.options.horizon)
    }

    fn method(&self) -> String {
        if !self.members.is_empty() {
            let names: Vec<String> = self.members.iter().map(Member::name).collect();
            return format!("Forecast by an average of {}", names.join(" and "));
        }
        let method = self.options.method;
        let what = if method == Method::Point { "Scores" } else { "Forecast" };
        format!("{what} by the {} method ({})", method.name(), method.meaning())
    }

    fn portfolio(&self) -> String {
        let discount = match self.rules.discount {
            0.0 => String::new(),
            d => {
                format!("; the total is discounted at {} a period, the periods are not", percent(d))
            }
        };
        let currency = self.currency.map(|c| format!("; money in {c}")).unwrap_or_default();
        let mut text = format!(
            "{}; existing customers only, new ones come on top{discount}{currency}.\n",
            self.method()
        );
        let horizon = self.forecast.labels.len();
        let past = &self.panel.company[self.panel.company.len().saturating_sub(horizon)..];
        let header = [
            "period",
            "active customers",
            "purchases",
            "amount",
            "product cost",
            "expense",
            "gross profit",
        ];
        let mut rows: Vec<Vec<String>> = past.iter().map(|p| self.past_row(p)).collect();
        if past.len() > 1 {
            rows.push(self.past_total(past));
        }
        rows.push(vec![String::new(); header.len()]);
        for (label, period) in self.forecast.labels.iter().zip(&self.totals.periods) {
            rows.push(period_row(format!("{label} forecast"), period));
        }
        rows.push(self.total_row());
        text.push_str(&table(header.map(str::to_owned).to_vec(), rows));
        text.push_str(&alive(self.forecast));
        text.push_str(&yet_to_come(self.panel, self.model, self.options.horizon));
        text.push_str(&self.missing());
        text.push_str(&self.margin_note());
        text
    }

    fn past_row(&self, period: &CompanyPeriod) -> Vec<String> {
        let shown = |has: bool, value: crate::units::Money| {
            if has { money(value.to_f64(self.panel.scale)) } else { String::new() }
        };
        let profit = period.amount - period.cost - period.expense;
        vec![
            self.panel.grid.label(period.period),
            count(u64::from(period.active_customers)),
            count(period.purchases),
            shown(self.panel.has_amount, period.amount),
            shown(self.panel.has_cost, period.cost),
            shown(self.panel.has_amount, period.expense),
            shown(self.panel.has_amount && self.panel.has_cost, profit),
        ]
    }

    /// The past periods shown, together: what the forecast total is to be compared with.
    fn past_total(&self, past: &[CompanyPeriod]) -> Vec<String> {
        let total = CompanyPeriod {
            purchases: past.iter().map(|p| p.purchases).sum(),
            amount: past.iter().map(|p| p.amount).sum(),
            cost: past.iter().map(|p| p.cost).sum(),
            expense: past.iter().map(|p| p.expense).sum(),
            ..past[0]
        };
        let mut cells = self.past_row(&total);
        cells[0] = format!("last {} together", past.len());
        cells[1] = String::new();
        cells
    }

    fn total_row(&self) -> Vec<String> {
        let sum = |value: fn(&PeriodTotals) -> Option<f64>| -> String {
            let values: Vec<f64> = self.totals.periods.iter().filter_map(value).collect();
            if values.is_empty() { String::new() } else { money(values.iter().sum()) }
        };
        let discounted = self.rules.discount != 0.0;
        let blank = |text: String| if discounted { String::new() } else { text };
        vec![
            if discounted { "discounted total".to_owned() } else { "forecast total".to_owned() },
            String::new(),
            blank(quantity(self.totals.periods.iter().map(|p| p.purchases).sum())),
            self.totals.amount.map(money).unwrap_or_default(),
            blank(sum(|p| p.cost)),
            blank(sum(|p| p.expense)),
            self.totals.gross_profit.map(money).unwrap_or_default(),
        ]
    }

    fn missing(&self) -> String {
        let totals = self.totals;
        let mut text = String::new();
        let mut say = |n: usize, what: &str| {
            if n > 0 {
                text.push_str(&format!(
                    "{} of {} customers {what}.\n",
                    count(n as u64),
                    count(totals.customers as u64)
                ));
            }
        };
        say(totals.without_active_period, "have no active period");
        say(totals.without_forecast, "have no forecast and are not in the totals");
        say(
            totals.infinite_mean,
            "have an infinite expected value and are not in the money totals",
        );
        text
    }

    /// How much of the profit hangs on the margin rule.
    fn margin_note(&self) -> String {
        let (Some(own), Some(other)) = (self.totals.gross_profit, self.other_margin_rule) else {
            return String::new();
        };
        let (chosen, alternative) = match self.rules.margin_rule {
            MarginRule::Last => {
                ("each customer's last margin carried forward", "--margin-rule pooled")
            }
            MarginRule::Pooled => {
                ("margins pooled over each customer's history", "--margin-rule last")
            }
        };
        let flagged = |&i: &usize| self.forecast.flags(i).has(Flag::NegativeMargin);
        let negative = (0..self.forecast.len()).filter(flagged).count();
        let change = if own == 0.0 {
            String::new()
        } else {
            format!(" ({:+.1} %)", 100.0 * (other - own) / own.abs())
        };
        format!(
            "Gross profit uses {chosen}; {} of {} last margins are negative. With {alternative} it would be {}{change}.\n",
            count(negative as u64),
            count(self.totals.customers as u64),
            money(other),
        )
    }
}

fn period_row(label: String, period: &PeriodTotals) -> Vec<String> {
    let shown = |value: Option<f64>| value.map(money).unwrap_or_default();
    vec![
        label,
        quantity(period.active_customers),
        quantity(period.purchases),
        shown(period.amount),
        shown(period.cost),
        shown(period.expense),
        shown(period.gross_profit),
    ]
}
