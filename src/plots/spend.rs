//! Purchase values: how they are spread, and how the fitted law spreads them.

use std::collections::BTreeMap;

use super::axis::{Axis, Chart, Tick, log_ticks};
use super::drawing::Drawing;
use super::page::{Mark, chart_area, page};
use super::style::{BARS, MODEL, Style};
use super::table::Table;
use crate::calendar::Timeline;
use crate::fit::{FittedModel, Form};
use crate::forecast::ValueFactors;
use crate::models::ValueLaw;
use crate::panel::Panel;
use crate::report::numbers::{count, short};

/// Classes of values.
const CLASSES: u32 = 40;
/// Values are skewed when the largest twentieth begins at so many times the median.
const SKEWED: f64 = 4.0;
/// Where classes on a plain axis end: the last one holds the larger values.
const SHOWN: f64 = 0.99;

/// One class of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpendClass {
    /// From this value on, money.
    pub lower: f64,
    /// To below this value, money.
    pub upper: f64,
    /// Values in it.
    pub actual: u64,
    /// Values expected in it.
    pub expected: f64,
}

/// Average purchase values of active periods in classes, actual and by the fitted law.
///
/// With spending per purchase, a period's average of f purchases is expected as such: shape p f,
/// scale k/f. Calendar and dependence are divided out of the values, as in the fit. The first and
/// the last class also hold what lies beyond them.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let spend = clvcast::plots::Spend::new(&panel, &model).unwrap();
/// let values: u64 = spend.classes.iter().map(|class| class.actual).sum();
/// let expected: f64 = spend.classes.iter().map(|class| class.expected).sum();
/// assert!((expected - values as f64).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Spend {
    /// The classes, smallest values first.
    pub classes: Vec<SpendClass>,
    /// Whether classes are equally wide in the logarithm.
    pub logarithmic: bool,
    /// Median of the values, money.
    pub median: f64,
    /// Mean of the values, money.
    pub mean: f64,
    /// Whether a calendar or a dependence was divided out.
    pub adjusted: bool,
}

impl Spend {
    /// That of a panel under a model; `None` without amounts, a law of values or a value.
    #[must_use]
    pub fn new(panel: &Panel, model: &FittedModel) -> Option<Self> {
        let monetary = model.monetary.filter(|_| panel.has_amount)?;
        let timeline = Timeline::new(panel, model.calendar.as_ref(), 0);
        let factors = ValueFactors::new(panel, model, &timeline);
        let mut values: Vec<(f64, u32)> = (0..panel.customers.len())
            .flat_map(|i| factors.values(panel, i).collect::<Vec<_>>())
            .map(|(f, m)| (m, f))
            .filter(|(m, _)| m.is_finite() && *m > 0.0)
            .collect();
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let at = |share: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
            let place = (share * (values.len() - 1) as f64).round() as usize;
            values[place].0
        };
        let (smallest, largest) = (values.first()?.0, values.last()?.0);
        let median = at(0.5);
        let logarithmic = at(0.95) > SKEWED * median;
        let edges = if logarithmic {
            edges(smallest.ln(), largest.ln(), f64::exp)
        } else {
            edges(0.0, at(SHOWN) * 1.02, |x| x)
        };
        let mut periods: BTreeMap<u32, f64> = BTreeMap::new();
        for (_, f) in &values {
            let f = if monetary.form == Form::Purchase { *f } else { 1 };
            *periods.entry(f).or_default() += 1.0;
        }
        let last = edges.len() - 2;
        let mut start = 0;
        let mut sum = 0.0;
        let classes = edges.windows(2).enumerate().map(|(i, pair)| {
            let (lower, upper) = (pair[0], pair[1]);
            let end =
                if i == last { values.len() } else { values.partition_point(|(m, _)| *m < upper) };
            sum += values[start..end].iter().map(|(m, _)| m).sum::<f64>();
            let actual = (end - start) as u64;
            start = end;
            let share = |law: ValueLaw| match i {
                0 => law.tails(upper).lower,
                i if i == last => law.tails(lower).upper,
                _ => law.tails(lower).until(law.tails(upper)),
            };
            let expected = periods.iter().map(|(f, n)| n * share(average(monetary.law, *f))).sum();
            SpendClass { lower, upper, actual, expected }
        });
        let classes = classes.collect();
        let adjusted = factors.has_calendar() || monetary.dependence.is_some();
        Some(Self { classes, logarithmic, median, mean: sum / values.len() as f64, adjusted })
    }

    /// One row per class.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut table = Table::new(&["lower", "upper", "values", "expected"]);
        for class in &self.classes {
            table.row(&[&class.lower, &class.upper, &class.actual, &class.expected]);
        }
        table.text()
    }
}

fn edges(from: f64, to: f64, value: impl Fn(f64) -> f64) -> Vec<f64> {
    // A base with one value gets classes all the same.
    let to = if to > from { to } else { from + 1.0 };
    let at = |i: u32| value(from + (to - from) * f64::from(i) / f64::from(CLASSES));
    (0..=CLASSES).map(at).collect()
}

/// Law of the average of f values of one customer: m̄ | ν ~ Gamma(p f, ν f).
fn average(law: ValueLaw, f: u32) -> ValueLaw {
    let f = f64::from(f);
    match law {
        ValueLaw::GammaGamma { p, q, k } => ValueLaw::GammaGamma { p: p * f, q, k: k / f },
        ValueLaw::SameForAll { p, rate } => ValueLaw::SameForAll { p: p * f, rate: rate * f },
        ValueLaw::OwnConstant { .. } | ValueLaw::Constant(_) => law,
    }
}

/// Draws bars for the values there are and a line for those expected.
///
/// ```
/// use clvcast::plots::{Spend, SpendClass, Style, draw_spend};
/// let classes = vec![
///     SpendClass { lower: 0.0, upper: 10.0, actual: 40, expected: 38.0 },
///     SpendClass { lower: 10.0, upper: 20.0, actual: 20, expected: 22.0 },
/// ];
/// let spend = Spend { classes, logarithmic: false, median: 8.0, mean: 8.5, adjusted: false };
/// let style = Style { currency: Some("EUR".into()), ..Style::default() };
/// assert!(draw_spend(&spend, &style).to_svg()?.contains("EUR"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_spend(data: &Spend, style: &Style) -> Drawing {
    let values: u64 = data.classes.iter().map(|class| class.actual).sum();
    let adjusted =
        if data.adjusted { " Season, trend and dependence are divided out." } else { "" };
    let ends = if data.logarithmic { "first and the last class hold" } else { "last class holds" };
    let caption = format!(
        "Where the line follows the bars, the law describes what customers spend. {} values; half of them are below {}, their mean is {}. The {ends} what lies beyond, too.{adjusted}",
        count(values),
        short(data.median),
        short(data.mean),
    );
    let legend = [(Mark::Box, BARS, "actual"), (Mark::Line, MODEL, "expected by the fitted law")];
    let title = "Purchase values of active periods";
    let mut page = page("spend-density", title, caption, &legend, style);
    let on_axis = |m: f64| if data.logarithmic { m.ln() } else { m };
    let (Some(first), Some(last)) = (data.classes.first(), data.classes.last()) else {
        return page;
    };
    let (from, to) = (on_axis(first.lower), on_axis(last.upper));
    let what = if data.logarithmic {
        "Average purchase value (logarithmic)"
    } else {
        "Average purchase value"
    };
    let label = style.money(what);
    let x = if data.logarithmic {
        let text = |at: f64| Tick { at: at.ln(), text: short(at) };
        let ticks = log_ticks(first.lower, last.upper).into_iter().map(text).collect();
        Axis::with_ticks(from, to, label, ticks)
    } else {
        let mut axis = Axis::new(from, to, label);
        axis.ticks.retain(|tick| tick.at <= to);
        Axis { to, grid: false, ..axis }
    };
    let top = data.classes.iter().map(|class| class.expected.max(class.actual as f64));
    let y = Axis::new(0.0, top.fold(0.0, f64::max), "Active periods of customers");
    let chart = Chart { area: chart_area(), x, y };
    chart.frame(&mut page);
    let mut line = Vec::new();
    for class in &data.classes {
        let (lower, upper) = (on_axis(class.lower), on_axis(class.upper));
        let (a, b) = (chart.at(lower, class.actual as f64), chart.at(upper, 0.0));
        page.rect((a.0 + 0.5, a.1), (b.0 - 0.5, b.1), BARS);
        line.push(chart.at(f64::midpoint(lower, upper), class.expected));
    }
    // Classes without an end of their own stand apart.
    let last = line.pop();
    let first = (data.logarithmic && !line.is_empty()).then(|| line.remove(0));
    for at in [first, last].into_iter().flatten() {
        page.dot(at, 4.0, MODEL);
    }
    page.line(line, MODEL, 2.5);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_keeps_the_mean() {
        let law = ValueLaw::GammaGamma { p: 3.0, q: 2.5, k: 40.0 };
        assert!((average(law, 4).mean().unwrap() / law.mean().unwrap() - 1.0).abs() < 1e-15);
        let same = ValueLaw::SameForAll { p: 3.0, rate: 0.1 };
        assert!((average(same, 4).mean().unwrap() / 30.0 - 1.0).abs() < 1e-15);
    }
}
