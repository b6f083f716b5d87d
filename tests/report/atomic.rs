//! Files appear whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use clvcast::report::{AtomicFile, OutputProblem, remove_unfinished};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// One test, because [`remove_unfinished`] is about all files of the process.
#[test]
fn the_old_file_stays_until_the_new_one_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    fs::write(&path, "old").unwrap();

    let mut dropped = AtomicFile::create(&path).unwrap();
    dropped.write_all(b"half").unwrap();
    dropped.flush().unwrap();
    assert_eq!(names(folder.path()).len(), 2);
    drop(dropped);
    assert_eq!(names(folder.path()), ["out.csv"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");

    let mut interrupted = AtomicFile::create(&path).unwrap();
    interrupted.write_all(b"half").unwrap();
    remove_unfinished();
    assert_eq!(names(folder.path()), ["out.csv"]);
    let error = interrupted.commit().unwrap_err();
    assert!(matches!(error.problem, OutputProblem::Interrupted));
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");

    let mut whole = AtomicFile::create(&path).unwrap();
    whole.write_all(b"new").unwrap();
    whole.commit().unwrap();
    remove_unfinished();
    assert_eq!(names(folder.path()), ["out.csv"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");

    permissions_and_links(folder.path(), &path);
}

#[cfg(unix)]
fn permissions_and_links(folder: &Path, path: &Path) {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let write = |path: &Path| {
        let mut file = AtomicFile::create(path).unwrap();
        file.write_all(b"x").unwrap();
        file.commit().unwrap();
    };

    // A new file has the permissions any new file has.
    let (plain, ours) = (folder.join("plain"), folder.join("ours"));
    fs::write(&plain, "").unwrap();
    write(&ours);
    assert_eq!(mode(&ours), mode(&plain));

    for wanted in [0o600, 0o666, 0o640] {
        fs::set_permissions(path, fs::Permissions::from_mode(wanted)).unwrap();
        write(path);
        assert_eq!(mode(path), wanted);
    }

    let link = folder.join("link.csv");
    symlink(path, &link).unwrap();
    write(&link);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(path).unwrap(), "x");
}

#[cfg(not(unix))]
fn permissions_and_links(_: &Path, _: &Path) {}

#[test]
fn targets_that_cannot_be_written_are_named_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let missing = AtomicFile::create(folder.path().join("no/such/out.csv")).unwrap_err();
    assert!(
        matches!(&missing.problem, OutputProblem::NoFolder { folder } if folder.ends_with("such"))
    );
    assert!(missing.to_string().contains("does not exist; create it"), "{missing}");

    let directory = AtomicFile::create(folder.path()).unwrap_err();
    assert!(matches!(directory.problem, OutputProblem::IsDirectory { .. }));

    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let below = AtomicFile::create(file.join("out.csv")).unwrap_err();
    assert!(matches!(below.problem, OutputProblem::FolderIsFile { .. }), "{below}");
    assert_eq!(names(folder.path()), ["file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_not_a_regular_file_is_written_directly() {
    let mut null = AtomicFile::create("/dev/null").unwrap();
    null.write_all(b"x").unwrap();
    null.commit().unwrap();

    let mut full = AtomicFile::create("/dev/full").unwrap();
    let written = full.write_all(b"x").and_then(|()| full.flush());
    let error = written.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    assert!(error.to_string().starts_with("cannot write `/dev/full`: the disk is full"));
    assert!(matches!(full.commit().unwrap_err().problem, OutputProblem::Full));
    assert!(!fs::metadata("/dev/full").unwrap().is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_target_as_it_was() {
    use clvcast::report::{Format, ReportError, WriteOptions, write_forecast};
    let world = crate::world::World::new(crate::world::ALL);
    for format in Format::ALL {
        let full = AtomicFile::create("/dev/full").unwrap();
        let options = WriteOptions::default();
        let error =
            write_forecast(&world.panel, &world.forecast, &options, format, full).unwrap_err();
        assert!(matches!(error, ReportError::Io(_)));
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
}
