//! The sheet of the backtest: how the model did on periods that were held out.

use rust_xlsxwriter::{ConditionalFormatDataBar, Worksheet, XlsxError};

use super::book::Book;
use super::sheet::Sheet;
use super::styles::{Look, PALE, PALE_RED, Show};
use crate::evaluate::{Backtest, Contender, Score};
use crate::predict::{Target, Window};
use crate::report::Lang;
use crate::report::numbers::{decimal, percent};

/// Numbers of a score, with their names.
type Number = (&'static str, &'static str, fn(&Score) -> Option<f64>, Show);

const NUMBERS: [Number; 10] = [
    ("Customers", "客户数", |s| Some(s.customers as f64), Show::Count),
    ("Actual", "实际", |s| Some(s.actual), Show::Money),
    ("Predicted", "预测", |s| Some(s.predicted), Show::Money),
    ("Bias", "偏差", |s| s.bias, Show::Change),
    ("MAE per customer", "平均绝对误差（每客户）", |s| s.mae, Show::Decimal),
    ("RMSE per customer", "均方根误差（每客户）", |s| s.rmse, Show::Decimal),
    ("Poisson deviance", "泊松偏差度", |s| s.poisson_deviance, Show::Decimal),
    ("Gini", "基尼系数（排序）", |s| s.gini, Show::Decimal),
    ("In the top 10 %", "前 10% 命中份额", |s| s.top_decile, Show::Share),
    ("Within the interval", "区间覆盖率", |s| Some(s.distribution.as_ref()?.coverage), Show::Share),
];

pub(super) fn write<'a>(book: &'a Book<'_>) -> Result<Sheet<'a>, XlsxError> {
    let name = book.say("Backtest", "回测");
    let mut widths = vec![13.0, 13.0, 16.0, 14.0, 14.0, 16.0];
    widths.extend([13.0; NUMBERS.len()]);
    let mut sheet = Sheet::new(Worksheet::new(), name, &book.styles, &widths)?;
    sheet.text(
        0,
        0,
        book.say("Backtest: forecasts of periods that are known", "回测：对已知各期的预测"),
        Look::Title,
    )?;
    match book.findings.backtest {
        Ok(backtest) => scores(book, &mut sheet, backtest)?,
        Err(why) => {
            let text = match book.lang {
                Lang::En => format!("There is no backtest: {why}."),
                Lang::Zh => format!("没有回测：{why}。"),
            };
            sheet.paragraph(1, &text, Look::Note)?;
        }
    }
    Ok(sheet)
}

fn is_headline(score: &Score) -> bool {
    (score.target, score.window) == (Target::Purchases, Window::Total)
}

/// The sentence: what the model of this forecast would have said.
fn lead(book: &Book<'_>, backtest: &Backtest) -> Option<String> {
    let own = |score: &&Score| is_headline(score) && matches!(score.contender, Contender::Model(_));
    let chosen = backtest.chosen.as_ref().map(|chosen| Contender::Model(chosen.candidate));
    let all = || backtest.scores.iter().filter(own);
    let score = all().find(|score| Some(score.contender) == chosen).or_else(|| all().next())?;
    let rivals = backtest.scores.iter().filter(|s| is_headline(s) && s.origin == score.origin);
    let known = |s: &Score| s.poisson_deviance.unwrap_or(f64::INFINITY);
    let better = rivals.clone().filter(|s| known(s) < known(score));
    let (better, all) = (better.count(), rivals.count());
    let bias = score.bias.map(|bias| {
        let sign = if bias >= 0.0 { "+" } else { "" };
        format!("{sign}{}", percent(bias))
    });
    let bias = bias.unwrap_or_else(|| "–".to_owned());
    let (predicted, actual) = (decimal(score.predicted, 0), decimal(score.actual, 0));
    Some(match book.lang {
        Lang::En => format!(
            "With what was known on {}, {} would have expected {predicted} purchases in the {} periods up to {}; {actual} were made ({bias}). By Poisson deviance {better} of {} others did better.",
            score.origin,
            score.contender,
            backtest.holdout,
            backtest.until,
            all - 1
        ),
        Lang::Zh => format!(
            "以 {} 当时已知的数据，{} 对截至 {} 的 {} 期预测购买 {predicted} 次，实际 {actual} 次({bias})。按泊松偏差度，其余 {} 种方法中有 {better} 种更好。",
            score.origin,
            score.contender,
            backtest.until,
            backtest.holdout,
            all - 1
        ),
    })
}

fn scores(book: &Book<'_>, sheet: &mut Sheet<'_>, backtest: &Backtest) -> Result<(), XlsxError> {
    if let Some(lead) = lead(book, backtest) {
        sheet.paragraph(1, &lead, Look::Headline)?;
    }
    let about = book.say(
        "Every contender was fitted on the days up to the origin alone. Bias = predicted / actual − 1. Lower errors and deviance are better; Gini and the share of the actual total that the predicted top 10 % hold are better when higher.",
        "每种方法只用起点之前的数据拟合。偏差 = 预测 / 实际 − 1。误差和偏差度越低越好；基尼系数和预测前 10% 客户占实际总额的份额越高越好。",
    );
    sheet.paragraph(2, about, Look::Note)?;
    let mut row = 4;
    let mut best: Vec<&Score> = backtest.scores.iter().filter(|s| is_headline(s)).collect();
    best.sort_by(|a, b| {
        let key = |s: &Score| s.poisson_deviance.unwrap_or(f64::INFINITY);
        b.origin.cmp(&a.origin).then(key(a).total_cmp(&key(b)))
    });
    let title = book.say(
        "Purchases over all periods held out, the best first",
        "全部留出期的购买次数，从优到劣",
    );
    row = table(book, sheet, backtest, title, &best, row)?;
    let every: Vec<&Score> = backtest.scores.iter().collect();
    let title = book.say("All scores", "全部评分");
    let top = row + 1;
    row = table(book, sheet, backtest, title, &every, row)?;
    if !every.is_empty() {
        let last = u16::try_from(5 + NUMBERS.len()).unwrap_or(u16::MAX);
        sheet.worksheet.autofilter(top, 0, row - 2, last)?;
    }
    for failure in &backtest.failed {
        let who = failure
            .contender
            .map_or_else(|| book.say("all", "全部").to_owned(), |contender| contender.to_string());
        let text = match book.lang {
            Lang::En => format!("Not scored from {}: {who}: {}", failure.origin, failure.reason),
            Lang::Zh => format!("未评分({}):{who}：{}", failure.origin, failure.reason),
        };
        sheet.paragraph(row, &text, Look::Note)?;
        row += 1;
    }
    for note in &backtest.notes {
        sheet.paragraph(row, note, Look::Note)?;
        row += 1;
    }
    Ok(())
}

/// One line per score; the next free row.
fn table(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    backtest: &Backtest,
    title: &str,
    scores: &[&Score],
    row: u32,
) -> Result<u32, XlsxError> {
    sheet.text(row, 0, title, Look::Heading)?;
    let names = [
        ("Origin", "起点"),
        ("Model", "模型"),
        ("Calendar", "日历"),
        ("Method", "方法"),
        ("Target", "目标"),
        ("Period", "期间"),
    ];
    for (at, (en, zh)) in (0..).zip(names) {
        sheet.text(row + 1, at, book.say(en, zh), Look::Header)?;
    }
    for (at, (en, zh, ..)) in (6..).zip(NUMBERS) {
        sheet.text_right(row + 1, at, book.say(en, zh), Look::Header)?;
    }
    sheet.worksheet.set_row_height(row + 1, 32)?;
    let first = row + 2;
    for (row, score) in (first..).zip(scores) {
        let origin = backtest.origins.iter().find(|origin| origin.day == score.origin);
        let period = match score.window {
            Window::Period(h) => origin.and_then(|o| o.labels.get(h)).map_or("", String::as_str),
            Window::Total => book.say("total", "合计"),
        };
        let target = match score.target {
            Target::Purchases => book.say("purchases", "购买次数"),
            Target::Amount => book.say("amount", "销售额"),
            Target::GrossProfit => book.say("gross profit", "毛利"),
        };
        let day = score.origin.to_string();
        let texts = [
            day.as_str(),
            score.contender.frequency(),
            score.contender.calendar(),
            score.contender.method(),
            target,
            period,
        ];
        for (at, text) in (0..).zip(texts) {
            sheet.text(row, at, text, Look::Plain)?;
        }
        for (at, (_, _, of, show)) in (6..).zip(NUMBERS) {
            let show = match (score.target, show) {
                (Target::Purchases, Show::Money) => Show::Quantity,
                (_, show) => show,
            };
            sheet.number(row, at, of(score), Look::Plain, show)?;
        }
    }
    let end = first + u32::try_from(scores.len()).unwrap_or(u32::MAX);
    if end > first {
        let bar = ConditionalFormatDataBar::new()
            .set_fill_color(PALE)
            .set_negative_fill_color(PALE_RED)
            .set_solid_fill(true);
        sheet.worksheet.add_conditional_format(first, 9, end - 1, 9, &bar)?;
    }
    Ok(end + 1)
}
