//! CSV, JSON and Parquet hold the same values; the extension or `--format` decides.

use std::fs::File;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::support::{CDNOW, Desk, SMALL, SUPERSTORE};
use crate::table::Table;

#[track_caller]
fn same(csv: &str, other: &str, place: &str) {
    // Decimals may be written with more or fewer zeros; the number is the same to the bit.
    let number = |text: &str| text.parse::<f64>().ok();
    let equal = csv == other || number(csv).is_some() && number(csv) == number(other);
    assert!(equal, "{place}: CSV has `{csv}`, the other `{other}`");
}

#[test]
fn json_holds_the_values_of_csv() {
    let desk = Desk::new();
    for layout in ["wide", "long"] {
        let csv = desk.forecast(&[SUPERSTORE, "--layout", layout]);
        desk.done(&["forecast", SUPERSTORE, "-q", "--layout", layout, "-o", "out.json"]);
        let json = desk.json("out.json");
        let rows = json.as_array().unwrap();
        assert_eq!(rows.len(), csv.rows.len());
        for (row, object) in rows.iter().enumerate() {
            let object = object.as_object().unwrap();
            assert!(object.keys().eq(csv.header.iter()));
            for (column, value) in object {
                let text = match value {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    Value::Array(all) => {
                        all.iter().map(|v| v.as_str().unwrap()).collect::<Vec<_>>().join(";")
                    }
                    value => value.to_string(),
                };
                same(csv.text(row, column), &text, column);
            }
        }
    }
}

/// A cell of a Parquet column as text, empty where it is null.
fn cell(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).to_string(),
        DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).to_string(),
        _ => arrow::util::display::array_value_to_string(column, row).unwrap(),
    }
}

#[test]
fn parquet_holds_the_values_of_csv() {
    parquet_holds_the_values_of(&[SUPERSTORE]);
}

#[test]
fn parquet_holds_who_has_left() {
    let options = [CDNOW, "--period", "7d", "--as-of", "1997-09-30", "--frequency", "pdo"];
    parquet_holds_the_values_of(&options);
}

#[track_caller]
fn parquet_holds_the_values_of(options: &[&str]) {
    let desk = Desk::new();
    let csv = desk.forecast(options);
    desk.done(&[&["forecast"], options, &["-q", "-o", "out.parquet"]].concat());
    let file = File::open(desk.path("out.parquet")).unwrap();
    let mut rows = 0;
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let schema = batch.schema();
        assert!(schema.fields().iter().map(|f| f.name()).eq(csv.header.iter()));
        for (column, name) in batch.columns().iter().zip(&csv.header) {
            for row in 0..batch.num_rows() {
                same(csv.text(rows + row, name), &cell(column, row), name);
            }
        }
        rows += batch.num_rows();
    }
    assert_eq!(rows, csv.rows.len());
}

#[test]
fn the_format_option_beats_the_extension() {
    let desk = Desk::with(SMALL);
    desk.done(&["forecast", "sales.csv", "-q", "-o", "out.csv", "--format", "json"]);
    assert!(desk.json("out.csv").is_array());
    desk.done(&["forecast", "sales.csv", "-q", "-o", "out.data", "--format", "csv"]);
    assert!(desk.text("out.data").starts_with("customer,x,"));
    desk.done(&["forecast", "sales.csv", "-q", "-o", "out.txt"]);
    assert!(desk.text("out.txt").contains("forecast total"));
}

#[test]
fn standard_output_holds_the_file_and_nothing_else() {
    let desk = Desk::with(SMALL);
    desk.forecast(&["sales.csv"]);
    let outcome = desk.done(&["forecast", "sales.csv", "--format", "csv"]);
    assert_eq!(outcome.stdout, desk.text("out.csv"));
    assert!(outcome.stderr.contains("forecast total"), "{}", outcome.stderr);
    let json = desk.done(&["forecast", "sales.csv", "--format", "json"]).stdout;
    assert!(serde_json::from_str::<Value>(&json).is_ok());
}

#[test]
fn ids_with_commas_quotes_and_leading_zeros_survive() {
    let rows = "customer,date,amount\n\"x, \"\"y\"\"\",2020-01-01,5\n\"x, \"\"y\"\"\",2020-06-01,6\n\
        007,2020-02-01,5\n007,2020-12-31,7\n日本,2020-03-03,3\n";
    let desk = Desk::with(rows);
    let table: Table = desk.forecast(&["sales.csv"]);
    let ids: Vec<&str> = (0..3).map(|row| table.text(row, "customer")).collect();
    assert_eq!(ids, ["007", "x, \"y\"", "日本"]);
    desk.done(&["forecast", "sales.csv", "-q", "-o", "out.json"]);
    assert_eq!(desk.json("out.json")[1]["customer"], "x, \"y\"");
}
