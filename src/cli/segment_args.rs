//! The options of groups of customers, and those of `clvcast segment`.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use super::args::PipelineArgs;
use super::choices::{FormatChoice, SpentChoice};
use super::status::Usage;
use crate::panel::Panel;
use crate::segment::{
    Attributes, Cutting, Dormancy, Layers, RfmOptions, ScoreTable, SegmentOptions,
};

/// How customers are grouped.
#[derive(Debug, Args)]
#[command(next_help_heading = "Segments")]
pub(super) struct GroupArgs {
    /// RFM classes of about the same size, for all axes or for recency, frequency and monetary
    /// value, such as 5 or 5,3,3 [default: 5]
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub(super) classes: Option<Vec<u32>>,
    /// Where recency classes end, days since the last purchase, such as 30,90,365; in place of
    /// classes of the same size
    #[arg(long, value_name = "DAYS", value_delimiter = ',', allow_negative_numbers = true)]
    pub(super) recency_cuts: Option<Vec<f64>>,
    /// Where frequency classes end, purchases, such as 1,3,10
    #[arg(long, value_name = "COUNTS", value_delimiter = ',', allow_negative_numbers = true)]
    pub(super) frequency_cuts: Option<Vec<f64>>,
    /// Where monetary classes end, money, such as 100,500,2000
    #[arg(long, value_name = "AMOUNTS", value_delimiter = ',', allow_negative_numbers = true)]
    pub(super) monetary_cuts: Option<Vec<f64>>,
    /// Monetary value: mean, where frequent customers should not be valuable for that alone
    #[arg(long, value_enum, default_value_t = SpentChoice::Total)]
    pub(super) monetary: SpentChoice,
    /// Value layers A, B, … by shares of the customers, the most valuable first; the rest are the
    /// last layer [default: 0.01,0.04,0.15]
    #[arg(long, value_name = "SHARES", value_delimiter = ',', allow_negative_numbers = true)]
    pub(super) layers: Option<Vec<f64>>,
    /// Value layers by forecast gross profit instead: where a higher layer begins, such as
    /// 0,200,1000
    #[arg(
        long,
        value_name = "AMOUNTS",
        value_delimiter = ',',
        allow_negative_numbers = true,
        conflicts_with = "layers"
    )]
    pub(super) layer_cuts: Option<Vec<f64>>,
    /// Periods without a purchase from which on customers are dozing, half-asleep and asleep
    /// [default: a quarter, half a year and a year]
    #[arg(long, value_name = "PERIODS", value_delimiter = ',', allow_negative_numbers = true)]
    pub(super) dormancy: Option<Vec<f64>>,
    /// Dormancy by P(active in the next period) instead, which knows how often each customer used
    /// to buy: below which customers are asleep, half-asleep and dozing, such as 0.1,0.25,0.5
    #[arg(
        long,
        value_name = "SHARES",
        value_delimiter = ',',
        allow_negative_numbers = true,
        conflicts_with = "dormancy"
    )]
    pub(super) dormancy_p: Option<Vec<f64>>,
    /// A forecast profit below this share of the average customer's is near zero
    #[arg(long, value_name = "SHARE", default_value_t = crate::segment::NEAR_ZERO, allow_negative_numbers = true)]
    pub(super) near_zero: f64,
    /// CSV of points for a value score: item (amount, opportunities, suggestions, demand), from,
    /// points
    #[arg(long, value_name = "FILE")]
    pub(super) score: Option<PathBuf>,
    /// CSV of what is known beside transactions: customer and any of opportunities, suggestions,
    /// acquisition_cost, loyalty, volume, stage
    #[arg(long, value_name = "FILE")]
    pub(super) attributes: Option<PathBuf>,
}

impl GroupArgs {
    /// The options, checked as far as no data are needed.
    pub(super) fn options(&self) -> Result<SegmentOptions> {
        let usage = |error: crate::segment::SegmentError| Usage(error.to_string());
        let classes = match self.classes.as_deref().unwrap_or(&[5]) {
            [all] => [*all; 3],
            [r, f, m] => [*r, *f, *m],
            other => {
                let found = other.len();
                let text = format!(
                    "`--classes`: found {found} numbers, expected one for all axes or three, for recency, frequency and monetary value"
                );
                return Err(Usage(text).into());
            }
        };
        let cutting = |cuts: &Option<Vec<f64>>, classes| match cuts {
            Some(cuts) => Cutting::Cuts(cuts.clone()),
            None => Cutting::Classes(classes),
        };
        let dormancy = match (&self.dormancy, &self.dormancy_p) {
            (Some(periods), _) => Some(Dormancy::given(periods, false).map_err(usage)?),
            (None, Some(shares)) => Some(Dormancy::given(shares, true).map_err(usage)?),
            (None, None) => None,
        };
        let score = self.score.as_deref().map(|path| {
            ScoreTable::read(open("score table", path)?)
                .with_context(|| format!("in `{}`", path.display()))
        });
        let options = SegmentOptions {
            rfm: RfmOptions {
                cuttings: [
                    cutting(&self.recency_cuts, classes[0]),
                    cutting(&self.frequency_cuts, classes[1]),
                    cutting(&self.monetary_cuts, classes[2]),
                ],
                spent: self.monetary.into(),
            },
            layers: match (&self.layers, &self.layer_cuts) {
                (_, Some(cuts)) => Layers::Cuts(cuts.clone()),
                (Some(shares), None) => Layers::Shares(shares.clone()),
                (None, None) => Layers::default(),
            },
            dormancy,
            near_zero: self.near_zero,
            score: score.transpose()?,
        };
        options.check().map_err(usage)?;
        Ok(options)
    }

    /// What is known of the customers of a panel beside their transactions.
    pub(super) fn attributes(&self, panel: &Panel) -> Result<Option<Attributes>> {
        let Some(path) = &self.attributes else { return Ok(None) };
        let read = Attributes::read(open("attributes", path)?, panel);
        Ok(Some(read.with_context(|| format!("in `{}`", path.display()))?))
    }

    /// The files that are read, with what they are.
    pub(super) fn inputs(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let files = [
            ("the score table", self.score.as_deref()),
            ("the attributes file", self.attributes.as_deref()),
        ];
        files.into_iter().filter_map(|(role, path)| Some((role, path?)))
    }
}

fn open(role: &str, path: &Path) -> Result<File> {
    let shown = path.display();
    File::open(path).with_context(|| format!("the {role} file `{shown}` cannot be read"))
}

#[derive(Debug, Args)]
pub(super) struct SegmentArgs {
    #[command(flatten)]
    pub(super) pipeline: PipelineArgs,
    #[command(flatten)]
    pub(super) groups: GroupArgs,
    /// Write every customer's forecast with its labels here; .csv, .json or .parquet decides the
    /// format, and a manifest is written beside it
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Format, in place of the extension's
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) format: Option<FormatChoice>,
    /// Only these columns, in this order
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Output")]
    pub(super) columns: Option<Vec<String>>,
    /// Write the groups here: .csv for one row each, .json for everything that is printed
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) groups_out: Option<PathBuf>,
}
