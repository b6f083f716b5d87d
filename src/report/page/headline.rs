//! The coming periods against the last ones.

use super::blocks::{Block, Card, Figure, Section};
use super::chart::{Across, Chart, Layer, Unit};
use super::periods;
use super::show::signed_percent;
use super::view::{Measure, View, short_label};
use crate::evaluate::Baseline;
use crate::panel::PeriodIndex;
use crate::predict::{Bound, Window};
use crate::report::Lang;
use crate::report::like_for_like::expense_caution;
use crate::report::numbers::{count, decimal, money, percent};
use crate::segment::Past;

/// Past periods of a chart.
const SHOWN: usize = 12;

/// The section.
pub(super) fn section(view: &View<'_>) -> Section {
    let mut blocks = Vec::new();
    if view.is_score() {
        blocks.push(Block::Alert {
            text: view.say(
                "These are scores of potential by the published point rule, not expected sales: they do not add up to sales and are no budget. --method auto gives expectations.",
                "以下数字是按已发表的点估计法得出的潜力评分，并非预期销售额：它们不能加总为销售额，也不能用作预算。使用 --method auto 可得到期望值。",
            ).to_owned(),
        });
    }
    let measures = measures(view);
    blocks.push(Block::text(sentence(view)));
    blocks.push(Block::Cards { cards: measures.iter().map(|m| card(view, *m)).collect() });
    let figures = measures.iter().map(|m| figure(view, *m)).collect();
    blocks.push(Block::Figures { figures });
    blocks.push(Block::Table { table: periods::table(view) });
    blocks.extend(notes(view).into_iter().map(Block::note));
    Section { id: "headline", title: view.say("What is coming", "未来展望").to_owned(), blocks }
}

/// What is forecast, the most important first.
fn measures(view: &View<'_>) -> Vec<Measure> {
    let has = |measure: &Measure| measure.of_totals(view.findings.summary.totals).is_some();
    [Measure::Profit, Measure::Amount, Measure::Purchases].into_iter().filter(has).collect()
}

/// Expected in all coming periods together, none of them discounted.
fn ahead(view: &View<'_>, measure: Measure) -> Option<f64> {
    let periods = &view.findings.summary.totals.periods;
    periods.iter().map(|period| measure.of_period(period)).sum()
}

/// As many past periods as are forecast, where there are so many.
fn last(view: &View<'_>) -> Option<Past> {
    let horizon = i32::try_from(view.horizon()).ok()?;
    view.between(1 - horizon, 0)
}

/// The coming periods a year before; `None` where they are not all past.
fn year_before(view: &View<'_>) -> Option<Past> {
    let horizon = i32::try_from(view.horizon()).ok()?;
    let year = i32::try_from(Baseline::year(view.findings.summary.panel.grid.period())).ok()?;
    if horizon > year { None } else { view.between(1 - year, horizon - year) }
}

/// 90 % of outcomes of a window.
fn interval(view: &View<'_>, measure: Measure, window: Window) -> Option<[Bound; 2]> {
    view.findings.summary.intervals?.total.ninety(measure.target(), window)
}

/// That of all periods, which is of the discounted sum where the run discounts.
fn total_interval(view: &View<'_>, measure: Measure) -> Option<[Bound; 2]> {
    let plain = view.findings.summary.rules.discount == 0.0 || measure == Measure::Purchases;
    interval(view, measure, Window::Total).filter(|_| plain)
}

/// A sum of a measure, as people read it.
fn sum(measure: Measure, value: f64) -> String {
    if measure.is_money() { money(value) } else { decimal(value, 0) }
}

/// Two bounds in words.
fn range(view: &View<'_>, measure: Measure, [low, high]: [Bound; 2]) -> String {
    let (low, high) = (sum(measure, low.value), sum(measure, high.value));
    format!("{low} {} {high}", view.say("to", "至"))
}

/// The headline in words.
fn sentence(view: &View<'_>) -> String {
    let (summary, lead) = (&view.findings.summary, view.lead);
    let customers = count(summary.panel.customers.len() as u64);
    let Some(ahead) = ahead(view, lead) else {
        return view
            .say("Nothing can be forecast for these customers.", "无法对这些客户作出预测。")
            .to_owned();
    };
    let (value, name, coming) = (sum(lead, ahead), view.lower(lead), view.coming());
    let currency = view.unit(lead);
    let by = summary.panel.grid.as_of();
    if view.is_score() {
        return match view.lang {
            Lang::En => format!(
                "By the point method the customers known by {by}, {customers} of them, score {value}{currency} of {name} in {coming}: a measure of potential, and no expectation."
            ),
            Lang::Zh => format!(
                "按点估计法，截至 {by} 的 {customers} 位客户在 {coming} 的{name}得分为 {value}{currency}：这是潜力评分，不是预期值。"
            ),
        };
    }
    let what = if lead == Measure::Purchases {
        format!("make {value} purchases")
    } else {
        format!("bring {value}{currency} of {name}")
    };
    let mut text = match (view.lang, summary.panel.customers.len()) {
        (Lang::En, 1) => {
            format!("The one customer known by {by} is expected to {what} in {coming}.")
        }
        (Lang::En, _) => {
            format!("The {customers} customers known by {by} are expected to {what} in {coming}.")
        }
        (Lang::Zh, _) => format!(
            "截至 {by} 已有 {customers} 位客户，预计在 {coming} 共带来{name} {value}{currency}。"
        ),
    };
    if let (Some(before), false) =
        (last(view).and_then(|past| view.past(lead, &past)), view.is_score())
    {
        let last = view.periods(view.horizon());
        let before_shown = sum(lead, before);
        let change = (before > 0.0).then(|| ahead / before - 1.0);
        text.push_str(&match (view.lang, change) {
            (Lang::En, Some(change)) => format!(
                " That is {} against the last {last} ({before_shown}).",
                signed_percent(change)
            ),
            (Lang::En, None) => format!(" The last {last} brought {before_shown}."),
            (Lang::Zh, Some(change)) => {
                format!("与过去 {last}（{before_shown}）相比变化 {}。", signed_percent(change))
            }
            (Lang::Zh, None) => format!("过去 {last}为 {before_shown}。"),
        });
    }
    if let Some(bounds) = total_interval(view, lead) {
        let range = range(view, lead, bounds);
        text.push_str(&match view.lang {
            Lang::En => format!(
                " In nine of ten cases it should lie between {}.",
                range.replace(" to ", " and ")
            ),
            Lang::Zh => format!("十次中有九次应落在 {range} 之间。"),
        });
    }
    text
}

/// The card of a measure.
fn card(view: &View<'_>, measure: Measure) -> Card {
    let ahead = ahead(view, measure);
    let before = last(view).and_then(|past| view.past(measure, &past)).filter(|_| !view.is_score());
    let change = ahead.zip(before).filter(|(_, before)| *before > 0.0).map(|(a, b)| a / b - 1.0);
    let periods = view.periods(view.horizon());
    let mut lines = Vec::new();
    if let Some(before) = before {
        lines.push(format!(
            "{} {periods}{}{}",
            view.say("Last", "过去"),
            view.say(": ", "："),
            sum(measure, before)
        ));
    }
    let year = year_before(view).and_then(|past| view.past(measure, &past));
    if let (Some(year), false) = (year, view.is_score()) {
        lines.push(format!(
            "{}{}",
            view.say("Same periods a year before: ", "上年同期："),
            sum(measure, year)
        ));
    }
    if let Some(bounds) = total_interval(view, measure) {
        lines.push(format!(
            "{}{}",
            view.say("90 % of outcomes: ", "90 % 区间："),
            range(view, measure, bounds)
        ));
    }
    let next = match view.lang {
        Lang::En => format!("{}, next {periods}{}", view.name(measure), view.unit(measure)),
        Lang::Zh => format!("未来 {periods}{}{}", view.name(measure), view.unit(measure)),
    };
    Card {
        name: next,
        value: ahead.map_or_else(|| "–".to_owned(), |value| sum(measure, value)),
        trend: match change {
            Some(change) if change > 0.0 => "up",
            Some(change) if change < 0.0 => "down",
            _ => "",
        },
        change: change.map(|change| match view.lang {
            Lang::En => format!("{} against the last {periods}", signed_percent(change)),
            Lang::Zh => format!("较过去 {periods} {}", signed_percent(change)),
        }),
        lines,
    }
}

/// Past and coming periods of a measure.
fn figure(view: &View<'_>, measure: Measure) -> Figure {
    let summary = &view.findings.summary;
    let first = summary.panel.first_period().0.max(1 - i32::try_from(SHOWN).unwrap_or(1));
    let (mut names, mut past, mut coming, mut intervals) = (vec![], vec![], vec![], vec![]);
    for index in first..=0 {
        names.push(short_label(&summary.panel.grid.label(PeriodIndex(index))).to_owned());
        past.push(view.between(index, index).and_then(|own| view.past(measure, &own)));
        coming.push(None);
        intervals.push(None);
    }
    for (h, label) in summary.forecast.labels.iter().enumerate() {
        names.push(short_label(label).to_owned());
        coming.push(summary.totals.periods.get(h).and_then(|period| measure.of_period(period)));
        let bounds = interval(view, measure, Window::Period(h));
        intervals.push(bounds.map(|[low, high]| (low.value, high.value)));
    }
    let has_intervals = intervals.iter().any(Option::is_some);
    let title = match view.lang {
        Lang::En => format!("{} by {}", view.name(measure), view.period()),
        Lang::Zh => format!("{}{}", view.each(), view.name(measure)),
    };
    let alternative = match view.lang {
        Lang::En => format!(
            "{title}: the past, then the forecast for {}. The numbers are in the table below.",
            view.coming()
        ),
        Lang::Zh => format!("{title}：先是历史，然后是 {} 的预测。数字见下表。", view.coming()),
    };
    let chart = Chart {
        across: (Across::Names(names), view.period()),
        up: (format!("{}{}", view.name(measure), view.unit(measure)), Unit::Plain),
        layers: vec![
            Layer::Columns("past", (0, 1), past),
            Layer::Columns("ahead", (0, 1), coming),
            Layer::Intervals(intervals),
        ],
    };
    let mut legend = vec![
        ("past", view.say("past", "历史").to_owned()),
        ("ahead", view.say("forecast", "预测").to_owned()),
    ];
    if has_intervals {
        legend.push(("interval", view.say("90 % of outcomes", "90 % 区间").to_owned()));
    }
    Figure { svg: chart.draw(view.lang, &alternative), title, legend, caption: String::new() }
}

/// What the numbers hold and what they do not.
fn notes(view: &View<'_>) -> Vec<String> {
    let summary = &view.findings.summary;
    let mut notes = vec![view.say(
        "Past periods hold everybody who purchased then; the forecast holds only customers you already have. New customers come on top.",
        "历史数字包含当期的所有购买者；预测只包含现有客户，新客户带来的销售另计。",
    ).to_owned()];
    if let Some(new) = &view.findings.manifest.customers_yet_to_come {
        let customers: f64 = new.iter().map(|period| period.customers).sum();
        let purchases: f64 = new.iter().map(|period| period.purchases).sum();
        let amount: Option<f64> = new.iter().map(|period| period.amount).sum();
        let worth = amount
            .map(|amount| match view.lang {
                Lang::En => format!(" worth {}", money(amount)),
                Lang::Zh => format!("，销售额约 {}", money(amount)),
            })
            .unwrap_or_default();
        notes.push(match view.lang {
            Lang::En => format!(
                "Customers yet to come, in no number here: about {} with {} purchases{worth}, if as many come as in the last year.",
                decimal(customers, 1), decimal(purchases, 1)
            ),
            Lang::Zh => format!(
                "未来的新客户（不在任何数字之内）：若与过去一年来的人数相同，约 {} 位，购买 {} 次{worth}。",
                decimal(customers, 1), decimal(purchases, 1)
            ),
        });
    }
    notes.extend(expense_caution(summary, view.lang).map(str::to_owned));
    if summary.rules.discount != 0.0 {
        let rate = percent(summary.rules.discount);
        let total = view
            .lead
            .of_totals(summary.totals)
            .map_or_else(|| "–".to_owned(), |v| sum(view.lead, v));
        let bounds = interval(view, view.lead, Window::Total);
        let bounds = bounds.map(|bounds| {
            format!(
                "{}{}",
                view.say("; 90 % of outcomes ", "，90 % 区间 "),
                range(view, view.lead, bounds)
            )
        });
        let bounds = bounds.unwrap_or_default();
        notes.push(match view.lang {
            Lang::En => format!(
                "Periods and their sums in this section are not discounted. Discounted at {rate} a period, {} is {total}{bounds}; totals in the other sections are discounted.", view.lower(view.lead)
            ),
            Lang::Zh => format!(
                "本节各期数字及合计均未折现。按每期 {rate} 折现，{}为 {total}{bounds}；其他各节的合计为折现后的数字。", view.lower(view.lead)
            ),
        });
    }
    if summary.intervals.is_none() {
        notes.push(view.say(
            "This run has no intervals; --quantiles asks for them, for methods that have a distribution.",
            "本次运行没有计算区间；对有分布的方法，可用 --quantiles 要求计算。",
        ).to_owned());
    }
    notes.extend(missing(view));
    notes
}

/// Customers that are not in the totals.
fn missing(view: &View<'_>) -> Vec<String> {
    let totals = view.findings.summary.totals;
    let all = [
        (
            totals.without_forecast,
            "Customers without a forecast, who are not in the totals: {n}.",
            "{n} 位客户没有预测，不在合计之内。",
        ),
        (
            totals.infinite_mean,
            "Customers of infinite expected value, who are not in the money totals: {n}.",
            "{n} 位客户的期望价值为无限大，不在金额合计之内。",
        ),
    ];
    let some = all.into_iter().filter(|(n, _, _)| *n > 0);
    some.map(|(n, en, zh)| view.say(en, zh).replace("{n}", &count(n as u64))).collect()
}
