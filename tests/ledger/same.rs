use std::sync::Mutex;

use clvcast::ledger::{Ledger, ReadOptions, read};
use clvcast::progress::{Progress, Silent};

use crate::support::{Folder, lenient, read_text};

/// Rows of 700 customers over more than two chunks, with some bad ones and repeats.
fn rows() -> Vec<String> {
    let row = |index: u64| {
        let mixed = index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let (customer, day) = (mixed % 700, mixed / 700 % 28 + 1);
        let month = mixed / 20_000 % 12 + 1;
        let amount = if index.is_multiple_of(997) {
            "bad".to_owned()
        } else {
            format!("{}.{}", mixed % 50, index % 7)
        };
        format!("{customer:04},{day}/{month}/2017,{amount},o{},s{}", mixed % 9000, mixed % 3)
    };
    (0..20_000).map(row).collect()
}

const HEADER: &str = "customer,date,amount,order,segment";

fn text(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[track_caller]
fn assert_same(a: &Ledger, b: &Ledger) {
    assert_eq!(a.customers, b.customers);
    assert_eq!(a.segments, b.segments);
    assert_eq!(a.rows, b.rows);
    assert_eq!(a.scale, b.scale);
    assert_eq!(a.audit.left_out, b.audit.left_out);
    assert_eq!(a.audit.duplicate_rows, b.audit.duplicate_rows);
    assert_eq!(a.audit.rows_used, b.audit.rows_used);
}

fn with_threads(threads: usize, paths: &[String], options: &ReadOptions) -> Ledger {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| read(paths, options, &Silent)).unwrap()
}

#[test]
fn threads_row_order_and_files_do_not_change_the_ledger() {
    let folder = Folder::new();
    let mut rows = rows();
    let whole = folder.file("whole.csv", text(&rows));
    let first = folder.file("1.csv", text(&rows[..7_000]));
    let second = folder.file("2.csv", text(&rows[7_000..]));
    let ledger = with_threads(1, std::slice::from_ref(&whole), &lenient());
    assert_eq!(ledger.audit.rows_used + ledger.audit.left_out.values().sum::<u64>(), 20_000);
    assert!(ledger.rows.iter().is_sorted() && ledger.customers.is_sorted());
    for threads in [2, 7] {
        let other = with_threads(threads, std::slice::from_ref(&whole), &lenient());
        assert_same(&ledger, &other);
        assert_eq!(ledger.audit, other.audit);
    }
    assert_same(&ledger, &with_threads(2, &[first, second], &lenient()));
    rows.reverse();
    rows.rotate_left(1234);
    let shuffled = folder.file("shuffled.csv", text(&rows));
    assert_same(&ledger, &with_threads(2, &[shuffled], &lenient()));
}

#[test]
fn order_ids_have_the_same_hash_on_every_run_and_machine() {
    // Checked with an independent implementation of the hash.
    let ledger = read_text("customer,date,order\n1,2017-01-31,CA-2016-152156\n").unwrap();
    assert_eq!(
        ledger.rows.iter().next().unwrap().order.map(u64::from),
        Some(13_997_978_266_028_227_734)
    );
}

#[derive(Default)]
struct Heard(Mutex<(Option<u64>, u64)>);

impl Progress for Heard {
    fn start(&self, stage: &'static str, total: Option<u64>) {
        assert_eq!(stage, "reading");
        self.0.lock().unwrap().0 = total;
    }
    fn advance(&self, amount: u64) {
        self.0.lock().unwrap().1 += amount;
    }
}

#[test]
fn progress_adds_up_to_the_bytes_of_the_files() {
    let folder = Folder::new();
    let path = folder.file("whole.csv", text(&rows()));
    let heard = Heard::default();
    let ledger = read(&[path], &lenient(), &heard).unwrap();
    let (total, sum) = *heard.0.lock().unwrap();
    assert_eq!(total, Some(sum));
    assert_eq!(sum, ledger.audit.files[0].bytes);
}
