//! Segments for programs: one row per group as CSV, everything as JSON.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::decimal::Decimal;
use super::error::ReportError;
use crate::panel::Panel;
use crate::segment::{GroupSummary, Grouping, Layers, LifeCycle, Segmentation, summarise};
use crate::units::Money;
use crate::value::Forecast;

/// One value of a group.
#[derive(Serialize)]
#[serde(untagged)]
enum Field {
    Text(Option<String>),
    Count(u64),
    Exact(Option<Decimal>),
    Number(Option<f64>),
}

impl Field {
    /// As in CSV: the shortest decimal that reads back, never with an exponent.
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone().unwrap_or_default(),
            Self::Count(count) => count.to_string(),
            Self::Exact(money) => {
                money.as_ref().map_or_else(String::new, |money| money.as_str().to_owned())
            }
            Self::Number(number) => number.map_or_else(String::new, |number| number.to_string()),
        }
    }
}

/// One group, written as an object.
struct Fields(Vec<(String, Field)>);

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, field)))
    }
}

/// The numbers of one group, by column: those of CSV and JSON.
fn fields(panel: &Panel, forecast: &Forecast, grouping: &Grouping, group: &GroupSummary) -> Fields {
    use Field::{Count, Exact, Number, Text};
    let label = group.group.map(|at| grouping.groups[at as usize].clone());
    let mut fields = Vec::new();
    let mut add = |name: String, field: Field| fields.push((name, field));
    add("grouping".to_owned(), Text(Some(grouping.column.clone())));
    add("group".to_owned(), Text(label));
    add("customers".to_owned(), Count(group.customers));
    let exact = |has: bool, money: Money| Exact(has.then(|| Decimal::new(money, panel.scale)));
    let has_profit = panel.has_amount && panel.has_cost;
    for (name, past) in [("past", group.past), ("recent", group.recent)] {
        add(format!("{name}_purchases"), Count(past.purchases));
        add(format!("{name}_amount"), exact(panel.has_amount, past.amount));
        add(format!("{name}_cost"), exact(panel.has_cost, past.cost));
        add(format!("{name}_expense"), exact(panel.has_expense, past.expense));
        add(format!("{name}_gross_profit"), exact(has_profit, past.gross_profit()));
    }
    for (h, (label, period)) in (1..).zip(forecast.labels.iter().zip(&group.totals.periods)) {
        add(format!("period_{h}"), Text(Some(label.clone())));
        add(format!("active_customers_{h}"), Number(Some(period.active_customers)));
        add(format!("purchases_{h}"), Number(Some(period.purchases)));
        add(format!("amount_{h}"), Number(period.amount));
        add(format!("cost_{h}"), Number(period.cost));
        add(format!("expense_{h}"), Number(period.expense));
        add(format!("gross_profit_{h}"), Number(period.gross_profit));
    }
    add("amount_total".to_owned(), Number(group.totals.amount));
    add("gross_profit_total".to_owned(), Number(group.totals.gross_profit));
    add("share".to_owned(), Number(group.share));
    add("change".to_owned(), Number(group.change));
    Fields(fields)
}

/// All groups of all groupings.
fn all(panel: &Panel, forecast: &Forecast, found: &Segmentation) -> Vec<Fields> {
    let groups = |grouping: &Grouping| {
        let groups = summarise(panel, forecast, grouping);
        groups.iter().map(|group| fields(panel, forecast, grouping, group)).collect::<Vec<_>>()
    };
    found.groupings.iter().flat_map(groups).collect()
}

/// One row per grouping and group, those of customers without a label last: customers, history
/// (`recent` are as many past periods as are forecast), forecast by period, totals, share of the
/// portfolio and expected change. A missing number, and the missing label, is an empty field.
///
/// # Errors
/// When text cannot be written as CSV.
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
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// use clvcast::segment::{Material, SegmentOptions, Segmentation};
/// let material = Material { panel: &panel, then: None, model: &model, forecast: &forecast, attributes: None };
/// let found = Segmentation::new(&material, &SegmentOptions::default())?;
/// let groups = clvcast::report::segment_csv(&panel, &forecast, &found)?;
/// assert!(groups.starts_with("grouping,group,customers,past_purchases,"));
/// assert!(groups.contains("\ncell,high-value,168,"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn segment_csv(
    panel: &Panel,
    forecast: &Forecast,
    found: &Segmentation,
) -> Result<String, ReportError> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let groups = all(panel, forecast, found);
    let lost = |error: csv::Error| ReportError::Io(error.into());
    if let Some(first) = groups.first() {
        out.write_record(first.0.iter().map(|(name, _)| name)).map_err(lost)?;
    }
    for group in &groups {
        out.write_record(group.0.iter().map(|(_, field)| field.text())).map_err(lost)?;
    }
    let bytes = out.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// All groups with their numbers, how they were made, and how they change, as JSON.
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
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// use clvcast::segment::{Material, SegmentOptions, Segmentation};
/// let material = Material { panel: &panel, then: None, model: &model, forecast: &forecast, attributes: None };
/// let found = Segmentation::new(&material, &SegmentOptions::default())?;
/// let json: serde_json::Value =
///     serde_json::from_str(&clvcast::report::segment_json(&panel, &forecast, &found))?;
/// assert_eq!(json["as_of"], "2017-12-31");
/// assert_eq!(json["groups"][0]["grouping"], "segment");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn segment_json(panel: &Panel, forecast: &Forecast, found: &Segmentation) -> String {
    let rfm = found.rfm.as_ref().map(|rfm| {
        let [recency, frequency, monetary] = &rfm.cuts;
        json!({
            "recency_cuts_days": recency, "frequency_cuts": frequency, "monetary_cuts": monetary,
            "halves": rfm.halves, "monetary": rfm.spent.name(),
        })
    });
    let layers = match &found.options.layers {
        Layers::Shares(shares) => json!({ "shares": shares }),
        Layers::Cuts(cuts) => json!({ "cuts": cuts }),
    };
    let lorenz = found.lorenz.as_ref().map(|lorenz| {
        json!({
            "top_fifth": lorenz.top_fifth, "holds_four_fifths": lorenz.holds_four_fifths,
            "gini": lorenz.gini, "points": lorenz.points,
        })
    });
    let moves = found.moves.iter().map(|moves| {
        json!({
            "grouping": moves.column, "from": moves.from, "to": moves.to,
            "groups": moves.groups, "counts": moves.counts, "unlabelled": moves.unlabelled,
            "newcomers": moves.newcomers,
        })
    });
    let ahead = found.ahead.iter().map(|ahead| {
        json!({
            "grouping": ahead.column, "period": ahead.period, "groups": ahead.groups,
            "bands": ahead.bands, "expected": ahead.expected,
        })
    });
    let whole = Whole {
        as_of: panel.grid.as_of().to_string(),
        periods: &forecast.labels,
        groups: all(panel, forecast, found),
        rfm,
        layers,
        lorenz,
        moves: moves.collect(),
        ahead: ahead.collect(),
        life_cycle: found.life_cycle.as_ref().map(life_cycle),
        warnings: &found.warnings,
    };
    // Names and numbers always write JSON.
    serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
}

/// Everything, in the order of the file.
#[derive(Serialize)]
struct Whole<'a> {
    as_of: String,
    periods: &'a [String],
    groups: Vec<Fields>,
    rfm: Option<Value>,
    layers: Value,
    lorenz: Option<Value>,
    moves: Vec<Value>,
    ahead: Vec<Value>,
    life_cycle: Option<Value>,
    warnings: &'a [String],
}

fn life_cycle(life: &LifeCycle) -> Value {
    let curves = life.curves.iter().map(|curve| {
        let points = curve.points.iter().map(|point| {
            json!({
                "age": point.age, "customers": point.customers, "value": point.value,
                "forecast": point.forecast,
            })
        });
        json!({
            "cohort": curve.cohort, "customers": curve.customers,
            "acquisition_cost": curve.acquisition_cost, "payback": curve.payback,
            "points": points.collect::<Vec<_>>(),
        })
    });
    json!({ "of_profit": life.of_profit, "curves": curves.collect::<Vec<_>>() })
}
