//! `clvcast segment`: customers in groups, with the history and the forecast of each group.

use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;

use super::args::InputArgs;
use super::choices::FormatChoice;
use super::forecast_file::{MANIFEST, Target};
use super::manifest::manifest;
use super::pipeline::Run;
use super::segment_args::{GroupArgs, SegmentArgs};
use super::status::Usage;
use super::work::Work;
use super::{choosing, output, target};
use crate::forecast::Method;
use crate::panel::{Panel, PanelOptions, PeriodIndex};
use crate::progress::Silent;
use crate::report::{
    AtomicFile, Format, WriteOptions, segment_csv, segment_json, segment_text, write_forecast,
    write_forecast_with,
};
use crate::segment::{Material, SegmentError, Segmentation};

pub(super) fn run(args: &SegmentArgs) -> Result<()> {
    let work = Work::begin(&args.pipeline.run)?;
    let known = [FormatChoice::Table, FormatChoice::Csv, FormatChoice::Json, FormatChoice::Parquet];
    let path = target::file(args.output.as_deref());
    let format = match output::format(args.format, path, &known)? {
        FormatChoice::Table => None,
        FormatChoice::Csv => Some(Format::Csv),
        FormatChoice::Json => Some(Format::Json),
        FormatChoice::Parquet => Some(Format::Parquet),
    };
    let as_json = args.groups_out.as_deref().map(is_json).transpose()?;
    check(args, path, format)?;
    let options = args.groups.options()?;
    let file = path.map(Target::create).transpose()?;
    let groups_file = args.groups_out.as_deref().map(AtomicFile::create).transpose()?;
    let run = ManuallyDrop::new(Run::new(&args.pipeline, true, &work)?);
    let make = |material: &Material<'_>| Segmentation::new(material, &options);
    let found = segments(&run, &args.pipeline.input, &args.groups, make, &work)?;
    let text =
        segment_text(&run.panel, &run.forecast, &found, args.pipeline.input.currency.as_deref());
    if let Some(mut file) = groups_file {
        let content = if as_json == Some(true) {
            segment_json(&run.panel, &run.forecast, &found)
        } else {
            segment_csv(&run.panel, &run.forecast, &found)?
        };
        file.write_all(content.as_bytes())?;
        file.commit()?;
    }
    let mut warnings = run.warnings.clone();
    if run.options.method == Method::Point {
        warnings.push("the point method gives scores of potential: compare groups by them, and none of them with the past".to_owned());
    }
    warnings.extend(found.warnings.iter().cloned());
    let write = WriteOptions {
        columns: args.columns.clone(),
        labels: Arc::from(found.groupings.clone()),
        ..WriteOptions::default()
    };
    let on_stdout = file.is_none();
    match (file, format) {
        (Some(mut file), format) => {
            let _stage = work.stage("writing");
            match format {
                Some(format) => {
                    let out = &mut file.forecast;
                    write_forecast_with(&run.panel, &run.forecast, &write, format, out, &work)?;
                }
                None => file.forecast.write_all(text.as_bytes())?,
            }
            file.commit(&manifest(&args.pipeline, &run, None, work.times())?)?;
        }
        (None, Some(format)) => {
            write_forecast(&run.panel, &run.forecast, &write, format, std::io::stdout())
                .map_err(output::lost)?;
        }
        (None, None) if !args.pipeline.run.quiet => output::print(&text)?,
        (None, None) => {}
    }
    let printed = on_stdout && format.is_none();
    if !(args.pipeline.run.quiet || printed) {
        output::note(&text);
    }
    output::warn(&warnings);
    work.finish(&warnings)
}

/// The customers of a run in groups, and where they were as many periods ago as are forecast.
pub(super) fn segments(
    run: &Run,
    input: &InputArgs,
    groups: &GroupArgs,
    make: impl Fn(&Material<'_>) -> Result<Segmentation, SegmentError>,
    work: &Work,
) -> Result<Segmentation> {
    let attributes = groups.attributes(&run.panel)?;
    let _stage = work.stage("grouping");
    let then = past(run, input);
    let material = Material {
        panel: &run.panel,
        then: then.as_ref(),
        model: &run.model,
        forecast: &run.forecast,
        attributes: attributes.as_ref(),
    };
    Ok(make(&material)?)
}

/// The panel as it was then; `None` where the ledger does not reach back so far.
fn past(run: &Run, input: &InputArgs) -> Option<Panel> {
    let back = run.options.horizon.cast_signed();
    if run.panel.periods <= run.options.horizon {
        return None;
    }
    let options = PanelOptions {
        as_of: Some(run.panel.grid.end(PeriodIndex(-back))),
        ..choosing::panel_options(&run.panel, input)
    };
    Panel::build(&run.ledger, &options, &Silent).ok()
}

/// Whether groups are written as JSON; CSV otherwise.
fn is_json(path: &Path) -> Result<bool> {
    match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("json") => Ok(true),
        Some("csv") => Ok(false),
        _ => {
            let shown = path.display();
            let text =
                format!("`--groups-out {shown}`: expected a name that ends in .csv or .json");
            Err(Usage(text).into())
        }
    }
}

/// What can be known to be wrong before any data are read.
fn check(args: &SegmentArgs, path: Option<&Path>, format: Option<Format>) -> Result<()> {
    if args.columns.is_some() && format.is_none() {
        let text =
            "`--columns` chooses from a file with every customer: add `-o FILE` or `--format csv`";
        return Err(Usage(text.to_owned()).into());
    }
    let manifest = path.filter(|path| !target::special(path)).map(|p| target::beside(p, MANIFEST));
    let outputs: Vec<(&str, &Path)> = path
        .map(|path| ("-o", path))
        .into_iter()
        .chain(manifest.as_deref().map(|path| ("-o", path)))
        .chain(args.groups_out.as_deref().map(|path| ("--groups-out", path)))
        .chain(args.pipeline.input.rejects.as_deref().map(|path| ("--rejects", path)))
        .collect();
    let inputs: Vec<(&str, &Path)> =
        args.pipeline.inputs().into_iter().chain(args.groups.inputs()).collect();
    target::check(&outputs, &inputs)
}
