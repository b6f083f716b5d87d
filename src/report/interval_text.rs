//! How certain a forecast is, in words.

use super::numbers::{count, decimal, money};
use super::text_table::table;
use crate::fit::FittedModel;
use crate::forecast::Method;
use crate::predict::{Bound, GroupIntervals, Intervals, ParameterSource, Target, Window};
use crate::value::Forecast;

/// The 90 % intervals of the totals, of segments where quantiles were asked for, and what they
/// hold.
pub(super) fn interval_text(
    intervals: &Intervals,
    forecast: &Forecast,
    model: &FittedModel,
    method: Method,
) -> String {
    let shown: Vec<Target> = Target::ALL
        .into_iter()
        .filter(|&target| intervals.total.bounds(target, Window::Total).is_some())
        .collect();
    let mut header = vec!["90 % of outcomes".to_owned()];
    header.extend(shown.iter().map(|target| target.name().replace('_', " ")));
    let row = |label: String, own: &GroupIntervals, window: Window| {
        let cells = shown.iter().map(|&target| {
            own.ninety(target, window).map(|bounds| range(target, bounds)).unwrap_or_default()
        });
        std::iter::once(label).chain(cells).collect::<Vec<String>>()
    };
    let windows = Window::all(forecast.labels.len());
    let label = |window: Window| match window {
        Window::Period(h) => forecast.labels.get(h).cloned().unwrap_or_default(),
        Window::Total => "total".to_owned(),
    };
    let mut rows: Vec<Vec<String>> =
        windows.map(|window| row(label(window), &intervals.total, window)).collect();
    if intervals.has_customers() {
        let segments = intervals.segments.iter();
        rows.extend(segments.map(|(name, own)| {
            row(
                format!("total {}", if name.is_empty() { "(no segment)" } else { name }),
                own,
                Window::Total,
            )
        }));
    }
    let mut text = table(header, rows);
    text.push_str(&contents(intervals, model, method));
    text
}

fn range(target: Target, [low, high]: [Bound; 2]) -> String {
    let shown = |bound: Bound| match target {
        Target::Purchases => decimal(bound.value, 0),
        Target::Amount | Target::GrossProfit => money(bound.value),
    };
    format!("{} to {}", shown(low), shown(high))
}

/// A list in a sentence: `a, b and c`.
fn listed(parts: &[&str], word: &str) -> String {
    match parts.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What the intervals hold and what they do not.
fn contents(intervals: &Intervals, model: &FittedModel, method: Method) -> String {
    let mut chances = vec!["purchases"];
    if method == Method::Posterior && !model.frequency.stays() {
        chances.push("leaving");
    }
    if intervals.total.bounds(Target::Amount, Window::Total).is_some() {
        chances.push("values");
    }
    if intervals.margins {
        chances.push("margins");
    }
    let chances = listed(&chances, "and");
    let parameters = match intervals.source {
        ParameterSource::Information => " and the uncertainty of the parameters (from the fit)",
        ParameterSource::Bootstrap => {
            " and the uncertainty of the parameters (from fits to simulated histories)"
        }
        ParameterSource::Partly => {
            " and the uncertainty of some parameters, that of the others being unknown"
        }
        ParameterSource::None => "",
    };
    let mut left_out = vec!["a wrong model", "customers yet to come"];
    if intervals.source == ParameterSource::None {
        left_out.insert(0, "the uncertainty of the parameters, of which the model says nothing");
    }
    // Purchases are always there, and the last target is what matters most.
    let error = Target::ALL.into_iter().rev().find_map(|target| {
        let bounds = intervals.total.ninety(target, Window::Total)?;
        let error = bounds.iter().map(|bound| bound.error).fold(0.0, f64::max);
        let shown = if target == Target::Purchases { decimal(error, 1) } else { money(error) };
        Some(format!("the bounds of the total {} ± {shown}", target.name().replace('_', " ")))
    });
    let recalibrated = intervals.recalibration.as_ref().map_or_else(String::new, |map| {
        format!(
            "Quantiles of customers are recalibrated: read at the levels that held for {} customers in the periods after {}; those of totals and segments are not.\n",
            count(map.customers() as u64),
            map.origin
        )
    });
    format!(
        "These hold the chance of {chances}{parameters}; they do not hold {}. From {} futures of each {} under {} set(s) of parameters, seed {}; Monte-Carlo error of {}.\n{recalibrated}",
        listed(&left_out, "or"),
        count(intervals.draws as u64),
        if intervals.shared { "history, shared by the customers who have it," } else { "customer" },
        count(intervals.sets as u64),
        intervals.seed,
        error.unwrap_or_default(),
    )
}
