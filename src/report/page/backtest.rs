//! How the model would have done on the last periods, which are held out for it.

use super::blocks::{Block, Cell, Figure, Item, Section, Table, head};
use super::chart::{Across, Chart, Layer, Unit};
use super::show::signed_percent;
use super::view::{Measure, View, short_label};
use crate::evaluate::{Backtest, Baseline, Contender, Origin, Score};
use crate::predict::{Target, Window};
use crate::report::Lang;
use crate::report::numbers::{count, decimal, money, percent};
use crate::report::visible::visible;

/// The section.
pub(super) fn section(view: &View<'_>) -> Section {
    let title = view.say("Backtest", "回测").to_owned();
    let blocks = match view.findings.backtest {
        Err(reason) => refused(view, reason),
        Ok(backtest) => {
            let reasons = || backtest.failed.iter().map(|own| own.reason.as_str());
            let refused = || refused(view, &reasons().collect::<Vec<_>>().join("; "));
            backtest.origins.first().map_or_else(refused, |origin| scored(view, backtest, origin))
        }
    };
    Section { id: "backtest", title, blocks }
}

/// Why there is none.
fn refused(view: &View<'_>, reason: &str) -> Vec<Block> {
    let text = view.say(
        "The model was not checked on held-out periods in this run:",
        "本次运行未用留出期间检验模型，原因如下：",
    );
    vec![
        Block::text(text),
        Block::List { items: vec![Item { text: visible(reason), english: true }] },
    ]
}

/// Measures, the most important first, that were scored.
fn targets(view: &View<'_>, backtest: &Backtest) -> Vec<Measure> {
    let has = |measure: &Measure| backtest.scores.iter().any(|own| own.target == measure.target());
    let all = [Measure::Profit, Measure::Amount, Measure::Purchases];
    let lead = view.lead;
    let mut some: Vec<Measure> = all.into_iter().filter(has).collect();
    some.sort_by_key(|measure| *measure != lead);
    some
}

/// The score of a contender.
fn score<'a>(
    backtest: &'a Backtest,
    origin: &Origin,
    of: Contender,
    target: Target,
    window: Window,
) -> Option<&'a Score> {
    backtest.scores.iter().find(|own| {
        own.origin == origin.day
            && own.contender == of
            && own.target == target
            && own.window == window
    })
}

/// Those scored, models first.
fn contenders(backtest: &Backtest, origin: &Origin) -> Vec<Contender> {
    let mut all: Vec<Contender> = Vec::new();
    for own in backtest.scores.iter().filter(|own| own.origin == origin.day) {
        if !all.contains(&own.contender) {
            all.push(own.contender);
        }
    }
    all.sort_by_key(|own| matches!(own, Contender::Rule(_)));
    all
}

/// A contender in words.
fn name(view: &View<'_>, of: Contender) -> String {
    match of {
        Contender::Model(candidate) => match view.lang {
            Lang::En => format!("Model ({candidate})"),
            Lang::Zh => format!("模型（{candidate}）"),
        },
        Contender::Rule(Baseline::LastPeriods) => {
            view.say("Rule: the last periods repeat", "经验法则：重复最近几期").to_owned()
        }
        Contender::Rule(Baseline::YearAgo) => {
            view.say("Rule: the same periods a year ago", "经验法则：与上年同期相同").to_owned()
        }
        Contender::Rule(Baseline::OwnMean) => {
            view.say("Rule: each customer's mean", "经验法则：各客户的历史平均").to_owned()
        }
        Contender::Rule(Baseline::Growth) => {
            view.say("Rule: a year ago plus growth", "经验法则：上年同期加增长率").to_owned()
        }
    }
}

/// The rule of thumb with the smallest error per customer.
fn best_rule(backtest: &Backtest, origin: &Origin, target: Target) -> Option<(Contender, f64)> {
    let rules =
        contenders(backtest, origin).into_iter().filter(|own| matches!(own, Contender::Rule(_)));
    let errors = rules
        .filter_map(|own| Some((own, score(backtest, origin, own, target, Window::Total)?.mae?)));
    errors.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// A sum of a measure.
fn sum(measure: Measure, value: f64) -> String {
    if measure.is_money() { money(value) } else { decimal(value, 0) }
}

/// Scores of the latest origin.
fn scored(view: &View<'_>, backtest: &Backtest, origin: &Origin) -> Vec<Block> {
    let targets = targets(view, backtest);
    let contenders = contenders(backtest, origin);
    let model = contenders.iter().copied().find(|own| matches!(own, Contender::Model(_)));
    let mut blocks = vec![Block::text(sentence(view, backtest, origin, model, &targets))];
    if let Some(model) = model {
        let figures =
            targets.iter().filter_map(|target| figure(view, backtest, origin, model, *target));
        blocks.push(Block::Figures { figures: figures.collect() });
    }
    blocks.push(Block::Table { table: table(view, backtest, origin, &contenders, &targets) });
    let (new, made) =
        (origin.first_seen.customers, origin.first_seen.purchases.iter().sum::<f64>());
    if new > 0 {
        blocks.push(Block::note(match view.lang {
            Lang::En => format!("In these periods {} customers came who were not known before and made {} purchases; they are in no number here, because no forecast of existing customers covers them.", count(new), decimal(made, 0)),
            Lang::Zh => format!("期间另有 {} 位新客户购买 {} 次；对现有客户的预测不包含他们，因此不计入此处的任何数字。", count(new), decimal(made, 0)),
        }));
    }
    blocks.push(Block::note(view.say(
        "Bias is forecast over actual, less 1: near zero is good. Error per customer is the mean absolute difference: lower is better.",
        "偏差 = 预测 ÷ 实际 − 1，越接近零越好。每位客户误差为平均绝对差，越低越好。",
    )));
    let mut items: Vec<Item> = backtest
        .failed
        .iter()
        .map(|own| {
            let who = own.contender.map_or_else(String::new, |own| format!("{own}: "));
            Item { text: visible(&format!("{who}{}", own.reason)), english: true }
        })
        .collect();
    items.extend(backtest.notes.iter().map(|note| Item { text: visible(note), english: true }));
    if !items.is_empty() {
        blocks.push(Block::List { items });
    }
    blocks
}

/// How the model did, in words.
fn sentence(
    view: &View<'_>,
    backtest: &Backtest,
    origin: &Origin,
    model: Option<Contender>,
    targets: &[Measure],
) -> String {
    let Some(model) = model else {
        return view
            .say(
                "No model could be scored; the rules of thumb stand below.",
                "没有模型可以评分；经验法则见下。",
            )
            .to_owned();
    };
    let (day, held) = (origin.day, view.span(&origin.labels));
    let n = count(origin.customers as u64);
    let mut text = match view.lang {
        Lang::En => format!(
            "The model was fitted again with what was known on {day} ({n} customers) and asked for {held}, which it had not seen."
        ),
        Lang::Zh => {
            format!("用 {day} 之前的数据（{n} 位客户）重新拟合模型，再预测其未见过的 {held}。")
        }
    };
    // Purchases are what models are chosen by; the measure of the page is what matters.
    let mut shown: Vec<Measure> = vec![Measure::Purchases];
    shown.extend(
        targets
            .iter()
            .copied()
            .filter(|measure| *measure == view.lead && *measure != Measure::Purchases),
    );
    for measure in shown {
        let target = measure.target();
        let Some(own) = score(backtest, origin, model, target, Window::Total) else { continue };
        let (predicted, actual) = (sum(measure, own.predicted), sum(measure, own.actual));
        let bias = own.bias.map_or_else(|| "–".to_owned(), signed_percent);
        let name = view.lower(measure);
        text.push_str(&match view.lang {
            Lang::En => format!(" It forecast {predicted} of {name}; {actual} came (bias {bias})."),
            Lang::Zh => format!("{name}预测 {predicted}，实际 {actual}（偏差 {bias}）。"),
        });
        if let (Some((rule, mae)), Some(own_mae)) = (best_rule(backtest, origin, target), own.mae) {
            let (rule, better) = (self::name(view, rule), own_mae < mae);
            let gap = percent((own_mae / mae - 1.0).abs());
            text.push_str(&match (view.lang, better) {
                (Lang::En, true) => format!(" Per customer it was {gap} closer than the best rule of thumb ({rule})."),
                (Lang::En, false) => format!(" Per customer the best rule of thumb was closer, its error is {} against {} ({rule}).", figure_of(measure, mae), figure_of(measure, own_mae)),
                (Lang::Zh, true) => format!("就每位客户而言，误差比最好的经验法则低 {gap}（{rule}）。"),
                (Lang::Zh, false) => format!("就每位客户而言，最好的经验法则更接近实际：误差 {}，模型为 {}（{rule}）。", figure_of(measure, mae), figure_of(measure, own_mae)),
            });
        }
    }
    text.replace(" of purchases;", " purchases;").replace("Rule: ", "").replace("经验法则：", "")
}

/// An error per customer.
fn figure_of(measure: Measure, value: f64) -> String {
    if measure.is_money() { money(value) } else { decimal(value, 3) }
}

/// What came, what the model said, what the best rule of thumb said.
fn figure(
    view: &View<'_>,
    backtest: &Backtest,
    origin: &Origin,
    model: Contender,
    measure: Measure,
) -> Option<Figure> {
    let target = measure.target();
    let of = |contender: Contender, value: fn(&Score) -> f64| -> Vec<Option<f64>> {
        (0..origin.labels.len())
            .map(|h| score(backtest, origin, contender, target, Window::Period(h)).map(value))
            .collect()
    };
    let actual = of(model, |own| own.actual);
    if actual.iter().all(Option::is_none) {
        return None;
    }
    let rule = best_rule(backtest, origin, target).map(|(rule, _)| rule);
    let n = 2 + usize::from(rule.is_some());
    let mut layers = vec![
        Layer::Columns("past", (0, n), actual),
        Layer::Columns("ahead", (1, n), of(model, |own| own.predicted)),
    ];
    let mut legend = vec![
        ("past", view.say("actual", "实际").to_owned()),
        ("ahead", view.say("model", "模型").to_owned()),
    ];
    if let Some(rule) = rule {
        layers.push(Layer::Columns("c1", (2, n), of(rule, |own| own.predicted)));
        legend.push(("c1", name(view, rule)));
    }
    let title = match view.lang {
        Lang::En => format!("{}: held-out periods", view.name(measure)),
        Lang::Zh => format!("{}：留出期间", view.name(measure)),
    };
    let names: Vec<String> =
        origin.labels.iter().map(|label| short_label(label).to_owned()).collect();
    let each: Vec<String> = names
        .iter()
        .enumerate()
        .filter_map(|(h, label)| {
            let own = score(backtest, origin, model, target, Window::Period(h))?;
            Some(match view.lang {
                Lang::En => format!(
                    "{label}: actual {}, model {}",
                    sum(measure, own.actual),
                    sum(measure, own.predicted)
                ),
                Lang::Zh => format!(
                    "{label}：实际 {}，模型 {}",
                    sum(measure, own.actual),
                    sum(measure, own.predicted)
                ),
            })
        })
        .collect();
    let alternative = format!("{title}. {}", each.join("; "));
    let chart = Chart {
        across: (Across::Names(names), view.period()),
        up: (format!("{}{}", view.name(measure), view.unit(measure)), Unit::Plain),
        layers,
    };
    Some(Figure { svg: chart.draw(view.lang, &alternative), title, legend, caption: String::new() })
}

/// All contenders over all held-out periods.
fn table(
    view: &View<'_>,
    backtest: &Backtest,
    origin: &Origin,
    contenders: &[Contender],
    targets: &[Measure],
) -> Table {
    let mut names = vec![(view.say("Forecast by", "预测方法").to_owned(), false)];
    for measure in targets {
        let own = view.name(*measure);
        let with = |what: &str| match view.lang {
            Lang::En => format!("{own}, {what}"),
            Lang::Zh => format!("{own}{what}"),
        };
        names.push((with(view.say("forecast", "预测")), true));
        names.push((with(view.say("bias", "偏差")), true));
        names.push((with(view.say("error per customer", "每客误差")), true));
    }
    let row = |contender: &Contender| {
        let mut cells = vec![Cell::text(name(view, *contender))];
        for measure in targets {
            let own = score(backtest, origin, *contender, measure.target(), Window::Total);
            cells.push(Cell::maybe(own.map(|own| own.predicted), |value| sum(*measure, value)));
            cells.push(Cell::maybe(own.and_then(|own| own.bias), signed_percent));
            cells
                .push(Cell::maybe(own.and_then(|own| own.mae), |value| figure_of(*measure, value)));
        }
        cells
    };
    let mut actual = vec![Cell::text(view.say("What came", "实际结果"))];
    for measure in targets {
        let any = backtest.scores.iter().find(|own| {
            own.origin == origin.day
                && own.target == measure.target()
                && own.window == Window::Total
        });
        actual.push(Cell::maybe(any.map(|own| own.actual), |value| sum(*measure, value)));
        actual.extend([Cell::text(""), Cell::text("")]);
    }
    let held = view.span(&origin.labels);
    Table {
        id: "backtest-table".to_owned(),
        caption: match view.lang {
            Lang::En => format!(
                "Forecasts made on {} for {held} together, and what came{}",
                origin.day,
                view.unit(Measure::Amount)
            ),
            Lang::Zh => format!(
                "{} 所作的 {held} 合计预测与实际结果{}",
                origin.day,
                view.unit(Measure::Amount)
            ),
        },
        head: head(names.iter().map(|(name, number)| (name.as_str(), *number))),
        rows: contenders.iter().map(row).collect(),
        foot: vec![actual],
        live: false,
    }
}
