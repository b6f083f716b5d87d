use std::io::Write as _;

use clvcast::ledger::LedgerError;

use crate::support::{Folder, holds, message, read_paths, read_text};

const ROWS: &str = "customer,date,amount\n1,2017-01-31,5\n";

fn gz(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn error(paths: &[String]) -> String {
    read_paths(paths).expect_err("an error").to_string()
}

#[test]
fn a_missing_file_is_named_with_the_nearest_name_of_its_folder() {
    let folder = Folder::new();
    folder.file("transactions.csv", ROWS);
    folder.file("zebra.txt", ROWS);
    let text = error(&[folder.path("transaction.csv")]);
    holds(&text, &["transaction.csv: no such file", "did you mean", "transactions.csv`?"]);
    holds(&error(&[folder.path("no/such/folder.csv")]), &["no such file or folder", "check"]);
}

#[test]
fn no_input_and_a_pattern_without_match_are_errors() {
    assert!(matches!(read_paths(&[]), Err(LedgerError::NoInput)));
    let folder = Folder::new();
    holds(&error(&[folder.path("*.csv")]), &["*.csv: no file matches"]);
    holds(&error(&[folder.path("[.csv")]), &["not a valid pattern"]);
}

#[test]
fn a_folder_without_parquet_is_named() {
    let folder = Folder::new();
    folder.file("in/a.csv", ROWS);
    holds(&error(&[folder.path("in")]), &["in: the folder holds no .parquet file", "in/*.csv"]);
}

#[test]
fn an_empty_file_and_a_header_alone_are_different_errors() {
    for text in ["", "\n\n", "\u{feff}"] {
        holds(&message(text), &["sales.csv", "the file is empty"]);
    }
    holds(&message("customer,date,amount\n"), &["sales.csv", "a header and no rows"]);
}

#[test]
fn a_truncated_gzip_or_zstd_file_is_named() {
    let folder = Folder::new();
    let long = format!("{ROWS}{}", "2,2017-02-01,1.25\n".repeat(5000));
    let packed = gz(long.as_bytes());
    let path = folder.file("cut.csv.gz", &packed[..packed.len() - 9]);
    holds(&error(&[path]), &["cut.csv.gz", "gzip data is cut short or damaged"]);
    let packed = zstd::encode_all(long.as_bytes(), 3).unwrap();
    let path = folder.file("cut.csv.zst", &packed[..packed.len() - 9]);
    holds(&error(&[path]), &["cut.csv.zst", "zstd data is cut short or damaged"]);
    let path = folder.file("text.csv.gz", ROWS);
    holds(&error(&[path]), &["text.csv.gz", "gzip data"]);
}

#[test]
fn a_truncated_or_garbage_parquet_file_is_named() {
    let folder = Folder::new();
    let path = folder.file("cut.bin", b"PAR1 and no footer");
    holds(&error(&[path]), &["cut.bin", "Parquet data is cut short or damaged"]);
    let path = folder.file("garbage.parquet", "hello, this is text");
    holds(&error(&[path]), &["garbage.parquet", "Parquet data is cut short or damaged"]);
}

#[test]
fn utf_16_and_workbooks_are_recognised() {
    holds(&message(b"\xff\xfec\0u\0"), &["UTF-16", "UTF-8"]);
    holds(&message(b"\xfe\xff\0c\0u"), &["UTF-16"]);
    holds(&message(b"PK\x03\x04rest"), &["workbook", "export it as CSV"]);
}

#[test]
fn one_file_given_twice_is_refused_by_whatever_path() {
    let folder = Folder::new();
    let path = folder.file("a.csv", ROWS);
    holds(&error(&[path.clone(), path.clone()]), &["same file", "a.csv"]);
    let dotted = folder.path("./a.csv");
    holds(&error(&[path.clone(), dotted]), &["same file"]);
    holds(&error(&[path, folder.path("*.csv")]), &["same file"]);
}

#[test]
fn compressed_files_are_recognised_by_name_or_by_content() {
    let folder = Folder::new();
    let zst = zstd::encode_all(ROWS.as_bytes(), 3).unwrap();
    for (name, bytes) in [
        ("a.csv.gz", gz(ROWS.as_bytes())),
        ("a", gz(ROWS.as_bytes())),
        ("b.zst", zst.clone()),
        ("b", zst),
    ] {
        let ledger = read_paths(&[folder.file(name, &bytes)]).unwrap();
        assert_eq!(ledger.customers[..], ["1"], "{name}");
        assert_eq!(ledger.audit.files[0].bytes, bytes.len() as u64);
    }
}

#[test]
fn size_and_sha_256_are_those_of_the_stored_bytes() {
    let ledger = read_text(ROWS).unwrap();
    let file = &ledger.audit.files[0];
    assert_eq!((file.bytes, file.rows), (36, 1));
    // printf 'customer,date,amount\n1,2017-01-31,5\n' | sha256sum
    assert_eq!(file.sha256, SHA_256);
}

const SHA_256: &str = "b392bde8a616dbd39258653f56ef466baee9723cc87d8c6080a8bd59537ad6b9";

#[test]
fn patterns_are_sorted_and_a_part_without_rows_is_noted() {
    let folder = Folder::new();
    folder.file("b.csv", ROWS);
    folder.file("a.csv", "customer,date,amount\n");
    let ledger = read_paths(&[folder.path("*.csv")]).unwrap();
    let names: Vec<_> = ledger.audit.files.iter().map(|file| file.path.clone()).collect();
    assert!(names[0].ends_with("a.csv") && names[1].ends_with("b.csv"));
    assert!(ledger.audit.notes[0].contains("a.csv: a header and no rows"));
}

#[test]
fn an_open_quote_is_refused_where_it_opens() {
    let text = "customer,date,amount,note\n1,2017-01-31,5,\"open\n2,2017-01-31,5,x\n";
    holds(&message(text), &["sales.csv:2", "never closes", "close the quote"]);
}
