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

/// Files of customer, ISO date and amount are read by a way of their own; a column more, and rows
/// take the other one.
#[test]
fn rows_of_three_plain_columns_are_read_like_any_others() {
    let odd = [
        "a, 2017-01-31 ,5",
        " a,2017-01-31,5",
        "a,2017-01-31, 5 ",
        "a,2017-01-31,5",
        "a,2017-01-31,5",
        "b,2017-02-30,5",
        "b,20170228,5",
        "b,2017-02-28T10:00:00Z,5",
        "b,2017-02-28,+3",
        "b,2017-02-28,1e2",
        "b,2017-02-28,",
        "b,2017-02-28,-0.00",
        "b,2017-02-28,.5",
        "b,2017-02-28,7.",
        "b,2017-02-28,.",
        "b,2017-02-28,1.2.3",
        "b,2017-02-28,0.1234567891",
        "b,2017-02-28,1234567890123456789",
        ",2017-02-28,5",
        "c,1899-12-31,5",
        "\u{e9},2017-02-28,5",
        "c\0,2017-02-28,5",
        "c,2017-02-28,-",
        ",,",
        "c,2017-02-28,0000000000000000000005",
    ];
    let plain = |i: usize| {
        let (id, cents) = (i * 7919 % 1009, i * 104_729 % 5_000);
        let (month, day) = (i % 12 + 1, i / 12 % 28 + 1);
        format!("{id:04},2017-{month:02}-{day:02},{}.{:02}", cents / 100, cents % 100)
    };
    let mut rows: Vec<String> = (0..20_000).map(plain).collect();
    for (i, row) in odd.iter().enumerate() {
        rows.insert(i * 613, (*row).to_owned());
    }
    let folder = Folder::new();
    let file = |name: &str, rows: &[String], column: &str| {
        let rows: Vec<String> = rows.iter().map(|row| format!("{row}{column}")).collect();
        let header = if column.is_empty() { "" } else { ",order" };
        folder.file(name, format!("customer,date,amount{header}\n{}\n", rows.join("\n")))
    };
    let short = file("short.csv", &rows, "");
    let ledger = with_threads(1, std::slice::from_ref(&short), &lenient());
    assert!(ledger.audit.duplicate_rows > 0 && ledger.audit.left_out.len() > 3);
    for threads in [2, 7] {
        let other = with_threads(threads, std::slice::from_ref(&short), &lenient());
        assert_same(&ledger, &other);
        assert_eq!(ledger.audit, other.audit);
    }
    assert_same(&ledger, &with_threads(2, &[file("long.csv", &rows, ",")], &lenient()));
    rows.rotate_left(7_777);
    assert_same(&ledger, &with_threads(2, &[file("shuffled.csv", &rows, "")], &lenient()));
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
