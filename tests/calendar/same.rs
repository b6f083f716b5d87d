//! What must change nothing: threads, the order of rows, a damping of 1, days without opportunity
//! to leave.

use clvcast::calendar::{Cycle, SeasonKind, Trend};
use clvcast::fit::{FitOptions, FittedModel, FrequencyKind, SeasonChoice, TrendChoice};
use clvcast::models::{Dropout, FrequencyLaw};
use clvcast::panel::Period;

use super::support::{PDO, cdnow, fitted, ledger, options, panel, plain, purchases, superstore};

fn by_month(kind: FrequencyKind) -> FitOptions {
    options(kind, SeasonChoice::Of(SeasonKind::Factors(Cycle::Month)), TrendChoice::Linear)
}

#[test]
fn the_model_file_does_not_depend_on_threads() {
    let panel = panel(&superstore(), Period::Quarter, "2016-12-31");
    for kind in [FrequencyKind::Nbd, PDO] {
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("threads").install(|| fitted(&panel, &by_month(kind)).to_json())
        };
        let one = with(1);
        assert!(one.contains("\"M12\""));
        for threads in [2, 7] {
            assert_eq!(with(threads), one, "{}, {threads} threads", kind.name());
        }
    }
}

#[test]
fn the_model_file_does_not_depend_on_the_order_of_rows() {
    let text = std::fs::read_to_string("data/superstore.csv").expect("it ships");
    let (header, rows) = text.split_once('\n').expect("a header");
    let mut rows: Vec<&str> = rows.lines().collect();
    let folder = tempfile::tempdir().expect("a folder");
    let model = |rows: &[&str]| {
        let file = folder.path().join("shuffled.csv");
        std::fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).expect("written");
        let ledger = ledger(file.to_str().expect("a name"));
        let panel = panel(&ledger, Period::Quarter, "2016-12-31");
        (fitted(&panel, &by_month(FrequencyKind::Nbd)).to_json(), panel)
    };
    let before = model(&rows);
    // Backwards, and a fixed permutation: 7919 is a prime that does not divide their number.
    rows.reverse();
    assert_eq!(model(&rows), before);
    let n = rows.len();
    assert_ne!(n % 7919, 0);
    let permuted: Vec<&str> = (0..n).map(|i| rows[i * 7919 % n]).collect();
    assert_eq!(model(&permuted), before);
}

#[test]
fn a_trend_damped_by_one_is_linear() {
    let panel = panel(&superstore(), Period::Quarter, "2016-12-31");
    for kind in [FrequencyKind::Nbd, PDO] {
        let of = |trend: TrendChoice, damping: f64| {
            let options = options(kind, SeasonChoice::None, trend);
            fitted(&panel, &FitOptions { damping, ..options })
        };
        let linear = of(TrendChoice::Linear, 0.9);
        let damped = of(TrendChoice::Damped, 1.0);
        assert!(matches!(
            damped.calendar.as_ref().map(|calendar| calendar.trend),
            Some(Trend::Damped { damping: 1.0, .. })
        ));
        assert_same(&purchases(&panel, &damped, 3), &purchases(&panel, &linear, 3), 1e-12);
        // Less than 1 is less of a growing base.
        let total =
            |model: &FittedModel| -> f64 { purchases(&panel, model, 3).iter().flatten().sum() };
        assert!(total(&of(TrendChoice::Damped, 0.5)) < 0.99 * total(&linear));
    }
}

fn assert_same(found: &[Vec<f64>], expected: &[Vec<f64>], tolerance: f64) {
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() <= tolerance, "{found}, expected {expected}");
        }
    }
}

#[test]
fn sub_periods_longer_than_history_are_the_nbd() {
    let panel = panel(&cdnow(), Period::Days(91), "1997-09-30");
    let pdo = fitted(&panel, &plain(FrequencyKind::Pdo { tau: 300 }));
    let never = matches!(pdo.frequency, FrequencyLaw::Pdo { dropout: Dropout::Never, .. });
    assert!(never, "{:?}", pdo.frequency);
    assert!(pdo.to_json().contains("\"limit\": \"no-attrition\""));
    let nbd = fitted(&panel, &plain(FrequencyKind::Nbd));
    assert_same(&purchases(&panel, &pdo, 3), &purchases(&panel, &nbd, 3), 1e-12);
}

#[test]
fn and_under_a_calendar_too() {
    let panel = panel(&superstore(), Period::Quarter, "2016-12-31");
    let [pdo, nbd] = [FrequencyKind::Pdo { tau: 2000 }, FrequencyKind::Nbd]
        .map(|k| fitted(&panel, &by_month(k)));
    assert!(pdo.to_json().contains("no-attrition"));
    assert_eq!(pdo.calendar, nbd.calendar);
    assert_same(&purchases(&panel, &pdo, 3), &purchases(&panel, &nbd, 3), 1e-12);
}
