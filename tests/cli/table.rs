//! A forecast file as a user's own tools would read it.

use std::collections::HashMap;

/// A CSV file: names and cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    at: HashMap<String, usize>,
}

/// Columns that hold text; all others hold numbers.
const TEXTS: [&str; 7] =
    ["customer", "segment", "period", "first_purchase", "last_purchase", "flags", "overridden"];

impl Table {
    pub(crate) fn parse(text: &str) -> Self {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header: Vec<String> = cells(reader.headers().expect("a header"));
        let rows = reader.records().map(|record| cells(&record.expect("a row"))).collect();
        let at = header.iter().cloned().zip(0..).collect();
        Self { header, rows, at }
    }

    pub(crate) fn text(&self, row: usize, column: &str) -> &str {
        let at = self.at.get(column).unwrap_or_else(|| panic!("no column {column}"));
        &self.rows[row][*at]
    }

    /// A number; `None` for an empty field.
    pub(crate) fn number(&self, row: usize, column: &str) -> Option<f64> {
        let text = self.text(row, column);
        (!text.is_empty()).then(|| text.parse().unwrap_or_else(|_| panic!("{column}: {text}")))
    }

    pub(crate) fn row_of(&self, customer: &str) -> usize {
        let found = (0..self.rows.len()).find(|&row| self.text(row, "customer") == customer);
        found.unwrap_or_else(|| panic!("no customer {customer}"))
    }

    pub(crate) fn sum(&self, column: &str) -> f64 {
        (0..self.rows.len()).filter_map(|row| self.number(row, column)).sum()
    }

    /// Names of the columns with numbers.
    pub(crate) fn numeric(&self) -> impl Iterator<Item = &str> {
        let is_text = |name: &str| {
            let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
            TEXTS.contains(&name) || plain == "period"
        };
        self.header.iter().map(String::as_str).filter(move |name| !is_text(name))
    }

    /// Asserts that every number is finite or missing, as a plain decimal.
    #[track_caller]
    pub(crate) fn is_finite(&self) {
        for column in self.numeric() {
            for row in 0..self.rows.len() {
                let text = self.text(row, column);
                let plain = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
                assert!(text.chars().all(plain), "{column} of row {row}: `{text}`");
                assert!(self.number(row, column).is_none_or(f64::is_finite), "{column}: {text}");
            }
        }
    }
}
