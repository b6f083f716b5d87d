//! How well the model describes the past, in charts.

use super::blocks::Figure;
use super::chart::{Across, Chart, Layer, Unit};
use super::view::{View, short_label};
use crate::plots::{CalendarFactors, Histogram, Tracking};
use crate::report::Lang;
use crate::report::numbers::decimal;

/// Periods of a chart.
const PERIODS: usize = 24;

/// Purchases by period against what the model expects.
pub(super) fn tracking(view: &View<'_>) -> Option<Figure> {
    let summary = &view.findings.summary;
    let data = Tracking::new(summary.panel, summary.model, None)?;
    let from = data.periods.len().saturating_sub(PERIODS);
    let periods = &data.periods[from..];
    let what = if data.repeats {
        view.say("Repeat purchases", "复购次数")
    } else {
        view.say("Purchases", "购买次数")
    };
    let title = match view.lang {
        Lang::En => format!("{what} by {}: made and expected", view.period()),
        Lang::Zh => format!("{}{what}：实际与模型期望", view.each()),
    };
    let off: f64 = data.periods.iter().filter_map(|p| Some((p.actual? - p.expected).abs())).sum();
    let made: f64 = data.periods.iter().filter_map(|p| p.actual).sum();
    let caption = match view.lang {
        _ if made <= 0.0 => String::new(),
        Lang::En => format!(
            "On average the model is off by {} % of the purchases of a period.",
            decimal(100.0 * off / made, 0)
        ),
        Lang::Zh => {
            format!("模型与实际的平均偏离为各期购买次数的 {} %。", decimal(100.0 * off / made, 0))
        }
    };
    let expected = (0_u32..).map(f64::from).zip(periods.iter().map(|period| period.expected));
    let chart = Chart {
        across: (
            Across::Names(
                periods.iter().map(|period| short_label(&period.label).to_owned()).collect(),
            ),
            view.period(),
        ),
        up: (what.to_owned(), Unit::Plain),
        layers: vec![
            Layer::Columns("past", (0, 1), periods.iter().map(|period| period.actual).collect()),
            Layer::Line("ahead", true, expected.collect()),
        ],
    };
    Some(Figure {
        svg: chart.draw(view.lang, &format!("{title}. {caption}")),
        title,
        legend: legend(view),
        caption,
    })
}

/// Columns are what happened, dots what the model expects.
fn legend(view: &View<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("past", view.say("actual", "实际").to_owned()),
        ("ahead", view.say("expected by the model", "模型期望").to_owned()),
    ]
}

/// Customers by number of purchases.
pub(super) fn histogram(view: &View<'_>) -> Option<Figure> {
    let summary = &view.findings.summary;
    let data = Histogram::new(summary.panel, summary.model, None)?;
    let what = if data.repeats {
        view.say("repeat purchases", "复购次数")
    } else {
        view.say("purchases", "购买次数")
    };
    let title = match view.lang {
        Lang::En => format!("Customers by number of {what}"),
        Lang::Zh => format!("按{what}划分的客户数"),
    };
    let off =
        data.actual.iter().zip(&data.expected).map(|(n, expected)| (*n as f64 - expected).abs());
    let customers: u64 = data.actual.iter().sum();
    let off = decimal(50.0 * off.sum::<f64>() / customers.max(1) as f64, 1);
    let caption = match view.lang {
        Lang::En => {
            format!("{off} % of the customers would have to change places for a perfect match.")
        }
        Lang::Zh => format!("要与模型完全吻合，需有 {off} % 的客户换到其他组。"),
    };
    let expected = (0_u32..).map(f64::from).zip(data.expected.iter().copied());
    let chart = Chart {
        across: (
            Across::Names(data.classes()),
            match view.lang {
                Lang::En => format!("Number of {what}"),
                Lang::Zh => what.to_owned(),
            },
        ),
        up: (view.say("Customers", "客户数").to_owned(), Unit::Plain),
        layers: vec![
            Layer::Columns("past", (0, 1), data.actual.iter().map(|n| Some(*n as f64)).collect()),
            Layer::Line("ahead", true, expected.collect()),
        ],
    };
    Some(Figure {
        svg: chart.draw(view.lang, &format!("{title}. {caption}")),
        title,
        legend: legend(view),
        caption,
    })
}

/// How strong periods are by the calendar.
pub(super) fn factors(view: &View<'_>) -> Option<Figure> {
    let summary = &view.findings.summary;
    let horizon = u32::try_from(view.horizon()).unwrap_or(0);
    let data = CalendarFactors::new(summary.panel, summary.model, horizon)?;
    let from = data.periods.len().saturating_sub(PERIODS);
    let periods = &data.periods[from..];
    let places = || (0_u32..).map(f64::from);
    let line = |of: &dyn Fn(&crate::plots::FactorPeriod) -> Option<f64>| -> Vec<(f64, f64)> {
        places().zip(periods).filter_map(|(x, period)| Some((x, of(period)?))).collect()
    };
    let (purchases, values) =
        (line(&|p| Some(p.purchases?.total)), line(&|p| Some(p.values?.total)));
    let (mut layers, mut legend) = (Vec::new(), Vec::new());
    if !purchases.is_empty() {
        layers.push(Layer::Line("ahead", true, purchases));
        legend.push(("ahead", view.say("purchases", "购买次数").to_owned()));
    }
    if !values.is_empty() {
        layers.push(Layer::Line("c1", true, values));
        legend.push(("c1", view.say("purchase values", "购买金额").to_owned()));
    }
    layers.insert(
        0,
        Layer::Line("even", false, vec![(0.0, 1.0), (periods.len().saturating_sub(1) as f64, 1.0)]),
    );
    let title =
        view.say("How strong periods are: season and trend", "各期强弱：季节与趋势").to_owned();
    let caption =
        view.say("1 is an average period of the history.", "1 表示历史上的平均水平。").to_owned();
    let chart = Chart {
        across: (
            Across::Names(
                periods.iter().map(|period| short_label(&period.label).to_owned()).collect(),
            ),
            view.period(),
        ),
        up: (view.say("Factor", "系数").to_owned(), Unit::Plain),
        layers,
    };
    Some(Figure {
        svg: chart.draw(view.lang, &format!("{title}. {caption}")),
        title,
        legend,
        caption,
    })
}
