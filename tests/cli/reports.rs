//! `clvcast report`: the same bytes from the same data, and what is refused.

use crate::support::{Desk, SMALL, SUPERSTORE, SYNLEAD, holds};

/// A quick report: the model is given, and nothing is held out.
const SALES: [&str; 5] = ["report", "sales.csv", "--model", SYNLEAD, "-q"];

fn report<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    [&SALES[..], rest].concat()
}

#[test]
fn one_thread_or_many_make_the_same_workbook_and_the_same_page() {
    let desk = Desk::new();
    for name in ["report.xlsx", "report.html"] {
        let args = ["report", SUPERSTORE, "--frequency", "nbd", "-q", "-o", name];
        let made = ["1", "4"].map(|threads| {
            let run = desk.command(&args).env("RAYON_NUM_THREADS", threads).output().unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            desk.bytes(name)
        });
        assert!(made[0] == made[1], "{name}");
    }
}

#[test]
fn a_report_that_fails_leaves_no_file_and_changes_none() {
    let desk = Desk::with(SMALL);
    desk.file("bad.csv", "customer,date,amount\na,2020-13-05,1\n");
    desk.file("fake.xlsx", SMALL);
    for (args, code, parts) in [
        (report(&["-o", "report.pdf"]), 2, &["`-o report.pdf`", ".xlsx", ".html"][..]),
        (report(&["-o", "nowhere/report.html"]), 1, &["the folder `nowhere` does not exist"]),
        (report(&["-o", "fake.xlsx", "--overrides", "fake.xlsx"]), 2, &["replace the overrides"]),
        (
            report(&["-o", "new.xlsx", "--overrides", "fake.xlsx"]),
            1,
            &["in the overrides file `fake.xlsx`", "not a readable .xlsx workbook"],
        ),
        (report(&["-o", "new.html", "--recency-cuts", "9,3"]), 2, &["numbers that increase"]),
        (vec!["report", "bad.csv", "-q", "-o", "new.html"], 1, &["bad.csv", "2020-13-05"]),
    ] {
        desk.refused(&args, code, parts);
        assert_eq!(desk.text("fake.xlsx"), SMALL);
    }
}

#[test]
fn what_cannot_be_grouped_is_left_out_with_a_warning() {
    let desk = Desk::with("customer,date,amount,cost\na,2020-01-05,10,6\na,2020-12-31,10,6\n");
    for name in ["report.xlsx", "report.html"] {
        let done = desk.run(&report(&["-o", name]));
        assert_eq!(done.code, 0, "{}", done.stderr);
        holds(&done.stderr, &["RFM classes are left out: 1 customer cannot be cut"]);
    }
    assert!(desk.text("report.html").contains("The one customer known by 2020-12-31"));
}
