//! Tracking and histogram against sums over single customers.

use clvcast::models::FrequencyLaw;
use clvcast::panel::Panel;
use clvcast::plots::{Histogram, Tracking};
use clvcast::predict::Sample;

use crate::world::{cdnow, leaving, model, nbd, superstore, superstore_from_the_start};

/// Sums over some hundred windows and customers in another order, of terms that are exact to 1e-12
/// (`Outlook::pmf`) or better.
const SUMS: f64 = 1e-9;

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= SUMS * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn the_last_cumulative_number_is_that_of_all_repeats() {
    for (panel, model) in [(superstore(), nbd()), (cdnow(), model(leaving()[0]))] {
        let tracking = Tracking::new(&panel, &model, None).unwrap();
        let repeats: u32 = (0..panel.ids.len()).map(|i| panel.exposure(i).unwrap().x).sum();
        assert_eq!(tracking.made(), f64::from(repeats));
        assert_eq!(tracking.periods.len(), panel.periods as usize);
        let sum: f64 = tracking.periods.iter().map(|p| p.actual.unwrap()).sum();
        assert_eq!(sum, f64::from(repeats));
    }
}

#[test]
fn under_the_nbd_a_base_expects_its_mean_rate_times_all_exposure() {
    let panel = superstore();
    let tracking = Tracking::new(&panel, &nbd(), None).unwrap();
    let exposure: f64 = (0..panel.ids.len()).map(|i| panel.exposure(i).unwrap().t).sum();
    close(tracking.periods.last().unwrap().cumulative_expected, 2.67 / 1.84 * exposure);
}

/// Σ_i E[Y(0, T_i)], each customer in one window of its own.
fn in_one_window(panel: &Panel, law: &FrequencyLaw) -> f64 {
    let of = |i: usize| {
        let t = panel.exposure(i).unwrap().t;
        // Ends of weeks of the PDO counted back from the as-of date: T is in weeks.
        let first = t.fract();
        let whole = (0_u32..).map(f64::from).take_while(|c| *c <= t.floor());
        let ends: Vec<f64> = whole.map(|c| first + c).collect();
        let ends = if law.tau().is_some() { ends } else { vec![] };
        law.newcomer(&ends).expected(0.0, t)
    };
    (0..panel.ids.len()).map(of).sum()
}

#[test]
fn expected_periods_add_up_to_what_is_expected_of_every_customer() {
    let panel = cdnow();
    for law in leaving() {
        let tracking = Tracking::new(&panel, &model(law), None).unwrap();
        let total = tracking.periods.last().unwrap().cumulative_expected;
        close(total, in_one_window(&panel, &law));
    }
}

#[test]
fn the_histogram_holds_every_customer_once() {
    let panel = cdnow();
    for law in leaving() {
        let histogram = Histogram::new(&panel, &model(law), None).unwrap();
        assert_eq!(histogram.actual.iter().sum::<u64>(), 2357);
        close(histogram.expected.iter().sum(), 2357.0);
        // Fader, Hardie & Lee (2005b): 1411 customers without a repeat purchase.
        assert_eq!(histogram.actual[0], 1411);
        let none = |i: usize| {
            let t = panel.exposure(i).unwrap().t;
            law.newcomer(&[]).p_any(0.0, t)
        };
        if law.tau().is_none() {
            let any: f64 = (0..2357).map(none).sum();
            close(histogram.expected[0], 2357.0 - any);
        }
    }
}

#[test]
fn a_base_of_buyers_is_held_against_those_who_purchase_at_least_once() {
    let panel = superstore_from_the_start();
    let buyers = panel.ids.len() as f64;
    // The NBD in closed form: P(X(16) = 0) = (a/(a + 16))^b.
    let none = (1.84_f64 / 17.84).powf(2.67);
    let tracking = Tracking::new(&panel, &nbd(), None).unwrap();
    assert_eq!(tracking.made(), 5009.0); // every purchase of Superstore
    let expected = buyers * 16.0 * 2.67 / 1.84 / (1.0 - none);
    close(tracking.periods.last().unwrap().cumulative_expected, expected);
    let histogram = Histogram::new(&panel, &nbd(), None).unwrap();
    assert_eq!((histogram.from, histogram.actual.iter().sum::<u64>()), (1, 793));
    close(histogram.expected.iter().sum(), buyers);
}

#[test]
fn a_known_base_has_those_who_did_not_purchase() {
    let panel = superstore_from_the_start();
    let histogram = Histogram::new(&panel, &nbd(), Some(1000)).unwrap();
    assert_eq!((histogram.from, histogram.actual[0]), (0, 207));
    close(histogram.expected[0], 1000.0 * (1.84_f64 / 17.84).powf(2.67));
    let tracking = Tracking::new(&panel, &nbd(), Some(1000)).unwrap();
    let all = tracking.periods.last().unwrap().cumulative_expected;
    close(all, 1000.0 * 16.0 * 2.67 / 1.84);
}

#[test]
fn coming_periods_start_from_what_happened() {
    let panel = superstore();
    // Two futures over two periods.
    let sample = Sample::new(2, vec![10.0, 30.0, 20.0, 5.0], None, None);
    let tracking = Tracking::new(&panel, &nbd(), None).unwrap();
    let made = tracking.made();
    let tracking = tracking.ahead(&panel, &[20.0, 12.5], Some(&sample)).happened(&[18.0, 13.0]);
    let (first, second) = (&tracking.periods[16], &tracking.periods[17]);
    assert_eq!((first.label.as_str(), second.label.as_str()), ("2018-Q1", "2018-Q2"));
    assert_eq!(first.interval, Some((10.0, 30.0)));
    // Futures are added draw by draw: 10 + 20 and 30 + 5, not 10 + 5 and 30 + 20.
    assert_eq!(second.cumulative_interval, Some((made + 30.0, made + 35.0)));
    assert_eq!(second.cumulative_expected, made + 32.5);
    assert_eq!((first.actual, second.cumulative_actual), (Some(18.0), Some(made + 31.0)));
    let csv = tracking.to_csv();
    let row = csv.lines().nth(17).unwrap();
    let end =
        format!("18,20,10,30,{},{},{},{}", made + 18.0, made + 20.0, made + 10.0, made + 30.0);
    assert_eq!(row, format!("2018-Q1,2018-01-01,2018-03-31,{end}"));
}
