//! What several commands do alike: read, build the panel, get a model.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::args::{InputArgs, TimeArgs};
use super::run_args::RunArgs;
use super::status::Usage;
use super::work::Work;
use super::{output, target};
use crate::fit::FittedModel;
use crate::ledger::{self, ColumnChoice, Ledger, LedgerError, ReadOptions};
use crate::markov::Bands;
use crate::panel::{Clock, Panel, PanelError, PanelOptions, Period};
use crate::report::write_rejects;
use crate::units::Day;

/// Reads the transactions; writes the rejects file when one is asked for.
pub(super) fn read(input: &InputArgs, run: &RunArgs, work: &Work) -> Result<Ledger> {
    threads(run)?;
    if input.rejects.is_some() && !input.lenient {
        let message = "`--rejects` needs `--lenient`: without it a bad row stops the run, and nothing is left out";
        return Err(Usage(message.to_owned()).into());
    }
    let options = read_options(input)?;
    if let Some(path) = &input.rejects {
        let inputs: Vec<(&str, &Path)> =
            input.transactions.iter().map(|i| ("its own input", Path::new(i))).collect();
        target::check(&[("--rejects", path)], &inputs)?;
    }
    let ledger =
        ledger::read(&input.transactions, &options, work).map_err(|error| match error {
            LedgerError::DateFormat { .. }
            | LedgerError::ColumnTwice { .. }
            | LedgerError::BadPattern { .. } => Usage(error.to_string()).into(),
            error => anyhow::Error::from(error),
        })?;
    work.did(|stage| {
        stage.rows = Some(ledger.audit.rows_read);
        stage.bytes = Some(ledger.audit.files.iter().map(|file| file.bytes).sum());
    });
    if let Some(path) = &input.rejects {
        output::write(path, |out| write_rejects(out, &ledger.audit.rejects).map_err(Into::into))?;
    }
    Ok(ledger)
}

fn threads(run: &RunArgs) -> Result<()> {
    let Some(threads) = run.threads else { return Ok(()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(usize::from(threads))
        .build_global()
        .context("the threads cannot be started; try a smaller `--threads`")
}

fn read_options(input: &InputArgs) -> Result<ReadOptions> {
    let choice = |option: &Option<String>| match option.as_deref() {
        None => ColumnChoice::Find,
        Some("none") => ColumnChoice::Off,
        Some(name) => ColumnChoice::Named(name.to_owned()),
    };
    let delimiter = match input.delimiter.as_deref() {
        None => None,
        Some("tab" | "\\t") => Some(b'\t'),
        Some(text) => match text.as_bytes() {
            [byte] if byte.is_ascii() => Some(*byte),
            _ => {
                let message =
                    format!("`--delimiter {text}`: expected one ASCII character or `tab`");
                return Err(Usage(message).into());
            }
        },
    };
    for (name, option) in [("customer", &input.customer), ("date", &input.date)] {
        if option.as_deref() == Some("none") {
            return Err(
                Usage(format!("`--{name} none`: this column cannot be switched off")).into()
            );
        }
    }
    Ok(ReadOptions {
        customer: choice(&input.customer),
        date: choice(&input.date),
        amount: choice(&input.amount),
        cost: choice(&input.cost),
        expense: choice(&input.expense),
        order: choice(&input.order),
        segment: choice(&input.segment),
        date_format: input.date_format.clone(),
        delimiter,
        refunds: input.refunds.into(),
        duplicates: input.duplicates.into(),
        lenient: input.lenient,
        keep_rejects: input.rejects.is_some(),
    })
}

/// A day given as an argument.
pub(super) fn day(option: &str, text: &str) -> Result<Day> {
    text.parse()
        .map_err(|_| Usage(format!("`{option} {text}`: expected a date as YYYY-MM-DD")).into())
}

/// A period given as an argument.
pub(super) fn period(text: &str) -> Result<Period> {
    text.parse::<Period>().map_err(|error| Usage(format!("`--period {text}`: {error}")).into())
}

/// Builds the panel; period and clock come from the model where there is one.
pub(super) fn panel(
    ledger: &Ledger,
    input: &InputArgs,
    time: &TimeArgs,
    work: &Work,
    model: Option<&FittedModel>,
) -> Result<Panel> {
    let given = time.period.as_deref().map(period).transpose()?;
    if let (Some(given), Some(model)) = (given, model)
        && given != model.period
    {
        let message = format!(
            "`--period {given}` differs from the model's period, {}: leave the option out, or fit a model for that period",
            model.period
        );
        return Err(Usage(message).into());
    }
    let as_of = time.as_of.as_deref().map(|text| day("--as-of", text)).transpose()?;
    let given_clock = time.clock.map(Clock::from);
    if let (Some(given), Some(model)) = (given_clock, model)
        && given != model.clock
    {
        let message = "`--clock` differs from the model's clock: leave the option out, or fit a model under that clock";
        return Err(Usage(message.to_owned()).into());
    }
    let clock = given_clock.or(model.map(|m| m.clock)).unwrap_or_default();
    if time.base.is_some() && clock != Clock::Panel {
        let message = "`--base` needs `--clock panel`: under the first-purchase clock only customers with a purchase are observed";
        return Err(Usage(message.to_owned()).into());
    }
    let options = PanelOptions {
        period: given.or(model.map(|m| m.period)).unwrap_or(Period::Quarter),
        as_of,
        clock,
        zero_orders: input.zero_orders.into(),
    };
    let panel = Panel::build(ledger, &options, work).map_err(|error| match error {
        PanelError::AsOfNotPeriodEnd(_) | PanelError::PeriodWithoutDays => {
            anyhow::Error::from(Usage(error.to_string()))
        }
        error => error.into(),
    })?;
    work.did(|stage| stage.customers = Some(panel.customers.len() as u64));
    Ok(panel)
}

/// Value bands given as an argument.
pub(super) fn bands(edges: Option<&[f64]>) -> Result<Option<Bands>> {
    edges
        .map(|edges| {
            Bands::new(edges.to_vec()).map_err(|e| Usage(format!("`--bands`: {e}")).into())
        })
        .transpose()
}

/// Reads a model file.
pub(super) fn load(path: &Path) -> Result<FittedModel> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| {
        format!("the model file `{shown}` cannot be read; `clvcast fit -o {shown}` writes one")
    })?;
    FittedModel::from_json(&text).with_context(|| format!("in the model file `{shown}`"))
}
