//! What can be typed. Every option says when to use it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use super::backtest_args::BacktestArgs;
use super::choices::{
    AcquisitionChoice, ClockChoice, DuplicateChoice, FormatChoice, FrequencyChoice, LayoutChoice,
    MarginRuleChoice, MethodChoice, RefundChoice, ReportFormatChoice, TextFormatChoice,
    ZeroOrderChoice,
};
use super::intervals::IntervalArgs;
use super::model_args::ModelArgs;
use super::report_args::ReportArgs;
use super::run_args::RunArgs;
use super::segment_args::SegmentArgs;

/// Forecasts every customer's purchases, margin, expense and CRM gross profit for the next periods,
/// from a log of transactions.
#[derive(Debug, Parser)]
#[command(name = "clvcast", version, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 done; 1 the data or the request cannot be served; 2 the arguments are wrong."
)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Fit if needed, then forecast every customer's gross profit
    Forecast(ForecastArgs),
    /// Estimate a model, with standard errors and diagnostics
    Fit(FitArgs),
    /// Score every model, calendar and method on periods that are held back
    Backtest(Box<BacktestArgs>),
    /// Print the transition tables of a model
    Transitions(TransitionsArgs),
    /// Say what a file holds, and what would be left out and why
    Inspect(InspectArgs),
    /// Write a synthetic ledger with known parameters
    Simulate(SimulateArgs),
    /// Show every number of one customer's row: formula, inputs, result
    Explain(ExplainArgs),
    /// Score an issued forecast against later transactions, or explain its change to a new one
    #[command(
        long_about = "Scores an issued forecast against later transactions, or explains its change to a new one.\n\n\
                      OLD is a file that `clvcast forecast -o FILE` wrote, with FILE.run.json beside it. Name later \
                      transactions when a forecast period is over, to see how wrong the forecast was, for whom, and \
                      whether its history still holds. Name a newer forecast file, manifest beside it, to see why \
                      the totals moved: customers who left and came, new data, method, parameters, money rules."
    )]
    Compare(CompareArgs),
    /// The same forecast as a workbook for finance, or as a page for everybody
    #[command(
        long_about = "Writes the same forecast as `clvcast forecast` as a workbook or as a page.\n\n\
                      A workbook (.xlsx) has live formulas: change a margin or an expense, and profit, totals and \
                      segments follow; `--overrides report.xlsx` takes the changed cells into the next forecast. A \
                      page (.html) is one file that needs no network: headline, value layers, segments, migration, \
                      customers to look at, model fit, backtest, data quality, method."
    )]
    Report(Box<ReportArgs>),
    /// Group customers: RFM cells, value layers, dormancy, and what each group will bring
    #[command(
        long_about = "Groups customers by their history and their forecast: RFM classes and eight named cells, value \
                      layers, customers around zero, dormancy; loyalty, ladder and value score where a file gives \
                      what they need. Prints every group with its history, its forecast and its share, where groups \
                      moved and where their customers are expected. `-o FILE` writes every customer's forecast \
                      with its labels, `--groups-out FILE` the groups."
    )]
    Segment(Box<SegmentArgs>),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
}

/// Where transactions come from and what their columns are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct InputArgs {
    /// CSV or Parquet files, globs, directories of Parquet parts, `-` for standard input; .gz and
    /// .zst are unpacked
    #[arg(required = true, value_name = "TRANSACTIONS")]
    pub(super) transactions: Vec<String>,
    /// Column of the customer id; found by its usual names otherwise
    #[arg(long, value_name = "COLUMN")]
    pub(super) customer: Option<String>,
    /// Column of the transaction date
    #[arg(long, value_name = "COLUMN")]
    pub(super) date: Option<String>,
    /// Column of the net amount; `none` forecasts purchases only
    #[arg(long, value_name = "COLUMN|none")]
    pub(super) amount: Option<String>,
    /// Column of the product cost
    #[arg(long, value_name = "COLUMN|none")]
    pub(super) cost: Option<String>,
    /// Column of the relationship-marketing expense
    #[arg(long, value_name = "COLUMN|none")]
    pub(super) expense: Option<String>,
    /// Column of the order id: one purchase per order instead of one per day
    #[arg(long, value_name = "COLUMN|none")]
    pub(super) order: Option<String>,
    /// Column of the customer's segment
    #[arg(long, value_name = "COLUMN|none")]
    pub(super) segment: Option<String>,
    /// Date format, such as %d/%m/%Y, where it cannot be found from the data
    #[arg(long, value_name = "STRPTIME")]
    pub(super) date_format: Option<String>,
    /// Field delimiter, where it cannot be found from the header; `tab` for a tab
    #[arg(long, value_name = "CHAR")]
    pub(super) delimiter: Option<String>,
    /// Negative amounts: drop them when refunds are booked elsewhere
    #[arg(long, value_enum, default_value_t = RefundChoice::Net)]
    pub(super) refunds: RefundChoice,
    /// Orders of exactly zero: count them to reproduce published figures
    #[arg(long, value_enum, default_value_t = ZeroOrderChoice::Drop)]
    pub(super) zero_orders: ZeroOrderChoice,
    /// Rows that repeat another one in every column
    #[arg(long, value_enum, default_value_t = DuplicateChoice::Keep)]
    pub(super) duplicates: DuplicateChoice,
    /// Currency, for labels only
    #[arg(long, value_name = "CODE")]
    pub(super) currency: Option<String>,
    /// Leave rows out that cannot be read, and count them, instead of refusing the input
    #[arg(long)]
    pub(super) lenient: bool,
    /// List the rows left out in this file; needs `--lenient`, which `inspect` always is
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
}

/// How time is cut.
#[derive(Debug, Args)]
#[command(next_help_heading = "Time")]
pub(super) struct TimeArgs {
    /// Length of a period: month, quarter, year, week, or days such as 7d counted back from the
    /// as-of date [default: the model's, else quarter]
    #[arg(long)]
    pub(super) period: Option<String>,
    /// Last day of the panel, YYYY-MM-DD [default: end of the last complete period in the data]
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// From when customers are observed: `panel` for a base known from elsewhere [default: the
    /// model's, else first-purchase]
    #[arg(long, value_enum)]
    pub(super) clock: Option<ClockChoice>,
    /// With the panel clock: number of customers known from elsewhere, buyers included
    #[arg(long, value_name = "N")]
    pub(super) base: Option<u64>,
}

/// How purchases and profit are forecast.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forecast")]
pub(super) struct RuleArgs {
    /// Use this fitted model: it supplies period, states and parameters
    #[arg(long, value_name = "FILE")]
    pub(super) model: Option<PathBuf>,
    /// Rule for purchases; point and chain are for nbd; auto compares models, calendars and rules
    /// on held-out periods [default: auto; with `--frequency` or `--model` chain for nbd, else
    /// posterior]
    #[arg(long, value_enum)]
    pub(super) method: Option<MethodChoice>,
    /// Number of periods to forecast, 1 to 366
    #[arg(long, default_value_t = 3, value_name = "H", value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(super) horizon: u32,
    /// The acquiring day in the chain: drop it, as it says nothing about the rate
    #[arg(long, value_enum, default_value_t = AcquisitionChoice::Drop)]
    pub(super) acquisition: AcquisitionChoice,
    /// One gross margin for all, e.g. 0.35, where the ledger has no cost
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(super) margin: Option<f64>,
    /// One expense rate for all, e.g. 0.05, where the ledger has no expense
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(super) expense_rate: Option<f64>,
    /// Margin that is carried forward: pooled when single periods are odd
    #[arg(long, value_enum, default_value_t = MarginRuleChoice::Last)]
    pub(super) margin_rule: MarginRuleChoice,
    /// Discount rate per period for the totals over the horizon
    #[arg(long, value_name = "D", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(super) discount: f64,
    /// Decided margins and expenses: a CSV with customer, segment, period, field, op, value, or a workbook
    /// of `clvcast report` (.xlsx) whose changed cells are taken
    #[arg(long, value_name = "FILE")]
    pub(super) overrides: Option<PathBuf>,
}

/// Everything that decides the numbers of a forecast.
#[derive(Debug, Args)]
pub(super) struct PipelineArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) time: TimeArgs,
    #[command(flatten)]
    pub(super) model: ModelArgs,
    #[command(flatten)]
    pub(super) rules: RuleArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
}

#[derive(Debug, Args)]
pub(super) struct ForecastArgs {
    #[command(flatten)]
    pub(super) pipeline: PipelineArgs,
    /// Write the forecast here; .csv, .json or .parquet decides the format, and a manifest is
    /// written beside it
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Also write the model that was fitted or chosen, to score with `--model` later
    #[arg(long, value_name = "FILE", help_heading = "Output", conflicts_with = "model")]
    pub(super) save_model: Option<PathBuf>,
    /// Format, in place of the extension's
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) format: Option<FormatChoice>,
    /// One row per customer, or one per customer and period
    #[arg(long, value_enum, default_value_t = LayoutChoice::Wide, help_heading = "Output")]
    pub(super) layout: LayoutChoice,
    /// Only these columns, in this order
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Output")]
    pub(super) columns: Option<Vec<String>>,
    /// Only the customers listed in this file, one id a line
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) customers: Option<PathBuf>,
    /// Write pictures of the model and the forecast into this folder, as SVG and PNG, with the data
    /// behind each as CSV
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) plots: Option<PathBuf>,
    #[command(flatten)]
    pub(super) intervals: IntervalArgs,
}

#[derive(Debug, Args)]
pub(super) struct FitArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) time: TimeArgs,
    #[command(flatten)]
    pub(super) model: ModelArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Write the model here, as JSON; without it `--format json` writes it to standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Write pictures of the model against the data into this folder, as SVG and PNG, with the
    /// data behind each as CSV
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) plots: Option<PathBuf>,
    /// `table` prints the estimates, `json` the model file
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) format: Option<TextFormatChoice>,
}

#[derive(Debug, Args)]
pub(super) struct TransitionsArgs {
    /// The model
    #[arg(long, value_name = "FILE")]
    pub(super) model: PathBuf,
    /// Other value bands than the model's; the last edge is the largest value
    #[arg(long, value_name = "EDGES", value_delimiter = ',', allow_negative_numbers = true)]
    pub(super) bands: Option<Vec<f64>>,
    /// Another largest count than the model's
    #[arg(long, value_name = "N")]
    pub(super) max_frequency: Option<u32>,
    /// `table` or `json`
    #[arg(long, value_enum)]
    pub(super) format: Option<TextFormatChoice>,
    /// Write here instead of to standard output; .json decides the format
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) time: TimeArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// `table` or `json`
    #[arg(long, value_enum, default_value_t = TextFormatChoice::Table, help_heading = "Output")]
    pub(super) format: TextFormatChoice,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    pub(super) pipeline: PipelineArgs,
    /// The customer
    #[arg(long, value_name = "ID", help_heading = "Output")]
    pub(super) customer_id: String,
    /// `table` or `json`
    #[arg(long, value_enum, default_value_t = TextFormatChoice::Table, help_heading = "Output")]
    pub(super) format: TextFormatChoice,
}

#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// Number of customers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) customers: u32,
    /// Seed of the random numbers: the same seed gives the same ledger
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(super) seed: u64,
    /// Parameters and period from this model; otherwise quarters, the purchase rates of the
    /// published example and values like CDNOW's
    #[arg(long, value_name = "FILE")]
    pub(super) model: Option<PathBuf>,
    /// Length of a period: month, quarter, year, week or days such as 7d [default: the model's]
    #[arg(long)]
    pub(super) period: Option<String>,
    /// Number of periods
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) periods: u32,
    /// Customers are acquired during the first so many periods [default: a third of the periods]
    #[arg(long, value_name = "N")]
    pub(super) acquisition_periods: Option<u32>,
    /// Last day, YYYY-MM-DD; the end of a period
    #[arg(long, value_name = "DATE", default_value = "2023-12-31")]
    pub(super) last_day: String,
    /// Customers leave by this model, as readily as CDNOW's did
    #[arg(long, value_enum, value_name = "MODEL", conflicts_with = "model")]
    pub(super) frequency: Option<FrequencyChoice>,
    /// Quarters of the year differ: 0.5, 1, 1 and 1.5 times the mean, the fourth three times the
    /// first
    #[arg(long, conflicts_with = "model")]
    pub(super) seasonal: bool,
    /// Purchase rates change by this share every year, such as 0.2
    #[arg(long, value_name = "SHARE", conflicts_with = "model", allow_negative_numbers = true)]
    pub(super) growth: Option<f64>,
    /// Same purchase rate for all customers: no over-dispersion
    #[arg(long)]
    pub(super) equal_rates: bool,
    /// Mean gross margin; adds a cost column
    #[arg(long, value_name = "SHARE")]
    pub(super) margin: Option<f64>,
    /// Expense per amount; adds an expense column
    #[arg(long, value_name = "SHARE")]
    pub(super) expense_rate: Option<f64>,
    /// Add a segment column
    #[arg(long)]
    pub(super) segments: bool,
    /// Write the ledger here, and the true parameters and rates to FILE.truth.json
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(mut_arg("transactions", |arg| arg.value_name("NEW|TRANSACTIONS").help(
    "A newer forecast file with its manifest beside it, for the bridge; or transactions, in any form \
     that `forecast` reads, for the errors. Options of reading that are not given are those of OLD's run"
)))]
pub(super) struct CompareArgs {
    /// The issued forecast: .csv, .json or .parquet, with its manifest beside it
    #[arg(value_name = "OLD")]
    pub(super) old: PathBuf,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Transactions are complete up to this day, YYYY-MM-DD, where silence at the end is real
    /// [default: last day in the data]
    #[arg(long, value_name = "DATE", help_heading = "Time")]
    pub(super) as_of: Option<String>,
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Write here instead of to standard output; .csv, .json or .txt decides the format
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// `table` for people; `json` has everything, `csv` the lines of the score or of the bridge
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) format: Option<ReportFormatChoice>,
    /// With transactions: a CSV of every customer's actual, forecast and difference by period, to
    /// look for whom the forecast missed
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) customers_out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Folder for the pages
    #[arg(default_value = ".")]
    pub(super) folder: PathBuf,
}
