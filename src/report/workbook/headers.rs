//! The names of columns, of groupings and of measures, as people read them.

use super::book::{Book, Measure};
use super::layout::Of;
use crate::report::Lang;
use crate::report::group_words::column_name;

/// The name of a column of the forecast.
pub(super) fn name_of(book: &Book<'_>, of: Of) -> String {
    let say = |en, zh| book.lang.say(en, zh).to_owned();
    let coming = |h: usize, en, zh| format!("{} {}", book.labels()[h], book.lang.say(en, zh));
    match of {
        Of::Customer => say("Customer", "客户"),
        Of::Label(g) => column_name(book.lang, &book.groupings[g].column),
        Of::R => say("Periods since last active", "距上次活跃的期数"),
        Of::LastValue => say("Last value per purchase", "最近一期单次购买金额"),
        Of::PAlive => say("Still a customer", "仍为客户的概率"),
        Of::Purchases(h) => coming(h, "purchases", "购买次数"),
        Of::Amount(h) => coming(h, "amount", "销售额"),
        Of::Margin(h) => coming(h, "margin (input)", "毛利率（可改）"),
        Of::Cost(h) => coming(h, "product cost", "产品成本"),
        Of::Expense(h) => coming(h, "expense (input)", "营销费用（可改）"),
        Of::GrossProfit(h) => coming(h, "gross profit", "毛利"),
        Of::AmountTotal => say("Amount, all periods", "销售额合计"),
        Of::GrossProfitTotal => say("Gross profit, all periods", "毛利合计"),
        Of::PastPurchases => say("Past purchases", "历史购买次数"),
        Of::PastAmount => say("Past amount", "历史销售额"),
        Of::PastGrossProfit => say("Past gross profit", "历史毛利"),
        Of::FirstPurchase => say("First purchase", "首次购买"),
        Of::LastPurchase => say("Last purchase", "最近购买"),
        Of::Flags => say("Flags", "提示"),
        Of::Group(g) => format!("#{}", book.groupings[g].column),
        Of::Key => "#".to_owned(),
    }
}

/// The name of what customers are valued by.
pub(super) const fn measure(lang: Lang, measure: Measure) -> &'static str {
    match measure {
        Measure::GrossProfit => lang.say("gross profit", "毛利"),
        Measure::Amount => lang.say("amount", "销售额"),
        Measure::Purchases => lang.say("purchases", "购买次数"),
    }
}
