//! `--quantiles` and what belongs to it.

use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;

use super::args::PipelineArgs;
use super::choosing;
use super::pipeline::Run;
use super::status::Usage;
use super::work::Work;
use crate::evaluate::recalibration;
use crate::forecast::Method;
use crate::panel::Panel;
use crate::predict::{Intervals, PredictOptions, Predictor, Recalibration, Uncertainty, bootstrap};
use crate::progress::Progress;

/// How certain the forecast is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Intervals")]
pub(super) struct IntervalArgs {
    /// Quantiles of what may come, for each customer and for the totals: levels strictly between 0
    /// and 1; from 20,000 customers on, those with the same history share their futures
    /// [default without levels: 0.05,0.5,0.95]
    #[arg(
        long,
        value_name = "LEVELS",
        num_args = 0..=1,
        default_missing_value = "0.05,0.5,0.95",
        allow_negative_numbers = true,
        value_parser = levels
    )]
    pub(super) quantiles: Option<Levels>,
    /// Seed of the random numbers of quantiles: the same seed gives the same ones [default: 1]
    #[arg(long, value_name = "S")]
    pub(super) seed: Option<u64>,
    /// Futures drawn of each customer, 100 to 100000 [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub(super) draws: Option<u32>,
    /// Parameters from fits to so many simulated histories, 20 or more, in place of the
    /// information of the fit: slow, and truer for small bases
    #[arg(long, value_name = "B", value_parser = clap::value_parser!(u32).range(20..=10_000))]
    pub(super) bootstrap: Option<u32>,
    /// Read the quantiles of customers at the levels that held on the last periods of the history,
    /// which are held out and forecast for it: where the model's own intervals prove too narrow
    #[arg(long, requires = "quantiles")]
    pub(super) recalibrate: bool,
}

/// Levels of quantiles, ascending.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Levels(pub(super) Vec<f64>);

/// Most levels of one run.
const MOST_LEVELS: usize = 20;

fn levels(text: &str) -> Result<Levels, String> {
    const EXAMPLE: &str = "expected levels strictly between 0 and 1, such as 0.05,0.5,0.95";
    let mut levels = Vec::new();
    for part in text.split(',').map(str::trim) {
        match part.parse::<f64>() {
            Ok(level) if level > 0.0 && level < 1.0 => levels.push(level),
            Ok(_) => return Err(format!("found {part}, {EXAMPLE}")),
            Err(_) => {
                return Err(format!(
                    "found `{part}`, {EXAMPLE}; a file after a bare `--quantiles` is taken for its levels: put the files first"
                ));
            }
        }
    }
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    if levels.len() > MOST_LEVELS {
        return Err(format!("found {} levels, expected at most {MOST_LEVELS}", levels.len()));
    }
    Ok(Levels(levels))
}

/// Customers up to which the totals get an interval without being asked: it takes a moment.
pub(super) const SMALL: usize = 20_000;

impl IntervalArgs {
    /// The first option given, if one was.
    fn asked(&self) -> Option<&'static str> {
        let given = [
            ("--quantiles", self.quantiles.is_some()),
            ("--bootstrap", self.bootstrap.is_some()),
            ("--draws", self.draws.is_some()),
            ("--seed", self.seed.is_some()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }

    /// Levels of the quantiles of customers; none where none are asked for.
    pub(super) fn levels(&self) -> &[f64] {
        self.quantiles.as_ref().map_or(&[], |levels| &levels.0)
    }

    /// The seed that draws use.
    pub(super) fn seed(&self) -> u64 {
        self.seed.unwrap_or(PredictOptions::default().seed)
    }

    /// How futures of so many customers are drawn, under the information of the fit.
    pub(super) fn drawing(&self, customers: usize) -> PredictOptions {
        let standard = PredictOptions::default();
        let draws = match (self.draws, self.asked()) {
            (Some(draws), _) => draws as usize,
            (None, Some(_)) => standard.draws,
            (None, None) => PredictOptions::unasked(customers),
        };
        PredictOptions { draws, seed: self.seed(), ..standard }
    }

    /// What can be known to be wrong before the work.
    pub(super) fn check(&self, method: Option<Method>, model_given: bool) -> Result<()> {
        if self.recalibrate && model_given {
            return Err(Usage(
                "`--recalibrate` fits the model again to a shorter history: leave it out with `--model`"
                    .to_owned(),
            )
            .into());
        }
        let checked = self.drawing(1).check_levels(self.levels());
        checked.map_err(|error| Usage(error.to_string()))?;
        match self.asked() {
            Some(option) if method == Some(Method::Point) => Err(Usage(format!(
                "`{option}`: the point method gives scores of potential, which are no expectation of anything and have no distribution; use `--method chain` or `--method posterior`"
            ))
            .into()),
            _ => Ok(()),
        }
    }

    /// The quantiles of a run, where they are asked for or cost next to nothing.
    pub(super) fn of(
        &self,
        run: &Run,
        args: &PipelineArgs,
        work: &Work,
    ) -> Result<Option<Arc<Intervals>>> {
        let small = run.panel.customers.len() <= SMALL;
        if run.options.method == Method::Point || !(small || self.asked().is_some()) {
            return Ok(None);
        }
        let _stage = work.stage("drawing futures");
        let parameters = match self.bootstrap {
            Some(_) if !run.members.is_empty() => {
                return Err(Usage(
                    "`--bootstrap` fits one model again, and an average of models was chosen: name a frequency model"
                        .to_owned(),
                )
                .into());
            }
            Some(replications) => {
                let fits = bootstrap(&run.panel, &run.model, replications as usize, self.seed())?;
                Uncertainty::Bootstrap(Arc::new(fits))
            }
            None => Uncertainty::Information,
        };
        let (panel, rules) = (&run.panel, &run.rules);
        let options = PredictOptions { parameters, ..self.drawing(panel.customers.len()) };
        let predictor = if run.members.is_empty() {
            Predictor::new(panel, &run.model, &run.options, rules, &options)?
        } else {
            Predictor::average(panel, &run.members, &run.options, rules, &options)?
        };
        let predictor = predictor.with_progress(work);
        let map = self.recalibrate.then(|| self.recalibration(run, args, work)).transpose()?;
        let customers = Some(panel.customers.len() as u64);
        // The same stage, now with its end in sight.
        work.start("drawing futures", customers);
        let intervals = match map {
            Some(map) => Intervals::recalibrated(&predictor, panel, self.levels(), map),
            None => Intervals::new(&predictor, panel, self.levels(), self.quantiles.is_some()),
        };
        work.did(|stage| stage.customers = customers);
        Ok(Some(Arc::new(intervals)))
    }

    /// How quantiles did on the last periods of the history.
    fn recalibration(&self, run: &Run, args: &PipelineArgs, work: &Work) -> Result<Recalibration> {
        let _stage = work.stage("holding out");
        let draws = PredictOptions { parameters: Uncertainty::Information, ..self.drawing(0) };
        let (panel, recipe) = (&run.panel, &run.recipe);
        let cut = choosing::panel_options(panel, &args.input);
        let refit = |origin: &Panel| recipe.fit(origin);
        let found =
            recalibration(&run.ledger, panel, &cut, &run.options, &run.rules, &draws, refit);
        found.context("`--recalibrate` holds out as many periods as are forecast")
    }
}
