//! `clvcast forecast`: from transactions to every customer's gross profit.

use std::collections::HashMap;
use std::fs;
use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::args::ForecastArgs;
use super::choices::{FormatChoice, LayoutChoice};
use super::forecast_file::{MANIFEST, Target};
use super::manifest::manifest;
use super::pipeline::Run;
use super::status::Usage;
use super::work::Work;
use super::{output, plots, target};
use crate::panel::Panel;
use crate::plots::{Pictures, Scene, Style, expected_purchases, total_sample};
use crate::report::{
    AtomicFile, Columns, Format, Layout, WriteOptions, write_forecast, write_forecast_with,
};
use crate::value::Totals;

pub(super) fn run(args: &ForecastArgs) -> Result<()> {
    let work = Work::begin(&args.pipeline.run)?;
    let known = [FormatChoice::Table, FormatChoice::Csv, FormatChoice::Json, FormatChoice::Parquet];
    let path = target::file(args.output.as_deref());
    let choice = output::format(args.format, path, &known)?;
    check_output(args, path, choice)?;
    let rules = &args.pipeline.rules;
    args.intervals.check(rules.method.and_then(Option::from), rules.model.is_some())?;
    // A target that cannot be written fails before the work, not after it.
    let target = path.map(Target::create).transpose()?;
    let model_file = args.save_model.as_deref().map(AtomicFile::create).transpose()?;
    let folder = plots::folder(args.plots.as_deref())?;
    let run = Run::new(&args.pipeline, args.intervals.recalibrate, &work)?;
    // The process ends with this command: a million histories need not be given back one by one.
    let run = ManuallyDrop::new(run);
    let customers = args.customers.as_deref().map(|path| subset(path, &run.panel)).transpose()?;
    let intervals = args.intervals.of(&run, &args.pipeline, &work)?;
    let totals = Totals::new(&run.forecast);
    let summary = run.summary(&args.pipeline, intervals.as_deref(), &totals).to_text();
    let mut drawn = None;
    if let Some(folder) = &folder {
        let _stage = work.stage("drawing");
        drawn = Some(plots::write(folder, &pictures(args, &run))?);
    }
    let format = match choice {
        FormatChoice::Table => None,
        FormatChoice::Csv => Some(Format::Csv),
        FormatChoice::Json => Some(Format::Json),
        FormatChoice::Parquet => Some(Format::Parquet),
    };
    let options = WriteOptions {
        layout: layout(args),
        columns: args.columns.clone(),
        customers,
        quantiles: intervals.clone(),
        ..WriteOptions::default()
    };
    if let Some(file) = model_file {
        save(&run, file)?;
    }
    let written = options.customers.as_ref().map_or(run.panel.customers.len(), Vec::len);
    let on_stdout = target.is_none();
    match (target, format) {
        (Some(mut target), format) => {
            let _stage = work.stage("writing");
            match format {
                Some(format) => {
                    let out = &mut target.forecast;
                    write_forecast_with(&run.panel, &run.forecast, &options, format, out, &work)?;
                }
                None => target.forecast.write_all(summary.as_bytes())?,
            }
            target.commit(&manifest(&args.pipeline, &run, intervals.as_deref(), work.times())?)?;
            work.did(|stage| {
                stage.customers = format.map(|_| written as u64);
                let file =
                    path.filter(|path| !target::special(path)).and_then(|p| p.metadata().ok());
                stage.bytes = file.map(|file| file.len());
            });
        }
        (None, Some(format)) => {
            let out = std::io::stdout();
            // A bar would stand between the rows.
            let _stage = (!out.is_terminal()).then(|| work.stage("writing"));
            write_forecast(&run.panel, &run.forecast, &options, format, out)
                .map_err(output::lost)?;
            work.did(|stage| stage.customers = Some(written as u64));
        }
        (None, None) if !args.pipeline.run.quiet => output::print(&summary)?,
        (None, None) => {}
    }
    if args.pipeline.run.quiet {
        output::warn(&run.warnings);
    } else if !(on_stdout && format.is_none()) {
        output::note(&summary);
    }
    if let Some(note) = drawn.filter(|_| !args.pipeline.run.quiet) {
        output::note(&note);
    }
    work.finish(&run.warnings)
}

/// Writes the model of the run.
fn save(run: &Run, mut file: AtomicFile) -> Result<()> {
    if !run.members.is_empty() {
        bail!(
            "`--save-model`: an average of models forecasts best here, and a model file holds one: name a model with `--frequency`, or leave the option out"
        );
    }
    file.write_all(run.model.to_json().as_bytes())?;
    Ok(file.commit()?)
}

/// What can be known of the output before the work.
fn check_output(args: &ForecastArgs, path: Option<&Path>, choice: FormatChoice) -> Result<()> {
    let usage = |text: String| -> Result<()> { Err(Usage(text).into()) };
    if choice == FormatChoice::Table {
        let given =
            [("--columns", args.columns.is_some()), ("--customers", args.customers.is_some())];
        if let Some((option, _)) = given.iter().find(|(_, given)| *given) {
            return usage(format!(
                "`{option}` chooses from a forecast file, and the summary covers the whole base: add `-o FILE` or `--format csv`"
            ));
        }
    }
    if let Some(names) = &args.columns {
        // Whether customers have segments is known only from the data.
        let all = Columns::new(layout(args), args.pipeline.rules.horizon as usize, true)
            .with_quantiles(args.intervals.levels());
        if let Err(error) = all.select(names) {
            return usage(format!("`--columns`: {error}"));
        }
    }
    let manifest = path.filter(|path| !target::special(path)).map(|p| target::beside(p, MANIFEST));
    let pictures = plots::files(args.plots.as_deref());
    let outputs: Vec<(&str, &Path)> = path
        .map(|path| ("-o", path))
        .into_iter()
        .chain(manifest.as_deref().map(|path| ("-o", path)))
        .chain(args.save_model.as_deref().map(|path| ("--save-model", path)))
        .chain(args.pipeline.input.rejects.as_deref().map(|path| ("--rejects", path)))
        .chain(pictures.iter().map(|path| ("--plots", path.as_path())))
        .collect();
    let mut inputs = args.pipeline.inputs();
    inputs.extend(args.customers.as_deref().map(|path| ("the list of customers", path)));
    target::check(&outputs, &inputs)
}

/// The pictures of a run.
fn pictures(args: &ForecastArgs, run: &Run) -> Pictures {
    let expected = expected_purchases(&run.forecast);
    // The same futures as those of the quantiles.
    let drawing = args.intervals.drawing(run.panel.customers.len());
    let alone = run.members.is_empty();
    let sample =
        alone.then(|| total_sample(&run.panel, &run.model, &run.options, drawing)).flatten();
    let scene = Scene {
        horizon: run.options.horizon,
        base: args.pipeline.time.base,
        expected: &expected,
        sample: sample.as_ref(),
        happened: &[],
    };
    let style = Style::of(&run.panel, &run.model, args.pipeline.input.currency.as_deref());
    Pictures::new(&run.panel, &run.model, &scene, &style)
}

fn layout(args: &ForecastArgs) -> Layout {
    match args.layout {
        LayoutChoice::Wide => Layout::Wide,
        LayoutChoice::Long => Layout::Long,
    }
}

/// The customers listed in a file, as indices in the panel's order.
fn subset(path: &Path, panel: &Panel) -> Result<Vec<usize>> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .with_context(|| format!("the list of customers `{shown}` cannot be read"))?;
    let index: HashMap<&str, usize> =
        panel.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for (line, id) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let id = id.trim();
        match index.get(id) {
            _ if id.is_empty() || (line == 1 && id.eq_ignore_ascii_case("customer")) => {}
            Some(&i) => found.push(i),
            None => unknown.push(format!("  line {line}: `{id}`")),
        }
    }
    if !unknown.is_empty() {
        let total = unknown.len();
        unknown.truncate(20);
        bail!(
            "{total} customer(s) of `{shown}` are not in the data up to {}:\n{}",
            panel.grid.as_of(),
            unknown.join("\n")
        );
    }
    if found.is_empty() {
        bail!("`{shown}` lists no customer, expected one id a line");
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
