//! A spreadsheet program recalculates the workbook: its numbers are the engine's to the cent, before
//! and after a margin is changed, and what it saved is read back.
//!
//! Needs LibreOffice (`soffice`). Where there is none the test says so and passes, unless
//! `CLVCAST_OFFICE=required` is set.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx};
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

    fn sum(&self, name: &str, segment: Option<&str>) -> f64 {
        let (at, of) = (self.at(name), self.at("segment"));
        let rows = self.rows.iter().filter(|row| segment.is_none_or(|own| row[of] == own));
        rows.filter_map(|row| row[at].parse::<f64>().ok()).sum()
    }
}

#[track_caller]
fn same(a: f64, b: f64) {
    assert!((a - b).abs() < 0.005, "{a} in the workbook, {b} by the engine");
}

/// Every number that follows from a formula, against the engine.
fn agrees(workbook: &[u8], engine: &Engine) {
    let forecast = sheet(workbook, "Forecast");
    for (row, own) in (3..).zip(&engine.rows) {
        for (column, name) in [
            (7, "cost_1"),
            (9, "gross_profit_1"),
            (13, "cost_2"),
            (15, "gross_profit_2"),
            (19, "cost_3"),
            (21, "gross_profit_3"),
            (22, "amount_total"),
            (23, "gross_profit_total"),
        ] {
            same(number(&forecast, row, column), own[engine.at(name)].parse().unwrap());
        }
    }
    same(number(&forecast, 1, 23), engine.sum("gross_profit_total", None));
    let summary = sheet(workbook, "Summary");
    let first = row_of(&summary, "2018-Q1 forecast");
    for (row, h) in (first..).zip(1..=3) {
        for (column, name) in (2..).zip(["purchases", "amount", "cost", "expense", "gross_profit"])
        {
            same(number(&summary, row, column), engine.sum(&format!("{name}_{h}"), None));
        }
    }
    let total = row_of(&summary, "forecast total");
    same(number(&summary, total, 6), engine.sum("gross_profit_total", None));
    let segments = sheet(workbook, "Segments");
    let mut all = 0.0;
    for name in ["Consumer", "Corporate", "Home Office"] {
        let row = row_of(&segments, name);
        let total = number(&segments, row, 8);
        same(total, engine.sum("gross_profit_total", Some(name)));
        same(number(&segments, row, 5), engine.sum("gross_profit_1", Some(name)));
        all += total;
    }
    same(all, number(&summary, total, 6));
    same(number(&segments, row_of(&segments, "Portfolio"), 8), all);
}

#[test]
fn an_office_program_recalculates_the_workbook_to_the_engines_numbers() {
    let Some(office) = office() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let base = [SUPERSTORE, "--frequency", "nbd", "-q"];
    clvcast(at, &[&["report", "-o", "report.xlsx"], &base[..]].concat());
    clvcast(at, &[&["forecast", "-o", "before.csv"], &base[..]].concat());
    let written = fs::read(at.join("report.xlsx")).unwrap();
    // As it was written.
    fs::write(at.join("same.xlsx"), without_results(&written, &[])).unwrap();
    let saved = recalculate(office, at, "same.xlsx");
    let before = Engine::read(&at.join("before.csv"));
    agrees(&saved, &before);
    let back = ["forecast", "--overrides", "saved/same.xlsx", "-o", "back.csv"];
    let said = clvcast(at, &[&back, &base[..]].concat());
    assert!(said.contains("nothing is overridden"), "{said}");
    // With margins and an expense changed.
    let inputs = [("G4", "0.9"), ("M4", "0.125"), ("I5", "77.5")];
    fs::write(at.join("edited.xlsx"), without_results(&written, &inputs)).unwrap();
    let saved = recalculate(office, at, "edited.xlsx");
    let back = ["forecast", "--overrides", "saved/edited.xlsx", "-o", "after.csv"];
    clvcast(at, &[&back, &base[..]].concat());
    let after = Engine::read(&at.join("after.csv"));
    let total = |engine: &Engine| engine.sum("gross_profit_total", None);
    assert!((total(&after) - total(&before)).abs() > 1.0);
    agrees(&saved, &after);
}
