//! Factors of periods that a user knows: past effects, and what is planned.

use std::collections::BTreeMap;
use std::io::Read;

use crate::panel::{Panel, PeriodIndex};

/// Factors by the label of a period.
///
/// ```
/// use clvcast::calendar::GivenFactors;
/// let labels = ["2017-Q4".to_owned(), "2018-Q1".to_owned()];
/// let given = GivenFactors::read("period,factor\n2018-Q1,1.2\n".as_bytes(), &labels)?;
/// assert!((given.ln_factor("2018-Q1") - 1.2_f64.ln()).abs() < 1e-15);
/// assert_eq!(given.ln_factor("2017-Q4"), 0.0);
/// # Ok::<(), clvcast::calendar::GivenError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GivenFactors(BTreeMap<String, f64>);

/// What is wrong with a calendar file: every bad row, up to a cap.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GivenError {
    /// The text is no CSV.
    #[error("the file is not readable as CSV: {0}; expected the columns period and factor")]
    Csv(#[from] csv::Error),
    /// A column is missing.
    #[error("found {found}, expected the columns period and factor, separated by a comma")]
    Columns {
        /// The header found.
        found: String,
    },
    /// No row.
    #[error("the file holds no factor, expected rows such as 2018-Q1,1.2")]
    Empty,
    /// Rows that cannot be used.
    #[error("{count} row(s) cannot be used:\n{}", .shown.join("\n"))]
    Rows {
        /// How many.
        count: usize,
        /// The first of them, with line, what was found and what was expected.
        shown: Vec<String>,
    },
}

/// Factors that mean something: below, a shop is closed; above, a number is misplaced.
pub(crate) const RANGE: std::ops::RangeInclusive<f64> = 1e-6..=100.0;

/// Bad rows shown; the rest are counted.
const SHOWN: usize = 20;

/// Coming periods a calendar file may name.
pub(crate) const PLANNED: i32 = 400;

impl GivenFactors {
    /// From pairs of label and factor.
    #[must_use]
    pub fn new(factors: impl IntoIterator<Item = (String, f64)>) -> Self {
        Self(factors.into_iter().collect())
    }

    /// Reads a calendar file for the periods of a panel and those to come.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// use clvcast::calendar::GivenFactors;
    /// let given = GivenFactors::for_panel("period,factor\n2018-Q1,1.2\n".as_bytes(), &panel)?;
    /// assert_eq!(given.iter().next(), Some(("2018-Q1", 1.2)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn for_panel(from: impl Read, panel: &Panel) -> Result<Self, GivenError> {
        let known: Vec<String> = (panel.first_period().0..=PLANNED)
            .map(|index| panel.grid.label(PeriodIndex(index)))
            .collect();
        Self::read(from, &known)
    }

    /// Reads a calendar file. `known` are the labels of the panel's periods and of coming ones,
    /// oldest first; periods that are not listed keep the factor 1.
    ///
    /// # Errors
    /// With every row whose period is missing, unknown or listed before, or whose factor is
    /// missing, no number, or not positive.
    pub fn read(from: impl Read, known: &[String]) -> Result<Self, GivenError> {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(from);
        let header = reader.headers()?.clone();
        let column = |name: &str| {
            header.iter().position(|h| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
        };
        let (Some(period), Some(factor)) = (column("period"), column("factor")) else {
            let names = header.iter().collect::<Vec<_>>().join(", ");
            let found = if names.is_empty() {
                "no header".to_owned()
            } else {
                format!("the header `{names}`")
            };
            return Err(GivenError::Columns { found });
        };
        let mut factors: BTreeMap<String, (u64, f64)> = BTreeMap::new();
        let mut bad = Vec::new();
        for record in reader.records() {
            let record = record?;
            let line = record.position().map_or(0, csv::Position::line);
            let label = record.get(period).unwrap_or_default();
            let text = record.get(factor).unwrap_or_default();
            let value = text.parse::<f64>().ok().filter(|f| RANGE.contains(f));
            if label.is_empty() {
                bad.push(format!(
                    "  line {line}: no period, expected one such as {}",
                    example(known)
                ));
            } else if !known.iter().any(|k| k == label) {
                bad.push(format!(
                    "  line {line}: period `{label}` is not one of this run, expected {} to {}",
                    known.first().map_or("", String::as_str),
                    known.last().map_or("", String::as_str)
                ));
            } else if let Some((before, _)) = factors.get(label) {
                bad.push(format!(
                    "  line {line}: period `{label}` is listed before, in line {before}"
                ));
            } else if let Some(value) = value {
                factors.insert(label.to_owned(), (line, value));
            } else {
                let found = if text.is_empty() {
                    "no factor".to_owned()
                } else {
                    format!("factor `{text}`")
                };
                bad.push(format!(
                    "  line {line}: {found} for `{label}`, expected a number from 0.000001 to 100 (1 is no effect, 0.01 nearly closed)"
                ));
            }
        }
        if !bad.is_empty() {
            let count = bad.len();
            bad.truncate(SHOWN);
            if count > SHOWN {
                bad.push(format!("  … and {} more", count - SHOWN));
            }
            return Err(GivenError::Rows { count, shown: bad });
        }
        if factors.is_empty() {
            return Err(GivenError::Empty);
        }
        Ok(Self(factors.into_iter().map(|(label, (_, value))| (label, value)).collect()))
    }

    /// ln of the factor of a period; 0 where none was given.
    #[must_use]
    pub fn ln_factor(&self, label: &str) -> f64 {
        self.0.get(label).map_or(0.0, |factor| factor.ln())
    }

    /// Whether no factor differs from 1.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.0.values().all(|&factor| factor == 1.0)
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Labels and factors, in the order of the labels.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(label, &factor)| (label.as_str(), factor))
    }

    /// These factors, with those of `newer` in place of the ones both give.
    #[must_use]
    pub fn with(mut self, newer: Self) -> Self {
        self.0.extend(newer.0);
        self
    }
}

fn example(known: &[String]) -> &str {
    known.first().map_or("2018-Q1", String::as_str)
}
