//! What must be said where the coming profit is compared with the past one.

use super::{Lang, Summary};

/// Coming periods bear the expense rate that was given, and the past of a ledger without expenses
/// bears none.
pub(super) fn expense_caution(summary: &Summary<'_>, lang: Lang) -> Option<&'static str> {
    let (panel, rules) = (summary.panel, summary.rules);
    let compared = panel.has_cost && summary.totals.gross_profit.is_some();
    let assumed = rules.expense_rate.is_some_and(|rate| rate != 0.0) && !panel.has_expense;
    (compared && assumed).then(|| {
        lang.say(
            "Coming periods bear the expense rate that was given; the ledger has no expenses, so that the past bears none: changes of gross profit hold that difference.",
            "未来各期按给定费用率计入营销费用，而数据中没有费用，历史毛利未扣除：毛利的变化包含这一差异。",
        )
    })
}
