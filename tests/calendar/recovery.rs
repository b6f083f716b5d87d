//! Seasons and trends found again from simulated bases, pooled over seeds.
//!
//! Factors are compared as differences from their mean, because their common level is the prior's.
//! The prior shrinks a coefficient by (error/σ)², here a few percent and up to a third of a standard
//! error: estimates as reported must lie near the truth all the same; for their means over the seeds
//! the prior is undone.

use clvcast::calendar::{Calendar, Cycle, SeasonKind, Trend};
use clvcast::fit::{Coefficient, FrequencyKind, SeasonChoice, TrendChoice};
use clvcast::models::{Dropout, FrequencyLaw, RateLaw};
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, simulate};
use rayon::prelude::*;

use super::support::{fitted, options};

const SEEDS: u64 = 60;
/// Centred: their sum is 0.
const QUARTERS: [f64; 4] = [-0.45, -0.05, 0.1, 0.4];
/// cos 1, cos 2, sin 1, sin 2.
const HARMONICS: [f64; 4] = [0.3, -0.1, -0.2, 0.1];
const TREND: f64 = 0.2;

fn coefficients(kind: SeasonKind) -> [f64; 4] {
    if kind == SeasonKind::Harmonics { HARMONICS } else { QUARTERS }
}

/// Three years of some hundred customers, acquired over all but the last quarter.
pub(crate) fn scenario(kind: SeasonKind) -> Scenario {
    let calendar = Calendar {
        season: kind.season(&coefficients(kind)),
        trend: Trend::Linear { per_year: TREND },
        ..Calendar::default()
    };
    Scenario {
        customers: 400,
        acquisition_periods: 11,
        calendar: Some(calendar),
        monetary: None,
        margin: None,
        expense_rate: None,
        segments: false,
        ..Scenario::default()
    }
}

/// Standardised errors of a coefficient: as reported, and without the prior.
struct Error {
    z: f64,
    unshrunk: f64,
}

/// Of the season's coefficients and the trend, for every seed.
fn errors(kind: FrequencyKind, law: FrequencyLaw, season: SeasonKind) -> Vec<Vec<Error>> {
    let options = options(kind, SeasonChoice::Of(season), TrendChoice::Linear);
    let truth = coefficients(season).into_iter().chain([TREND]);
    let truth: Vec<f64> = truth.collect();
    let of = |seed: u64| {
        let scenario = Scenario { seed, frequency: law, ..scenario(season) };
        let ledger = simulate(&scenario).expect("a scenario").to_ledger();
        let as_of = Some(scenario.last_day);
        let panel = PanelOptions { as_of, ..PanelOptions::new(Period::Quarter) };
        let panel = Panel::build(&ledger, &panel, &Silent).expect("a panel");
        let section = fitted(&panel, &options).fit.and_then(|fit| fit.calendar).expect("one");
        let variance = section.prior_variance.expect("a season is shrunk");
        // A factor's difference from the mean of four has three quarters of the prior's variance.
        let variance = if season == SeasonKind::Harmonics { variance } else { 0.75 * variance };
        let of = |(j, (c, truth)): (usize, (&Coefficient, &f64))| {
            let error = c.standard_error.expect("an error");
            // The posterior of β with prior N(0, σ²) has the mean s β̂ and the variance s Var β̂,
            // s = 1 − error²/σ², coefficient by coefficient. The trend has no prior.
            let s = if j < 4 { 1.0 - error * error / variance } else { 1.0 };
            let z = (c.estimate - truth) / error;
            Error { z, unshrunk: (c.estimate / s - truth) / (error / s.sqrt()) }
        };
        section.coefficients.iter().zip(&truth).enumerate().map(of).collect()
    };
    (1..=SEEDS).into_par_iter().map(of).collect()
}

fn recovers(kind: FrequencyKind, law: FrequencyLaw) {
    let mut all = Vec::new();
    for season in [SeasonKind::Factors(Cycle::Quarter), SeasonKind::Harmonics] {
        let errors = errors(kind, law, season);
        for j in 0..5 {
            let mean = errors.iter().map(|z| z[j].unshrunk).sum::<f64>() / SEEDS as f64;
            // A mean over the seeds of a standard error of 1.
            let bound = 3.0 / (SEEDS as f64).sqrt();
            assert!(mean.abs() < bound, "{}, {}, {j}: {mean}", kind.name(), season.name());
        }
        all.extend(errors.into_iter().flatten().map(|error| error.z));
    }
    let count = all.len() as f64;
    let beyond = all.iter().filter(|z| z.abs() > 3.0).count();
    assert!(beyond as f64 <= 0.01 * count, "{}: {beyond} of {count}", kind.name());
    // The errors are neither too large nor too small: a mean square over 600 of them, of which
    // 540 are independent, has a standard error of 0.06.
    let square = all.iter().map(|z| z * z).sum::<f64>() / count;
    assert!((square - 1.0).abs() < 0.25, "{}: {square}", kind.name());
}

/// 1.45 purchases per quarter on average.
fn rate() -> RateLaw {
    RateLaw::nbd(1.84, 2.67).expect("a law")
}

#[test]
fn nbd_finds_season_and_trend_again() {
    recovers(FrequencyKind::Nbd, FrequencyLaw::Nbd(rate()));
}

#[test]
fn bg_nbd_finds_season_and_trend_again() {
    let dropout = Dropout::beta(0.8, 8.0).expect("a law");
    recovers(FrequencyKind::BgNbd, FrequencyLaw::BgNbd { rate: rate(), dropout });
}

#[test]
fn pdo_finds_season_and_trend_again() {
    let (dropout, tau) = (Dropout::beta(0.8, 8.0).expect("a law"), 45);
    recovers(FrequencyKind::Pdo { tau }, FrequencyLaw::Pdo { rate: rate(), dropout, tau });
}
