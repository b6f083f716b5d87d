//! The first sheet: what is expected, beside what was, on one page.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::address::{cell, rows};
use super::book::{Book, DISCOUNT, Measure};
use super::charts;
use super::headline::{Figures, headline};
use super::layout::Of;
use super::sheet::Sheet;
use super::styles::{Look, Show};
use super::summary_notes;
use crate::panel::CompanyPeriod;
use crate::report::Lang;
use crate::value::PeriodTotals;

/// Row of the names of columns.
const HEADER: u32 = 5;

/// The columns of the table.
const COLUMNS: [Column; 6] = [
    Column::Active,
    Column::Purchases,
    Column::Amount,
    Column::Cost,
    Column::Expense,
    Column::Profit,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Active,
    Purchases,
    Amount,
    Cost,
    Expense,
    Profit,
}

impl Column {
    const fn at(self) -> u16 {
        self as u16 + 1
    }

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Active => lang.say("Active customers", "活跃客户"),
            Self::Purchases => lang.say("Purchases", "购买次数"),
            Self::Amount => lang.say("Amount", "销售额"),
            Self::Cost => lang.say("Product cost", "产品成本"),
            Self::Expense => lang.say("Expense", "营销费用"),
            Self::Profit => lang.say("Gross profit", "毛利"),
        }
    }

    /// The column of the forecast that it sums; active customers follow from no cell there.
    const fn of(self, h: usize) -> Option<Of> {
        match self {
            Self::Active => None,
            Self::Purchases => Some(Of::Purchases(h)),
            Self::Amount => Some(Of::Amount(h)),
            Self::Cost => Some(Of::Cost(h)),
            Self::Expense => Some(Of::Expense(h)),
            Self::Profit => Some(Of::GrossProfit(h)),
        }
    }

    const fn value(self, period: &PeriodTotals) -> Option<f64> {
        match self {
            Self::Active => Some(period.active_customers),
            Self::Purchases => Some(period.purchases),
            Self::Amount => period.amount,
            Self::Cost => period.cost,
            Self::Expense => period.expense,
            Self::Profit => period.gross_profit,
        }
    }

    fn past(self, book: &Book<'_>, period: &CompanyPeriod) -> Option<f64> {
        let panel = book.findings.summary.panel;
        let money = |has: bool, money: crate::units::Money| has.then(|| money.to_f64(panel.scale));
        match self {
            Self::Active => Some(f64::from(period.active_customers)),
            Self::Purchases => Some(period.purchases as f64),
            Self::Amount => money(panel.has_amount, period.amount),
            Self::Cost => money(panel.has_cost, period.cost),
            Self::Expense => money(panel.has_expense, period.expense),
            Self::Profit => money(
                panel.has_amount && panel.has_cost,
                period.amount - period.cost - period.expense,
            ),
        }
    }

    const fn show(self, is_past: bool) -> Show {
        match (self, is_past) {
            (Self::Active | Self::Purchases, true) => Show::Count,
            (Self::Active | Self::Purchases, false) => Show::Quantity,
            _ => Show::Money,
        }
    }

    const fn of_measure(measure: Measure) -> Self {
        match measure {
            Measure::GrossProfit => Self::Profit,
            Measure::Amount => Self::Amount,
            Measure::Purchases => Self::Purchases,
        }
    }
}

/// Rows of the table.
struct Table<'a> {
    past: &'a [CompanyPeriod],
    /// First row of the coming periods.
    coming: u32,
    /// Last row of them.
    end: u32,
    /// Row of the past periods together.
    together: u32,
    /// Row of the coming ones together.
    total: u32,
    /// Row of the change.
    change: u32,
}

pub(super) fn write<'a>(book: &'a Book<'_>) -> Result<Sheet<'a>, XlsxError> {
    let widths = [34.0, 14.0, 14.0, 16.0, 16.0, 16.0, 16.0];
    let mut sheet = Sheet::new(Worksheet::new(), book.summary_name(), &book.styles, &widths)?;
    let table = Table::of(book);
    above(book, &mut sheet, &table)?;
    past_rows(book, &mut sheet, &table)?;
    coming_rows(book, &mut sheet, &table)?;
    change_row(book, &mut sheet, &table)?;
    let mut row = table.change + 2;
    let column = Column::of_measure(book.measure()).at();
    let rows = (column, HEADER + 1, table.end);
    charts::periods(book, &mut sheet, rows, table.past.len(), row)?;
    row += 16;
    summary_notes::write(book, &mut sheet, row)?;
    sheet.worksheet.set_freeze_panes(HEADER + 1, 1)?;
    Ok(sheet)
}

impl<'a> Table<'a> {
    fn of(book: &Book<'a>) -> Self {
        let company = &book.findings.summary.panel.company;
        let horizon = u32::try_from(book.horizon()).unwrap_or(u32::MAX);
        let past = &company[company.len().saturating_sub(book.horizon())..];
        let coming = HEADER + 1 + u32::try_from(past.len()).unwrap_or(u32::MAX);
        let together = coming + horizon;
        Self {
            past,
            coming,
            end: together - 1,
            together,
            total: together + 1,
            change: together + 2,
        }
    }
}

/// Title, the sentence, and the discount rate.
fn above(book: &Book<'_>, sheet: &mut Sheet<'_>, table: &Table<'_>) -> Result<(), XlsxError> {
    let summary = &book.findings.summary;
    sheet.text(0, 0, book.say("Value of existing customers", "现有客户价值预测"), Look::Title)?;
    sheet.worksheet.set_row_height(0, 24)?;
    let (formula, result) = headline(book, &figures(book, table));
    sheet.paragraph_formula(1, &formula, &result, Look::Headline)?;
    let (en, zh) = (
        format!(
            "As of {}. Customers yet to come are in no number. Money{}. Rows of the coming periods follow the cells of the sheet Forecast.",
            summary.panel.grid.as_of(),
            summary.currency.map(|c| format!(" in {c}")).unwrap_or_default(),
        ),
        format!(
            "截至 {}。所有数字都不含未来的新客户。{}未来各期的数字随“预测”表中的单元格变化。",
            summary.panel.grid.as_of(),
            summary.currency.map(|c| format!("金额单位：{c}。")).unwrap_or_default(),
        ),
    );
    sheet.paragraph(2, book.say(&en.replace(" Money.", ""), &zh), Look::Note)?;
    let label = book.say("Discount rate per period, of the total", "合计所用的每期折现率");
    sheet.text(DISCOUNT.0, 0, label, Look::Plain)?;
    let (row, column) = DISCOUNT;
    sheet.number(row, column, summary.rules.discount, Look::Plain, Show::Share)?;
    sheet.worksheet.set_row_height(HEADER, 32)?;
    sheet.text(HEADER, 0, book.say("Period", "期间"), Look::Header)?;
    for column in COLUMNS {
        sheet.text_right(HEADER, column.at(), column.name(book.lang), Look::Header)?;
    }
    Ok(())
}

/// What the sentence at the top says.
fn figures(book: &Book<'_>, table: &Table<'_>) -> Figures {
    let column = Column::of_measure(book.measure());
    let totals = book.findings.summary.totals;
    let discounted = match column {
        Column::Profit => totals.gross_profit,
        Column::Amount => totals.amount,
        _ => None,
    };
    let total = discounted.or_else(|| coming_sum(book, column)).unwrap_or(0.0);
    let change = change(book, table, column);
    Figures {
        total: (total, cell(table.total, column.at())),
        change: change.map(|change| (change, cell(table.change, column.at()))),
        periods: table.past.len(),
    }
}

fn past_rows(book: &Book<'_>, sheet: &mut Sheet<'_>, table: &Table<'_>) -> Result<(), XlsxError> {
    let grid = &book.findings.summary.panel.grid;
    for (row, period) in (HEADER + 1..).zip(table.past) {
        sheet.text(row, 0, &grid.label(period.period), Look::Plain)?;
        for column in COLUMNS {
            let value = column.past(book, period);
            sheet.number(row, column.at(), value, Look::Plain, column.show(true))?;
        }
    }
    let n = table.past.len();
    let name = match book.lang {
        Lang::En => format!("last {n} together"),
        Lang::Zh => format!("最近 {n} 期合计"),
    };
    sheet.text(table.together, 0, &name, Look::Total)?;
    for column in COLUMNS {
        // A customer may be active in all of them, and is one customer.
        let sum = past_sum(book, table, column).filter(|_| column != Column::Active);
        match sum {
            Some(sum) => {
                let range = rows(column.at(), HEADER + 1, table.coming - 1);
                let style = (Look::Total, column.show(true));
                let at = column.at();
                sheet.formula(table.together, at, &format!("SUM({range})"), Some(sum), style)?;
            }
            None => sheet.number(table.together, column.at(), None, Look::Total, Show::Money)?,
        }
    }
    Ok(())
}

fn past_sum(book: &Book<'_>, table: &Table<'_>, column: Column) -> Option<f64> {
    let values: Vec<f64> = table.past.iter().filter_map(|p| column.past(book, p)).collect();
    (!values.is_empty()).then(|| values.iter().sum())
}

fn coming_sum(book: &Book<'_>, column: Column) -> Option<f64> {
    let periods = &book.findings.summary.totals.periods;
    let values: Vec<f64> = periods.iter().filter_map(|period| column.value(period)).collect();
    (!values.is_empty()).then(|| values.iter().sum())
}

fn coming_rows(book: &Book<'_>, sheet: &mut Sheet<'_>, table: &Table<'_>) -> Result<(), XlsxError> {
    let totals = book.findings.summary.totals;
    for (h, (label, period)) in book.labels().iter().zip(&totals.periods).enumerate() {
        let row = table.coming + u32::try_from(h).unwrap_or(u32::MAX);
        let name = match book.lang {
            Lang::En => format!("{label} forecast"),
            Lang::Zh => format!("{label} 预测"),
        };
        sheet.text(row, 0, &name, Look::Plain)?;
        for column in COLUMNS {
            let (at, show) = (column.at(), column.show(false));
            let value = column.value(period);
            match column.of(h).and_then(|of| book.sum(of)).filter(|_| value.is_some()) {
                Some(formula) => sheet.formula(row, at, &formula, value, (Look::Plain, show))?,
                None => sheet.number(row, at, value, Look::Plain, show)?,
            }
        }
    }
    let discounted = book.findings.summary.rules.discount != 0.0;
    let name = if discounted {
        book.say("forecast total, money discounted", "预测合计（金额已折现）")
    } else {
        book.say("forecast total", "预测合计")
    };
    sheet.text(table.total, 0, name, Look::Total)?;
    for column in COLUMNS {
        let of_rows = || Some(format!("SUM({})", rows(column.at(), table.coming, table.end)));
        let (formula, value) = match column {
            Column::Active => (None, None),
            Column::Amount => (book.sum(Of::AmountTotal), totals.amount),
            Column::Profit => (book.sum(Of::GrossProfitTotal), totals.gross_profit),
            Column::Cost | Column::Expense if discounted => (None, None),
            _ => (of_rows(), coming_sum(book, column)),
        };
        let (at, style) = (column.at(), (Look::Total, column.show(false)));
        match (formula, value) {
            (Some(formula), Some(value)) => {
                sheet.formula(table.total, at, &formula, Some(value), style)?;
            }
            _ => sheet.number(table.total, at, None, style.0, style.1)?,
        }
    }
    Ok(())
}

/// The coming periods, not discounted, against as many past ones, minus 1; none of scores.
fn change(book: &Book<'_>, table: &Table<'_>, column: Column) -> Option<f64> {
    let scores = book.findings.summary.forecast.is_score();
    if scores || column == Column::Active || table.past.len() != book.horizon() {
        return None;
    }
    let past = past_sum(book, table, column).filter(|past| *past > 0.0)?;
    Some(coming_sum(book, column)? / past - 1.0)
}

fn change_row(book: &Book<'_>, sheet: &mut Sheet<'_>, table: &Table<'_>) -> Result<(), XlsxError> {
    sheet.text(
        table.change,
        0,
        book.say("change, before discounting", "变化（折现前）"),
        Look::Plain,
    )?;
    for column in COLUMNS {
        let Some(change) = change(book, table, column) else { continue };
        let (at, coming) = (column.at(), rows(column.at(), table.coming, table.end));
        let formula = format!("SUM({coming})/{}-1", cell(table.together, at));
        sheet.formula(table.change, at, &formula, Some(change), (Look::Plain, Show::Change))?;
    }
    Ok(())
}

/// Makes a workbook with a fixed time of creation: the same run gives the same bytes.
pub(super) fn workbook(book: &Book<'_>) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = rust_xlsxwriter::DocProperties::new()
        .set_title(book.say("Customer value forecast", "客户价值预测"))
        .set_author("clvcast")
        .set_creation_datetime(&created);
    workbook.set_properties(&properties);
    Ok(workbook)
}
