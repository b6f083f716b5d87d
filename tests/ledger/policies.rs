use clvcast::ledger::{Duplicates, ReadOptions, Reason, Refunds, read};
use clvcast::progress::Silent;

use crate::support::{Folder, holds, read_paths, read_with, shown};

const REFUND: &str = "customer,date,amount\n1,2017-01-31,5\n1,2017-02-01,-2.50\n";
const REPEATED: &str = "customer,date,amount,note\n1,2017-01-31,5,a\n1,2017-01-31,5,b\n1,2017-01-31,5,a\n1,2017-01-31,5,a\n";

fn refunds(refunds: Refunds) -> ReadOptions {
    ReadOptions { refunds, ..ReadOptions::default() }
}

fn repeats(duplicates: Duplicates) -> ReadOptions {
    ReadOptions { duplicates, ..ReadOptions::default() }
}

#[test]
fn refunds_are_netted_dropped_or_refused() {
    let ledger = read_with(REFUND, &refunds(Refunds::Net)).unwrap();
    assert_eq!((ledger.rows.len(), ledger.audit.refund_rows), (2, 1));
    let ledger = read_with(REFUND, &refunds(Refunds::Drop)).unwrap();
    assert_eq!(shown(&ledger), ["1 2017-01-31 5 0 0"]);
    assert_eq!(ledger.audit.left_out[&Reason::Refund], 1);
    assert_eq!(ledger.audit.rejects[0].found, "-2.5");
    assert_eq!(ledger.scale.places(), 0);
    let error = read_with(REFUND, &refunds(Refunds::Error)).unwrap_err().to_string();
    holds(&error, &["negative amounts are refused: 1 row", "sales.csv:3", "--refunds"]);
}

#[test]
fn exact_duplicates_are_counted_dropped_or_refused() {
    let ledger = read_with(REPEATED, &repeats(Duplicates::Keep)).unwrap();
    assert_eq!((ledger.rows.len(), ledger.audit.duplicate_rows), (4, 2));
    let ledger = read_with(REPEATED, &repeats(Duplicates::Drop)).unwrap();
    assert_eq!((ledger.rows.len(), ledger.audit.duplicate_rows), (2, 2));
    assert_eq!(ledger.audit.left_out[&Reason::Duplicate], 2);
    let lines: Vec<_> = ledger.audit.rejects.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, [4, 5]);
    let error = read_with(REPEATED, &repeats(Duplicates::Error)).unwrap_err().to_string();
    holds(&error, &["repeat another one", "2 rows", "sales.csv:4", "sales.csv:2", "--duplicates"]);
}

#[test]
fn duplicates_and_orders_are_found_across_files_with_columns_in_another_order() {
    let folder = Folder::new();
    let a =
        folder.file("a.csv", "customer,date,amount,order\n1,2017-01-31,5,A\n1,2017-01-31,5,B\n");
    let b =
        folder.file("b.csv", "order,amount,customer,date\nA,5,1,2017-01-31\nC,5,1,2017-01-31\n");
    let ledger = read_paths(&[a.clone(), b.clone()]).unwrap();
    assert_eq!(ledger.audit.duplicate_rows, 1);
    assert_eq!(ledger.audit.orders_in_several_files, 1);
    let ledger = read(&[a, b], &repeats(Duplicates::Drop), &Silent).unwrap();
    assert_eq!((ledger.audit.rows_read, ledger.audit.rows_used), (4, 3));
}
