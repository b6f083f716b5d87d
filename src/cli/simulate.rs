//! `clvcast simulate`: a synthetic ledger with known parameters.

use std::io::Write;
use std::path::Path;

use anyhow::Result;

use super::args::SimulateArgs;
use super::choices::FrequencyChoice;
use super::progress::Bars;
use super::status::Usage;
use super::{data, output, target};
use crate::calendar::{Calendar, Cycle, Season, Trend};
use crate::fit::FittedModel;
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};
use crate::panel::{Grid, GridError, Period, PeriodIndex};
use crate::progress::Progress;
use crate::simulate::{Scenario, SimulateError, simulate};
use crate::units::Day;

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
    let period = given.or(model.as_ref().map(|m| m.period)).unwrap_or(defaults.period);
    let law = match &model {
        Some(model) => model.frequency,
        None => frequency(args.frequency, defaults.frequency.rate(), period),
    };
    let last_day = data::day("--last-day", &args.last_day)?;
    let scenario = Scenario {
        customers: args.customers,
        seed: args.seed,
        period,
        periods: args.periods,
        last_day,
        frequency: if args.equal_rates { equal_rates(law) } else { law },
        calendar: calendar(args, model.as_ref(), period, last_day)?,
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

/// Days of a sub-period of the PDO model.
const TAU: u32 = 7;

/// The default rates with customers who leave as readily as CDNOW's did: after purchases Beta(0.793,
/// 2.426) (Fader, Hardie & Lee 2005), at any time Gamma(0.606, 11.67 weeks) (the same), and at the
/// ends of weeks with the beta law that leaves as many after every number of weeks, nearly.
fn frequency(choice: Option<FrequencyChoice>, rate: RateLaw, period: Period) -> FrequencyLaw {
    let dropout = Dropout::Beta { a: 0.793, b: 2.426 };
    let (shape, weeks) = (0.606, 11.67);
    let days = match period {
        Period::Month => 365.25 / 12.0,
        Period::Quarter => 365.25 / 4.0,
        Period::Year => 365.25,
        Period::Week => 7.0,
        Period::Days(days) => f64::from(days),
    };
    match choice {
        None | Some(FrequencyChoice::Nbd) => FrequencyLaw::Nbd(rate),
        Some(FrequencyChoice::BgNbd) => FrequencyLaw::BgNbd { rate, dropout },
        Some(FrequencyChoice::MbgNbd) => FrequencyLaw::MbgNbd { rate, dropout },
        Some(FrequencyChoice::ParetoNbd) => {
            let lifetime = Lifetime::Gamma { shape, rate: weeks * 7.0 / days };
            FrequencyLaw::ParetoNbd { rate, lifetime }
        }
        Some(FrequencyChoice::Pdo) => {
            FrequencyLaw::Pdo { rate, dropout: Dropout::Beta { a: shape, b: weeks }, tau: TAU }
        }
    }
}

/// The law with the mean rate for everybody.
fn equal_rates(law: FrequencyLaw) -> FrequencyLaw {
    let equal = RateLaw::Equal(law.rate().mean());
    match law {
        FrequencyLaw::Nbd(_) => FrequencyLaw::Nbd(equal),
        FrequencyLaw::BgNbd { dropout, .. } => FrequencyLaw::BgNbd { rate: equal, dropout },
        FrequencyLaw::MbgNbd { dropout, .. } => FrequencyLaw::MbgNbd { rate: equal, dropout },
        FrequencyLaw::ParetoNbd { lifetime, .. } => {
            FrequencyLaw::ParetoNbd { rate: equal, lifetime }
        }
        FrequencyLaw::Pdo { dropout, tau, .. } => FrequencyLaw::Pdo { rate: equal, dropout, tau },
    }
}

/// The calendar of the options or of the model, with the mean factor 1 over the simulated periods;
/// a model's trend then ends on the last simulated day.
fn calendar(
    args: &SimulateArgs,
    model: Option<&FittedModel>,
    period: Period,
    last_day: Day,
) -> Result<Option<Calendar>> {
    let mut calendar = Calendar::default();
    if let Some(fitted) = model.and_then(|model| model.calendar.as_ref()) {
        calendar = Calendar { origin: None, ..fitted.clone() };
    }
    if args.seasonal {
        let ln = [0.5_f64, 1.0, 1.0, 1.5].map(f64::ln).to_vec();
        calendar.season = Season::Factors { cycle: Cycle::Quarter, ln };
    }
    if let Some(growth) = args.growth {
        if !growth.is_finite() || growth <= -1.0 {
            let message = format!(
                "`--growth {growth}`: expected a finite number above -1, such as 0.2 for a fifth more every year"
            );
            return Err(Usage(message).into());
        }
        calendar.trend = Trend::Linear { per_year: growth.ln_1p() };
    }
    if calendar.is_flat() {
        return Ok(None);
    }
    // A grid that cannot be is refused with the rest of the scenario.
    let first = PeriodIndex(1_i32.saturating_sub_unsigned(args.periods));
    if let Ok(grid) = Grid::new(period, last_day) {
        calendar.normalise(&grid, first);
    }
    Ok(Some(calendar))
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
