//! `clvcast transitions`: the tables of the published example, for any model.

use std::io::Write;

use anyhow::Result;

use super::args::TransitionsArgs;
use super::choices::FormatChoice;
use super::status::Usage;
use super::{data, output};
use crate::report::Transitions;

pub(super) fn run(args: &TransitionsArgs) -> Result<()> {
    let known = [FormatChoice::Table, FormatChoice::Json];
    let format = output::format(args.format, args.output.as_deref(), &known)?;
    let mut model = data::load(&args.model)?;
    if let Some(bands) = data::bands(args.bands.as_deref())? {
        model.states.bands = Some(bands);
        // Counts over the fitted bands do not belong to other ones.
        if let Some(fit) = &mut model.fit {
            fit.empirical_transitions = None;
        }
    }
    match args.max_frequency {
        Some(0) => return Err(Usage("`--max-frequency 0`: expected at least 1".to_owned()).into()),
        Some(max) => model.states.max_frequency = max,
        None => {}
    }
    let tables = Transitions::new(&model);
    let text = match format {
        FormatChoice::Json => tables.to_json(),
        _ => tables.to_text(),
    };
    match &args.output {
        Some(path) => output::write(path, |out| Ok(out.write_all(text.as_bytes())?)),
        None => output::print(&text),
    }
}
