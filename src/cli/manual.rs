//! Completions and manual pages, from the same definition as `--help`.

use std::fs;

use anyhow::{Context, Result};
use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::output;

pub(super) fn completions(args: &CompletionsArgs) -> Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "clvcast", &mut text);
    output::print(&String::from_utf8_lossy(&text))
}

pub(super) fn pages(args: &ManArgs) -> Result<()> {
    let shown = args.folder.display();
    fs::create_dir_all(&args.folder)
        .with_context(|| format!("the folder `{shown}` cannot be made"))?;
    clap_mangen::generate_to(Cli::command(), &args.folder)
        .with_context(|| format!("the manual pages cannot be written to `{shown}`"))
}
