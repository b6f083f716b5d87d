//! The same choice on every run: threads, the order of rows, and the sample of a large base.

use clvcast::evaluate::choose::{Choice, Chooser};
use clvcast::panel::{PanelOptions, Period};
use clvcast::simulate::{Scenario, simulate};

use crate::support::{chooser, chosen, written};

/// More than is compared in these tests.
const CUSTOMERS: u32 = 500;

/// A base of 14 quarters as CSV: header and rows.
fn base(customers: u32) -> (String, Vec<String>) {
    let scenario = Scenario { customers, periods: 14, ..Scenario::default() };
    let mut csv = Vec::new();
    simulate(&scenario).expect("a base").write_csv(&mut csv).expect("text");
    let text = String::from_utf8(csv).expect("text");
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().expect("a header"), lines.collect())
}

fn choice(header: &str, rows: &[String], customers: usize) -> Choice {
    let ledger = written(&format!("{header}\n{}\n", rows.join("\n")));
    let chooser = Chooser { customers, ..chooser() };
    chosen(&ledger, &PanelOptions::new(Period::Quarter), &chooser)
}

fn bytes(choice: &Choice) -> String {
    serde_json::to_string(&choice.record).expect("JSON")
}

#[test]
fn threads_and_the_order_of_rows_change_no_byte() {
    let (header, rows) = base(CUSTOMERS);
    let mut shuffled = rows.clone();
    // A fixed permutation that leaves nothing where it was: 7919 is prime and no factor of n.
    let n = shuffled.len();
    for (i, row) in rows.iter().enumerate() {
        shuffled[(i * 7919 + 1) % n].clone_from(row);
    }
    assert_ne!(shuffled, rows);
    for customers in [Chooser::CUSTOMERS, 250] {
        let expected = bytes(&choice(&header, &rows, customers));
        for (threads, rows) in [(1, &rows), (2, &shuffled), (7, &shuffled)] {
            let pool =
                rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            let found = pool.install(|| choice(&header, rows, customers));
            assert_eq!(bytes(&found), expected, "{threads} threads");
        }
    }
}

#[test]
fn a_large_base_is_compared_on_a_sample_that_says_so() {
    let (header, rows) = base(CUSTOMERS);
    let found = choice(&header, &rows, 200);
    let held = found.record.held_out.as_ref().expect("held-out periods");
    assert_eq!((held.customers, held.of), (200, u64::from(CUSTOMERS)));
    // The sample takes nothing from the rows of others: theirs may as well be missing.
    let sample = written(&format!("{header}\n{}\n", rows.join("\n")));
    let ids = sample.customers.to_vec();
    let kept = sample.sample(&ids, 200, 1).expect("a sample").customers;
    let of_sample = |row: &&String| {
        row.split(',')
            .next()
            .is_some_and(|id| kept.binary_search_by(|k| k.as_str().cmp(id)).is_ok())
    };
    let rows: Vec<String> = rows.iter().filter(of_sample).cloned().collect();
    let alone = choice(&header, &rows, 200);
    assert_eq!((&alone.members, &alone.record.compared), (&found.members, &found.record.compared));
    assert_eq!(alone.record.held_out.expect("held-out periods").of, 200);
}
