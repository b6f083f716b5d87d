//! `clvcast compare`: an issued forecast against later actuals, or the bridge to a new one.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::args::{CompareArgs, InputArgs};
use super::choices::{DuplicateChoice, FormatChoice, RefundChoice, ZeroOrderChoice};
use super::status::Usage;
use super::work::Work;
use super::{data, output, past_run, target};
use crate::compare::{Bridge, Issued, Replay, Score, ScoreOptions};
use crate::progress::Silent;
use crate::report::{AtomicFile, Manifest};

pub(super) fn run(args: &CompareArgs) -> Result<()> {
    let known = [FormatChoice::Table, FormatChoice::Csv, FormatChoice::Json];
    let path = target::file(args.output.as_deref());
    let format = output::format(args.format.map(Into::into), path, &known)?;
    check_output(args, path)?;
    if let Some(new) = other_forecast(&args.input.transactions)? {
        return bridge(args, &new, path, format);
    }
    score(args, path, format)
}

/// The forecast file that the bridge leads to: the only argument, with a manifest beside it.
fn other_forecast(arguments: &[String]) -> Result<Option<PathBuf>> {
    let is_issued = |argument: &&String| Manifest::path_beside(argument.as_ref()).is_file();
    let Some(new) = arguments.iter().find(is_issued) else { return Ok(None) };
    if arguments.len() > 1 {
        let message = format!(
            "`{new}` is a forecast, and {} more are named: give one new forecast, or transactions alone",
            arguments.len() - 1
        );
        return Err(Usage(message).into());
    }
    Ok(Some(new.into()))
}

fn score(args: &CompareArgs, path: Option<&Path>, format: FormatChoice) -> Result<()> {
    let issued = Issued::read(&args.old)?;
    for argument in &args.input.transactions {
        refuse_forecast(argument)?;
    }
    let as_of = args.as_of.as_deref().map(|text| data::day("--as-of", text)).transpose()?;
    let then = past_run::arguments(&issued);
    let input = match &then {
        Some(then) => inherited(&args.input, &then.pipeline.input),
        None => args.input.clone(),
    };
    currencies(args.input.currency.as_deref(), then.as_ref().map(|t| &t.pipeline.input))?;
    let work = Work::begin(&args.run)?;
    // Targets that cannot be written fail before the work, not after it.
    let file = path.map(AtomicFile::create).transpose()?;
    let customers = args.customers_out.as_deref().map(AtomicFile::create).transpose()?;
    let ledger = data::read(&input, &args.run, &work)?;
    let stage = work.stage("comparing");
    let options = ScoreOptions { zero_orders: input.zero_orders.into(), as_of };
    let mut score = Score::new(&issued, &ledger, &options, &Silent)?;
    drop(stage);
    if then.is_none() {
        score.warnings.push(past_run::unknown(&issued));
    }
    if let Some(mut file) = customers {
        score.write_customers(&issued, &mut file)?;
        file.commit()?;
    }
    let text = score.to_text(input.currency.as_deref());
    let mut csv = Vec::new();
    score.write_csv(&mut csv)?;
    let content = match format {
        FormatChoice::Json => score.to_json().into_bytes(),
        FormatChoice::Csv => csv,
        FormatChoice::Table | FormatChoice::Parquet => text.clone().into_bytes(),
    };
    deliver(args, work, file, format, &content, &text, &score.warnings)
}

fn bridge(args: &CompareArgs, new: &Path, path: Option<&Path>, format: FormatChoice) -> Result<()> {
    if args.customers_out.is_some() {
        let message = "`--customers-out` lists what customers did, and the second argument is a forecast: name transactions";
        return Err(Usage(message.to_owned()).into());
    }
    if args.as_of.is_some() {
        let message = "`--as-of` says how far transactions are known, and the second argument is a forecast: name transactions";
        return Err(Usage(message.to_owned()).into());
    }
    let (old, new) = (Issued::read(&args.old)?, Issued::read(new)?);
    if old.grid.period() != new.grid.period() {
        // Said by the library, before any data are read.
        Bridge::new(&old, &new, Err(String::new()))?;
    }
    let (old_run, new_run) = (past_run::arguments(&old), past_run::arguments(&new));
    let currency = new_run.as_ref().and_then(|run| run.pipeline.input.currency.clone());
    currencies(currency.as_deref(), old_run.as_ref().map(|run| &run.pipeline.input))?;
    let file = path.map(AtomicFile::create).transpose()?;
    let work = Work::begin(&args.run)?;
    let runs = [(&old, old_run.as_ref()), (&new, new_run.as_ref())];
    let again = past_run::Again::new(runs, &args.run, &work);
    let stage = work.stage("comparing");
    let replay = again.as_ref().map(|again| Replay {
        panel: &again.panel,
        old: &again.old,
        new: &again.new,
    });
    let bridge = Bridge::new(&old, &new, replay.map_err(Clone::clone))?;
    drop(stage);
    let currency = args.input.currency.clone().or(currency);
    let text = bridge.to_text(currency.as_deref());
    let mut csv = Vec::new();
    bridge.write_csv(&mut csv)?;
    let content = match format {
        FormatChoice::Json => bridge.to_json().into_bytes(),
        FormatChoice::Csv => csv,
        FormatChoice::Table | FormatChoice::Parquet => text.clone().into_bytes(),
    };
    deliver(args, work, file, format, &content, &text, &bridge.warnings)
}

/// Data to the file or to standard output, words to standard error.
fn deliver(
    args: &CompareArgs,
    work: Work,
    file: Option<AtomicFile>,
    format: FormatChoice,
    content: &[u8],
    text: &str,
    warnings: &[String],
) -> Result<()> {
    let saved = file.is_some();
    if let Some(mut file) = file {
        file.write_all(content)?;
        file.commit()?;
    } else if format != FormatChoice::Table || !args.run.quiet {
        output::print(&String::from_utf8_lossy(content))?;
    }
    if args.run.quiet || (!saved && format != FormatChoice::Table) {
        output::warn(warnings);
    } else if saved {
        output::note(text);
    }
    work.finish(warnings)
}

fn check_output(args: &CompareArgs, path: Option<&Path>) -> Result<()> {
    let outputs: Vec<(&str, &Path)> = [
        ("-o", path),
        ("--customers-out", args.customers_out.as_deref()),
        ("--rejects", args.input.rejects.as_deref()),
    ]
    .into_iter()
    .filter_map(|(option, path)| Some((option, path?)))
    .collect();
    let given = args.input.transactions.iter().map(Path::new);
    let forecasts: Vec<PathBuf> = std::iter::once(args.old.as_path())
        .chain(given.clone())
        .map(Manifest::path_beside)
        .collect();
    let mut inputs = vec![("the old forecast", args.old.as_path())];
    inputs.extend(given.map(|path| ("its own input", path)));
    inputs.extend(forecasts.iter().map(|path| ("a manifest", path.as_path())));
    target::check(&outputs, &inputs)
}

/// What is not said is as in the run that made the forecast: the same columns and the same rules
/// count the same purchases.
fn inherited(given: &InputArgs, then: &InputArgs) -> InputArgs {
    let or = |given: &Option<String>, then: &Option<String>| given.clone().or_else(|| then.clone());
    InputArgs {
        customer: or(&given.customer, &then.customer),
        date: or(&given.date, &then.date),
        amount: or(&given.amount, &then.amount),
        cost: or(&given.cost, &then.cost),
        expense: or(&given.expense, &then.expense),
        order: or(&given.order, &then.order),
        segment: or(&given.segment, &then.segment),
        date_format: or(&given.date_format, &then.date_format),
        delimiter: or(&given.delimiter, &then.delimiter),
        currency: or(&given.currency, &then.currency),
        refunds: if given.refunds == RefundChoice::Net { then.refunds } else { given.refunds },
        zero_orders: if given.zero_orders == ZeroOrderChoice::Drop {
            then.zero_orders
        } else {
            given.zero_orders
        },
        duplicates: if given.duplicates == DuplicateChoice::Keep {
            then.duplicates
        } else {
            given.duplicates
        },
        ..given.clone()
    }
}

/// Money of two currencies cannot be compared.
fn currencies(now: Option<&str>, then: Option<&InputArgs>) -> Result<()> {
    let then = then.and_then(|input| input.currency.as_deref());
    if let (Some(now), Some(then)) = (now, then)
        && now != then
    {
        bail!(
            "the old forecast is in {then}, the new side in {now}: expected one currency; convert one of them first"
        );
    }
    Ok(())
}

/// A forecast without its manifest is no ledger: said here, because the reader of transactions
/// would only miss a column.
fn refuse_forecast(argument: &str) -> Result<()> {
    let mut head = Vec::new();
    let Ok(file) = std::fs::File::open(argument) else { return Ok(()) };
    // The header and more, in each text format.
    if file.take(4096).read_to_end(&mut head).is_err() {
        return Ok(());
    }
    let head = String::from_utf8_lossy(&head);
    let first = head.lines().find(|line| line.trim() != "[").unwrap_or_default();
    if first.contains("purchases_1") || (first.contains("p_active") && first.contains("purchases"))
    {
        let looked_for = Manifest::path_beside(argument.as_ref());
        bail!(
            "`{argument}` looks like a forecast, and its manifest is not beside it: looked for `{}`; name transactions, or keep forecast and manifest together",
            looked_for.display()
        );
    }
    Ok(())
}
