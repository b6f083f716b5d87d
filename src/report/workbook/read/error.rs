//! Why a workbook cannot be read back.

/// Cells listed of a workbook that was changed where it must not be.
const SHOWN: usize = 20;

/// A cell that is not as it was written, or an input that cannot be used.
///
/// ```
/// use clvcast::report::ChangedCell;
/// let cell = ChangedCell {
///     place: "Forecast!F4".into(), customer: Some("A".into()),
///     found: "12".into(), expected: "10.5".into(),
/// };
/// assert_eq!(cell.to_string(), "Forecast!F4 (customer `A`): found 12, expected 10.5");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedCell {
    /// Sheet and cell.
    pub place: String,
    /// Whose row it is, in a sheet of the forecast.
    pub customer: Option<String>,
    /// What stands there.
    pub found: String,
    /// What was written there, or may stand there.
    pub expected: String,
}

impl std::fmt::Display for ChangedCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place)?;
        if let Some(customer) = &self.customer {
            write!(f, " (customer `{customer}`)")?;
        }
        write!(f, ": found {}, expected {}", self.found, self.expected)
    }
}

/// Why a workbook cannot be read back.
///
/// ```
/// use clvcast::report::WorkbookError;
/// let error = WorkbookError::NotOurs { sheets: vec!["Sheet1".into()] };
/// assert!(error.to_string().contains("`clvcast report`"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkbookError {
    /// Not a workbook, or a broken one.
    #[error("not a readable .xlsx workbook: {found}; expected one that `clvcast report` wrote")]
    Unreadable {
        /// What is wrong.
        found: String,
    },
    /// A workbook of something else.
    #[error(
        "the workbook was not written by `clvcast report`: it has the sheets {}, expected the hidden one `clvcast` among them", .sheets.join(", ")
    )]
    NotOurs {
        /// Its sheets.
        sheets: Vec<String>,
    },
    /// A workbook of another version.
    #[error(
        "the workbook has the format version {found}, expected {expected}; write it anew with `clvcast report` of this version"
    )]
    Version {
        /// Its version.
        found: String,
        /// That of this program.
        expected: String,
    },
    /// The hidden sheets do not hold what they must.
    #[error(
        "the hidden sheet `{sheet}` is damaged: {found}; write the workbook anew with `clvcast report`"
    )]
    Damaged {
        /// The sheet.
        sheet: String,
        /// What is wrong.
        found: String,
    },
    /// Cells that were changed and must not be, or hold what cannot be used.
    #[error(
        "{count} cell(s) of the workbook cannot be used:\n{}\nonly margins and expenses (yellow cells) may be changed; `clvcast report` writes the workbook anew", listed(.cells, *.count)
    )]
    Changed {
        /// The first of them.
        cells: Vec<ChangedCell>,
        /// All of them.
        count: usize,
    },
}

fn listed(cells: &[ChangedCell], count: usize) -> String {
    let mut lines: Vec<String> = cells.iter().map(|cell| format!("  {cell}")).collect();
    if count > cells.len() {
        lines.push(format!("  … and {} more", count - cells.len()));
    }
    lines.join("\n")
}

/// What was found so far: all of it counted, the first ones kept.
#[derive(Debug, Default)]
pub(super) struct Findings {
    cells: Vec<ChangedCell>,
    count: usize,
    /// Those of them that are about whole rows, which come first: what stands above the customers
    /// differs wherever rows are missing.
    rows: usize,
}

impl Findings {
    pub(super) fn add(&mut self, cell: impl FnOnce() -> ChangedCell) {
        self.count += 1;
        if self.cells.len() < SHOWN {
            self.cells.push(cell());
        }
    }

    /// A whole row.
    pub(super) fn row(&mut self, cell: impl FnOnce() -> ChangedCell) {
        self.count += 1;
        if self.rows < SHOWN {
            self.cells.insert(self.rows, cell());
            self.cells.truncate(SHOWN);
            self.rows += 1;
        }
    }

    /// A whole sheet.
    pub(super) fn sheet(&mut self, name: &str, found: &str, expected: &str) {
        self.add(|| ChangedCell {
            place: format!("sheet {name}"),
            customer: None,
            found: found.to_owned(),
            expected: expected.to_owned(),
        });
    }

    pub(super) fn finish(self) -> Result<(), WorkbookError> {
        match self {
            Self { count: 0, .. } => Ok(()),
            Self { cells, count, .. } => Err(WorkbookError::Changed { cells, count }),
        }
    }
}
