//! `--memory`: a run stops before it takes more than it may.

use crate::support::{Desk, SMALL, SUPERSTORE, holds};

#[test]
fn a_limit_below_what_the_program_itself_takes_stops_at_once() {
    let desk = Desk::with(SMALL);
    let advice = ["out of memory", "`--memory` allows 1.0 MB", "no output file", "what to try"];
    desk.refuses(&["sales.csv", "--memory", "1MB"], 1, &advice);
    for command in [["fit", "sales.csv"], ["inspect", "sales.csv"], ["backtest", "sales.csv"]] {
        desk.refused(&[&command[..], &["--memory", "1MB"]].concat(), 1, &advice);
    }
}

#[test]
fn a_limit_that_is_passed_on_the_way_leaves_no_part_of_a_file() {
    let desk = Desk::new();
    // Some 400 000 rows, which take some ten times the memory of the limit.
    desk.done(&["simulate", "--customers", "60000", "-o", "sales.csv"]);
    let args = ["sales.csv", "--memory", "24MB", "--frequency", "nbd"];
    let parts =
        ["out of memory in the stage `", "`--memory` allows 24.0 MB", "ranges of customers"];
    desk.refuses(&args, 1, &parts);
}

#[test]
fn a_limit_that_is_not_reached_changes_nothing() {
    let desk = Desk::new();
    desk.forecast(&[SUPERSTORE]);
    let without = desk.bytes("out.csv");
    for limit in ["64GB", "8 GiB", "none"] {
        desk.forecast(&[SUPERSTORE, "--memory", limit]);
        assert_eq!(desk.bytes("out.csv"), without, "{limit}");
    }
}

#[test]
fn what_is_no_size_is_refused_with_what_is_one() {
    let desk = Desk::with(SMALL);
    for bad in ["4", "4G", "much", "-1GB", "0MB"] {
        let option = format!("--memory={bad}");
        desk.refuses(&["sales.csv", &option], 2, &["--memory", "such as 500MB or 8GiB"]);
    }
    let help = desk.done(&["forecast", "--help"]).stdout;
    holds(&help, &["--memory <LIMIT>", "before the machine swaps"]);
}
