//! The calendar: how strong each period is, past and coming.

use super::axis::{Axis, Chart, period_ticks};
use super::drawing::{Anchor, Drawing, Point};
use super::page::{Mark, chart_area, note, page};
use super::style::{AXIS, COMING, INK, MODEL, SECOND, Style, THIRD};
use super::table::Table;
use crate::calendar::{Calendar, GivenFactors, Season, Trend};
use crate::fit::FittedModel;
use crate::panel::{Panel, PeriodIndex};
use crate::report::numbers::decimal;
use crate::units::Day;

/// Factors of one period on purchases or on values; each has mean 1 over the panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor {
    /// All of them.
    pub total: f64,
    /// The season alone.
    pub season: f64,
    /// The trend alone.
    pub trend: f64,
    /// The factors of the calendar file alone.
    pub given: f64,
}

/// One period of [`CalendarFactors`].
#[derive(Debug, Clone, PartialEq)]
pub struct FactorPeriod {
    /// Its label.
    pub label: String,
    /// Its first day.
    pub start: Day,
    /// Its last day.
    pub end: Day,
    /// On the purchase rate; `None` without such a calendar.
    pub purchases: Option<Factor>,
    /// On purchase values; `None` without such a calendar.
    pub values: Option<Factor>,
}

/// Calendar factors by period, past and coming.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let mut model = clvcast::fit::FittedModel::from_json(&text)?;
/// use clvcast::{calendar::*, plots::CalendarFactors};
/// assert_eq!(CalendarFactors::new(&panel, &model, 3), None); // no calendar
/// let ln = [0.5_f64, 1.0, 1.0, 1.5].map(f64::ln).to_vec();
/// let season = Season::Factors { cycle: Cycle::Quarter, ln };
/// model.calendar = Some(Calendar { season, ..Calendar::default() });
/// let factors = CalendarFactors::new(&panel, &model, 3).unwrap();
/// assert_eq!((factors.periods.len(), factors.past), (19, 16));
/// assert!((factors.periods[16].purchases.unwrap().total - 0.5).abs() < 1e-12); // 2018-Q1
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarFactors {
    /// The periods, oldest first.
    pub periods: Vec<FactorPeriod>,
    /// How many of them are past.
    pub past: usize,
}

impl CalendarFactors {
    /// Those of a model over a panel and its horizon; `None` without a calendar.
    #[must_use]
    pub fn new(panel: &Panel, model: &FittedModel, horizon: u32) -> Option<Self> {
        let calendar = |calendar: &Option<Calendar>| -> Option<Calendar> {
            calendar.clone().filter(|calendar| !calendar.is_flat())
        };
        let (purchases, values) = (calendar(&model.calendar), calendar(&model.value_calendar));
        if purchases.is_none() && values.is_none() {
            return None;
        }
        let purchases = purchases.map(|calendar| Parts::new(panel, calendar));
        let values = values.map(|calendar| Parts::new(panel, calendar));
        let grid = &panel.grid;
        let period = |index: PeriodIndex| FactorPeriod {
            label: grid.label(index),
            start: grid.start(index),
            end: grid.end(index),
            purchases: purchases.as_ref().map(|parts| parts.of(panel, index)),
            values: values.as_ref().map(|parts| parts.of(panel, index)),
        };
        let last = i32::try_from(horizon).unwrap_or(i32::MAX);
        let periods = (panel.first_period().0..=last).map(PeriodIndex).map(period).collect();
        Some(Self { periods, past: panel.periods as usize })
    }

    /// One row per period.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut table = Table::new(&[
            "period",
            "start",
            "end",
            "purchases",
            "purchases_season",
            "purchases_trend",
            "purchases_given",
            "values",
            "values_season",
            "values_trend",
        ]);
        for p in &self.periods {
            let of = |factor: Option<Factor>, part: fn(&Factor) -> f64| factor.as_ref().map(part);
            table.row(&[
                &p.label,
                &p.start.to_string(),
                &p.end.to_string(),
                &of(p.purchases, |f| f.total),
                &of(p.purchases, |f| f.season),
                &of(p.purchases, |f| f.trend),
                &of(p.purchases, |f| f.given),
                &of(p.values, |f| f.total),
                &of(p.values, |f| f.season),
                &of(p.values, |f| f.trend),
            ]);
        }
        table.text()
    }
}

/// A calendar and its parts, each as a calendar of its own.
struct Parts([Calendar; 4]);

impl Parts {
    fn new(panel: &Panel, whole: Calendar) -> Self {
        let part = |season: Option<Season>, trend: Option<Trend>, given: Option<GivenFactors>| {
            let mut part = Calendar {
                season: season.unwrap_or_default(),
                trend: trend.unwrap_or_default(),
                given: given.unwrap_or_default(),
                origin: whole.origin,
                ln_level: 0.0,
            };
            part.normalise(&panel.grid, panel.first_period());
            part
        };
        let season = part(Some(whole.season.clone()), None, None);
        let trend = part(None, Some(whole.trend), None);
        let given = part(None, None, Some(whole.given.clone()));
        Self([whole, season, trend, given])
    }

    fn of(&self, panel: &Panel, index: PeriodIndex) -> Factor {
        let [total, season, trend, given] =
            [0, 1, 2, 3].map(|i: usize| self.0[i].period_factor(&panel.grid, index));
        Factor { total, season, trend, given }
    }
}

/// Draws the factors on purchases and on values, with the trend of the purchases apart.
///
/// ```
/// use clvcast::plots::{CalendarFactors, Factor, FactorPeriod, Style, draw_factors};
/// use clvcast::units::Day;
/// let factor = Factor { total: 1.2, season: 1.2, trend: 1.0, given: 1.0 };
/// let day = |month, day| Day::from_ymd(2018, month, day).unwrap();
/// let period = FactorPeriod {
///     label: "2018-Q1".into(),
///     start: day(1, 1),
///     end: day(3, 31),
///     purchases: Some(factor),
///     values: None,
/// };
/// let factors = CalendarFactors { periods: vec![period], past: 0 };
/// assert!(draw_factors(&factors, &Style::default()).to_svg()?.contains("2018-Q1"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_factors(data: &CalendarFactors, style: &Style) -> Drawing {
    let has = |part: &dyn Fn(&FactorPeriod) -> Option<f64>| {
        data.periods.iter().filter_map(part).any(|factor| (factor - 1.0).abs() > 1e-9)
    };
    let total = |p: &FactorPeriod| Some(p.purchases?.total);
    let trend = |p: &FactorPeriod| Some(p.purchases?.trend);
    let values = |p: &FactorPeriod| Some(p.values?.total);
    let mut legend = Vec::new();
    if has(&total) {
        legend.push((Mark::Line, MODEL, "purchases"));
    }
    if has(&trend) {
        legend.push((Mark::Dashes, THIRD, "trend of purchases alone"));
    }
    if has(&values) {
        legend.push((Mark::Line, SECOND, "purchase values"));
    }
    let title = "Calendar: how strong each period is";
    let mut page = page("calendar", title, caption(data), &legend, style);
    let (Some(first), Some(last)) = (data.periods.first(), data.periods.last()) else {
        return page;
    };
    let number = |day: Day| f64::from(day.number());
    let middle = |p: &FactorPeriod| f64::midpoint(number(p.start), number(p.end) + 1.0);
    let all = data.periods.iter().flat_map(|p| [total(p), trend(p), values(p)]).flatten();
    let (from, to) = (number(first.start), number(last.end) + 1.0);
    let area = chart_area();
    // Of two dates, the first will do.
    let label = |p: &FactorPeriod| p.label.split('/').next().unwrap_or(&p.label).to_owned();
    let labels = data.periods.iter().map(|p| (middle(p), label(p)));
    let chart = Chart {
        area,
        x: Axis::with_ticks(from, to, "Period", period_ticks(labels, area.1.0 - area.0.0)),
        y: Axis::new(0.0, all.fold(1.2, f64::max), "Factor; 1 is the mean of the past"),
    };
    let border = data.periods.get(data.past).map_or(to, |p| number(p.start));
    if border < to {
        page.rect(chart.at(border, chart.y.to), chart.at(to, 0.0), COMING);
    }
    chart.frame(&mut page);
    if from < border && border < to {
        page.dashed(&[chart.at(border, 0.0), chart.at(border, chart.y.to)], AXIS, 1.0);
        let (x, y) = chart.at(border, chart.y.to);
        note(&mut page, (x - 5.0, y + 8.0), "as-of date", Anchor::End);
    }
    page.line(vec![chart.at(from, 1.0), chart.at(to, 1.0)], INK, 1.0);
    let points = |part: &dyn Fn(&FactorPeriod) -> Option<f64>| -> Vec<Point> {
        data.periods.iter().filter_map(|p| Some(chart.at(middle(p), part(p)?))).collect()
    };
    if has(&trend) {
        page.dashed(&points(&trend), THIRD, 2.0);
    }
    for (part, colour) in [(&values as &dyn Fn(&FactorPeriod) -> _, SECOND), (&total, MODEL)] {
        if has(part) {
            let points = points(part);
            page.line(points.clone(), colour, 2.5);
            for at in points {
                page.dot(at, 3.5, colour);
            }
        }
    }
    page
}

fn caption(data: &CalendarFactors) -> String {
    let factors = |periods: &[FactorPeriod]| -> Vec<(String, f64)> {
        let factor = |p: &FactorPeriod| Some((p.label.clone(), p.purchases.or(p.values)?.total));
        periods.iter().filter_map(factor).collect()
    };
    let coming = factors(data.periods.get(data.past..).unwrap_or_default());
    let of = if coming.is_empty() { factors(&data.periods) } else { coming };
    let strongest = of.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let weakest = of.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let range = strongest.zip(weakest).map_or_else(String::new, |(strong, weak)| {
        format!(
            " The strongest period shown ahead, {}, has {} times the mean, the weakest, {}, {} times.",
            strong.0,
            decimal(strong.1, 2),
            weak.0,
            decimal(weak.1, 2),
        )
    });
    format!("A customer's rate in a period is its own rate times this factor.{range}")
}
