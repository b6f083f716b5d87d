//! The most valuable customers, one by one, and all others together.

use super::blocks::{Block, Cell, Head, Section, Table};
use super::risk;
use super::show::adding_up;
use super::view::{Measure, View};
use crate::report::Lang;
use crate::report::flag_words::flag_words;
use crate::report::group_words::{column_name, label_name};
use crate::report::numbers::{MISSING, count, money, percent};
use crate::report::visible::visible;
use crate::segment::Grouping;
use crate::units::Money;
use crate::value::Flag;

/// Rows where the caller does not say how many.
const SHOWN: usize = 1000;

/// Decimals of money.
const CENTS: usize = 2;

/// Groupings with a column of their own.
const GROUPINGS: [&str; 4] = ["segment", "cell", "layer", "dormancy"];

/// The section.
pub(super) fn section(view: &View<'_>) -> Section {
    let ranked = ranked(view);
    let top = ranked.len().min(view.findings.top.unwrap_or(SHOWN));
    let shown = &ranked[..top];
    let all = view.findings.summary.panel.customers.len();
    let (n, name) = (count(shown.len() as u64), view.lower(view.lead));
    let text = match view.lang {
        Lang::En if shown.len() < all => format!(
            "The {n} most valuable of {} customers by forecast {name}, highest first; all others are in one row below, so that the table adds up to the portfolio.",
            count(all as u64)
        ),
        Lang::En => format!("All customers ({n}) by forecast {name}, highest first."),
        Lang::Zh if shown.len() < all => format!(
            "按预测{name}从高到低列出 {} 位客户中最有价值的 {n} 位；其余客户合并为末尾一行，全表合计等于客户总体。",
            count(all as u64)
        ),
        Lang::Zh => format!("按预测{name}从高到低列出全部 {n} 位客户。"),
    };
    let mut blocks =
        vec![Block::heading(view.say("Most valuable", "最有价值客户")), Block::text(text)];
    blocks.push(Block::Table { table: table(view, shown) });
    blocks.extend(flags(view, shown));
    blocks.extend(risk::blocks(view, &ranked));
    Section { id: "customers", title: view.say("Customers", "客户").to_owned(), blocks }
}

/// What a customer is forecast to bring, by the measure of the page.
pub(super) fn worth(view: &View<'_>, i: usize) -> Option<f64> {
    let forecast = view.findings.summary.forecast;
    match view.lead {
        Measure::Profit => forecast.gross_profit_total(i),
        Measure::Amount => forecast.amount_total(i),
        Measure::Purchases => purchases(view, i),
    }
}

/// Expected purchases of all coming periods.
fn purchases(view: &View<'_>, i: usize) -> Option<f64> {
    Some(view.findings.summary.forecast.periods(i)?.map(|period| period.step.purchases).sum())
}

/// What [`brought`] is: the forecast's measure as far as the past has it.
pub(super) fn brought_measure(view: &View<'_>) -> Measure {
    match (view.lead, view.findings.summary.panel.has_cost) {
        (Measure::Purchases, _) => Measure::Purchases,
        (Measure::Profit, true) => Measure::Profit,
        _ => Measure::Amount,
    }
}

/// What a customer has brought so far; `None` where the data do not say it.
pub(super) fn brought(view: &View<'_>, i: usize) -> Option<f64> {
    let panel = view.findings.summary.panel;
    let own = &panel.customers[i];
    match view.lead {
        Measure::Purchases => Some(f64::from(own.purchases)),
        Measure::Profit if panel.has_cost => {
            Some((own.amount - own.cost - own.expense).to_f64(panel.scale))
        }
        _ => panel.has_amount.then(|| own.amount.to_f64(panel.scale)),
    }
}

/// Customers, the most valuable first; those without a forecast come last, so that they are counted.
fn ranked(view: &View<'_>) -> Vec<usize> {
    let all = view.findings.summary.forecast.len();
    let mut ranked: Vec<(f64, usize)> =
        (0..all).map(|i| (worth(view, i).unwrap_or(f64::NEG_INFINITY), i)).collect();
    ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.into_iter().map(|(_, i)| i).collect()
}

/// Numbers of customers, in the order of their columns.
fn columns<'a>(view: &'a View<'a>) -> Vec<(Column<'a>, String)> {
    let summary = &view.findings.summary;
    let totals = summary.totals;
    let mut columns: Vec<(Column<'a>, String)> = Vec::new();
    let forecast = view.say("forecast", "预测");
    let past = (0..summary.panel.customers.len()).filter_map(|i| brought(view, i)).sum::<f64>();
    let past_name = brought_measure(view);
    if past_name == Measure::Purchases || summary.panel.has_amount {
        let past = if past_name.is_money() { exact_past(view) } else { past };
        let name = match view.lang {
            Lang::En => format!("Past {}", view.lower(past_name)),
            Lang::Zh => format!("历史{}", view.name(past_name)),
        };
        columns.push((
            Column {
                of: Box::new(move |i| brought(view, i)),
                all: Some((past, if past_name.is_money() { CENTS } else { 0 })),
            },
            name,
        ));
    }
    let join = |name: &str| match view.lang {
        Lang::En => format!("{name}, {forecast}"),
        Lang::Zh => format!("{forecast}{name}"),
    };
    columns.push((
        Column {
            of: Box::new(move |i| purchases(view, i)),
            all: Measure::Purchases.of_totals(totals).map(|all| (all, 1)),
        },
        join(view.name(Measure::Purchases)),
    ));
    if totals.amount.is_some() {
        columns.push((
            Column {
                of: Box::new(move |i| summary.forecast.amount_total(i)),
                all: totals.amount.map(|all| (all, CENTS)),
            },
            join(view.name(Measure::Amount)),
        ));
    }
    if totals.gross_profit.is_some() {
        columns.push((
            Column { of: Box::new(move |i| summary.forecast.period(i, 0)?.margin), all: None },
            view.say("Margin", "毛利率").to_owned(),
        ));
        columns.push((
            Column {
                of: Box::new(move |i| summary.forecast.gross_profit_total(i)),
                all: totals.gross_profit.map(|all| (all, CENTS)),
            },
            join(view.name(Measure::Profit)),
        ));
    }
    columns
}

/// A column of numbers: of each customer, and the sum of all with the decimals it is shown with.
/// Shares have no sum.
struct Column<'a> {
    of: Box<dyn Fn(usize) -> Option<f64> + 'a>,
    all: Option<(f64, usize)>,
}

/// The exact sum of the past, rounded once.
fn exact_past(view: &View<'_>) -> f64 {
    let panel = view.findings.summary.panel;
    let profit = view.lead == Measure::Profit && panel.has_cost;
    let of = |own: &crate::panel::Customer| {
        if profit { own.amount - own.cost - own.expense } else { own.amount }
    };
    panel.customers.iter().map(of).sum::<Money>().to_f64(panel.scale)
}

/// The table, which adds up to all customers.
fn table(view: &View<'_>, shown: &[usize]) -> Table {
    let summary = &view.findings.summary;
    let all = view.findings.segmentation.groupings.iter();
    let groupings: Vec<&Grouping> =
        all.filter(|own| GROUPINGS.contains(&own.column.as_str())).collect();
    let text = |text: String| Head { text, number: false };
    let mut head = vec![text(view.say("Customer", "客户").to_owned())];
    head.extend(groupings.iter().map(|own| text(visible(&column_name(view.lang, &own.column)))));
    head.push(text(view.say("Last purchase", "最近购买").to_owned()));
    let columns = columns(view);
    head.extend(columns.iter().map(|(_, name)| Head { text: name.clone(), number: true }));
    head.push(text(view.say("Flags", "标记").to_owned()));
    let mut rows: Vec<Vec<Cell>> = shown
        .iter()
        .map(|&i| {
            let mut cells = vec![Cell::data(&summary.panel.ids[i])];
            cells.extend(groupings.iter().map(|own| match own.label(i) {
                Some(label) => Cell::data(&label_name(view.lang, &own.column, label)),
                None => Cell::text(MISSING),
            }));
            let last = summary.panel.customers[i].last_purchase;
            cells.push(last.map_or_else(|| Cell::text(MISSING), |day| Cell::text(day.to_string())));
            cells
        })
        .collect();
    let blank = |name: &str| {
        let mut cells = vec![Cell::text(name)];
        cells.extend(std::iter::repeat_with(|| Cell::text("")).take(groupings.len() + 1));
        cells
    };
    let others = summary.panel.customers.len() - shown.len();
    let mut foot = Vec::new();
    if others > 0 {
        foot.push(blank(&match view.lang {
            Lang::En => format!("{} other customers together", count(others as u64)),
            Lang::Zh => format!("其余 {} 位客户合计", count(others as u64)),
        }));
    }
    foot.push(blank(view.say("All customers", "全部客户")));
    for (column, _) in &columns {
        add(column, shown, others > 0, &mut rows, &mut foot);
    }
    for (row, &i) in rows.iter_mut().zip(shown) {
        let own = summary.forecast.flags(i);
        let words: Vec<&str> = Flag::ALL
            .into_iter()
            .filter(|flag| own.has(*flag))
            .map(|flag| flag_words(view.lang, flag).0)
            .collect();
        row.push(Cell::text(words.join(view.say("; ", "；"))));
    }
    for row in &mut foot {
        row.push(Cell::text(""));
    }
    let unit = view.unit(Measure::Amount);
    Table {
        id: "top".to_owned(),
        caption: match view.lang {
            Lang::En => format!("Customers by value; forecast for {}{unit}", view.coming()),
            Lang::Zh => format!("客户价值排行；预测期 {}{unit}", view.coming()),
        },
        head,
        rows,
        foot,
        live: true,
    }
}

/// Writes a column into the rows, and what the others and all make of it below.
fn add(
    column: &Column<'_>,
    shown: &[usize],
    others: bool,
    rows: &mut [Vec<Cell>],
    foot: &mut [Vec<Cell>],
) {
    let values: Vec<Option<f64>> = shown.iter().map(|&i| (column.of)(i)).collect();
    let own: f64 = values.iter().flatten().sum();
    let cells: Vec<Cell> = if let Some((all, places)) = column.all {
        let mut parts: Vec<f64> = values.iter().flatten().copied().collect();
        parts.extend(others.then_some(all - own));
        let (mut texts, total) = adding_up(&parts, all, places);
        if let [rest, _] = foot {
            rest.push(Cell::number(all - own, texts.pop().unwrap_or_default()));
        }
        if let Some(last) = foot.last_mut() {
            last.push(Cell::number(all, total));
        }
        let mut texts = texts.into_iter();
        let cell = |value: &Option<f64>| match value {
            Some(value) => Cell::number(*value, texts.next().unwrap_or_default()),
            None => Cell::maybe(None, money),
        };
        values.iter().map(cell).collect()
    } else {
        for row in foot {
            row.push(Cell::maybe(None, percent));
        }
        values.iter().map(|value| Cell::maybe(*value, percent)).collect()
    };
    rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell));
}

/// The flags that are set in the table, and what they mean.
fn flags(view: &View<'_>, shown: &[usize]) -> Option<Block> {
    let forecast = view.findings.summary.forecast;
    let set = |flag: &Flag| shown.iter().any(|&i| forecast.flags(i).has(*flag));
    let terms: Vec<(String, String)> = Flag::ALL
        .into_iter()
        .filter(set)
        .map(|flag| flag_words(view.lang, flag))
        .map(|(name, meaning)| (name.to_owned(), meaning.to_owned()))
        .collect();
    (!terms.is_empty()).then_some(Block::Terms { terms })
}
