//! What can be said of how a run behaves, whatever its command.

use clap::Args;

use super::memory::{self, Limit};

/// How a run behaves.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[command(next_help_heading = "Run")]
pub(super) struct RunArgs {
    /// Threads to use [default: all cores]; the output does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// No summary, no notes, no progress; warnings and errors only
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// No progress bars
    #[arg(long)]
    pub(super) no_progress: bool,
    /// Exit with status 1 when there are warnings
    #[arg(long)]
    pub(super) strict: bool,
    /// Print what each stage took on standard error: seconds, rows, bytes, customers, memory; a
    /// manifest holds it, too
    #[arg(long)]
    pub(super) timings: bool,
    /// Stop with a message and advice, and no output, when more memory than this is in use, such as
    /// 4GB, 500MB or 8GiB; `none` for no limit [default: what the machine, or the container, had
    /// free at the start, less a twentieth, so that a run stops before the machine swaps]
    #[arg(long, value_name = "LIMIT", value_parser = memory::limit)]
    pub(super) memory: Option<Limit>,
}
