//! `clvcast report`: the forecast as a workbook or a page.

use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::Path;

use anyhow::Result;

use super::manifest::manifest;
use super::pipeline::Run;
use super::report_args::ReportArgs;
use super::status::Usage;
use super::work::Work;
use super::{choosing, intervals, output, segment, target};
use crate::evaluate::{Backtest, BacktestOptions, backtest};
use crate::forecast::Method;
use crate::report::{AtomicFile, Findings, page, write_workbook};
use crate::segment::{Material, Segmentation};
use crate::value::{Overrides, Totals};

/// What is written.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Workbook,
    Page,
}

/// Customers with a row of their own in a page: what a browser searches and sorts at once.
const ON_PAGE: usize = 1000;

/// Coming periods of a workbook: the formula of a total names each of them in up to 40 letters, and
/// spreadsheet programs take 8,192.
const IN_WORKBOOK: u32 = 200;

pub(super) fn run(args: &ReportArgs) -> Result<()> {
    let work = Work::begin(&args.pipeline.run)?;
    let kind = kind(&args.output)?;
    check(args, kind)?;
    let options = args.groups.options()?;
    // A file that cannot be written fails before the work, not after it.
    let mut file = AtomicFile::create(&args.output)?;
    let run = Run::new(&args.pipeline, true, &work)?;
    // The process ends with this command: a million histories need not be given back one by one.
    let run = ManuallyDrop::new(run);
    let intervals = args.intervals.of(&run, &args.pipeline, &work)?;
    let totals = Totals::new(&run.forecast);
    let make = |material: &Material<'_>| Segmentation::where_possible(material, &options);
    let segmentation = segment::segments(&run, &args.pipeline.input, &args.groups, make, &work)?;
    let backtest = held_out(args, &run, &work);
    let manifest = manifest(&args.pipeline, &run, intervals.as_deref(), work.times())?;
    let findings = Findings {
        summary: run.summary(&args.pipeline, intervals.as_deref(), &totals),
        manifest: &manifest,
        segmentation: &segmentation,
        backtest: backtest.as_ref().map_err(String::as_str),
        lang: args.lang.into(),
        top: args.top.map(|top| top as usize).or((kind == Kind::Page).then_some(ON_PAGE)),
    };
    {
        let _stage = work.stage("writing");
        match kind {
            Kind::Workbook => write_workbook(&findings, &mut file, &work)?,
            Kind::Page => file.write_all(page(&findings)?.as_bytes())?,
        }
        file.commit()?;
    }
    if !args.pipeline.run.quiet {
        output::note(&findings.summary.to_text());
    }
    output::warn(&segmentation.warnings);
    if args.pipeline.run.quiet {
        output::warn(&run.warnings);
    }
    work.finish(&run.warnings)
}

/// The models of the run on the last periods, which are held out; or why not.
fn held_out(args: &ReportArgs, run: &Run, work: &Work) -> Result<Backtest, String> {
    let Some((fit, contest)) = run.recipe.contest() else {
        return Err("the model was given, so that there is nothing to fit again to a shorter history: `clvcast backtest` compares all models on this data".to_owned());
    };
    let standard = BacktestOptions::new(choosing::panel_options(&run.panel, &args.pipeline.input));
    // Futures of every customer of a large base would take longer than all the rest.
    let small = run.panel.customers.len() <= intervals::SMALL;
    let options = BacktestOptions {
        holdout: args.pipeline.rules.horizon,
        contest,
        fit,
        acquisition: args.pipeline.rules.acquisition.into(),
        // Overrides speak of coming periods.
        rules: crate::value::MoneyRules {
            overrides: Overrides::default(),
            discount: 0.0,
            ..run.rules.clone()
        },
        draws: if small { standard.draws } else { 0 },
        ..standard
    };
    backtest(&run.ledger, &run.panel, &options, work).map_err(|error| error.to_string())
}

fn kind(path: &Path) -> Result<Kind> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "xlsx" => Ok(Kind::Workbook),
        "html" | "htm" => Ok(Kind::Page),
        _ => {
            let shown = path.display();
            Err(Usage(format!(
                "`-o {shown}`: expected a name that ends in .xlsx, for a workbook, or .html, for a page; `clvcast forecast` writes .csv, .json and .parquet"
            ))
            .into())
        }
    }
}

/// What can be known to be wrong before any data are read.
fn check(args: &ReportArgs, kind: Kind) -> Result<()> {
    let rules = &args.pipeline.rules;
    if kind == Kind::Workbook && rules.horizon > IN_WORKBOOK {
        return Err(Usage(format!(
            "`--horizon {}`: a workbook has room for {IN_WORKBOOK} coming periods; ask for fewer, or for longer ones with `--period`",
            rules.horizon
        ))
        .into());
    }
    args.intervals.check(rules.method.and_then(Option::<Method>::from), rules.model.is_some())?;
    let outputs: Vec<(&str, &Path)> = std::iter::once(("-o", args.output.as_path()))
        .chain(args.pipeline.input.rejects.as_deref().map(|path| ("--rejects", path)))
        .collect();
    let inputs: Vec<(&str, &Path)> =
        args.pipeline.inputs().into_iter().chain(args.groups.inputs()).collect();
    target::check(&outputs, &inputs)
}
