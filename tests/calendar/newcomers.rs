//! Customers yet to come, against sums done by hand.

use clvcast::calendar::{Calendar, Cycle, Season, Trend};
use clvcast::fit::{FittedModel, FrequencyKind, Monetary};
use clvcast::forecast::newcomers;
use clvcast::models::{Dropout, FrequencyLaw, RateLaw, ValueLaw};
use clvcast::panel::{Clock, Panel, Period};

use super::support::{fitted, plain};
use super::tiny::panel;

/// Purchases per quarter of everybody.
const RATE: f64 = 0.6;
/// Mean of every purchase.
const VALUE: f64 = 7.0;

/// Up to 2025-12-31: five customers of two years, four of the last year, and one who came on the
/// day before it.
fn base() -> Panel {
    let old = [800, 790, 760, 500, 400].map(|day| vec![(day, 700), (day - 100, 700)]);
    let new = [364, 200, 90, 0].map(|day| vec![(day, 700)]);
    let edge = vec![vec![(365, 700)]];
    panel(&[old.to_vec(), new.to_vec(), edge].concat(), Period::Quarter, Clock::FirstPurchase)
}

fn model(panel: &Panel, frequency: FrequencyLaw) -> FittedModel {
    let fitted = fitted(panel, &plain(FrequencyKind::Nbd));
    let law = ValueLaw::Constant(VALUE);
    let monetary = fitted.monetary.map(|monetary| Monetary { law, ..monetary });
    FittedModel { frequency, monetary, ..fitted }
}

fn poisson() -> RateLaw {
    RateLaw::poisson(RATE).expect("a law")
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12 * expected.max(1.0), "{found}, expected {expected}");
}

#[test]
fn four_a_year_who_stay() {
    let panel = base();
    let model = model(&panel, FrequencyLaw::Nbd(poisson()));
    let found = newcomers(&panel, &model, 3).expect("two years and more");
    let a_day = 4.0 / 365.0;
    // Quarters of 90, 91 and 92 days. Whoever comes on day d of n purchases then, and at the rate
    // over the rest (n − d)/n: Σ_d (n − d)/n = (n − 1)/2. Afterwards whole quarters.
    let mut before = 0.0;
    for (period, days) in found.iter().zip([90.0, 91.0, 92.0]) {
        near(period.customers, a_day * days);
        let again = a_day * RATE * ((days - 1.0) / 2.0 + before);
        near(period.purchases, a_day * days + again);
        near(period.amount.expect("amounts"), VALUE * period.purchases);
        before += days;
    }
    assert_eq!(found.len(), 3);
}

/// Ends every 45 days: the 14th of February and the 31st of March. Whoever comes until day 45 has
/// two, the others one; who comes on the very day of an end may leave at it.
#[test]
fn four_a_year_who_may_leave() {
    let panel = base();
    let theta = 0.3;
    let dropout = Dropout::equal(theta).expect("a law");
    let model = model(&panel, FrequencyLaw::Pdo { rate: poisson(), dropout, tau: 45 });
    let found = newcomers(&panel, &model, 1).expect("two years and more")[0];
    let rest: f64 = (1..=90)
        .map(|day| {
            if day <= 45 { f64::from(45 - day) + (1.0 - theta) * 45.0 } else { f64::from(90 - day) }
        })
        .sum();
    near(found.purchases, 4.0 / 365.0 * (90.0 + RATE * rest / 90.0));
}

/// Arrivals follow the season and not the trend; purchases follow both.
#[test]
fn a_season_spreads_them_over_the_year() {
    let panel = base();
    let mut model = model(&panel, FrequencyLaw::Nbd(poisson()));
    let factors = [0.5, 1.0, 1.0, 2.0_f64];
    let season = |trend: Trend| {
        let ln = factors.map(f64::ln).to_vec();
        let season = Season::Factors { cycle: Cycle::Quarter, ln };
        Some(Calendar { season, trend, ..Calendar::default() })
    };
    model.calendar = season(Trend::None);
    let found = newcomers(&panel, &model, 4).expect("two years and more");
    let days = [90.0, 91.0, 92.0, 92.0];
    let year: f64 = days.iter().zip(factors).map(|(days, factor)| days * factor).sum();
    for ((found, days), factor) in found.iter().zip(days).zip(factors) {
        near(found.customers, 4.0 * days * factor / year);
    }
    near(found.iter().map(|period| period.customers).sum(), 4.0);
    // The first quarter by hand: half the arrivals' rate, half the purchases'.
    let arrivals = found[0].customers;
    near(found[0].purchases, arrivals + arrivals / 90.0 * RATE * 0.5 * 89.0 / 2.0);
    model.calendar = season(Trend::Linear { per_year: 0.5 });
    let grown = newcomers(&panel, &model, 4).expect("two years and more");
    for (grown, found) in grown.iter().zip(&found) {
        near(grown.customers, found.customers);
        assert!(grown.purchases > found.purchases);
    }
}

#[test]
fn none_where_history_does_not_tell_who_is_new() {
    let ledger = |first: i32, clock| {
        let customers = [vec![(first, 700), (300, 700)], vec![(400, 700), (20, 700)]];
        panel(&customers, Period::Quarter, clock)
    };
    let estimate = |panel: &Panel, horizon| {
        newcomers(panel, &model(panel, FrequencyLaw::Nbd(poisson())), horizon)
    };
    // 2024-01-02 lies in the eighth quarter from the end: 731 days with the one of the leap year.
    let long = ledger(729, Clock::FirstPurchase);
    assert!(estimate(&long, 1).is_some());
    // Three years ahead at most, here with the leap day of 2028.
    assert!(estimate(&long, 12).is_some() && estimate(&long, 13).is_none());
    // Whole quarters from 2024-04-01 on.
    assert!(estimate(&ledger(636, Clock::FirstPurchase), 1).is_none());
    let whole = ledger(729, Clock::Panel);
    assert!(estimate(&whole, 1).is_none());
}
