//! From a run to its manifest: with what it was called, and the checksums of what it read beside the
//! transactions.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::args::{PipelineArgs, RuleArgs};
use super::pipeline::Run;
use crate::forecast::Method;
use crate::predict::Intervals;
use crate::report::{self, Manifest, Times};

/// The manifest of a run.
pub(super) fn manifest(
    args: &PipelineArgs,
    run: &Run,
    intervals: Option<&Intervals>,
    times: Times,
) -> Result<Manifest> {
    let command: Vec<String> =
        std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let overrides = args.rules.overrides.as_deref();
    let overrides = overrides.map(|path| checksum("overrides", path)).transpose()?;
    let calendar = args.model.every.calendar.as_deref();
    let calendar = calendar.map(|path| checksum("calendar", path)).transpose()?;
    let model_file = args.rules.model.as_deref().map(|path| path.display().to_string());
    let parts = report::Run {
        command: &command,
        audit: &run.ledger.audit,
        columns: &run.ledger.columns,
        panel: &run.panel,
        model: &run.model,
        model_file: model_file.as_deref(),
        method: run.options.method,
        members: &run.members,
        why: why(run, &args.rules),
        rules: &run.rules,
        overrides_file: overrides.as_ref().map(|(path, sum)| (path.as_str(), sum.as_str())),
        calendar_file: calendar.as_ref().map(|(path, sum)| (path.as_str(), sum.as_str())),
        forecast: &run.forecast,
        warnings: &run.warnings,
        intervals,
        seed: intervals.map(|intervals| intervals.seed),
    };
    Ok(Manifest::new(&parts, Some(times)))
}

/// Path and SHA-256 of a file of the user's.
fn checksum(role: &str, path: &Path) -> Result<(String, String)> {
    let shown = path.display().to_string();
    let bytes =
        fs::read(path).with_context(|| format!("the {role} file `{shown}` cannot be read"))?;
    Ok((shown, hex(&Sha256::digest(&bytes))))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Why a method was used.
fn why<'a>(run: &'a Run, rules: &RuleArgs) -> &'a str {
    let asked = rules.method.and_then(Option::<Method>::from).is_some();
    let choice = run.model.fit.as_ref().and_then(|fit| fit.choice.as_ref());
    match (choice, run.options.method) {
        // Among models compared in this run the method that was asked for won.
        (Some(choice), _) if !asked || rules.model.is_none() => &choice.why,
        _ if asked => "asked for with --method",
        (_, Method::Chain) => "the default: an expectation that follows the method's Markov chain",
        (_, Method::Posterior) => {
            "the default where customers may leave: an expectation given the whole history"
        }
        (_, Method::Point) => "asked for with --method",
    }
}
