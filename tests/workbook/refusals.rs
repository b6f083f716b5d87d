//! A workbook that was changed where it must not be is refused, with the cells named.

use calamine::Reader;

use crate::support::{Desk, FORECAST, SUPERSTORE, superstore};
use crate::zip_edit::{cell, edit, number};

/// What is said of a workbook that is given back.
#[track_caller]
fn refuses(workbook: impl AsRef<[u8]>, parts: &[&str]) {
    refuses_for(workbook, &[SUPERSTORE, "--frequency", "nbd"], parts);
}

#[track_caller]
fn refuses_for(workbook: impl AsRef<[u8]>, data: &[&str], parts: &[&str]) {
    let desk = Desk::new();
    desk.file("changed.xlsx", workbook);
    let args = ["--overrides", "changed.xlsx", "-q", "-o", "f.csv"];
    let (code, said) = desk.run(&[&["forecast"], data, &args].concat());
    assert_eq!(code, 1, "{said}");
    for part in parts.iter().chain(&["in the overrides file `changed.xlsx`"]) {
        assert!(said.contains(part), "no `{part}` in: {said}");
    }
    assert!(!desk.path("f.csv").exists());
}

#[track_caller]
fn refuses_change(part: &str, change: impl Fn(String) -> String, parts: &[&str]) {
    refuses(edit(&superstore().bytes, part, change), parts);
}

#[test]
fn a_changed_amount_is_refused() {
    let parts =
        ["1 cell(s)", "Forecast!L4 (customer `AA-10315`): found 1000, expected 1", "yellow"];
    refuses_change(FORECAST, |xml| number(&xml, "L4", "1000"), &parts);
}

#[test]
fn an_overwritten_formula_is_refused_even_by_its_own_number() {
    let overwrite = |xml: String| {
        let old = cell(&xml, "N4").to_owned();
        let (from, to) = (old.find("<f>").unwrap(), old.find("</f>").unwrap() + 4);
        xml.replacen(&old, &format!("{}{}", &old[..from], &old[to..]), 1)
    };
    refuses_change(
        FORECAST,
        overwrite,
        &["Forecast!N4 (customer `AA-10315`)", "expected `=L4*(1-M4)`"],
    );
    let other = |xml: String| xml.replacen("L4*(1-M4)", "L4*(1-M5)", 1);
    refuses_change(FORECAST, other, &["Forecast!N4", "found `=L4*(1-M5)`, expected `=L4*(1-M4)`"]);
}

#[test]
fn a_changed_id_and_header_are_refused() {
    let id = |xml: String| xml.replacen("<t>AA-10315</t>", "<t>AA-10316</t>", 1);
    let parts = ["Forecast!A4 (customer `AA-10315`): found the text `AA-10316`"];
    refuses_change(FORECAST, id, &parts);
    let header = |xml: String| xml.replacen("<t>2018-Q1 amount</t>", "<t>Sales</t>", 1);
    refuses_change(
        FORECAST,
        header,
        &["Forecast!L3: found the text `Sales`, expected the text `2018-Q1 amount`"],
    );
}

#[test]
fn rows_that_are_missing_added_or_there_twice_are_refused() {
    let rows = |xml: &str, from: u32, to: u32| {
        let at = |row: u32| xml.find(&format!("<row r=\"{row}\"")).unwrap();
        (at(from), at(to))
    };
    let delete = |xml: String| {
        let (from, to) = rows(&xml, 4, 5);
        format!("{}{}", &xml[..from], &xml[to..])
    };
    refuses_change(FORECAST, delete, &["sheet Forecast (customer `AA-10315`): found no row"]);
    // The key of the row above it.
    let twice = |xml: String| number(&xml, "AR5", "3");
    let parts =
        ["(customer `AA-10315`): found the row once more", "(customer `AA-10375`): found no row"];
    refuses_change(FORECAST, twice, &parts);
    let add = |xml: String| {
        xml.replacen(
            "</sheetData>",
            "<row r=\"900\"><c r=\"B900\"><v>5</v></c></row></sheetData>",
            1,
        )
    };
    refuses_change(FORECAST, add, &["Forecast!B900: found 5 in a row that was added"]);
}

#[test]
fn changes_on_other_sheets_are_refused() {
    let summary = "xl/worksheets/sheet1.xml";
    refuses_change(
        summary,
        |xml| number(&xml, "G7", "1"),
        &["Summary!G7: found 1, expected 15499"],
    );
    let sum = |xml: String| xml.replacen("SUM(Forecast!$P$4:$P$796)", "SUM(Forecast!$P$4:$P$5)", 1);
    refuses_change(summary, sum, &["Summary!G10: found `=SUM(Forecast!$P$4:$P$5)`"]);
    let note = |xml: String| {
        xml.replacen(
            "</sheetData>",
            "<row r=\"300\"><c r=\"A300\"><v>5</v></c></row></sheetData>",
            1,
        )
    };
    refuses_change(summary, note, &["Summary!A300: found 5, expected an empty cell"]);
}

#[test]
fn inputs_that_cannot_be_meant_are_refused_all_at_once() {
    let empty = |xml: String, name: &str| {
        let old = cell(&xml, name).to_owned();
        let (from, to) = (old.find("<v>").unwrap(), old.find("</v>").unwrap() + 4);
        xml.replacen(&old, &format!("{}{}", &old[..from], &old[to..]), 1)
    };
    let text = |xml: String, name: &str| {
        let old = cell(&xml, name).to_owned();
        let end = old.find('>').unwrap();
        let new = format!("{} t=\"inlineStr\"><is><t>high</t></is></c>", &old[..end]);
        xml.replacen(&old, &new, 1)
    };
    let change = |xml: String| {
        let xml = number(&number(&xml, "M4", "35"), "O5", "-1");
        text(empty(xml, "M6"), "M7")
    };
    let parts = [
        "4 cell(s)",
        "Forecast!M4 (customer `AA-10315`): found 35, expected a share of at most 1",
        "Forecast!O5 (customer `AA-10375`): found -1",
        "at least 0",
        "Forecast!M6 (customer `AA-10480`): found an empty cell, expected a number (it was 0.3",
        "Forecast!M7 (customer `AA-10645`): found the text `high`, expected a number",
    ];
    refuses_change(FORECAST, change, &parts);
}

#[test]
fn of_many_changes_twenty_are_named_and_all_are_counted() {
    let change = |mut xml: String| {
        for row in 4..34 {
            xml = number(&xml, &format!("L{row}"), "1");
        }
        xml
    };
    refuses_change(FORECAST, change, &["30 cell(s)", "Forecast!L23", "… and 10 more"]);
}

#[test]
fn a_row_that_is_missing_is_named_before_what_follows_from_it() {
    let change = |xml: String| {
        let at = |row: u32| xml.find(&format!("<row r=\"{row}\"")).unwrap();
        let (ten, eleven) = (at(10), at(11));
        // The sums above are over one row less.
        format!("{}{}", xml[..ten].replace("4:", "5:"), &xml[eleven..])
    };
    refuses_change(
        FORECAST,
        change,
        &["cannot be used:\n  sheet Forecast (customer `AB-10105`): found no row"],
    );
}

#[test]
fn a_workbook_has_room_for_so_many_periods() {
    let desk = Desk::new();
    let (code, said) = desk.run(&["report", SUPERSTORE, "-o", "a.xlsx", "--horizon", "201"]);
    assert_eq!(code, 2);
    assert!(said.contains("a workbook has room for 200 coming periods"), "{said}");
}

#[test]
fn sheets_that_are_missing_or_renamed_are_refused() {
    let rename = |xml: String| xml.replacen("name=\"Backtest\"", "name=\"Old\"", 1);
    let parts = ["sheet Backtest: found no such sheet", "sheet Old: found a sheet that was added"];
    refuses_change("xl/workbook.xml", rename, &parts);
}

#[test]
fn workbooks_of_others_and_of_other_versions_are_refused() {
    let foreign = |xml: String| xml.replacen("name=\"clvcast\"", "name=\"Sheet9\"", 1);
    refuses_change("xl/workbook.xml", foreign, &["was not written by `clvcast report`", "Sheet9"]);
    refuses("customer,segment,period,field,op,value\n", &["not a readable .xlsx workbook"]);
    let book = superstore().open();
    let at = book.sheet_names().iter().position(|name| name == "clvcast").unwrap() + 1;
    let version = |xml: String| number(&xml, "B1", "2");
    let parts = ["format version 2, expected 1", "anew"];
    refuses_change(&format!("xl/worksheets/sheet{at}.xml"), version, &parts);
}

#[test]
fn customers_and_periods_that_are_not_forecast_are_named() {
    let changed =
        edit(&superstore().bytes, FORECAST, |xml| number(&number(&xml, "M4", "0.5"), "Y4", "0.5"));
    let one = [SUPERSTORE, "--frequency", "nbd", "--horizon", "1"];
    let parts = ["1 decided number(s)", "Forecast!Y4: period `2018-Q3` is not forecast", "2018-Q1"];
    refuses_for(&changed, &one, &parts);
    let desk = Desk::new();
    desk.file(
        "sales.csv",
        "customer,date,amount,cost\nb,2017-02-01,40,31\nb,2017-12-31,44,30\nc,2017-05-01,9,5\n",
    );
    let path = desk.path("sales.csv");
    let other = [path.to_str().unwrap(), "--frequency", "nbd"];
    refuses_for(
        &changed,
        &other,
        &["2 decided number(s)", "Forecast!M4: customer `AA-10315` is not in the data"],
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_named() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("report.xlsx")).unwrap();
    let (code, said) = desk.run(&["report", SUPERSTORE, "-o", "report.xlsx", "-q"]);
    assert_ne!(code, 0);
    assert!(said.contains("report.xlsx"), "{said}");
}
