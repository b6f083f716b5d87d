//! What stands beside a forecast file: enough to repeat the run and to answer an auditor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::interval_sections::IntervalsSection;
use super::timings::StageTimes;
use crate::value::PeriodTotals;

/// The contents of `FILE.run.json`. The same run gives the same text, `times` excepted.
///
/// Made by [`Manifest::new`] from a [`Run`](super::Run).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `clvcast`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// The command: program and arguments, as given.
    pub command: Vec<String>,
    /// The input files, in the order given.
    pub inputs: Vec<InputSection>,
    /// The columns that were used, by role; null for a role without a column.
    #[serde(default)]
    pub columns: BTreeMap<String, Option<String>>,
    /// Rows of the input files.
    pub rows: RowsSection,
    /// Last day that is used, ISO 8601.
    pub as_of: String,
    /// From when customers are observed: `first-purchase` or `panel`.
    pub clock: String,
    /// Length of a period.
    pub period: String,
    /// Labels of the forecast periods.
    pub periods: Vec<String>,
    /// Customers in the forecast.
    pub customers: CustomerCounts,
    /// The model.
    pub model: ModelSection,
    /// The rule that forecasts purchases.
    pub method: MethodSection,
    /// How purchases become profit.
    pub rules: RulesSection,
    /// The overrides file, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<OverridesSection>,
    /// The calendar file, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarFileSection>,
    /// Sums over all customers, past and forecast.
    pub totals: TotalSection,
    /// What customers yet to come may add, in none of the totals; null where history does not say.
    #[serde(default)]
    pub customers_yet_to_come: Option<Vec<NewcomersSection>>,
    /// Quantiles of what may come, where some were drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intervals: Option<IntervalsSection>,
    /// What a user should know.
    pub warnings: Vec<String>,
    /// Seed of random numbers, where some were used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// When the run took place; the only part that differs between equal runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputSection {
    /// The path as given, or `-`.
    pub path: String,
    /// Size in bytes as stored.
    pub bytes: u64,
    /// SHA-256 of the stored bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Data rows read from it.
    pub rows: u64,
}

/// Rows: read = used + Σ `left_out`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsSection {
    /// Data rows read.
    pub read: u64,
    /// Rows in the forecast's history.
    pub used: u64,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// Net amount of the rows left out because they lie after the as-of date.
    pub amount_after_as_of: Decimal,
    /// Rows that repeat another one in every column, used or not.
    pub duplicates: u64,
    /// Used rows with a negative amount, those after the as-of date included.
    pub refunds: u64,
    /// Orders of exactly zero.
    pub zero_orders: u64,
    /// How dates were read, in words.
    pub date_format: String,
}

/// Customers of the forecast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCounts {
    /// Rows of the forecast.
    pub forecast: u64,
    /// Of those, without an active period.
    pub without_active_period: u64,
    /// Of those, whose purchases are not forecast.
    pub without_forecast: u64,
    /// Of those, whose expected value is infinite under the model.
    pub infinite_mean: u64,
    /// First seen after the as-of date, and not in the forecast.
    pub after_as_of: u64,
}

/// The model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSection {
    /// The model file's path, or `fitted` for a model fitted in this run.
    pub source: String,
    /// The whole model as a model file: parameters, limits, states, and how it was fitted. Saved
    /// to a file of its own it repeats the forecast.
    pub file: serde_json::Value,
}

/// The rule that forecasts purchases.
///
/// ```
/// let text = r#"{"name": "chain", "meaning": "expectation", "why": "the default"}"#;
/// let method: clvcast::report::MethodSection = serde_json::from_str(text)?;
/// assert_eq!(method.name, clvcast::forecast::Method::Chain.name());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MethodSection {
    /// `point`, `chain`, `posterior`, or `average` of several models.
    pub name: String,
    /// What its numbers are: an expectation, or a score.
    pub meaning: String,
    /// Why this one.
    pub why: String,
    /// The models of an average with their weights; absent where one model forecasts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<AveragedModel>,
}

/// One model of an average.
///
/// ```
/// let text = r#"{"weight": 0.6, "method": "posterior", "file": {}}"#;
/// let member: clvcast::report::AveragedModel = serde_json::from_str(text)?;
/// assert_eq!(member.weight, 0.6);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AveragedModel {
    /// Weight; those of all members add up to 1.
    pub weight: f64,
    /// The rule that forecasts with it.
    pub method: String,
    /// The whole model as a model file.
    pub file: serde_json::Value,
}

/// How purchases become profit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RulesSection {
    /// One margin for all, in place of the ledger's; null for the ledger's.
    pub margin: Option<f64>,
    /// One expense rate for all, in place of the ledger's; null for the ledger's.
    pub expense_rate: Option<f64>,
    /// Which margin is carried forward.
    pub margin_rule: String,
    /// Discount rate per period; applies to the totals over the horizon only.
    pub discount: f64,
}

/// The overrides file.
///
/// ```
/// let text = r#"{"path": "margins.csv", "sha256": "9f86d0", "numbers": 6}"#;
/// let overrides: clvcast::report::OverridesSection = serde_json::from_str(text)?;
/// assert_eq!((overrides.path.as_str(), overrides.numbers), ("margins.csv", 6));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverridesSection {
    /// The path as given.
    pub path: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Forecast margins and expenses it changed.
    pub numbers: u64,
}

/// The calendar file; its factors are those of the model.
///
/// ```
/// let text = r#"{"path": "campaigns.csv", "sha256": "9f86d0"}"#;
/// let calendar: clvcast::report::CalendarFileSection = serde_json::from_str(text)?;
/// assert_eq!(calendar.path, "campaigns.csv");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarFileSection {
    /// The path as given.
    pub path: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
}

/// What customers yet to come may add to one forecast period, if as many come as in the last year.
///
/// ```
/// let text = r#"{"period": "2018-Q1", "customers": 2.7, "purchases": 3.1, "amount": null}"#;
/// let section: clvcast::report::NewcomersSection = serde_json::from_str(text)?;
/// assert_eq!((section.customers, section.amount), (2.7, None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewcomersSection {
    /// The period's label.
    pub period: String,
    /// Customers acquired in it.
    pub customers: f64,
    /// Their purchases in it, and those of the ones acquired in earlier coming periods.
    pub purchases: f64,
    /// What these purchases amount to; null without amounts.
    pub amount: Option<f64>,
}

/// Sums over all customers that have the number; null where none has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TotalSection {
    /// Whom the totals cover.
    pub scope: String,
    /// The past, exact.
    pub history: HistorySection,
    /// One per forecast period, not discounted.
    pub periods: Vec<PeriodSection>,
    /// Amount over the horizon, discounted if asked for.
    pub amount: Option<f64>,
    /// Gross profit over the horizon, discounted if asked for.
    pub gross_profit: Option<f64>,
}

/// The past up to the as-of date: exact decimals; null where the ledger has no such column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistorySection {
    /// Label of the first period.
    pub first_period: String,
    /// Label of the last period.
    pub last_period: String,
    /// Number of periods.
    pub periods: u32,
    /// Purchases.
    pub purchases: u64,
    /// Net amount.
    pub amount: Option<Decimal>,
    /// Product cost.
    pub cost: Option<Decimal>,
    /// Relationship-marketing expense.
    pub expense: Option<Decimal>,
    /// Amount − cost − expense.
    pub gross_profit: Option<Decimal>,
}

/// One forecast period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeriodSection {
    /// Its label.
    pub period: String,
    /// Its sums, money in the ledger's currency.
    #[serde(flatten)]
    pub totals: PeriodTotals,
}

/// When the run took place.
///
/// ```
/// use clvcast::report::Times;
/// let started = "2018-01-02T09:00:00+01:00".to_owned();
/// let times = Times { started, seconds: 1.5, stages: vec![] };
/// assert!(serde_json::to_string(&times)?.ends_with(r#""seconds":1.5}"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Start, ISO 8601 with offset.
    pub started: String,
    /// Duration.
    pub seconds: f64,
    /// What each stage took, where it was asked for; the last one, writing, up to the point where
    /// the files take their places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageTimes>,
}

impl Manifest {
    /// Where the manifest of an output file stands: `FILE.run.json`.
    ///
    /// ```
    /// use clvcast::report::Manifest;
    /// let path = Manifest::path_beside("out/forecast.csv".as_ref());
    /// assert_eq!(path, std::path::Path::new("out/forecast.csv.run.json"));
    /// ```
    #[must_use]
    pub fn path_beside(output: &Path) -> PathBuf {
        let mut name = output.as_os_str().to_owned();
        name.push(".run.json");
        name.into()
    }

    /// The text of the file.
    ///
    /// Numbers that are not finite, which a manifest never holds, would be null.
    #[must_use]
    pub fn to_json(&self) -> String {
        // All keys are text, so that nothing can fail.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// When the text is not that of a manifest.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
