//! Value layers, and how unequal customers are.

use super::blocks::{Block, Figure, Section};
use super::chart::{Across, Chart, Layer, Unit};
use super::groups::{group, how};
use super::view::View;
use crate::report::Lang;
use crate::report::numbers::percent;
use crate::segment::Lorenz;

/// The column whose groups are the value layers.
pub(super) const LAYER: &str = "layer";

/// Value layers, and how unequal customers are.
pub(super) fn section(view: &View<'_>) -> Option<Section> {
    let segmentation = view.findings.segmentation;
    let mut blocks = Vec::new();
    blocks.extend(segmentation.lorenz.as_ref().map(|lorenz| Block::text(reading(view, lorenz))));
    blocks.extend(how(view, LAYER));
    let grouping = segmentation.groupings.iter().find(|grouping| grouping.column == LAYER);
    let mut figures = Vec::new();
    let mut table = None;
    if let Some(grouping) = grouping {
        let (figure, own) = group(view, grouping, true);
        figures.push(figure);
        table = Some(own);
    }
    figures.extend(segmentation.lorenz.as_ref().map(|lorenz| curve(view, lorenz)));
    if figures.is_empty() {
        return None;
    }
    blocks.push(Block::Figures { figures });
    blocks.extend(table.map(|table| Block::Table { table }));
    Some(Section {
        id: "layers", title: view.say("Value layers", "价值层级").to_owned(), blocks
    })
}

/// The concentration in a sentence.
fn reading(view: &View<'_>, lorenz: &Lorenz) -> String {
    let (fifth, enough) = (percent(lorenz.top_fifth), percent(lorenz.holds_four_fifths));
    let name = view.lead;
    let gini = lorenz
        .gini
        .map(|gini| match view.lang {
            Lang::En => format!(
                " The Gini coefficient is {gini:.2} (0: all customers are equal, 1: one has all)."
            ),
            Lang::Zh => {
                format!("基尼系数为 {gini:.2}（0 表示客户完全均等，1 表示全部集中于一位客户）。")
            }
        })
        .unwrap_or_default();
    match view.lang {
        Lang::En => format!(
            "The most valuable 20 % of customers hold {fifth} of the forecast {}; 80 % of it comes from {enough} of customers.{gini}",
            view.lower(name)
        ),
        Lang::Zh => format!(
            "最有价值的 20 % 客户占预测{}的 {fifth}；其中 80 % 来自 {enough} 的客户。{gini}",
            view.lower(name)
        ),
    }
}

/// The curve of concentration.
fn curve(view: &View<'_>, lorenz: &Lorenz) -> Figure {
    let title = view.say("How much the best customers hold", "最佳客户的价值集中度").to_owned();
    let alternative = format!("{title}. {}", reading(view, lorenz));
    let chart = Chart {
        across: (
            Across::Range { to: 1.0, unit: Unit::Share },
            view.say("Share of customers, the most valuable first", "客户占比（价值从高到低）")
                .to_owned(),
        ),
        up: (view.say("Share of the forecast value", "预测价值占比").to_owned(), Unit::Share),
        layers: vec![
            Layer::Line("even", false, vec![(0.0, 0.0), (1.0, 1.0)]),
            Layer::Line("ahead", false, lorenz.points.clone()),
        ],
    };
    Figure {
        svg: chart.draw(view.lang, &alternative),
        title,
        legend: vec![
            ("ahead", view.say("your customers", "现有客户").to_owned()),
            ("even", view.say("if all were equal", "若客户完全均等").to_owned()),
        ],
        caption: if lorenz.gini.is_none() {
            view.say(
                "The curve rises above 100 % because some customers are forecast below zero.",
                "曲线高于 100 %，是因为部分客户的预测值小于零。",
            )
            .to_owned()
        } else {
            String::new()
        },
    }
}
