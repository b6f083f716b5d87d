//! A forecast file with its manifest beside it: both appear, or none.

use std::io::Write;
use std::path::Path;

use anyhow::Result;

use super::target;
use crate::report::{AtomicFile, Manifest};

/// Ending of the manifest's name.
pub(super) const MANIFEST: &str = ".run.json";

/// The forecast file and the manifest beside it.
pub(super) struct Target {
    pub(super) forecast: AtomicFile,
    /// None beside a pipe or a terminal.
    manifest: Option<AtomicFile>,
}

impl Target {
    pub(super) fn create(path: &Path) -> Result<Self> {
        let forecast = AtomicFile::create(path)?;
        let beside = (!target::special(path)).then(|| target::beside(path, MANIFEST));
        Ok(Self { forecast, manifest: beside.map(AtomicFile::create).transpose()? })
    }

    pub(super) fn commit(mut self, manifest: &Manifest) -> Result<()> {
        if let Some(file) = &mut self.manifest {
            file.write_all(manifest.to_json().as_bytes())?;
            file.flush()?;
        }
        self.forecast.commit()?;
        Ok(self.manifest.map_or(Ok(()), AtomicFile::commit)?)
    }
}
