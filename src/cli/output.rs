//! Where output goes: standard output, or a file that is complete or not there.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Result, anyhow};

use super::choices::FormatChoice;
use super::status::Usage;
use crate::report::{AtomicFile, ReportError, remove_unfinished};

/// Writes a file beside its target and renames it when `content` has succeeded.
pub(super) fn write(
    path: &Path,
    content: impl FnOnce(&mut AtomicFile) -> Result<()>,
) -> Result<()> {
    let mut file = AtomicFile::create(path)?;
    content(&mut file)?;
    file.commit()?;
    Ok(())
}

/// Writes text to standard output.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(lost)
}

/// Says that standard output is what could not be written; a reader that went away stays what it
/// is, an [`io::ErrorKind::BrokenPipe`].
pub(super) fn lost(error: impl Into<ReportError>) -> anyhow::Error {
    match error.into() {
        ReportError::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => error.into(),
        ReportError::Io(error) => anyhow!(
            "standard output cannot be written: {error}; write to a file with `-o FILE`, or free some space"
        ),
        error => error.into(),
    }
}

/// Writes text to standard error; its loss is no failure.
pub(super) fn note(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints warnings to standard error.
pub(super) fn warn(warnings: &[String]) {
    for warning in warnings {
        note(&format!("warning: {warning}\n"));
    }
}

/// The format an option or a file name asks for.
pub(super) fn format(
    option: Option<FormatChoice>,
    path: Option<&Path>,
    known: &[FormatChoice],
) -> Result<FormatChoice> {
    let names: Vec<&str> = known.iter().map(|format| name(*format)).collect();
    let names = names.join(", ");
    if let Some(format) = option {
        if known.contains(&format) {
            return Ok(format);
        }
        let message = format!("`--format {}`: this command writes {names}", name(format));
        return Err(Usage(message).into());
    }
    let Some(path) = path else { return Ok(FormatChoice::Table) };
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let format = match extension.to_ascii_lowercase().as_str() {
        "csv" => Some(FormatChoice::Csv),
        "json" => Some(FormatChoice::Json),
        "parquet" => Some(FormatChoice::Parquet),
        "txt" => Some(FormatChoice::Table),
        _ => None,
    };
    format.filter(|format| known.contains(format)).ok_or_else(|| {
        let shown = path.display();
        Usage(format!(
            "`-o {shown}`: its extension names no format; add `--format` with one of {names}"
        ))
        .into()
    })
}

const fn name(format: FormatChoice) -> &'static str {
    match format {
        FormatChoice::Table => "table",
        FormatChoice::Csv => "csv",
        FormatChoice::Json => "json",
        FormatChoice::Parquet => "parquet",
    }
}

/// Ctrl-C leaves the old file or the new one, and no part of one.
pub(super) fn install_interrupt_handler() {
    // A second handler in one process (tests) keeps the first.
    let _ = ctrlc::set_handler(|| {
        abandon("interrupted; no output file was changed\n", 130);
    });
}

/// Ends the process from a thread that nobody waits for, and leaves no part of an output file.
pub(super) fn abandon(text: &str, status: i32) -> ! {
    remove_unfinished();
    note(text);
    #[expect(clippy::exit, reason = "the thread has nothing to return to")]
    std::process::exit(status);
}
