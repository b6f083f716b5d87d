//! Only some customers: the same rows as those of the whole.

use crate::support::{Desk, SMALL, SUPERSTORE};

#[test]
fn a_subset_equals_the_same_rows_of_the_whole() {
    let desk = Desk::new();
    let whole = desk.forecast(&[SUPERSTORE]);
    desk.file("ids.txt", "\u{feff}customer\r\nZD-21925\r\n AA-10315 \r\n\r\nAA-10315\r\n");
    let part = desk.forecast(&[SUPERSTORE, "--customers", "ids.txt"]);
    let expected: Vec<_> =
        ["AA-10315", "ZD-21925"].map(|id| whole.rows[whole.row_of(id)].clone()).to_vec();
    assert_eq!(part.rows, expected);
    assert_eq!(part.header, whole.header);
}

#[test]
fn unknown_customers_are_listed_by_line() {
    let desk = Desk::with(SMALL);
    desk.file("ids.txt", "a\nnobody\nnothing\n");
    let parts = ["2 customer(s) of `ids.txt`", "line 2: `nobody`", "line 3: `nothing`"];
    desk.refuses(&["sales.csv", "--customers", "ids.txt"], 1, &parts);
}

#[test]
fn an_empty_list_is_refused() {
    let desk = Desk::with(SMALL);
    desk.file("ids.txt", "customer\n\n");
    desk.refuses(&["sales.csv", "--customers", "ids.txt"], 1, &["`ids.txt` lists no customer"]);
}

#[test]
fn a_choice_of_rows_or_columns_needs_a_file_to_choose_from() {
    let desk = Desk::with(SMALL);
    desk.file("ids.txt", "a\n");
    let args = ["forecast", "sales.csv", "--customers", "ids.txt"];
    desk.refused(&args, 2, &["`--customers`", "add `-o FILE` or `--format csv`"]);
    let args = ["forecast", "sales.csv", "--columns", "customer"];
    desk.refused(&args, 2, &["`--columns`", "add `-o FILE` or `--format csv`"]);
}
