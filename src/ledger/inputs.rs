//! Which files are meant: paths, patterns, folders of Parquet parts, standard input.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::columns::nearest;
use super::error::LedgerError;

/// One input to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    /// As given, for messages; `standard input` where `-` was given.
    pub(super) name: String,
    /// `None` for standard input.
    pub(super) path: Option<PathBuf>,
    /// Stored size, where it is known beforehand.
    pub(super) bytes: Option<u64>,
}

/// Expands what was given, in its order; patterns and folders sorted by name.
pub(super) fn expand(given: &[String]) -> Result<Vec<Input>, LedgerError> {
    let mut inputs = Vec::new();
    for name in given {
        let path = Path::new(name);
        if name == "-" {
            inputs.push(Input { name: "standard input".to_owned(), path: None, bytes: None });
        } else if path.exists() {
            add(path, &mut inputs)?;
        } else if name.contains(['*', '?', '[']) {
            for path in matches(name)? {
                add(&path, &mut inputs)?;
            }
        } else {
            return Err(LedgerError::Missing { path: name.clone(), nearest: similar(path) });
        }
    }
    if inputs.is_empty() {
        return Err(LedgerError::NoInput);
    }
    refuse_repeated(&inputs)?;
    Ok(inputs)
}

fn add(path: &Path, inputs: &mut Vec<Input>) -> Result<(), LedgerError> {
    if path.is_dir() {
        for part in parts(path)? {
            inputs.push(file(part));
        }
    } else {
        inputs.push(file(path.to_owned()));
    }
    Ok(())
}

fn file(path: PathBuf) -> Input {
    let regular = fs::metadata(&path).ok().filter(fs::Metadata::is_file);
    Input {
        name: path.display().to_string(),
        bytes: regular.map(|metadata| metadata.len()),
        path: Some(path),
    }
}

/// The Parquet parts of a folder; hidden files and markers such as `_SUCCESS` are not parts.
fn parts(folder: &Path) -> Result<Vec<PathBuf>, LedgerError> {
    let name = folder.display().to_string();
    let unreadable = |source| LedgerError::Unreadable { file: name.clone(), source };
    let mut parts = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']));
        if !hidden && is_parquet(&path) && path.is_file() {
            parts.push(path);
        }
    }
    if parts.is_empty() {
        return Err(LedgerError::NoParquet { folder: name.trim_end_matches('/').to_owned() });
    }
    parts.sort();
    Ok(parts)
}

/// Whether a path is named as a Parquet file.
pub(super) fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("parquet") || extension.eq_ignore_ascii_case("pq")
    })
}

fn matches(pattern: &str) -> Result<Vec<PathBuf>, LedgerError> {
    let paths = glob::glob(pattern).map_err(|error| LedgerError::BadPattern {
        pattern: pattern.to_owned(),
        detail: error.msg.to_owned(),
    })?;
    let mut found = Vec::new();
    for path in paths {
        found.push(path.map_err(|error| LedgerError::Unreadable {
            file: error.path().display().to_string(),
            source: error.into(),
        })?);
    }
    if found.is_empty() {
        return Err(LedgerError::NoMatch { pattern: pattern.to_owned() });
    }
    found.sort();
    Ok(found)
}

/// The most similar name in the folder of a path that does not exist.
fn similar(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    // A much shorter name is another file, however alike its letters are.
    let length = wanted.chars().count();
    let alike = |name: &&str| name.chars().count().abs_diff(length) * 3 <= length;
    let name = nearest(wanted, names.iter().map(String::as_str).filter(alike))?;
    Some(folder.map_or(name.clone(), |folder| folder.join(&name).display().to_string()))
}

/// Refuses a file that is reached twice, by whatever path.
fn refuse_repeated(inputs: &[Input]) -> Result<(), LedgerError> {
    let mut seen: HashMap<Option<PathBuf>, &str> = HashMap::new();
    for input in inputs {
        let real = input.path.as_ref().map(|path| path.canonicalize().unwrap_or(path.clone()));
        if let Some(first) = seen.insert(real, &input.name) {
            let second = input.name.clone();
            return Err(LedgerError::SameFile { first: first.to_owned(), second });
        }
    }
    Ok(())
}
