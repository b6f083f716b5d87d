//! Small inputs in a folder of their own.

use std::fs;
use std::path::Path;

use clvcast::ledger::{Ledger, LedgerError, ReadOptions, read};
use clvcast::progress::Silent;
use tempfile::TempDir;

/// A folder that goes with the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// The path of a name within.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Writes a file and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(Path::new(&path).parent().expect("a folder")).expect("a folder");
        fs::write(&path, content).expect("a written file");
        path
    }
}

/// Reads one CSV text with the given options.
pub(crate) fn read_with(
    text: impl AsRef<[u8]>,
    options: &ReadOptions,
) -> Result<Ledger, LedgerError> {
    let folder = Folder::new();
    read(&[folder.file("sales.csv", text)], options, &Silent)
}

/// Reads one CSV text.
pub(crate) fn read_text(text: impl AsRef<[u8]>) -> Result<Ledger, LedgerError> {
    read_with(text, &ReadOptions::default())
}

/// Reads some paths.
pub(crate) fn read_paths(paths: &[String]) -> Result<Ledger, LedgerError> {
    read(paths, &ReadOptions::default(), &Silent)
}

/// The message of the error that the text gives, which names the file.
pub(crate) fn message(text: impl AsRef<[u8]>) -> String {
    read_text(text).expect_err("an error").to_string()
}

pub(crate) fn lenient() -> ReadOptions {
    ReadOptions { lenient: true, ..ReadOptions::default() }
}

/// Every row as `customer day amount cost expense`.
pub(crate) fn shown(ledger: &Ledger) -> Vec<String> {
    let money = |units: i64| {
        clvcast::units::Money::from_units(units.into()).display(ledger.scale).to_string()
    };
    let row = |row: clvcast::ledger::Row| {
        let amount = row.amount.map_or_else(|| "none".to_owned(), money);
        let customer = &ledger.customers[row.customer as usize];
        format!("{customer} {} {amount} {} {}", row.day, money(row.cost), money(row.expense))
    };
    ledger.rows.iter().map(row).collect()
}

/// Asserts that a text holds all the others.
#[track_caller]
pub(crate) fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
}
