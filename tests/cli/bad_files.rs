//! Files that cannot be read at all.

use std::io::Write;

use crate::support::{Desk, SMALL, SUPERSTORE};

#[test]
fn a_missing_file_is_named_with_the_nearest_name() {
    let desk = Desk::with(SMALL);
    desk.refuses(&["sale.csv"], 1, &["sale.csv", "no such file", "did you mean `sales.csv`?"]);
}

#[test]
fn no_file_of_another_name_is_suggested_for_a_missing_one() {
    let desk = Desk::new();
    desk.file("e", SMALL);
    desk.refuses(&["superstore.csv"], 1, &["superstore.csv: no such file or folder; check"]);
}

#[test]
fn a_directory_without_parquet_parts_is_refused() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("sales")).unwrap();
    desk.refuses(&["sales"], 1, &["sales", "holds no .parquet file", "sales/*.csv"]);
}

#[test]
fn an_empty_file_is_refused() {
    let desk = Desk::with("");
    desk.refuses(&["sales.csv"], 1, &["sales.csv", "the file is empty", "a header line"]);
}

#[test]
fn a_header_without_rows_is_refused() {
    let desk = Desk::with("customer,date,amount\n");
    desk.refuses(&["sales.csv"], 1, &["sales.csv", "a header and no rows", "export"]);
}

#[test]
fn an_unknown_column_is_refused_with_the_nearest_name() {
    let desk = Desk::with(SMALL);
    let parts = ["sales.csv", "`amuont`", "--amount", "did you mean `amount`?"];
    desk.refuses(&["sales.csv", "--amount", "amuont"], 1, &parts);
}

#[test]
fn two_columns_that_look_like_the_amount_are_refused() {
    let desk = Desk::with("customer,date,sales,revenue\na,2020-01-01,1,2\n");
    let parts = ["sales.csv", "`sales`", "`revenue`", "both look like the amount", "--amount"];
    desk.refuses(&["sales.csv"], 1, &parts);
}

#[test]
fn a_duplicated_header_is_refused() {
    let desk = Desk::with("customer,date,amount,amount\na,2020-01-01,1,2\n");
    desk.refuses(&["sales.csv"], 1, &["sales.csv", "columns 3 and 4", "`amount`", "rename"]);
}

#[test]
fn a_truncated_gzip_file_is_refused() {
    let desk = Desk::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&std::fs::read(SUPERSTORE).unwrap()).unwrap();
    let packed = packed.finish().unwrap();
    desk.file("sales.csv.gz", &packed[..packed.len() / 2]);
    let parts = ["sales.csv.gz", "gzip data is cut short", "copy or write it again"];
    desk.refuses(&["sales.csv.gz"], 1, &parts);
}

#[test]
fn a_truncated_parquet_file_is_refused() {
    let desk = Desk::with(SMALL);
    desk.done(&["forecast", "sales.csv", "-q", "-o", "whole.parquet"]);
    let whole = desk.bytes("whole.parquet");
    desk.file("sales.parquet", &whole[..whole.len() - 100]);
    let parts = ["sales.parquet", "Parquet data is cut short", "copy or write it again"];
    desk.refuses(&["sales.parquet"], 1, &parts);
}
