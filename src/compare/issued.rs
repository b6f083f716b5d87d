//! A forecast that was issued: its numbers per customer, and the manifest beside it.

use std::io;
use std::path::{Path, PathBuf};

use super::columns::Meaning;
use super::error::CompareError;
use super::rows::{Numbers, Rows};
use super::table::{Cells, Table, not_forecast};
use crate::panel::{Grid, Period, PeriodIndex};
use crate::predict::{Target, Window};
use crate::report::Manifest;
use crate::units::Day;

/// A forecast file with its manifest, in whatever format and layout it was written.
///
/// Numbers are those of the file, customers in ascending byte order.
///
/// ```
/// # use clap::Parser;
/// # let folder = tempfile::tempdir()?;
/// let file = folder.path().join("forecast.csv");
/// # let arguments = ["clvcast", "forecast", "data/superstore.csv", "--quiet", "--model",
/// #     "models/synlead-2008.json", "-o", file.to_str().unwrap()];
/// # clvcast::cli::run(clvcast::cli::Cli::parse_from(arguments))?;
/// use clvcast::compare::Issued;
/// use clvcast::predict::{Target, Window};
/// let issued = Issued::read(&file)?; // written by `clvcast forecast data/superstore.csv -o …`
/// assert_eq!((issued.customers.len(), issued.labels()[0].as_str()), (793, "2018-Q1"));
/// assert!(issued.value(0, Target::Purchases, Window::Period(0)).unwrap() > 0.0);
/// assert!(issued.doubts().is_empty()); // the file is what its manifest says
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Issued {
    /// The file, as given.
    pub path: PathBuf,
    /// What stands beside it.
    pub manifest: Manifest,
    /// Customer ids, ascending.
    pub customers: Vec<String>,
    /// Segment of each customer when the forecast was issued, if the file has them.
    pub segments: Option<Vec<String>>,
    /// The periods; the forecast ones are 1, 2, ….
    pub grid: Grid,
    /// Per target and period the numbers, if the file has the column.
    periods: [Vec<Option<Numbers>>; 3],
    /// Per target the total over the horizon as the file has it.
    totals: [Option<Numbers>; 3],
    pub(super) past_purchases: Option<Numbers>,
    pub(super) past_amount: Option<Numbers>,
    /// Quantiles, with their levels.
    pub(super) quantiles: Vec<(Target, Window, f64, Numbers)>,
}

impl Issued {
    /// Reads a forecast file and `FILE.run.json`.
    ///
    /// # Errors
    /// When one of them cannot be read, is not what it should be, or they do not belong together.
    pub fn read(path: &Path) -> Result<Self, CompareError> {
        let manifest = read_manifest(path)?;
        let grid = grid(&manifest, &Manifest::path_beside(path))?;
        Self::of_table(path, manifest, grid, &Table::read(path)?)
    }

    /// Labels of the forecast periods.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.manifest.periods
    }

    /// A customer's number in one period, or over the whole horizon, where money is discounted as
    /// the forecast's is. Customers are named by their position; one beyond the last panics, as an
    /// index does.
    #[must_use]
    pub fn value(&self, i: usize, target: Target, window: Window) -> Option<f64> {
        let periods = &self.periods[target as usize];
        match window {
            Window::Period(h) => periods.get(h)?.as_ref()?[i],
            Window::Total => {
                if let Some(totals) = &self.totals[target as usize] {
                    return totals[i];
                }
                let d = if target == Target::Purchases { 0.0 } else { self.discount() };
                let mut factor = 1.0;
                periods.iter().try_fold(0.0, |sum, numbers| {
                    factor /= 1.0 + d;
                    Some(sum + numbers.as_ref()?[i]? * factor)
                })
            }
        }
    }

    /// Whether the file has a number of that kind for any customer.
    #[must_use]
    pub fn has(&self, target: Target, window: Window) -> bool {
        (0..self.customers.len()).any(|i| self.value(i, target, window).is_some())
    }

    /// Discount rate per period of the totals.
    #[must_use]
    pub const fn discount(&self) -> f64 {
        self.manifest.rules.discount
    }

    /// The position of a customer.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.customers.binary_search_by(|known| known.as_str().cmp(id)).ok()
    }

    fn of_table(
        path: &Path,
        manifest: Manifest,
        grid: Grid,
        table: &Table,
    ) -> Result<Self, CompareError> {
        let rows = Rows::new(path, &manifest, table)?;
        let horizon = manifest.periods.len();
        let mut issued = Self {
            path: path.to_owned(),
            segments: rows.segments(table),
            grid,
            periods: std::array::from_fn(|_| vec![None; horizon]),
            totals: [const { None }; 3],
            past_purchases: None,
            past_amount: None,
            quantiles: Vec::new(),
            customers: Vec::new(),
            manifest,
        };
        for column in &table.columns {
            let Cells::Number(cells) = &column.cells else { continue };
            let whole = || rows.spread(cells, None);
            match column.meaning {
                Meaning::PastPurchases => issued.past_purchases = Some(whole()),
                Meaning::PastAmount => issued.past_amount = Some(whole()),
                Meaning::Number { target, window, level } => {
                    let windows = match window {
                        Some(Window::Period(h)) if h >= horizon => {
                            let detail = format!(
                                "column `{}` is of a period that the manifest does not have",
                                column.name
                            );
                            return Err(not_forecast(path, &detail));
                        }
                        Some(window) => vec![window],
                        None => (0..horizon).map(Window::Period).collect(),
                    };
                    for at in windows {
                        // In the long layout a row without a window of its own is of one period.
                        let of_row = match (window, at) {
                            (None, Window::Period(h)) => Some(h),
                            _ => None,
                        };
                        let numbers = rows.spread(cells, of_row);
                        match (level, at) {
                            (Some(level), _) => issued.quantiles.push((target, at, level, numbers)),
                            (None, Window::Period(h)) => {
                                issued.periods[target as usize][h] = Some(numbers);
                            }
                            (None, Window::Total) => issued.totals[target as usize] = Some(numbers),
                        }
                    }
                }
                _ => {}
            }
        }
        issued.customers = rows.into_ids();
        if Target::ALL.iter().all(|&target| !issued.has_columns(target)) {
            let detail = "no column `purchases_…`, `amount_…` or `gross_profit_…`";
            return Err(not_forecast(path, detail));
        }
        Ok(issued)
    }

    fn has_columns(&self, target: Target) -> bool {
        self.periods[target as usize].iter().any(Option::is_some)
            || self.totals[target as usize].is_some()
    }
}

fn read_manifest(path: &Path) -> Result<Manifest, CompareError> {
    let beside = Manifest::path_beside(path);
    let text = match std::fs::read_to_string(&beside) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // The forecast that is not there either is the nearer fault.
            std::fs::metadata(path)
                .map_err(|error| CompareError::Unreadable { path: path.to_owned(), error })?;
            return Err(CompareError::NoManifest { path: path.to_owned(), looked_for: beside });
        }
        Err(error) => return Err(CompareError::Unreadable { path: beside, error }),
    };
    let bad = |detail: String| CompareError::BadManifest { path: beside.clone(), detail };
    Manifest::from_json(&text).map_err(|error| {
        let value: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let version = value.as_ref().and_then(|value| value.get("version")?.as_str());
        match version {
            Some(version) if version != env!("CARGO_PKG_VERSION") => {
                bad(format!("it was written by version {version} ({error})"))
            }
            _ => bad(error.to_string()),
        }
    })
}

/// The periods that a manifest speaks of.
fn grid(manifest: &Manifest, path: &Path) -> Result<Grid, CompareError> {
    let bad = |detail: String| CompareError::BadManifest { path: path.to_owned(), detail };
    if manifest.program != "clvcast" {
        return Err(bad(format!("its program is `{}`, expected `clvcast`", manifest.program)));
    }
    let period: Period = manifest.period.parse().map_err(|e| bad(format!("{e}")))?;
    let as_of = manifest.as_of.parse().map(Day::from_date);
    let as_of = as_of.map_err(|_| bad(format!("its as-of date is `{}`", manifest.as_of)))?;
    let grid = Grid::new(period, as_of).map_err(|e| bad(e.to_string()))?;
    for (h, label) in (1..).zip(&manifest.periods) {
        let expected = grid.label(PeriodIndex(h));
        if *label != expected {
            return Err(bad(format!("its period {h} is {label}, expected {expected}")));
        }
    }
    if manifest.periods.is_empty() {
        return Err(bad("it has no forecast period".to_owned()));
    }
    Ok(grid)
}
