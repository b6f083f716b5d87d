//! The picture of [`Tracking`].

use super::axis::{Axis, Chart, period_ticks};
use super::drawing::{Anchor, Drawing, Point};
use super::page::{Mark, halves, note, page};
use super::style::{ACTUAL, AXIS, COMING, MODEL, Style};
use super::tracking::{TrackedPeriod, Tracking};
use crate::report::numbers::decimal;
use crate::units::Day;

/// More periods than this are drawn without a dot for each.
const DOTS: usize = 40;

/// Draws cumulative purchases on the left and those of each period on the right, with the interval
/// of the coming ones where it was drawn.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// use clvcast::plots::{Style, Tracking, draw_tracking};
/// let tracking = Tracking::new(&panel, &model, None).unwrap();
/// let svg = draw_tracking(&tracking, &Style::default()).to_svg()?;
/// assert!(svg.contains("Repeat purchases: actual and model"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn draw_tracking(data: &Tracking, style: &Style) -> Drawing {
    let what = if data.repeats { "Repeat purchases" } else { "Purchases" };
    let coming = data.periods.len() > data.past;
    let interval = data.periods.iter().any(|p| p.interval.is_some());
    let mut legend = vec![(Mark::Line, ACTUAL, "actual"), (Mark::Line, MODEL, "model, past")];
    if coming {
        legend.push((Mark::Dashes, MODEL, "forecast"));
    }
    if interval {
        legend.push((Mark::Box, MODEL.faded(0.2), "90 % interval of the total"));
    }
    let mut page =
        page("tracking", format!("{what}: actual and model"), caption(data), &legend, style);
    let cumulative = |p: &TrackedPeriod| Row {
        at: number(p.end) + 1.0,
        actual: p.cumulative_actual,
        expected: p.cumulative_expected,
        interval: p.cumulative_interval,
    };
    let single = |p: &TrackedPeriod| Row {
        at: f64::midpoint(number(p.start), number(p.end) + 1.0),
        actual: p.actual,
        expected: p.expected,
        interval: p.interval,
    };
    let [left, right] = halves();
    let lower = what.to_lowercase();
    let now = Row { at: 0.0, actual: Some(data.made()), expected: data.made(), interval: None };
    panel(&mut page, left, &format!("Cumulative {lower}"), data, &cumulative, Some(&now));
    panel(&mut page, right, &format!("{what} per period"), data, &single, None);
    page
}

fn caption(data: &Tracking) -> String {
    let now = data.past.checked_sub(1).and_then(|last| data.periods.get(last));
    let off = now.map_or(0.0, |now| {
        100.0 * (now.cumulative_expected / now.cumulative_actual.unwrap_or(f64::NAN) - 1.0)
    });
    let mut text =
        format!("Where the model ({}) follows the dark line, it describes this base.", data.law);
    let shown = decimal(off.abs(), 1);
    if off.is_finite() {
        let direction = if off < 0.0 { "fewer" } else { "more" };
        text += &match shown.as_str() {
            "0.0" => " Up to the as-of date it expects as many as happened.".to_owned(),
            _ => format!(" Up to the as-of date it expects {shown} % {direction} than happened."),
        };
    }
    if data.periods.len() > data.past {
        text += if data.periods.iter().skip(data.past).any(|p| p.actual.is_some()) {
            " What happened after it was not known to the forecast, which starts from the as-of date."
        } else {
            " The forecast starts from what happened; existing customers only."
        };
    }
    text
}

/// One period of one chart.
struct Row {
    at: f64,
    actual: Option<f64>,
    expected: f64,
    interval: Option<(f64, f64)>,
}

fn panel(
    page: &mut Drawing,
    area: (Point, Point),
    label: &str,
    data: &Tracking,
    row: &dyn Fn(&TrackedPeriod) -> Row,
    now: Option<&Row>,
) {
    let (Some(first), Some(last)) = (data.periods.first(), data.periods.last()) else { return };
    let rows: Vec<Row> = data.periods.iter().map(row).collect();
    let top = rows.iter().flat_map(|r| {
        [r.actual.unwrap_or(0.0), r.expected, r.interval.map_or(0.0, |interval| interval.1)]
    });
    // Of two dates, the one that is at that place: running sums stand at the ends of periods.
    let name_of = |p: &TrackedPeriod| match p.label.split_once('/') {
        Some((start, end)) => if now.is_some() { end } else { start }.to_owned(),
        None => p.label.clone(),
    };
    let labels = rows.iter().zip(&data.periods).map(|(r, p)| (r.at, name_of(p)));
    let (from, to) = (number(first.start), number(last.end) + 1.0);
    let x = Axis::with_ticks(from, to, "", period_ticks(labels, area.1.0 - area.0.0));
    let chart = Chart { area, x, y: Axis::new(0.0, top.fold(0.0, f64::max), label) };
    let border = data.past.checked_sub(1).map_or(from, |i| number(data.periods[i].end) + 1.0);
    if border < to {
        page.rect(chart.at(border, chart.y.to), chart.at(to, 0.0), COMING);
    }
    chart.frame(page);
    if border < to {
        page.dashed(&[chart.at(border, 0.0), chart.at(border, chart.y.to)], AXIS, 1.0);
        let (x, y) = chart.at(border, chart.y.to);
        note(page, (x - 5.0, y + 8.0), "as-of date", Anchor::End);
    }
    let (past, coming) = rows.split_at(data.past.min(rows.len()));
    // A forecast of a running sum begins where the past ends.
    let start: Vec<Point> = now.map(|now| chart.at(border, now.expected)).into_iter().collect();
    let line = |rows: &[Row], value: &dyn Fn(&Row) -> Option<f64>| -> Vec<Point> {
        rows.iter().filter_map(|r| Some(chart.at(r.at, value(r)?))).collect()
    };
    let upper = line(coming, &|r| Some(r.interval?.1));
    let lower = line(coming, &|r| Some(r.interval?.0));
    band(page, &start, upper, lower, chart.at(border, 0.0).0 + 1.0);
    page.line(line(past, &|r| Some(r.expected)), MODEL, 2.5);
    let forecast = [start, line(coming, &|r| Some(r.expected))].concat();
    page.dashed(&forecast, MODEL, 2.5);
    let actual = line(&rows, &|r| r.actual);
    page.line(actual.clone(), ACTUAL, 2.0);
    if rows.len() <= DOTS {
        for at in line(&rows, &|r| Some(r.expected)) {
            page.dot(at, 3.5, MODEL);
        }
        for at in actual {
            page.dot(at, 3.5, ACTUAL);
        }
    }
}

/// The interval as an area; a single period gets some width.
fn band(page: &mut Drawing, start: &[Point], upper: Vec<Point>, lower: Vec<Point>, left: f64) {
    let (Some(&high), Some(&low)) = (upper.first(), lower.first()) else { return };
    let outline: Vec<Point> = if start.is_empty() && upper.len() == 1 {
        let half = high.0 - left;
        vec![
            (high.0 - half, high.1),
            (high.0 + half, high.1),
            (low.0 + half, low.1),
            (low.0 - half, low.1),
        ]
    } else {
        start.iter().copied().chain(upper).chain(lower.into_iter().rev()).collect()
    };
    page.area(outline, MODEL.faded(0.2));
}

fn number(day: Day) -> f64 {
    f64::from(day.number())
}
