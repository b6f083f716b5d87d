//! The sheet of groups: what each bought and brings, adding up to the portfolio.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::address::{cell, rows};
use super::book::{Book, Measure};
use super::charts;
use super::headers::measure;
use super::layout::Of;
use super::others::Sums;
use super::sheet::Sheet;
use super::styles::{Look, Show};
use crate::report::Lang;
use crate::report::group_rules::{caution, rule};
use crate::report::group_words::{column_name, label_name};
use crate::segment::{GroupSummary, Grouping, summarise};
use crate::units::Money;
use crate::value::Totals;

/// Rows that a chart takes.
const CHART: u32 = 14;

/// Where the columns of a table are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    horizon: u16,
    measure: Measure,
    past_amount: bool,
    past_profit: bool,
    /// The history has as many periods as are forecast.
    enough: bool,
}

impl Columns {
    const CUSTOMERS: u16 = 1;
    const PAST_AMOUNT: u16 = 2;
    const PAST_PROFIT: u16 = 3;
    const RECENT: u16 = 4;

    const fn period(h: u16) -> u16 {
        Self::RECENT + 1 + h
    }

    const fn total(self) -> u16 {
        Self::period(self.horizon)
    }

    const fn share(self) -> u16 {
        self.total() + 1
    }

    const fn change(self) -> u16 {
        self.total() + 2
    }

    /// The first hidden column, of what all others add: customers, periods, total.
    const fn others(self) -> u16 {
        self.total() + 4
    }

    const fn show(self) -> Show {
        match self.measure {
            Measure::Purchases => Show::Quantity,
            _ => Show::Money,
        }
    }

    /// Whether the past has the measure over as many periods as are forecast.
    const fn has_recent(self) -> bool {
        self.enough
            && match self.measure {
                Measure::GrossProfit => self.past_profit,
                Measure::Amount => self.past_amount,
                Measure::Purchases => true,
            }
    }
}

/// The sheet; `None` where there are no groups or no coming periods.
pub(super) fn write<'a>(book: &'a Book<'_>) -> Result<Option<Sheet<'a>>, XlsxError> {
    if book.groupings.is_empty() || book.horizon() == 0 {
        return Ok(None);
    }
    let known = book.layout.known;
    let columns = Columns {
        horizon: u16::try_from(book.horizon()).unwrap_or(u16::MAX - 20),
        measure: book.measure(),
        past_amount: known.past_amount,
        past_profit: known.past_profit,
        enough: book.horizon() <= book.findings.summary.panel.periods as usize,
    };
    let mut widths = vec![28.0, 12.0, 16.0, 18.0, 18.0];
    widths.extend(vec![16.0; usize::from(columns.horizon) + 1]);
    widths.extend([12.0, 12.0]);
    let name = book.say("Segments", "客户分群");
    let mut sheet = Sheet::new(Worksheet::new(), name, &book.styles, &widths)?;
    sheet.text(0, 0, book.say("Groups of customers", "客户分群"), Look::Title)?;
    let what = measure(book.lang, columns.measure);
    let text = book.say(
        "Coming periods, totals and shares follow the cells of the sheet Forecast. Each table adds up to the same portfolio.",
        "未来各期、合计和占比随“预测”表的单元格变化。每张表的合计都等于整个客户组合。",
    );
    let change = match book.lang {
        _ if scores(book) => book
            .say("Scores of potential are compared with no past.", "潜力评分不与历史比较。")
            .to_owned(),
        Lang::En => format!(
            "Change: coming {what} against that of as many past periods ({}), before discounting.",
            columns.horizon
        ),
        Lang::Zh => format!("变化：未来各期{what}与最近 {} 期相比（折现前）。", columns.horizon),
    };
    sheet.paragraph(1, &format!("{text} {change} {}", caution(book.lang)), Look::Note)?;
    let mut row = 3;
    for (g, grouping) in book.groupings.iter().enumerate() {
        row = table(book, &mut sheet, columns, g, grouping, row)?;
    }
    sheet.worksheet.set_freeze_panes(2, 1)?;
    if book.others.is_some() {
        let first = columns.others();
        let last = first + columns.horizon + 1;
        sheet.worksheet.set_column_range_hidden(first, last)?;
    }
    Ok(Some(sheet))
}

/// One grouping; the next free row.
fn table(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    columns: Columns,
    g: usize,
    own: &Grouping,
    first: u32,
) -> Result<u32, XlsxError> {
    let summary = &book.findings.summary;
    let groups = summarise(summary.panel, summary.forecast, own);
    let title = column_name(book.lang, &own.column);
    sheet.text(first, 0, &title, Look::Heading)?;
    let rule = rule(book.lang, &own.column, book.findings.segmentation);
    let header_row = if rule.is_empty() {
        first + 1
    } else {
        sheet.paragraph(first + 1, &rule, Look::Note)?;
        first + 2
    };
    header(book, sheet, columns, &title, header_row)?;
    let top = header_row + 1;
    let end = top + u32::try_from(groups.len()).unwrap_or(u32::MAX) - 1;
    let rest = groups.iter().map(|group| others_of(book, own, group.group));
    for ((row, group), rest) in (top..).zip(&groups).zip(rest) {
        let line = Line { row, total: end + 1, group, rest };
        group_row(book, sheet, columns, (g, own), &line)?;
    }
    total_row(book, sheet, columns, (top, end))?;
    let money = (Columns::PAST_AMOUNT, columns.change());
    charts::bars(sheet, columns.share(), money, (top, end))?;
    if g == 0 {
        let heading = (title.as_str(), measure(book.lang, columns.measure));
        charts::groups(book, sheet, heading, columns.total(), (top, end))?;
        return Ok(end + 3 + CHART);
    }
    Ok(end + 3)
}

fn header(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    columns: Columns,
    title: &str,
    row: u32,
) -> Result<(), XlsxError> {
    let what = measure(book.lang, columns.measure);
    sheet.text(row, 0, title, Look::Header)?;
    sheet.text_right(row, Columns::CUSTOMERS, book.say("Customers", "客户数"), Look::Header)?;
    let past = book.say("Past amount", "历史销售额");
    sheet.text_right(row, Columns::PAST_AMOUNT, past, Look::Header)?;
    let profit = book.say("Past gross profit", "历史毛利");
    sheet.text_right(row, Columns::PAST_PROFIT, profit, Look::Header)?;
    let recent = match book.lang {
        Lang::En if columns.horizon == 1 => format!("{what}, last period"),
        Lang::En => format!("{what}, last {} periods", columns.horizon),
        Lang::Zh => format!("最近 {} 期{what}", columns.horizon),
    };
    sheet.text_right(row, Columns::RECENT, &recent, Look::Header)?;
    for (h, label) in (0..columns.horizon).zip(book.labels()) {
        sheet.text_right(row, Columns::period(h), &format!("{label} {what}"), Look::Header)?;
    }
    let all = match book.lang {
        Lang::En => format!("{what}, all periods"),
        Lang::Zh => format!("{what}合计"),
    };
    sheet.text_right(row, columns.total(), &all, Look::Header)?;
    sheet.text_right(row, columns.share(), book.say("Share", "占比"), Look::Header)?;
    sheet.text_right(row, columns.change(), book.say("Change", "变化"), Look::Header)?;
    sheet.worksheet.set_row_height(row, 32)?;
    Ok(())
}

/// Whether what is forecast are scores, which are compared with no past.
fn scores(book: &Book<'_>) -> bool {
    book.findings.summary.forecast.is_score()
}

/// What a group has among the customers without a row.
fn others_of(book: &Book<'_>, own: &Grouping, group: Option<u32>) -> Option<Sums> {
    book.others.as_ref()?;
    let members: Vec<usize> =
        book.shown.others.iter().copied().filter(|&i| own.of[i] == group).collect();
    let summary = &book.findings.summary;
    Some(Sums::new(summary.panel, summary.forecast, &members))
}

/// The measure of a coming period, or of all (discounted), over some customers.
fn measured(measure: Measure, totals: &Totals, h: Option<usize>) -> f64 {
    let value = match (measure, h) {
        (Measure::GrossProfit, Some(h)) => totals.periods[h].gross_profit,
        (Measure::GrossProfit, None) => totals.gross_profit,
        (Measure::Amount, Some(h)) => totals.periods[h].amount,
        (Measure::Amount, None) => totals.amount,
        (Measure::Purchases, Some(h)) => Some(totals.periods[h].purchases),
        (Measure::Purchases, None) => Some(totals.periods.iter().map(|p| p.purchases).sum()),
    };
    value.unwrap_or(0.0)
}

/// A row to be written.
struct Line<'g> {
    row: u32,
    /// Row of the sums.
    total: u32,
    group: &'g GroupSummary,
    /// Those of the group without a row.
    rest: Option<Sums>,
}

fn group_row(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    columns: Columns,
    (g, own): (usize, &Grouping),
    line: &Line<'_>,
) -> Result<(), XlsxError> {
    let Line { row, group, .. } = *line;
    let panel = book.findings.summary.panel;
    let none = book.say("(none)", "（无）");
    let label = |group: u32| label_name(book.lang, &own.column, &own.groups[group as usize]);
    let name = group.group.map_or_else(|| none.to_owned(), label);
    sheet.text(row, 0, &name, Look::Plain)?;
    let number = group.group.map_or(0, |group| group + 1);
    // What those without a row add is fixed, and stands in hidden cells.
    let mut hidden = columns.others();
    let mut added = |sheet: &mut Sheet<'_>, value: Option<f64>| -> Result<String, XlsxError> {
        let Some(value) = value else { return Ok(String::new()) };
        sheet.number(row, hidden, value, Look::Plain, columns.show())?;
        hidden += 1;
        Ok(format!("+{}", cell(row, hidden - 1)))
    };
    let rest = line.rest.as_ref();
    let plus = added(sheet, rest.map(|rest| rest.customers as f64))?;
    let counted = book.over(Of::Group(g), |_, range| format!("COUNTIF({range},{number})"));
    let count = (Look::Plain, Show::Count);
    let customers = Some(group.customers as f64);
    let formula = counted.unwrap_or_default() + &plus;
    sheet.formula(row, Columns::CUSTOMERS, &formula, customers, count)?;
    let money = |has: bool, money: Money| has.then(|| money.to_f64(panel.scale));
    let past = money(columns.past_amount, group.past.amount);
    sheet.number(row, Columns::PAST_AMOUNT, past, Look::Plain, Show::Money)?;
    let past = money(columns.past_profit, group.past.gross_profit());
    sheet.number(row, Columns::PAST_PROFIT, past, Look::Plain, Show::Money)?;
    sheet.number(
        row,
        Columns::RECENT,
        recent(book, columns, group),
        Look::Plain,
        columns.show(),
    )?;
    let sum = |of: Of| {
        book.over(of, |part, range| {
            format!("SUMIFS({range},{},{number})", book.beside(part, Of::Group(g)))
        })
    };
    let style = (Look::Plain, columns.show());
    for h in 0..columns.horizon {
        let at = usize::from(h);
        let of = |totals: &Totals| measured(columns.measure, totals, Some(at));
        let plus = added(sheet, rest.map(|rest| of(&rest.totals)))?;
        let formula = sum(Book::measured(columns.measure, at)).unwrap_or_default() + &plus;
        sheet.formula(row, Columns::period(h), &formula, Some(of(&group.totals)), style)?;
    }
    let of = |totals: &Totals| measured(columns.measure, totals, None);
    let total = match columns.measure {
        Measure::GrossProfit => sum(Of::GrossProfitTotal),
        Measure::Amount => sum(Of::AmountTotal),
        Measure::Purchases => None,
    };
    let periods = format!(
        "SUM({}:{})",
        cell(row, Columns::period(0)),
        cell(row, Columns::period(columns.horizon - 1))
    );
    let formula = match total {
        Some(total) => total + &added(sheet, rest.map(|rest| of(&rest.totals)))?,
        None => periods.clone(),
    };
    sheet.formula(row, columns.total(), &formula, Some(of(&group.totals)), style)?;
    let all = format!("{}${}", super::address::letters(columns.total()), line.total + 1);
    let formula = format!("IF({all}>0,{}/{all},\"\")", cell(row, columns.total()));
    let whole = measured(columns.measure, book.findings.summary.totals, None);
    let share = (whole > 0.0).then(|| of(&group.totals) / whole);
    sheet.formula(row, columns.share(), &formula, share, (Look::Plain, Show::Share))?;
    if columns.has_recent() && !scores(book) {
        let before = cell(row, Columns::RECENT);
        let formula = format!("IF({before}>0,{periods}/{before}-1,\"\")");
        let ahead: f64 =
            (0..book.horizon()).map(|h| measured(columns.measure, &group.totals, Some(h))).sum();
        let recent = recent(book, columns, group).filter(|recent| *recent > 0.0);
        let change = recent.map(|recent| ahead / recent - 1.0);
        sheet.formula(row, columns.change(), &formula, change, (Look::Plain, Show::Change))?;
    }
    Ok(())
}

/// The measure over as many past periods as are forecast.
fn recent(book: &Book<'_>, columns: Columns, group: &GroupSummary) -> Option<f64> {
    let scale = book.findings.summary.panel.scale;
    let value = match columns.measure {
        Measure::GrossProfit => group.recent.gross_profit().to_f64(scale),
        Measure::Amount => group.recent.amount.to_f64(scale),
        Measure::Purchases => group.recent.purchases as f64,
    };
    columns.has_recent().then_some(value)
}

fn total_row(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    columns: Columns,
    (top, end): (u32, u32),
) -> Result<(), XlsxError> {
    let row = end + 1;
    let summary = &book.findings.summary;
    let all = Sums::new(
        summary.panel,
        summary.forecast,
        &(0..summary.forecast.len()).collect::<Vec<_>>(),
    );
    let scale = summary.panel.scale;
    sheet.text(row, 0, book.say("Portfolio", "全部客户"), Look::Total)?;
    let mut sum = |at: u16, result: Option<f64>, show: Show| -> Result<(), XlsxError> {
        if result.is_none() {
            return sheet.number(row, at, None, Look::Total, show);
        }
        let formula = format!("SUM({})", rows(at, top, end));
        sheet.formula(row, at, &formula, result, (Look::Total, show))
    };
    sum(Columns::CUSTOMERS, Some(all.customers as f64), Show::Count)?;
    let amount = columns.past_amount.then(|| all.amount.to_f64(scale));
    sum(Columns::PAST_AMOUNT, amount, Show::Money)?;
    let profit = columns.past_profit.then(|| all.profit.to_f64(scale));
    sum(Columns::PAST_PROFIT, profit, Show::Money)?;
    let past = &summary.panel.company;
    let past = past[past.len().saturating_sub(book.horizon())..].iter();
    let recent = past.map(|p| match columns.measure {
        Measure::GrossProfit => (p.amount - p.cost - p.expense).to_f64(scale),
        Measure::Amount => p.amount.to_f64(scale),
        Measure::Purchases => p.purchases as f64,
    });
    let recent = columns.has_recent().then(|| recent.sum::<f64>());
    sum(Columns::RECENT, recent, columns.show())?;
    for h in 0..columns.horizon {
        let value = measured(columns.measure, &all.totals, Some(usize::from(h)));
        sum(Columns::period(h), Some(value), columns.show())?;
    }
    let total = measured(columns.measure, &all.totals, None);
    sum(columns.total(), Some(total), columns.show())?;
    sum(columns.share(), Some(if total > 0.0 { 1.0 } else { 0.0 }), Show::Share)?;
    match recent.filter(|recent| *recent > 0.0 && !scores(book)) {
        Some(recent) => {
            let (first, last) = (Columns::period(0), Columns::period(columns.horizon - 1));
            let periods = format!("SUM({}:{})", cell(row, first), cell(row, last));
            let ahead: f64 =
                (0..book.horizon()).map(|h| measured(columns.measure, &all.totals, Some(h))).sum();
            let formula = format!("{periods}/{}-1", cell(row, Columns::RECENT));
            let style = (Look::Total, Show::Change);
            sheet.formula(row, columns.change(), &formula, Some(ahead / recent - 1.0), style)
        }
        None => sheet.number(row, columns.change(), None, Look::Total, Show::Change),
    }
}
