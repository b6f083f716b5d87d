//! From arguments to the options of a fit, and what they exclude.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::args::TimeArgs;
use super::choices::{FrequencyChoice, FrequencyOption, TrendOption};
use super::data;
use super::model_args::ModelArgs;
use super::status::Usage;
use super::work::Work;
use crate::calendar::GivenFactors;
use crate::fit::{
    DAMPING, FitOptions, FittedModel, FrequencyKind, SeasonChoice, Spend, TrendChoice, fit,
};
use crate::panel::{Clock, Panel, Period, PeriodIndex};
use crate::units::Day;

fn usage<T>(text: String) -> Result<T> {
    Err(Usage(text).into())
}

/// Checks what can be known before any data are read. `compares` where models and calendars that
/// the arguments leave open are compared.
pub(super) fn check(
    args: &ModelArgs,
    time: &TimeArgs,
    model_given: bool,
    compares: bool,
) -> Result<()> {
    let named = args.frequency.is_some_and(|choice| choice != FrequencyOption::Auto);
    let frequency = if compares && !named {
        // The PDO is among those compared, and models with leaving only where the clock allows.
        tau(args)?;
        FrequencyKind::Nbd
    } else {
        kind(args)?
    };
    let clock = time.clock.map(Clock::from).unwrap_or_default();
    if !model_given && !frequency.stays() && clock == Clock::Panel {
        return usage(format!(
            "`--frequency {}` needs the first-purchase clock: leave out `--clock panel`",
            frequency.name()
        ));
    }
    // A damped trend is among the calendars compared.
    let open = compares && args.trend.is_none_or(|trend| trend == TrendOption::Auto);
    check_numbers(args, model_given || open)?;
    if !model_given {
        return Ok(());
    }
    // Options of a fit have no effect on a model that is given; saying nothing would mislead.
    let given = [
        ("--spend", args.every.spend.is_some()),
        ("--base", time.base.is_some()),
        ("--frequency", args.frequency.is_some()),
        ("--tau", args.every.tau.is_some()),
        ("--season", args.season.is_some()),
        ("--trend", args.trend.is_some()),
        ("--damping", args.every.damping.is_some()),
        ("--penalty", args.every.penalty.is_some()),
        ("--value-season", args.every.value_season.is_some()),
        ("--value-trend", args.every.value_trend.is_some()),
        ("--dependence", args.every.dependence.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((option, _)) => {
            usage(format!("`{option}` is for fitting: leave it out with `--model`"))
        }
        None => Ok(()),
    }
}

/// Checks penalty, damping and the largest count; `may_damp` where a damped trend may be met without being asked for.
pub(super) fn check_numbers(args: &ModelArgs, may_damp: bool) -> Result<()> {
    let numbers = FitOptions {
        penalty: args.every.penalty,
        damping: args.every.damping.unwrap_or(DAMPING),
        max_frequency: args.max_frequency,
        ..FitOptions::default()
    };
    numbers.check().map_err(|error| Usage(error.to_string()))?;
    if args.every.damping.is_some() {
        let damped = [args.trend, args.every.value_trend].contains(&Some(TrendOption::Damped));
        if !damped && !may_damp {
            return usage(
                "`--damping` needs `--trend damped` or `--value-trend damped`".to_owned(),
            );
        }
    }
    Ok(())
}

/// The frequency model of the arguments; `auto` is for those who forecast.
pub(super) fn kind(args: &ModelArgs) -> Result<FrequencyKind> {
    let named = match args.frequency.map(Option::from) {
        None => FrequencyChoice::Nbd,
        Some(Some(named)) => named,
        Some(None) => {
            return usage(
                "`--frequency auto` is for forecasts: name a model to fit, or let `clvcast forecast --save-model FILE` choose one"
                    .to_owned(),
            );
        }
    };
    let tau = tau(args)?;
    let kind = match named {
        FrequencyChoice::Nbd => FrequencyKind::Nbd,
        FrequencyChoice::BgNbd => FrequencyKind::BgNbd,
        FrequencyChoice::MbgNbd => FrequencyKind::MbgNbd,
        FrequencyChoice::ParetoNbd => FrequencyKind::ParetoNbd,
        FrequencyChoice::Pdo => FrequencyKind::Pdo { tau },
    };
    if args.every.tau.is_some() && kind.tau().is_none() {
        return usage("`--tau` is the sub-period of `--frequency pdo`".to_owned());
    }
    Ok(kind)
}

/// The sub-period of a PDO in days.
pub(super) fn tau(args: &ModelArgs) -> Result<u32> {
    const WEEK: u32 = 7;
    let Some(text) = args.every.tau.as_deref() else { return Ok(WEEK) };
    let Ok(Period::Days(days)) = text.parse() else {
        let most = Period::MAX_DAYS;
        return usage(format!(
            "`--tau {text}`: expected a number of days such as 7d, at most {most}d"
        ));
    };
    Ok(days)
}

/// Fits a model as the arguments say.
pub(super) fn fitted(
    panel: &Panel,
    args: &ModelArgs,
    base: Option<u64>,
    work: &Work,
) -> Result<FittedModel> {
    let options = options(panel, args, kind(args)?, base)?;
    let _stage = work.stage("fitting");
    let model = fit(panel, &options)?;
    work.did(|stage| stage.customers = Some(panel.customers.len() as u64));
    Ok(model)
}

/// The options of a fit.
pub(super) fn options(
    panel: &Panel,
    args: &ModelArgs,
    frequency: FrequencyKind,
    base: Option<u64>,
) -> Result<FitOptions> {
    Ok(FitOptions {
        frequency,
        season: args.season.map(SeasonChoice::from).unwrap_or_default(),
        trend: args.trend.map(TrendChoice::from).unwrap_or_default(),
        damping: args.every.damping.unwrap_or(DAMPING),
        given: given(args.every.calendar.as_deref(), panel)?,
        penalty: args.every.penalty,
        value_season: args.every.value_season.map(SeasonChoice::from).unwrap_or_default(),
        value_trend: args.every.value_trend.map(TrendChoice::from).unwrap_or_default(),
        dependence: args.every.dependence.map(Into::into).unwrap_or_default(),
        spend: args.every.spend.map(Spend::from).unwrap_or_default(),
        bands: data::bands(args.bands.as_deref())?,
        max_frequency: args.max_frequency,
        base,
    })
}

/// Puts the factors of a calendar file into a fitted model. Those of periods that it was fitted on
/// stay as they were: its parameters were estimated with them. The warning says so.
pub(super) fn plan(
    model: &mut FittedModel,
    path: Option<&Path>,
    panel: &Panel,
) -> Result<Option<String>> {
    let planned = given(path, panel)?;
    if planned.is_empty() {
        return Ok(None);
    }
    let fitted = model.fit.as_ref().and_then(|fit| fit.data.as_of.parse().ok());
    let fitted = fitted.map(Day::from_date).or(model.calendar.as_ref().and_then(|c| c.origin));
    let known: BTreeSet<String> = (panel.first_period().0..=0)
        .map(PeriodIndex)
        .filter(|&index| fitted.is_some_and(|day| panel.grid.end(index) <= day))
        .map(|index| panel.grid.label(index))
        .collect();
    let calendar = model.calendar.get_or_insert_default();
    let (past, coming): (Vec<_>, Vec<_>) = planned
        .iter()
        .map(|(label, factor)| (label.to_owned(), factor))
        .partition(|(label, _)| known.contains(label));
    let other = |(label, factor): &&(String, f64)| calendar.given.ln_factor(label) != factor.ln();
    let others = past.iter().filter(other).count();
    calendar.given = std::mem::take(&mut calendar.given).with(GivenFactors::new(coming));
    Ok((others > 0).then(|| {
        format!(
            "{others} factor(s) of `--calendar` are for periods the model was fitted on, with other factors, and change nothing: fit it again to use them"
        )
    }))
}

/// The factors of a calendar file; none without a file.
fn given(path: Option<&Path>, panel: &Panel) -> Result<GivenFactors> {
    let Some(path) = path else { return Ok(GivenFactors::default()) };
    let shown = path.display();
    let file = fs::File::open(path)
        .with_context(|| format!("the calendar file `{shown}` cannot be read"))?;
    GivenFactors::for_panel(file, panel).with_context(|| format!("in the calendar file `{shown}`"))
}
