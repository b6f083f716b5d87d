//! A forecast as a workbook that a controller can change and give back.

mod address;
mod backtest;
mod book;
mod charts;
mod forecast;
mod headers;
mod headline;
mod layout;
mod matrices;
mod method;
mod others;
mod read;
mod record;
mod run;
mod segments;
pub(crate) mod settings;
mod sheet;
mod styles;
mod summary;
mod summary_notes;
#[cfg(test)]
mod tests;
mod text;

use std::io::Write;

use rust_xlsxwriter::XlsxError;

use self::book::Book;
pub use self::read::{ChangedCell, ReturnedWorkbook, WorkbookError, read_workbook};
use super::{Findings, ReportError};
use crate::progress::Progress;

/// Customers on one sheet, at most: programs hold 1,048,576 rows.
const CUSTOMERS: usize = 1_000_000;

/// Writes the workbook: a sheet of totals, one row per customer whose margins and expenses are
/// inputs of live formulas, groups, backtest, transitions, method and run. Cells hold unrounded
/// numbers. More than a million customers go on in further sheets. The same findings give the same
/// bytes, whatever the manifest's times. Progress is in customers.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, Method, forecast}, report::*, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// # let totals = Totals::new(&forecast);
/// # let summary = Summary {
/// #     ledger: &ledger, panel: &panel, model: &model, members: &[], model_file: None, options: &options,
/// #     rules: &rules, forecast: &forecast, intervals: None, totals: &totals, other_margin_rule: None,
/// #     warnings: &[], currency: None,
/// # };
/// # let run = Run {
/// #     command: &["clvcast".to_owned()], audit: &ledger.audit, columns: &ledger.columns, panel: &panel,
/// #     model: &model, model_file: None, method: Method::Chain, members: &[], why: "the default",
/// #     rules: &rules, overrides_file: None, calendar_file: None, forecast: &forecast,
/// #     intervals: None, warnings: &[], seed: None,
/// # };
/// # let (manifest, segmentation) = (Manifest::new(&run, None), Default::default());
/// let findings = Findings {
///     summary, manifest: &manifest, segmentation: &segmentation,
///     backtest: Err("none was asked for"), lang: Lang::En, top: None,
/// };
/// let mut workbook = Vec::new();
/// write_workbook(&findings, &mut workbook, &Silent)?;
/// // Nobody has changed anything yet.
/// assert!(read_workbook(std::io::Cursor::new(workbook))?.decisions.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When `out` or a temporary file cannot be written.
pub fn write_workbook(
    findings: &Findings<'_>,
    out: impl Write + Send,
    progress: &dyn Progress,
) -> Result<(), ReportError> {
    write_limited(findings, out, progress, CUSTOMERS)
}

/// The same with at most `limit` customers on a sheet.
fn write_limited(
    findings: &Findings<'_>,
    out: impl Write + Send,
    progress: &dyn Progress,
    limit: usize,
) -> Result<(), ReportError> {
    let book = Book::new(findings, limit);
    let mut workbook = summary::workbook(&book)?;
    progress.start("writing", Some(book.shown.customers.len() as u64));
    let mut sheets = vec![summary::write(&book)?];
    let mut hidden = Vec::new();
    for part in &book.parts {
        let (sheet, rows) = forecast::write(&book, &mut workbook, part, progress)?;
        sheets.push(sheet);
        hidden.push(rows);
    }
    sheets.extend(segments::write(&book)?);
    sheets.extend(matrices::migration(&book)?);
    sheets.push(backtest::write(&book)?);
    sheets.push(matrices::transitions(&book)?);
    sheets.push(method::write(&book)?);
    sheets.push(run::write(&book)?);
    let record = record::write(&book, &mut workbook, &sheets)?;
    for sheet in sheets {
        workbook.push_worksheet(sheet.worksheet);
    }
    workbook.push_worksheet(record);
    for rows in hidden {
        workbook.push_worksheet(rows);
    }
    workbook.use_zip_large_file(book.shown.customers.len() > LARGE);
    workbook.save_to_writer(out)?;
    Ok(())
}

/// Customers from which a sheet may take more than 4 GiB before it is packed.
const LARGE: usize = 300_000;

impl From<XlsxError> for ReportError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::IoError(error) => Self::Io(error),
            other => Self::Workbook(other),
        }
    }
}
