//! CDNOW, the 1/10 sample of Fader & Hardie, 39 weeks of calibration to 1997-09-30, against
//! published estimates and an independent fit of the same data (Fader, Hardie & Lee 2005; Fader &
//! Hardie 2013; standard errors from the independent fit's numerical Hessian).

use clvcast::fit::{Estimate, FitOptions, FittedModel, Spend, fit};
use clvcast::forecast::{ForecastOptions, Method, forecast};
use clvcast::ledger::{ReadOptions, read};
use clvcast::panel::{Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::units::Day;

fn panel(period: u32, zero_orders: ZeroOrders) -> Panel {
    let files = ["data/cdnow-sample.csv".to_owned()];
    let ledger = read(&files, &ReadOptions::default(), &Silent).expect("the ledger ships");
    let as_of = Day::from_ymd(1997, 9, 30);
    let options = PanelOptions { as_of, zero_orders, ..PanelOptions::new(Period::Days(period)) };
    Panel::build(&ledger, &options, &Silent).expect("a panel")
}

fn fitted(panel: &Panel) -> FittedModel {
    let options = FitOptions { spend: Spend::RepeatMean, ..FitOptions::default() };
    fit(panel, &options).expect("a fit")
}

/// Six published digits of an estimate, three of its standard error.
fn agrees(part: &clvcast::fit::PartSection, name: &str, value: f64, expected: f64, error: f64) {
    assert!((value / expected - 1.0).abs() < 1e-4, "{name}: {value}, expected {expected}");
    let found = part.standard_errors[name].expect("a standard error");
    assert!((found / error - 1.0).abs() < 0.01, "SE of {name}: {found}, expected {error}");
}

#[test]
fn the_panel_counts_what_was_published() {
    let panel = panel(7, ZeroOrders::Count);
    let statistics = panel.frequency_statistics();
    assert_eq!(statistics.customers, 2357);
    assert_eq!(statistics.counts[&0], 1411);
    assert_eq!(statistics.purchases(), 2457);
    assert_eq!(statistics.counts.keys().next_back(), Some(&29));
    let longest = statistics.exposures.keys().next_back().expect("exposures").periods();
    assert!((longest - 38.857).abs() < 1e-3); // weeks
}

#[test]
fn nbd_agrees_with_the_published_fit() {
    let model = fitted(&panel(7, ZeroOrders::Count));
    let report = &model.fit.as_ref().expect("fitted").frequency;
    let clvcast::models::RateLaw::Gamma { shape, rate } = model.frequency.rate() else {
        panic!("a gamma law");
    };
    agrees(report, "b", shape, 0.384_766, 0.0210);
    agrees(report, "a", rate, 12.072_023, 0.809);
    // Log-likelihoods are published to five decimals.
    let close =
        |found: Option<f64>, expected: f64| (found.expect("finite") - expected).abs() < 1e-5;
    assert!(close(report.log_likelihood, -9763.65761));
    assert!(close(report.full_log_likelihood, -3193.05868));
}

#[test]
fn nbd_without_the_orders_of_zero() {
    let panel = panel(7, ZeroOrders::Drop);
    assert_eq!(panel.frequency_statistics().customers, 2349);
    assert_eq!(panel.frequency_statistics().purchases(), 2457);
    let report = fitted(&panel).fit.expect("fitted").frequency;
    // Published to one decimal.
    assert!((report.log_likelihood.expect("finite") + 9759.5).abs() < 0.05);
}

#[test]
fn gamma_gamma_agrees_with_the_published_fit() {
    let model = fitted(&panel(7, ZeroOrders::Count));
    let report = model.fit.as_ref().expect("fitted").monetary.clone().expect("amounts");
    let clvcast::models::ValueLaw::GammaGamma { p, q, k } = model.monetary.expect("amounts").law
    else {
        panic!("a Gamma-Gamma law");
    };
    assert_eq!(report.customers, 946);
    agrees(&report, "p", p, 6.249_572, 1.190);
    agrees(&report, "q", q, 3.744_225, 0.290);
    agrees(&report, "k", k, 15.443_521, 4.159);
    assert!((report.log_likelihood.expect("finite") + 4055.91769).abs() < 1e-5);
    let mean = model.monetary.and_then(|m| m.law.mean()).expect("finite");
    assert!((mean - 35.1704).abs() < 1e-3);
}

#[test]
fn the_nbd_forecast_of_three_quarters_is_the_published_one() {
    let panel = panel(91, ZeroOrders::Count);
    let options = ForecastOptions { method: Method::Posterior, ..ForecastOptions::default() };
    let forecast = forecast(&panel, &fitted(&panel), &options);
    for h in 0..3 {
        let total: f64 =
            forecast.iter().flatten().filter_map(|mut s| s.nth(h)).map(|s| s.purchases).sum();
        assert!((total - 976.6).abs() < 0.05, "{total}"); // published to one decimal
    }
}

#[test]
fn forecasts_do_not_depend_on_the_unit_of_time() {
    // 91 days as one period, as 13 weeks and as 91 days: the same purchases in the same days.
    let total = |days: u32| -> f64 {
        let panel = panel(days, ZeroOrders::Count);
        let horizon = 91 / days;
        let options =
            ForecastOptions { method: Method::Posterior, horizon, ..ForecastOptions::default() };
        let forecast = forecast(&panel, &fitted(&panel), &options);
        forecast.iter().flatten().flatten().map(|step| step.purchases).sum()
    };
    let quarter = total(91);
    for days in [7, 1] {
        // The optimiser stops within 1e-5 standard errors of the same maximum.
        assert!((total(days) / quarter - 1.0).abs() < 1e-6);
    }
}

#[test]
fn the_shipped_model_file_is_this_fit() {
    let text = std::fs::read_to_string("models/cdnow-sample.json").expect("the file ships");
    let shipped = FittedModel::from_json(&text).expect("a model");
    assert_eq!(shipped.to_json(), text);
    let again = fitted(&panel(7, ZeroOrders::Count));
    // Mathematical libraries differ in the last digit from machine to machine; the optimiser's
    // last step squares an error of at most 1e-5.
    let (a, b) = (shipped.frequency.rate().mean(), again.frequency.rate().mean());
    assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    let mean = |model: &FittedModel| model.monetary.and_then(|m| m.law.mean()).expect("finite");
    assert!((mean(&shipped) / mean(&again) - 1.0).abs() < 1e-9);
    assert_eq!(shipped.states, again.states);
}

#[test]
fn estimates_are_found_by_name() {
    let data = clvcast::fit::NbdData::new([(0, 1.0, 3), (2, 1.0, 2), (5, 2.0, 1)], false);
    let fit = clvcast::fit::fit_nbd(&data).expect("a fit");
    let names: Vec<&str> = fit.report.estimates.iter().map(|e: &Estimate| e.name).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(fit.report.estimate("b").is_some() && fit.report.estimate("q").is_none());
}
