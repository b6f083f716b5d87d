//! Forecasts do not depend on the unit of time.

use clvcast::fit::{FitOptions, FrequencyKind, SeasonChoice, TrendChoice};
use clvcast::panel::Period;

use super::support::{PDO, cdnow, fitted, options, panel, plain, purchases, superstore};

/// CDNOW to 1998-06-30, 546 days: the purchases of the next 273 days as 1 period, 3, 39 and 273.
fn totals(options: &FitOptions) -> Vec<f64> {
    let ledger = cdnow();
    let total = |days: u32| {
        let panel = panel(&ledger, Period::Days(days), "1998-06-30");
        let model = fitted(&panel, options);
        purchases(&panel, &model, 273 / days).iter().flatten().sum()
    };
    [273, 91, 7, 1].map(total).to_vec()
}

#[test]
fn totals_of_273_days_are_the_same_in_any_unit() {
    for kind in [FrequencyKind::BgNbd, FrequencyKind::MbgNbd, FrequencyKind::ParetoNbd, PDO] {
        let totals = totals(&plain(kind));
        for total in &totals {
            // The optimiser stops within 1e-5 standard errors of the same maximum.
            assert!((total / totals[0] - 1.0).abs() < 1e-6, "{}: {totals:?}", kind.name());
        }
    }
}

#[test]
fn so_are_they_under_a_trend() {
    for kind in [FrequencyKind::Nbd, FrequencyKind::BgNbd, PDO] {
        let totals = totals(&options(kind, SeasonChoice::None, TrendChoice::Linear));
        for total in &totals {
            assert!((total / totals[0] - 1.0).abs() < 1e-6, "{}: {totals:?}", kind.name());
        }
    }
}

/// Three years of Superstore in periods of 73 and of 365 days: the season is the same season.
#[test]
fn and_under_a_season() {
    let ledger = superstore();
    let season = options(FrequencyKind::Nbd, SeasonChoice::Auto, TrendChoice::Linear);
    let [a, b] = [73, 365].map(|days| {
        let panel = panel(&ledger, Period::Days(days), "2016-12-31");
        purchases(&panel, &fitted(&panel, &season), 365 / days).iter().flatten().sum::<f64>()
    });
    // The panel's first period starts before the first purchase, by another number of days: the
    // mean factor over it differs, which the rates take up.
    assert!((a / b - 1.0).abs() < 1e-3, "{a} {b}");
}
