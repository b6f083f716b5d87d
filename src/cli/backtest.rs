//! `clvcast backtest`: every model, calendar and method on periods that are held back.

use std::io::Write;
use std::path::Path;

use anyhow::Result;

use super::backtest_args::BacktestArgs;
use super::choices::FormatChoice;
use super::status::Usage;
use super::work::Work;
use super::{choosing, data, fitting, output, pipeline, plots, target};
use crate::evaluate::{BacktestOptions, Contest, backtest};
use crate::fit::FrequencyKind;
use crate::panel::Clock;
use crate::plots::Pictures;
use crate::report::{AtomicFile, backtest_csv, backtest_json, backtest_text, data_warnings};
use crate::value::{MoneyRules, Overrides};

pub(super) fn run(args: &BacktestArgs) -> Result<()> {
    let work = Work::begin(&args.run)?;
    let known = [FormatChoice::Table, FormatChoice::Csv, FormatChoice::Json];
    let path = target::file(args.output.as_deref());
    let format = output::format(args.format.map(Into::into), path, &known)?;
    let contest = check(args, path)?;
    let target = path.map(AtomicFile::create).transpose()?;
    let folder = plots::folder(args.plots.as_deref())?;
    let ledger = data::read(&args.input, &args.run, &work)?;
    let later = data::panel(&ledger, &args.input, &args.time, &work, None)?;
    let options = BacktestOptions {
        holdout: args.holdout,
        origins: args.origins,
        contest,
        fit: fitting::options(&later, &args.model(), FrequencyKind::Nbd, args.time.base)?,
        acquisition: args.acquisition.into(),
        rules: rules(args),
        level: args.level,
        draws: args.draws as usize,
        seed: args.seed,
        ..BacktestOptions::new(choosing::panel_options(&later, &args.input))
    };
    let found = backtest(&ledger, &later, &options, &work)?;
    work.did(|stage| stage.customers = Some(later.customers.len() as u64));
    let warnings = data_warnings(&ledger, &later);
    let mut drawn = None;
    if let Some(folder) = &folder {
        let _stage = work.stage("drawing");
        let currency = args.input.currency.as_deref();
        let pictures = Pictures::of_backtest(&ledger, &later, &options, &found, currency);
        drawn = Some(plots::write(folder, &pictures)?);
    }
    let summary = backtest_text(&found, &warnings);
    let content = match format {
        FormatChoice::Csv => backtest_csv(&found)?,
        FormatChoice::Json => backtest_json(&found),
        _ => summary.clone(),
    };
    let on_stdout = target.is_none();
    let quiet = args.run.quiet;
    match target {
        Some(mut file) => {
            file.write_all(content.as_bytes())?;
            file.commit()?;
        }
        None if format == FormatChoice::Table && quiet => {}
        None => output::print(&content)?,
    }
    if quiet {
        output::warn(&warnings);
    } else if !(on_stdout && format == FormatChoice::Table) {
        output::note(&summary);
    }
    if let Some(note) = drawn.filter(|_| !quiet) {
        output::note(&note);
    }
    work.finish(&warnings)
}

/// What can be known before any data are read.
fn check(args: &BacktestArgs, path: Option<&Path>) -> Result<Contest> {
    let usage = |text: String| -> Result<Contest> { Err(Usage(text).into()) };
    pipeline::check_rules(&rules(args))?;
    if !(args.level > 0.0 && args.level < 1.0) {
        return usage(format!(
            "`--level {}`: expected a share above 0 and below 1, such as 0.9",
            args.level
        ));
    }
    let pictures = plots::files(args.plots.as_deref());
    target::check_run(path, &pictures, &args.input, args.every.calendar.as_deref())?;
    let only = args.only.as_deref().unwrap_or_default();
    let contest = Contest::with_tau(fitting::tau(&args.model())?)
        .only(only)
        .map_err(|error| Usage(error.to_string()))?;
    let clock = args.time.clock.map(Clock::from).unwrap_or_default();
    contest.check(clock).map_err(|error| Usage(error.to_string()))?;
    fitting::check_numbers(&args.model(), false)?;
    Ok(contest)
}

fn rules(args: &BacktestArgs) -> MoneyRules {
    MoneyRules {
        margin: args.money.margin,
        expense_rate: args.money.expense_rate,
        margin_rule: args.money.margin_rule.into(),
        discount: 0.0,
        overrides: Overrides::default(),
    }
}
