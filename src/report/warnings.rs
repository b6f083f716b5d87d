//! What a user should know of a run: its data, a model made earlier, what it forecasts.

use std::collections::BTreeSet;

use crate::calendar::{PLANNED, Trend};
use crate::fit::{FittedModel, data_section};
use crate::ledger::Ledger;
use crate::panel::{Panel, PeriodIndex};
use crate::units::Day;
use crate::value::{Forecast, MoneyRules};

/// What a user should know of the data and the panel, a sentence each.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// use clvcast::report::data_warnings;
/// let warnings = data_warnings(&ledger, &panel);
/// assert!(warnings.is_empty(), "{warnings:?}"); // nothing to say of these data
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn data_warnings(ledger: &Ledger, panel: &Panel) -> Vec<String> {
    let audit = &ledger.audit;
    let mut warnings = Vec::new();
    let mut warn = |condition: bool, text: String| {
        if condition {
            warnings.push(text);
        }
    };
    let left_out: u64 = audit.left_out.values().sum();
    warn(left_out > 0, {
        let reasons: Vec<String> =
            audit.left_out.iter().map(|(reason, n)| format!("{n} {}", reason.name())).collect();
        format!("{left_out} of {} rows left out: {}", audit.rows_read, reasons.join(", "))
    });
    warn(audit.duplicate_rows > 0, {
        let n = audit.duplicate_rows;
        format!("{n} rows repeat another row exactly; `--duplicates drop` uses one of each")
    });
    warn(audit.orders_in_several_files > 0, {
        let n = audit.orders_in_several_files;
        format!("{n} order ids are met in more than one file: the files may overlap")
    });
    warn(audit.customers_with_several_segments > 0, {
        let n = audit.customers_with_several_segments;
        format!("{n} customers have more than one segment; that of the latest row is used")
    });
    if let Some(last) = panel.audit.last_row {
        let as_of = panel.grid.as_of();
        let silent = panel.grid.elapsed(last.min(as_of), as_of);
        warn(
            silent >= 1.0,
            format!(
                "the data end on {last}, {silent:.1} periods before the as-of date {as_of}: every customer counts as silent since then; use an earlier `--as-of` if later transactions are missing"
            ),
        );
    }
    warn(
        !panel.has_amount,
        "no amount column: purchases are forecast, their value is not".to_owned(),
    );
    warnings
}

/// Customers below which means are too uncertain to be compared.
const FEW: usize = 10;

/// What a user should know of a model that was fitted earlier or elsewhere, a sentence each.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// use clvcast::report::model_warnings;
/// // Written by hand: there are no data it was fitted to that could have moved.
/// assert!(model_warnings(&model, &panel).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn model_warnings(model: &FittedModel, panel: &Panel) -> Vec<String> {
    let mut warnings = moved(model, panel);
    warnings.extend(strange_periods(model, panel));
    warnings
}

/// How the data differ from those of the fit.
fn moved(model: &FittedModel, panel: &Panel) -> Vec<String> {
    let mut warnings = Vec::new();
    let Some(fit) = &model.fit else { return warnings };
    let then = &fit.data;
    if let Ok(date) = then.as_of.parse() {
        let fitted = Day::from_date(date);
        let age = panel.grid.elapsed(fitted.min(panel.grid.as_of()), panel.grid.as_of());
        if fitted > panel.grid.as_of() {
            warnings.push(format!(
                "the model was fitted on data up to {fitted}, after the as-of date {}: it knows what it forecasts",
                panel.grid.as_of()
            ));
        }
        if age > 1.0 {
            warnings.push(format!(
                "the model was fitted as of {fitted}, {age:.1} periods before the as-of date {}: fit it again",
                panel.grid.as_of()
            ));
        }
    }
    let now = data_section(panel);
    // Twice as much or half is beyond what sampling explains in a few customers, a quarter more or
    // less in a base of some hundreds.
    let (low, high) = if panel.customers.len() >= 100 { (0.8, 1.25) } else { (0.5, 2.0) };
    // A `fit` key written by hand may have no data to compare with.
    if panel.customers.len() < FEW || then.customers == 0 {
        return warnings;
    }
    let pairs = [
        ("purchases per period (f)", Some(then.purchase_rate), Some(now.purchase_rate)),
        ("periods since the last purchase (r)", Some(then.mean_recency), Some(now.mean_recency)),
        ("purchase value (m)", then.mean_value, now.mean_value),
    ];
    for (name, then, now) in pairs {
        let (Some(then), Some(now)) = (then, now) else { continue };
        let same = then == now || (then > 0.0 && (low..=high).contains(&(now / then)));
        if !same {
            warnings.push(format!(
                "the data have moved since the model was fitted: mean {name} was {then:.4}, is {now:.4}"
            ));
        }
    }
    warnings
}

/// The periods of a model's given factors that no period of this run can be, for a warning.
fn strange_periods(model: &FittedModel, panel: &Panel) -> Option<String> {
    let calendars = model.calendar.iter().chain(&model.value_calendar);
    let given: BTreeSet<&str> =
        calendars.flat_map(|calendar| calendar.given.iter().map(|(label, _)| label)).collect();
    if given.is_empty() {
        return None;
    }
    // As far back as ahead: the model may have been fitted on a longer history.
    let known: BTreeSet<String> = (panel.first_period().0 - PLANNED..=PLANNED)
        .map(|index| panel.grid.label(PeriodIndex(index)))
        .collect();
    let strange: Vec<&str> = given.into_iter().filter(|label| !known.contains(*label)).collect();
    (!strange.is_empty()).then(|| {
        format!(
            "the model's calendar has factors for {}, which are no periods of this run such as {}, and change nothing",
            strange.join(", "),
            panel.grid.label(PeriodIndex(1))
        )
    })
}

/// A linear trend that is carried on for longer than a year.
fn far_trend(panel: &Panel, model: &FittedModel, horizon: usize) -> Option<String> {
    let calendars = [("purchases", &model.calendar), ("purchase values", &model.value_calendar)];
    let last = panel.grid.end(PeriodIndex(i32::try_from(horizon).unwrap_or(i32::MAX)));
    let years = Trend::years(panel.grid.as_of(), last);
    let (of, per_year) =
        calendars.into_iter().find_map(|(of, calendar)| match calendar.as_ref()?.trend {
            Trend::Linear { per_year } => Some((of, per_year)),
            Trend::None | Trend::Damped { .. } => None,
        })?;
    // A year and a leap day.
    (years > 1.01).then(|| {
        format!(
            "the trend of {of}, {:+.0} % a year, is carried on for {years:.1} years: compare with `--trend damped` and `--trend none` before you plan with it",
            100.0 * per_year.exp_m1()
        )
    })
}

/// What a user should know of a forecast, a sentence each.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// use clvcast::report::forecast_warnings;
/// let purchases = forecast(&panel, &model, &ForecastOptions::default());
/// let rules = MoneyRules { margin: Some(0.3), ..MoneyRules::default() };
/// let forecast = evaluate(&panel, &model, &purchases, 3, &rules);
/// let warnings = forecast_warnings(&panel, &model, &rules, &forecast);
/// assert_eq!(warnings, ["`--margin` replaces the margins of the cost column"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn forecast_warnings(
    panel: &Panel,
    model: &FittedModel,
    rules: &MoneyRules,
    forecast: &Forecast,
) -> Vec<String> {
    let mut warnings = Vec::from_iter(far_trend(panel, model, forecast.labels.len()));
    let some_profit = (0..forecast.len()).any(|i| forecast.gross_profit_total(i).is_some());
    if panel.has_amount && model.monetary.is_none() {
        warnings.push("the model has no monetary part: value is not forecast".to_owned());
    } else if panel.has_amount && !panel.has_cost && rules.margin.is_none() {
        let which = if some_profit { " where no override sets a margin" } else { "" };
        warnings.push(format!(
            "no cost column and no `--margin`: margin, cost and gross profit are empty{which}"
        ));
    }
    if panel.has_cost && rules.margin.is_some() {
        warnings.push("`--margin` replaces the margins of the cost column".to_owned());
    }
    if panel.has_expense && rules.expense_rate.is_some() {
        warnings.push("`--expense-rate` replaces the rates of the expense column".to_owned());
    }
    warnings
}
