//! How customers got into their groups, in words.

use super::Lang;
use super::numbers::{decimal, money, percent};
use crate::segment::{Dormancy, Layers, Rfm, Segmentation, Spent};

/// The rule of a grouping; nothing where the labels themselves were given.
pub(super) fn rule(lang: Lang, column: &str, found: &Segmentation) -> String {
    match (column, &found.rfm) {
        ("cell", Some(rfm)) => halves(lang, rfm),
        ("rfm", Some(rfm)) => classes(lang, rfm),
        ("layer", _) => layers(lang, &found.options.layers),
        ("worth", _) => {
            let share = percent(found.options.near_zero);
            match lang {
                Lang::En => {
                    format!("Near zero is less than {share} of the average customer's profit.")
                }
                Lang::Zh => format!("“接近零”指低于客户平均毛利的 {share}。"),
            }
        }
        ("dormancy", _) => {
            found.options.dormancy.map(|rule| dormancy(lang, rule)).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// What a reader must know of changes between groups.
pub(super) const fn caution(lang: Lang) -> &'static str {
    lang.say(
        "Groups that are chosen by their past come back to the mean by themselves: a change is no effect of anything done.",
        "按过去表现划分的客户群会自然向平均水平回归：变化本身并不说明任何措施的效果。",
    )
}

const fn spent(lang: Lang, rfm: &Rfm) -> &'static str {
    match rfm.spent {
        Spent::Total => lang.say("spent in all", "累计金额"),
        Spent::Mean => lang.say("spent per purchase", "平均每次金额"),
    }
}

fn halves(lang: Lang, rfm: &Rfm) -> String {
    let [days, purchases, amount] = rfm.halves;
    // Days and purchases are whole: a cut between two of them is the lower one.
    let (days, purchases) = (decimal(days.floor(), 0), decimal(purchases.floor(), 0));
    let amount = money(amount);
    let (spent, s) = (spent(lang, rfm), if purchases == "1" { "" } else { "s" });
    match lang {
        Lang::En => format!(
            "High is: bought in the last {days} days, more than {purchases} purchase{s}, more than {amount} {spent}."
        ),
        Lang::Zh => format!(
            "“高”的标准：最近 {days} 天内购买过；购买次数超过 {purchases} 次；{spent}超过 {amount}。"
        ),
    }
}

fn classes(lang: Lang, rfm: &Rfm) -> String {
    let list = |cuts: &[f64], show: fn(f64) -> String| {
        cuts.iter().map(|cut| show(*cut)).collect::<Vec<_>>().join("; ")
    };
    let whole = |cut: f64| decimal(cut.floor(), 0);
    let [days, purchases, amounts] = &rfm.cuts;
    let (days, purchases, amounts) =
        (list(days, whole), list(purchases, whole), list(amounts, money));
    let spent = spent(lang, rfm);
    match lang {
        Lang::En => format!(
            "A class ends at: {days} days since the last purchase (few are high); {purchases} purchases; {amounts} {spent}."
        ),
        Lang::Zh => format!(
            "各级的上限：距上次购买 {days} 天（天数少为高）；购买 {purchases} 次；{spent} {amounts}。"
        ),
    }
}

fn layers(lang: Lang, layers: &Layers) -> String {
    let letters = 'A'..='Z';
    let (between, rest) = match lang {
        Lang::En => (", ", ", then the rest"),
        Lang::Zh => ("，", "，其余为最后一层"),
    };
    // A cut-off parts equal values never; a rank would, were they not kept together.
    let end = match layers {
        Layers::Shares(_) => {
            lang.say("; customers of equal value share a layer.", "；价值相同的客户归入同一层。")
        }
        Layers::Cuts(_) => lang.say(".", "。"),
    };
    let parts: Vec<String> = match layers {
        Layers::Shares(shares) => letters
            .zip(shares)
            .map(|(layer, share)| match (lang, layer) {
                (Lang::En, 'A') => format!("A the most valuable {} of customers", percent(*share)),
                (Lang::En, layer) => format!("{layer} the next {}", percent(*share)),
                (Lang::Zh, 'A') => format!("A 为价值最高的 {} 客户", percent(*share)),
                (Lang::Zh, layer) => format!("{layer} 为其后的 {}", percent(*share)),
            })
            .collect(),
        Layers::Cuts(cuts) => letters
            .zip(cuts.iter().rev())
            .map(|(layer, cut)| match lang {
                Lang::En => format!("{layer} from {}", money(*cut)),
                Lang::Zh => format!("{layer} 从 {} 起", money(*cut)),
            })
            .collect(),
    };
    format!("{}{rest}{end}", parts.join(between))
}

fn dormancy(lang: Lang, rule: Dormancy) -> String {
    match (lang, rule) {
        (Lang::En, Dormancy::Periods([dozing, half, asleep])) => format!(
            "Periods without an active one (a purchase and a positive net amount): dozing from {dozing}, half-asleep from {half}, asleep from {asleep}."
        ),
        (Lang::Zh, Dormancy::Periods([dozing, half, asleep])) => format!(
            "按连续无净销售的期数：{dozing} 期起为轻度沉睡，{half} 期起为半沉睡，{asleep} 期起为沉睡。"
        ),
        (Lang::En, Dormancy::Probability([asleep, half, dozing])) => format!(
            "P(active in the next period): dozing below {}, half-asleep below {}, asleep below {}.",
            percent(dozing),
            percent(half),
            percent(asleep)
        ),
        (Lang::Zh, Dormancy::Probability([asleep, half, dozing])) => format!(
            "按下一期购买的概率：低于 {} 为轻度沉睡，低于 {} 为半沉睡，低于 {} 为沉睡。",
            percent(dozing),
            percent(half),
            percent(asleep)
        ),
    }
}
