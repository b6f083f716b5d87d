//! `clvcast simulate`: a synthetic ledger with known parameters.

use std::io::Write;
use std::path::Path;

use anyhow::Result;

use super::args::SimulateArgs;
use super::status::Usage;
use super::{data, output};
use crate::models::RateLaw;
use crate::simulate::{Scenario, simulate};

pub(super) fn run(args: &SimulateArgs) -> Result<()> {
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
    let law = model.as_ref().map_or(defaults.frequency, |m| m.frequency);
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
    let simulation = simulate(&scenario).map_err(|error| Usage(error.to_string()))?;
    let size = format!(
        "{} rows of {} customers (seed {})",
        simulation.rows.len(),
        simulation.customers.len(),
        args.seed
    );
    let Some(path) = &args.output else {
        simulation.write_csv(std::io::stdout().lock())?;
        output::note(&format!("Wrote {size}; with `-o FILE` the truth is written beside it.\n"));
        return Ok(());
    };
    output::write(path, |out| Ok(simulation.write_csv(out)?))?;
    let truth = truth_path(path);
    output::write(&truth, |out| Ok(out.write_all(simulation.truth_json().as_bytes())?))?;
    output::note(&format!(
        "Wrote {size} to {} and the truth to {}.\n",
        path.display(),
        truth.display()
    ));
    Ok(())
}

fn truth_path(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".truth.json");
    name.into()
}
