//! The sheets of the forecast: one row per customer, whose margins and expenses are inputs.

use std::borrow::Cow;

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar, DataValidation,
    DataValidationErrorStyle, DataValidationRule, Format, Formula, Workbook, Worksheet, XlsxError,
};

use super::address;
use super::book::{Book, FIRST, HEADER, Part};
use super::headers::name_of;
use super::layout::{Kind, Of};
use super::others::Sums;
use super::record::Rows;
use super::sheet::Sheet;
use super::styles::{Look, PALE, PALE_RED, RED, Show};
use super::text;
use crate::panel::State;
use crate::progress::Progress;
use crate::report::group_words::label_name;
use crate::units::{Day, Money};
use crate::value::{Field, Flags, PeriodForecast, PeriodTotals};

/// Days from the first day of spreadsheets to 1970-01-01.
const TO_EPOCH: i32 = 25_569;

/// Days before this one (1900-03-01) are no dates in some programs.
const FIRST_DAY: i32 = 61;

/// Customers between two reports of progress.
const STEP: usize = 4096;

/// What stands in a cell of a row.
#[derive(Debug, Clone)]
pub(super) enum Entry<'a> {
    Empty,
    Text(Cow<'a, str>),
    Number(f64),
    /// A formula of the column, with its number.
    Live(f64),
    /// A number that may be changed, and whether it is an override.
    Input(f64, bool),
}

impl Entry<'_> {
    fn of(number: impl Into<Option<f64>>) -> Self {
        number.into().filter(|number| number.is_finite()).map_or(Self::Empty, Self::Number)
    }
}

/// A column with all that its cells have in common.
struct Column {
    of: Of,
    at: u16,
    kind: Kind,
    /// The formula, split where the row's number belongs.
    pieces: Vec<String>,
}

/// Writes one sheet and what reading it back needs.
pub(super) fn write<'a>(
    book: &'a Book<'_>,
    workbook: &mut Workbook,
    part: &Part,
    progress: &dyn Progress,
) -> Result<(Sheet<'a>, Worksheet), XlsxError> {
    let worksheet = workbook.new_worksheet_with_constant_memory()?;
    let widths: Vec<f64> = book.layout.columns.iter().map(|of| of.width()).collect();
    let mut sheet = Sheet::new(worksheet, &part.name, &book.styles, &widths)?;
    let columns: Vec<Column> =
        (0..).zip(&book.layout.columns).map(|(at, of)| column(book, at, *of)).collect();
    for Column { of, at, .. } in &columns {
        let look = sheet.format(Look::Plain, of.show());
        sheet.worksheet.set_column_format(*at, look)?;
        if of.is_hidden() {
            sheet.worksheet.set_column_hidden(*at)?;
        }
    }
    // Hidden columns, too: they are sorted with the rows that they belong to.
    let last_column = columns.last().map_or(0, |column| column.at);
    sheet.worksheet.set_freeze_panes(FIRST, 1)?;
    sheet.worksheet.autofilter(HEADER, 0, part.rows.1, last_column)?;
    sheet.worksheet.set_repeat_rows(HEADER, HEADER)?.set_repeat_columns(0, 0)?;
    sheet.worksheet.set_print_fit_to_pages(0, 0).set_row_height(HEADER, 48)?;
    marks(book, &mut sheet, &columns, part)?;
    above(book, &mut sheet, &columns, part)?;
    let mut rows = Rows::new(workbook, &part.record)?;
    let mut row = FIRST;
    let mut entries = Vec::with_capacity(columns.len());
    for shown in book.shown.customers[part.customers.clone()].chunks(STEP) {
        for &i in shown {
            of_customer(book, &columns, i, row, &mut entries);
            put(book, &mut sheet.worksheet, &columns, row, &entries)?;
            rows.write(row, &book.findings.summary.panel.ids[i], &entries)?;
            row += 1;
        }
        progress.advance(shown.len() as u64);
    }
    if let Some(sums) = book.others.as_ref().filter(|_| part.has_others) {
        let name = match sums.customers {
            1 => book.say("all others (1 customer)", "其他所有客户（1 位）").to_owned(),
            n => match book.lang {
                crate::report::Lang::En => format!("all others ({n} customers)"),
                crate::report::Lang::Zh => format!("其他所有客户（{n} 位）"),
            },
        };
        of_others(book, &columns, sums, &name, row, &mut entries);
        put(book, &mut sheet.worksheet, &columns, row, &entries)?;
        rows.write(row, &name, &entries)?;
    }
    Ok((sheet, rows.finish()))
}

fn column(book: &Book<'_>, at: u16, of: Of) -> Column {
    let kind = book.kind(of);
    let pieces = match &kind {
        Kind::Formula(text) => text.split("{r}").map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    Column { of, at, kind, pieces }
}

/// How to use the sheet, the sums of the rows that a filter leaves, and the names of columns.
fn above(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    columns: &[Column],
    part: &Part,
) -> Result<(), XlsxError> {
    let inputs = columns.iter().any(|column| matches!(column.kind, Kind::Input(..)));
    let use_it = if inputs {
        book.say(
            "Yellow cells are inputs: type another margin (35% or 0.35) or expense; cost, gross profit and every total follow. Save it and give it back with --overrides FILE.xlsx. Change nothing else.",
            "黄色单元格可以修改：输入新的毛利率（35% 或 0.35）或费用，成本、毛利和所有合计随之更新。保存后用 --overrides FILE.xlsx 读回。其他单元格请勿改动。",
        )
    } else {
        book.say(
            "There are no margins, so that there is no gross profit and nothing to change here: the ledger has no costs, and no --margin was given.",
            "没有毛利率，因此没有毛利，也没有可修改的单元格：数据中没有成本列，也没有给出 --margin。",
        )
    };
    sheet.text(0, 0, use_it, Look::Hint)?;
    let sums = Sums::new(
        book.findings.summary.panel,
        book.findings.summary.forecast,
        &book.shown.customers[part.customers.clone()],
    );
    let others = book.others.as_ref().filter(|_| part.has_others);
    sheet.text(1, 0, book.say("Sum of rows shown", "所示各行合计"), Look::Total)?;
    for column in columns.iter().filter(|column| column.of.is_summed()) {
        let scale = book.findings.summary.panel.scale;
        let own = summed(&sums, column.of, scale);
        let rest = others.and_then(|others| summed(others, column.of, scale));
        let result = match (own, rest) {
            (Some(own), Some(rest)) => Some(own + rest),
            (own, rest) => own.or(rest),
        };
        let range = address::rows(column.at, part.rows.0, part.rows.1);
        let formula = format!("SUBTOTAL(109,{range})");
        let style = (Look::Total, column.of.show());
        sheet.formula(1, column.at, &formula, Some(result.unwrap_or(0.0)), style)?;
    }
    for column in columns {
        let look = match column.kind {
            Kind::Input(..) => Look::InputHeader,
            _ => Look::Header,
        };
        let name = name_of(book, column.of);
        match column.of.show() {
            Show::Text => sheet.text(HEADER, column.at, &name, look)?,
            _ => sheet.text_right(HEADER, column.at, &name, look)?,
        }
    }
    Ok(())
}

/// The sum of a column over some customers.
fn summed(sums: &Sums, of: Of, scale: crate::units::Scale) -> Option<f64> {
    let money = |amount: Money| Some(amount.to_f64(scale));
    let period = |h: usize, of: fn(&PeriodTotals) -> Option<f64>| of(&sums.totals.periods[h]);
    match of {
        Of::Purchases(h) => period(h, |p| Some(p.purchases)),
        Of::Amount(h) => period(h, |p| p.amount),
        Of::Cost(h) => period(h, |p| p.cost),
        Of::Expense(h) => period(h, |p| p.expense),
        Of::GrossProfit(h) => period(h, |p| p.gross_profit),
        Of::AmountTotal => sums.totals.amount,
        Of::GrossProfitTotal => sums.totals.gross_profit,
        Of::PastPurchases => Some(sums.purchases as f64),
        Of::PastAmount => money(sums.amount),
        Of::PastGrossProfit => money(sums.profit),
        _ => None,
    }
}

/// What is not written into cells: rules for inputs, bars and colours.
fn marks(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    columns: &[Column],
    part: &Part,
) -> Result<(), XlsxError> {
    let (first, last) = part.rows;
    let red = || {
        ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::LessThan(0))
            .set_format(Format::new().set_font_color(RED))
    };
    for column in columns {
        let at = column.at;
        let worksheet = &mut sheet.worksheet;
        match (&column.kind, column.of) {
            (Kind::Input(field, _), _) => {
                worksheet.add_data_validation(first, at, last, at, &validation(book, *field)?)?;
                worksheet.add_conditional_format(first, at, last, at, &red())?;
            }
            (_, Of::GrossProfitTotal) => {
                let bar = ConditionalFormatDataBar::new()
                    .set_fill_color(PALE)
                    .set_negative_fill_color(PALE_RED)
                    .set_solid_fill(true);
                worksheet.add_conditional_format(first, at, last, at, &bar)?;
                worksheet.add_conditional_format(first, at, last, at, &red())?;
            }
            (_, Of::GrossProfit(_) | Of::PastGrossProfit) => {
                worksheet.add_conditional_format(first, at, last, at, &red())?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn validation(book: &Book<'_>, field: Field) -> Result<DataValidation, XlsxError> {
    let (rule, title, message) = match field {
        Field::Margin => (
            DataValidationRule::LessThanOrEqualTo(1.0),
            book.say("Margin", "毛利率"),
            book.say(
                "A number of at most 1, which is 100 %: 0.35 or 35 %.",
                "不大于 1（即 100%）的数字：0.35 或 35%。",
            ),
        ),
        Field::Expense => (
            DataValidationRule::GreaterThanOrEqualTo(0.0),
            book.say("Expense", "费用"),
            book.say("Money, at least 0.", "金额，不小于 0。"),
        ),
    };
    DataValidation::new()
        .allow_decimal_number(rule)
        .ignore_blank(false)
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title(title)?
        .set_error_message(message)
}

/// A customer's row.
fn of_customer<'a>(
    book: &'a Book<'_>,
    columns: &[Column],
    i: usize,
    row: u32,
    entries: &mut Vec<Entry<'a>>,
) {
    let summary = &book.findings.summary;
    let (panel, forecast) = (summary.panel, summary.forecast);
    let history = &panel.customers[i];
    let state: Option<State> = panel.state(i);
    let flags: Flags = forecast.flags(i);
    let mut periods: [Option<PeriodForecast>; 1] = [None];
    let mut at = usize::MAX;
    let mut period = |h: usize| {
        if at != h {
            (periods, at) = ([forecast.period(i, h)], h);
        }
        periods[0]
    };
    let live = |value: Option<f64>| value.map_or(Entry::Empty, Entry::Live);
    let money = |money: Money| Entry::Number(money.to_f64(panel.scale));
    let complete = |of: fn(&PeriodForecast) -> Option<f64>| {
        forecast.periods(i).is_some_and(|mut all| all.all(|period| of(&period).is_some()))
    };
    entries.clear();
    for column in columns {
        entries.push(match column.of {
            Of::Customer => Entry::Text(panel.ids[i].as_str().into()),
            Of::Label(g) => {
                let own = &book.groupings[g];
                let name = |label| label_name(book.lang, &own.column, label);
                own.label(i).map_or(Entry::Empty, |label| Entry::Text(name(label).into()))
            }
            Of::R => Entry::of(state.map(|state| f64::from(state.r))),
            Of::LastValue => Entry::of(state.and_then(|state| state.m1)),
            Of::PAlive => Entry::of(forecast.p_alive(i)),
            Of::Purchases(h) => Entry::of(period(h).map(|p| p.step.purchases)),
            Of::Amount(h) => Entry::of(period(h).and_then(|p| p.step.amount)),
            Of::Margin(h) => input(period(h), Field::Margin),
            Of::Expense(h) => input(period(h), Field::Expense),
            Of::Cost(h) => live(period(h).and_then(|p| p.cost)),
            Of::GrossProfit(h) => live(period(h).and_then(|p| p.gross_profit)),
            Of::AmountTotal if complete(|p| p.step.amount) => live(forecast.amount_total(i)),
            Of::GrossProfitTotal if complete(|p| p.gross_profit) => {
                live(forecast.gross_profit_total(i))
            }
            Of::AmountTotal => Entry::of(forecast.amount_total(i)),
            Of::GrossProfitTotal => Entry::of(forecast.gross_profit_total(i)),
            Of::PastPurchases => Entry::Number(f64::from(history.purchases)),
            Of::PastAmount => money(history.amount),
            Of::PastGrossProfit => money(history.amount - history.cost - history.expense),
            Of::FirstPurchase => day(history.first_purchase),
            Of::LastPurchase => day(history.last_purchase),
            Of::Flags => Entry::Text(flags.text().into()),
            Of::Group(g) => {
                Entry::Number(book.groupings[g].of[i].map_or(0.0, |group| f64::from(group) + 1.0))
            }
            Of::Key => Entry::Number(f64::from(row)),
        });
    }
}

/// A margin or an expense can be changed where a profit follows from it.
fn input<'a>(period: Option<PeriodForecast>, field: Field) -> Entry<'a> {
    let Some(period) = period else { return Entry::Empty };
    let (value, decided) = match field {
        Field::Margin => (period.margin, period.margin_overridden),
        Field::Expense => (period.expense, period.expense_overridden),
    };
    match (value, period.gross_profit) {
        (Some(value), Some(_)) => Entry::Input(value, decided),
        (value, _) => Entry::of(value),
    }
}

/// The row of all others, whose numbers are fixed.
fn of_others<'a>(
    book: &Book<'_>,
    columns: &[Column],
    sums: &Sums,
    name: &'a str,
    row: u32,
    entries: &mut Vec<Entry<'a>>,
) {
    let scale = book.findings.summary.panel.scale;
    entries.clear();
    for column in columns {
        entries.push(match column.of {
            Of::Customer => Entry::Text(name.into()),
            Of::Margin(h) => {
                let period = &sums.totals.periods[h];
                let share =
                    period.cost.zip(period.amount).map(|(cost, amount)| 1.0 - cost / amount);
                Entry::of(share)
            }
            // No group: the sheet of groups adds their parts of it.
            Of::Group(_) => Entry::Number(-1.0),
            Of::Key => Entry::Number(-f64::from(row)),
            of => Entry::of(summed(sums, of, scale)),
        });
    }
}

/// A day as spreadsheets count them; as text where they cannot.
fn day<'a>(day: Option<Day>) -> Entry<'a> {
    let Some(day) = day else { return Entry::Empty };
    match day.number() + TO_EPOCH {
        serial @ FIRST_DAY.. => Entry::Number(f64::from(serial)),
        _ => Entry::Text(day.to_string().into()),
    }
}

fn put(
    book: &Book<'_>,
    worksheet: &mut Worksheet,
    columns: &[Column],
    row: u32,
    entries: &[Entry<'_>],
) -> Result<(), XlsxError> {
    let number = (row + 1).to_string();
    for (column, entry) in columns.iter().zip(entries) {
        let at = column.at;
        match entry {
            Entry::Empty => continue,
            Entry::Text(content) => worksheet.write_string(row, at, text::shown(content))?,
            Entry::Number(value) => worksheet.write_number(row, at, *value)?,
            Entry::Input(value, _) => {
                let format = book.styles.get(Look::Input, column.of.show());
                worksheet.write_number_with_format(row, at, *value, format)?
            }
            Entry::Live(value) => {
                let formula = Formula::new(column.pieces.join(&number));
                worksheet.write_formula(row, at, formula.set_result(value.to_string()))?
            }
        };
    }
    Ok(())
}
