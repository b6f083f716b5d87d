//! What stands in the cells.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetVisible};

use crate::support::{Desk, FORECAST, SUPERSTORE, superstore};

fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn sheets_stand_in_order_and_the_record_is_hidden() {
    let book = superstore().open();
    let sheets = book.sheets_metadata().iter();
    let (shown, hidden): (Vec<_>, Vec<_>) =
        sheets.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<&str> = shown.iter().map(|sheet| sheet.name.as_str()).collect();
    let wanted = ["Summary", "Forecast", "Segments", "Backtest", "Transitions", "Method", "Run"];
    let others: Vec<&&str> = names.iter().filter(|name| !wanted.contains(*name)).collect();
    assert!(others.iter().all(|name| **name == "Migration"), "{others:?}");
    let found: Vec<&str> = names.into_iter().filter(|name| wanted.contains(name)).collect();
    assert_eq!(found, wanted);
    assert!(hidden.iter().all(|sheet| sheet.visible == SheetVisible::VeryHidden));
    assert_eq!(hidden.len(), 2);
}

#[test]
fn the_forecast_has_filters_frozen_headers_rules_bars_and_charts() {
    let bytes = &superstore().bytes;
    let xml = part(bytes, FORECAST);
    for mark in
        ["state=\"frozen\"", "<autoFilter ", "<dataValidation ", "dataBar", "type=\"cellIs\""]
    {
        assert!(xml.contains(mark), "no {mark}");
    }
    // Sorting moves the hidden columns with their rows: the last one is the number of the row.
    assert!(xml.contains("<autoFilter ref=\"A3:AR796\""));
    assert!(part(bytes, "xl/charts/chart1.xml").contains("<c:barChart>"));
    assert!(part(bytes, "xl/styles.xml").contains("#,##0.00"));
    assert!(!part(bytes, "docProps/core.xml").contains("20:"), "a time of creation");
}

#[test]
fn every_number_is_that_of_the_forecast_file_to_the_bit() {
    let book = superstore();
    let csv = Desk::new().forecast(&[SUPERSTORE, "--frequency", "nbd"]);
    let sheet = book.sheet("Forecast");
    let header: Vec<String> =
        (0..40).filter_map(|c| Some(sheet.get_value((2, c))?.to_string())).collect();
    let mut compared = 0;
    for (at, name) in (0_u32..).zip(&header) {
        let of = |what: &str| {
            let (label, rest) = name.split_once(' ')?;
            let h = ["2018-Q1", "2018-Q2", "2018-Q3"].iter().position(|own| *own == label)? + 1;
            (rest == what).then_some(h)
        };
        let column = [
            ("purchases", "purchases"),
            ("amount", "amount"),
            ("margin (input)", "margin"),
            ("product cost", "cost"),
            ("expense (input)", "expense"),
            ("gross profit", "gross_profit"),
        ];
        let period =
            column.iter().find_map(|(words, column)| Some(format!("{column}_{}", of(words)?)));
        let column = period.or(match name.as_str() {
            "Periods since last active" => Some("r".to_owned()),
            "Last value per purchase" => Some("m1".to_owned()),
            "Amount, all periods" => Some("amount_total".to_owned()),
            "Gross profit, all periods" => Some("gross_profit_total".to_owned()),
            "Past purchases" => Some("past_purchases".to_owned()),
            "Past amount" => Some("past_amount".to_owned()),
            "Past gross profit" => Some("past_gross_profit".to_owned()),
            _ => None,
        });
        let Some(column) = column else { continue };
        compared += 1;
        for row in 0..csv.rows.len() {
            let cell = sheet.get_value((u32::try_from(row).unwrap() + 3, at));
            let found = cell.and_then(|cell| match cell {
                Data::Float(number) => Some(*number),
                Data::Int(number) => Some(*number as f64),
                _ => None,
            });
            let wanted = csv.number(row, &column);
            assert_eq!(found.map(f64::to_bits), wanted.map(f64::to_bits), "{column} in row {row}");
        }
    }
    assert_eq!(compared, 6 * 3 + 7);
}

#[test]
fn cost_profit_and_totals_are_formulas_and_inputs_are_not() {
    let formulas = superstore().open().worksheet_formula("Forecast").unwrap();
    let of = |column: u32| formulas.get_value((3, column)).cloned().unwrap_or_default();
    // Segment, r, last value, then purchases, amount, margin, cost, expense, gross profit.
    assert_eq!([11, 12, 13, 14, 15].map(of), ["", "", "L4*(1-M4)", "", "L4-N4-O4"]);
    assert_eq!(of(29), "P4+V4+AB4");
    let summary = superstore().open().worksheet_formula("Summary").unwrap();
    let sum = summary.get_value((9, 6)).unwrap();
    assert_eq!(sum, "SUM(Forecast!$P$4:$P$796)");
}

/// Ids that are formulas, markup, numbers, or hold what cells cannot hold.
const HOSTILE: [&str; 9] =
    ["+1", "0012", "1e5", "<script>alert(1)</script>", "=cmd()", "@x", "_x0041_", "a\u{1}b", "é🎉"];

fn hostile() -> String {
    let mut text = "customer,date,amount,cost,segment\n".to_owned();
    for (n, id) in HOSTILE.iter().enumerate() {
        for quarter in [1, 4, 7, 10].iter().take(2 + n % 3) {
            let amount = 10 * (n + 1);
            text.push_str(&format!("{id},2020-{quarter:02}-15,{amount}.5,{n},=1+{}\n", n % 2));
        }
    }
    text
}

#[test]
fn ids_and_segments_of_users_are_text_and_come_back_as_they_are() {
    let desk = Desk::new();
    desk.file("sales.csv", hostile());
    let report = ["sales.csv", "--frequency", "nbd"];
    let book = desk.report(&report);
    let sheet = book.sheet("Forecast");
    let shown: Vec<Data> =
        (3..3 + 9).map(|row| sheet.get_value((row, 0)).cloned().unwrap_or_default()).collect();
    let wanted = HOSTILE.map(|id| Data::String(id.replace('\u{1}', "␁")));
    assert_eq!(shown, wanted);
    let formulas = book.open().worksheet_formula("Forecast").unwrap();
    assert!((3..12).all(|row| formulas.get_value((row, 0)).is_none_or(String::is_empty)));
    // Labels of segments, too, and each is counted exactly.
    let row = book.row_of("Segments", "=1+0");
    assert_eq!(book.number("Segments", row, 1), Some(5.0));
    // A changed margin of each comes back under its own id.
    let header: Vec<String> =
        (0..20).filter_map(|c| Some(sheet.get_value((2, c))?.to_string())).collect();
    let margin = header.iter().position(|name| name.ends_with("margin (input)")).unwrap();
    let column = char::from(b'A' + u8::try_from(margin).unwrap());
    let changed = crate::zip_edit::edit(&book.bytes, FORECAST, |mut xml| {
        for row in 4..4 + 9 {
            xml = crate::zip_edit::number(&xml, &format!("{column}{row}"), &format!("0.{row:02}"));
        }
        xml
    });
    desk.file("changed.xlsx", changed);
    let forecast = desk.forecast(&[&report[..], &["--overrides", "changed.xlsx"]].concat());
    for (row, id) in HOSTILE.iter().enumerate() {
        assert_eq!(forecast.rows[row][0], *id);
        assert_eq!(forecast.number(row, "margin_1"), Some(((row + 4) as f64) / 100.0));
    }
}

#[test]
fn an_id_longer_than_a_cell_is_cut_and_says_so() {
    let desk = Desk::new();
    let long = "x".repeat(40_000);
    let sales = format!(
        "customer,date,amount,cost\n{long},2020-01-05,10,6\n{long},2020-11-07,9,5\nb,2020-02-01,40,31\nb,2020-12-31,44,30\n"
    );
    desk.file("sales.csv", sales);
    let book = desk.report(&["sales.csv", "--frequency", "nbd"]);
    let shown = book.sheet("Forecast").get_value((4, 0)).unwrap().to_string();
    assert!(shown.ends_with("x… [40000 characters]") && shown.len() < 1100);
    desk.file("same.xlsx", &book.bytes);
    let said = desk.well(&[
        "forecast",
        "sales.csv",
        "--frequency",
        "nbd",
        "--overrides",
        "same.xlsx",
        "-o",
        "f.csv",
        "-q",
    ]);
    assert!(said.contains("nothing is overridden"), "{said}");
}

#[test]
fn the_same_input_gives_the_same_bytes_on_any_number_of_threads() {
    let of = |threads: &str| {
        let desk = Desk::new();
        desk.well(&[
            "report",
            SUPERSTORE,
            "--frequency",
            "nbd",
            "--threads",
            threads,
            "-q",
            "-o",
            "r.xlsx",
        ]);
        // The command stands on the sheet Run.
        crate::zip_edit::edit(&desk.bytes("r.xlsx"), "xl/workbook.xml", |xml| xml + " ")
    };
    let strip = |bytes: Vec<u8>| {
        let sheets = ["sheet1", "sheet2", "sheet3", "sheet4"];
        sheets.map(|name| part(&bytes, &format!("xl/worksheets/{name}.xml")))
    };
    assert_eq!(strip(of("1")), strip(of("2")));
    let again = || Desk::new().report(&[SUPERSTORE, "--frequency", "nbd"]).bytes;
    assert!(again() == again());
}

#[test]
fn labels_and_names_of_sheets_are_chinese_where_that_is_asked_for() {
    let book = Desk::new().report(&[SUPERSTORE, "--frequency", "nbd", "--lang", "zh"]);
    let names = book.open().sheet_names();
    assert!(names.iter().any(|name| name == "预测") && !names.iter().any(|n| n == "Forecast"));
    assert_eq!(book.sheet("预测").get_value((2, 0)).unwrap().to_string(), "客户");
    assert!(
        book.sheet("汇总").get_value((1, 0)).unwrap().to_string().starts_with("现有 793 位客户")
    );
}
