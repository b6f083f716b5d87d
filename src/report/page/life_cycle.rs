//! What the mean customer has brought by age.

use super::blocks::{Block, Cell, Figure, Section, Table, head};
use super::chart::{Across, Chart, Layer, Unit};
use super::view::{Measure, View};
use crate::report::Lang;
use crate::report::numbers::{count, decimal, money};
use crate::segment::{Curve, LifeCycle, Point};

/// Cohorts with a line of their own.
const COHORTS: usize = 4;

/// Cumulative value by age; `None` where it is not known.
pub(super) fn section(view: &View<'_>) -> Option<Section> {
    let cycle = view.findings.segmentation.life_cycle.as_ref()?;
    let all = cycle.curves.iter().find(|curve| curve.cohort.is_none())?;
    let mut blocks = vec![Block::text(payback(view, cycle, all))];
    blocks.push(Block::Figures { figures: vec![curves(view, cycle, all)] });
    blocks.push(Block::Table { table: cohorts(view, cycle) });
    let title = view.say("Life cycle", "客户生命周期").to_owned();
    Some(Section { id: "life-cycle", title, blocks })
}

/// When the mean customer has paid back what it cost.
fn payback(view: &View<'_>, cycle: &LifeCycle, curve: &Curve) -> String {
    let end = curve.points.last().map_or(0.0, |point| point.value);
    let age = curve.points.last().map_or(0, |point| point.age);
    let (end, cost) = (money(end), money(curve.acquisition_cost.unwrap_or(0.0)));
    let has_cost = curve.acquisition_cost.is_some();
    let mut text = match (view.lang, has_cost) {
        (Lang::En, true) => format!(
            "A customer costs {cost} to acquire on average and has brought {end} by age {age}, net of that cost."
        ),
        (Lang::En, false) => format!(
            "The mean customer has brought {end} by age {age}; no acquisition cost was given."
        ),
        (Lang::Zh, true) => {
            format!("平均每位客户的获客成本为 {cost}，到第 {age} 期累计净贡献 {end}。")
        }
        (Lang::Zh, false) => format!("平均每位客户到第 {age} 期累计贡献 {end}；未提供获客成本。"),
    };
    match (view.lang, curve.payback) {
        (Lang::En, Some(age)) if has_cost => {
            text.push_str(&format!(" It is paid back at age {age}."));
        }
        (Lang::En, None) if has_cost && cycle.of_profit => {
            text.push_str(" It is not paid back by then.");
        }
        (Lang::Zh, Some(age)) if has_cost => text.push_str(&format!("第 {age} 期收回成本。")),
        (Lang::Zh, None) if has_cost && cycle.of_profit => text.push_str("届时尚未收回成本。"),
        _ => {}
    }
    let unit = match view.lang {
        Lang::En => format!(
            " Age counts each {} since the first purchase, from 0; no value is discounted.",
            view.period()
        ),
        Lang::Zh => format!("期数自首次购买起按{}计，从 0 开始；各值均未折现。", view.period()),
    };
    text + &unit
}

/// What has been added up.
const fn measure(cycle: &LifeCycle) -> Measure {
    if cycle.of_profit { Measure::Profit } else { Measure::Amount }
}

/// The curves, known and forecast parts apart.
fn curves(view: &View<'_>, cycle: &LifeCycle, all: &Curve) -> Figure {
    const CLASSES: [&str; COHORTS] = ["c1", "c2", "c3", "c4"];
    let (mut layers, mut legend) = (Vec::new(), Vec::new());
    // The largest cohorts, in the order of time.
    let mut largest: Vec<usize> =
        (0..cycle.curves.len()).filter(|&i| cycle.curves[i].cohort.is_some()).collect();
    largest.sort_by_key(|&i| (std::cmp::Reverse(cycle.curves[i].customers), i));
    largest.truncate(COHORTS);
    largest.sort_unstable();
    for (&i, class) in largest.iter().zip(CLASSES) {
        let curve = &cycle.curves[i];
        // What is forecast is in the table: a line would not tell it from the past.
        let known = curve.points.iter().filter(|point| !point.forecast);
        let points = known.map(|point| (f64::from(point.age), point.value)).collect();
        layers.push(Layer::Line(class, false, points));
        let name = curve.cohort.as_deref().unwrap_or_default();
        legend.push((
            class,
            match view.lang {
                Lang::En => format!("first purchase in {name}"),
                Lang::Zh => format!("{name} 首购"),
            },
        ));
    }
    let known = |point: &&Point| !point.forecast;
    let place = |point: &Point| (f64::from(point.age), point.value);
    let past: Vec<(f64, f64)> = all.points.iter().filter(known).map(place).collect();
    let mut ahead: Vec<(f64, f64)> = past.last().copied().into_iter().collect();
    ahead.extend(all.points.iter().filter(|point| point.forecast).map(place));
    layers.push(Layer::Line("past", false, past));
    legend.insert(0, ("past", view.say("all customers", "全部客户").to_owned()));
    if ahead.len() > 1 {
        layers.push(Layer::Line("ahead", false, ahead));
        legend.insert(
            1,
            ("ahead", view.say("all customers, forecast", "全部客户（预测）").to_owned()),
        );
    }
    let measure = measure(cycle);
    let title = match view.lang {
        Lang::En => format!("Cumulative {} of the mean customer", view.lower(measure)),
        Lang::Zh => format!("平均每位客户的累计{}", view.name(measure)),
    };
    let to = {
        let known = cycle.curves.iter().flat_map(|curve| &curve.points).filter(known);
        known.map(|point| f64::from(point.age)).fold(1.0, f64::max)
    };
    let chart = Chart {
        across: (
            Across::Range { to, unit: Unit::Plain },
            match view.lang {
                Lang::En => format!("Age ({})", view.period()),
                Lang::Zh => format!("自首购起期数（{}）", view.period()),
            },
        ),
        up: (format!("{}{}", view.name(measure), view.unit(measure)), Unit::Plain),
        layers,
    };
    let alternative = format!("{title}. {}", payback(view, cycle, all));
    Figure { svg: chart.draw(view.lang, &alternative), title, legend, caption: String::new() }
}

/// One row for each curve.
fn cohorts(view: &View<'_>, cycle: &LifeCycle) -> Table {
    let columns = [
        (view.say("First purchase", "首购期间"), false),
        (view.say("Customers", "客户数"), true),
        (view.say("Acquisition cost", "获客成本"), true),
        (view.say("Paid back at age", "收回成本期数"), true),
        (view.say("Age reached", "已到期数"), true),
        (view.say("Value so far", "迄今累计"), true),
        (view.say("Value with the forecast", "含预测累计"), true),
    ];
    let row = |curve: &Curve| {
        let known = curve.points.iter().rfind(|point| !point.forecast);
        let end = curve.points.last().filter(|point| point.forecast);
        vec![
            Cell::text(curve.cohort.clone().unwrap_or_else(|| view.say("All", "全部").to_owned())),
            Cell::number(curve.customers as f64, count(curve.customers)),
            Cell::maybe(curve.acquisition_cost, money),
            Cell::maybe(curve.payback.map(f64::from), |age| decimal(age, 0)),
            Cell::maybe(known.map(|point| f64::from(point.age)), |age| decimal(age, 0)),
            Cell::maybe(known.map(|point| point.value), money),
            Cell::maybe(end.map(|point| point.value), money),
        ]
    };
    Table {
        id: "life-cycle-table".to_owned(),
        caption: format!(
            "{}{}",
            view.say("Mean customer by the period of the first purchase", "按首购期间的平均客户"),
            view.unit(measure(cycle))
        ),
        head: head(columns),
        rows: cycle.curves.iter().map(row).collect(),
        foot: Vec::new(),
        live: false,
    }
}
