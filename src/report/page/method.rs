//! How the numbers come about, for people who did not make them.

use super::blocks::{Block, Section};
use super::view::{Measure, View};
use crate::forecast::Method;
use crate::report::Lang;
use crate::report::numbers::percent;
use crate::value::MarginRule;

/// The section.
pub(super) fn section(view: &View<'_>) -> Section {
    let mut blocks = vec![Block::text(purchases(view))];
    blocks.push(Block::text(money(view)));
    blocks.push(Block::text(limits(view)));
    blocks.push(Block::heading(view.say("Words", "术语")));
    blocks.push(Block::Terms { terms: terms(view) });
    blocks.push(Block::note(view.say(
        "The formulas, their sources and the tests of them are in docs/method.md of clvcast; `clvcast explain` writes out every number of one customer.",
        "公式、出处和检验见 clvcast 的 docs/method.md；`clvcast explain` 可列出任一客户每个数字的计算过程。",
    )));
    Section {
        id: "method",
        title: view.say("Method in plain words", "方法说明").to_owned(),
        blocks,
    }
}

/// How purchases are forecast.
fn purchases(view: &View<'_>) -> String {
    let summary = &view.findings.summary;
    let rule = match summary.options.method {
        _ if !summary.members.is_empty() => view.say(
            "The forecast is a weighted mean of several models that did best on held-out periods.",
            "预测是若干在留出期间表现最好的模型的加权平均。",
        ),
        Method::Posterior => view.say(
            "Each customer's forecast is the expectation given the whole own history: a customer with few purchases is pulled towards the average of all, one with many stands for itself.",
            "每位客户的预测是根据其全部历史得出的期望值：购买少的客户向总体平均靠拢，购买多的客户更多取决于自身。",
        ),
        Method::Chain => view.say(
            "Each customer's forecast starts from the last active period and follows the chances of purchasing again from one period to the next (a Markov chain).",
            "每位客户的预测从最近的活跃期出发，按逐期再次购买的概率推算（马尔可夫链）。",
        ),
        Method::Point => view.say(
            "Each customer gets a score by the published point rule, which weighs a value by the probability of one band.",
            "每位客户按已发表的点估计法得到评分，即以某一区间的概率对价值加权。",
        ),
    };
    let calendar = if summary.model.calendar.is_some() {
        view.say(
            " Season and trend of the past are carried on into the coming periods.",
            "历史上的季节规律和趋势延续到未来各期。",
        )
    } else {
        ""
    };
    match view.lang {
        Lang::En => format!(
            "The program looks at when each customer purchased. It assumes that customers purchase at random, some often and some seldom, and estimates from all of them how different they are. {rule}{calendar}"
        ),
        Lang::Zh => format!(
            "程序考察每位客户的购买时间，假设客户的购买是随机的，有人频繁，有人稀少，并由全体客户估计彼此的差异程度。{rule}{calendar}"
        ),
    }
}

/// How purchases become money.
fn money(view: &View<'_>) -> String {
    let summary = &view.findings.summary;
    if view.lead == Measure::Purchases {
        return view
            .say(
                "The data hold no amounts, so purchases are forecast and money is not.",
                "数据中没有金额，因此只预测购买次数，不预测金额。",
            )
            .to_owned();
    }
    let mut text = view.say(
        "What a purchase is worth is estimated the same way: from the customer's own past amounts, pulled towards the average where there are few.",
        "每次购买的金额用同样方法估计：依据客户自身的历史金额，数据少时向总体平均靠拢。",
    ).to_owned();
    if view.lead == Measure::Amount {
        text.push_str(view.say(
            " The data hold no product costs and no margin was given, so that gross profit is not forecast.",
            "数据中没有产品成本，也未指定毛利率，因此不预测毛利。",
        ));
        return text;
    }
    let margin = match (summary.rules.margin, summary.rules.margin_rule) {
        (Some(margin), _) => match view.lang {
            Lang::En => format!(" Gross profit uses the margin that was given, {}", percent(margin)),
            Lang::Zh => format!("毛利按给定的毛利率 {} 计算", percent(margin)),
        },
        (None, MarginRule::Last) => view.say(
            " Gross profit uses each customer's last margin, carried forward with the trend of the company's margins",
            "毛利沿用每位客户最近一次的毛利率，并随公司毛利率的趋势调整",
        ).to_owned(),
        (None, MarginRule::Pooled) => view.say(
            " Gross profit uses each customer's margin over its history, pulled towards the company's where there is little",
            "毛利采用每位客户历史上的总毛利率，数据少时向公司总体毛利率靠拢",
        ).to_owned(),
    };
    text.push_str(&margin);
    text.push_str(
        view.say(
            ", less the marketing expense where the data hold it.",
            "，并扣除数据中的营销费用。",
        ),
    );
    if let Some(other) = summary.other_margin_rule {
        let other = crate::report::numbers::money(other);
        text.push_str(&match (view.lang, summary.rules.margin_rule) {
            (Lang::En, MarginRule::Last) => {
                format!(" With margins pooled over the history the forecast would be {other}.")
            }
            (Lang::En, MarginRule::Pooled) => {
                format!(" With last margins carried forward the forecast would be {other}.")
            }
            (Lang::Zh, MarginRule::Last) => format!("若采用历史总毛利率，预测毛利为 {other}。"),
            (Lang::Zh, MarginRule::Pooled) => format!("若沿用最近一次毛利率，预测毛利为 {other}。"),
        });
    }
    if summary.rules.discount != 0.0 {
        let rate = percent(summary.rules.discount);
        text.push_str(&match view.lang {
            Lang::En => {
                format!(" Totals are discounted at {rate} a period; single periods are not.")
            }
            Lang::Zh => format!("合计按每期 {rate} 折现，各期数字不折现。"),
        });
    }
    text
}

/// What the numbers do not hold.
fn limits(view: &View<'_>) -> String {
    view.say(
        "What is not in the numbers: customers who have yet to come; prices, campaigns and competitors that will differ from the past; and the chance that the model is wrong, for which the backtest is the best guide. A forecast of one customer is uncertain; sums over many are much surer.",
        "数字中不包含：未来的新客户；与过去不同的价格、促销和竞争；以及模型本身有误的可能，对此回测是最好的参考。单个客户的预测不确定性较大，多位客户的合计则可靠得多。",
    ).to_owned()
}

/// What words of this page mean.
fn terms(view: &View<'_>) -> Vec<(String, String)> {
    let mut terms = vec![
        (view.say("Period", "期"), view.say("The unit of time of this report; the coming ones begin after the as-of date.", "本报告的时间单位；未来各期从截止日期之后开始。")),
        (view.say("As-of date", "截止日期"), view.say("The last day that the forecast knows of.", "预测所依据数据的最后一天。")),
        (view.say("Purchase", "购买"), view.say("One order; rows of one order count once where the data name orders, otherwise rows of one day.", "一个订单；有订单号时同一订单计一次，否则同一天的行计一次。")),
        (view.say("Active", "活跃"), view.say("With at least one purchase in the period and a positive net amount.", "当期至少购买一次且净金额为正。")),
    ];
    if view.lead == Measure::Profit {
        terms.push((
            view.say("Gross profit", "毛利"),
            view.say(
                "Amount less product cost less marketing expense.",
                "销售额减产品成本，再减营销费用。",
            ),
        ));
        terms.push((
            view.say("Margin", "毛利率"),
            view.say(
                "Amount less product cost, as a share of the amount.",
                "（销售额 − 产品成本）÷ 销售额。",
            ),
        ));
    }
    if view.findings.summary.intervals.is_some() {
        terms.push((view.say("90 % of outcomes", "90 % 区间"), view.say(
            "The range in which the outcome lies in nine of ten cases, if the model is right: one case in twenty below it, one in twenty above.",
            "若模型正确，十次中有九次结果落在此范围内：低于下限和高于上限的可能各为二十分之一。",
        )));
    }
    terms.into_iter().map(|(word, meaning)| (word.to_owned(), meaning.to_owned())).collect()
}
