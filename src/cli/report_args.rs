//! The options of `clvcast report`.

use std::path::PathBuf;

use clap::Args;

use super::args::PipelineArgs;
use super::choices::LangChoice;
use super::intervals::IntervalArgs;
use super::segment_args::GroupArgs;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    pub(super) pipeline: PipelineArgs,
    /// Write the report here; .xlsx is a workbook, .html a page
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: PathBuf,
    /// Language of labels and text
    #[arg(long, value_enum, default_value_t = LangChoice::En, help_heading = "Output")]
    pub(super) lang: LangChoice,
    /// Only so many customers get a row of their own, the most valuable ones; the others are summed
    /// in one row [default: all in a workbook, 1000 in a page]
    #[arg(long, value_name = "N", help_heading = "Output", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) top: Option<u32>,
    #[command(flatten)]
    pub(super) groups: GroupArgs,
    #[command(flatten)]
    pub(super) intervals: IntervalArgs,
}
