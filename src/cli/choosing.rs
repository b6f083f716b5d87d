//! From arguments to a choice among models, calendars and methods.

use anyhow::Result;

use super::args::{InputArgs, PipelineArgs};
use super::choices::{FrequencyChoice, SeasonOption};
use super::fitting;
use super::status::Usage;
use super::work::Work;
use crate::evaluate::choose::Chooser;
use crate::evaluate::{Contest, Recipe, TrialOptions};
use crate::fit::{FrequencyKind, SeasonChoice, TrendChoice};
use crate::forecast::{Member, Method};
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions};

/// Whether the run compares models: where it is asked for, and where neither model nor method is.
pub(super) fn is_wanted(args: &PipelineArgs) -> Result<bool> {
    let method = args.rules.method.map(Option::<Method>::from);
    let frequency = args.model.frequency.map(Option::<FrequencyChoice>::from);
    let asked = method == Some(None) || frequency == Some(None);
    if args.rules.model.is_some() {
        if asked {
            let text = "`--model` leaves nothing to choose: leave out `auto`, or leave out the model to compare all of them";
            return Err(Usage(text.to_owned()).into());
        }
        return Ok(false);
    }
    if method == Some(Some(Method::Point)) && asked {
        let text = "`--method point` gives scores, which cannot be compared with purchases: name a frequency model";
        return Err(Usage(text.to_owned()).into());
    }
    Ok(asked || (method.is_none() && frequency.is_none()))
}

/// What is compared: everything that the arguments leave open.
fn contest(args: &PipelineArgs) -> Result<(Contest, Option<SeasonChoice>, Option<TrendChoice>)> {
    let model = &args.model;
    let named = model.frequency.and_then(Option::<FrequencyChoice>::from);
    let season = model.season.filter(|season| *season != SeasonOption::Auto);
    let trend = model.trend.map(TrendChoice::from).filter(|trend| *trend != TrendChoice::Auto);
    let season = season.map(SeasonChoice::from);
    let frequency = named.map(|_| fitting::kind(model)).transpose()?;
    let method = args.rules.method.and_then(Option::<Method>::from);
    let contest = Contest::with_tau(fitting::tau(model)?).given(frequency, method, season, trend);
    Ok((contest, season, trend))
}

/// Compares, and fits what was chosen to the whole history; the member with the largest weight
/// comes first and carries the record of the choice.
pub(super) fn chosen(
    args: &PipelineArgs,
    ledger: &Ledger,
    panel: &Panel,
    work: &Work,
) -> Result<(Vec<Member>, Recipe)> {
    let (contest, season, trend) = contest(args)?;
    let trial = TrialOptions {
        season,
        trend,
        fit: fitting::options(panel, &args.model, FrequencyKind::Nbd, args.time.base)?,
        horizon: args.rules.horizon,
        acquisition: args.rules.acquisition.into(),
        ..TrialOptions::default()
    };
    let options = panel_options(panel, &args.input);
    let _stage = work.stage("comparing");
    let chooser = Chooser { contest, trial, customers: Chooser::CUSTOMERS };
    let recipe = Recipe::chosen(ledger, panel, &options, chooser)?;
    let _stage = work.stage("fitting");
    let members = recipe.fit(panel)?;
    work.did(|stage| stage.customers = Some(panel.customers.len() as u64));
    Ok((members, recipe))
}

/// The options that made a panel.
pub(super) fn panel_options(panel: &Panel, input: &InputArgs) -> PanelOptions {
    PanelOptions {
        period: panel.grid.period(),
        as_of: Some(panel.grid.as_of()),
        clock: panel.clock,
        zero_orders: input.zero_orders.into(),
    }
}
