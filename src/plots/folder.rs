//! Where pictures go: a folder, three files each.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{DrawError, Drawing};
use crate::report::{AtomicFile, OutputError};

/// A picture with the data behind it.
///
/// ```
/// use clvcast::plots::{Histogram, Picture, Style, draw_histogram};
/// let (actual, expected) = (vec![60, 30, 10], vec![58.0, 31.0, 11.0]);
/// let histogram = Histogram { actual, expected, from: 0, repeats: true };
/// let drawing = draw_histogram(&histogram, &Style::default());
/// let picture = Picture { drawing, csv: histogram.to_csv() };
/// assert_eq!(picture.csv, "purchases,customers,expected\n0,60,58\n1,30,31\n2+,10,11\n");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// What is drawn.
    pub drawing: Drawing,
    /// The same as a table.
    pub csv: String,
}

/// Why pictures are not written.
///
/// ```
/// use clvcast::plots::{PlotError, Folder};
/// let file = tempfile::NamedTempFile::new()?;
/// let error = Folder::create(file.path()).unwrap_err();
/// assert!(matches!(error, PlotError::NoFolder { .. }));
/// assert!(error.to_string().contains("a file stands there"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// The folder is not there and cannot be made.
    #[error("pictures cannot be written into `{}`: {reason}; choose another folder", .folder.display())]
    NoFolder {
        /// The folder as given.
        folder: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A picture cannot be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
}

/// A folder that takes pictures.
///
/// ```
/// use clvcast::plots::{Folder, Histogram, Picture, Style, draw_histogram};
/// let (actual, expected) = (vec![60, 30, 10], vec![58.0, 31.0, 11.0]);
/// let histogram = Histogram { actual, expected, from: 0, repeats: true };
/// let drawing = draw_histogram(&histogram, &Style::default());
/// let temporary = tempfile::tempdir()?;
/// let folder = Folder::create(&temporary.path().join("pictures"))?; // before the long work
/// folder.write(&[Picture { drawing, csv: histogram.to_csv() }])?;
/// for extension in ["svg", "png", "csv"] {
///     let name = format!("pictures/frequency-histogram.{extension}");
///     assert!(temporary.path().join(name).exists());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Whether it was not there before.
    made: bool,
}

/// A folder that was made for pictures and got none leaves no trace.
impl Drop for Folder {
    fn drop(&mut self) {
        if self.made {
            // A folder with something in it stays.
            let _ = fs::remove_dir(&self.path);
        }
    }
}

impl Folder {
    /// Makes the folder if it is not there, and tries whether files can be made in it.
    ///
    /// # Errors
    /// When a file stands in its place, or it cannot be made or written.
    pub fn create(folder: &Path) -> Result<Self, PlotError> {
        let failed = |reason: String| PlotError::NoFolder { folder: folder.to_owned(), reason };
        if folder.exists() && !folder.is_dir() {
            return Err(failed("a file stands there, and a folder is expected".to_owned()));
        }
        let made = !folder.exists();
        fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        let new = Self { path: folder.to_owned(), made };
        // Begun and given up: leaves no trace.
        drop(AtomicFile::create(folder.join("tracking.svg"))?);
        Ok(new)
    }

    /// The folder as given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes NAME.svg, NAME.png and NAME.csv of every picture; each file appears whole or not at
    /// all.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, pictures: &[Picture]) -> Result<(), PlotError> {
        let drawn = |picture: &Picture| -> Result<(String, Vec<u8>), DrawError> {
            Ok((picture.drawing.to_svg()?, picture.drawing.to_png()?))
        };
        let drawn: Vec<_> = pictures.par_iter().map(drawn).collect::<Result<_, _>>()?;
        for (picture, (svg, png)) in pictures.iter().zip(&drawn) {
            let name = picture.drawing.name();
            self.file(name, "csv", picture.csv.as_bytes())?;
            self.file(name, "svg", svg.as_bytes())?;
            self.file(name, "png", png)?;
        }
        Ok(())
    }

    fn file(&self, name: &str, extension: &str, bytes: &[u8]) -> Result<(), PlotError> {
        let path = self.path.join(format!("{name}.{extension}"));
        let mut file = AtomicFile::create(&path)?;
        let failed = |error| OutputError::from_io(&path, error, false);
        file.write_all(bytes).and_then(|()| file.flush()).map_err(failed)?;
        Ok(file.commit()?)
    }
}
