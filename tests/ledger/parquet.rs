use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array,
    Float64Array, Int32Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampSecondArray,
};
use arrow::datatypes::Int32Type;
use clvcast::ledger::Ledger;
use parquet::arrow::ArrowWriter;

use crate::support::{Folder, holds, read_paths, shown};

fn array(array: impl arrow::array::Array + 'static) -> ArrayRef {
    Arc::new(array)
}

fn write(folder: &Folder, name: &str, columns: Vec<(&str, ArrayRef)>) -> String {
    let path = folder.file(name, "");
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let file = File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
}

fn read_columns(columns: Vec<(&str, ArrayRef)>) -> Result<Ledger, String> {
    let folder = Folder::new();
    let path = write(&folder, "a.parquet", columns);
    read_paths(&[path]).map_err(|error| error.to_string())
}

fn customers() -> (&'static str, ArrayRef) {
    ("customer", array(Int64Array::from(vec![7, 8])))
}

fn dates() -> (&'static str, ArrayRef) {
    ("date", array(Date32Array::from(vec![17_197, 17_198])))
}

#[test]
fn customers_may_be_any_text_or_whole_numbers() {
    let dictionary: DictionaryArray<Int32Type> = vec!["07", "8"].into_iter().collect();
    for (column, ids) in [
        (array(StringArray::from(vec!["07", "8"])), ["07", "8"]),
        (array(LargeStringArray::from(vec!["07", "8"])), ["07", "8"]),
        (array(StringViewArray::from(vec!["07", "8"])), ["07", "8"]),
        (array(dictionary), ["07", "8"]),
        (array(Int32Array::from(vec![7, 8])), ["7", "8"]),
    ] {
        let ledger = read_columns(vec![("customer", column), dates()]).unwrap();
        assert_eq!(ledger.customers[..], ids);
    }
}

#[test]
fn dates_may_be_days_timestamps_texts_or_yyyymmdd() {
    let noon = 17_197 * 86_400 + 43_200;
    let micros = vec![noon * 1_000_000 + 5, (noon + 86_400) * 1_000_000];
    for column in [
        array(Date32Array::from(vec![17_197, 17_198])),
        array(TimestampSecondArray::from(vec![noon, noon + 86_400])),
        array(TimestampMicrosecondArray::from(micros.clone())),
        array(TimestampMicrosecondArray::from(micros).with_timezone("Europe/Berlin")),
        array(StringArray::from(vec!["2017-01-31", "2017-02-01"])),
        array(Int64Array::from(vec![20_170_131, 20_170_201])),
    ] {
        let zoned = column.data_type().to_string().contains("Berlin");
        let ledger = read_columns(vec![customers(), ("date", column)]).unwrap();
        let days: Vec<_> = ledger.rows.iter().map(|row| row.day.to_string()).collect();
        assert_eq!(days, ["2017-01-31", "2017-02-01"]);
        assert_eq!(ledger.audit.notes.iter().any(|note| note.contains("UTC")), zoned);
    }
}

#[test]
fn amounts_may_be_floats_decimals_whole_numbers_or_texts() {
    let decimals = Decimal128Array::from(vec![10, 1250]).with_precision_and_scale(10, 2).unwrap();
    for (column, amounts) in [
        (array(Float64Array::from(vec![0.1, 12.5])), ["0.1", "12.5"]),
        (array(Float32Array::from(vec![0.1, 12.5])), ["0.1", "12.5"]),
        (array(decimals), ["0.1", "12.5"]),
        (array(Int32Array::from(vec![-3, 12])), ["-3", "12"]),
        (array(StringArray::from(vec!["0.10", "12.5"])), ["0.1", "12.5"]),
    ] {
        let ledger = read_columns(vec![customers(), dates(), ("amount", column)]).unwrap();
        let expected = [
            format!("7 2017-01-31 {} 0 0", amounts[0]),
            format!("8 2017-02-01 {} 0 0", amounts[1]),
        ];
        assert_eq!(shown(&ledger), expected);
    }
}

#[test]
fn nulls_are_empty_and_nan_is_a_bad_row_with_its_number() {
    let amounts = array(Float64Array::from(vec![Some(f64::NAN), None]));
    let error = read_columns(vec![customers(), dates(), ("amount", amounts)]).unwrap_err();
    holds(&error, &["bad-amount 2", "a.parquet:1: ", "found `NaN`", "a.parquet:2: ", "found ``"]);
    let names = array(StringArray::from(vec![Some("a"), None]));
    let error = read_columns(vec![("customer", names), dates()]).unwrap_err();
    holds(&error, &["missing-customer 1", "a.parquet:2: "]);
}

#[test]
fn a_type_that_cannot_serve_is_named_with_the_fix() {
    let floats = array(Float64Array::from(vec![7.0, 8.0]));
    let error = read_columns(vec![("customer", floats), dates()]).unwrap_err();
    holds(&error, &["a.parquet", "`customer`", "Float64", "cast the column", "--customer"]);
    let flags = array(BooleanArray::from(vec![true, false]));
    let error = read_columns(vec![customers(), dates(), ("amount", flags)]).unwrap_err();
    holds(&error, &["`amount`", "Boolean", "decimal, float"]);
}

#[test]
fn a_folder_of_parts_is_read_in_order_without_its_markers() {
    let folder = Folder::new();
    for name in ["in/part-1.parquet", "in/part-0.parquet"] {
        write(&folder, name, vec![customers(), dates()]);
    }
    folder.file("in/_SUCCESS", "");
    folder.file("in/.part-0.parquet.crc", "x");
    let ledger = read_paths(&[folder.path("in")]).unwrap();
    assert_eq!(ledger.audit.rows_read, 4);
    assert_eq!(ledger.audit.duplicate_rows, 2);
    assert!(ledger.audit.files[0].path.ends_with("part-0.parquet"));
    assert_eq!(ledger.audit.files[0].sha256.len(), 64);
}

#[test]
fn parquet_cut_short_is_named_and_compressed_parquet_is_read() {
    let folder = Folder::new();
    let path = write(&folder, "a.parquet", vec![customers(), dates()]);
    let bytes = std::fs::read(&path).unwrap();
    let cut = folder.file("cut.parquet", &bytes[..bytes.len() - 20]);
    holds(&read_paths(&[cut]).unwrap_err().to_string(), &["cut.parquet", "Parquet data is cut"]);
    let packed = folder.file("a.parquet.zst", zstd::encode_all(&bytes[..], 3).unwrap());
    assert_eq!(read_paths(&[packed]).unwrap().customers[..], ["7", "8"]);
}

#[test]
fn csv_and_parquet_of_the_same_rows_give_the_same_ledger() {
    let folder = Folder::new();
    let amounts = array(Float64Array::from(vec![0.1, 12.5]));
    let parquet = write(&folder, "a.parquet", vec![customers(), dates(), ("amount", amounts)]);
    let csv = folder.file("a.csv", "customer,date,amount\n8,2017-02-01,12.50\n7,2017-01-31,.1\n");
    let (parquet, csv) = (read_paths(&[parquet]).unwrap(), read_paths(&[csv]).unwrap());
    assert_eq!(parquet.rows, csv.rows);
    assert_eq!(parquet.customers, csv.customers);
}

/// Three columns are read as numbers, more of them as text: the rows are the same, and so is what
/// repeats what, across formats too.
#[test]
fn rows_read_as_numbers_are_those_read_as_text() {
    let ids = ["a", "b", " c ", "d", "e", "f", "g", "h", "a"];
    let days = [17_197, 17_198, 17_199, -25_567, 47_846, 17_200, 17_201, 17_202, 17_197];
    let amounts = [12.5, 12.0, 0.1, -3.25, 0.0, -0.0, 123_456_789.01, 0.125, 12.5];
    let texts = ["12.5", "12.0", "0.1", "-3.25", "0.0", "-0.0", "123456789.01", "0.125", "12.5"];
    let number = |more: bool| {
        let columns = [
            ("customer", array(StringArray::from(ids.to_vec()))),
            ("date", array(Date32Array::from(days.to_vec()))),
            ("amount", array(Float64Array::from(amounts.to_vec()))),
            ("note", array(StringArray::from(vec!["-"; ids.len()]))),
        ];
        columns.into_iter().take(if more { 4 } else { 3 }).collect::<Vec<_>>()
    };
    let [bare, wide] = [false, true].map(|more| read_columns(number(more)).unwrap());
    assert_eq!(bare.rows, wide.rows);
    assert_eq!((bare.rows.len(), bare.audit.duplicate_rows, bare.scale.places()), (9, 1, 3));

    let folder = Folder::new();
    let mut lines = String::from("customer,date,amount\n");
    for ((id, day), text) in ids.iter().zip(days).zip(texts) {
        let day = clvcast::units::Day::from_number(day);
        lines += &format!("{id},{day},{text}\n");
    }
    let files = [write(&folder, "a.parquet", number(false)), folder.file("b.csv", lines)];
    assert_eq!(read_paths(&files).unwrap().audit.duplicate_rows, 10);
    let other = folder.file("c.csv", "customer,date,amount\na,2017-01-31,12.50\n");
    assert_eq!(read_paths(&[files[0].clone(), other]).unwrap().audit.duplicate_rows, 1);
    let decimals =
        array(Decimal128Array::from(vec![1250, 5]).with_precision_and_scale(9, 2).unwrap());
    let ids = ("customer", array(StringArray::from(vec!["z", "a"])));
    let dates = ("date", array(Date32Array::from(vec![17_197, 17_197])));
    let parquet = write(&folder, "d.parquet", vec![ids, dates, ("amount", decimals)]);
    let csv = folder.file("e.csv", "customer,date,amount\na,2017-01-31,0.05\na,2017-01-31,.05\n");
    assert_eq!(read_paths(&[parquet, csv]).unwrap().audit.duplicate_rows, 1);
}
