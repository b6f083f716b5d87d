//! Customers who brought much and fall silent, and those forecast below zero.

use super::blocks::{Block, Cell, Table, head};
use super::customers::{brought, brought_measure, worth};
use super::view::{Measure, View};
use crate::report::Lang;
use crate::report::numbers::{count, decimal, money, percent};

/// Rows of each table.
const SHOWN: usize = 25;
/// A customer is at risk after a silence of so many of its usual gaps.
const GAPS: f64 = 2.0;
/// Customers are looked at from this share of the ranks of past value on.
const TOP: f64 = 0.2;
/// Below this chance of still being there a customer is at risk, however short its silence.
const ALIVE: f64 = 0.5;

/// What makes a customer one at risk.
struct Risk {
    customer: usize,
    brought: f64,
    /// Days since the last purchase.
    silent: i32,
    /// Mean days between purchases; `None` for one purchase.
    gap: Option<f64>,
    alive: Option<f64>,
}

/// Both tables, with what they list in words. `ranked` are all customers, the most valuable first.
pub(super) fn blocks(view: &View<'_>, ranked: &[usize]) -> Vec<Block> {
    let mut blocks = vec![Block::heading(view.say("At risk", "流失风险客户"))];
    let risks = risks(view);
    let past = view.lower(brought_measure(view));
    let leaves = !view.findings.summary.model.frequency.stays();
    let alive = match (view.lang, leaves) {
        (_, false) => "",
        (Lang::En, true) => ", or whose chance of still being a customer is below 50 %",
        (Lang::Zh, true) => "，或仍为客户的概率低于 50 %",
    };
    let (n, per) = (count(risks.len() as u64), view.period());
    blocks.push(Block::text(match view.lang {
        Lang::En => format!(
            "{n} of the 20 % of customers who brought the most {past} so far have been silent for more than {GAPS} times their usual gap between purchases and for more than one {per}{alive}. Those who brought the most stand first{}.",
            if risks.len() > SHOWN { format!(", {SHOWN} of them") } else { String::new() }
        ),
        Lang::Zh => format!(
            "在历史{past}最高的 20 % 客户中，有 {n} 位的静默时间超过其平时购买间隔的 {GAPS} 倍并超过一个周期（{per}）{alive}。以下按历史{past}从高到低排列{}。",
            if risks.len() > SHOWN { format!("，仅列前 {SHOWN} 位") } else { String::new() }
        ),
    }));
    if !risks.is_empty() {
        blocks.push(Block::Table { table: table(view, &risks, leaves) });
    }
    blocks.extend(below(view, ranked));
    blocks
}

/// All customers at risk, those who brought the most first.
fn risks(view: &View<'_>) -> Vec<Risk> {
    let summary = &view.findings.summary;
    let panel = summary.panel;
    let as_of = panel.grid.as_of();
    let length = as_of.since(panel.grid.start(crate::panel::PeriodIndex(0))) + 1;
    let mut all: Vec<(f64, usize)> = (0..panel.customers.len())
        .filter_map(|i| Some((brought(view, i).filter(|brought| *brought > 0.0)?, i)))
        .collect();
    all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "fewer than customers"
    )]
    all.truncate((panel.customers.len() as f64 * TOP).ceil() as usize);
    all.into_iter()
        .filter_map(|(brought, customer)| {
            let own = &panel.customers[customer];
            let (first, last) = (own.first_purchase?, own.last_purchase?);
            let silent = as_of.since(last);
            let gap = (own.purchases > 1)
                .then(|| (f64::from(last.since(first)) / f64::from(own.purchases - 1)).max(1.0));
            let alive = summary.forecast.p_alive(customer);
            let long = gap.is_some_and(|gap| f64::from(silent) > GAPS * gap) && silent > length;
            let gone = alive.is_some_and(|alive| alive < ALIVE);
            (long || gone).then_some(Risk { customer, brought, silent, gap, alive })
        })
        .collect()
}

/// The table of those at risk.
fn table(view: &View<'_>, risks: &[Risk], leaves: bool) -> Table {
    let summary = &view.findings.summary;
    let (past, name) = match view.lang {
        Lang::En => (
            format!("Past {}", view.lower(brought_measure(view))),
            format!("{}, forecast", view.name(view.lead)),
        ),
        Lang::Zh => (
            format!("历史{}", view.name(brought_measure(view))),
            format!("预测{}", view.name(view.lead)),
        ),
    };
    let mut columns = vec![
        (view.say("Customer", "客户"), false),
        (view.say("Last purchase", "最近购买"), false),
        (view.say("Days silent", "静默天数"), true),
        (view.say("Usual gap, days", "平时间隔（天）"), true),
        (past.as_str(), true),
        (name.as_str(), true),
    ];
    columns.extend(leaves.then_some((view.say("Still a customer", "仍为客户的概率"), true)));
    let show =
        |value: f64| if view.lead.is_money() { decimal(value, 2) } else { decimal(value, 1) };
    let row = |risk: &Risk| {
        let last = summary.panel.customers[risk.customer].last_purchase;
        let mut cells = vec![
            Cell::data(&summary.panel.ids[risk.customer]),
            Cell::text(last.map(|day| day.to_string()).unwrap_or_default()),
            Cell::number(f64::from(risk.silent), count(u64::from(risk.silent.unsigned_abs()))),
            Cell::maybe(risk.gap, |gap| decimal(gap, 0)),
            Cell::number(risk.brought, show(risk.brought)),
            Cell::maybe(worth(view, risk.customer), show),
        ];
        cells.extend(leaves.then(|| Cell::maybe(risk.alive, percent)));
        cells
    };
    Table {
        id: "risk".to_owned(),
        caption: format!(
            "{}{}",
            view.say("Customers at risk", "流失风险客户"),
            view.unit(view.lead)
        ),
        head: head(columns),
        rows: risks.iter().take(SHOWN).map(row).collect(),
        foot: Vec::new(),
        live: false,
    }
}

/// Those forecast below zero, the lowest first.
fn below(view: &View<'_>, ranked: &[usize]) -> Vec<Block> {
    if view.lead == Measure::Purchases {
        return Vec::new();
    }
    let low: Vec<(usize, f64)> = ranked
        .iter()
        .filter_map(|&i| Some((i, worth(view, i).filter(|worth| *worth < 0.0)?)))
        .collect();
    let mut blocks = vec![Block::heading(view.say("Forecast below zero", "预测小于零的客户"))];
    if low.is_empty() {
        blocks.push(Block::text(
            view.say("Nobody is forecast below zero.", "没有客户的预测小于零。"),
        ));
        return blocks;
    }
    let sum: f64 = low.iter().map(|own| own.1).sum();
    let (n, sum) = (count(low.len() as u64), money(sum));
    blocks.push(Block::text(match view.lang {
        Lang::En => format!("Customers forecast to bring less than they cost: {n}, {sum} together. Look at their prices and discounts before you court them. The lowest:"),
        Lang::Zh => format!("{n} 位客户预计入不敷出，合计 {sum}：在加大投入之前，请先检查其价格与折扣。最低的客户如下："),
    }));
    let summary = &view.findings.summary;
    let past = match view.lang {
        Lang::En => format!("Past {}", view.lower(brought_measure(view))),
        Lang::Zh => format!("历史{}", view.name(brought_measure(view))),
    };
    let name = match view.lang {
        Lang::En => format!("{}, forecast", view.name(view.lead)),
        Lang::Zh => format!("预测{}", view.name(view.lead)),
    };
    let columns = [
        (view.say("Customer", "客户"), false),
        (view.say("Last purchase", "最近购买"), false),
        (view.say("Margin", "毛利率"), true),
        (past.as_str(), true),
        (name.as_str(), true),
    ];
    let row = |&(i, worth): &(usize, f64)| {
        let last = summary.panel.customers[i].last_purchase;
        vec![
            Cell::data(&summary.panel.ids[i]),
            Cell::text(last.map(|day| day.to_string()).unwrap_or_default()),
            Cell::maybe(summary.forecast.period(i, 0).and_then(|period| period.margin), percent),
            Cell::maybe(brought(view, i), |value| decimal(value, 2)),
            Cell::number(worth, decimal(worth, 2)),
        ]
    };
    blocks.push(Block::Table {
        table: Table {
            id: "below".to_owned(),
            caption: format!(
                "{}{}",
                view.say("Customers forecast below zero", "预测小于零的客户"),
                view.unit(view.lead)
            ),
            head: head(columns),
            rows: low.iter().rev().take(SHOWN).map(row).collect(),
            foot: Vec::new(),
            live: false,
        },
    });
    blocks
}
