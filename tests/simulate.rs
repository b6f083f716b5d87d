//! What a synthetic ledger promises: reproducible, exactly counted, and true to its law.

#![allow(clippy::cast_precision_loss, reason = "counts far below 2^53")]

use clvcast::fit::{FitOptions, Form, Spend, fit};
use clvcast::models::{FrequencyLaw, RateLaw, ValueLaw};
use clvcast::panel::{Clock, Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, SimulateError, Simulation, simulate};
use clvcast::units::Day;

#[path = "simulation/leaving.rs"]
mod leaving;

fn panel(simulation: &Simulation) -> Panel {
    let options = PanelOptions {
        period: simulation.scenario.period,
        as_of: Some(simulation.scenario.last_day),
        clock: Clock::FirstPurchase,
        zero_orders: ZeroOrders::Drop,
    };
    Panel::build(&simulation.to_ledger(), &options, &Silent).unwrap()
}

#[test]
fn one_and_seven_threads_give_the_same_ledger() {
    let scenario = Scenario { customers: 300, ..Scenario::default() };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| simulate(&scenario).unwrap())
    };
    let (one, seven) = (with(1), with(7));
    assert_eq!(one, seven);
    assert!(one.rows.is_sorted_by_key(|row| (row.day, row.customer)));
    assert_ne!(one.rows, simulate(&Scenario { seed: 2, ..scenario }).unwrap().rows);
}

#[test]
fn the_panel_counts_every_purchase_and_starts_on_the_true_day() {
    for period in [Period::Month, Period::Quarter, Period::Year, Period::Days(7)] {
        // Far above what a week can hold: counts are cut to one purchase a day.
        let frequency = FrequencyLaw::Nbd(RateLaw::nbd(0.1, 0.9).unwrap());
        let scenario = Scenario { customers: 200, period, frequency, ..Scenario::default() };
        let simulation = simulate(&scenario).unwrap();
        let panel = panel(&simulation);
        let purchases: u32 = panel.customers.iter().map(|customer| customer.purchases).sum();
        assert_eq!(purchases as usize, simulation.rows.len(), "{period}");
        for (truth, customer) in simulation.customers.iter().zip(&panel.customers) {
            assert_eq!(customer.first_purchase, Some(truth.first_purchase), "{period}");
            assert_eq!(customer.acquisition_purchases, 1);
        }
    }
}

#[test]
fn counts_and_values_have_the_moments_of_the_customers_own_rates() {
    for spend in [Form::Period, Form::Purchase] {
        let scenario = Scenario { customers: 4000, spend, ..Scenario::default() };
        let simulation = simulate(&scenario).unwrap();
        let panel = panel(&simulation);
        let (mut x, mut expected_x) = (0.0, 0.0);
        let (mut z, mut z2, mut n) = (0.0, 0.0, 0.0);
        for (i, truth) in simulation.customers.iter().enumerate() {
            let exposure = panel.exposure(i).unwrap();
            x += f64::from(exposure.x);
            expected_x += truth.lambda * exposure.t;
            for (f, m) in panel.active_amounts(i) {
                // m/E[m] is Gamma with mean 1 and variance 1/(p·weight).
                let deviation = m / truth.mean_value.unwrap() - 1.0;
                let z_score = deviation * (6.25 * spend.weight(f)).sqrt();
                z += z_score;
                z2 += z_score * z_score;
                n += 1.0;
            }
        }
        // x is Poisson given the rates, so its standard deviation is √E[x]; 4 of them.
        assert!((x - expected_x).abs() < 4.0 * expected_x.sqrt(), "{x} {expected_x}");
        assert!((z / n).abs() < 4.0 / n.sqrt(), "{spend:?} {}", z / n);
        // Var z² = 2 + 6/p < 3; 4 standard deviations of its mean.
        assert!((z2 / n - 1.0).abs() < 4.0 * (3.0 / n).sqrt(), "{spend:?} {}", z2 / n);
    }
}

#[test]
fn a_period_of_the_period_form_totals_the_average_times_the_count() {
    // Everybody's average is 12.34 in every period, so totals are exact multiples.
    let monetary = Some(ValueLaw::SameForAll { p: 1e18, rate: 1e18 / 12.34 });
    let simulation = simulate(&Scenario { monetary, ..Scenario::default() }).unwrap();
    let panel = panel(&simulation);
    assert!(panel.cells.iter().all(|c| c.amount().units() == i128::from(c.purchases) * 1234));
    let amounts = || simulation.rows.iter().map(|row| row.amount.unwrap());
    assert!(amounts().all(|amount| amount >= 1) && amounts().any(|amount| amount != 1234));
}

#[test]
fn values_beyond_any_money_are_cut_not_lost() {
    // q = 0.02: a customer's mean value ranges over hundreds of orders of magnitude.
    let monetary = Some(ValueLaw::gamma_gamma(0.5, 0.02, 1.0).unwrap());
    for spend in [Form::Period, Form::Purchase] {
        let simulation = simulate(&Scenario { monetary, spend, ..Scenario::default() }).unwrap();
        let amounts = || simulation.rows.iter().map(|row| row.amount.unwrap());
        assert!(amounts().all(|amount| (1..=1_000_000_000_000_000).contains(&amount)));
        assert!(amounts().any(|amount| amount == 1) && amounts().any(|a| a > 1_000_000_000_000));
    }
}

#[test]
fn the_csv_holds_the_columns_of_the_scenario() {
    let full = Scenario { customers: 2, ..Scenario::default() };
    let none = Scenario {
        monetary: None,
        margin: None,
        expense_rate: None,
        segments: false,
        ..full.clone()
    };
    for (scenario, header) in
        [(full, "customer,date,amount,cost,expense,segment"), (none, "customer,date")]
    {
        let simulation = simulate(&scenario).unwrap();
        let mut csv = Vec::new();
        simulation.write_csv(&mut csv).unwrap();
        let text = String::from_utf8(csv).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(header));
        assert_eq!(lines.clone().count(), simulation.rows.len());
        assert!(lines.all(|line| line.split(',').count() == header.split(',').count()));
    }
}

#[test]
fn the_truth_names_parameters_as_the_model_file_does() {
    let simulation = simulate(&Scenario { customers: 3, ..Scenario::default() }).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&simulation.truth_json()).unwrap();
    assert_eq!(truth["frequency"], serde_json::json!({"model": "nbd", "a": 1.84, "b": 2.67}));
    assert_eq!(truth["monetary"]["k"], 15.44);
    assert_eq!(truth["customers"][2]["id"], "C0000003");
    assert_eq!(truth["customers"][2]["lambda"], simulation.customers[2].lambda);
}

#[test]
fn impossible_scenarios_are_refused_by_kind() {
    let error = |scenario: Scenario| simulate(&scenario).unwrap_err();
    let base = || Scenario { customers: 2, ..Scenario::default() };
    assert_eq!(error(Scenario { customers: 0, ..base() }), SimulateError::NoCustomers);
    assert!(matches!(
        error(Scenario { acquisition_periods: 13, ..base() }),
        SimulateError::AcquisitionPeriods { found: 13, periods: 12 }
    ));
    let last_day = Day::from_ymd(2025, 12, 30).unwrap();
    assert!(matches!(error(Scenario { last_day, ..base() }), SimulateError::Grid(_)));
    for periods in [4000, u32::MAX] {
        let scenario = Scenario { periods, ..base() };
        assert!(matches!(error(scenario), SimulateError::OutOfRange { .. }));
    }
    let frequency = FrequencyLaw::Nbd(RateLaw::Equal(f64::NAN));
    assert!(matches!(error(Scenario { frequency, ..base() }), SimulateError::Parameter { .. }));
    assert!(matches!(
        error(Scenario { margin: Some(1.0), ..base() }),
        SimulateError::Margin { .. }
    ));
    assert!(matches!(
        error(Scenario { expense_rate: Some(-0.1), ..base() }),
        SimulateError::ExpenseRate { .. }
    ));
    assert_eq!(error(Scenario { monetary: None, ..base() }), SimulateError::NoAmounts);
}

#[test]
fn a_fit_of_the_ledger_finds_the_parameters_it_was_drawn_from() {
    for (spend, form) in [(Spend::Period, Form::Period), (Spend::Purchase, Form::Purchase)] {
        for period in [Period::Month, Period::Quarter] {
            let scenario = Scenario { customers: 4000, period, spend: form, ..Scenario::default() };
            let panel = panel(&simulate(&scenario).unwrap());
            let options = FitOptions { spend, ..FitOptions::default() };
            let model = fit(&panel, &options).unwrap();
            let RateLaw::Gamma { shape, rate } = model.frequency.rate() else {
                panic!("{model:?}")
            };
            let Some(ValueLaw::GammaGamma { p, q, k }) = model.monetary.map(|m| m.law) else {
                panic!("{model:?}")
            };
            let found = model.fit.unwrap();
            let monetary = found.monetary.unwrap();
            let errors = [&found.frequency.standard_errors, &monetary.standard_errors];
            for (name, value, truth) in [
                ("b", shape, 2.67),
                ("a", rate, 1.84),
                ("p", p, 6.25),
                ("q", q, 3.74),
                ("k", k, 15.44),
            ] {
                let error = errors.iter().find_map(|e| e.get(name)).unwrap().unwrap();
                // Four standard errors: one run in 16 000 would miss by chance.
                assert!((value - truth).abs() < 4.0 * error, "{name}: {value} ± {error}");
            }
        }
    }
}
