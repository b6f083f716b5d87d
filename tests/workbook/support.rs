//! Workbooks that the program wrote, and the program run on them.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::OnceLock;

use assert_cmd::Command;
use calamine::{Data, Range, Reader, Xlsx};
use tempfile::TempDir;

/// A retailer's orders with costs; see data/README.md.
pub(crate) const SUPERSTORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/superstore.csv");

/// The part of the sheet Forecast inside the file.
pub(crate) const FORECAST: &str = "xl/worksheets/sheet2.xml";

/// A folder that goes with the test; commands run inside it.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Exit status and standard error.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clvcast"));
        let output = command.current_dir(self.0.path()).args(args).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    /// Standard error of a run that ends well.
    #[track_caller]
    pub(crate) fn well(&self, args: &[&str]) -> String {
        let (code, said) = self.run(args);
        assert_eq!(code, 0, "{said}");
        said
    }

    /// The workbook of a report.
    #[track_caller]
    pub(crate) fn report(&self, args: &[&str]) -> Book {
        self.well(&[&["report", "-o", "report.xlsx", "--quiet"], args].concat());
        Book::new(self.bytes("report.xlsx"))
    }

    /// A forecast as a table.
    #[track_caller]
    pub(crate) fn forecast(&self, args: &[&str]) -> Table {
        self.well(&[&["forecast", "-o", "forecast.csv", "--quiet"], args].concat());
        Table::parse(&self.bytes("forecast.csv"))
    }
}

/// The workbook of the Superstore ledger under one model.
pub(crate) fn superstore() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| Desk::new().report(&[SUPERSTORE, "--frequency", "nbd"]))
}

/// A CSV file: names and cells.
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    fn parse(bytes: &[u8]) -> Self {
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
        Self { header, rows: reader.records().map(|record| row(record.unwrap())).collect() }
    }

    pub(crate) fn at(&self, name: &str) -> usize {
        self.header.iter().position(|own| own == name).unwrap_or_else(|| panic!("no {name}"))
    }

    pub(crate) fn number(&self, row: usize, name: &str) -> Option<f64> {
        let text = &self.rows[row][self.at(name)];
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    pub(crate) fn sum(&self, name: &str) -> f64 {
        (0..self.rows.len()).filter_map(|row| self.number(row, name)).sum()
    }
}

/// A workbook.
pub(crate) struct Book {
    pub(crate) bytes: Vec<u8>,
}

impl Book {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    pub(crate) fn open(&self) -> Xlsx<Cursor<&[u8]>> {
        Xlsx::new(Cursor::new(self.bytes.as_slice())).unwrap()
    }

    /// Values of a sheet; absolute places.
    pub(crate) fn sheet(&self, name: &str) -> Range<Data> {
        self.open().worksheet_range(name).unwrap()
    }

    /// The number in a cell, from 0.
    pub(crate) fn number(&self, sheet: &str, row: u32, column: u32) -> Option<f64> {
        match self.sheet(sheet).get_value((row, column))? {
            Data::Float(number) => Some(*number),
            Data::Int(number) => Some(*number as f64),
            Data::DateTime(day) => Some(day.as_f64()),
            _ => None,
        }
    }

    /// The rows of a sheet as text, with their numbers.
    pub(crate) fn rows(&self, sheet: &str) -> Vec<(u32, Vec<Data>)> {
        let range = self.sheet(sheet);
        let first = range.start().unwrap().0;
        (first..).zip(range.rows().map(<[Data]>::to_vec)).collect()
    }

    /// The first row of a sheet with that text in its first column.
    pub(crate) fn row_of(&self, sheet: &str, text: &str) -> u32 {
        let rows = self.rows(sheet);
        let found = rows.iter().find(|(_, cells)| cells[0] == Data::String(text.to_owned()));
        found.unwrap_or_else(|| panic!("no {text} in {sheet}")).0
    }
}

/// Whether two sums are the same to the cent.
pub(crate) fn same_cents(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.005
}
