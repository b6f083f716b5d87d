//! Bases that leave other engines without a number: a finite fit, a typed limit, or an error that
//! says why.

use clvcast::fit::{
    Attrition, AttritionFit, FitError, Histories, Limit, LogLikelihood, NbdData, NbdLikelihood,
    StopReason, fit_attrition, fit_nbd, fit_nbd_penalised,
};
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};
use clvcast::panel::ZeroOrders;
use clvcast::units::Day;
use nalgebra::DVector;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};

use super::support::{IN_TIME, assert_converged, cdnow_days, days_of, histories, with_ends};

const PDO: Attrition = Attrition::Pdo { tau: 7 };

/// All four models on days, in weeks.
fn fits(days: &[(u32, f64, f64)]) -> Vec<Result<AttritionFit, FitError>> {
    let plain = histories(days, 7.0);
    let mut all: Vec<_> = IN_TIME.iter().map(|&kind| fit_attrition(kind, &plain, None)).collect();
    all.push(fit_attrition(PDO, &with_ends(days, 7, 7.0), None));
    for fit in all.iter().flatten() {
        println!(
            "{:?} {:?} LL {} {} passes, {}",
            fit.law,
            fit.report.limit,
            fit.report.log_likelihood,
            fit.report.evaluations,
            fit.report.stop_reason
        );
    }
    all
}

#[test]
fn clockwork_buyers_have_one_rate_and_do_not_leave() {
    // 150 customers who buy every 28 days without fail: under-dispersed.
    let days: Vec<_> = (0..150).map(|i| (12, 336.0, 336.0 + f64::from(i % 28))).collect();
    for fit in fits(&days) {
        let fit = fit.expect("a fit");
        assert_eq!(fit.report.limit, Some(Limit::PoissonNoAttrition));
        let RateLaw::Equal(rate) = fit.law.rate() else { panic!("{:?}", fit.law) };
        assert!((rate - 0.25).abs() < 0.02);
    }
}

#[test]
fn frequent_business_customers() {
    // 200 customers with about 2.8 purchases a week for 104 weeks, a few of them lost.
    let mut rng = ChaCha8Rng::seed_from_u64(28);
    let rates = Gamma::new(4.0, 0.7).expect("a law");
    let days: Vec<_> = (0..200)
        .map(|i| {
            let t = 728.0;
            let life = if i % 10 == 0 { rng.random_range(70.0_f64..t) } else { t };
            let rate: f64 = rates.sample(&mut rng);
            let x: f64 =
                Poisson::new((rate * life / 7.0).max(1e-9)).expect("a law").sample(&mut rng);
            let last = if x > 0.0 { life * (1.0 - 1.0 / (x + 1.0)) } else { 0.0 };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            let x = x as u32;
            (x, last.floor(), t)
        })
        .collect();
    for fit in fits(&days) {
        let fit = fit.expect("a fit");
        assert!(fit.report.log_likelihood.is_finite());
        assert!(fit.report.gradient_norm < 1e-3);
        // The lost ones are seen by every model.
        assert!(!matches!(fit.report.limit, Some(Limit::NoAttrition | Limit::PoissonNoAttrition)));
    }
}

#[test]
fn one_customer_with_thousands_of_purchases() {
    let mut days = cdnow_days();
    days.push((5000, 271.6, 272.0));
    for fit in fits(&days) {
        assert_converged(&fit.expect("a fit"));
    }
}

#[test]
fn counts_without_over_dispersion() {
    // Superstore: one engine reports +1.7e15 and forecasts 0 for everybody.
    let as_of = Day::from_ymd(2017, 4, 1).expect("a day");
    let days = days_of("data/superstore.csv", as_of, ZeroOrders::Drop);
    for fit in fits(&days) {
        let report = fit.expect("a fit").report;
        assert!(report.log_likelihood.is_finite() && report.log_likelihood < 0.0);
        assert!(report.gradient_norm < 1e-2, "{}", report.gradient_norm);
    }
}

#[test]
fn nothing_to_fit_is_said() {
    for fit in fits(&[(3, 70.0, 140.0)]) {
        assert_eq!(fit.unwrap_err(), FitError::TooFewCustomers { customers: 1 });
    }
    for fit in fits(&[(0, 0.0, 140.0), (0, 0.0, 77.0)]) {
        assert_eq!(fit.unwrap_err(), FitError::NoRepeatPurchase { customers: 2 });
    }
    for fit in fits(&[(0, 0.0, 0.0), (0, 0.0, 0.0)]) {
        assert_eq!(fit.unwrap_err(), FitError::NoExposure { customers: 2 });
    }
}

#[test]
fn a_single_sub_period_is_the_nbd() {
    let days: Vec<_> = cdnow_days().iter().map(|d| (d.0, d.1, d.2)).collect();
    let data = with_ends(&days, 10_000, 7.0);
    let fit = fit_attrition(Attrition::Pdo { tau: 10_000 }, &data, None).expect("a fit");
    let nbd = fit_nbd(&data.counts()).expect("a fit");
    assert_eq!(fit.report.limit, Some(Limit::NoAttrition));
    assert_eq!(fit.law.rate(), nbd.law);
    assert_eq!(fit.report.log_likelihood, nbd.report.log_likelihood);
    let names: Vec<_> = fit.report.estimates.iter().map(|e| e.name).collect();
    assert_eq!(names, ["r", "alpha"]);
    // The likelihood itself, whatever the law of leaving.
    let theta = [0.4, 12.0, 0.7, 3.0];
    let pdo = PDO.likelihood(&data).evaluate(&DVector::from_row_slice(&theta));
    let alone = NbdLikelihood(&data.counts()).evaluate(&DVector::from_row_slice(&[12.0, 0.4]));
    assert!((pdo.value - alone.value).abs() < 1e-9);
    assert!(pdo.gradient[2].abs() < 1e-11 && pdo.gradient[3].abs() < 1e-11);
}

#[test]
fn everybody_leaves_alike() {
    // Three repeat purchases each, then nothing: less spread than any law of leaving explains.
    let paces = [2.0, 5.0, 9.0, 30.0, 60.0];
    let days: Vec<_> = (0..300_u32)
        .map(|i| (3, paces[i as usize % 5] * 3.0 + f64::from(i % 7), 700.0 + f64::from(i % 40)))
        .collect();
    for (fit, kind) in fits(&days).into_iter().zip(["bg", "mbg", "pareto", "pdo"]) {
        let fit = fit.expect("a fit");
        let limit = fit.report.limit;
        if kind == "bg" || kind == "mbg" {
            assert_eq!(limit, Some(Limit::EqualAttrition), "{kind}");
            assert!(matches!(
                fit.law,
                FrequencyLaw::BgNbd { dropout: Dropout::Equal(p), .. }
                | FrequencyLaw::MbgNbd { dropout: Dropout::Equal(p), .. } if p > 0.2 && p < 0.4
            ));
            assert!(fit.report.estimate("dropout").is_some());
        }
        if let FrequencyLaw::ParetoNbd { lifetime: Lifetime::Equal(mu), .. } = fit.law {
            assert_eq!(fit.report.estimate("mu").map(|e| e.value), Some(mu));
        }
    }
}

#[test]
fn customers_who_leave_at_once_or_never() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let days: Vec<_> = (0..500)
        .map(|i| {
            if i % 3 == 0 {
                return (0, 0.0, 400.0);
            }
            let x = rng.random_range(8_u32..40);
            (x, 400.0 - f64::from(400 / x) * rng.random_range(0.1..0.9_f64), 400.0)
        })
        .collect();
    for fit in fits(&days) {
        let report = fit.expect("a fit").report;
        // The BG's customers without repeat purchase cannot have left.
        let edge = report.limit == Some(Limit::NoAttrition)
            || (report.limit.is_none() && report.stop_reason == StopReason::Boundary);
        assert!(edge, "{report:?}");
        assert!(report.log_likelihood.is_finite());
    }
}

fn value(kind: Attrition, data: &Histories, theta: [f64; 4]) -> f64 {
    kind.likelihood(data).evaluate(&DVector::from_row_slice(&theta)).value
}

#[test]
fn parameters_at_1e10_give_the_limits() {
    let days: Vec<_> = cdnow_days().into_iter().step_by(50).collect();
    let (plain, ends) = (histories(&days, 7.0), with_ends(&days, 7, 7.0));
    let (lambda, mu, big) = (0.11, 0.02, 1e10);
    // Equal rates: Σx² /(2·1e10) from the limit; the size of ln L is 1e3.
    const CLOSE: f64 = 1e-6;
    let purchases: f64 = days.iter().map(|d| f64::from(d.0)).sum();
    let poisson = |t: f64| -lambda * t;
    // Pareto: closed form with exponential lifetimes.
    let mut exact = purchases * f64::ln(lambda);
    for &(x, t_x, t) in &days {
        let (t_x, t) = (if x == 0 { 0.0 } else { t_x / 7.0 }, t / 7.0);
        let both = lambda + mu;
        let alive = (-both * t).exp();
        exact += (alive + mu / both * ((-both * t_x).exp() - alive)).ln();
    }
    let found = value(Attrition::ParetoNbd, &plain, [big, big / lambda, big, big / mu]);
    assert!((found - exact).abs() < CLOSE, "{found} {exact}");
    // BG with one probability of leaving.
    let mut exact = purchases * f64::ln(lambda);
    for &(x, t_x, t) in &days {
        let stays = f64::from(x) * f64::ln(1.0 - mu);
        let left = f64::from(x - x.min(1)) * f64::ln(1.0 - mu) + f64::ln(mu);
        exact += if x == 0 {
            poisson(t / 7.0)
        } else {
            ((stays + poisson(t / 7.0)).exp() + (left + poisson(t_x / 7.0)).exp()).ln()
        };
    }
    let found = value(Attrition::BgNbd, &plain, [big, big / lambda, mu * big, (1.0 - mu) * big]);
    assert!((found - exact).abs() < CLOSE, "{found} {exact}");
    // Nobody leaves. The silence of frequent buyers favours having left by up to e^40.
    let nbd = NbdLikelihood(&plain.counts()).evaluate(&DVector::from_row_slice(&[10.0, 0.5])).value;
    for kind in [Attrition::BgNbd, Attrition::MbgNbd] {
        assert!((value(kind, &plain, [0.5, 10.0, 1e-25, 1.0]) - nbd).abs() < 1e-8);
    }
    assert!((value(Attrition::ParetoNbd, &plain, [0.5, 10.0, 1e-25, 1.0]) - nbd).abs() < 1e-8);
    assert!((value(PDO, &ends, [0.5, 10.0, 1e-25, 1.0]) - nbd).abs() < 1e-8);
    // Derivatives stay finite.
    for kind in IN_TIME {
        let theta = DVector::from_row_slice(&[big, big / lambda, big, big]);
        let at = kind.likelihood(&plain).evaluate(&theta);
        assert!(at.gradient.iter().chain(at.hessian.iter()).all(|v| v.is_finite()), "{kind:?}");
    }
}

#[test]
fn inputs_that_broke_other_engines() {
    let pareto = |theta, rows: &[(u32, f64, f64)]| {
        let data = Histories::from_summaries(rows.iter().map(|&(x, t_x, t)| (x, t_x, t, 1)));
        let at = Attrition::ParetoNbd.likelihood(&data).evaluate(&DVector::from_row_slice(theta));
        let change =
            Attrition::ParetoNbd.likelihood(&data).time_gradient(&DVector::from_row_slice(theta));
        assert!(at.value.is_finite() && at.gradient.iter().all(|v| v.is_finite()));
        assert!(at.hessian.iter().all(|v| v.is_finite()));
        assert!(change.rows.iter().all(|(a, b)| a.is_finite() && b.is_finite()));
    };
    let cdnow = [0.55, 10.58, 0.61, 11.67];
    pareto(&[10.465, 7.985_651_81e-3, 3.0516, 2.82], &[(26, 30.9, 31.0), (0, 0.0, 31.0)]);
    pareto(&cdnow, &[(132, 200.0, 200.0), (133, 200.0, 200.0)]);
    let rows = [
        (221, 103.428_57, 103.571_43),
        (254, 97.142_86, 97.285_71),
        (161, 94.714_29, 98.0),
        (204, 98.571_43, 99.428_57),
    ];
    pareto(&[0.5143, 2.8845, 0.2856, 14.1087], &rows);
    pareto(&[0.5, 1e-6, 0.6, 10.0], &[(3, 5.0, 30.0), (5000, 0.1, 30.0)]);
    let data = Histories::from_summaries([(3000, 38.9, 39.0, 1), (0, 0.0, 39.0, 1)]);
    for a in [1e-9, 0.3, 1.0, 1.0 + 1e-12] {
        for kind in [Attrition::BgNbd, Attrition::MbgNbd] {
            assert!(value(kind, &data, [0.5, 6.2, a, 0.4]).is_finite());
        }
    }
}

#[test]
fn a_penalty_keeps_parameters_moderate_in_every_unit() {
    let days: Vec<_> = (0..20).map(|i| (4, 100.0 + f64::from(i), 130.0 + f64::from(i))).collect();
    for kind in IN_TIME {
        let fit = |period: f64| {
            fit_attrition(kind, &histories(&days, period), Some(1.0)).expect("a fit").report
        };
        let (weeks, quarters) = (fit(7.0), fit(91.0));
        assert_eq!((weeks.limit, weeks.penalty), (None, Some(1.0)));
        assert!(matches!(weeks.stop_reason, StopReason::Converged | StopReason::Precision));
        for (a, b) in weeks.estimates.iter().zip(&quarters.estimates) {
            let scale = if matches!(a.name, "alpha" | "beta") { 13.0 } else { 1.0 };
            assert!((a.value / (b.value * scale) - 1.0).abs() < 1e-5);
            assert!(a.standard_error.is_some());
        }
    }
    // A weight that vanishes changes nothing.
    let data = histories(&cdnow_days(), 7.0);
    let free = fit_attrition(Attrition::BgNbd, &data, None).expect("a fit").report;
    let bound = fit_attrition(Attrition::BgNbd, &data, Some(1e-9)).expect("a fit").report;
    for (a, b) in free.estimates.iter().zip(&bound.estimates) {
        assert!((a.value / b.value - 1.0).abs() < 1e-5);
    }
    let counts = NbdData::new([(2, 4.0, 10), (0, 3.0, 4)], false);
    let nbd = fit_nbd_penalised(&counts, 0.5).expect("a fit").report;
    let plain = NbdLikelihood(&counts);
    let theta = DVector::from_iterator(2, nbd.estimates.iter().map(|e| e.value));
    assert!((nbd.log_likelihood - plain.evaluate(&theta).value).abs() < 1e-12);
}
