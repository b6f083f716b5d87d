//! The scores of a backtest as JSON and as CSV: the same numbers under the same names.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::error::ReportError;
use crate::evaluate::metrics::{PIT_BINS, YesNo};
use crate::evaluate::{Backtest, Distribution, Failure, Origin, Score};
use crate::predict::Window;

/// One value of a score.
enum Field {
    Text(String),
    Over(Window),
    Count(usize),
    Number(Option<f64>),
    Bins(Option<[f64; PIT_BINS]>),
}

/// The scores with everything around them, as JSON.
///
/// `as_of` lists the origins; a measure that does not exist is null.
///
/// ```
/// # use clvcast::{evaluate::*, fit::FrequencyKind, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// # let contest = Contest { frequencies: vec![FrequencyKind::Nbd], ..Contest::default() };
/// # let options = BacktestOptions { contest, ..BacktestOptions::new(panel_options) };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// let json: serde_json::Value = serde_json::from_str(&clvcast::report::backtest_json(&backtest))?;
/// assert_eq!(json["as_of"].as_array().unwrap().len(), 1);
/// assert_eq!(json["scores"][3]["period"], "total");
/// assert!(json["scores"][3]["bias"].is_number());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn backtest_json(backtest: &Backtest) -> String {
    let scores: Vec<Value> = backtest
        .scores
        .iter()
        .map(|score| {
            let fields = fields(score).into_iter();
            Value::Object(fields.map(|(name, field)| (name.to_owned(), value(field))).collect())
        })
        .collect();
    let chosen = backtest.chosen.as_ref().map(|chosen| {
        json!({
            "frequency": chosen.candidate.frequency.name(),
            "calendar": chosen.candidate.calendar.name(),
            "method": chosen.candidate.method.name(),
            "why": chosen.why,
        })
    });
    let days: Vec<String> = backtest.origins.iter().map(|origin| origin.day.to_string()).collect();
    let whole = json!({
        "as_of": days,
        "until": backtest.until.to_string(),
        "period": backtest.period.to_string(),
        "holdout": backtest.holdout,
        "customers": backtest.origins.first().map(|origin| origin.customers),
        "level": backtest.level,
        "draws": backtest.draws,
        "seed": backtest.seed,
        "origins": backtest.origins.iter().map(origin).collect::<Vec<_>>(),
        "scores": scores,
        "failed": backtest.failed.iter().map(failure).collect::<Vec<_>>(),
        "notes": backtest.notes,
        "chosen": chosen,
    });
    format!("{whole:#}\n")
}

/// The scores as CSV, one row each; a measure that does not exist is an empty field.
///
/// ```
/// # use clvcast::{evaluate::*, fit::FrequencyKind, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// # let contest = Contest { frequencies: vec![FrequencyKind::Nbd], ..Contest::default() };
/// # let options = BacktestOptions { contest, ..BacktestOptions::new(panel_options) };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// let csv = clvcast::report::backtest_csv(&backtest)?;
/// assert!(csv.starts_with("origin,frequency,calendar,method,target,period,actual,predicted,bias,"));
/// assert_eq!(csv.lines().count(), 1 + backtest.scores.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// None that memory does not give.
pub fn backtest_csv(backtest: &Backtest) -> Result<String, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (at, score) in backtest.scores.iter().enumerate() {
        let fields = fields(score);
        if at == 0 {
            writer.write_record(fields.iter().flat_map(|(name, field)| match field {
                Field::Bins(_) => (1..=PIT_BINS).map(|bin| format!("{name}_{bin}")).collect(),
                _ => vec![(*name).to_owned()],
            }))?;
        }
        writer.write_record(fields.into_iter().flat_map(|(_, field)| match field {
            Field::Text(text) => vec![text],
            Field::Over(window) => vec![window.to_string()],
            Field::Count(count) => vec![count.to_string()],
            Field::Number(number) => vec![decimal(number)],
            Field::Bins(bins) => {
                (0..PIT_BINS).map(|bin| decimal(bins.map(|bins| bins[bin]))).collect()
            }
        }))?;
    }
    let bytes = writer.into_inner().map_err(|error| ReportError::Io(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The shortest decimal that reads back as the same number; nothing for none.
fn decimal(number: Option<f64>) -> String {
    let mut text = String::new();
    if let Some(number) = number {
        // Writing to a string cannot fail.
        let _ = write!(text, "{number}");
    }
    text
}

/// The names are a contract with users: add freely, rename nothing.
fn fields(score: &Score) -> Vec<(&'static str, Field)> {
    use Field::{Bins, Count, Number, Over, Text};
    let of_distribution =
        |of: fn(&Distribution) -> Option<f64>| Number(score.distribution.as_ref().and_then(of));
    let buy = |of: fn(YesNo) -> Option<f64>| Number(score.will_buy.and_then(of));
    vec![
        ("origin", Text(score.origin.to_string())),
        ("frequency", Text(score.contender.frequency().to_owned())),
        ("calendar", Text(score.contender.calendar().to_owned())),
        ("method", Text(score.contender.method().to_owned())),
        ("target", Text(score.target.name().to_owned())),
        ("period", Over(score.window)),
        ("actual", Number(Some(score.actual))),
        ("predicted", Number(Some(score.predicted))),
        ("bias", Number(score.bias)),
        ("mae", Number(score.mae)),
        ("rmse", Number(score.rmse)),
        ("customers", Count(score.customers)),
        ("without_forecast", Count(score.without_forecast)),
        ("poisson_deviance", Number(score.poisson_deviance)),
        ("top_decile", Number(score.top_decile)),
        ("gini", Number(score.gini)),
        ("spearman", Number(score.spearman)),
        ("will_buy_error_rate", buy(YesNo::error_rate)),
        ("will_buy_miss_rate", buy(YesNo::miss_rate)),
        ("top_fifth_error_rate", Number(score.top_fifth.error_rate())),
        ("top_fifth_miss_rate", Number(score.top_fifth.miss_rate())),
        ("total_lower", Number(score.total_interval.map(|interval| interval.lower))),
        ("total_upper", Number(score.total_interval.map(|interval| interval.upper))),
        ("log_score", of_distribution(|d| d.log_score)),
        ("crps", of_distribution(|d| Some(d.crps))),
        ("coverage", of_distribution(|d| Some(d.coverage))),
        ("width", of_distribution(|d| Some(d.width))),
        ("pit_coverage", of_distribution(|d| Some(d.pit_coverage))),
        ("pit", Bins(score.distribution.as_ref().map(|d| d.pit))),
    ]
}

fn value(field: Field) -> Value {
    match field {
        Field::Text(text) => Value::String(text),
        Field::Over(Window::Period(h)) => (h + 1).into(),
        Field::Over(Window::Total) => "total".into(),
        Field::Count(count) => count.into(),
        Field::Number(number) => number.into(),
        Field::Bins(bins) => bins.map(Vec::from).into(),
    }
}

fn origin(origin: &Origin) -> Value {
    let seen = &origin.first_seen;
    json!({
        "origin": origin.day.to_string(),
        "customers": origin.customers,
        "periods": origin.periods,
        "labels": origin.labels,
        "first_seen": {
            "customers": seen.customers,
            "purchases": seen.purchases,
            "amount": seen.amount,
            "gross_profit": seen.gross_profit,
        },
    })
}

fn failure(failure: &Failure) -> Value {
    let mut object = Map::new();
    object.insert("origin".to_owned(), failure.origin.to_string().into());
    if let Some(contender) = failure.contender {
        object.insert("frequency".to_owned(), contender.frequency().into());
        object.insert("calendar".to_owned(), contender.calendar().into());
        object.insert("method".to_owned(), contender.method().into());
    }
    object.insert("reason".to_owned(), failure.reason.clone().into());
    Value::Object(object)
}
