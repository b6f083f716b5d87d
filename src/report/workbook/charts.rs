//! What is drawn in the workbook: charts, and bars in cells.

use rust_xlsxwriter::{
    Chart, ChartFormat, ChartPoint, ChartSolidFill, ChartType, ConditionalFormatCell,
    ConditionalFormatCellRule, ConditionalFormatDataBar, Format, XlsxError,
};

use super::book::{Book, Measure};
use super::sheet::Sheet;
use super::styles::{BLUE, GREY, PALE, PALE_RED, RED};
use crate::report::Lang;

/// Past and coming periods, in rows `top` to `end` of a column; the first `past` of them are past.
pub(super) fn periods(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    (column, top, end): (u16, u32, u32),
    past: usize,
    row: u32,
) -> Result<(), XlsxError> {
    let measured = book.measure();
    let mut chart = Chart::new(ChartType::Column);
    let point = |color| {
        ChartPoint::new()
            .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)))
    };
    let mut points = vec![point(GREY); past];
    points.extend(vec![point(BLUE); book.horizon()]);
    let name = sheet.name.clone();
    chart
        .add_series()
        .set_categories((name.as_str(), top, 0, end, 0))
        .set_values((name.as_str(), top, column, end, column))
        .set_points(&points)
        .set_gap(60);
    let (en, zh) = match measured {
        Measure::GrossProfit => ("Gross profit: past and coming periods", "毛利：过去与未来各期"),
        Measure::Amount => ("Amount: past and coming periods", "销售额：过去与未来各期"),
        Measure::Purchases => ("Purchases: past and coming periods", "购买次数：过去与未来各期"),
    };
    chart.title().set_name(book.say(en, zh));
    chart.legend().set_hidden();
    chart.y_axis().set_num_format("#,##0");
    chart.set_width(760).set_height(300);
    sheet.worksheet.insert_chart(row, 0, &chart)?;
    Ok(())
}

/// The groups in rows `top` to `end`, by the numbers of a column; the heading is what they are and
/// what is measured.
pub(super) fn groups(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    (title, what): (&str, &str),
    total: u16,
    (top, end): (u32, u32),
) -> Result<(), XlsxError> {
    let mut chart = Chart::new(ChartType::Column);
    let name = sheet.name.clone();
    chart
        .add_series()
        .set_categories((name.as_str(), top, 0, end, 0))
        .set_values((name.as_str(), top, total, end, total))
        .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(BLUE)))
        .set_gap(60);
    let heading = match book.lang {
        Lang::En => format!("{title}: forecast {what}"),
        Lang::Zh => format!("{title}：预测{what}"),
    };
    chart.title().set_name(heading.as_str());
    chart.legend().set_hidden();
    chart.y_axis().set_num_format("#,##0");
    chart.set_width(700).set_height(260);
    sheet.worksheet.insert_chart(end + 3, 0, &chart)?;
    Ok(())
}

/// Bars in the column of shares, and red for what is below zero from one column to another; the row
/// below `end` is that of totals.
pub(super) fn bars(
    sheet: &mut Sheet<'_>,
    share: u16,
    (from, to): (u16, u16),
    (top, end): (u32, u32),
) -> Result<(), XlsxError> {
    let bar = ConditionalFormatDataBar::new()
        .set_fill_color(PALE)
        .set_negative_fill_color(PALE_RED)
        .set_solid_fill(true);
    sheet.worksheet.add_conditional_format(top, share, end, share, &bar)?;
    let red = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::LessThan(0))
        .set_format(Format::new().set_font_color(RED));
    sheet.worksheet.add_conditional_format(top, from, end + 1, to, &red)?;
    Ok(())
}
