//! Where a command may write: never over what it reads, and no two outputs in one place.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::args::InputArgs;
use super::status::Usage;

/// Refuses an output that is also read, or that another output takes.
pub(super) fn check(outputs: &[(&str, &Path)], inputs: &[(&str, &Path)]) -> Result<()> {
    for (at, &(option, path)) in outputs.iter().enumerate() {
        let place = place(path);
        if special(path) {
            continue;
        }
        let shown = path.display();
        if let Some((role, _)) = inputs.iter().find(|(_, input)| self::place(input) == place) {
            let message =
                format!("`{option} {shown}` would replace {role}: choose another file name");
            return Err(Usage(message).into());
        }
        if let Some((other, _)) = outputs[..at].iter().find(|(_, o)| self::place(o) == place) {
            let message =
                format!("`{option} {shown}` and `{other}` name one file: choose two names");
            return Err(Usage(message).into());
        }
    }
    Ok(())
}

/// The same for a command that reads transactions and perhaps a calendar, and writes a file and
/// pictures.
pub(super) fn check_run(
    output: Option<&Path>,
    pictures: &[PathBuf],
    input: &InputArgs,
    calendar: Option<&Path>,
) -> Result<()> {
    let output = output.map(|path| ("-o", path));
    let rejects = input.rejects.as_deref().map(|path| ("--rejects", path));
    let pictures = pictures.iter().map(|path| ("--plots", path.as_path()));
    let outputs: Vec<(&str, &Path)> = output.into_iter().chain(rejects).chain(pictures).collect();
    let transactions = input.transactions.iter().map(|i| ("its own input", Path::new(i)));
    let calendar = calendar.map(|path| ("the calendar file", path));
    check(&outputs, &transactions.chain(calendar).collect::<Vec<_>>())
}

/// The output that is a file: `-` is standard output, as it is standard input among the inputs.
pub(super) fn file(output: Option<&Path>) -> Option<&Path> {
    output.filter(|path| *path != Path::new("-"))
}

/// What is there and is not a regular file: a pipe, a terminal, `/dev/stdout`. Nothing is replaced
/// in writing to it, and nothing can stand beside it.
pub(super) fn special(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file())
        || path.starts_with("/dev/fd")
        || path.starts_with("/proc/self/fd")
        || ["/dev/stdout", "/dev/stderr"].iter().any(|name| path == Path::new(name))
}

/// A name beside a file: `FILE.suffix`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The path without links and detours, for a file that may not be there yet.
fn place(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().unwrap_or_default();
        folder.join(path.file_name().unwrap_or_default())
    })
}
