//! The model: what it says, how it was chosen, and how well it describes the past.

use super::blocks::{Block, Cell, Figure, Item, Section, Table, head};
use super::fit_charts::{factors, histogram, tracking};
use super::parameters;
use super::view::View;
use crate::fit::{ChoiceSection, FittedModel};
use crate::models::{FrequencyLaw, RateLaw, ValueLaw};
use crate::report::Lang;
use crate::report::numbers::{count, decimal};
use crate::report::visible::visible;

/// Candidates with a row of their own.
const SHOWN: usize = 10;

/// The section.
pub(super) fn section(view: &View<'_>) -> Section {
    let summary = &view.findings.summary;
    let mut blocks = vec![Block::text(words(view, summary.model))];
    if let Some(path) = summary.model_file {
        let path = visible(&path.display().to_string());
        blocks.push(Block::text(match view.lang {
            Lang::En => format!("The model was read from {path}."),
            Lang::Zh => format!("模型读自 {path}。"),
        }));
    }
    if !summary.members.is_empty() {
        let each = summary
            .members
            .iter()
            .map(|member| format!("{} × {}", decimal(member.weight, 2), member.name()));
        let each: Vec<String> = each.collect();
        blocks.push(Block::text(format!(
            "{}{}",
            view.say("The forecast is an average of models: ", "预测为多个模型的加权平均："),
            each.join(view.say("; ", "；"))
        )));
    }
    let models: Vec<&FittedModel> = match summary.members {
        [] => vec![summary.model],
        members => members.iter().map(|member| &member.model).collect(),
    };
    for (k, model) in models.into_iter().enumerate() {
        blocks.push(Block::Table { table: parameters::table(view, model, k) });
    }
    if let Some(choice) = summary.model.fit.as_ref().and_then(|fit| fit.choice.as_ref()) {
        chosen(view, choice, &mut blocks);
    }
    let figures: Vec<Figure> =
        [tracking(view), histogram(view), factors(view)].into_iter().flatten().collect();
    if !figures.is_empty() {
        blocks.push(Block::heading(view.say("Does it describe the past?", "模型能否描述历史？")));
        blocks.push(Block::Figures { figures });
    }
    let warnings =
        summary.model.fit.as_ref().map(|fit| fit.warnings.as_slice()).unwrap_or_default();
    if !warnings.is_empty() {
        let items = warnings.iter().map(|text| Item { text: visible(text), english: true });
        blocks.push(Block::List { items: items.collect() });
    }
    Section { id: "fit", title: view.say("Model", "模型").to_owned(), blocks }
}

/// The model in words.
fn words(view: &View<'_>, model: &FittedModel) -> String {
    let law = &model.frequency;
    let one_rate = matches!(law.rate(), RateLaw::Equal(_));
    let rates = if one_rate {
        view.say("all customers purchase at one rate", "所有客户的购买率相同")
    } else {
        view.say(
            "customers purchase at random, each at a rate of its own",
            "客户随机购买，各有各的购买率",
        )
    };
    let leaving = if law.stays() {
        view.say("nobody leaves for good", "没有客户永久流失").to_owned()
    } else {
        match (law, view.lang) {
            (FrequencyLaw::BgNbd { .. }, Lang::En) => {
                "customers may leave after a repeat purchase".to_owned()
            }
            (FrequencyLaw::BgNbd { .. }, Lang::Zh) => "客户可能在某次复购后流失".to_owned(),
            (FrequencyLaw::MbgNbd { .. }, Lang::En) => {
                "customers may leave after any purchase".to_owned()
            }
            (FrequencyLaw::MbgNbd { .. }, Lang::Zh) => "客户可能在任何一次购买后流失".to_owned(),
            (FrequencyLaw::Pdo { tau, .. }, Lang::En) => {
                format!("customers may leave every {tau} days")
            }
            (FrequencyLaw::Pdo { tau, .. }, Lang::Zh) => format!("客户每 {tau} 天可能流失一次"),
            (_, Lang::En) => "customers may leave at any time".to_owned(),
            (_, Lang::Zh) => "客户随时可能流失".to_owned(),
        }
    };
    let values = match model.monetary.map(|own| own.law) {
        Some(ValueLaw::GammaGamma { .. }) => view.say(
            "what a purchase is worth differs between customers (Gamma-Gamma)",
            "每次购买的金额因客户而异（Gamma-Gamma）",
        ),
        Some(_) => view.say(
            "purchase values follow a limit of the Gamma-Gamma model",
            "购买金额服从 Gamma-Gamma 模型的极限情形",
        ),
        None => view.say("purchase values are not modelled", "未对购买金额建模"),
    };
    let name = law.name().to_uppercase();
    match view.lang {
        Lang::En => format!("{name}: {rates}; {leaving}; {values}."),
        Lang::Zh => format!("{name}：{rates}；{leaving}；{values}。"),
    }
}

/// How the model was chosen.
fn chosen(view: &View<'_>, choice: &ChoiceSection, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading(view.say("How it was chosen", "模型如何选出")));
    if let Some(held) = &choice.held_out {
        let (origins, customers) = (held.origins.join(view.say(", ", "、")), count(held.customers));
        let periods = view.periods(held.periods as usize);
        let n = choice.compared.len();
        blocks.push(Block::text(match view.lang {
            Lang::En => format!(
                "{n} models were compared on what happened in the {periods} after {origins}, which they had not seen ({customers} customers). The score is the Poisson deviance of purchases per customer and period: the lower, the closer. Of models as good as the best within chance, the simplest is taken."
            ),
            Lang::Zh => format!(
                "用 {origins} 之后 {periods}的实际结果比较了 {n} 个模型，建模时未使用这些数据（{customers} 位客户）。得分为每位客户每期购买次数的泊松偏差，越低越接近实际。在误差范围内与最优模型相当的模型中，取最简单的一个。"
            ),
        }));
    } else if view.lang == Lang::En || choice.compared.is_empty() {
        let items = vec![Item { text: choice.why.clone(), english: true }];
        blocks.push(Block::List { items });
    }
    if choice.compared.is_empty() {
        return;
    }
    let columns = [
        (view.say("Model, calendar, method", "模型、日历、方法"), false),
        (view.say("Parameters", "参数个数"), true),
        (view.say("Score", "得分"), true),
        (view.say("Above the best", "与最优之差"), true),
        (view.say("Std. error of it", "差的标准误"), true),
    ];
    let row = |own: &crate::fit::Compared| {
        vec![
            Cell::text(own.candidate.clone()),
            Cell::number(f64::from(own.parameters), own.parameters.to_string()),
            Cell::number(own.score, decimal(own.score, 4)),
            Cell::number(own.above_best, decimal(own.above_best, 4)),
            Cell::number(own.standard_error, decimal(own.standard_error, 4)),
        ]
    };
    let more = choice.compared.len().saturating_sub(SHOWN);
    let names: Vec<String> = choice
        .members
        .iter()
        .map(|own| format!("{}, {}, {}", own.frequency, own.calendar, own.method))
        .collect();
    let taken = names.join(view.say(" and ", " 与 "));
    let caption = match view.lang {
        Lang::En if more > 0 => format!(
            "Models compared, the best first ({more} more, farther off, are in the manifest). Taken: {taken}"
        ),
        Lang::En => format!("Models compared, the best first. Taken: {taken}"),
        Lang::Zh if more > 0 => {
            format!("参与比较的模型，由优到劣（其余 {more} 个差距更大，见运行清单）。采用：{taken}")
        }
        Lang::Zh => format!("参与比较的模型，由优到劣。采用：{taken}"),
    };
    blocks.push(Block::Table {
        table: Table {
            id: "compared".to_owned(),
            caption,
            head: head(columns),
            rows: choice.compared.iter().take(SHOWN).map(row).collect(),
            foot: vec![],
            live: false,
        },
    });
}
