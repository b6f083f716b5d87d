//! The parameters of a model, with how sure they are.

use super::blocks::{Cell, Table, head};
use super::view::View;
use crate::fit::{FittedModel, PartSection};
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw, ValueLaw};
use crate::report::Lang;
use crate::report::fit_text::significant;
use crate::report::numbers::or_missing;

/// Name in model files, estimate, and meaning in both languages.
type Parameter = (&'static str, f64, &'static str, &'static str);

/// The table of a model; `k` tells it from those of other models of the page.
pub(super) fn table(view: &View<'_>, model: &FittedModel, k: usize) -> Table {
    let fit = model.fit.as_ref();
    let mut rows = Vec::new();
    let mut add = |part: Option<&PartSection>, parameters: Vec<Parameter>| {
        for (name, value, en, zh) in parameters {
            let error = part.and_then(|part| part.standard_errors.get(name).copied().flatten());
            let interval =
                part.and_then(|part| part.confidence_intervals.get(name).copied().flatten());
            let range = |(low, high)| format!("{} – {}", significant(low), significant(high));
            rows.push(vec![
                Cell::text(name),
                Cell::text(view.say(en, zh)),
                Cell::number(value, significant(value)),
                Cell::maybe(error, significant),
                Cell::right(or_missing(interval, range)),
            ]);
        }
    };
    let part = fit.map(|fit| &fit.frequency);
    add(part, rates(&model.frequency));
    add(part, leaving(&model.frequency));
    if let Some(own) = model.monetary {
        add(fit.and_then(|fit| fit.monetary.as_ref()), values(own.law));
    }
    let columns = [
        (view.say("Parameter", "参数"), false),
        (view.say("Meaning", "含义"), false),
        (view.say("Estimate", "估计值"), true),
        (view.say("Std. error", "标准误"), true),
        (view.say("95 % interval", "95 % 置信区间"), true),
    ];
    let (name, period) = (model.frequency.name(), view.period());
    let caption = match view.lang {
        Lang::En => format!("Parameters of {name}; rates are per {period}"),
        Lang::Zh => format!("{name} 模型参数；速率以每{period}计"),
    };
    Table { id: format!("parameters-{k}"), caption, head: head(columns), rows, ..Table::default() }
}

/// How rates of purchasing differ.
fn rates(law: &FrequencyLaw) -> Vec<Parameter> {
    let (en, zh) = ("rate of the law of purchase rates, periods", "购买率分布的速率参数（期）");
    let (en_shape, zh_shape) = ("shape of the law of purchase rates", "购买率分布的形状参数");
    match law.rate() {
        RateLaw::Gamma { shape, rate } if matches!(law, FrequencyLaw::Nbd(_)) => {
            vec![("a", rate, en, zh), ("b", shape, en_shape, zh_shape)]
        }
        RateLaw::Gamma { shape, rate } => {
            vec![("r", shape, en_shape, zh_shape), ("alpha", rate, en, zh)]
        }
        RateLaw::Equal(rate) => vec![("rate", rate, "purchases per period", "每期购买次数")],
    }
}

/// How readily customers leave.
fn leaving(law: &FrequencyLaw) -> Vec<Parameter> {
    match *law {
        FrequencyLaw::Nbd(_) => Vec::new(),
        FrequencyLaw::BgNbd { dropout, .. }
        | FrequencyLaw::MbgNbd { dropout, .. }
        | FrequencyLaw::Pdo { dropout, .. } => match dropout {
            Dropout::Beta { a, b } => vec![
                ("a", a, "shape of leaving", "流失的形状参数"),
                ("b", b, "shape of staying", "留存的形状参数"),
            ],
            Dropout::Equal(p) => vec![("dropout", p, "probability of leaving", "流失概率")],
            Dropout::Never => Vec::new(),
        },
        FrequencyLaw::ParetoNbd { lifetime, .. } => match lifetime {
            Lifetime::Gamma { shape, rate } => vec![
                ("s", shape, "shape of the law of leaving rates", "流失率分布的形状参数"),
                (
                    "beta",
                    rate,
                    "rate of the law of leaving rates, periods",
                    "流失率分布的速率参数（期）",
                ),
            ],
            Lifetime::Equal(mu) => vec![("mu", mu, "rate of leaving, per period", "每期流失率")],
            Lifetime::Never => Vec::new(),
        },
    }
}

/// What purchases are worth.
fn values(law: ValueLaw) -> Vec<Parameter> {
    match law {
        ValueLaw::GammaGamma { p, q, k } => vec![
            ("p", p, "shape of values within a customer", "客户内购买金额的形状参数"),
            ("q", q, "shape of value levels across customers", "客户间金额水平的形状参数"),
            ("k", k, "rate of value levels, money", "金额水平的速率参数（金额）"),
        ],
        ValueLaw::SameForAll { p, rate } => vec![
            ("p", p, "shape of values", "购买金额的形状参数"),
            ("rate", rate, "rate of values, per money", "购买金额的速率参数"),
        ],
        ValueLaw::OwnConstant { q, scale } => vec![
            ("q", q, "shape across customers", "客户间的形状参数"),
            ("scale", scale, "scale across customers, money", "客户间的尺度参数（金额）"),
        ],
        ValueLaw::Constant(value) => {
            vec![("value", value, "value of every purchase, money", "每次购买的金额")]
        }
    }
}
