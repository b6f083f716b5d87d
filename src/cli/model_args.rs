//! How models are fitted: what concerns one model, and what all models of a comparison share.

use std::path::PathBuf;

use clap::Args;

use super::choices::{DependenceOption, FrequencyOption, SeasonOption, SpendChoice, TrendOption};

/// How models are fitted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Model")]
pub(super) struct ModelArgs {
    /// Frequency model: pdo or pareto-nbd where customers leave without saying so [default: nbd;
    /// a forecast without `--method` compares all]
    #[arg(long, value_enum)]
    pub(super) frequency: Option<FrequencyOption>,
    /// What comes back every year in purchasing; needs two years of history [default: none]
    #[arg(long, value_enum)]
    pub(super) season: Option<SeasonOption>,
    /// Whether existing customers buy more, or less, every year; damped where the horizon is long
    /// [default: none]
    #[arg(long, value_enum)]
    pub(super) trend: Option<TrendOption>,
    #[command(flatten)]
    pub(super) every: EveryFitArgs,
    /// Edges of the value bands, the last one the largest value, e.g. 0.01,1000,499999
    #[arg(long, value_name = "EDGES", value_delimiter = ',', allow_negative_numbers = true)]
    pub(super) bands: Option<Vec<f64>>,
    /// Largest number of purchases per period in the states
    #[arg(long, value_name = "N")]
    pub(super) max_frequency: Option<u32>,
}

/// What every fit can take, whichever the model.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Model")]
pub(super) struct EveryFitArgs {
    /// Customers of a pdo may leave every so many days [default: 7d]
    #[arg(long, value_name = "Nd")]
    pub(super) tau: Option<String>,
    /// With a damped trend: share of its slope that is left after each coming period [default: 0.9]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(super) damping: Option<f64>,
    /// CSV of known factors on purchasing, past or planned, such as campaigns: period, factor;
    /// with `--model` planned ones
    #[arg(long, value_name = "FILE")]
    pub(super) calendar: Option<PathBuf>,
    /// Holds parameters together where data are few: a normal prior of this precision on each
    /// scaled log-parameter [default: none]
    #[arg(long, value_name = "L", allow_negative_numbers = true)]
    pub(super) penalty: Option<f64>,
    /// What comes back every year in purchase values [default: none]
    #[arg(long, value_enum)]
    pub(super) value_season: Option<SeasonOption>,
    /// Whether purchase values rise, or fall, every year [default: none]
    #[arg(long, value_enum)]
    pub(super) value_trend: Option<TrendOption>,
    /// Whether values may differ between rare and frequent buyers: regression when their
    /// correlation is material [default: none]
    #[arg(long, value_enum)]
    pub(super) dependence: Option<DependenceOption>,
    /// What the Gamma-Gamma law is fitted to: repeat-mean for the form of the literature [default:
    /// period]
    #[arg(long, value_enum)]
    pub(super) spend: Option<SpendChoice>,
}
