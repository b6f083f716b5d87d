//! The sheets of moves: value bands by the model, and groups in the past and ahead.

use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormat2ColorScale, Worksheet, XlsxError,
};

use super::book::Book;
use super::sheet::Sheet;
use super::styles::{Look, Show};
use crate::report::Lang;
use crate::report::group_words::{band_name, column_name, label_name};
use crate::segment::{LifeCycle, Moves};

/// The colours of the least and the most.
const SCALE: [Color; 2] = [Color::White, Color::RGB(0x7F_B3D5)];

/// A matrix with names.
struct Matrix<'m> {
    title: String,
    /// Over the names of the rows.
    corner: &'m str,
    rows: Vec<String>,
    columns: Vec<String>,
    /// Rows without numbers stay empty.
    values: Vec<Option<Vec<f64>>>,
    show: Show,
}

impl Matrix<'_> {
    /// Writes it; the next free row.
    fn write(&self, sheet: &mut Sheet<'_>, row: u32) -> Result<u32, XlsxError> {
        sheet.text(row, 0, &self.title, Look::Heading)?;
        sheet.text(row + 1, 0, self.corner, Look::Header)?;
        for (at, name) in (1..).zip(&self.columns) {
            sheet.text_right(row + 1, at, name, Look::Header)?;
        }
        let first = row + 2;
        for ((row, name), values) in (first..).zip(&self.rows).zip(&self.values) {
            sheet.text(row, 0, name, Look::Plain)?;
            for (at, value) in (1..).zip(values.iter().flatten()) {
                sheet.number(row, at, *value, Look::Plain, self.show)?;
            }
        }
        let end = first + u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let width = u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
        if !self.rows.is_empty() && width > 0 {
            let scale = ConditionalFormat2ColorScale::new()
                .set_minimum_color(SCALE[0])
                .set_maximum_color(SCALE[1]);
            sheet.worksheet.add_conditional_format(first, 1, end - 1, width, &scale)?;
        }
        Ok(end + 1)
    }
}

fn widths(columns: usize) -> Vec<f64> {
    let mut widths = vec![30.0];
    widths.extend(vec![13.0; columns.max(8)]);
    widths
}

/// Value bands: now, next, at the horizon, counted.
pub(super) fn transitions<'a>(book: &'a Book<'_>) -> Result<Sheet<'a>, XlsxError> {
    let name = book.say("Transitions", "转移矩阵");
    let bands = book.findings.segmentation.bands.as_ref();
    let places = bands.map_or(0, |bands| bands.places.len());
    let mut sheet = Sheet::new(Worksheet::new(), name, &book.styles, &widths(places + 1))?;
    sheet.text(
        0,
        0,
        book.say("Value bands and moves between them", "价值区间与转移"),
        Look::Title,
    )?;
    let Some(bands) = bands else {
        let why = book.say(
            "There are none: the model has no law of values or no value bands (--bands sets them), or the ledger has no amounts.",
            "没有转移矩阵：模型没有金额分布或价值区间（可用 --bands 设定），或数据中没有金额。",
        );
        sheet.paragraph(1, why, Look::Note)?;
        return Ok(sheet);
    };
    let lead = book.say(
        "A row says where the customers of a value band are in a later active period; rows add up to 1. The band is that of the value per purchase in the last active period.",
        "每一行表示某个价值区间的客户在之后活跃的一期会在哪个区间；每行之和为 1。区间按最近一个活跃期的单次购买金额划分。",
    );
    sheet.paragraph(1, lead, Look::Note)?;
    let corner = book.say("from \\ to", "从 \\ 到");
    let names: Vec<String> = bands.places.iter().map(|band| band_name(book.lang, band)).collect();
    let now = bands.now.iter().map(|n| Some(vec![*n as f64])).collect();
    let mut row = 3;
    let of = |title: String, values: Vec<Option<Vec<f64>>>| Matrix {
        title,
        corner,
        rows: names.clone(),
        columns: names.clone(),
        values,
        show: Show::Decimal,
    };
    let customers = Matrix {
        title: book.say("Customers now", "目前的客户").to_owned(),
        corner: book.say("value band", "价值区间"),
        columns: vec![book.say("customers", "客户数").to_owned()],
        show: Show::Count,
        ..of(String::new(), now)
    };
    row = customers.write(&mut sheet, row)?;
    let next = bands.next.iter().cloned().map(Some).collect();
    let title = book.say("In the next active period, by the model", "下一个活跃期（按模型）");
    row = of(title.to_owned(), next).write(&mut sheet, row)?;
    if let Some(ahead) = &bands.at_horizon {
        let title = match book.lang {
            Lang::En => format!("In {}, of those who are active then", bands.last),
            Lang::Zh => format!("{} 时的区间（仅限届时活跃的客户）", bands.last),
        };
        row = of(title, ahead.clone()).write(&mut sheet, row)?;
    }
    if let Some(counted) = &bands.counted {
        let title = book.say("Counted in the data", "数据中的实际转移");
        of(title.to_owned(), counted.clone()).write(&mut sheet, row)?;
    }
    sheet.worksheet.set_freeze_panes(2, 1)?;
    Ok(sheet)
}

/// Where groups moved and where they are expected, and cumulative value by age; `None` where
/// nothing of it is known.
pub(super) fn migration<'a>(book: &'a Book<'_>) -> Result<Option<Sheet<'a>>, XlsxError> {
    let segmentation = book.findings.segmentation;
    let (moves, ahead) = (&segmentation.moves, &segmentation.ahead);
    let life = segmentation.life_cycle.as_ref();
    if moves.is_empty() && ahead.is_empty() && life.is_none() {
        return Ok(None);
    }
    let name = book.say("Migration", "客户迁移");
    let groups = moves.iter().map(|own| own.groups.len() + 1);
    let bands = ahead.iter().map(|own| own.bands.as_ref().map_or(2, |bands| bands.len() + 1));
    let columns = groups.chain(bands).max().unwrap_or(0);
    let mut sheet = Sheet::new(Worksheet::new(), name, &book.styles, &widths(columns))?;
    sheet.text(
        0,
        0,
        book.say("Moves of customers between groups", "客户在各群之间的迁移"),
        Look::Title,
    )?;
    let mut row = 2;
    for own in moves {
        row = past(book, own).write(&mut sheet, row)?;
    }
    for own in ahead {
        let title = match book.lang {
            Lang::En => format!(
                "{}: expected customers by value band in {}",
                column_name(book.lang, &own.column),
                own.period
            ),
            Lang::Zh => format!(
                "{}：{} 各价值区间的预期客户数",
                column_name(book.lang, &own.column),
                own.period
            ),
        };
        let mut names = labels(book, &own.column, &own.groups);
        names.push(book.say("(none)", "（无）").to_owned());
        names.truncate(own.expected.len());
        let matrix = Matrix {
            title,
            corner: book.say("group now", "目前的群"),
            rows: names,
            columns: own
                .places(book.say("no purchase", "未购买"), book.say("a purchase", "有购买"))
                .iter()
                .map(|band| band_name(book.lang, band))
                .collect(),
            values: own.expected.iter().cloned().map(Some).collect(),
            show: Show::Quantity,
        };
        row = matrix.write(&mut sheet, row)?;
    }
    if let Some(life) = life {
        life_cycle(book, &mut sheet, life, row)?;
    }
    sheet.worksheet.set_freeze_panes(1, 1)?;
    Ok(Some(sheet))
}

/// The labels of a grouping, for people.
fn labels(book: &Book<'_>, column: &str, groups: &[String]) -> Vec<String> {
    groups.iter().map(|label| label_name(book.lang, column, label)).collect()
}

/// Customers by group then and now.
fn past<'m>(book: &Book<'m>, own: &Moves) -> Matrix<'m> {
    let title = match book.lang {
        Lang::En => format!(
            "{}: customers by group in {} (rows) and {} (columns)",
            column_name(book.lang, &own.column),
            own.from,
            own.to
        ),
        Lang::Zh => format!(
            "{}：{}（行）与 {}（列）各群的客户数",
            column_name(book.lang, &own.column),
            own.from,
            own.to
        ),
    };
    let none = book.say("(none)", "（无）").to_owned();
    let mut rows = labels(book, &own.column, &own.groups);
    rows.push(book.say("(none)", "（无）").to_owned());
    rows.push(book.say("not there then", "当时还不是客户").to_owned());
    let mut columns = labels(book, &own.column, &own.groups);
    columns.push(none);
    let counted = own.counts.iter().chain([&own.unlabelled, &own.newcomers]);
    let numbers = |row: &Vec<u64>| Some(row.iter().map(|n| *n as f64).collect());
    Matrix {
        title,
        corner: book.say("then \\ now", "当时 \\ 现在"),
        rows,
        columns,
        values: counted.map(numbers).collect(),
        show: Show::Count,
    }
}

/// Cumulative value by age, one column per curve, and the lines.
fn life_cycle(
    book: &Book<'_>,
    sheet: &mut Sheet<'_>,
    life: &LifeCycle,
    row: u32,
) -> Result<(), XlsxError> {
    let title = if life.of_profit {
        book.say(
            "Mean cumulative gross profit by age, less the cost of acquisition",
            "按客户年龄的平均累计毛利（扣除获客成本）",
        )
    } else {
        book.say(
            "Mean cumulative amount by age, less the cost of acquisition",
            "按客户年龄的平均累计销售额（扣除获客成本）",
        )
    };
    sheet.text(row, 0, title, Look::Heading)?;
    sheet.text(
        row + 1,
        0,
        book.say("Periods since the first purchase", "首次购买后的期数"),
        Look::Header,
    )?;
    let ages: u32 =
        life.curves.iter().flat_map(|c| &c.points).map(|p| p.age + 1).max().unwrap_or(0);
    let first = row + 2;
    for age in 0..ages {
        sheet.number(first + age, 0, f64::from(age), Look::Plain, Show::Count)?;
    }
    let mut chart = Chart::new(ChartType::Line);
    let last = first + ages.max(1) - 1;
    for (at, curve) in (1_u16..).zip(&life.curves) {
        let name = curve.cohort.as_deref().unwrap_or(book.say("all customers", "全部客户"));
        sheet.text_right(row + 1, at, name, Look::Header)?;
        for point in &curve.points {
            sheet.number(first + point.age, at, point.value, Look::Plain, Show::Money)?;
        }
        let tab = sheet.name.clone();
        chart
            .add_series()
            .set_name((tab.as_str(), row + 1, at))
            .set_categories((tab.as_str(), first, 0, last, 0))
            .set_values((tab.as_str(), first, at, last, at));
    }
    for (row, name, value) in [
        (last + 1, book.say("cost of acquisition", "获客成本"), 0),
        (last + 2, book.say("paid back at age", "回本期数"), 1),
        (last + 3, book.say("customers", "客户数"), 2),
    ] {
        sheet.text(row, 0, name, Look::Plain)?;
        for (at, curve) in (1_u16..).zip(&life.curves) {
            let (number, show) = match value {
                0 => (curve.acquisition_cost, Show::Money),
                1 => (curve.payback.map(f64::from), Show::Count),
                _ => (Some(curve.customers as f64), Show::Count),
            };
            sheet.number(row, at, number, Look::Plain, show)?;
        }
    }
    chart.title().set_name(title);
    chart.set_width(820).set_height(340);
    sheet.worksheet.insert_chart(last + 5, 0, &chart)?;
    Ok(())
}
