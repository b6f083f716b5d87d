//! `clvcast inspect`: what a file holds, and what would be left out and why.

use anyhow::Result;

use super::args::InspectArgs;
use super::choices::FormatChoice;
use super::status::Usage;
use super::work::Work;
use super::{data, output};
use crate::report::{Inspection, data_warnings};

pub(super) fn run(args: &InspectArgs) -> Result<()> {
    let work = Work::begin(&args.run)?;
    let known = [FormatChoice::Table, FormatChoice::Json];
    let format = output::format(Some(args.format.into()), None, &known)?;
    // Looking never fails over a bad row: it lists what would be left out.
    let input = super::args::InputArgs { lenient: true, ..args.input.clone() };
    let ledger = data::read(&input, &args.run, &work)?;
    let panel = data::panel(&ledger, &args.input, &args.time, &work, None);
    // Wrong arguments are not a property of the data.
    let panel = match panel {
        Err(error) if error.is::<Usage>() => return Err(error),
        panel => panel,
    };
    let inspection = Inspection::new(&ledger, panel.as_ref().map_err(ToString::to_string));
    output::print(&match format {
        FormatChoice::Json => inspection.to_json(),
        _ => inspection.to_text(args.input.currency.as_deref()),
    })?;
    // The panel's reason stands in the inspection itself.
    let warnings = panel.map(|panel| data_warnings(&ledger, &panel)).unwrap_or_default();
    output::warn(&warnings);
    work.finish(&warnings)
}
