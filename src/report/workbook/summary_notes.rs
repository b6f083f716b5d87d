//! What stands below the table of the summary: how sure it is, who makes it up, what to know.

use rust_xlsxwriter::XlsxError;

use super::book::Book;
use super::headers::measure;
use super::layout::Of;
use super::sheet::Sheet;
use super::styles::{Look, Show};
use crate::predict::{Target, Window};
use crate::report::Lang;
use crate::report::like_for_like::expense_caution;
use crate::report::numbers::{count, decimal, money, percent};
use crate::value::MarginRule;

/// Writes from `row` on.
pub(super) fn write(book: &Book<'_>, sheet: &mut Sheet<'_>, row: u32) -> Result<(), XlsxError> {
    let row = intervals(book, sheet, row)?;
    let row = customers(book, sheet, row)?;
    let row = remarks(book, sheet, row)?;
    warnings(book, sheet, row)
}

/// The intervals of totals, where futures were drawn; the next free row.
fn intervals(book: &Book<'_>, sheet: &mut Sheet<'_>, mut row: u32) -> Result<u32, XlsxError> {
    let Some(intervals) = book.findings.summary.intervals else {
        let none = book.say(
            "No intervals were drawn: --quantiles gives them.",
            "未计算区间：加上 --quantiles 可以得到。",
        );
        sheet.paragraph(row, none, Look::Note)?;
        return Ok(row + 2);
    };
    let title = book.say(
        "90 % of outcomes, as computed by the engine: these do not follow changed cells",
        "90% 区间（由引擎计算，不随单元格的修改而变化）",
    );
    sheet.text(row, 0, title, Look::Heading)?;
    row += 1;
    let known = |target| intervals.total.ninety(target, Window::Total).is_some();
    let targets: Vec<Target> = Target::ALL.into_iter().filter(|&target| known(target)).collect();
    sheet.text(row, 0, book.say("Period", "期间"), Look::Header)?;
    for (at, target) in (1_u16..).step_by(2).zip(&targets) {
        let name = match target {
            Target::Purchases => book.say("Purchases", "购买次数"),
            Target::Amount => book.say("Amount", "销售额"),
            Target::GrossProfit => book.say("Gross profit", "毛利"),
        };
        for (at, bound) in [(at, book.say("from", "下限")), (at + 1, book.say("to", "上限"))] {
            sheet.text_right(row, at, &format!("{name} {bound}"), Look::Header)?;
        }
    }
    row += 1;
    for window in Window::all(book.horizon()) {
        let (name, look) = match window {
            Window::Period(h) => (book.labels()[h].as_str(), Look::Plain),
            Window::Total => (book.say("total", "合计"), Look::Total),
        };
        sheet.text(row, 0, name, look)?;
        for (at, target) in (1_u16..).step_by(2).zip(&targets) {
            let Some(bounds) = intervals.total.ninety(*target, window) else { continue };
            let show = if *target == Target::Purchases { Show::Count } else { Show::Money };
            for (at, bound) in (at..).zip(bounds) {
                sheet.number(row, at, bound.value, look, show)?;
            }
        }
        row += 1;
    }
    let text = match book.lang {
        Lang::En => format!(
            "In nine of ten cases what comes should lie between, if the model is right: chance and parameters are in it, a wrong model and customers yet to come are not. {} futures of each customer under {} set(s) of parameters, seed {}.",
            count(intervals.draws as u64),
            count(intervals.sets as u64),
            intervals.seed
        ),
        Lang::Zh => format!(
            "如果模型正确，十次中有九次结果落在区间内：其中包含随机性和参数的不确定性，不包含模型错误和未来新客户。每位客户模拟 {} 种未来，使用 {} 组参数，随机种子 {}。",
            count(intervals.draws as u64),
            count(intervals.sets as u64),
            intervals.seed
        ),
    };
    sheet.paragraph(row, &text, Look::Note)?;
    Ok(row + 2)
}

/// Counts that follow the forecast, and the concentration.
fn customers(book: &Book<'_>, sheet: &mut Sheet<'_>, mut row: u32) -> Result<u32, XlsxError> {
    let totals = book.findings.summary.totals;
    sheet.text(row, 0, book.say("Customers", "客户"), Look::Heading)?;
    row += 1;
    let fixed = |n: usize| if n == 0 { String::new() } else { format!("+{n}") };
    let others = book.others.as_ref();
    let all = book.over(Of::Key, |_, range| format!("COUNTIF({range},\">0\")"));
    let rest = fixed(others.map_or(0, |others| others.customers));
    let lines = [
        (
            book.say("customers in the forecast", "预测涵盖的客户"),
            all.map(|all| all + &rest),
            totals.customers,
        ),
        (
            book.say("of them with gross profit below zero", "其中预测毛利为负"),
            book.over(Of::GrossProfitTotal, |part, range| {
                format!("COUNTIFS({range},\"<0\",{},\">0\")", book.beside(part, Of::Key))
            })
            .map(|below| below + &fixed(others.map_or(0, |others| others.below_zero))),
            (0..book.findings.summary.forecast.len())
                .filter(|&i| {
                    let profit = book.findings.summary.forecast.gross_profit_total(i);
                    profit.is_some_and(|profit| profit < 0.0)
                })
                .count(),
        ),
    ];
    for (name, formula, value) in lines {
        let Some(formula) = formula else { continue };
        sheet.text(row, 0, name, Look::Plain)?;
        sheet.formula(row, 1, &formula, Some(value as f64), (Look::Plain, Show::Count))?;
        row += 1;
    }
    for (name, value) in [
        (book.say("without a forecast", "没有预测"), totals.without_forecast),
        (book.say("without an active period", "没有活跃期"), totals.without_active_period),
        (book.say("with an infinite expected value", "期望值为无穷大"), totals.infinite_mean),
    ] {
        if value > 0 {
            sheet.text(row, 0, name, Look::Plain)?;
            sheet.number(row, 1, value as f64, Look::Plain, Show::Count)?;
            row += 1;
        }
    }
    if let Some(others) = others {
        let n = count(others.customers as u64);
        let text = match book.lang {
            Lang::En => format!(
                "{n} customers have no row of their own in the sheet Forecast: they are summed in one row there, whose numbers are fixed, and are in all totals."
            ),
            Lang::Zh => format!(
                "有 {n} 位客户在“预测”表中没有单独的行：他们合并为一行，数字固定不变，但计入所有合计。"
            ),
        };
        sheet.paragraph(row, &text, Look::Note)?;
        row += 1;
    }
    if let Some(lorenz) = &book.findings.segmentation.lorenz {
        let what = measure(book.lang, book.measure());
        let gini = lorenz.gini.map(|gini| decimal(gini, 2));
        let text = match book.lang {
            Lang::En => format!(
                "As computed by the engine, the most valuable fifth of customers holds {} of the forecast {what}; {} of customers hold four fifths of it{}.",
                percent(lorenz.top_fifth),
                percent(lorenz.holds_four_fifths),
                gini.map(|gini| format!("; Gini coefficient {gini}")).unwrap_or_default()
            ),
            Lang::Zh => format!(
                "按引擎计算，最有价值的五分之一客户占预测{what}的 {}；{} 的客户占其五分之四{}。",
                percent(lorenz.top_fifth),
                percent(lorenz.holds_four_fifths),
                gini.map(|gini| format!(";基尼系数 {gini}")).unwrap_or_default()
            ),
        };
        sheet.paragraph(row, &text, Look::Note)?;
        row += 1;
    }
    Ok(row + 1)
}

/// What is in no number, and what hangs on the margin rule.
fn remarks(book: &Book<'_>, sheet: &mut Sheet<'_>, mut row: u32) -> Result<u32, XlsxError> {
    let summary = &book.findings.summary;
    if let Some(periods) = &book.findings.manifest.customers_yet_to_come {
        let customers: f64 = periods.iter().map(|period| period.customers).sum();
        let purchases: f64 = periods.iter().map(|period| period.purchases).sum();
        let amount: Option<f64> = periods.iter().map(|period| period.amount).sum();
        let (customers, purchases) = (decimal(customers, 1), decimal(purchases, 1));
        let text = match book.lang {
            Lang::En => format!(
                "Customers yet to come, in no number above: about {customers} with {purchases} purchases{}, if as many come as in the last year.",
                amount.map(|a| format!(" worth {}", money(a))).unwrap_or_default()
            ),
            Lang::Zh => format!(
                "未来的新客户（不含在以上数字中）：如果与过去一年一样多，约 {customers} 位，购买 {purchases} 次{}。",
                amount.map(|a| format!("，金额 {}", money(a))).unwrap_or_default()
            ),
        };
        sheet.paragraph(row, &text, Look::Note)?;
        row += 1;
    }
    if let Some(text) = expense_caution(summary, book.lang) {
        sheet.paragraph(row, text, Look::Note)?;
        row += 1;
    }
    if let Some(other) = summary.other_margin_rule.filter(|_| summary.totals.gross_profit.is_some())
    {
        let other = money(other);
        let text = match (book.lang, summary.rules.margin_rule) {
            (Lang::En, MarginRule::Last) => format!(
                "Each customer's last margin is carried forward. With margins pooled over each customer's history (--margin-rule pooled) gross profit would be {other}, as computed by the engine."
            ),
            (Lang::En, MarginRule::Pooled) => format!(
                "Margins are pooled over each customer's history. With each customer's last margin carried forward (--margin-rule last) gross profit would be {other}, as computed by the engine."
            ),
            (Lang::Zh, MarginRule::Last) => format!(
                "毛利率沿用每位客户最近一期的数值。如果改用客户全部历史的平均毛利率(--margin-rule pooled),毛利为 {other}（由引擎计算）。"
            ),
            (Lang::Zh, MarginRule::Pooled) => format!(
                "毛利率取每位客户全部历史的平均值。如果改为沿用最近一期的毛利率(--margin-rule last),毛利为 {other}（由引擎计算）。"
            ),
        };
        sheet.paragraph(row, &text, Look::Note)?;
        row += 1;
    }
    Ok(row + 1)
}

fn warnings(book: &Book<'_>, sheet: &mut Sheet<'_>, mut row: u32) -> Result<(), XlsxError> {
    let run = book.findings.summary.warnings.iter();
    let warnings: Vec<&String> = run.chain(&book.findings.segmentation.warnings).collect();
    if warnings.is_empty() {
        return Ok(());
    }
    sheet.text(row, 0, book.say("Warnings", "警告"), Look::Heading)?;
    for warning in warnings {
        row += 1;
        sheet.paragraph(row, warning, Look::Warning)?;
    }
    Ok(())
}
