//! The sheet of the method: the model and how sure it is, the formulas, what the columns mean.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::book::Book;
use super::headers::name_of;
use super::layout::Of;
use super::sheet::Sheet;
use super::styles::{Look, Show};
use crate::calendar::{Calendar, Season, Trend};
use crate::fit::{ChoiceSection, FittedModel};
use crate::panel::PeriodIndex;
use crate::report::Lang;
use crate::report::fit_text::parameters_of;
use crate::report::numbers::percent;
use crate::value::{Flag, MarginRule};

pub(super) fn write<'a>(book: &'a Book<'_>) -> Result<Sheet<'a>, XlsxError> {
    let name = book.say("Method", "方法");
    let widths = [34.0, 40.0, 14.0, 14.0, 14.0, 14.0];
    let mut sheet = Sheet::new(Worksheet::new(), name, &book.styles, &widths)?;
    sheet.text(0, 0, book.say("How the numbers come about", "数字如何得出"), Look::Title)?;
    let row = rules(book, &mut sheet, 2)?;
    let mut row = chosen(book, &mut sheet, row)?;
    let summary = &book.findings.summary;
    row = model(book, &mut sheet, summary.model, row)?;
    for member in summary.members.iter().skip(1) {
        row = model(book, &mut sheet, &member.model, row)?;
    }
    let row = formulas(book, &mut sheet, row)?;
    glossary(book, &mut sheet, row)?;
    sheet.worksheet.set_freeze_panes(1, 0)?;
    Ok(sheet)
}

/// How purchases were forecast, and how they became profit.
fn rules(book: &Book<'_>, sheet: &mut Sheet<'_>, mut row: u32) -> Result<u32, XlsxError> {
    let (manifest, money) = (book.findings.manifest, book.findings.summary.rules);
    let none = book.say("the ledger's", "取自数据");
    let share = |share: Option<f64>| share.map_or_else(|| none.to_owned(), percent);
    let margins = match (money.margin, money.margin_rule) {
        (Some(margin), _) => percent(margin),
        (None, MarginRule::Last) => book
            .say(
                "each customer's last one, moved by the company's trend",
                "沿用每位客户最近一期的毛利率，并按公司整体趋势调整",
            )
            .to_owned(),
        (None, MarginRule::Pooled) => {
            book.say("pooled over each customer's history", "每位客户全部历史的平均值").to_owned()
        }
    };
    let lines = [
        (
            book.say("Method", "预测方法"),
            format!("{} ({})", manifest.method.name, manifest.method.meaning),
        ),
        (book.say("Why this one", "选择理由"), manifest.method.why.clone()),
        (book.say("Margin", "毛利率"), margins),
        (book.say("Expense rate", "费用率"), share(money.expense_rate)),
        (book.say("Discount rate per period", "每期折现率"), percent(money.discount)),
    ];
    for (name, text) in lines {
        sheet.text(row, 0, name, Look::Plain)?;
        sheet.text(row, 1, &text, Look::Plain)?;
        row += 1;
    }
    Ok(row + 1)
}

/// What was compared before the model was taken.
fn chosen(book: &Book<'_>, sheet: &mut Sheet<'_>, mut row: u32) -> Result<u32, XlsxError> {
    let fit = book.findings.summary.model.fit.as_ref();
    let Some(choice) = fit.and_then(|fit| fit.choice.as_ref()) else { return Ok(row) };
    sheet.text(row, 0, book.say("How the model was chosen", "模型的选择"), Look::Heading)?;
    row += 1;
    if let Some(held) = &choice.held_out {
        let origins = held.origins.join(", ");
        let text = match book.lang {
            Lang::En => format!(
                "Compared on the {} period(s) held out after {origins}, on {} of {} customers. Score: Poisson deviance of purchases per customer and period; lower is better.",
                held.periods, held.customers, held.of
            ),
            Lang::Zh => format!(
                "在 {origins} 之后留出的 {} 期上比较，使用 {} / {} 位客户。评分：每客户每期购买次数的泊松偏差度，越低越好。",
                held.periods, held.customers, held.of
            ),
        };
        sheet.paragraph(row, &text, Look::Note)?;
        row += 1;
    }
    row = compared(book, sheet, choice, row)?;
    for failed in &choice.failed {
        let text = format!("{} {failed}", book.say("Not compared:", "未比较:"));
        sheet.paragraph(row, &text, Look::Note)?;
        row += 1;
    }
    Ok(row + 1)
}

fn compared(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    choice: &ChoiceSection,
    mut row: u32,
) -> Result<u32, XlsxError> {
    let lists = [
        (book.say("Candidate", "候选"), &choice.compared),
        (book.say("Models before calendars", "加日历之前的模型"), &choice.first),
    ];
    for (title, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        sheet.text(row, 0, title, Look::Header)?;
        sheet.text(row, 1, "", Look::Header)?;
        let names = [
            book.say("Parameters", "参数个数"),
            book.say("Score", "评分"),
            book.say("Above best", "与最佳之差"),
            book.say("Std. error", "标准误"),
        ];
        for (at, name) in (2..).zip(names) {
            sheet.text_right(row, at, name, Look::Header)?;
        }
        for entry in list {
            row += 1;
            sheet.text(row, 0, &entry.candidate, Look::Plain)?;
            sheet.number(row, 2, f64::from(entry.parameters), Look::Plain, Show::Count)?;
            for (at, value) in (3..).zip([entry.score, entry.above_best, entry.standard_error]) {
                sheet.number(row, at, value, Look::Plain, Show::Decimal)?;
            }
        }
        row += 2;
    }
    Ok(row)
}

/// Parameters and calendar of a model.
fn model(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    model: &FittedModel,
    mut row: u32,
) -> Result<u32, XlsxError> {
    let (words, parameters) = parameters_of(model);
    sheet.text(row, 0, book.say("The model", "模型"), Look::Heading)?;
    sheet.paragraph(row + 1, &format!("{words}."), Look::Note)?;
    row += 2;
    sheet.text(row, 0, book.say("Parameter", "参数"), Look::Header)?;
    sheet.text(row, 1, book.say("Meaning", "含义"), Look::Header)?;
    let names = [
        book.say("Estimate", "估计值"),
        book.say("Std. error", "标准误"),
        book.say("95 % from", "95% 下限"),
        book.say("95 % to", "95% 上限"),
    ];
    for (at, name) in (2..).zip(names) {
        sheet.text_right(row, at, name, Look::Header)?;
    }
    for parameter in &parameters {
        row += 1;
        sheet.text(row, 0, parameter.name, Look::Plain)?;
        sheet.text(row, 1, parameter.meaning, Look::Plain)?;
        let interval = parameter.interval;
        let numbers = [
            Some(parameter.value),
            parameter.error,
            interval.map(|(low, _)| low),
            interval.map(|(_, high)| high),
        ];
        for (at, number) in (2..).zip(numbers) {
            sheet.number(row, at, number, Look::Plain, Show::Figure)?;
        }
    }
    row += 2;
    let of = [
        (&model.calendar, book.say("Calendar of purchases", "购买次数的日历")),
        (&model.value_calendar, book.say("Calendar of purchase values", "购买金额的日历")),
    ];
    for (calendar, title) in of {
        if let Some(own) = calendar {
            row = factors(book, sheet, own, title, row)?;
        }
    }
    Ok(row)
}

/// What past and coming periods are worth beside an average one.
fn factors(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    calendar: &Calendar,
    title: &str,
    mut row: u32,
) -> Result<u32, XlsxError> {
    let season = match &calendar.season {
        Season::None => book.say("no season", "无季节性").to_owned(),
        Season::Harmonics { .. } => book.say("a smooth season", "平滑的季节性").to_owned(),
        Season::Factors { cycle, .. } => match book.lang {
            Lang::En => format!("a season by {}", cycle.name()),
            Lang::Zh => format!("按 {} 的季节性", cycle.name()),
        },
    };
    let yearly = |per_year: f64| {
        let share = per_year.exp_m1();
        format!("{}{}", if share > 0.0 { "+" } else { "" }, percent(share))
    };
    let trend = match (calendar.trend, book.lang) {
        (Trend::None, _) => book.say("no trend", "无趋势").to_owned(),
        (Trend::Linear { per_year }, Lang::En) => format!("a trend of {} a year", yearly(per_year)),
        (Trend::Linear { per_year }, Lang::Zh) => format!("每年趋势 {}", yearly(per_year)),
        (Trend::Damped { per_year, damping }, Lang::En) => {
            format!("a trend of {} a year, damped by {damping} a period", yearly(per_year))
        }
        (Trend::Damped { per_year, damping }, Lang::Zh) => {
            format!("每年趋势 {}，每期按 {damping} 衰减", yearly(per_year))
        }
    };
    sheet.text(row, 0, title, Look::Heading)?;
    let text = format!("{season}{}{trend}", book.say(", ", ","));
    sheet.paragraph(row + 1, &text, Look::Note)?;
    row += 2;
    sheet.text(row, 0, book.say("Period", "期间"), Look::Header)?;
    sheet.text_right(row, 1, book.say("Factor", "系数"), Look::Header)?;
    let panel = book.findings.summary.panel;
    let horizon = i32::try_from(book.horizon()).unwrap_or(i32::MAX);
    // A year of quarters or months before the coming periods.
    let first = (1 - horizon.max(12)).max(panel.first_period().0);
    for index in (first..=horizon).map(PeriodIndex) {
        row += 1;
        let label = panel.grid.label(index);
        let name =
            if index.0 > 0 { format!("{label} {}", book.say("forecast", "预测")) } else { label };
        sheet.text(row, 0, &name, Look::Plain)?;
        let factor = calendar.period_factor(&panel.grid, index);
        sheet.number(row, 1, factor, Look::Plain, Show::Decimal)?;
    }
    Ok(row + 2)
}

/// The formulas in plain words, and what is in no number.
fn formulas(book: &Book<'_>, sheet: &mut Sheet<'_>, mut row: u32) -> Result<u32, XlsxError> {
    sheet.text(row, 0, book.say("The formulas", "计算公式"), Look::Heading)?;
    let lines = [
        (
            "Purchases of a period are what the model expects of the customer, given its history; amount = purchases × expected value per purchase.",
            "某期购买次数是模型根据客户历史给出的期望；销售额 = 购买次数 × 单次购买的预期金额。",
        ),
        (
            "Product cost = amount × (1 − margin). Gross profit = amount − product cost − expense.",
            "产品成本 = 销售额 ×（1 − 毛利率）。毛利 = 销售额 − 产品成本 − 营销费用。",
        ),
        (
            "Totals over all periods are sums; with a discount rate d period h is divided by (1 + d)^h. Single periods are never discounted.",
            "各期合计为求和；如有折现率 d,第 h 期除以 (1 + d)^h。单期数字从不折现。",
        ),
        (
            "The sums of Summary and Segments run over the rows of the sheet Forecast, so that they follow what is changed there.",
            "“汇总”和“客户分群”中的合计都来自“预测”表的各行，因此会随修改而更新。",
        ),
        (
            "In no number: customers yet to come. New customers come on top.",
            "任何数字都不包含未来的新客户，新客户的价值另计。",
        ),
    ];
    for (en, zh) in lines {
        row += 1;
        sheet.paragraph(row, book.say(en, zh), Look::Note)?;
    }
    Ok(row + 2)
}

/// What the columns of the forecast mean, and the flags.
fn glossary(book: &Book<'_>, sheet: &mut Sheet<'_>, mut row: u32) -> Result<(), XlsxError> {
    sheet.text(row, 0, book.say("Columns of the sheet Forecast", "“预测”表的列"), Look::Heading)?;
    row += 1;
    let shown = book.layout.columns.iter().filter(|of| !of.is_hidden());
    for of in shown.filter(|of| is_first(**of)) {
        sheet.text(row, 0, &name_of(book, *of), Look::Plain)?;
        sheet.text(row, 1, meaning(book, *of), Look::Plain)?;
        row += 1;
    }
    row += 1;
    sheet.text(row, 0, book.say("Flags: rows to look at", "提示：需要关注的行"), Look::Heading)?;
    for flag in Flag::ALL {
        row += 1;
        sheet.text(row, 0, flag.name(), Look::Plain)?;
        sheet.text(row, 1, book.say(flag.meaning(), flag_zh(flag)), Look::Plain)?;
    }
    Ok(())
}

/// The columns of one coming period stand for those of all.
const fn is_first(of: Of) -> bool {
    match of {
        Of::Purchases(h)
        | Of::Amount(h)
        | Of::Margin(h)
        | Of::Cost(h)
        | Of::Expense(h)
        | Of::GrossProfit(h) => h == 0,
        _ => true,
    }
}

const fn meaning(book: &Book<'_>, of: Of) -> &'static str {
    let (en, zh) = match of {
        Of::Customer => ("id in the ledger; always text", "数据中的客户编号，一律为文本"),
        Of::Label(_) => {
            ("group of the customer; see the sheet Segments", "客户所属的群，见“客户分群”表")
        }
        Of::R => (
            "periods since the last one with a purchase; 0 is the last period of the history",
            "距最近一次有购买的期数;0 表示历史的最后一期",
        ),
        Of::LastValue => {
            ("amount per purchase in the last active period", "最近一个活跃期的单次购买金额")
        }
        Of::PAlive => ("probability that the customer has not left", "客户尚未流失的概率"),
        Of::Purchases(_) => (
            "expected purchases; an expectation need not be whole",
            "预期购买次数，期望值不必为整数",
        ),
        Of::Amount(_) => ("expected net amount", "预期净销售额"),
        Of::Margin(_) => (
            "gross margin as a share of the amount; may be changed",
            "毛利率（占销售额的比例），可以修改",
        ),
        Of::Cost(_) => ("amount × (1 − margin)", "销售额 ×（1 − 毛利率）"),
        Of::Expense(_) => {
            ("relationship-marketing expense; may be changed", "客户关系营销费用，可以修改")
        }
        Of::GrossProfit(_) => ("amount − product cost − expense", "销售额 − 产品成本 − 营销费用"),
        Of::AmountTotal | Of::GrossProfitTotal => (
            "over all coming periods, discounted where a rate is given",
            "未来各期合计，给出折现率时已折现",
        ),
        Of::PastPurchases => ("purchases up to the as-of date", "截止日之前的购买次数"),
        Of::PastAmount => ("net amount up to the as-of date", "截止日之前的净销售额"),
        Of::PastGrossProfit => (
            "amount − product cost − expense up to the as-of date",
            "截止日之前的销售额 − 产品成本 − 营销费用",
        ),
        Of::FirstPurchase => ("day of the first purchase", "首次购买日期"),
        Of::LastPurchase => ("day of the last purchase", "最近购买日期"),
        Of::Flags => {
            ("what a person should look at; explained below", "需要人工关注之处，说明见下")
        }
        Of::Group(_) | Of::Key => ("", ""),
    };
    book.say(en, zh)
}

const fn flag_zh(flag: Flag) -> &'static str {
    match flag {
        Flag::NoActivePeriod => "没有任何一期有购买且净额为正",
        Flag::OneTimeBuyer => "至今只购买过一次",
        Flag::ShortHistory => "首次购买距今不足三期",
        Flag::OutsideBands => "最近金额超出模型的价值区间",
        Flag::AboveMaxFrequency => "最近购买次数超过模型上限",
        Flag::InfiniteMean => "模型下的期望值为无穷大",
        Flag::NegativeMargin => "最近一期毛利率为负",
        Flag::MarginOver100 => "预测毛利率超过 100%",
        Flag::Margin100 => "最近活跃期没有成本",
        Flag::NoExpense => "至今没有费用",
        Flag::NoSales => "至今没有净销售额，费用率按 0 计",
        Flag::NegativeForecast => "预测毛利为负",
        Flag::Overridden => "毛利率或费用已被修改",
    }
}
