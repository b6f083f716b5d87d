//! The command line: arguments in, exit status out. One file per command.
//!
//! ```
//! use clap::Parser;
//! use clvcast::cli::Cli;
//! assert!(Cli::try_parse_from(["clvcast", "inspect", "data/superstore.csv"]).is_ok());
//! assert!(Cli::try_parse_from(["clvcast", "guess"]).is_err());
//! ```

mod args;
mod backtest;
mod backtest_args;
mod choices;
mod choosing;
mod compare;
mod data;
mod explain;
mod fit;
mod fitting;
mod forecast;
mod forecast_file;
mod inspect;
mod intervals;
mod manifest;
mod manual;
mod memory;
mod model_args;
mod output;
mod overrides;
mod past_run;
mod pipeline;
mod plots;
mod progress;
mod report;
mod report_args;
mod run_args;
mod segment;
mod segment_args;
mod simulate;
mod status;
mod system;
mod target;
mod transitions;
mod work;

pub use args::Cli;
pub use status::report_failure;

use args::Command;

/// Runs one command.
///
/// # Errors
/// What [`report_failure`] turns into a message and an exit status.
///
/// ```
/// use clap::Parser;
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("sales.csv").display().to_string();
/// let arguments = ["clvcast", "simulate", "--customers", "10", "-o", &file];
/// clvcast::cli::run(clvcast::cli::Cli::parse_from(arguments))?;
/// assert!(std::fs::read_to_string(file)?.starts_with("customer,date,amount"));
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn run(cli: Cli) -> anyhow::Result<()> {
    output::install_interrupt_handler();
    match cli.command {
        Command::Forecast(args) => forecast::run(&args),
        Command::Backtest(args) => backtest::run(&args),
        Command::Fit(args) => fit::run(&args),
        Command::Transitions(args) => transitions::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Segment(args) => segment::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Completions(args) => manual::completions(&args),
        Command::Man(args) => manual::pages(&args),
    }
}
