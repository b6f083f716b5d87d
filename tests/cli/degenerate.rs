//! Bases that are odd, and no errors: a finite forecast with a warning, or empty fields and a flag.

use std::fmt::Write as _;

use crate::support::{Desk, SMALL};
use crate::table::Table;

const HEADER: &str = "customer,date,amount\n";

/// A number below `n` that looks random; a mixing step of splitmix64 (Steele, Lea & Flood 2014).
fn scattered(at: u64, n: u64) -> u64 {
    let mixed = (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 27)) >> 11) % n
}

fn day(number: u64) -> String {
    let start = jiff::civil::date(2020, 1, 1);
    start.saturating_add(jiff::Span::new().days(i64::try_from(number).unwrap())).to_string()
}

/// 200 customers with 1 to 8 purchases each over two years, of the given amounts.
fn base(amount: impl Fn(u64) -> String) -> String {
    let mut text = HEADER.to_owned();
    let mut at = 0;
    for customer in 0..200 {
        let first = scattered(customer, 200);
        for purchase in 0..=scattered(customer + 1000, 8) {
            let day = day(first + 70 * purchase + scattered(at, 60));
            writeln!(text, "c{customer:03},{day},{}", amount(at)).unwrap();
            at += 1;
        }
    }
    text
}

/// Every method forecasts finite numbers; the chain's table and its messages.
#[track_caller]
fn forecasts(sales: &str, args: &[&str]) -> (Table, String) {
    let desk = Desk::with(sales);
    let mut last = None;
    for method in ["point", "posterior", "chain"] {
        let args = [&["forecast", "sales.csv"], args, &["--method", method, "-o", "out.csv"]];
        let outcome = desk.done(&args.concat());
        let table = desk.table("out.csv");
        table.is_finite();
        assert!(!outcome.stderr.contains("NaN") && !outcome.stderr.contains(" inf"));
        last = Some((table, outcome.stderr));
    }
    last.unwrap()
}

#[test]
fn clockwork_buyers_get_one_rate_and_a_warning() {
    let mut text = HEADER.to_owned();
    for customer in 0..150 {
        for purchase in 0..26 {
            let day = day(28 * purchase + customer % 7);
            let amount = 10 + scattered(customer * 26 + purchase, 11);
            writeln!(text, "c{customer:03},{day},{amount}.50").unwrap();
        }
    }
    let (table, message) = forecasts(&text, &[]);
    assert!(message.contains("Poisson limit"), "{message}");
    // One purchase in 28 days is 365.25 / 4 / 28 = 3.26 a quarter.
    for row in 0..table.rows.len() {
        let purchases = table.number(row, "purchases_1").unwrap();
        assert!((3.1..3.4).contains(&purchases), "{purchases}");
    }
}

#[test]
fn equal_rates_are_forecast_near_the_common_rate() {
    let desk = Desk::new();
    let args = ["simulate", "--customers", "300", "--equal-rates", "--seed", "3", "-o", "s.csv"];
    desk.done(&args);
    let table = desk.forecast(&["s.csv"]);
    table.is_finite();
    // The published example's mean, b/a; 300 customers of some 10 periods scatter by 2 %.
    let mean = table.sum("purchases_1") / 300.0;
    assert!((mean / (2.67 / 1.84) - 1.0).abs() < 0.1, "{mean}");
}

#[test]
fn constant_amounts_are_carried_forward() {
    let (table, message) = forecasts(&base(|_| "25.00".to_owned()), &[]);
    assert!(message.contains("same value"), "{message}");
    for row in 0..table.rows.len() {
        let value = table.number(row, "value_2").unwrap();
        assert!((value / 25.0 - 1.0).abs() < 1e-9, "{value}");
    }
}

#[test]
fn heavy_tailed_amounts_are_forecast() {
    // Pareto with shape 0.8: quantiles u^(−1/0.8), whose mean is infinite.
    let amount = |at| {
        let u = (scattered(at, 1_000_000) + 1) as f64 / 1_000_001.0;
        format!("{:.2}", u.powf(-1.25))
    };
    let (table, _) = forecasts(&base(amount), &["--margin", "0.3"]);
    for row in 0..table.rows.len() {
        let flagged = table.text(row, "flags").contains("infinite-mean");
        assert_eq!(table.number(row, "amount_1").is_none(), flagged);
    }
}

#[test]
fn one_customer_with_5000_purchases_is_one_among_others() {
    let mut text = base(|at| (5 + scattered(at, 40)).to_string()).replace('\n', ",\n");
    text = text.replacen("amount,", "amount,order", 1);
    for order in 0..5000 {
        let amount = 5 + scattered(order, 40);
        writeln!(text, "big,{},{amount},o{order}", day(order / 8)).unwrap();
    }
    let (table, _) = forecasts(&text, &[]);
    let row = table.row_of("big");
    assert_eq!(table.text(row, "past_purchases"), "5000");
    // 8 orders a day for some 91 days, and no order in the last quarter: between half and all.
    let purchases = table.number(row, "purchases_1").unwrap();
    assert!((250.0..730.0).contains(&purchases), "{purchases}");
    let rest = table.number(table.row_of("c001"), "purchases_1").unwrap();
    assert!(rest < 5.0, "{rest}");
}

#[test]
fn values_that_differ_by_chance_only_are_forecast_with_a_warning() {
    let (_, message) = forecasts(&base(|at| (5 + scattered(at, 40)).to_string()), &[]);
    assert!(message.contains("Warnings"), "{message}");
}

#[test]
fn refund_only_customers_are_flagged_empty_rows() {
    let text = format!("{SMALL}r,2020-05-05,-20,0\nz,2020-05-06,0,0\n");
    let (table, message) = forecasts(&text, &[]);
    for (id, past) in [("r", "-20"), ("z", "0")] {
        let row = table.row_of(id);
        assert_eq!(table.text(row, "flags"), "no-active-period");
        assert_eq!(table.text(row, "past_amount"), past);
        assert_eq!(table.text(row, "purchases_1"), "");
        assert_eq!(table.text(row, "gross_profit_total"), "");
    }
    assert!(message.contains("2 of 5 customers have no forecast"), "{message}");
}

#[test]
fn a_period_that_nets_to_nothing_keeps_its_money_in_the_past() {
    let text = format!("{SMALL}d,2020-05-05,20,9\nd,2020-05-09,-20,-9\n");
    let (table, _) = forecasts(&text, &[]);
    let row = table.row_of("d");
    assert_eq!(table.text(row, "past_amount"), "0");
    assert_eq!(table.text(row, "past_purchases"), "1");
    assert_eq!(table.text(row, "active_periods"), "0");
    assert!(table.text(row, "flags").contains("no-active-period"));
}

#[test]
fn one_time_buyers_among_others_are_flagged_and_forecast() {
    let (table, _) = forecasts(&base(|at| (5 + scattered(at, 40)).pow(2).to_string()), &[]);
    let mut seen = 0;
    for row in 0..table.rows.len() {
        let once = table.text(row, "past_purchases") == "1";
        let flags = table.text(row, "flags");
        assert_eq!(flags.split(';').any(|flag| flag == "one-time-buyer"), once);
        seen += usize::from(once);
        assert!(table.number(row, "purchases_3").unwrap() > 0.0);
    }
    assert!(seen > 0);
}

#[test]
fn costs_of_nothing_and_above_the_price_are_flagged() {
    let text = format!("{SMALL}free,2020-12-01,10,0\nloss,2020-12-01,10,30\n");
    let (table, _) = forecasts(&text, &[]);
    assert!(table.text(table.row_of("free"), "flags").contains("margin-100"));
    let flags = table.text(table.row_of("loss"), "flags");
    assert!(flags.contains("negative-margin") && flags.contains("negative-forecast"), "{flags}");
}
