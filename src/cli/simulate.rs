//! `clvcast simulate`: a synthetic ledger with known parameters.

use std::io::Write;
use std::path::Path;

use anyhow::Result;

use super::args::SimulateArgs;
use super::progress::Bars;
use super::status::Usage;
use super::{data, output, target};
use crate::models::RateLaw;
use crate::panel::GridError;
use crate::progress::Progress;
use crate::simulate::{Scenario, SimulateError, simulate};

/// Ending of the name of the file with the truth.
const TRUTH: &str = ".truth.json";

pub(super) fn run(args: &SimulateArgs) -> Result<()> {
    let output = target::file(args.output.as_deref());
    if let Some(path) = output {
        check(args, path)?;
    }
    let model = args.model.as_deref().map(data::load).transpose()?;
    let defaults = Scenario::default();
    let given = args.period.as_deref().map(data::period).transpose()?;
    if let (Some(given), Some(model)) = (given, &model)
        && given != model.period
    {
        let message =
            format!("`--period {given}` differs from the model's period, {}", model.period);
        return Err(Usage(message).into());
    }
    let law = model.as_ref().map_or(defaults.frequency, |m| m.frequency.rate());
    let scenario = Scenario {
        customers: args.customers,
        seed: args.seed,
        period: given.or(model.as_ref().map(|m| m.period)).unwrap_or(defaults.period),
        periods: args.periods,
        last_day: data::day("--last-day", &args.last_day)?,
        frequency: if args.equal_rates { RateLaw::Equal(law.mean()) } else { law },
        monetary: match &model {
            Some(model) => model.monetary.map(|m| m.law),
            None => defaults.monetary,
        },
        spend: model.and_then(|m| m.monetary).map_or(defaults.spend, |m| m.form),
        acquisition_periods: args.acquisition_periods.unwrap_or(args.periods.div_ceil(3)),
        margin: args.margin,
        expense_rate: args.expense_rate,
        segments: args.segments,
    };
    let bars = Bars::wanted(true);
    bars.start("simulating", None);
    let simulation = simulate(&scenario).map_err(|error| match error {
        SimulateError::Grid(GridError::AsOfNotPeriodEnd(error)) => Usage(format!(
            "`--last-day {}` is not the last day of a {}; the two nearest are {} and {}",
            error.as_of, error.period, error.before, error.after
        )),
        error => Usage(error.to_string()),
    })?;
    let size = format!(
        "{} rows of {} customers (seed {})",
        simulation.rows.len(),
        simulation.customers.len(),
        args.seed
    );
    let Some(path) = output else {
        drop(bars);
        simulation.write_csv(std::io::stdout().lock()).map_err(output::lost)?;
        output::note(&format!("Wrote {size}; with `-o FILE` the truth is written beside it.\n"));
        return Ok(());
    };
    bars.start("writing", None);
    output::write(path, |out| Ok(simulation.write_csv(out)?))?;
    let truth = target::beside(path, TRUTH);
    output::write(&truth, |out| Ok(out.write_all(simulation.truth_json().as_bytes())?))?;
    drop(bars);
    output::note(&format!(
        "Wrote {size} to {} and the truth to {}.\n",
        path.display(),
        truth.display()
    ));
    Ok(())
}

/// Before the work: the ledger is CSV, and replaces nothing that is read.
fn check(args: &SimulateArgs, path: &Path) -> Result<()> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    if matches!(extension, "parquet" | "json" | "xlsx" | "gz" | "zst") {
        let message = format!(
            "`-o {}`: a simulated ledger is plain CSV; name it with the extension .csv",
            path.display()
        );
        return Err(Usage(message).into());
    }
    let model = args.model.as_deref().map(|path| ("the model file", path));
    let truth = target::beside(path, TRUTH);
    target::check(&[("-o", path), ("-o", &truth)], model.as_slice())
}
