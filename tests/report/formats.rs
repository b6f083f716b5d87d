//! CSV, JSON and Parquet hold the same values, and the same bytes every time.

use std::io::Write;

use arrow::array::{
    Array, AsArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
};
use arrow::datatypes::DataType;
use clvcast::report::{Format, Layout, Values, WriteOptions, forecast_frame};
use clvcast::units::{Day, Money};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::world::{ALL, Has, World};

fn batches(bytes: &[u8]) -> Vec<RecordBatch> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// The text a Parquet value would have in CSV.
fn text(array: &dyn Array, row: usize, scale: clvcast::units::Scale) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    let any = array.as_any();
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Float64 => any.downcast_ref::<Float64Array>().unwrap().value(row).to_string(),
        DataType::Int64 => any.downcast_ref::<Int64Array>().unwrap().value(row).to_string(),
        DataType::Decimal128(38, places) => {
            assert_eq!(*places, scale.places().cast_signed());
            let units = any.downcast_ref::<Decimal128Array>().unwrap().value(row);
            Money::from_units(units).display(scale).to_string()
        }
        DataType::Date32 => {
            let days = any.downcast_ref::<Date32Array>().unwrap().value(row);
            Day::from_number(days).to_string()
        }
        other => panic!("{other}"),
    })
}

#[test]
fn all_formats_hold_the_same_values_to_the_bit() {
    for layout in [Layout::Wide, Layout::Long] {
        let world = World::new(ALL);
        let options = WriteOptions { layout, ..WriteOptions::default() };
        let (header, rows) = world.csv(&options);
        let json: Vec<serde_json::Map<String, Value>> =
            serde_json::from_slice(&world.write(Format::Json, &options)).unwrap();
        let batches = batches(&world.write(Format::Parquet, &options));
        let [parquet] = batches.as_slice() else { panic!("one batch") };
        let frame = forecast_frame(&world.panel, &world.forecast, layout, 0..5).unwrap();
        assert_eq!(
            (rows.len(), json.len(), parquet.num_rows()),
            (frame.rows, frame.rows, frame.rows)
        );
        assert!(json[0].keys().eq(&header));
        for (at, name) in header.iter().enumerate() {
            assert_eq!(parquet.schema().field(at).name(), name);
            let column = &frame.columns[at];
            assert_eq!(&column.name, name);
            for row in 0..frame.rows {
                let csv = &rows[row][at];
                let stored = text(parquet.column(at).as_ref(), row, world.panel.scale);
                assert_eq!(csv, stored.as_deref().unwrap_or_default(), "{name}");
                let value = &json[row][name];
                assert_eq!(value.is_null(), stored.is_none(), "{name}");
                if let Values::Float(numbers) = &column.values {
                    let bits = numbers[row].map(f64::to_bits);
                    assert_eq!(csv.parse::<f64>().ok().map(f64::to_bits), bits, "{name}");
                    assert_eq!(value.as_f64().map(f64::to_bits), bits, "{name}");
                } else if let Some(text) = value.as_str() {
                    assert_eq!(text, csv, "{name}");
                } else if !value.is_null() {
                    assert_eq!(&value.to_string(), csv, "{name}");
                }
            }
        }
    }
}

#[test]
fn text_is_data_whatever_it_looks_like() {
    let world = World::new(ALL);
    let columns = Some(vec!["customer".to_owned(), "segment".to_owned()]);
    let options = WriteOptions { columns, ..WriteOptions::default() };
    let csv = String::from_utf8(world.write(Format::Csv, &options)).unwrap();
    let expected = "customer,segment\n\"00-\"\"x\"\", y\",a\n01-refund,\n02-once,b\n=3,-b\n\
                    \"é\n4\",\"a,c\"\n";
    assert_eq!(csv, expected);
    let json = String::from_utf8(world.write(Format::Json, &options)).unwrap();
    let line = json.lines().nth(1);
    assert_eq!(line, Some(r#"{"customer":"00-\"x\", y","segment":"a"},"#));
}

#[test]
fn small_and_large_numbers_have_no_exponent() {
    let mut world = World::new(Has { segment: false, ..ALL });
    world.change(|rows| {
        rows[0].periods[0].step.p_active = 1e-9;
        rows[0].amount_total = Some(1e21);
    });
    let columns = Some(vec!["p_active_1".to_owned(), "amount_total".to_owned()]);
    let options = WriteOptions { columns, customers: Some(vec![0]), ..WriteOptions::default() };
    assert_eq!(world.csv(&options).1, [["0.000000001", "1000000000000000000000"]]);
    let json = String::from_utf8(world.write(Format::Json, &options)).unwrap();
    assert!(json.contains(r#"{"p_active_1":0.000000001,"amount_total":1000000000000000000000}"#));
}

#[test]
fn any_number_of_threads_writes_the_same_bytes_in_several_pieces() {
    // A little more than one piece of 65 536, and of 131 072 in Parquet.
    let world = World::large(140_000);
    let columns = ["customer", "x", "amount_1", "gross_profit_total", "past_amount", "flags"];
    let columns = Some(columns.map(String::from).to_vec());
    let options = WriteOptions { columns, ..WriteOptions::default() };
    for format in Format::ALL {
        let write = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| world.write(format, &options))
        };
        let one = write(1);
        assert!(write(2) == one && write(7) == one, "{}", format.name());
        match format {
            Format::Csv => assert_eq!(String::from_utf8(one).unwrap().lines().count(), 140_001),
            Format::Json => {
                let rows: Vec<Value> = serde_json::from_slice(&one).unwrap();
                assert_eq!(rows.len(), 140_000);
                assert_eq!(rows[139_999]["customer"], "c0139999");
            }
            Format::Parquet => {
                let rows = batches(&one).iter().map(RecordBatch::num_rows).sum::<usize>();
                assert_eq!(rows, 140_000);
            }
        }
    }
}

/// Takes that many bytes.
struct Limited(usize);

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0 == 0 {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_goes_away_is_told_from_other_failures() {
    let world = World::new(ALL);
    for format in Format::ALL {
        for bytes in [0, 2, 400] {
            let result = clvcast::report::write_forecast(
                &world.panel,
                &world.forecast,
                &WriteOptions::default(),
                format,
                Limited(bytes),
            );
            assert!(result.unwrap_err().is_broken_pipe(), "{} {bytes}", format.name());
        }
    }
}
