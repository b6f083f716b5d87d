//! Why a file cannot be written, and what to try.

use std::io;
use std::path::{Path, PathBuf};

/// A file that cannot be written. Writes to an [`AtomicFile`](super::AtomicFile) carry it inside
/// their [`io::Error`], whose message is this one's.
///
/// ```
/// use clvcast::report::AtomicFile;
/// let folder = tempfile::tempdir()?;
/// let error = AtomicFile::create(folder.path().join("missing/forecast.csv")).unwrap_err();
/// assert!(error.to_string().ends_with("create it, or write to another folder"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {problem}", .path.display())]
pub struct OutputError {
    /// The file as given.
    pub path: PathBuf,
    /// What is wrong.
    pub problem: OutputProblem,
}

/// What is wrong with an output file.
///
/// ```
/// use clvcast::report::{AtomicFile, OutputProblem};
/// let folder = tempfile::tempdir()?;
/// let error = AtomicFile::create(folder.path()).unwrap_err();
/// assert!(matches!(error.problem, OutputProblem::IsDirectory { .. }));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputProblem {
    /// The folder is not there.
    #[error("the folder `{}` does not exist; create it, or write to another folder", .folder.display())]
    NoFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder is a file.
    #[error("`{}` is a file, expected a folder; write to another folder", .folder.display())]
    FolderIsFile {
        /// The file in the folder's place.
        folder: PathBuf,
    },
    /// The target is a directory.
    #[error("it is a directory, expected a file name; try `{}`", .example.display())]
    IsDirectory {
        /// A name inside it.
        example: PathBuf,
    },
    /// No right to write the file or into its folder.
    #[error(
        "no permission to write {}; change its permissions, or write to another folder",
        if *.folder { "into its folder" } else { "this file" }
    )]
    ReadOnly {
        /// Whether the folder refuses, not the file.
        folder: bool,
    },
    /// No space is left.
    #[error(
        "the disk is full, or a quota is used up; free some space or write to another disk \
         (what stood in the file before is unchanged)"
    )]
    Full,
    /// The run was stopped meanwhile.
    #[error("the run was interrupted; what stood in the file before is unchanged")]
    Interrupted,
    /// Something else.
    #[error("{0}")]
    Other(io::Error),
}

impl OutputError {
    /// Says what an I/O error means for a file; `folder` when it is about the file's folder.
    pub(crate) fn from_io(path: &Path, error: io::Error, folder: bool) -> Self {
        let problem = match error.kind() {
            io::ErrorKind::NotFound => OutputProblem::NoFolder { folder: folder_of(path) },
            io::ErrorKind::NotADirectory => OutputProblem::FolderIsFile { folder: folder_of(path) },
            io::ErrorKind::IsADirectory => OutputProblem::IsDirectory { example: inside(path) },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                OutputProblem::ReadOnly { folder }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => OutputProblem::Full,
            _ => OutputProblem::Other(error),
        };
        Self { path: path.to_owned(), problem }
    }

    pub(super) fn is_directory(path: &Path) -> Self {
        let problem = OutputProblem::IsDirectory { example: inside(path) };
        Self { path: path.to_owned(), problem }
    }

    /// As the error of a write, of the same kind as the error it came from.
    pub(super) fn into_io(self, kind: io::ErrorKind) -> io::Error {
        io::Error::new(kind, self)
    }
}

/// The folder a file stands in.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn inside(path: &Path) -> PathBuf {
    // Of the same format, where the folder's name says one.
    let named = |extension: &str| matches!(extension, "xlsx" | "html" | "json" | "parquet");
    let extension = path.extension().and_then(|e| e.to_str()).filter(|own| named(own));
    path.join(format!("forecast.{}", extension.unwrap_or("csv")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_names_the_file_and_a_remedy() {
        let message = |kind: io::ErrorKind, folder| {
            OutputError::from_io(Path::new("out/f.csv"), kind.into(), folder).to_string()
        };
        assert_eq!(
            message(io::ErrorKind::NotFound, true),
            "cannot write `out/f.csv`: the folder `out` does not exist; create it, or write to \
             another folder"
        );
        assert_eq!(
            message(io::ErrorKind::PermissionDenied, true),
            "cannot write `out/f.csv`: no permission to write into its folder; change its \
             permissions, or write to another folder"
        );
        assert!(message(io::ErrorKind::ReadOnlyFilesystem, false).contains("this file"));
        assert!(message(io::ErrorKind::StorageFull, false).contains("the disk is full"));
        assert!(message(io::ErrorKind::NotADirectory, true).contains("`out` is a file"));
        assert_eq!(folder_of(Path::new("f.csv")), Path::new("."));
    }
}
