//! The Python package as a user gets it: a fresh virtual environment, one install command, then
//! the tests in Python, the examples, and the check of types and of form.
//!
//! Needs a Python of version 3.10 or later with `venv`, and the package index. Where there is no
//! Python the tests say so and pass, unless `CLVCAST_PYTHON=required` is set.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Folder of the package.
const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

/// Runs a command in the folder of the package; what it printed where it fails.
fn run(command: &mut Command) -> Result<(), String> {
    // What cargo tells a test about itself is not about the builds that are started here.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_")) {
        command.env_remove(name);
    }
    let shown = format!("{command:?}");
    let output = command.current_dir(PACKAGE).output().map_err(|e| format!("{shown}: {e}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    if output.status.success() { Ok(()) } else { Err(format!("{shown}\n{out}\n{err}")) }
}

/// An interpreter that can make the environment.
fn python() -> Option<PathBuf> {
    let named = std::env::var("PYTHON").ok();
    let candidates = named.into_iter().chain(["python3", "python"].map(str::to_owned));
    let fits = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    let mut found = candidates.filter(|name| run(Command::new(name).args(["-c", fits])).is_ok());
    found.next().map(PathBuf::from)
}

/// The interpreter of a fresh environment into which the package was installed, once for all tests;
/// `None` where there is no Python.
fn installed() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let install = || {
        let Some(python) = python() else {
            let required = std::env::var("CLVCAST_PYTHON").is_ok_and(|word| word == "required");
            assert!(!required, "no Python 3.10 or later with venv was found");
            // Not by the macro, whose words a test that passes keeps to itself.
            let skipped = b"skipped: no Python 3.10 or later with venv was found\n";
            std::io::stderr().write_all(skipped).unwrap();
            return None;
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        run(Command::new(python).args(["-m", "venv"]).arg(&folder)).unwrap();
        let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let python = bin.join("python");
        // The one command of the README, with what the tests need.
        let pip = ["-m", "pip", "install", "--quiet", ".[test]"];
        run(Command::new(&python).args(pip)).unwrap();
        Some(python)
    };
    PYTHON.get_or_init(install).as_deref()
}

#[test]
fn tests_in_python_pass() {
    let Some(python) = installed() else { return };
    run(Command::new(python).args(["-m", "pytest", "--quiet"])).unwrap();
}

#[test]
fn examples_in_the_documentation_run() {
    let Some(python) = installed() else { return };
    let pytest = ["-m", "pytest", "--quiet", "--doctest-modules", "--pyargs", "clvcast"];
    run(Command::new(python).args(pytest)).unwrap();
}

#[test]
fn types_are_complete() {
    let Some(python) = installed() else { return };
    run(Command::new(python).args(["-m", "mypy", "--strict", "-p", "clvcast"])).unwrap();
    // The description of the engine says what is there, and all of it.
    run(Command::new(python).args(["-m", "mypy.stubtest", "clvcast._engine"])).unwrap();
}

#[test]
fn sources_are_tidy() {
    let Some(python) = installed() else { return };
    run(Command::new(python).args(["-m", "ruff", "check"])).unwrap();
    run(Command::new(python).args(["-m", "ruff", "format", "--check"])).unwrap();
}
