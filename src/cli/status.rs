//! From an error to a message and an exit status: 1 the data or the request cannot be served, 2 the
//! arguments are wrong.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::report::ReportError;

/// Arguments that cannot be used: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub(super) String);

/// Warnings under `--strict`: exit status 1 after the output is complete.
#[derive(Debug, thiserror::Error)]
#[error("{0} warning(s) under `--strict`: the output is complete, the exit status is 1")]
pub(super) struct Strict(pub(super) usize);

/// Prints an error with its causes to standard error; the exit status that belongs to it.
///
/// A reader of standard output that went away is no failure: exit 0, silently.
///
/// ```
/// use std::{io, process::ExitCode};
/// let error = |kind| anyhow::Error::from(io::Error::from(kind));
/// let status = |kind| clvcast::cli::report_failure(&error(kind));
/// assert_eq!(status(io::ErrorKind::BrokenPipe), ExitCode::SUCCESS);
/// assert_eq!(status(io::ErrorKind::NotFound), ExitCode::from(1));
/// ```
#[must_use]
pub fn report_failure(error: &anyhow::Error) -> ExitCode {
    let broken_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
            // Transparent errors are not followed by the error they hold.
            || cause.downcast_ref::<ReportError>().is_some_and(ReportError::is_broken_pipe)
    };
    if error.chain().any(broken_pipe) {
        return ExitCode::SUCCESS;
    }
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        // Transparent errors repeat their source word for word.
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text.push_str(&format!("\n  because: {cause}"));
        }
    }
    // Nothing can be done when standard error itself is gone.
    let _ = writeln!(io::stderr(), "{text}");
    let usage = error.chain().any(<dyn std::error::Error>::is::<Usage>);
    ExitCode::from(if usage { 2 } else { 1 })
}
