//! The `clvcast` binary: parse, run, exit status.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // clap prints usage errors itself and exits with status 2.
    let cli = clvcast::cli::Cli::parse();
    match clvcast::cli::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => clvcast::cli::report_failure(&error),
    }
}
