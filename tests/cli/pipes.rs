//! Readers that go away, and runs that are interrupted.

use std::process::{Command, Stdio};

use crate::support::{Desk, PROGRAM, SMALL, SUPERSTORE, SYNLEAD};

/// Runs a command whose reader has gone before the first byte; its status and messages.
fn without_reader(args: &[&str]) -> (Option<i32>, String) {
    let mut child = Command::new(PROGRAM)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for args in [
        &["forecast", SUPERSTORE][..],
        &["forecast", SUPERSTORE, "--format", "csv", "--quiet"],
        &["forecast", SUPERSTORE, "--format", "json", "--quiet"],
        &["forecast", SUPERSTORE, "--format", "parquet", "--quiet"],
        &["forecast", SUPERSTORE, "--format", "csv", "--layout", "long", "--quiet"],
        &["fit", SUPERSTORE, "--format", "json"],
        &["inspect", SUPERSTORE],
        &["explain", SUPERSTORE, "--customer-id", "AA-10315"],
        &["transitions", "--model", SYNLEAD],
        &["simulate", "--customers", "2000"],
        &["completions", "bash"],
    ] {
        assert_eq!(without_reader(args), (Some(0), String::new()), "{args:?}");
    }
}

#[test]
fn a_dash_is_standard_output() {
    let desk = Desk::with(SMALL);
    let args = ["forecast", "sales.csv", "-q", "--format", "csv", "-o", "-"];
    let outcome = desk.done(&args);
    assert!(outcome.stdout.starts_with("customer,x,"), "{}", outcome.stdout);
    assert_eq!(desk.names(), ["sales.csv"]);
}

#[cfg(unix)]
#[test]
fn a_device_gets_the_forecast_and_no_manifest_beside_it() {
    let desk = Desk::with(SMALL);
    let plain = desk.done(&["forecast", "sales.csv", "-q", "--format", "csv"]).stdout;
    let args = ["forecast", "sales.csv", "-q", "--format", "csv", "-o", "/dev/stdout"];
    assert_eq!(desk.done(&args).stdout, plain);
    assert!(!std::path::Path::new("/dev/stdout.run.json").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_the_old_file_and_no_other() {
    use std::io::Write;
    use std::time::{Duration, Instant};
    let desk = Desk::new();
    desk.file("out.csv", "old\n");
    let mut child = Command::new(PROGRAM)
        .args(["forecast", "-", "-o", "out.csv"])
        .current_dir(desk.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The pipe stays open, so that the run is in the middle of its reading.
    let mut input = child.stdin.take().unwrap();
    input.write_all(SMALL.as_bytes()).unwrap();
    input.flush().unwrap();
    let started = Instant::now();
    while !desk.names().iter().any(|name| name.starts_with(".clvcast-")) {
        assert!(started.elapsed() < Duration::from_secs(30), "no unfinished file appears");
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    drop(input);
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("interrupted"), "{message}");
    assert!(output.stdout.is_empty());
    assert_eq!(desk.names(), ["out.csv"]);
    assert_eq!(desk.text("out.csv"), "old\n");
}
