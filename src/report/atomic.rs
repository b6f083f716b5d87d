//! Files that appear whole or not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use super::output_error::{OutputError, OutputProblem, folder_of};

/// A file that is written beside its target and takes its place on [`commit`](Self::commit).
///
/// Dropped without a commit it leaves no trace, and what stood in the target before is unchanged.
/// A target that exists keeps its permissions; a link is followed. What exists and is not a
/// regular file (a pipe, a terminal, `/dev/stdout`) has no place to take and is written directly.
///
/// ```
/// use clvcast::report::AtomicFile;
/// use std::io::Write;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("forecast.csv");
/// let mut file = AtomicFile::create(&path)?;
/// file.write_all(b"customer\n")?;
/// assert!(!path.exists());
/// file.commit()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "customer\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AtomicFile {
    /// The target as given, for messages.
    path: PathBuf,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Beside { target: PathBuf, file: BufWriter<Unfinished> },
    Direct(BufWriter<File>),
}

impl AtomicFile {
    /// Begins a file; the target is untouched until [`commit`](Self::commit).
    ///
    /// # Errors
    /// When the folder is missing or cannot be written, or the target is a directory or a file
    /// without the right to write it.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, OutputError> {
        let path = path.as_ref();
        let failed = |folder| move |error| OutputError::from_io(path, error, folder);
        let existing = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(OutputError::is_directory(path)),
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(true)(error)),
        };
        // A name that ends in a separator is that of a folder which is not there.
        if path.file_name().is_none() || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(OutputError::is_directory(path));
        }
        if existing.as_ref().is_some_and(|found| !found.is_file()) || is_descriptor(path) {
            let file = OpenOptions::new().append(true).open(path).map_err(failed(false))?;
            return Ok(Self { path: path.to_owned(), sink: Sink::Direct(BufWriter::new(file)) });
        }
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let permissions = existing.map(|metadata| metadata.permissions());
        if permissions.is_some() {
            // Renaming would replace a read-only file all the same.
            OpenOptions::new().append(true).open(path).map_err(failed(false))?;
        }
        let file = Unfinished::new(&folder_of(&target), permissions).map_err(failed(true))?;
        let sink = Sink::Beside { target, file: BufWriter::new(file) };
        Ok(Self { path: path.to_owned(), sink })
    }

    /// The target as given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in its target's place, after everything has reached the disk.
    ///
    /// # Errors
    /// When the last bytes cannot be written or the target cannot be replaced; the target is then
    /// as it was.
    pub fn commit(self) -> Result<(), OutputError> {
        let path = self.path;
        match self.sink {
            Sink::Beside { target, file } => match file.into_inner() {
                Ok(file) => file.persist(&target),
                Err(error) => Err(Failure::Io(error.into_error())),
            },
            Sink::Direct(mut file) => file.flush().map_err(Failure::Io),
        }
        .map_err(|failure| match failure {
            Failure::Io(error) => OutputError::from_io(&path, error, false),
            Failure::Removed => {
                OutputError { path: path.clone(), problem: OutputProblem::Interrupted }
            }
        })
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.sink {
            Sink::Beside { file, .. } => file.write(bytes),
            Sink::Direct(file) => file.write(bytes),
        };
        written.map_err(|error| explained(&self.path, error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match &mut self.sink {
            Sink::Beside { file, .. } => file.flush(),
            Sink::Direct(file) => file.flush(),
        };
        flushed.map_err(|error| explained(&self.path, error))
    }
}

fn explained(path: &Path, error: io::Error) -> io::Error {
    let kind = error.kind();
    if kind == io::ErrorKind::Interrupted {
        return error; // the caller tries again
    }
    OutputError::from_io(path, error, false).into_io(kind)
}

/// Names of this process's own open files. They can lead to a regular file that a shell has opened
/// for more output than ours, whose place must not be taken.
fn is_descriptor(path: &Path) -> bool {
    let folders = ["/dev/fd", "/proc/self/fd"];
    ["/dev/stdout", "/dev/stderr"].iter().any(|name| path == Path::new(name))
        || folders.iter().any(|folder| path.starts_with(folder))
}

/// Paths of the files that are begun and not yet in place.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    // The list is whole at any time, so that a panic elsewhere does not spoil it.
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes all files that are begun and not yet in place, for a handler of Ctrl-C that ends the
/// process. A [`commit`](AtomicFile::commit) under way is completed first; later ones fail.
///
/// ```
/// use clvcast::report::{AtomicFile, remove_unfinished};
/// let folder = tempfile::tempdir()?;
/// let file = AtomicFile::create(folder.path().join("forecast.csv"))?;
/// remove_unfinished();
/// assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
/// assert!(file.commit().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn remove_unfinished() {
    for path in unfinished().drain(..) {
        // Nothing can be done about a file that cannot be removed.
        let _ = fs::remove_file(path);
    }
}

/// Why a file did not take its place.
enum Failure {
    Io(io::Error),
    Removed,
}

/// A temporary file that stands in the list of unfinished ones.
#[derive(Debug)]
struct Unfinished {
    file: NamedTempFile,
}

impl Unfinished {
    fn new(folder: &Path, permissions: Option<Permissions>) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        // It is removed below, together with its place in the list.
        builder.prefix(".clvcast-").suffix(".tmp").disable_cleanup(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Narrowed by the umask, as for any new file.
            let wanted = permissions.clone().unwrap_or_else(|| Permissions::from_mode(0o666));
            builder.permissions(wanted);
        }
        // The list is locked meanwhile, so that no file is there without standing in it.
        let mut list = unfinished();
        let file = builder.tempfile_in(folder)?;
        list.push(file.path().to_owned());
        drop(list);
        let unfinished = Self { file };
        if let Some(permissions) = permissions {
            unfinished.file.as_file().set_permissions(permissions)?;
        }
        Ok(unfinished)
    }

    fn persist(self, target: &Path) -> Result<(), Failure> {
        // Some file systems report a full disk only now.
        self.file.as_file().sync_all().map_err(Failure::Io)?;
        let mut list = unfinished();
        let Some(at) = list.iter().position(|path| path == self.file.path()) else {
            return Err(Failure::Removed);
        };
        fs::rename(self.file.path(), target).map_err(Failure::Io)?;
        list.swap_remove(at);
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let mut list = unfinished();
        // It is no longer in the list once it is in place, or was removed.
        if let Some(at) = list.iter().position(|path| path == self.file.path()) {
            let path = list.swap_remove(at);
            let _ = fs::remove_file(path);
        }
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}
