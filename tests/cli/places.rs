//! Where output cannot go.

use std::fs;

use crate::support::{Desk, SMALL, holds};

#[test]
fn a_missing_folder_is_refused_before_the_work() {
    let desk = Desk::with("customer,date\nthis is not read\n");
    let args = ["forecast", "sales.csv", "-o", "no/out.csv"];
    desk.refused(&args, 1, &["`no/out.csv`", "the folder `no` does not exist", "create it"]);
    desk.refused(&["fit", "sales.csv", "-o", "no/model.json"], 1, &["`no` does not exist"]);
    let args = ["simulate", "--customers", "3", "-o", "no/s.csv"];
    desk.refused(&args, 1, &["`no` does not exist"]);
}

#[test]
fn a_directory_as_output_is_refused() {
    let desk = Desk::with(SMALL);
    fs::create_dir(desk.path("out.csv")).unwrap();
    desk.refused(&["forecast", "sales.csv", "-o", "out.csv"], 1, &["it is a directory"]);
}

#[test]
fn a_directory_in_the_manifests_place_leaves_no_forecast() {
    let desk = Desk::with(SMALL);
    fs::create_dir(desk.path("out.csv.run.json")).unwrap();
    let args = ["forecast", "sales.csv", "-o", "out.csv"];
    desk.refused(&args, 1, &["`out.csv.run.json`", "it is a directory"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(SMALL);
    let folder = desk.path("closed");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser writes everywhere.
    if fs::write(folder.join("probe"), "").is_ok() {
        return;
    }
    let args = ["forecast", "sales.csv", "-o", "closed/out.csv"];
    desk.refused(&args, 1, &["closed/out.csv", "no permission", "another folder"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let desk = Desk::with(SMALL);
    let args = ["forecast", "sales.csv", "-o", "/dev/full", "--format", "csv"];
    desk.refused(&args, 1, &["`/dev/full`", "the disk is full"]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = std::process::Command::new(crate::support::PROGRAM)
        .args(["forecast", "sales.csv", "--format", "csv"])
        .current_dir(desk.folder())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    holds(&String::from_utf8_lossy(&output.stderr), &["standard output cannot be written"]);
}

#[test]
fn nothing_that_is_read_is_written_over() {
    let desk = Desk::with(SMALL);
    desk.file("model.json", fs::read(crate::support::SYNLEAD).unwrap());
    desk.file("ids.csv", "a\n");
    desk.file("decided.csv", "customer,segment,period,field,op,value\n");
    let base = ["forecast", "sales.csv", "--model", "model.json", "--format", "csv"];
    let with = |more: &[&'static str]| [&base, more].concat();
    desk.refused(&with(&["-o", "./sales.csv"]), 2, &["`-o ./sales.csv`", "its own input"]);
    desk.refused(&with(&["-o", "model.json"]), 2, &["the model file"]);
    desk.refused(&with(&["-o", "ids.csv", "--customers", "ids.csv"]), 2, &["list of customers"]);
    let args = with(&["-o", "decided.csv", "--overrides", "decided.csv"]);
    desk.refused(&args, 2, &["the overrides file"]);
    let args = with(&["--lenient", "--rejects", "sales.csv"]);
    desk.refused(&args, 2, &["`--rejects sales.csv`", "its own input"]);
    let args = with(&["-o", "a.csv", "--lenient", "--rejects", "a.csv"]);
    desk.refused(&args, 2, &["`--rejects a.csv`", "name one file"]);
    desk.refused(&["fit", "sales.csv", "-o", "sales.csv"], 2, &["its own input"]);
    let args = ["transitions", "--model", "model.json", "-o", "model.json"];
    desk.refused(&args, 2, &["the model file"]);
    let args = ["simulate", "--customers", "2", "--model", "m.truth.json", "-o", "m"];
    desk.refused(&args, 2, &["the model file"]);
    assert_eq!(desk.text("sales.csv"), SMALL);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_input_is_the_input() {
    let desk = Desk::with(SMALL);
    std::os::unix::fs::symlink("sales.csv", desk.path("out.csv")).unwrap();
    desk.refused(&["forecast", "sales.csv", "-o", "out.csv"], 2, &["its own input"]);
}

#[test]
fn an_extension_that_names_no_format_is_refused() {
    let desk = Desk::with(SMALL);
    for name in ["out", "out.xyz", "out.csv.gz"] {
        desk.refused(&["forecast", "sales.csv", "-o", name], 2, &[name, "--format", "parquet"]);
    }
    for name in ["s.parquet", "s.json", "s.csv.gz"] {
        desk.refused(&["simulate", "--customers", "2", "-o", name], 2, &[name, "plain CSV"]);
    }
}
