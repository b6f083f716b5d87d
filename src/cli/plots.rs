//! `--plots DIR`: a folder that is tried before the work and filled after it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::plots::{Folder, NAMES, Pictures};

/// The folder, made and tried.
pub(super) fn folder(path: Option<&Path>) -> Result<Option<Folder>> {
    Ok(path.map(Folder::create).transpose()?)
}

/// The files that pictures may become, so that none of them replaces an input.
pub(super) fn files(path: Option<&Path>) -> Vec<PathBuf> {
    let names = |folder: &Path| -> Vec<PathBuf> {
        let file = |name: &&str, extension| folder.join(format!("{name}.{extension}"));
        NAMES.iter().flat_map(|name| ["svg", "png", "csv"].map(|e| file(name, e))).collect()
    };
    path.map(names).unwrap_or_default()
}

/// Writes the pictures; the note says how many there are and what was left out.
pub(super) fn write(folder: &Folder, pictures: &Pictures) -> Result<String> {
    folder.write(&pictures.drawn)?;
    let count = pictures.drawn.len();
    let left_out = pictures.note().map_or_else(String::new, |note| format!("; {note}"));
    Ok(format!("{count} picture(s) written to `{}`{left_out}\n", folder.path().display()))
}
