//! What `clvcast backtest` takes.

use std::path::PathBuf;

use clap::Args;

use super::args::{InputArgs, TimeArgs};
use super::choices::{
    AcquisitionChoice, FrequencyOption, MarginRuleChoice, ReportFormatChoice, TrendOption,
};
use super::model_args::{EveryFitArgs, ModelArgs};
use super::run_args::RunArgs;

#[derive(Debug, Args)]
pub(super) struct BacktestArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) time: TimeArgs,
    /// Periods that are held back, and forecast from before them
    #[arg(long, default_value_t = 3, value_name = "H", help_heading = "Backtest", value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(super) holdout: u32,
    /// Past as-of dates: the one before the holdout, then one period earlier each
    #[arg(long, default_value_t = 1, value_name = "K", help_heading = "Backtest", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) origins: u32,
    /// Compare only these models, calendars and methods, such as nbd,pdo,none,season+trend,posterior;
    /// calendar `auto` is compared when it is named
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Backtest")]
    pub(super) only: Option<Vec<String>>,
    /// Share that the intervals of customers are meant to hold
    #[arg(
        long,
        default_value_t = 0.9,
        value_name = "SHARE",
        help_heading = "Backtest",
        allow_negative_numbers = true
    )]
    pub(super) level: f64,
    /// Futures drawn of each customer, for intervals of values and of totals
    #[arg(long, default_value_t = 200, value_name = "N", help_heading = "Backtest", value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub(super) draws: u32,
    /// Seed of all random numbers
    #[arg(long, default_value_t = 1, value_name = "S", help_heading = "Backtest")]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) every: EveryFitArgs,
    /// The acquiring day in the chain
    #[arg(long, value_enum, default_value_t = AcquisitionChoice::Drop, help_heading = "Model")]
    pub(super) acquisition: AcquisitionChoice,
    #[command(flatten)]
    pub(super) money: PastMoneyArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Write the scores here; .csv, .json or .txt decides the format
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Write pictures of the chosen candidate against what happened, and of all scores, into this
    /// folder, as SVG and PNG, with the data behind each as CSV
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) plots: Option<PathBuf>,
    /// `table`, `csv` or `json`, in place of the extension's
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) format: Option<ReportFormatChoice>,
}

/// What past purchases were worth.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forecast")]
pub(super) struct PastMoneyArgs {
    /// One gross margin for all, e.g. 0.35, where the ledger has no cost: of what is forecast, and of
    /// what happened
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(super) margin: Option<f64>,
    /// One expense rate for all, e.g. 0.05, where the ledger has no expense
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(super) expense_rate: Option<f64>,
    /// Margin that is carried forward
    #[arg(long, value_enum, default_value_t = MarginRuleChoice::Last)]
    pub(super) margin_rule: MarginRuleChoice,
}

impl BacktestArgs {
    /// The options of one fit: every damped trend can be asked for.
    pub(super) fn model(&self) -> ModelArgs {
        ModelArgs {
            frequency: Some(FrequencyOption::Pdo),
            season: None,
            trend: Some(TrendOption::Damped),
            every: self.every.clone(),
            bands: None,
            max_frequency: None,
        }
    }
}
