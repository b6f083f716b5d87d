//! `--timings`: what each stage took, for people and in the manifest.

use crate::support::{Desk, SUPERSTORE, holds};

/// The table: name of a stage to its other cells.
fn rows(stderr: &str) -> Vec<Vec<String>> {
    let lines = stderr.lines().skip_while(|line| !line.contains("CPU seconds")).skip(1);
    lines
        .map(|line| line.split("  ").map(str::trim).map(String::from).collect())
        .map(full)
        .collect()
}

fn full(cells: Vec<String>) -> Vec<String> {
    cells.into_iter().filter(|cell| !cell.is_empty()).collect()
}

fn names(rows: &[Vec<String>]) -> Vec<&str> {
    rows.iter().map(|row| row[0].as_str()).collect()
}

#[test]
fn every_stage_has_its_line_and_says_what_it_did() {
    let desk = Desk::new();
    let args = ["forecast", SUPERSTORE, "--frequency", "nbd", "--quiet", "--timings"];
    let outcome = desk.done(&[&args[..], &["-o", "out.csv"]].concat());
    holds(&outcome.stderr, &["stage", "seconds", "rows", "MB", "customers", "peak memory, MB"]);
    let table = rows(&outcome.stderr);
    let stages =
        ["reading", "panel", "fitting", "forecasting", "drawing futures", "writing", "total"];
    assert_eq!(names(&table), stages);
    // Rows and customers as in data/README.md.
    assert_eq!((table[0][3].as_str(), table[0][4].as_str()), ("5,009", "0.3"));
    assert!(table[1..6].iter().all(|row| row[5] == "793"), "{table:?}");
    // All lines are of one length: the columns line up.
    let lines: Vec<&str> = outcome.stderr.lines().skip_while(|l| !l.contains("CPU")).collect();
    assert!(lines.windows(2).all(|two| two[0].chars().count() == two[1].chars().count()));
}

#[test]
fn the_manifest_holds_them_where_they_are_asked_for() {
    let desk = Desk::new();
    let args = [SUPERSTORE, "--frequency", "nbd"];
    desk.forecast(&args);
    let first = desk.bytes("out.csv");
    assert!(desk.json("out.csv.run.json")["times"].get("stages").is_none());
    desk.forecast(&[&args[..], &["--timings"]].concat());
    assert_eq!(desk.bytes("out.csv"), first);
    let times = desk.json("out.csv.run.json")["times"].clone();
    let stages = times["stages"].as_array().unwrap();
    assert_eq!(stages[0]["stage"], "reading");
    assert_eq!(stages[0]["rows"], 5009);
    assert_eq!(stages[0]["bytes"], std::fs::metadata(SUPERSTORE).unwrap().len());
    assert_eq!(stages[1]["customers"], 793);
    assert_eq!(stages.last().unwrap()["stage"], "writing");
    let sum: f64 = stages.iter().map(|stage| stage["seconds"].as_f64().unwrap()).sum();
    assert!(sum <= times["seconds"].as_f64().unwrap());
    #[cfg(target_os = "linux")]
    {
        let peaks: Vec<u64> = stages.iter().map(|s| s["peak_memory"].as_u64().unwrap()).collect();
        assert!(peaks.is_sorted() && peaks[0] > 0, "{peaks:?}");
    }
}

#[test]
fn every_command_that_reads_has_them() {
    let desk = Desk::new();
    desk.forecast(&[SUPERSTORE, "--frequency", "nbd", "--as-of", "2017-09-30"]);

    let commands: [(&[&str], &str); 5] = [
        (&["fit", SUPERSTORE], "fitting"),
        (&["inspect", SUPERSTORE], "panel"),
        (&["backtest", SUPERSTORE, "--only", "nbd,none,posterior", "--draws", "20"], "backtest"),
        (
            &["explain", SUPERSTORE, "--frequency", "nbd", "--customer-id", "AA-10315"],
            "forecasting",
        ),
        (&["compare", "out.csv", SUPERSTORE], "comparing"),
    ];
    for (args, stage) in commands {
        let outcome = desk.done(&[args, &["--timings"]].concat());
        let table = rows(&outcome.stderr);
        let names = names(&table);
        assert!(
            names.starts_with(&["reading"]) && names.ends_with(&["total"]),
            "{args:?} {names:?}"
        );
        assert!(names.contains(&stage), "{args:?} {names:?}");
        assert!(!outcome.stdout.contains("CPU seconds"));
    }
}
