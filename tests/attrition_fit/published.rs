//! CDNOW, the 1/10 sample of Fader & Hardie, 39 weeks of calibration to 1997-09-30, against
//! published estimates and an independent fit (Fader, Hardie & Lee 2005; Fader & Hardie 2005).

use clvcast::fit::{Attrition, FitReport, Histories, fit_attrition};

use super::support::{IN_TIME, assert_converged, cdnow_days, histories, with_ends};

/// Seven published digits of an estimate, from another optimiser, whose stopping rule costs some
/// of them; its standard errors are from a numerical Hessian.
fn agrees(report: &FitReport, name: &str, value: f64, error: f64) {
    let found = report.estimate(name).expect("an estimate");
    assert!((found.value / value - 1.0).abs() < 2e-5, "{name}: {}, expected {value}", found.value);
    let se = found.standard_error.expect("a standard error");
    assert!((se / error - 1.0).abs() < 0.01, "SE of {name}: {se}, expected {error}");
}

#[test]
fn estimates_errors_and_likelihoods_are_the_published_ones() {
    let data = histories(&cdnow_days(), 7.0);
    let cases: [(_, f64, [(&str, f64, f64); 4]); 3] = [
        (
            Attrition::BgNbd,
            -9582.42921,
            [
                ("r", 0.242_594_5, 0.012_557),
                ("alpha", 4.413_601_8, 0.378_224),
                ("a", 0.792_922_1, 0.185_732),
                ("b", 2.425_907_4, 0.705_406),
            ],
        ),
        (
            Attrition::MbgNbd,
            -9582.13572,
            [
                ("r", 0.524_843_2, 0.0833),
                ("alpha", 6.183_085_7, 0.6956),
                ("a", 0.891_359_2, 0.1548),
                ("b", 1.614_001_6, 0.5375),
            ],
        ),
        (
            Attrition::ParetoNbd,
            -9594.97618,
            [
                ("r", 0.553_277, 0.047_628),
                ("alpha", 10.577_683, 0.842_721),
                ("s", 0.606_240, 0.187_277),
                ("beta", 11.668_730, 6.210_978),
            ],
        ),
    ];
    for (kind, log_likelihood, expected) in cases {
        let begin = std::time::Instant::now();
        let fit = fit_attrition(kind, &data, None).expect("a fit");
        println!(
            "{} rows {}, {:?}, {:#?}",
            kind.name(),
            data.rows.len(),
            begin.elapsed(),
            fit.report
        );
        assert_converged(&fit);
        // Published to five decimals.
        assert!((fit.report.log_likelihood - log_likelihood).abs() < 1e-5);
        for (name, value, error) in expected {
            agrees(&fit.report, name, value, error);
        }
    }
}

/// All 23 570 customers, whose estimates were published without standard errors.
#[test]
fn the_full_file() {
    let text = std::fs::read_to_string("tests/data/cdnow-full.csv").expect("the file ships");
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        let days = |i: usize| fields[i].parse::<f64>().expect("days") / 7.0;
        let count = |i: usize| fields[i].parse::<u32>().expect("a count");
        (count(0), days(1), days(2), u64::from(count(3)))
    });
    let data = Histories::from_summaries(rows);
    assert_eq!(data.customers(), 23_570.0);
    let cases = [
        (Attrition::BgNbd, -95_368.443_9, [0.251_624, 4.788_943, 0.723_434, 2.161_089]),
        (Attrition::MbgNbd, -95_336.958_3, [0.637_140, 7.310_289, 0.807_474, 1.228_394]),
        (Attrition::ParetoNbd, -95_415.118_6, [0.597_420, 11.585_657, 0.522_186, 8.827_761]),
    ];
    for (kind, log_likelihood, expected) in cases {
        let begin = std::time::Instant::now();
        let fit = fit_attrition(kind, &data, None).expect("a fit");
        println!(
            "{} rows {}, {:?}, {:#?}",
            kind.name(),
            data.rows.len(),
            begin.elapsed(),
            fit.report
        );
        assert_converged(&fit);
        // Published to four decimals; a sum of 1e5 rounds at 1e-10.
        assert!((fit.report.log_likelihood - log_likelihood).abs() < 1e-4);
        for (estimate, value) in fit.report.estimates.iter().zip(expected) {
            assert!((estimate.value / value - 1.0).abs() < 2e-5, "{}", estimate.name);
        }
    }
}

#[test]
fn fits_do_not_depend_on_the_unit_of_time() {
    let days = cdnow_days();
    let purchases: f64 = days.iter().map(|d| f64::from(d.0)).sum();
    let fit = |kind, period: f64| {
        let data = match kind {
            Attrition::Pdo { tau } => with_ends(&days, tau, period),
            _ => histories(&days, period),
        };
        fit_attrition(kind, &data, None).expect("a fit").report
    };
    for kind in IN_TIME.into_iter().chain([Attrition::Pdo { tau: 7 }]) {
        let weeks = fit(kind, 7.0);
        for period in [1.0, 91.3125] {
            let other = fit(kind, period);
            // A density of Σx times: its logarithm shifts by Σx ln(unit).
            let shift = purchases * (period / 7.0_f64).ln();
            assert!((other.log_likelihood - shift - weeks.log_likelihood).abs() < 1e-8);
            for (a, b) in weeks.estimates.iter().zip(&other.estimates) {
                let scale = if matches!(a.name, "alpha" | "beta") { period / 7.0 } else { 1.0 };
                // The optimiser stops within 1e-5 standard errors.
                assert!((a.value / (b.value * scale) - 1.0).abs() < 1e-5, "{} {}", a.name, b.value);
            }
        }
    }
}
