//! A folder of its own for each test, and the program run inside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::table::Table;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_clvcast");
/// A retailer's orders with costs; see data/README.md.
pub(crate) const SUPERSTORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/superstore.csv");
/// Orders without costs; see data/README.md.
pub(crate) const CDNOW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/cdnow-sample.csv");
/// The published example.
pub(crate) const SYNLEAD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/synlead-2008.json");
/// Three customers over four quarters of 2020, two of them with repeat purchases.
pub(crate) const SMALL: &str = "customer,date,amount,cost\n\
    a,2020-01-05,10.50,6\na,2020-05-06,12,7\na,2020-11-07,9.25,5\n\
    b,2020-02-01,40,31\nb,2020-12-31,44.10,30\nc,2020-06-30,5,2\n";

/// A folder that goes with the test; commands run inside it.
pub(crate) struct Desk(TempDir);

/// What a command left.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder with `sales.csv` in it.
    pub(crate) fn with(sales: impl AsRef<[u8]>) -> Self {
        let desk = Self::new();
        desk.file("sales.csv", sales);
        desk
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a written file");
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("UTF-8")
    }

    pub(crate) fn table(&self, name: &str) -> Table {
        Table::parse(&self.text(name))
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_slice(&self.bytes(name)).expect("JSON")
    }

    /// The names in the folder, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).expect("a folder");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<_> = entries.map(|entry| name(entry.expect("an entry"))).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        // No test waits for more than a few seconds of work; a hanging one fails.
        command.current_dir(self.folder()).args(args).timeout(Duration::from_secs(120));
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        Outcome::of(&self.command(args).output().expect("an outcome"))
    }

    pub(crate) fn run_with_stdin(&self, args: &[&str], input: impl Into<Vec<u8>>) -> Outcome {
        Outcome::of(&self.command(args).write_stdin(input).output().expect("an outcome"))
    }

    /// Runs a command that has to succeed.
    #[track_caller]
    pub(crate) fn done(&self, args: &[&str]) -> Outcome {
        let outcome = self.run(args);
        assert_eq!(outcome.code, 0, "{args:?}: {}", outcome.stderr);
        outcome
    }

    /// Forecasts with the given arguments and `-o out.csv`, quietly.
    #[track_caller]
    pub(crate) fn forecast(&self, args: &[&str]) -> Table {
        self.done(&[&["forecast"], args, &["-o", "out.csv", "--quiet"]].concat());
        self.table("out.csv")
    }

    /// The forecast is refused with this status and a message that holds all `parts`: nothing on
    /// standard output, no file made, an old one unchanged.
    #[track_caller]
    pub(crate) fn refuses(&self, args: &[&str], code: i32, parts: &[&str]) {
        self.refused(&[&["forecast"], args, &["-o", "out.csv"]].concat(), code, parts);
        self.file("out.csv", "old\n");
        self.refused(&[&["forecast"], args, &["-o", "out.csv"]].concat(), code, parts);
        assert_eq!(self.text("out.csv"), "old\n");
    }

    /// The same for a whole command line.
    #[track_caller]
    pub(crate) fn refused(&self, args: &[&str], code: i32, parts: &[&str]) {
        let before = self.names();
        let outcome = self.run(args);
        let message = &outcome.stderr;
        assert_eq!(outcome.code, code, "{args:?}: {message}");
        assert_eq!(outcome.stdout, "", "{args:?}");
        assert!(message.starts_with("error: "), "{message}");
        holds(message, parts);
        assert_eq!(self.names(), before, "{args:?}");
    }
}

impl Outcome {
    pub(crate) fn of(output: &std::process::Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

/// Asserts that a text holds all the others.
#[track_caller]
pub(crate) fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
}
