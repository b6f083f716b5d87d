//! The covariance of a fit: in the file to the bit, and the model moved by it.

use clvcast::calendar::{Cycle, SeasonKind};
use clvcast::fit::{
    DependenceChoice, FitOptions, FittedModel, FrequencyKind, SeasonChoice, TrendChoice, fit,
};
use clvcast::models::{FrequencyLaw, RateLaw};
use clvcast::panel::{Period, PeriodIndex};
use clvcast::simulate::{Scenario, simulate};

use crate::support::{panel, superstore};

/// A standard error is formed from the same inverse by a few products.
const ROUNDING: f64 = 1e-9;

fn kinds() -> Vec<FitOptions> {
    let base = FitOptions::default;
    let quarters = SeasonChoice::Of(SeasonKind::Factors(Cycle::Quarter));
    vec![
        base(),
        FitOptions { frequency: FrequencyKind::Pdo { tau: 30 }, ..base() },
        FitOptions { frequency: FrequencyKind::ParetoNbd, penalty: Some(0.5), ..base() },
        FitOptions { season: quarters, trend: TrendChoice::Damped, ..base() },
        FitOptions {
            season: SeasonChoice::Of(SeasonKind::Harmonics),
            frequency: FrequencyKind::BgNbd,
            ..base()
        },
        FitOptions {
            value_season: quarters,
            value_trend: TrendChoice::Linear,
            dependence: DependenceChoice::Regression,
            ..base()
        },
    ]
}

#[test]
fn its_diagonal_is_the_standard_errors_and_a_file_gives_it_back() {
    let panel = superstore();
    for options in kinds() {
        let model = fit(&panel, &options).unwrap();
        let again = FittedModel::from_json(&model.to_json()).unwrap();
        assert_eq!(model, again);
        let section = model.fit.as_ref().unwrap();
        let mut seen = 0;
        for part in [&section.frequency, section.monetary.as_ref().unwrap()] {
            let covariance = part.covariance.as_ref().unwrap();
            for (j, name) in covariance.names.iter().enumerate() {
                let Some(name) = name.strip_prefix("ln ") else { continue };
                let Some(Some((low, high))) = part.confidence_intervals.get(name) else { continue };
                // The interval is θ·exp(±1.96 σ).
                let sigma = (high / low).ln() / (2.0 * 1.959_963_984_540_054);
                let found = covariance.matrix[j][j].sqrt();
                assert!((found / sigma - 1.0).abs() < ROUNDING, "{name}: {found} {sigma}");
                seen += 1;
            }
        }
        // p, q, k, and at least the rate.
        assert!(seen >= 4, "{options:?}");
    }
}

#[test]
fn no_move_is_the_model_and_every_move_is_undone() {
    let panel = superstore();
    for options in kinds() {
        let model = fit(&panel, &options).unwrap();
        let sizes = {
            let (f, m) = model.covariances();
            [f.map_or(0, |c| c.names.len()), m.map_or(0, |c| c.names.len())]
        };
        let move_by = |by: f64| model.moved(&vec![by; sizes[0]], &vec![by; sizes[1]]).unwrap();
        let same = FittedModel { fit: None, ..model.clone() };
        assert_eq!(move_by(0.0), same);
        assert_ne!(move_by(0.1), same);
        // A calendar that is moved keeps its mean.
        if let Some(calendar) = &move_by(0.1).calendar {
            let first = panel.first_period().0;
            let factors: Vec<f64> =
                (first..=0).map(|h| calendar.period_factor(&panel.grid, PeriodIndex(h))).collect();
            let mean = factors.iter().sum::<f64>() / factors.len() as f64;
            assert!((mean - 1.0).abs() < 1e-12, "{mean}");
        }
        // ln of the mean rate moves by the difference of two moves, which is 0 here, or by one.
        let mean = |model: &FittedModel| model.frequency.rate().mean().ln();
        let moved = mean(&move_by(0.1)) - mean(&same);
        let expected = if matches!(model.frequency.rate(), RateLaw::Equal(_)) { 0.1 } else { 0.0 };
        assert!((moved - expected).abs() < 1e-12, "{moved}");
    }
}

#[test]
fn limits_have_that_of_what_is_left() {
    let options = FitOptions { frequency: FrequencyKind::Pdo { tau: 90 }, ..FitOptions::default() };
    // With one rate for all, every other base looks under-dispersed.
    let model = (1..20)
        .map(|seed| {
            let frequency = FrequencyLaw::Nbd(RateLaw::poisson(0.8).unwrap());
            let equal = Scenario { customers: 300, seed, frequency, ..Scenario::default() };
            let panel = panel(&simulate(&equal).unwrap().to_ledger(), Period::Quarter);
            fit(&panel, &options).unwrap()
        })
        .find(|model| matches!(model.frequency.rate(), RateLaw::Equal(_)))
        .unwrap();
    let covariance = model.covariances().0.unwrap();
    assert!(covariance.names.contains(&"ln rate".to_owned()));
    let moved = model.moved(&[0.1, 0.1][..covariance.names.len()], &[]).unwrap();
    let ratio = moved.frequency.rate().mean() / model.frequency.rate().mean();
    assert!((ratio.ln() - 0.1).abs() < 1e-12);
}

#[test]
fn a_file_without_one_or_with_a_broken_one_still_loads() {
    let text = std::fs::read_to_string("models/cdnow-sample.json").unwrap();
    let model = FittedModel::from_json(&text).unwrap();
    let without = model.covariances().0.is_none();
    let mut broken: serde_json::Value = serde_json::from_str(&text).unwrap();
    broken["fit"]["frequency"]["covariance"] =
        serde_json::json!({"names": ["ln a"], "matrix": [[1.0, 2.0]]});
    let broken = FittedModel::from_json(&broken.to_string()).unwrap();
    assert!(without && broken.covariances().0.is_none());
}
