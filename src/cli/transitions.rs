//! `clvcast transitions`: the tables of the published example, for any model.

use std::io::Write;

use anyhow::Result;

use super::args::TransitionsArgs;
use super::choices::FormatChoice;
use super::status::Usage;
use super::{data, output, target};
use crate::fit::FitOptions;
use crate::report::Transitions;

pub(super) fn run(args: &TransitionsArgs) -> Result<()> {
    let known = [FormatChoice::Table, FormatChoice::Json];
    let path = target::file(args.output.as_deref());
    let format = output::format(args.format.map(Into::into), path, &known)?;
    if let Some(path) = path {
        target::check(&[("-o", path)], &[("the model file", &args.model)])?;
    }
    let numbers = FitOptions { max_frequency: args.max_frequency, ..FitOptions::default() };
    numbers.check().map_err(|error| Usage(error.to_string()))?;
    let mut model = data::load(&args.model)?;
    if let Some(bands) = data::bands(args.bands.as_deref())? {
        model.states.bands = Some(bands);
        // Counts over the fitted bands do not belong to other ones.
        if let Some(fit) = &mut model.fit {
            fit.empirical_transitions = None;
        }
    }
    if let Some(max) = args.max_frequency {
        model.states.max_frequency = max;
    }
    let tables = Transitions::new(&model);
    let text = match format {
        FormatChoice::Json => tables.to_json(),
        _ => tables.to_text(),
    };
    match path {
        Some(path) => output::write(path, |out| Ok(out.write_all(text.as_bytes())?)),
        None => output::print(&text),
    }
}
