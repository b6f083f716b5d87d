//! A generated ledger of many customers: nothing is lost, and threads do not matter.

use std::num::NonZeroU64;

use clvcast::ledger::{Audit, Columns, Ledger, Row};
use clvcast::panel::{Cell, Clock, Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::units::{Money, Scale};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::ledgers::day;

/// 20 000 customers and about 110 000 rows over two years: sales, refunds, zeros, expenses, orders
/// over several days and rows without order.
fn generated() -> Ledger {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let first = day("2016-01-01");
    let customers: Vec<String> = (0..20_000).map(|i| format!("c{i:05}")).collect();
    let mut rows = Vec::new();
    for customer in 0..20_000 {
        for _ in 0..rng.random_range(1..10) {
            let amount = match rng.random_range(0..10) {
                0 => None,
                1 => Some(0),
                2 => Some(-rng.random_range(1..5_000)),
                _ => Some(rng.random_range(1..90_000)),
            };
            rows.push(Row {
                customer,
                day: first.plus(rng.random_range(0..731)),
                order: rng
                    .random_bool(0.7)
                    .then(|| rng.random_range(1..7))
                    .and_then(NonZeroU64::new),
                amount,
                cost: rng.random_range(0..400),
                expense: rng.random_range(0..40),
            });
        }
    }
    rows.sort_unstable();
    Ledger {
        segment_changes: Vec::new(),
        segments: Some(customers.iter().map(|id| id[4..].to_owned()).collect()),
        customers: customers.into(),
        rows: rows.into(),
        scale: Scale::new(2).unwrap(),
        columns: Columns { amount: Some("amount".into()), ..Columns::default() },
        audit: Audit::default(),
    }
}

fn options(period: Period, as_of: &str) -> PanelOptions {
    PanelOptions {
        period,
        as_of: Some(day(as_of)),
        clock: Clock::FirstPurchase,
        zero_orders: ZeroOrders::Drop,
    }
}

fn sum(money: impl Iterator<Item = Money>) -> i128 {
    money.sum::<Money>().units()
}

#[test]
fn sums_reconcile_exactly_with_the_rows() {
    let ledger = generated();
    let as_of = day("2017-09-30");
    let panel = Panel::build(&ledger, &options(Period::Month, "2017-09-30"), &Silent).unwrap();
    let used = || ledger.rows.iter().filter(|row| row.day <= as_of);

    let amount = sum(used().map(|row| row.money()));
    assert_eq!(sum(panel.cells.iter().map(Cell::amount)), amount);
    assert_eq!(sum(panel.customers.iter().map(|customer| customer.amount)), amount);
    assert_eq!(sum(panel.company.iter().map(|company| company.amount)), amount);
    let all = sum(ledger.rows.iter().map(|row| row.money()));
    assert_eq!(amount + panel.audit.amount_after_as_of.units(), all);

    let cost: i128 = used().map(|row| i128::from(row.cost)).sum();
    assert_eq!(sum(panel.cells.iter().map(Cell::cost)), cost);
    assert_eq!(sum(panel.customers.iter().map(|customer| customer.cost)), cost);
    assert_eq!(sum(panel.company.iter().map(|company| company.cost)), cost);
    let expense: i128 = used().map(|row| i128::from(row.expense)).sum();
    assert_eq!(sum(panel.cells.iter().map(Cell::expense)), expense);
    assert_eq!(sum(panel.customers.iter().map(|customer| customer.expense)), expense);
    assert_eq!(sum(panel.company.iter().map(|company| company.expense)), expense);

    let rows = ledger.rows.len() as u64;
    assert_eq!(panel.audit.rows, rows);
    assert_eq!(used().count() as u64 + panel.audit.rows_after_as_of, rows);
    let customers = panel.customers.len() as u64;
    assert_eq!(customers + panel.audit.customers_after_as_of, 20_000);
}

#[test]
fn purchases_agree_between_customers_cells_company_and_statistics() {
    let panel =
        Panel::build(&generated(), &options(Period::Quarter, "2017-12-31"), &Silent).unwrap();
    let mut repeats = 0;
    for (i, customer) in panel.customers.iter().enumerate() {
        let cells = panel.customer_cells(i);
        assert!(cells.windows(2).all(|pair| pair[0].period < pair[1].period));
        assert_eq!(cells.iter().map(|cell| cell.purchases).sum::<u32>(), customer.purchases);
        repeats += u64::from(customer.purchases - customer.acquisition_purchases);
        assert_eq!(customer.purchases > 0, panel.exposure(i).is_some());
        if let Some(exposure) = panel.exposure(i) {
            assert!(0.0 <= exposure.t_x && exposure.t_x <= exposure.t);
            assert_eq!(exposure.x == 0, exposure.t_x == 0.0);
        }
    }
    let company: u64 = panel.company.iter().map(|company| company.purchases).sum();
    assert_eq!(company, panel.customers.iter().map(|c| u64::from(c.purchases)).sum::<u64>());
    assert_eq!(panel.frequency_statistics().purchases(), repeats);
    let without = panel.audit.customers_without_purchase;
    assert_eq!(panel.frequency_statistics().customers + without, panel.customers.len() as u64);
    assert!(panel.audit.refunds > 0 && panel.audit.zero_orders > 0 && without > 0);
}

#[test]
fn segments_stay_with_their_customers() {
    let panel = Panel::build(&generated(), &options(Period::Month, "2016-03-31"), &Silent).unwrap();
    assert!(panel.ids.len() < 20_000);
    let segments = panel.segments.as_ref().unwrap();
    assert!(panel.ids.iter().zip(segments).all(|(id, segment)| id[4..] == *segment));
}

#[test]
fn one_two_and_seven_threads_build_the_same_panel() {
    let ledger = generated();
    assert!(ledger.customers.len() > 3 << 12, "several units of work are needed");
    let build = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let options = options(Period::Days(7), "2017-10-11");
            let panel = Panel::build(&ledger, &options, &Silent).unwrap();
            let correlation = panel.value_frequency_correlation().unwrap();
            let frequency = panel.frequency_statistics();
            let values = panel.period_values();
            (panel, frequency, correlation, values)
        })
    };
    let alone = build(1);
    assert!(build(2) == alone, "2 threads differ from 1");
    assert!(build(7) == alone, "7 threads differ from 1");
}
