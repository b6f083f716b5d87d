//! Calendar files that cannot be used, and calendars the data cannot carry.

use std::fmt::Write;

use crate::support::{Desk, SUPERSTORE, holds};

/// A forecast with that calendar file is refused with this message.
#[track_caller]
fn refuses(calendar: impl AsRef<[u8]>, parts: &[&str]) {
    let desk = Desk::new();
    desk.file("cal.csv", calendar);
    let parts = [&["calendar file `cal.csv`"], parts].concat();
    desk.refuses(&[SUPERSTORE, "--calendar", "cal.csv"], 1, &parts);
    desk.done(&["fit", SUPERSTORE, "-q", "-o", "m.json"]);
    desk.refuses(&[SUPERSTORE, "--model", "m.json", "--calendar", "cal.csv"], 1, &parts);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let desk = Desk::new();
    let args = [SUPERSTORE, "--calendar", "no.csv"];
    desk.refuses(&args, 1, &["the calendar file `no.csv` cannot be read"]);
}

#[test]
fn a_file_without_the_columns_is_refused() {
    refuses("", &["no header", "period and factor"]);
    refuses("2018-Q1,1.2\n", &["`2018-Q1, 1.2`", "period and factor"]);
    refuses("period,value\n2018-Q1,1.2\n", &["`period, value`", "period and factor"]);
    refuses("period;factor\n2018-Q1;1,2\n", &["`period;factor`", "separated by a comma"]);
    refuses("period,factor\n", &["holds no factor", "2018-Q1,1.2"]);
}

#[test]
fn every_bad_row_is_listed_with_its_line() {
    let rows = "period,factor\n2018-Q5,1\n,1\n2018-Q1,\n2018-Q2,0\n2018-Q3,-1\n2018-Q4,NaN\n\
        2017-Q1,much\n2017-Q2,1\n2017-Q2,2\n2016-Q1,inf\n2013-Q4,1\n2017-Q3\n";
    let parts = [
        "11 row(s)",
        "line 2: period `2018-Q5` is not one of this run, expected 2014-Q1 to",
        "line 3: no period, expected one such as 2014-Q1",
        "line 4: no factor for `2018-Q1`, expected a number from 0.000001 to 100",
        "line 5: factor `0` for `2018-Q2`",
        "line 6: factor `-1`",
        "line 7: factor `NaN`",
        "line 8: factor `much`",
        "line 10: period `2017-Q2` is listed before, in line 9",
        "line 11: factor `inf`",
        "line 12: period `2013-Q4`",
        "line 13: no factor for `2017-Q3`",
    ];
    refuses(rows, &parts);
}

#[test]
fn no_more_than_twenty_bad_rows_are_shown() {
    let mut rows = "period,factor\n".to_owned();
    for line in 0..30 {
        writeln!(rows, "x{line},1").unwrap();
    }
    let desk = Desk::new();
    desk.file("cal.csv", rows);
    let outcome = desk.run(&["forecast", SUPERSTORE, "--calendar", "cal.csv"]);
    assert_eq!(outcome.code, 1);
    holds(&outcome.stderr, &["30 row(s)", "`x0`", "`x19`", "… and 10 more"]);
    assert!(!outcome.stderr.contains("`x20`"), "{}", outcome.stderr);
}

#[test]
fn a_calendar_file_is_not_written_over() {
    let desk = Desk::new();
    desk.file("cal.csv", "period,factor\n2018-Q1,1.2\n");
    let args = ["forecast", SUPERSTORE, "--calendar", "cal.csv", "-o", "cal.csv"];
    desk.refused(&args, 2, &["`-o cal.csv` would replace the calendar file"]);
    desk.file("cal.json", "period,factor\n2018-Q1,1.2\n");
    let args = ["fit", SUPERSTORE, "--calendar", "cal.json", "-o", "cal.json"];
    desk.refused(&args, 2, &["`-o cal.json` would replace the calendar file"]);
}

#[test]
fn a_season_needs_two_years() {
    let desk = Desk::new();
    for (option, season) in
        [("--season", "quarter"), ("--season", "harmonics"), ("--value-season", "month")]
    {
        let args = [SUPERSTORE, "--as-of", "2015-06-30", option, season];
        let name = format!("`{option} {season}`");
        desk.refuses(&args, 1, &[&name, "544 days", "two full years", "none`"]);
    }
    let nbd = [SUPERSTORE, "--as-of", "2015-06-30", "--frequency", "nbd"];
    desk.forecast(&nbd);
    let args = [&["forecast"], &nbd[..], &["--season", "auto", "-q"]].concat();
    let args = [&args[..], &["--trend", "auto", "-o", "auto.csv"]].concat();
    let outcome = desk.done(&args);
    holds(&outcome.stderr, &["warning: ", "no calendar is estimated: 544 days"]);
    assert!(desk.bytes("auto.csv") == desk.bytes("out.csv"));
    let strict = desk.run(&[&args[..], &["--strict"]].concat());
    assert_eq!(strict.code, 1, "{}", strict.stderr);
}

#[test]
fn options_of_a_calendar_are_checked_before_anything_is_read() {
    let desk = Desk::new();
    for (options, parts) in [
        (&["--damping", "0.9", "--frequency", "nbd"][..], &["`--damping`", "--trend damped"][..]),
        (&["--damping", "0.9", "--trend", "linear"], &["`--damping`", "--trend damped"]),
        (&["--damping", "0", "--trend", "damped"], &["`--damping 0`", "0.9"]),
        (&["--damping", "1.5", "--trend", "damped"], &["`--damping 1.5`", "0.9"]),
        (&["--damping", "-0.5", "--trend", "damped"], &["`--damping -0.5`", "0.9"]),
        (&["--damping", "nan", "--trend", "damped"], &["`--damping NaN`", "0.9"]),
        (&["--season", "moon"], &["moon", "harmonics"]),
        (&["--trend", "up"], &["up", "linear"]),
    ] {
        desk.refuses(&[&["no.csv"], options].concat(), 2, parts);
    }
}

#[test]
fn options_of_a_fit_are_refused_beside_a_model() {
    let desk = Desk::new();
    desk.done(&["fit", SUPERSTORE, "-q", "-o", "m.json"]);
    for option in [
        &["--frequency", "pdo"][..],
        &["--frequency", "pdo", "--tau", "7d"],
        &["--season", "auto"],
        &["--trend", "linear"],
        &["--trend", "damped", "--damping", "0.8"],
        &["--penalty", "1"],
        &["--value-season", "auto"],
        &["--value-trend", "auto"],
        &["--dependence", "auto"],
    ] {
        let args = [&["no.csv", "--model", "m.json"], option].concat();
        desk.refuses(&args, 2, &[option[0], "is for fitting", "`--model`"]);
    }
}

#[test]
fn a_gap_in_the_panel_is_told() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(SUPERSTORE).unwrap();
    let gap = |line: &&str| !line.contains(",2016-0");
    desk.file("s.csv", text.lines().filter(gap).collect::<Vec<_>>().join("\n"));
    let outcome = desk.done(&["fit", "s.csv", "--season", "quarter", "-q", "-o", "m.json"]);
    let parts = ["nobody purchased between 2015-12-31 and 2016-10-0", "`--calendar FILE`"];
    holds(&outcome.stderr, &parts);
    let whole = desk.done(&["fit", SUPERSTORE, "--season", "quarter", "-q", "-o", "m.json"]);
    assert!(!whole.stderr.contains("nobody purchased"), "{}", whole.stderr);
}
