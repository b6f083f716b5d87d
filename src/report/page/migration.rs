//! Where customers go: value bands and groups, in the past and ahead.

use super::blocks::{Block, Cell, Section, Table, head};
use super::show::within;
use super::view::{Measure, View};
use crate::plots::Migration;
use crate::report::Lang;
use crate::report::group_words::{band_name, column_name, label_name};
use crate::report::numbers::{count, decimal, percent};
use crate::report::visible::visible;
use crate::segment::{Ahead, Moves};

/// Groups of a table of moves, at most: beyond, nobody reads it.
const SHOWN: usize = 20;
/// Share below which nothing can be seen.
const NOTHING: f64 = 5e-4;

/// The section; `None` where nothing is known of moves.
pub(super) fn section(view: &View<'_>) -> Option<Section> {
    let own = view.findings.segmentation;
    let mut blocks = Vec::new();
    for moves in &own.moves {
        past(view, moves, blocks.len(), &mut blocks);
    }
    for ahead in &own.ahead {
        coming(view, ahead, blocks.len(), &mut blocks);
    }
    if let Some(bands) = &own.bands {
        values(view, bands, &mut blocks);
    }
    let title = view.say("Migration", "客户迁移").to_owned();
    (!blocks.is_empty()).then_some(Section { id: "migration", title, blocks })
}

/// Moves between value bands.
fn values(view: &View<'_>, bands: &Migration, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading(view.say("Value per purchase", "每次购买金额")));
    blocks.push(Block::note(view.say(
        "Each row says where customers of a value band are next time. The deeper the colour, the more of them. Values far from the middle tend to come back towards it.",
        "每一行表示某一价值区间的客户下一次所在的区间。颜色越深，占比越大。偏离中间的价值往往会回归。",
    )));
    let model = view.say("Next active period, by the model", "下一个活跃期（模型）");
    blocks.push(Block::Table {
        table: shares(view, "bands-next", model, bands, |i, j| Some(bands.next[i][j])),
    });
    if let Some(rows) = &bands.at_horizon {
        let caption = match view.lang {
            Lang::En => format!("In {}, of those who then purchase", bands.last),
            Lang::Zh => format!("{} 仍购买的客户", bands.last),
        };
        let of = |i: usize, j: usize| rows[i].as_ref().map(|row| row[j]);
        blocks.push(Block::Table { table: shares(view, "bands-ahead", &caption, bands, of) });
    }
    if let Some(rows) = &bands.counted {
        let caption = view.say(
            "From one active period to the next, as counted in the data",
            "相邻活跃期之间（历史实际）",
        );
        let of = |i: usize, j: usize| rows[i].as_ref().map(|row| row[j]);
        blocks.push(Block::Table { table: shares(view, "bands-counted", caption, bands, of) });
    }
}

/// A table of shares between value bands, without rows and columns in which nobody is.
fn shares(
    view: &View<'_>,
    id: &str,
    caption: &str,
    bands: &Migration,
    of: impl Fn(usize, usize) -> Option<f64>,
) -> Table {
    let all = bands.places.len();
    let rows: Vec<usize> =
        (0..all).filter(|&i| bands.now[i] > 0 || (i > 0 && i + 1 < all)).collect();
    let columns: Vec<usize> = (0..all)
        .filter(|&j| (j > 0 && j + 1 < all) || rows.iter().any(|&i| of(i, j) >= Some(NOTHING)))
        .collect();
    let mut names = vec![
        (format!("{}{}", view.say("Now", "当前"), view.unit(Measure::Amount)), false),
        (view.say("Customers", "客户数").to_owned(), true),
    ];
    names.extend(columns.iter().map(|&j| (band_name(view.lang, &bands.places[j]), true)));
    let row = |&i: &usize| {
        let mut cells = vec![
            Cell::text(band_name(view.lang, &bands.places[i])),
            Cell::number(bands.now[i] as f64, count(bands.now[i])),
        ];
        cells.extend(columns.iter().map(|&j| match of(i, j) {
            Some(share) => Cell::share(share, percent(share)),
            None => Cell::maybe(None, percent),
        }));
        cells
    };
    Table {
        id: id.to_owned(),
        caption: caption.to_owned(),
        head: head(names.iter().map(|(name, number)| (name.as_str(), *number))),
        rows: rows.iter().map(row).collect(),
        foot: Vec::new(),
        live: false,
    }
    .deepened()
}

/// Moves of a grouping in the past.
fn past(view: &View<'_>, moves: &Moves, k: usize, blocks: &mut Vec<Block>) {
    let column = visible(&column_name(view.lang, &moves.column));
    blocks.push(Block::heading(match view.lang {
        Lang::En => format!("{column}: from {} to {}", moves.from, moves.to),
        Lang::Zh => format!("{column}：{} 至 {}", moves.from, moves.to),
    }));
    if moves.groups.len() > SHOWN {
        blocks.push(Block::note(match view.lang {
            Lang::En => format!(
                "{} groups are too many for a table of moves between them.",
                moves.groups.len()
            ),
            Lang::Zh => format!("共 {} 组，组数过多，不列出组间迁移表。", moves.groups.len()),
        }));
        return;
    }
    let name = |label: &String| visible(&label_name(view.lang, &moves.column, label));
    let none = view.say("(none)", "（无）");
    let mut names = vec![
        (
            match view.lang {
                Lang::En => format!("In {}", moves.from),
                Lang::Zh => format!("{} 所在", moves.from),
            },
            false,
        ),
        (view.say("Customers", "客户数").to_owned(), true),
    ];
    let has_none = moves.counts.iter().any(|row| row.last() > Some(&0))
        || moves.newcomers.last() > Some(&0)
        || moves.unlabelled.last() > Some(&0);
    let width = moves.groups.len() + usize::from(has_none);
    names.extend(moves.groups.iter().map(|label| (name(label), true)));
    names.extend(has_none.then(|| (none.to_owned(), true)));
    let cells = |first: String, row: &[u64]| {
        let all: u64 = row.iter().sum();
        let mut cells =
            vec![Cell { data: true, ..Cell::text(first) }, Cell::number(all as f64, count(all))];
        cells.extend(row.iter().take(width).map(|&n| {
            let share = n as f64 / all.max(1) as f64;
            let text = if n == 0 {
                "0".to_owned()
            } else {
                format!("{} ({} %)", count(n), decimal(100.0 * share, 0))
            };
            Cell { value: Some(n.to_string()), ..Cell::share(share, text) }
        }));
        cells
    };
    let mut rows: Vec<Vec<Cell>> = moves
        .groups
        .iter()
        .zip(&moves.counts)
        .map(|(label, row)| cells(name(label), row))
        .collect();
    if moves.unlabelled.iter().any(|n| *n > 0) {
        rows.push(cells(none.to_owned(), &moves.unlabelled));
    }
    rows.push(cells(view.say("not yet a customer", "当时尚非客户").to_owned(), &moves.newcomers));
    blocks.push(Block::Table {
        table: Table {
            id: format!("moves-{k}"),
            caption: match view.lang {
                Lang::En => format!(
                    "Customers by {} in {} (rows) and in {} (columns)",
                    within(&column),
                    moves.from,
                    moves.to
                ),
                Lang::Zh => format!(
                    "客户数：{} 的{column}（行）与 {} 的{column}（列）",
                    moves.from, moves.to
                ),
            },
            head: head(names.iter().map(|(name, number)| (name.as_str(), *number))),
            rows,
            foot: Vec::new(),
            live: false,
        }
        .deepened(),
    });
}

/// Where the customers of groups are expected.
fn coming(view: &View<'_>, ahead: &Ahead, k: usize, blocks: &mut Vec<Block>) {
    let column = visible(&column_name(view.lang, &ahead.column));
    blocks.push(Block::heading(match view.lang {
        Lang::En => format!("{column}: expected in {}", ahead.period),
        Lang::Zh => format!("{column}：{} 预期去向", ahead.period),
    }));
    let places = ahead.places(view.say("no purchase", "未购买"), view.say("a purchase", "有购买"));
    let name = |label: &String| visible(&label_name(view.lang, &ahead.column, label));
    let none = view.say("(none)", "（无）").to_owned();
    let names = ahead.groups.iter().map(name).chain(std::iter::once(none));
    let mut lines: Vec<(String, Vec<f64>)> = names.zip(ahead.expected.iter().cloned()).collect();
    if lines.len() > SHOWN {
        let size = |line: &(String, Vec<f64>)| line.1.iter().sum::<f64>();
        lines.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let rest = lines.split_off(SHOWN);
        let mut sum = vec![0.0; places.len()];
        for (_, row) in &rest {
            sum.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
        }
        lines.push((
            match view.lang {
                Lang::En => format!("{} smaller groups together", rest.len()),
                Lang::Zh => format!("其余 {} 组合计", rest.len()),
            },
            sum,
        ));
    }
    let mut names =
        vec![(column.clone(), false), (view.say("Customers", "客户数").to_owned(), true)];
    names.extend(places.iter().map(|name| (band_name(view.lang, name), true)));
    let row = |(name, row): &(String, Vec<f64>)| {
        let all: f64 = row.iter().sum();
        let mut cells = vec![
            Cell { data: true, ..Cell::text(name.clone()) },
            Cell::number(all, decimal(all, 0)),
        ];
        cells.extend(row.iter().map(|n| {
            let share = if all > 0.0 { n / all } else { 0.0 };
            let text = format!("{} ({} %)", decimal(*n, 1), decimal(100.0 * share, 0));
            Cell { value: Cell::number(*n, "").value, ..Cell::share(share, text) }
        }));
        cells
    };
    blocks.push(Block::Table {
        table: Table {
            id: format!("ahead-{k}"),
            caption: match view.lang {
                Lang::En => format!(
                    "Expected customers by value per purchase in {}{}",
                    ahead.period,
                    view.unit(Measure::Amount)
                ),
                Lang::Zh => format!(
                    "{} 预期客户数（按每次购买金额）{}",
                    ahead.period,
                    view.unit(Measure::Amount)
                ),
            },
            head: head(names.iter().map(|(name, number)| (name.as_str(), *number))),
            rows: lines.iter().map(row).collect(),
            foot: Vec::new(),
            live: false,
        }
        .deepened(),
    });
}
