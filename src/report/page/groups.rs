//! Groups of customers: what each bought and what it is expected to bring.

use super::bars::{Bar, bars};
use super::blocks::{Block, Cell, Figure, Section, Table, head};
use super::layers::LAYER;
use super::show::{adding_up, signed_percent, within};
use super::view::{View, short_label};
use crate::report::Lang;
use crate::report::group_rules::{caution, rule};
use crate::report::group_words::{column_meaning, column_name, label_name};
use crate::report::numbers::{count, decimal, money, percent};
use crate::report::visible::visible;
use crate::segment::{GroupSummary, Grouping, Past, summarise};

/// Groups with a row and a bar of their own.
const SHOWN: usize = 20;

/// Bars of a grouping with more groups than that.
const DRAWN: usize = 10;

/// One row of a table of groups.
struct Line {
    name: String,
    /// Whether the name is from the data.
    data: bool,
    customers: u64,
    past: Option<f64>,
    recent: Option<f64>,
    coming: Vec<Option<f64>>,
    total: Option<f64>,
    /// Whether it is of the groups without a row of their own.
    rest: bool,
}

/// All other groupings.
pub(super) fn segments(view: &View<'_>) -> Section {
    let all = view.findings.segmentation.groupings.iter();
    let mut blocks = vec![Block::note(caution(view.lang))];
    for grouping in all.filter(|grouping| grouping.column != LAYER) {
        blocks.push(Block::heading(visible(&column_name(view.lang, &grouping.column))));
        let meaning = column_meaning(view.lang, &grouping.column);
        blocks.extend((!meaning.is_empty()).then(|| Block::note(meaning)));
        blocks.extend(how(view, &grouping.column));
        let (figure, table) = group(view, grouping, false);
        blocks.push(Block::Figures { figures: vec![figure] });
        blocks.push(Block::Table { table });
    }
    if blocks.len() == 1 {
        blocks = vec![Block::text(view.say(
            "There are no groups: the data name no segments, and none were made.",
            "没有分组：数据中没有客户分类，也没有另行划分。",
        ))];
    }
    Section { id: "segments", title: view.say("Segments", "客户分群").to_owned(), blocks }
}

/// How customers got into the groups of a grouping.
pub(super) fn how(view: &View<'_>, column: &str) -> Option<Block> {
    let rule = rule(view.lang, column, view.findings.segmentation);
    (!rule.is_empty()).then(|| Block::note(rule))
}

/// The bars and the table of a grouping.
pub(super) fn group(view: &View<'_>, grouping: &Grouping, with_customers: bool) -> (Figure, Table) {
    let lines = lines(view, grouping);
    let whole = whole(view);
    let column = visible(&column_name(view.lang, &grouping.column));
    (
        figure(view, &column, &lines, &whole, with_customers),
        table(view, grouping, &column, &lines, &whole),
    )
}

/// The groups of a grouping; of many the largest, and the others together.
fn lines(view: &View<'_>, grouping: &Grouping) -> Vec<Line> {
    let summary = &view.findings.summary;
    let mut lines: Vec<Line> = summarise(summary.panel, summary.forecast, grouping)
        .iter()
        .filter(|own| own.customers > 0)
        .map(|own| line(view, grouping, own))
        .collect();
    if lines.len() <= SHOWN {
        return lines;
    }
    let rank = |line: &Line| line.total.or(line.past).unwrap_or(f64::NEG_INFINITY);
    lines.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let rest = lines.split_off(SHOWN);
    lines.push(together(view, &rest));
    lines
}

/// One group.
fn line(view: &View<'_>, grouping: &Grouping, own: &GroupSummary) -> Line {
    let label = own.group.and_then(|group| grouping.groups.get(group as usize));
    Line {
        name: match label {
            Some(label) => visible(&label_name(view.lang, &grouping.column, label)),
            None => view.say("(none)", "（无）").to_owned(),
        },
        data: label.is_some(),
        customers: own.customers,
        past: view.past(view.lead, &own.past),
        recent: view.past(view.lead, &own.recent),
        coming: own.totals.periods.iter().map(|period| view.lead.of_period(period)).collect(),
        total: view.lead.of_totals(&own.totals),
        rest: false,
    }
}

/// Groups without a row of their own, added up.
fn together(view: &View<'_>, rest: &[Line]) -> Line {
    let sum = |of: &dyn Fn(&Line) -> Option<f64>| {
        rest.iter()
            .filter_map(of)
            .fold(None, |sum: Option<f64>, value| Some(sum.unwrap_or(0.0) + value))
    };
    Line {
        name: match view.lang {
            Lang::En => format!("{} smaller groups together", rest.len()),
            Lang::Zh => format!("其余 {} 组合计", rest.len()),
        },
        data: false,
        customers: rest.iter().map(|line| line.customers).sum(),
        past: sum(&|line| line.past),
        recent: sum(&|line| line.recent),
        coming: (0..view.horizon())
            .map(|h| sum(&|line| line.coming.get(h).copied().flatten()))
            .collect(),
        total: sum(&|line| line.total),
        rest: true,
    }
}

/// All customers, from the totals of the run and not from the groups.
fn whole(view: &View<'_>) -> Line {
    let summary = &view.findings.summary;
    let mut past = Past::default();
    for customer in &summary.panel.customers {
        past.purchases += u64::from(customer.purchases);
        past.amount += customer.amount;
        past.cost += customer.cost;
        past.expense += customer.expense;
    }
    let horizon = i32::try_from(view.horizon()).unwrap_or(i32::MAX);
    let first = summary.panel.first_period().0.max(1_i32.saturating_sub(horizon));
    let recent = view.between(first, 0).unwrap_or_default();
    Line {
        name: view.say("All customers", "全部客户").to_owned(),
        data: false,
        customers: summary.panel.customers.len() as u64,
        past: view.past(view.lead, &past),
        recent: view.past(view.lead, &recent),
        coming: summary.totals.periods.iter().map(|period| view.lead.of_period(period)).collect(),
        total: view.lead.of_totals(summary.totals),
        rest: false,
    }
}

/// A line's part of the whole forecast.
fn share(line: &Line, whole: &Line) -> Option<f64> {
    whole.total.filter(|total| *total > 0.0).map(|total| line.total.unwrap_or(0.0) / total)
}

/// The bars of a grouping.
fn figure(view: &View<'_>, column: &str, lines: &[Line], whole: &Line, customers: bool) -> Figure {
    let lead = view.lead;
    let bar = |line: &Line| {
        let part = share(line, whole);
        let of_all = line.customers as f64 / whole.customers.max(1) as f64;
        let value = line.total.unwrap_or(0.0);
        let values = if customers {
            vec![
                ("past", of_all, percent(of_all)),
                ("ahead", part.unwrap_or(0.0), part.map_or_else(|| "–".to_owned(), percent)),
            ]
        } else {
            let shown = if lead.is_money() { money(value) } else { decimal(value, 1) };
            let part = part.map(|part| format!(" ({})", percent(part))).unwrap_or_default();
            vec![("ahead", value, format!("{shown}{part}"))]
        };
        Bar { name: line.name.clone(), values }
    };
    let (coming, name) = (view.coming(), view.name(lead));
    let title = match (view.lang, customers) {
        (Lang::En, true) => format!(
            "Share of customers and of {} in {coming}, by {}",
            view.lower(lead),
            within(column)
        ),
        (Lang::En, false) => format!(
            "{name} {} {coming}, by {}{}",
            if view.is_score() { "as scored for" } else { "expected in" },
            within(column),
            view.unit(lead)
        ),
        (Lang::Zh, true) => format!("各{column}的客户占比与 {coming} {name}占比"),
        (Lang::Zh, false) => format!(
            "各{column} {coming} {}{name}{}",
            if view.is_score() { "评分" } else { "预计" },
            view.unit(lead)
        ),
    };
    // Many bars say less than few: the table has all.
    let all = lines.iter().filter(|line| !line.rest);
    let most = if lines.len() > SHOWN { DRAWN } else { SHOWN };
    let drawn: Vec<Bar> = all.take(most).map(bar).collect();
    let caption = match view.lang {
        _ if drawn.len() == lines.len() => String::new(),
        Lang::En => format!("The {} largest groups; the table has the others.", drawn.len()),
        Lang::Zh => format!("仅绘出最大的 {} 组，其余见下表。", drawn.len()),
    };
    let alternative = match view.lang {
        Lang::En => format!("{title}. The numbers are in the table below."),
        Lang::Zh => format!("{title}。数字见下表。"),
    };
    let legend = if customers {
        vec![
            ("past", view.say("share of customers", "客户占比").to_owned()),
            (
                "ahead",
                match view.lang {
                    Lang::En => format!("share of {}", view.lower(lead)),
                    Lang::Zh => format!("{name}占比"),
                },
            ),
        ]
    } else {
        Vec::new()
    };
    Figure { svg: bars(&drawn, &alternative), title, legend, caption }
}

/// Numbers of a column: of the lines, and their sum, as shown.
fn shown(view: &View<'_>, parts: Vec<Option<f64>>, sum: Option<f64>) -> (Vec<Cell>, Cell) {
    let Some(sum) = sum else {
        return (
            parts.into_iter().map(|part| Cell::maybe(part, money)).collect(),
            Cell::maybe(None, money),
        );
    };
    let known: Vec<f64> = parts.iter().flatten().copied().collect();
    let whole = known.iter().all(|part| part.fract() == 0.0);
    let places = if view.lead.is_money() { 2 } else { usize::from(!whole) };
    let (texts, text) = adding_up(&known, sum, places);
    let mut texts = texts.into_iter();
    let cell = |part: Option<f64>| match part {
        Some(part) => Cell::number(part, texts.next().unwrap_or_default()),
        None => Cell::maybe(None, money),
    };
    (parts.into_iter().map(cell).collect(), Cell::number(sum, text))
}

/// The table of a grouping, whose last row is the portfolio.
fn table(
    view: &View<'_>,
    grouping: &Grouping,
    column: &str,
    lines: &[Line],
    whole: &Line,
) -> Table {
    let labels = &view.findings.summary.forecast.labels;
    let seen = view.horizon().min(view.findings.summary.panel.periods as usize);
    let (name, last) = (view.name(view.lead), view.periods(seen));
    let (past, recent, total) = match view.lang {
        Lang::En => {
            (format!("{name} so far"), format!("Last {last}"), "Forecast together".to_owned())
        }
        Lang::Zh => (format!("历史{name}"), format!("过去 {last}"), "预测合计".to_owned()),
    };
    let mut names =
        vec![(column.to_owned(), false), (view.say("Customers", "客户数").to_owned(), true)];
    names.extend([(past, true), (recent, true)]);
    names.extend(
        labels.iter().map(|label| {
            (format!("{} {}", short_label(label), view.say("forecast", "预测")), true)
        }),
    );
    names.extend([
        (total, true),
        (view.say("Share", "占比").to_owned(), true),
        (view.say("Change", "变化").to_owned(), true),
    ]);
    let mut columns: Vec<(Vec<Cell>, Cell)> = Vec::new();
    columns.push((
        lines.iter().map(|l| Cell::number(l.customers as f64, count(l.customers))).collect(),
        Cell::number(whole.customers as f64, count(whole.customers)),
    ));
    let mut add = |of: &dyn Fn(&Line) -> Option<f64>| {
        columns.push(shown(view, lines.iter().map(of).collect(), of(whole)));
    };
    add(&|line| line.past);
    add(&|line| line.recent);
    for h in 0..labels.len() {
        add(&|line| line.coming.get(h).copied().flatten());
    }
    add(&|line| line.total);
    let part = |line: &Line| Cell::maybe(share(line, whole), percent);
    columns.push((lines.iter().map(part).collect(), part(whole)));
    // More coming periods than past ones are compared with nothing.
    let enough = view.horizon() <= view.findings.summary.panel.periods as usize && !view.is_score();
    let change = |line: &Line| {
        let ahead: Option<f64> = line.coming.iter().copied().sum();
        let before = line.recent.filter(|before| *before > 0.0 && enough);
        Cell::maybe(ahead.zip(before).map(|(ahead, before)| ahead / before - 1.0), signed_percent)
    };
    columns.push((lines.iter().map(change).collect(), change(whole)));
    let mut rows: Vec<Vec<Cell>> = lines
        .iter()
        .map(|line| vec![Cell { data: line.data, ..Cell::text(line.name.clone()) }])
        .collect();
    let mut foot = vec![Cell::text(whole.name.clone())];
    for (cells, sum) in columns {
        rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell));
        foot.push(sum);
    }
    let unit = view.unit(view.lead);
    let caption = match view.lang {
        Lang::En => format!(
            "{name} by {}{unit}; change is the forecast against the last {last}",
            within(column)
        ),
        Lang::Zh => format!("各{column}{name}{unit}；变化为预测与过去 {last}之比"),
    };
    Table {
        id: format!("group-{}", position(view, grouping)),
        caption,
        head: head(names.iter().map(|(name, number)| (name.as_str(), *number))),
        rows,
        foot: vec![foot],
        live: false,
    }
}

/// The place of a grouping: a name for links that no data can spoil.
fn position(view: &View<'_>, grouping: &Grouping) -> usize {
    let all = &view.findings.segmentation.groupings;
    all.iter().position(|own| std::ptr::eq(own, grouping)).unwrap_or(all.len())
}
