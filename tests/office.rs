//! A spreadsheet program recalculates the workbook: its numbers are the engine's to the cent, before
//! and after a margin is changed, and what it saved is read back.
//!
//! Needs LibreOffice (`soffice`). Where there is none the test says so and passes, unless
//! `CLVCAST_OFFICE=required` is set.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

use calamine::{Data, DataType, Range, Reader, Xlsx};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const SUPERSTORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/superstore.csv");

/// The program, where it is installed.
fn office() -> Option<&'static str> {
    let found = Command::new("soffice").arg("--version").output().is_ok_and(|o| o.status.success());
    if !found {
        let required = std::env::var("CLVCAST_OFFICE").is_ok_and(|word| word == "required");
        assert!(!required, "no LibreOffice (`soffice`) was found");
        // Not by the macro, whose words a test that passes keeps to itself.
        let skipped = b"skipped: no LibreOffice was found, the workbook is not recalculated\n";
        std::io::stderr().write_all(skipped).unwrap();
        return None;
    }
    Some("soffice")
}

fn clvcast(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clvcast"));
    let output = command.current_dir(folder).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{args:?}: {said}");
    said
}

/// Opens a workbook, recalculates what has no value, and saves it anew in `saved`.
fn recalculate(office: &str, folder: &Path, name: &str) -> Vec<u8> {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let args = ["--headless", "--convert-to", "xlsx", "--outdir", "saved", name];
    let output = Command::new(office).arg(profile).args(args).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    fs::read(folder.join("saved").join(name)).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The workbook without the results of its formulas, and with some numbers changed, so that nothing
/// but a recalculation can fill it in.
fn without_results(workbook: &[u8], inputs: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut dropped = 0;
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if name.starts_with("xl/worksheets/sheet") {
            let mut xml = String::from_utf8(bytes).unwrap();
            if name == "xl/worksheets/sheet2.xml" {
                for (cell, value) in inputs {
                    let start = xml.find(&format!("<c r=\"{cell}\"")).unwrap();
                    let from = start + xml[start..].find("<v>").unwrap() + 3;
                    let to = from + xml[from..].find("</v>").unwrap();
                    xml.replace_range(from..to, value);
                }
            }
            let mut pieces = xml.split("</f><v>");
            let mut bare = pieces.next().unwrap().to_owned();
            for piece in pieces {
                let (_, rest) = piece.split_once("</v>").unwrap();
                bare.push_str("</f>");
                bare.push_str(rest);
                dropped += 1;
            }
            bytes = bare.into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    assert!(dropped > 793 * 8, "{dropped} results were dropped");
    out.finish().unwrap().into_inner()
}

fn sheet(workbook: &[u8], name: &str) -> Range<Data> {
    Xlsx::new(Cursor::new(workbook)).unwrap().worksheet_range(name).unwrap()
}

fn number(range: &Range<Data>, row: u32, column: u32) -> f64 {
    match range.get_value((row, column)) {
        Some(Data::Float(number)) => *number,
        Some(Data::Int(number)) => *number as f64,
        other => panic!("{other:?} in row {row}, column {column}, expected a number"),
    }
}

fn row_of(range: &Range<Data>, text: &str) -> u32 {
    let first = range.start().unwrap().0;
    let mut rows = (first..).zip(range.rows());
    rows.find(|(_, row)| row[0] == Data::String(text.to_owned())).unwrap().0
}

/// Totals of a forecast file.
struct Engine {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Engine {
    fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
        Self { header, rows: reader.records().map(|record| row(record.unwrap())).collect() }
    }

    fn at(&self, name: &str) -> usize {
        self.header.iter().position(|own| own == name).unwrap()
    }

    fn sum(&self, name: &str) -> f64 {
        let at = self.at(name);
        self.rows.iter().filter_map(|row| row[at].parse::<f64>().ok()).sum()
    }
}

#[track_caller]
fn same(a: f64, b: f64) {
    assert!((a - b).abs() < 0.005, "{a} in the workbook, {b} by the engine");
}

/// Where a column of the forecast is, by its name.
fn column(forecast: &Range<Data>, name: &str) -> u32 {
    let names = forecast.rows().nth(HEADER).unwrap();
    let at = names.iter().position(|own| *own == Data::String(name.to_owned()));
    u32::try_from(at.unwrap_or_else(|| panic!("no column `{name}` in {names:?}"))).unwrap()
}

/// Row of the names of columns on the sheet of the forecast, from 0; customers follow.
const HEADER: usize = 2;

/// The address of a cell: `AB4` is row 3, column 27.
fn address(row: u32, column: u32) -> String {
    let letter = |n: u32| char::from_u32('A' as u32 + n).unwrap().to_string();
    let before = if column < 26 { String::new() } else { letter(column / 26 - 1) };
    format!("{before}{}{}", letter(column % 26), row + 1)
}

/// Every number that follows from a formula, against the engine.
fn agrees(workbook: &[u8], engine: &Engine) {
    let forecast = sheet(workbook, "Forecast");
    let mut columns = vec![
        (column(&forecast, "Amount, all periods"), "amount_total".to_owned()),
        (column(&forecast, "Gross profit, all periods"), "gross_profit_total".to_owned()),
    ];
    for (h, label) in (1..).zip(["2018-Q1", "2018-Q2", "2018-Q3"]) {
        let at = |name: &str| column(&forecast, &format!("{label} {name}"));
        columns.push((at("product cost"), format!("cost_{h}")));
        columns.push((at("gross profit"), format!("gross_profit_{h}")));
    }
    for (row, own) in (3..).zip(&engine.rows) {
        for (column, name) in &columns {
            same(number(&forecast, row, *column), own[engine.at(name)].parse().unwrap());
        }
    }
    let total = column(&forecast, "Gross profit, all periods");
    same(number(&forecast, 1, total), engine.sum("gross_profit_total"));
    let summary = sheet(workbook, "Summary");
    let first = row_of(&summary, "2018-Q1 forecast");
    for (row, h) in (first..).zip(1..=3) {
        for (column, name) in (2..).zip(["purchases", "amount", "cost", "expense", "gross_profit"])
        {
            same(number(&summary, row, column), engine.sum(&format!("{name}_{h}")));
        }
    }
    let total = row_of(&summary, "forecast total");
    same(number(&summary, total, 6), engine.sum("gross_profit_total"));
}

/// Every table of groups against the file of groups, row by row, and each against the portfolio.
fn groups_agree(workbook: &[u8], groups: &Engine, portfolio: f64) {
    let sheet = sheet(workbook, "Segments");
    let mut rows = groups.rows.iter();
    let mut tables = 0;
    for row in sheet.rows() {
        // Groups and portfolios have a number of customers.
        let numbers: Vec<Option<f64>> = row.iter().map(Data::as_f64).collect();
        let (Some(customers), Data::String(name)) = (numbers[1], &row[0]) else { continue };
        let [first, total] = [5, 8].map(|at: usize| numbers[at].unwrap());
        if name == "Portfolio" {
            same(total, portfolio);
            assert_eq!(customers, 793.0);
            tables += 1;
            continue;
        }
        let own = rows.next().expect("a group of the file");
        // A group without customers has no profit.
        let of = |name: &str| own[groups.at(name)].parse().unwrap_or(0.0);
        assert_eq!(customers, of("customers"), "{name}");
        same(first, of("gross_profit_1"));
        same(total, of("gross_profit_total"));
    }
    assert_eq!((rows.next(), tables), (None, 7));
}

/// What a reader sees who does not recalculate: every cell as written is what it is computed to.
fn shows_what_it_computes(written: &[u8], saved: &[u8]) {
    let mut numbers = 0;
    let sheets = ["Summary", "Forecast", "Segments", "Migration"];
    for name in sheets.into_iter().chain(["Backtest", "Transitions", "Method", "Run"]) {
        let (before, after) = (sheet(written, name), sheet(saved, name));
        let (top, left) = before.start().unwrap();
        for (row, column, cell) in before.used_cells() {
            let (row, column) = (u32::try_from(row).unwrap(), u32::try_from(column).unwrap());
            let at = (top + row, left + column);
            let now = after.get_value(at).unwrap_or(&Data::Empty);
            match (cell.as_f64().filter(|_| !cell.is_string()), now.as_f64()) {
                (Some(a), Some(b)) => {
                    assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0), "{name} {at:?}: {a}, {b}");
                    numbers += 1;
                }
                _ => assert_eq!(cell.to_string(), now.to_string(), "{name} {at:?}"),
            }
        }
    }
    assert!(numbers > 793 * 20, "{numbers} numbers were compared");
}

#[test]
fn an_office_program_recalculates_the_workbook_to_the_engines_numbers() {
    let Some(office) = office() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let base = [SUPERSTORE, "--frequency", "nbd", "-q"];
    // The forecast and its groups, with the cells of a workbook or without.
    let engine = |overrides: &[&str]| {
        let run = |command: &[&str]| clvcast(at, &[command, &base[..], overrides].concat());
        let said = run(&["forecast", "-o", "forecast.csv"]);
        run(&["segment", "--groups-out", "groups.csv"]);
        let read = |name| Engine::read(&at.join(name));
        (read("forecast.csv"), read("groups.csv"), said)
    };
    clvcast(at, &[&["report", "-o", "report.xlsx"], &base[..]].concat());
    let written = fs::read(at.join("report.xlsx")).unwrap();
    // As it was written.
    fs::write(at.join("same.xlsx"), without_results(&written, &[])).unwrap();
    let saved = recalculate(office, at, "same.xlsx");
    let (before, groups, _) = engine(&[]);
    agrees(&saved, &before);
    shows_what_it_computes(&written, &saved);
    groups_agree(&saved, &groups, before.sum("gross_profit_total"));
    let (_, _, said) = engine(&["--overrides", "saved/same.xlsx"]);
    assert!(said.contains("nothing is overridden"), "{said}");
    // With margins and an expense changed.
    let forecast = sheet(&written, "Forecast");
    let cell = |row, name| address(row, column(&forecast, name));
    let inputs = [
        (cell(3, "2018-Q1 margin (input)"), "0.9"),
        (cell(3, "2018-Q2 margin (input)"), "0.125"),
        (cell(4, "2018-Q1 expense (input)"), "77.5"),
    ];
    let inputs: Vec<(&str, &str)> = inputs.iter().map(|(cell, value)| (&**cell, *value)).collect();
    fs::write(at.join("edited.xlsx"), without_results(&written, &inputs)).unwrap();
    let saved = recalculate(office, at, "edited.xlsx");
    let (after, groups, _) = engine(&["--overrides", "saved/edited.xlsx"]);
    let total = |engine: &Engine| engine.sum("gross_profit_total");
    assert!((total(&after) - total(&before)).abs() > 1.0);
    agrees(&saved, &after);
    // Labels that follow from the forecast, such as layers, stay what they were in the workbook.
    let kept = |row: &&Vec<String>| ["segment", "cell"].contains(&row[0].as_str());
    let groups = Engine { rows: groups.rows.iter().filter(kept).cloned().collect(), ..groups };
    let sheet = sheet(&saved, "Segments");
    let named: Vec<&Vec<String>> = groups.rows.iter().collect();
    let shown = sheet.rows().filter(|row| row[1].as_f64().is_some());
    let shown = shown.filter(|row| row[0] != Data::String("Portfolio".to_owned()));
    for (row, own) in shown.zip(named) {
        same(row[8].as_f64().unwrap(), own[groups.at("gross_profit_total")].parse().unwrap());
    }
}
