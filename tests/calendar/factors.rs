//! Given factors, and windows without length.

use clvcast::calendar::{Calendar, GivenFactors, Timeline};
use clvcast::fit::{FitOptions, FittedModel, FrequencyKind};
use clvcast::forecast::Prospects;
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, Past, RateLaw};
use clvcast::panel::{Panel, Period, PeriodIndex};

use super::support::{PDO, cdnow, fitted, panel, plain, purchases, superstore};

/// CDNOW by 91 days with parameters near its fits.
fn laws() -> [FrequencyLaw; 5] {
    let rate = RateLaw::nbd(0.8, 0.5).expect("a law");
    let dropout = Dropout::beta(0.8, 2.5).expect("a law");
    let lifetime = Lifetime::gamma(0.6, 0.9).expect("a law");
    [
        FrequencyLaw::Nbd(rate),
        FrequencyLaw::BgNbd { rate, dropout },
        FrequencyLaw::MbgNbd { rate, dropout },
        FrequencyLaw::ParetoNbd { rate, lifetime },
        FrequencyLaw::Pdo { rate, dropout, tau: 7 },
    ]
}

fn base() -> (Panel, FittedModel) {
    let panel = panel(&cdnow(), Period::Days(91), "1997-09-30");
    let model = fitted(&panel, &plain(FrequencyKind::Nbd));
    (panel, model)
}

fn with(model: &FittedModel, frequency: FrequencyLaw, calendar: Option<Calendar>) -> FittedModel {
    FittedModel { frequency, calendar, ..model.clone() }
}

/// One factor for every period of the panel and the three after it.
fn everywhere(panel: &Panel, factor: f64) -> GivenFactors {
    let periods = (panel.first_period().0..=3).map(PeriodIndex);
    GivenFactors::new(periods.map(|p| (panel.grid.label(p), factor)))
}

fn given(given: GivenFactors) -> Calendar {
    Calendar { given, ..Calendar::default() }
}

#[test]
fn a_factor_of_one_in_every_period_changes_no_bit() {
    let (panel, model) = base();
    for law in laws() {
        let plain = purchases(&panel, &with(&model, law, None), 3);
        let flat = with(&model, law, Some(given(everywhere(&panel, 1.0))));
        assert_eq!(purchases(&panel, &flat, 3), plain, "{}", law.name());
        // The same by another way: twice the rate on a level of two, day by day.
        let mut level = given(everywhere(&panel, 2.0));
        level.normalise(&panel.grid, panel.first_period());
        assert!((level.ln_level - 2_f64.ln()).abs() < 1e-15);
        let level = with(&model, law, Some(level));
        for (found, expected) in purchases(&panel, &level, 3).iter().zip(&plain) {
            for (found, expected) in found.iter().zip(expected) {
                let ratio = found / expected;
                assert!((ratio - 1.0).abs() < 1e-12, "{}: {ratio}", law.name());
            }
        }
    }
}

#[test]
fn given_factors_of_one_and_of_two_everywhere_leave_the_fit_where_it_is() {
    let (panel, _) = base();
    for kind in [FrequencyKind::Nbd, FrequencyKind::ParetoNbd, PDO] {
        let with = |factor: f64| {
            let given = everywhere(&panel, factor);
            fitted(&panel, &FitOptions { given, ..plain(kind) })
        };
        let expected = fitted(&panel, &plain(kind));
        assert_eq!(with(1.0).to_json(), expected.to_json(), "{}", kind.name());
        // Sums over days in place of differences of dates: the last digits, after a climb.
        let ratio = with(2.0).frequency.rate().mean() / expected.frequency.rate().mean();
        assert!((ratio - 1.0).abs() < 1e-8, "{}: {ratio}", kind.name());
    }
}

#[test]
fn twice_the_rate_in_a_coming_period_is_twice_its_purchases_where_time_makes_nobody_leave() {
    let (panel, model) = base();
    let coming = |h: i32| given(GivenFactors::new([(panel.grid.label(PeriodIndex(h)), 2.0)]));
    for (law, h) in laws().into_iter().flat_map(|law| [1, 2, 3].map(|h| (law, h))) {
        let plain = purchases(&panel, &with(&model, law, None), 3);
        let found = purchases(&panel, &with(&model, law, Some(coming(h))), 3);
        for (found, plain) in found.iter().zip(&plain) {
            for (p, (found, plain)) in (1..).zip(found.iter().zip(plain)) {
                let ratio = found / plain;
                match law {
                    FrequencyLaw::Nbd(_) | FrequencyLaw::Pdo { .. } => {
                        let expected = if p == h { 2.0 } else { 1.0 };
                        assert!((ratio - expected).abs() < 1e-12, "{}: {ratio}", law.name());
                    }
                    // In their time twice as much of it passes, in which customers leave.
                    _ if p < h => assert!((ratio - 1.0).abs() < 1e-12),
                    _ if p == h => assert!(ratio > 1.5 && ratio < 2.0, "{}: {ratio}", law.name()),
                    _ => assert!(ratio > 0.5 && ratio < 1.0, "{}: {ratio}", law.name()),
                }
            }
        }
    }
}

/// A known effect of the past is taken out of the rates: with the fourth quarters given as three
/// times the others, the next one is forecast three times as high.
#[test]
fn a_known_past_is_taken_out_of_the_rates() {
    let panel = panel(&superstore(), Period::Quarter, "2016-12-31");
    let fourth = (-11..=4).map(PeriodIndex).map(|p| panel.grid.label(p));
    let fourth = fourth.filter(|label| label.ends_with("Q4")).map(|label| (label, 3.0));
    let options = FitOptions { given: GivenFactors::new(fourth), ..plain(FrequencyKind::Nbd) };
    let rows = purchases(&panel, &fitted(&panel, &options), 4);
    for row in rows {
        for h in 0..3 {
            assert!((row[3] / row[h] - 3.0).abs() < 1e-12, "{row:?}");
        }
    }
}

#[test]
fn nothing_is_expected_of_an_empty_window() {
    let (panel, model) = base();
    let ends = [0.5, 1.0, 1.5];
    for law in laws() {
        let past = Past { ends: &[0.2, 1.1, 2.0], last: 1, ..Past::new(2, 0.9, 2.0) };
        for outlook in [law.outlook(&past, &ends), law.newcomer(&ends)] {
            for t in [0.0, 0.5, 1.2] {
                assert_eq!((outlook.expected(t, t), outlook.p_any(t, t)), (0.0, 0.0));
                assert_eq!(outlook.pmf(t, t), [1.0]);
            }
            assert!(outlook.expected(0.0, 1.2) > 0.0);
        }
        let none = Prospects::new(&panel, &law, &Timeline::new(&panel, None, 0));
        assert!(none.of(0).expect("a purchase").periods.is_empty());
        let rows = purchases(&panel, &with(&model, law, None), 0);
        assert!(rows.len() == panel.customers.len() && rows.iter().all(Vec::is_empty));
    }
}
