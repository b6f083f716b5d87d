//! The same bytes, however the same rows arrive and however many threads work.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;

use crate::support::{CDNOW, Desk, SUPERSTORE};

/// Forecast and model made from some inputs.
fn made(desk: &Desk, inputs: &[&str], options: &[&str]) -> [Vec<u8>; 2] {
    desk.forecast(&[inputs, options].concat());
    desk.done(&[&["fit"], inputs, options, &["-q", "-o", "model.json"]].concat());
    [desk.bytes("out.csv"), desk.bytes("model.json")]
}

/// The rows of a file after its header, in an order of no meaning.
fn shuffled(text: &str) -> (String, Vec<&str>) {
    let mut lines = text.lines();
    let header = format!("{}\n", lines.next().unwrap());
    let mut rows: Vec<&str> = lines.collect();
    // The multiplier of a linear congruential generator (Knuth's MMIX) scatters positions.
    let key = |at: u64| at.wrapping_add(1).wrapping_mul(6_364_136_223_846_793_005) >> 20;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&at| key(at as u64));
    rows = order.into_iter().map(|at| rows[at]).collect();
    (header, rows)
}

fn packed(text: &str) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(text.as_bytes()).unwrap();
    gz.finish().unwrap()
}

/// A CSV text as a Parquet file of text columns.
fn parquet(desk: &Desk, name: &str, text: &str) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let column = |at: usize| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row[at].to_owned())))
    };
    let columns = header.iter().enumerate().map(|(at, name)| (name, column(at)));
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = File::create(desk.path(name)).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[track_caller]
fn holds_for(file: &str, options: &[&str]) {
    let desk = Desk::new();
    let text = std::fs::read_to_string(file).unwrap();
    let (header, rows) = shuffled(&text);
    let half = rows.len() / 2;
    let joined = |rows: &[&str]| format!("{header}{}\n", rows.join("\n"));
    desk.file("shuffled.csv", joined(&rows));
    desk.file("first.csv", joined(&rows[..half]));
    desk.file("second.csv", joined(&rows[half..]));
    desk.file("packed.csv.gz", packed(&text));
    desk.file("packed.csv.zst", zstd::encode_all(text.as_bytes(), 0).unwrap());
    desk.file("windows.csv", format!("\u{feff}{}", text.replace('\n', "\r\n")));
    desk.file("semicolons.csv", text.replace(',', ";"));
    parquet(&desk, "sales.parquet", &text);
    let expected = made(&desk, &[file], options);
    for threads in ["1", "2", "7"] {
        let options = [options, &["--threads", threads]].concat();
        assert!(made(&desk, &[file], &options) == expected, "{threads} threads");
    }
    for inputs in [
        &["shuffled.csv"][..],
        &["first.csv", "second.csv"],
        &["second.csv", "first.csv"],
        &["packed.csv.gz"],
        &["packed.csv.zst"],
        &["windows.csv"],
        &["semicolons.csv"],
        &["sales.parquet"],
    ] {
        assert!(made(&desk, inputs, options) == expected, "{inputs:?}");
    }
    let args = [&["forecast", "-", "-q", "-o", "out.csv"], options].concat();
    let outcome = desk.run_with_stdin(&args, text);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(desk.bytes("out.csv") == expected[0], "standard input");
}

#[test]
fn a_ledger_with_costs_gives_the_same_bytes() {
    holds_for(SUPERSTORE, &[]);
}

#[test]
fn a_ledger_by_weeks_gives_the_same_bytes() {
    holds_for(CDNOW, &["--period", "7d", "--as-of", "1997-09-30", "--zero-orders", "count"]);
}

#[test]
fn a_ledger_of_customers_who_leave_gives_the_same_bytes() {
    holds_for(CDNOW, &["--period", "7d", "--as-of", "1997-09-30", "--frequency", "pdo"]);
}

#[test]
fn a_ledger_with_seasons_gives_the_same_bytes() {
    let season = ["--season", "auto", "--trend", "auto", "--value-season", "harmonics"];
    holds_for(SUPERSTORE, &[&season[..], &["--frequency", "pdo"]].concat());
}
