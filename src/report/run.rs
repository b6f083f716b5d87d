//! From a finished run to its manifest.

use super::decimal::Decimal;
use super::interval_sections::intervals;
use super::manifest::{
    AveragedModel, CalendarFileSection, CustomerCounts, HistorySection, InputSection, Manifest,
    MethodSection, ModelSection, NewcomersSection, OverridesSection, PeriodSection, RowsSection,
    RulesSection, Times, TotalSection,
};
use crate::fit::FittedModel;
use crate::forecast::{Member, Method, Newcomers, newcomers};
use crate::ledger::{Audit, Columns, InputFile, Reason, Role};
use crate::panel::{Clock, Customer, Panel, PeriodIndex};
use crate::predict::Intervals;
use crate::units::Money;
use crate::value::{Forecast, MoneyRules, Totals};

/// Everything a manifest is made from.
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
/// # use clvcast::{forecast::Method, report::{Manifest, Run}};
/// let run = Run {
///     command: &["clvcast".to_owned(), "forecast".to_owned()],
///     audit: &ledger.audit, columns: &ledger.columns, panel: &panel, model: &model,
///     model_file: Some("models/synlead-2008.json"), method: Method::Chain, members: &[],
///     why: "the default",
///     rules: &rules, overrides_file: None, calendar_file: None, forecast: &forecast, intervals: None, warnings: &[], seed: None,
/// };
/// let manifest = Manifest::new(&run, None);
/// assert_eq!(manifest.command, run.command);
/// assert_eq!(Manifest::from_json(&manifest.to_json())?, manifest);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// Program and arguments, as given.
    pub command: &'a [String],
    /// What was read.
    pub audit: &'a Audit,
    /// The columns it was read from.
    pub columns: &'a Columns,
    /// The histories.
    pub panel: &'a Panel,
    /// The model.
    pub model: &'a FittedModel,
    /// The model file's path; `None` for a model fitted in this run.
    pub model_file: Option<&'a str>,
    /// The rule that forecasts purchases.
    pub method: Method,
    /// The models of an average; empty where one model forecasts.
    pub members: &'a [Member],
    /// Why this one.
    pub why: &'a str,
    /// How purchases become profit.
    pub rules: &'a MoneyRules,
    /// Path and SHA-256 of the overrides file.
    pub overrides_file: Option<(&'a str, &'a str)>,
    /// Path and SHA-256 of the calendar file.
    pub calendar_file: Option<(&'a str, &'a str)>,
    /// The forecast.
    pub forecast: &'a Forecast,
    /// Quantiles, where some were drawn.
    pub intervals: Option<&'a Intervals>,
    /// What a user should know.
    pub warnings: &'a [String],
    /// Seed of random numbers, where some were used.
    pub seed: Option<u64>,
}

impl Manifest {
    /// The manifest of a run; `times` are given apart because they differ between equal runs.
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
    /// # use clvcast::{forecast::Method, report::{Manifest, Run}};
    /// # let run = Run {
    /// #     command: &["clvcast".to_owned(), "forecast".to_owned()],
    /// #     audit: &ledger.audit, columns: &ledger.columns, panel: &panel, model: &model,
    /// #     model_file: Some("models/synlead-2008.json"), method: Method::Chain, members: &[],
    /// #     why: "the default",
    /// #     rules: &rules, overrides_file: None, calendar_file: None, forecast: &forecast, intervals: None, warnings: &[], seed: None,
    /// # };
    /// let manifest = Manifest::new(&run, None);
    /// assert_eq!((manifest.inputs[0].rows, manifest.rows.used), (5009, 5009));
    /// assert_eq!((manifest.customers.forecast, manifest.totals.history.purchases), (793, 5009));
    /// let amount = manifest.totals.history.amount.as_ref().unwrap();
    /// assert_eq!(amount.as_str(), "2297200.8603"); // the past is exact
    /// assert_eq!(manifest.totals.periods[0].period, "2018-Q1");
    /// assert_eq!(manifest.method.name, "chain");
    /// assert_eq!(manifest.rules.margin_rule, "last");
    /// assert_eq!(manifest.model.file["frequency"]["b"], 2.67);
    /// assert!(manifest.overrides.is_none() && manifest.times.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(run: &Run<'_>, times: Option<Times>) -> Self {
        let (panel, forecast) = (run.panel, run.forecast);
        let totals = Totals::new(forecast);
        Self {
            program: "clvcast".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            command: run.command.to_vec(),
            inputs: run.audit.files.iter().map(input).collect(),
            columns: Role::ALL
                .into_iter()
                .map(|role| (role.to_string(), run.columns.of(role).map(str::to_owned)))
                .collect(),
            rows: rows(run.audit, panel),
            as_of: panel.grid.as_of().to_string(),
            clock: match panel.clock {
                Clock::FirstPurchase => "first-purchase".to_owned(),
                Clock::Panel => "panel".to_owned(),
            },
            period: panel.grid.period().to_string(),
            periods: forecast.labels.clone(),
            customers: CustomerCounts {
                forecast: totals.customers as u64,
                without_active_period: totals.without_active_period as u64,
                without_forecast: totals.without_forecast as u64,
                infinite_mean: totals.infinite_mean as u64,
                after_as_of: panel.audit.customers_after_as_of,
            },
            model: ModelSection {
                source: run.model_file.unwrap_or("fitted").to_owned(),
                // A model always writes JSON.
                file: serde_json::from_str(&run.model.to_json()).unwrap_or_default(),
            },
            method: method(run),
            rules: RulesSection {
                margin: run.rules.margin,
                expense_rate: run.rules.expense_rate,
                margin_rule: run.rules.margin_rule.name().to_owned(),
                discount: run.rules.discount,
            },
            overrides: run.overrides_file.map(|(path, sha256)| OverridesSection {
                path: path.to_owned(),
                sha256: sha256.to_owned(),
                numbers: overridden(forecast),
            }),
            calendar: run.calendar_file.map(|(path, sha256)| CalendarFileSection {
                path: path.to_owned(),
                sha256: sha256.to_owned(),
            }),
            customers_yet_to_come: yet_to_come(run),
            totals: total_section(panel, forecast, &totals),
            intervals: run.intervals.map(|own| intervals(own, &forecast.labels)),
            warnings: run.warnings.to_vec(),
            seed: run.seed,
            times,
        }
    }
}

fn method(run: &Run<'_>) -> MethodSection {
    let of_one = MethodSection {
        name: run.method.name().to_owned(),
        meaning: run.method.meaning().to_owned(),
        why: run.why.to_owned(),
        members: Vec::new(),
    };
    if run.members.is_empty() {
        return of_one;
    }
    let members = run.members.iter().map(|member| AveragedModel {
        weight: member.weight,
        method: member.method.name().to_owned(),
        file: serde_json::from_str(&member.model.to_json()).unwrap_or_default(),
    });
    MethodSection {
        name: "average".to_owned(),
        meaning: "weighted mean of the expectations of several models".to_owned(),
        members: members.collect(),
        ..of_one
    }
}

fn input(file: &InputFile) -> InputSection {
    InputSection {
        path: file.path.display().to_string(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        rows: file.rows,
    }
}

fn rows(audit: &Audit, panel: &Panel) -> RowsSection {
    let mut left_out = audit.left_out.clone();
    // The ledger uses the rows after the as-of date; the panel leaves them out.
    let after = panel.audit.rows_after_as_of;
    if after > 0 {
        *left_out.entry(Reason::AfterAsOf).or_default() += after;
    }
    RowsSection {
        read: audit.rows_read,
        used: audit.rows_used.saturating_sub(after),
        left_out: left_out.iter().map(|(reason, &n)| (reason.name().to_owned(), n)).collect(),
        amount_after_as_of: Decimal::new(panel.audit.amount_after_as_of, panel.scale),
        duplicates: audit.duplicate_rows,
        refunds: audit.refund_rows,
        zero_orders: panel.audit.zero_orders,
        date_format: audit.date_format.clone(),
    }
}

fn overridden(forecast: &Forecast) -> u64 {
    let periods = (0..forecast.len()).filter_map(|i| forecast.periods(i)).flatten();
    periods.map(|p| u64::from(p.margin_overridden) + u64::from(p.expense_overridden)).sum()
}

fn total_section(panel: &Panel, forecast: &Forecast, totals: &Totals) -> TotalSection {
    let periods = forecast.labels.iter().zip(&totals.periods);
    TotalSection {
        scope: "existing customers only: new ones come on top".to_owned(),
        history: history(panel),
        periods: periods
            .map(|(label, &totals)| PeriodSection { period: label.clone(), totals })
            .collect(),
        amount: totals.amount,
        gross_profit: totals.gross_profit,
    }
}

fn yet_to_come(run: &Run<'_>) -> Option<Vec<NewcomersSection>> {
    let labels = &run.forecast.labels;
    let horizon = u32::try_from(labels.len()).ok()?;
    let periods = newcomers(run.panel, run.model, horizon)?;
    let section = |(label, period): (&String, &Newcomers)| NewcomersSection {
        period: label.clone(),
        customers: period.customers,
        purchases: period.purchases,
        amount: period.amount,
    };
    Some(labels.iter().zip(&periods).map(section).collect())
}

fn history(panel: &Panel) -> HistorySection {
    let sum = |has: bool, value: fn(&Customer) -> Money| {
        let total: Money = panel.customers.iter().map(value).sum();
        has.then(|| Decimal::new(total, panel.scale))
    };
    HistorySection {
        first_period: panel.grid.label(panel.first_period()),
        last_period: panel.grid.label(PeriodIndex(0)),
        periods: panel.periods,
        purchases: panel.customers.iter().map(|c| u64::from(c.purchases)).sum(),
        amount: sum(panel.has_amount, |c| c.amount),
        cost: sum(panel.has_cost, |c| c.cost),
        expense: sum(panel.has_expense, |c| c.expense),
        gross_profit: sum(panel.has_amount && panel.has_cost, |c| c.amount - c.cost - c.expense),
    }
}
