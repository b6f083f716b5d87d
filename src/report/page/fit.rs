//! The model: what it says, how it was chosen, and how well it describes the past.

use super::blocks::{Block, Cell, Figure, Item, Section, Table, head};
use super::chart::{Across, Chart, Layer, Unit};
use super::view::{View, short_label};
use crate::fit::{ChoiceSection, FittedModel, PartSection};
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw, ValueLaw};
use crate::plots::{CalendarFactors, Histogram, Tracking};
use crate::report::Lang;
use crate::report::fit_text::significant;
use crate::report::numbers::{count, decimal, or_missing};

/// Candidates with a row of their own.
const SHOWN: usize = 10;
/// Periods of a chart.
const PERIODS: usize = 24;

/// The section.
pub(super) fn section(view: &View<'_>) -> Section {
    let summary = &view.findings.summary;
    let mut blocks = vec![Block::text(words(view, summary.model))];
    if let Some(path) = summary.model_file {
        let path = super::show::visible(&path.display().to_string());
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
        blocks.push(Block::Table { table: parameters(view, model, k) });
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
        let items =
            warnings.iter().map(|text| Item { text: super::show::visible(text), english: true });
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

/// Estimates with how sure they are.
fn parameters(view: &View<'_>, model: &FittedModel, k: usize) -> Table {
    let fit = model.fit.as_ref();
    let mut rows = Vec::new();
    let mut add = |part: Option<&PartSection>, (name, value): (&str, f64), en: &str, zh: &str| {
        let error = part.and_then(|part| part.standard_errors.get(name).copied().flatten());
        let interval = part.and_then(|part| part.confidence_intervals.get(name).copied().flatten());
        rows.push(vec![
            Cell::text(name),
            Cell::text(view.say(en, zh)),
            Cell::number(value, significant(value)),
            Cell::maybe(error, significant),
            Cell::right(or_missing(interval, |(low, high)| {
                format!("{} – {}", significant(low), significant(high))
            })),
        ]);
    };
    let part = fit.map(|fit| &fit.frequency);
    let nbd = matches!(model.frequency, FrequencyLaw::Nbd(_));
    match model.frequency.rate() {
        RateLaw::Gamma { shape, rate } => {
            let (shape_name, rate_name) = if nbd { ("b", "a") } else { ("r", "alpha") };
            add(
                part,
                (rate_name, rate),
                "rate of the law of purchase rates, periods",
                "购买率分布的速率参数（期）",
            );
            add(
                part,
                (shape_name, shape),
                "shape of the law of purchase rates",
                "购买率分布的形状参数",
            );
        }
        RateLaw::Equal(rate) => add(part, ("rate", rate), "purchases per period", "每期购买次数"),
    }
    match model.frequency {
        FrequencyLaw::Nbd(_) => {}
        FrequencyLaw::BgNbd { dropout, .. }
        | FrequencyLaw::MbgNbd { dropout, .. }
        | FrequencyLaw::Pdo { dropout, .. } => match dropout {
            Dropout::Beta { a, b } => {
                add(part, ("a", a), "shape of leaving", "流失的形状参数");
                add(part, ("b", b), "shape of staying", "留存的形状参数");
            }
            Dropout::Equal(p) => add(part, ("dropout", p), "probability of leaving", "流失概率"),
            Dropout::Never => {}
        },
        FrequencyLaw::ParetoNbd { lifetime, .. } => match lifetime {
            Lifetime::Gamma { shape, rate } => {
                add(
                    part,
                    ("s", shape),
                    "shape of the law of leaving rates",
                    "流失率分布的形状参数",
                );
                add(
                    part,
                    ("beta", rate),
                    "rate of the law of leaving rates, periods",
                    "流失率分布的速率参数（期）",
                );
            }
            Lifetime::Equal(mu) => {
                add(part, ("mu", mu), "rate of leaving, per period", "每期流失率")
            }
            Lifetime::Never => {}
        },
    }
    let part = fit.and_then(|fit| fit.monetary.as_ref());
    match model.monetary.map(|own| own.law) {
        Some(ValueLaw::GammaGamma { p, q, k }) => {
            add(part, ("p", p), "shape of values within a customer", "客户内购买金额的形状参数");
            add(
                part,
                ("q", q),
                "shape of value levels across customers",
                "客户间金额水平的形状参数",
            );
            add(part, ("k", k), "rate of value levels, money", "金额水平的速率参数（金额）");
        }
        Some(ValueLaw::SameForAll { p, rate }) => {
            add(part, ("p", p), "shape of values", "购买金额的形状参数");
            add(part, ("rate", rate), "rate of values, per money", "购买金额的速率参数");
        }
        Some(ValueLaw::OwnConstant { q, scale }) => {
            add(part, ("q", q), "shape across customers", "客户间的形状参数");
            add(
                part,
                ("scale", scale),
                "scale across customers, money",
                "客户间的尺度参数（金额）",
            );
        }
        Some(ValueLaw::Constant(value)) => {
            add(part, ("value", value), "value of every purchase, money", "每次购买的金额");
        }
        None => {}
    }
    let columns = [
        (view.say("Parameter", "参数"), false),
        (view.say("Meaning", "含义"), false),
        (view.say("Estimate", "估计值"), true),
        (view.say("Std. error", "标准误"), true),
        (view.say("95 % interval", "95 % 置信区间"), true),
    ];
    let caption = match view.lang {
        Lang::En => {
            format!("Parameters of {}; rates are per {}", model.frequency.name(), view.period())
        }
        Lang::Zh => format!("{} 模型参数；速率以每{}计", model.frequency.name(), view.period()),
    };
    Table {
        id: format!("parameters-{k}"),
        caption,
        head: head(columns),
        rows,
        foot: vec![],
        live: false,
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

/// Purchases by period against what the model expects.
fn tracking(view: &View<'_>) -> Option<Figure> {
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
        Lang::Zh => format!("各{}{what}：实际与模型期望", view.period()),
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
fn histogram(view: &View<'_>) -> Option<Figure> {
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
fn factors(view: &View<'_>) -> Option<Figure> {
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
