//! `clvcast fit`: estimates with standard errors, and the model file.

use std::io::Write;
use std::path::Path;

use anyhow::Result;

use super::args::FitArgs;
use super::choices::FormatChoice;
use super::status::Usage;
use super::work::Work;
use super::{data, fitting, output, plots, target};
use crate::forecast::ForecastOptions;
use crate::plots::{Pictures, Scene, Style};
use crate::report::{AtomicFile, data_warnings, fit_text};

pub(super) fn run(args: &FitArgs) -> Result<()> {
    let work = Work::begin(&args.run)?;
    fitting::check(&args.model, &args.time, false, false)?;
    let known = [FormatChoice::Table, FormatChoice::Json];
    let format = output::format(args.format.map(Into::into), None, &known)?;
    let path = target::file(args.output.as_deref());
    let pictures = plots::files(args.plots.as_deref());
    target::check_run(path, &pictures, &args.input, args.model.every.calendar.as_deref())?;
    let json = |path: &Path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    if let Some(path) = path.filter(|path| !target::special(path) && !json(path)) {
        let shown = path.display();
        let message =
            format!("`-o {shown}`: a model file is JSON; give it a name that ends in .json");
        return Err(Usage(message).into());
    }
    let target = path.map(AtomicFile::create).transpose()?;
    let folder = plots::folder(args.plots.as_deref())?;
    let ledger = data::read(&args.input, &args.run, &work)?;
    let panel = data::panel(&ledger, &args.input, &args.time, &work, None)?;
    let mut warnings = data_warnings(&ledger, &panel);
    let model = fitting::fitted(&panel, &args.model, args.time.base, &work)?;
    warnings.extend(model.fit.iter().flat_map(|fit| fit.warnings.iter().cloned()));
    let mut drawn = None;
    if let Some(folder) = &folder {
        let _stage = work.stage("drawing");
        let horizon = ForecastOptions::default().horizon;
        let scene = Scene { horizon, base: args.time.base, ..Scene::default() };
        let style = Style::of(&panel, &model, args.input.currency.as_deref());
        let pictures = Pictures::new(&panel, &model, &scene, &style);
        drawn = Some(plots::write(folder, &pictures)?);
    }
    let saved = target.is_some();
    if let Some(mut file) = target {
        file.write_all(model.to_json().as_bytes())?;
        file.commit()?;
    }
    let text = fit_text(&ledger, &panel, &model, &warnings);
    match (format, saved) {
        (FormatChoice::Json, false) => {
            output::print(&model.to_json())?;
            output::warn(&warnings);
        }
        _ if args.run.quiet => output::warn(&warnings),
        (_, false) => output::print(&text)?,
        (_, true) => output::note(&text),
    }
    if let Some(note) = drawn.filter(|_| !args.run.quiet) {
        output::note(&note);
    }
    work.finish(&warnings)
}
