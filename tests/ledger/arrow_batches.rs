//! Record batches: the rows of a file with the same columns.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch,
    RecordBatchIterator, StringArray,
};
use arrow::error::ArrowError;
use clvcast::ledger::{ColumnChoice, Ledger, LedgerError, ReadOptions, read_arrow};
use clvcast::progress::Silent;
use parquet::arrow::ArrowWriter;

use crate::support::{Folder, holds, read_paths};

/// More rows than one piece holds, in three columns or with an order besides.
fn sales(order: bool) -> RecordBatch {
    let rows = 0..150_000_i32;
    let ids = StringArray::from_iter_values(rows.clone().map(|i| format!("c{}", i * 7 % 9_973)));
    let days = Date32Array::from_iter_values(rows.clone().map(|i| 17_000 + i * 31 % 700));
    let amounts = rows.clone().map(|i| f64::from(i * 13 % 20_011 - 500) / 100.0);
    let orders = Int64Array::from_iter_values(rows.map(i64::from));
    let columns: [(&str, ArrayRef); 4] = [
        ("customer", Arc::new(ids)),
        ("date", Arc::new(days)),
        ("amount", Arc::new(Float64Array::from_iter_values(amounts))),
        ("order", Arc::new(orders)),
    ];
    RecordBatch::try_from_iter(columns.into_iter().take(if order { 4 } else { 3 })).unwrap()
}

fn try_read(batches: Vec<Result<RecordBatch, ArrowError>>) -> Result<Ledger, LedgerError> {
    let schema = batches.iter().flatten().next().unwrap().schema();
    let frame = RecordBatchIterator::new(batches, schema);
    read_arrow("frame", frame, &ReadOptions::default(), &Silent)
}

fn read(batches: impl IntoIterator<Item = RecordBatch>) -> Ledger {
    try_read(batches.into_iter().map(Ok).collect()).unwrap()
}

fn message(columns: Vec<(&str, ArrayRef)>) -> String {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    try_read(vec![Ok(batch)]).unwrap_err().to_string()
}

fn column(array: impl arrow::array::Array + 'static) -> ArrayRef {
    Arc::new(array)
}

#[test]
fn batches_are_read_like_a_file_with_their_rows_however_they_are_cut() {
    for order in [false, true] {
        let all = sales(order);
        let folder = Folder::new();
        let path = folder.path("sales.parquet");
        let mut writer =
            ArrowWriter::try_new(File::create(&path).unwrap(), all.schema(), None).unwrap();
        writer.write(&all).unwrap();
        writer.close().unwrap();
        let file = read_paths(&[path]).unwrap();
        let uneven = [0, 1, 70_000, 70_000, 150_000];
        let pieces = uneven.windows(2).map(|ends| all.slice(ends[0], ends[1] - ends[0]));
        for ledger in [read([all.clone()]), read(pieces)] {
            assert_eq!(ledger.customers, file.customers);
            assert_eq!(ledger.rows, file.rows);
            assert_eq!(ledger.columns, file.columns);
            let [input] = &ledger.audit.files[..] else { panic!("one input") };
            assert_eq!((input.rows, input.sha256.as_str()), (150_000, ""));
            // Ids of 2 to 5 bytes with an offset of 4, days of 4, amounts of 8, orders of 8; pieces
            // of a batch count for their own rows only.
            let widest = 150_000 * (9 + 4 + 8 + if order { 8 } else { 0 }) + 100;
            assert!(input.bytes > 150_000 * 18 && input.bytes < widest, "{}", input.bytes);
        }
    }
}

#[test]
fn bad_rows_are_named_by_their_number_across_batches() {
    let amounts = |values: Vec<Option<f64>>| {
        let n = values.len();
        RecordBatch::try_from_iter([
            ("customer", column(StringArray::from(vec!["a"; n]))),
            ("date", column(Date32Array::from(vec![17_197; n]))),
            ("amount", column(Float64Array::from(values))),
        ])
        .unwrap()
    };
    let first = amounts(vec![Some(1.0), Some(2.0)]);
    let second = amounts(vec![Some(f64::NAN), None]);
    let error = try_read(vec![Ok(first), Ok(second)]).unwrap_err().to_string();
    holds(&error, &["2 rows", "frame:3: ", "found `NaN`", "frame:4: ", "amount"]);
}

#[test]
fn columns_that_lack_or_cannot_serve_are_named() {
    let ids = || ("customer", column(StringArray::from(vec!["a"])));
    let days = || ("date", column(Date32Array::from(vec![17_197])));
    let error = message(vec![ids(), ("sold", column(BooleanArray::from(vec![true])))]);
    holds(&error, &["frame", "date", "`sold`"]);
    let error = message(vec![ids(), ("date", column(BooleanArray::from(vec![true])))]);
    holds(&error, &["frame", "`date`", "Boolean", "a timestamp", "cast the column"]);
    let error = message(vec![ids(), ids(), days()]);
    holds(&error, &["frame", "`customer`"]);
}

#[test]
fn a_frame_without_rows_and_one_that_breaks_off_are_errors() {
    let empty = sales(false).slice(0, 0);
    let error = try_read(vec![Ok(empty)]).unwrap_err();
    assert!(matches!(&error, LedgerError::NoRows { files } if files == &["frame"]), "{error}");
    let broken = ArrowError::ExternalError("the query was cancelled".into());
    let error = try_read(vec![Ok(sales(false)), Err(broken)]).unwrap_err();
    holds(&error.to_string(), &["frame", "Arrow", "the query was cancelled"]);
}

#[test]
fn columns_are_chosen_as_for_files() {
    let batch = sales(true);
    let frame = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    let options = ReadOptions { order: ColumnChoice::Off, ..ReadOptions::default() };
    let ledger = read_arrow("frame", frame, &options, &Silent).unwrap();
    assert_eq!(ledger.columns.order, None);
    assert!(ledger.rows.iter().all(|row| row.order.is_none()));
}
