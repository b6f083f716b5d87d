//! One entry for all file formats: which rows, which columns, in what pieces.

use std::io::Write;
use std::str::FromStr;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use rayon::prelude::*;

use super::beside::Beside;
use super::columns::{Columns, Layout};
use super::error::ReportError;
use super::frame::{Frame, Rows};
use super::{arrow_out, csv_out, json_out, parquet_out};
use crate::panel::Panel;
use crate::predict::Intervals;
use crate::progress::{Progress, Silent};
use crate::segment::Grouping;
use crate::units::Scale;
use crate::value::Forecast;

/// A file format.
///
/// ```
/// use clvcast::report::Format;
/// assert_eq!("Parquet".parse(), Ok(Format::Parquet));
/// assert_eq!(Format::ALL.map(Format::name), ["csv", "json", "parquet"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a header, UTF-8, lines ended by LF.
    Csv,
    /// An array of objects, one per line.
    Json,
    /// Parquet, compressed with snappy where values come back.
    Parquet,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Parquet];

    /// The name on the command line, which is also the extension of files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Parquet => "parquet",
        }
    }

    /// The format a file name's extension stands for.
    ///
    /// ```
    /// use clvcast::report::Format;
    /// assert_eq!(Format::of_path("out/forecast.CSV".as_ref()), Some(Format::Csv));
    /// assert_eq!(Format::of_path("forecast".as_ref()), None);
    /// ```
    #[must_use]
    pub fn of_path(path: &std::path::Path) -> Option<Self> {
        path.extension()?.to_str()?.parse().ok()
    }
}

/// A name that is not a [`Format`].
///
/// ```
/// let error = "xlsx".parse::<clvcast::report::Format>().unwrap_err();
/// assert!(error.to_string().starts_with("`xlsx` is not a file format"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a file format: expected `csv`, `json` or `parquet`")]
pub struct UnknownFormat {
    /// The name.
    pub found: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownFormat { found: text.to_owned() })
    }
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WriteOptions {
    /// One row per customer, or one per customer and period.
    pub layout: Layout,
    /// Only these columns, in this order; all by default.
    pub columns: Option<Vec<String>>,
    /// Only these customers, by their positions in the panel; all by default. Their order and
    /// repetitions do not matter: files are sorted by customer.
    pub customers: Option<Vec<usize>>,
    /// Quantiles of every customer, which add columns; none by default.
    pub quantiles: Option<Arc<Intervals>>,
    /// Groupings of all customers, which add columns of labels; none by default.
    pub labels: Arc<[Grouping]>,
}

/// Writes a forecast, sorted by customer. The same forecast gives the same bytes for any number of
/// threads.
///
/// Numbers are the shortest decimals that read back to the same bits, never with an exponent;
/// history is exact. A missing number is an empty field in CSV and null in JSON and Parquet; lists
/// of flags and overrides are never missing, but can be empty texts. Text stays as it is in the
/// input, also where a spreadsheet would take it for a formula.
///
/// Parquet types: text UTF-8, counts `Int64`, numbers `Float64`, history `Decimal128(38, scale)`,
/// days `Date32`.
///
/// # Errors
/// Unknown or repeated columns, unknown customers, numbers that are not finite (before their piece
/// is written), and failures of `out`.
///
/// ```
/// # use clvcast::{ledger::*, panel::*, progress::Silent, report::*, units::*, value::*};
/// # use clvcast::{fit::FittedModel, forecast::{forecast, ForecastOptions}};
/// # let row = |month, amount| Row { customer: 0, day: Day::from_ymd(2017, month, 1).unwrap(),
/// #     order: None, amount: Some(amount), cost: 0, expense: 0 };
/// # let ledger = Ledger { customers: ["ada".into()].into(), segments: None, segment_changes: vec![],
/// #     rows: vec![row(1, 40), row(7, 60)].into(), scale: Scale::new(0).unwrap(),
/// #     columns: Columns { amount: Some("amount".into()), ..Columns::default() },
/// #     audit: Audit::default() };
/// # use clvcast::ledger::Columns;
/// # let options = PanelOptions { period: Period::Quarter, as_of: Day::from_ymd(2017, 12, 31),
/// #     clock: Clock::FirstPurchase, zero_orders: ZeroOrders::Drop };
/// # let panel = Panel::build(&ledger, &options, &Silent).unwrap();
/// # let model = FittedModel::from_json(r#"{"format": "clvcast-model", "version": 1,
/// #   "period": "quarter", "frequency": {"model": "nbd", "a": 1.84, "b": 2.67},
/// #   "monetary": {"model": "gamma-gamma", "p": 8.57, "q": 1.53, "k": 3224.15},
/// #   "states": {"max_frequency": 3, "amount_edges": [0.01, 1000], "max_amount": 10000}}"#).unwrap();
/// # let purchases = forecast(&panel, &model, &ForecastOptions::default());
/// # let forecast = evaluate(&panel, &model, &purchases, 3, &MoneyRules::default());
/// let columns = Some(["customer", "period_1", "margin_1", "past_amount"].map(String::from).to_vec());
/// let options = WriteOptions { columns, ..WriteOptions::default() };
/// let mut out = Vec::new();
/// write_forecast(&panel, &forecast, &options, Format::Csv, &mut out)?;
/// let text = String::from_utf8(out).unwrap();
/// assert_eq!(text, "customer,period_1,margin_1,past_amount\nada,2018-Q1,,100\n");
/// # Ok::<(), ReportError>(())
/// ```
pub fn write_forecast(
    panel: &Panel,
    forecast: &Forecast,
    options: &WriteOptions,
    format: Format,
    out: impl Write + Send,
) -> Result<(), ReportError> {
    write_forecast_with(panel, forecast, options, format, out, &Silent)
}

/// [`write_forecast`] that tells how far it is, in customers.
///
/// # Errors
/// As there.
pub(crate) fn write_forecast_with(
    panel: &Panel,
    forecast: &Forecast,
    options: &WriteOptions,
    format: Format,
    out: impl Write + Send,
    progress: &dyn Progress,
) -> Result<(), ReportError> {
    let (columns, customers) = selection(panel, forecast, options)?;
    let source = Source::new(panel, forecast, (&columns, &customers), options, progress);
    match format {
        Format::Csv => csv_out::write(&source, out),
        Format::Json => json_out::write(&source, out),
        Format::Parquet => parquet_out::write(&source, out),
    }
}

/// The forecast as Arrow record batches: the columns and the rows that [`write_forecast`] writes,
/// with the types of Parquet files. Progress is in customers.
///
/// # Errors
/// Unknown or repeated columns, unknown customers, numbers that are not finite.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, report::*, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// let (schema, batches) = forecast_batches(&panel, &forecast, &WriteOptions::default(), &Silent)?;
/// assert_eq!((schema.field(0).name().as_str(), batches[0].num_rows()), ("customer", 793));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn forecast_batches(
    panel: &Panel,
    forecast: &Forecast,
    options: &WriteOptions,
    progress: &dyn Progress,
) -> Result<(SchemaRef, Vec<RecordBatch>), ReportError> {
    let (columns, customers) = selection(panel, forecast, options)?;
    arrow_out::batches(&Source::new(panel, forecast, (&columns, &customers), options, progress))
}

/// The quantiles that add columns.
fn quantiles(options: &WriteOptions) -> Option<&Intervals> {
    options.quantiles.as_deref().filter(|quantiles| quantiles.has_customers())
}

/// The columns and the customers that are asked for.
fn selection(
    panel: &Panel,
    forecast: &Forecast,
    options: &WriteOptions,
) -> Result<(Columns, Vec<usize>), ReportError> {
    let all = Columns::new(options.layout, forecast.labels.len(), panel.segments.is_some());
    let all = match quantiles(options) {
        Some(quantiles) => all.with_quantiles(&quantiles.levels),
        None => all,
    };
    let all = all.with_labels(options.labels.iter().map(|grouping| grouping.column.as_str()));
    let columns = match &options.columns {
        Some(names) => all.select(names)?,
        None => all,
    };
    let customers = match &options.customers {
        Some(chosen) => {
            let mut chosen = chosen.clone();
            chosen.sort_unstable();
            chosen.dedup();
            chosen
        }
        None => (0..panel.customers.len()).collect(),
    };
    Ok((columns, customers))
}

/// A forecast to be written.
pub(super) struct Source<'a> {
    panel: &'a Panel,
    forecast: &'a Forecast,
    pub(super) columns: &'a Columns,
    pub(super) customers: &'a [usize],
    beside: Beside<'a>,
    pub(super) progress: &'a dyn Progress,
}

impl<'a> Source<'a> {
    /// Of the selection that the options ask for.
    fn new(
        panel: &'a Panel,
        forecast: &'a Forecast,
        (columns, customers): (&'a Columns, &'a [usize]),
        options: &'a WriteOptions,
        progress: &'a dyn Progress,
    ) -> Self {
        progress.start("writing", Some(customers.len() as u64));
        let beside = Beside { intervals: quantiles(options), labels: &options.labels };
        Self { panel, forecast, columns, customers, beside, progress }
    }

    /// The rows of some customers.
    pub(super) fn rows<'b>(&self, customers: &'b [usize]) -> Result<Rows<'a, 'b>, ReportError>
    where
        'a: 'b,
    {
        Rows::new(self.panel, self.forecast, self.columns, customers, self.beside)
    }

    /// Decimal places of all money.
    pub(super) const fn scale(&self) -> Scale {
        self.panel.scale
    }

    /// Writes the text that `make` appends for the frame of each slice of customers; it is told
    /// which slice is the first. One piece is made, by all threads, while the one before is
    /// written.
    pub(super) fn write_text(
        &self,
        out: &mut (impl Write + Send),
        make: impl Fn(&Frame<'_>, bool, &mut Vec<u8>) + Sync,
    ) -> Result<(), ReportError> {
        // Texts are of two pieces in turn, and keep their memory.
        let (mut made, mut next) = (Vec::new(), Vec::new());
        let pieces = self.customers.chunks(PIECE).map(Some).chain([None]);
        for (at, piece) in pieces.enumerate() {
            let write = || made.iter().try_for_each(|text: &Vec<u8>| out.write_all(text));
            let make = || -> Result<(), ReportError> {
                let slices = piece.unwrap_or_default();
                next.resize_with(slices.len().div_ceil(SLICE), Vec::new);
                let slices = slices.par_chunks(SLICE).zip(next.par_iter_mut()).enumerate();
                let results: Vec<Result<(), ReportError>> = slices
                    .map(|(slice, (customers, text))| {
                        text.clear();
                        make(&self.rows(customers)?.frame()?, at + slice == 0, text);
                        Ok(())
                    })
                    .collect();
                // The first failure by customer, whichever thread met one first.
                results.into_iter().collect()
            };
            let (written, results) = rayon::join(write, make);
            written?;
            if at > 0 {
                let before = &self.customers[(at - 1) * PIECE..];
                self.progress.advance(before.len().min(PIECE) as u64);
            }
            results?;
            std::mem::swap(&mut made, &mut next);
        }
        Ok(())
    }
}

/// Customers of which the text is in memory at a time, twice.
const PIECE: usize = 65_536;

/// Customers whose text one thread makes at a time: enough to outweigh the hand-over, few enough
/// to share a piece among many threads and to keep their columns near the processor: some fifty of
/// 16 bytes a number, 0.4 MB.
const SLICE: usize = 512;
