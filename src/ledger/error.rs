//! Why a ledger cannot be read: facts in typed variants, and what to try in every message.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use super::columns::Role;
use super::rejects::SHOWN;
use super::types::{Reason, Reject};

/// A cell that was met: where, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as given.
    pub file: String,
    /// Line (in Parquet the row number), from 1.
    pub line: u64,
    /// The cell's text.
    pub found: String,
}

/// Why transactions cannot be read.
///
/// ```
/// # use clvcast::{ledger::{LedgerError, ReadOptions, read}, progress::Silent};
/// # let file = tempfile::NamedTempFile::new().unwrap();
/// std::fs::write(&file, "customer,date\nA,01/02/2017\n").unwrap();
/// let files = [file.path().display().to_string()];
/// let error = read(&files, &ReadOptions::default(), &Silent).unwrap_err();
/// assert!(error.to_string().contains("day first or month first?"));
/// assert!(matches!(error, LedgerError::AmbiguousDates { example, .. } if example.line == 2));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// No input was named.
    #[error("no input is given; name at least one file, folder or `-` for standard input")]
    NoInput,
    /// A path that does not exist.
    #[error("{path}: no such file or folder; {}", did_you_mean(nearest.as_deref(), "check the path"))]
    Missing {
        /// The path as given.
        path: String,
        /// The most similar name in the same folder.
        nearest: Option<String>,
    },
    /// A pattern that matches no file.
    #[error(
        "{pattern}: no file matches this pattern; check the folder, and quote the pattern once"
    )]
    NoMatch {
        /// The pattern as given.
        pattern: String,
    },
    /// A pattern that is malformed.
    #[error("{pattern}: not a valid pattern ({detail}); `*`, `?` and `[abc]` are understood")]
    BadPattern {
        /// The pattern as given.
        pattern: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A folder without Parquet parts.
    #[error("{folder}: the folder holds no .parquet file; name its files, such as {folder}/*.csv")]
    NoParquet {
        /// The folder as given.
        folder: String,
    },
    /// One file given twice: its rows would count twice.
    #[error("{first} and {second} are the same file; give it once, or its rows count twice")]
    SameFile {
        /// The first path.
        first: String,
        /// The path that leads to the same file.
        second: String,
    },
    /// A file that the system does not let us read.
    #[error("{file}: cannot be read ({source}); check that it exists and that you may read it")]
    Unreadable {
        /// The file as given.
        file: String,
        /// The system's error.
        source: io::Error,
    },
    /// Compressed, Parquet or Arrow data that ends early or is damaged.
    #[error("{file}: the {format} data is cut short or damaged ({detail}); copy or write it again")]
    Damaged {
        /// The file as given.
        file: String,
        /// `gzip`, `zstd`, `Parquet` or `Arrow`.
        format: &'static str,
        /// What the decoder met.
        detail: String,
    },
    /// A file without content.
    #[error("{file}: the file is empty; a header line and one row per transaction are expected")]
    EmptyFile {
        /// The file as given.
        file: String,
    },
    /// Headers, and no row in any file.
    #[error("{}: a header and no rows; export the transactions again", files.join(", "))]
    NoRows {
        /// The files read.
        files: Vec<String>,
    },
    /// Text in UTF-16.
    #[error("{file}: the text is UTF-16, and UTF-8 is expected; save it as `CSV UTF-8`")]
    Utf16 {
        /// The file as given.
        file: String,
    },
    /// A spreadsheet or archive.
    #[error("{file}: a workbook or ZIP archive, and CSV or Parquet is expected; export it as CSV")]
    Archive {
        /// The file as given.
        file: String,
    },
    /// A header cell that is not text.
    #[error("{file}:1: header {column} is not valid UTF-8; save the file as UTF-8")]
    HeaderText {
        /// The file as given.
        file: String,
        /// The column's number, from 1.
        column: usize,
    },
    /// Two columns of one name.
    #[error(
        "{file}: columns {first} and {second} are both named `{name}`; rename or remove one of them"
    )]
    DuplicateHeader {
        /// The file as given.
        file: String,
        /// The name.
        name: String,
        /// Number of the first such column, from 1.
        first: usize,
        /// Number of the second such column, from 1.
        second: usize,
    },
    /// A quoted field that never ends, so that later rows would be swallowed.
    #[error("{file}:{line}: a quoted field opens in this row and never closes; close the quote")]
    UnclosedQuote {
        /// The file as given.
        file: String,
        /// The line on which its row starts.
        line: u64,
    },
    /// No column for a role that every ledger needs.
    #[error(
        "{file}: no column looks like the {role}; {}; name it with {}",
        columns(header), role.option()
    )]
    ColumnMissing {
        /// The file as given.
        file: String,
        /// The role.
        role: Role,
        /// The file's columns.
        header: Vec<String>,
    },
    /// A named column that is not there.
    #[error(
        "{file}: no column is named `{name}` (asked for by {}); {}; {}",
        role.option(), columns(header), did_you_mean(nearest.as_deref(), "name one of these")
    )]
    ColumnUnknown {
        /// The file as given.
        file: String,
        /// The role it was named for.
        role: Role,
        /// The name.
        name: String,
        /// The most similar name there is.
        nearest: Option<String>,
        /// The file's columns.
        header: Vec<String>,
    },
    /// Two columns that both look like one role.
    #[error(
        "{file}: columns `{first}` and `{second}` both look like the {role}; choose one with \
         {} \"{first}\"",
        role.option()
    )]
    ColumnAmbiguous {
        /// The file as given.
        file: String,
        /// The role.
        role: Role,
        /// One column.
        first: String,
        /// The other.
        second: String,
    },
    /// One column named for two roles.
    #[error(
        "column `{column}` is named both for {} and for {}; give each its own column, or `none`",
        first.option(), second.option()
    )]
    ColumnTwice {
        /// The column.
        column: String,
        /// One role.
        first: Role,
        /// The other.
        second: Role,
    },
    /// A file whose columns are not those of the first file.
    #[error(
        "{file}: the {role} is {}, and {} in {first_file}; give all files the same columns, or \
         choose with {}",
        or_none(found.as_deref()), or_none(expected.as_deref()), role.option()
    )]
    ColumnsDiffer {
        /// The file that differs.
        file: String,
        /// The first file.
        first_file: String,
        /// The role.
        role: Role,
        /// The column found in it.
        found: Option<String>,
        /// The column of the first file.
        expected: Option<String>,
    },
    /// A Parquet column of a type that cannot serve its role.
    #[error("{file}: column `{column}` is of type {found}, and {expected}")]
    ColumnType {
        /// The file as given.
        file: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// The types that would do, and what to try.
        expected: String,
    },
    /// A date format that cannot be used.
    #[error(
        "`{format}` is not a date format ({detail}); give year, month and day, such as %d/%m/%Y"
    )]
    DateFormat {
        /// The format as given.
        format: String,
        /// What is wrong with it.
        detail: String,
    },
    /// Dates that can be read day first and month first.
    #[error(
        "{}:{}: column `{column}`: is `{}` day first or month first? no row of the column settles \
         it ({rows} can be read both ways); give --date-format %d{separator}%m{separator}%Y or \
         %m{separator}%d{separator}%Y",
        example.file, example.line, example.found
    )]
    AmbiguousDates {
        /// The column.
        column: String,
        /// The first date that can be read both ways.
        example: Place,
        /// Rows that can be read both ways.
        rows: u64,
        /// The separator in use.
        separator: char,
    },
    /// A column of which some dates are only day first and others only month first.
    #[error(
        "column `{column}`: {day_first} dates are only day first ({}:{}: `{}`) and {month_first} \
         only month first ({}:{}: `{}`); give --date-format %d{separator}%m{separator}%Y or \
         %m{separator}%d{separator}%Y, and the others count as bad rows",
        first_day_first.file, first_day_first.line, first_day_first.found,
        first_month_first.file, first_month_first.line, first_month_first.found
    )]
    MixedDateOrders {
        /// The column.
        column: String,
        /// Rows that are valid only day first.
        day_first: u64,
        /// The first of them.
        first_day_first: Box<Place>,
        /// Rows that are valid only month first.
        month_first: u64,
        /// The first of them.
        first_month_first: Box<Place>,
        /// The separator in use.
        separator: char,
    },
    /// More than one currency.
    #[error(
        "column `{column}` holds more than one currency: {}; convert to one, or give one file per \
         currency",
        list(values)
    )]
    SeveralCurrencies {
        /// The column.
        column: String,
        /// Up to five of them, in ascending order.
        values: Vec<String>,
    },
    /// Rows that cannot be used.
    #[error("{}", bad_rows(*total, by_reason, first))]
    BadRows {
        /// How many.
        total: u64,
        /// How many of each reason.
        by_reason: BTreeMap<Reason, u64>,
        /// The first ones by file and line (all with `keep_rejects`).
        first: Vec<Reject>,
    },
    /// Negative amounts under [`Refunds::Error`](super::Refunds::Error).
    #[error("{}", refused(*total, "negative amounts", "--refunds net or drop", first))]
    RefundsRefused {
        /// How many rows.
        total: u64,
        /// The first ones by file and line.
        first: Vec<Reject>,
    },
    /// Repeated rows under [`Duplicates::Error`](super::Duplicates::Error).
    #[error("{}", refused(*total, "rows that repeat another one", "--duplicates keep or drop", first))]
    DuplicatesRefused {
        /// How many rows.
        total: u64,
        /// The first ones by file and line.
        first: Vec<Reject>,
    },
    /// Every row was left out.
    #[error("{}", nothing_left(left_out, first))]
    NothingUsed {
        /// How many rows were left out, by reason.
        left_out: BTreeMap<Reason, u64>,
        /// The first ones by file and line.
        first: Vec<Reject>,
    },
    /// More distinct texts than can be numbered.
    #[error("more than {} customers; split the input by customer", u32::MAX)]
    TooManyCustomers,
}

fn did_you_mean(nearest: Option<&str>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), |name| format!("did you mean `{name}`?"))
}

fn or_none(column: Option<&str>) -> String {
    column.map_or_else(|| "absent".to_owned(), |name| format!("column `{name}`"))
}

fn columns(names: &[String]) -> String {
    if names.is_empty() {
        "it has no columns".to_owned()
    } else {
        format!("its columns are {}", list(names))
    }
}

fn list(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn reasons(by_reason: &BTreeMap<Reason, u64>) -> String {
    let counts: Vec<_> =
        by_reason.iter().map(|(reason, rows)| format!("{} {rows}", reason.name())).collect();
    counts.join(", ")
}

/// One line per row shown, and how many are not.
fn lines(total: u64, first: &[Reject]) -> String {
    let shown = &first[..first.len().min(SHOWN)];
    let mut text = String::new();
    for reject in shown {
        let _ = write!(text, "\n  {reject}");
    }
    let hidden = total.saturating_sub(shown.len() as u64);
    if hidden > 0 {
        let _ = write!(text, "\n  … and {hidden} more");
    }
    text
}

fn rows(total: u64) -> String {
    if total == 1 { "1 row".to_owned() } else { format!("{total} rows") }
}

fn bad_rows(total: u64, by_reason: &BTreeMap<Reason, u64>, first: &[Reject]) -> String {
    format!(
        "{} cannot be used: {}{}\ncorrect them, or leave them out with --lenient \
         (--rejects FILE lists them all)",
        rows(total),
        reasons(by_reason),
        lines(total, first)
    )
}

fn refused(total: u64, what: &str, remedy: &str, first: &[Reject]) -> String {
    format!("{what} are refused: {}{}\naccept them with {remedy}", rows(total), lines(total, first))
}

fn nothing_left(left_out: &BTreeMap<Reason, u64>, first: &[Reject]) -> String {
    let total = left_out.values().sum();
    format!(
        "no row is left to use: {} left out ({}){}\ncorrect them, or choose other columns",
        rows(total),
        reasons(left_out),
        lines(total, first)
    )
}
