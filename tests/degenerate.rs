//! Bases that leave other engines without a number: every one ends in a finite, correct forecast,
//! in the limit model, or in an error that says why. Cases from the project's list of inputs that
//! broke other engines.

use clvcast::fit::{
    FitError, FitOptions, FittedModel, FrequencyFit, GammaGammaData, Limit, NbdData, StopReason,
    fit, fit_gamma_gamma, fit_nbd,
};
use clvcast::forecast::{Acquisition, ForecastOptions, Method, Step, forecast};
use clvcast::models::{FrequencyLaw, RateLaw, ValueLaw};
use clvcast::panel::{Clock, Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, simulate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, LogNormal, Pareto, Poisson};

mod support;
use support::panel;

/// All three rules over a panel; every number is finite and amounts are purchases × value.
fn finite_forecasts(panel: &Panel, model: &FittedModel) -> Vec<Vec<Vec<Step>>> {
    [Method::Point, Method::Chain, Method::Posterior]
        .into_iter()
        .map(|method| {
            let options = ForecastOptions { method, horizon: 3, acquisition: Acquisition::Drop };
            let purchases = forecast(panel, model, &options);
            let steps: Vec<Vec<Step>> = purchases.iter().flatten().map(Iterator::collect).collect();
            assert_eq!(steps.len(), panel.customers.len(), "{method:?}");
            for step in steps.iter().flatten() {
                assert!(step.purchases.is_finite() && step.purchases >= 0.0, "{method:?} {step:?}");
                assert!((0.0..=1.0).contains(&step.p_active), "{method:?} {step:?}");
                for money in [step.value, step.amount].into_iter().flatten() {
                    assert!(money.is_finite() && money >= 0.0, "{method:?} {step:?}");
                }
            }
            steps
        })
        .collect()
}

fn assert_converged(found: &FrequencyFit) {
    let report = &found.report;
    assert_eq!(report.limit, None);
    assert!(matches!(report.stop_reason, StopReason::Converged | StopReason::Precision));
    assert!(report.log_likelihood.is_finite());
    // The gradient in ln θ against the curvature of the likelihood, at least one customer's worth.
    assert!(report.gradient_norm < 1e-3, "{}", report.gradient_norm);
    assert!(report.estimates.iter().all(|e| e.standard_error.is_some_and(f64::is_finite)));
}

#[test]
fn clockwork_buyers_get_one_rate_and_finite_forecasts() {
    // 150 customers who buy every 28 days without fail, observed for a year: under-dispersed.
    let customers: Vec<Vec<(i32, i64)>> = (0..150)
        .map(|i| (0..13).map(|j| (j * 28 + i % 28, 2000 + 10 * i64::from(i))).collect())
        .collect();
    let panel = panel(&customers, Period::Days(7), Clock::FirstPurchase);
    let model = fit(&panel, &FitOptions::default()).unwrap();
    let RateLaw::Equal(rate) = model.frequency.rate() else {
        panic!("{:?}", model.frequency.rate())
    };
    // Twelve repeat purchases in 12 times 4 weeks and what has passed since the last one.
    let exact = 150.0 * 12.0 / (0..150).map(|i| 48.0 + f64::from(i % 28) / 7.0).sum::<f64>();
    assert!((rate / exact - 1.0).abs() < 1e-9, "{rate} {exact}");
    for steps in finite_forecasts(&panel, &model).iter().skip(1).flatten().flatten() {
        assert!((steps.purchases / rate - 1.0).abs() < 1e-9);
    }
}

#[test]
fn a_base_without_over_dispersion_ends_near_the_common_rate() {
    let mut poisson_limits = 0;
    for seed in 0..10 {
        let frequency = FrequencyLaw::Nbd(RateLaw::poisson(1.3).unwrap());
        let scenario = Scenario { customers: 500, seed, frequency, ..Scenario::default() };
        let simulation = simulate(&scenario).unwrap();
        let options = PanelOptions {
            period: scenario.period,
            as_of: Some(scenario.last_day),
            clock: Clock::FirstPurchase,
            zero_orders: ZeroOrders::Drop,
        };
        let panel = Panel::build(&simulation.to_ledger(), &options, &Silent).unwrap();
        let model = fit(&panel, &FitOptions::default()).unwrap();
        poisson_limits += u32::from(matches!(model.frequency.rate(), RateLaw::Equal(_)));
        // 500 customers with some 12 purchases each: the mean is known to about 1.3 %.
        assert!(
            (model.frequency.rate().mean() / 1.3 - 1.0).abs() < 0.06,
            "{:?}",
            model.frequency.rate()
        );
        finite_forecasts(&panel, &model);
    }
    // Chance makes about half of such samples look slightly over-dispersed.
    assert!((2..=9).contains(&poisson_limits), "{poisson_limits}");
}

#[test]
fn nobody_purchasing_again_is_said_and_not_fitted() {
    let nothing = NbdData::new((0..39).map(|i| (0, f64::from(i), 1)), false);
    assert_eq!(fit_nbd(&nothing), Err(FitError::NoRepeatPurchase { customers: 39 }));
    let today = NbdData::new([(0, 0.0, 12)], false);
    assert_eq!(fit_nbd(&today), Err(FitError::NoExposure { customers: 12 }));
    // Under the panel clock everybody has one purchase, and a second one is a repeat.
    let once = NbdData::new([(1, 8.0, 500)], true);
    assert_eq!(fit_nbd(&once), Err(FitError::NoRepeatPurchase { customers: 500 }));
    let alone = NbdData::new([(3, 20.0, 1)], false);
    assert_eq!(fit_nbd(&alone), Err(FitError::TooFewCustomers { customers: 1 }));
    assert_eq!(
        fit_gamma_gamma(&GammaGammaData::default()).map(|fit| fit.law),
        Err(FitError::NoPositiveAmount)
    );
}

#[test]
fn one_time_buyers_with_a_panel_clock_are_refused_by_the_whole_fit() {
    let customers: Vec<Vec<(i32, i64)>> = (0..40).map(|i| vec![(i * 20, 1500)]).collect();
    let panel = panel(&customers, Period::Quarter, Clock::Panel);
    assert!(matches!(
        fit(&panel, &FitOptions::default()),
        Err(FitError::NoRepeatPurchase { customers: 40 })
    ));
    // The number of customers known from elsewhere makes them a sample with zeros: it can be
    // fitted, and there is no over-dispersion in it.
    let options = FitOptions { base: Some(400), ..FitOptions::default() };
    assert!(matches!(fit(&panel, &options).unwrap().frequency.rate(), RateLaw::Equal(_)));
}

#[test]
fn two_and_three_customers_can_be_fitted() {
    for customers in [
        vec![(3, 10.0, 1), (0, 20.0, 1)],
        vec![(1, 5.0, 1), (1, 5.0, 1)],
        vec![(9, 12.0, 1), (0, 12.0, 1), (1, 3.0, 1)],
        vec![(0, 4.0, 2), (50, 4.0, 1)],
    ] {
        let found = fit_nbd(&NbdData::new(customers.iter().copied(), false)).unwrap();
        assert!(found.law.mean() > 0.0 && found.law.mean().is_finite(), "{customers:?}");
        if let RateLaw::Gamma { .. } = found.law {
            assert_converged(&found);
        }
    }
    for values in [
        vec![vec![(1.0, 10.0), (1.0, 12.0)], vec![(1.0, 30.0)]],
        vec![vec![(1.0, 10.0)], vec![(1.0, 11.0)]],
        vec![vec![(2.0, 10.0)], vec![(1.0, 900.0), (3.0, 700.0)], vec![(1.0, 0.01)]],
    ] {
        let law = fit_gamma_gamma(&GammaGammaData::new(&values)).unwrap().law;
        let next = law.after(1.0, 20.0).mean();
        assert!(next.is_none_or(|value| value.is_finite() && value > 0.0), "{law:?}");
    }
}

/// A base of `customers` who each have `values(i)` purchases, one every 30 days.
fn base(customers: i32, values: impl Fn(i32, i32) -> i64) -> Panel {
    let customers: Vec<Vec<(i32, i64)>> = (0..customers)
        .map(|i| (0..2 + i % 5).map(|j| (40 * j + i % 30, values(i, j))).collect())
        .collect();
    panel(&customers, Period::Month, Clock::FirstPurchase)
}

#[test]
fn amounts_that_are_all_equal_are_carried_forward() {
    let panel = base(60, |_, _| 1999);
    let model = fit(&panel, &FitOptions::default()).unwrap();
    let ValueLaw::Constant(value) = model.monetary.unwrap().law else { panic!("{model:?}") };
    assert!((value / 19.99 - 1.0).abs() < 1e-12);
    for step in finite_forecasts(&panel, &model)[2].iter().flatten() {
        assert!((step.value.unwrap() / 19.99 - 1.0).abs() < 1e-12);
    }
}

#[test]
fn amounts_that_differ_between_customers_only_stay_their_own() {
    let panel = base(60, |i, _| 500 + 137 * i64::from(i));
    let model = fit(&panel, &FitOptions::default()).unwrap();
    assert!(matches!(model.monetary.unwrap().law, ValueLaw::OwnConstant { .. }));
    let forecasts = finite_forecasts(&panel, &model);
    for steps in &forecasts[1..] {
        for (i, step) in (0..).zip(steps).flat_map(|(i, steps)| steps.iter().map(move |s| (i, s))) {
            let own = f64::from(500 + 137 * i) / 100.0;
            assert!((step.value.unwrap() / own - 1.0).abs() < 1e-12);
        }
    }
}

#[test]
fn amounts_that_differ_within_customers_only_share_one_mean() {
    // The same four amounts for everybody: less spread between customers than chance makes.
    let panel = base(60, |_, j| [1000, 3000, 1500, 2500, 2000, 2000][usize::try_from(j).unwrap()]);
    let model = fit(&panel, &FitOptions::default()).unwrap();
    assert!(matches!(model.monetary.unwrap().law, ValueLaw::SameForAll { .. }), "{model:?}");
    finite_forecasts(&panel, &model);
}

#[test]
fn amounts_that_vary_by_one_percent_within_customers_are_fitted() {
    // Prices of a subscription: p is 10 000, and terms a million times ln L cancel in it.
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let (own, noise) = (LogNormal::new(0.0, 2.5).unwrap(), LogNormal::new(3.0, 0.01).unwrap());
    let customers: Vec<Vec<(f64, f64)>> = (0..200)
        .map(|i| {
            let level: f64 = own.sample(&mut rng);
            (0..=i % 4).map(|_| (1.0, level * noise.sample(&mut rng))).collect()
        })
        .collect();
    let found = fit_gamma_gamma(&GammaGammaData::new(&customers)).unwrap();
    assert_eq!(found.report.stop_reason, StopReason::Converged);
    let ValueLaw::GammaGamma { p, .. } = found.law else { panic!("{:?}", found.law) };
    // 300 degrees of freedom: the variance is known to about 8 %.
    assert!((p / 1e4 - 1.0).abs() < 0.25, "{p}");
    let one_each: Vec<[(f64, f64); 1]> =
        (0..200).map(|_| [(1.0, 1.0 / Gamma::new(2.0, 1.0).unwrap().sample(&mut rng))]).collect();
    // One value each, drawn from the limit p → ∞ itself: an ordinary end, not one of rounding.
    let law = fit_gamma_gamma(&GammaGammaData::new(&one_each)).unwrap().law;
    let ordinary = matches!(law, ValueLaw::OwnConstant { .. })
        || matches!(law, ValueLaw::GammaGamma { p, .. } if p < 1e6);
    assert!(ordinary, "{law:?}");
}

#[test]
fn heavy_tailed_amounts_have_an_infinite_mean_and_finite_forecasts() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let pareto = Pareto::new(10.0, 0.8).unwrap();
    let lognormal = LogNormal::new(3.0, 2.5).unwrap();
    let mut infinite_means = 0;
    for own in [false, true] {
        for law in 0..2 {
            let mut draw = || {
                let value: f64 =
                    if law == 0 { pareto.sample(&mut rng) } else { lognormal.sample(&mut rng) };
                value.clamp(0.01, 1e12)
            };
            // Every purchase on its own, or each customer around a level of its own.
            let levels: Vec<f64> = (0..400).map(|_| draw()).collect();
            let noise: Vec<f64> = (0..4000).map(|_| draw()).collect();
            let spread = Gamma::new(4.0, 0.25).unwrap();
            let mut own_rng = ChaCha8Rng::seed_from_u64(6);
            let around: Vec<f64> = (0..4000).map(|_| spread.sample(&mut own_rng)).collect();
            let panel = base(400, |i, j| {
                let at = usize::try_from(i * 7 + j).unwrap();
                let level = levels[usize::try_from(i).unwrap()];
                let value = if own { level * around[at] } else { noise[at] };
                #[expect(clippy::cast_possible_truncation, reason = "clamped above")]
                let cents = (value * 100.0).round().max(1.0) as i64;
                cents
            });
            let model = fit(&panel, &FitOptions::default()).unwrap();
            let law = model.monetary.unwrap().law;
            if let ValueLaw::GammaGamma { q, .. } = law {
                assert_eq!(law.mean().is_none(), q <= 1.0);
                infinite_means += u32::from(q <= 1.0);
            }
            finite_forecasts(&panel, &model);
        }
    }
    assert!(infinite_means >= 2, "{infinite_means}");
}

#[test]
fn one_customer_with_five_thousand_purchases_does_not_stop_the_fit() {
    // A base like CDNOW's 1/10 sample (a = 12.07 weeks, b = 0.385; Fader, Hardie & Lee 2005).
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let gamma = Gamma::new(0.385, 1.0 / 12.07).unwrap();
    let mut customers: Vec<(u32, f64, u64)> = (0..2357)
        .map(|_| {
            let t = f64::from(rng.random_range(189..=272)) / 7.0;
            let mean: f64 = gamma.sample(&mut rng) * t;
            let x = if mean > 0.0 { Poisson::new(mean).unwrap().sample(&mut rng) } else { 0.0 };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
            let x = x as u32;
            (x, t, 1)
        })
        .collect();
    customers.push((5000, 38.86, 1));
    let found = fit_nbd(&NbdData::new(customers, false)).unwrap();
    assert_converged(&found);
    let RateLaw::Gamma { shape, rate } = found.law else { panic!("{:?}", found.law) };
    // The outlier pulls towards more heterogeneity, by far less than its own size.
    assert!((0.05..0.385).contains(&shape) && (0.5..12.07).contains(&rate), "{:?}", found.law);
    let own = found.law.after(5000, 38.86).mean();
    assert!((own / (5000.0 / 38.86) - 1.0).abs() < 0.2, "{own}");
}

#[test]
fn counts_more_uneven_than_the_logarithmic_series_end_in_it() {
    // Nearly all buy once, a few very often: the zero-truncated likelihood rises towards b = 0.
    let data = NbdData::new([(1, 8.0, 950), (2, 8.0, 20), (60, 8.0, 30)], true);
    let found = fit_nbd(&data).unwrap();
    assert_eq!(found.report.limit, Some(Limit::LogSeries));
    let RateLaw::Gamma { shape, rate } = found.law else { panic!("{:?}", found.law) };
    assert!(shape > 0.0 && shape < 1e-6 && rate > 0.0);
    // Mean of the logarithmic series with θ = T/(a+T): −θ/((1−θ) ln(1−θ)) is the mean of the data.
    let theta = 8.0 / (rate + 8.0);
    let mean = -theta / ((1.0 - theta) * (-theta).ln_1p());
    let observed = (950.0 + 40.0 + 1800.0) / 1000.0;
    assert!((mean / observed - 1.0).abs() < 1e-6, "{mean} {observed}");
    // A customer's posterior is well defined: (b + x)/(a + T).
    let next = found.law.after(2, 8.0).mean();
    assert!((next / (2.0 / (rate + 8.0)) - 1.0).abs() < 1e-6);
}

#[test]
fn business_customers_with_hundreds_of_purchases_are_no_trouble() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let gamma = Gamma::new(5.6, 0.5).unwrap();
    let customers: Vec<(u32, f64, u64)> = (0..200)
        .map(|_| {
            let mean: f64 = gamma.sample(&mut rng) * 104.0;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
            let x = Poisson::new(mean).unwrap().sample(&mut rng) as u32;
            (x, 104.0, 1)
        })
        .collect();
    let found = fit_nbd(&NbdData::new(customers, false)).unwrap();
    assert_converged(&found);
    assert!((found.law.mean() / 2.8 - 1.0).abs() < 0.1, "{:?}", found.law);
}

#[test]
fn estimates_do_not_depend_on_the_unit_of_time_or_money() {
    let counts = [(0, 30.0, 700), (1, 35.0, 200), (4, 28.0, 60), (9, 38.0, 20)];
    let fit_in = |days_per_unit: f64| {
        let scaled = counts.iter().map(|&(x, t, n)| (x, t * 7.0 / days_per_unit, n));
        fit_nbd(&NbdData::new(scaled, false)).unwrap().law
    };
    let (weeks, years) = (fit_in(7.0), fit_in(365.25));
    // Purchases expected in 91 days; the optimum is found to about 1e-5 standard errors squared.
    let (in_weeks, in_years) = (weeks.mean() * 13.0, years.mean() * 91.0 / 365.25);
    assert!((in_weeks / in_years - 1.0).abs() < 1e-8, "{in_weeks} {in_years}");

    let values = [[(1.0, 12.0), (1.0, 31.0)], [(1.0, 40.0), (1.0, 55.0)], [(1.0, 9.0), (1.0, 5.0)]];
    let fit_times = |unit: f64| {
        let scaled = values.map(|values| values.map(|(f, m)| (f, m * unit)));
        let law = fit_gamma_gamma(&GammaGammaData::new(scaled)).unwrap().law;
        law.after(2.0, 60.0 * unit).mean().unwrap() / unit
    };
    let (plain, tiny, huge) = (fit_times(1.0), fit_times(1e-6), fit_times(1e9));
    assert!((plain / tiny - 1.0).abs() < 1e-6 && (plain / huge - 1.0).abs() < 1e-6);
}
