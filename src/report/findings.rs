//! What a workbook and a page are made from.

use super::{Lang, Manifest, Summary};
use crate::evaluate::Backtest;
use crate::segment::Segmentation;

/// A finished run, its segments and how its model did before.
#[derive(Debug, Clone, Copy)]
pub struct Findings<'a> {
    /// The run: ledger, panel, model, forecast, intervals, totals, warnings.
    pub summary: Summary<'a>,
    /// What an auditor asks for.
    pub manifest: &'a Manifest,
    /// Customers in groups.
    pub segmentation: &'a Segmentation,
    /// The models of the run on held-out periods, or why there is no backtest.
    pub backtest: Result<&'a Backtest, &'a str>,
    /// Language.
    pub lang: Lang,
    /// Customers that get a row of their own, the most valuable ones; `None` for all. The others
    /// are summed in one row.
    pub top: Option<usize>,
}
