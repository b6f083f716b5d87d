//! The same draws whatever the threads, the order of rows and the company of other customers.

use clvcast::fit::{FitOptions, TrendChoice};
use clvcast::forecast::{ForecastOptions, Method};
use clvcast::ledger::{ReadOptions, Row};
use clvcast::models::{Dropout, FrequencyLaw, RateLaw, ValueLaw};
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::predict::{
    Intervals, PredictError, PredictOptions, Predictor, Sample, Target, Uncertainty, Window,
};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, simulate};
use clvcast::value::{MoneyRules, Overrides};

use crate::support::{fitted, model, panel, superstore};

fn options(method: Method) -> ForecastOptions {
    ForecastOptions { method, ..ForecastOptions::default() }
}

fn few() -> PredictOptions {
    PredictOptions { draws: 120, ..PredictOptions::default() }
}

#[test]
fn threads_do_not_change_a_bit() {
    let panel = superstore();
    let model = fitted(&panel);
    let rules = MoneyRules::default();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let options = options(Method::Chain);
            let predictor = Predictor::new(&panel, &model, &options, &rules, &few()).unwrap();
            Intervals::new(&predictor, &panel, &[0.05, 0.5, 0.95], true)
        })
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn the_order_of_rows_does_not_change_a_bit() {
    let simulation = simulate(&Scenario { customers: 60, ..Scenario::default() }).unwrap();
    let mut csv = Vec::new();
    simulation.write_csv(&mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let (header, rows) = csv.split_once('\n').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let samples = |name: &str, rows: Vec<&str>| {
        let file = folder.path().join(name);
        std::fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        let files = [file.display().to_string()];
        let ledger = clvcast::ledger::read(&files, &ReadOptions::default(), &Silent).unwrap();
        let panel = panel(&ledger, Period::Quarter);
        let model = fitted(&panel);
        let (options, rules) = (options(Method::Posterior), MoneyRules::default());
        let predictor = Predictor::new(&panel, &model, &options, &rules, &few()).unwrap();
        predictor.each(|_, sample| sample.clone())
    };
    // Not `assert_eq`: nobody reads the draws of sixty customers.
    let (forwards, backwards) = (rows.lines().collect(), rows.lines().rev().collect());
    assert!(samples("forwards.csv", forwards) == samples("backwards.csv", backwards));
}

#[test]
fn a_customer_alone_has_the_draws_it_has_among_others() {
    let simulation = simulate(&Scenario { customers: 60, ..Scenario::default() }).unwrap();
    let ledger = simulation.to_ledger();
    let whole = panel(&ledger, Period::Quarter);
    let model = fitted(&whole);
    let i = 17;
    let mut alone = ledger.clone();
    alone.rows = ledger
        .rows
        .iter()
        .filter(|row| row.customer == i)
        .map(|row| Row { customer: 0, ..row })
        .collect();
    alone.customers = [ledger.customers[i as usize].clone()].into();
    alone.segments = None;
    let as_of = Some(whole.grid.as_of());
    let panel_options = PanelOptions { as_of, ..PanelOptions::new(Period::Quarter) };
    let alone = Panel::build(&alone, &panel_options, &Silent).unwrap();
    let (options, rules) = (options(Method::Posterior), MoneyRules::default());
    let sample = |panel: &Panel, i: usize| {
        Predictor::new(panel, &model, &options, &rules, &few()).unwrap().sample(i).unwrap()
    };
    let (one, among) = (sample(&alone, 0), sample(&whole, i as usize));
    for target in [Target::Purchases, Target::Amount] {
        assert_eq!(one.of(target, Window::Total), among.of(target, Window::Total));
    }
}

#[test]
fn totals_are_sums_of_customers_draw_by_draw() {
    let panel = superstore();
    let model = fitted(&panel);
    let (options, rules) =
        (options(Method::Chain), MoneyRules { discount: 0.1, ..MoneyRules::default() });
    let predictor = Predictor::new(&panel, &model, &options, &rules, &few()).unwrap();
    let each = predictor.each(|_, sample| sample.of(Target::Amount, Window::Total).unwrap());
    let total = predictor.totals(|_| 0, 1).remove(0);
    for (s, sum) in total.of(Target::Amount, Window::Total).unwrap().into_iter().enumerate() {
        let by_customer: f64 = each.iter().flatten().map(|draws| draws[s]).sum();
        // Sums of 793 numbers in another order.
        assert!((by_customer / sum - 1.0).abs() < 1e-12);
    }
    // Discounted totals are smaller than the sum of the periods, which are not discounted.
    let periods: f64 =
        (0..3).map(|h| total.of(Target::Amount, Window::Period(h)).unwrap()[0]).sum();
    assert!(total.of(Target::Amount, Window::Total).unwrap()[0] < periods / 1.1);
}

#[test]
fn parameters_widen_totals_and_a_model_by_hand_says_that_it_knows_none() {
    let panel = superstore();
    // Nothing is less sure than that a trend goes on.
    let trend = FitOptions { trend: TrendChoice::Linear, ..FitOptions::default() };
    let model = clvcast::fit::fit(&panel, &trend).unwrap();
    let (options, rules) = (options(Method::Posterior), MoneyRules::default());
    let spread = |parameters: Uncertainty| {
        let draws = PredictOptions { parameters, ..PredictOptions::default() };
        let predictor = Predictor::new(&panel, &model, &options, &rules, &draws).unwrap();
        let total = predictor.totals(|_| 0, 1).remove(0);
        let draws = total.of(Target::Purchases, Window::Total).unwrap();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        (variance.sqrt(), predictor.parameter_uncertainty().name(), predictor.sets())
    };
    let (known, none, one) = spread(Uncertainty::None);
    let (unknown, information, sets) = spread(Uncertainty::Information);
    assert_eq!((none, one, information, sets), ("none", 1, "information", 100));
    assert!(unknown > 1.1 * known, "{unknown} {known}");
    let text = std::fs::read_to_string("models/synlead-2008.json").unwrap();
    let by_hand = clvcast::fit::FittedModel::from_json(&text).unwrap();
    let predictor = Predictor::new(&panel, &by_hand, &options, &rules, &few()).unwrap();
    assert_eq!(predictor.parameter_uncertainty().name(), "none");
}

#[test]
fn a_bootstrap_and_the_information_agree_where_data_are_plenty() {
    let scenario = Scenario { customers: 600, ..Scenario::default() };
    let panel = panel(&simulate(&scenario).unwrap().to_ledger(), Period::Quarter);
    let model = clvcast::fit::fit(&panel, &FitOptions::default()).unwrap();
    let fits = clvcast::predict::bootstrap(&panel, &model, 60, 3).unwrap();
    let variance = |of: &dyn Fn(&RateLaw) -> f64| {
        let values: Vec<f64> = fits.models.iter().map(|m| of(&m.frequency.rate())).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
    };
    let ln_shape = |law: &RateLaw| match law {
        RateLaw::Gamma { shape, .. } => shape.ln(),
        RateLaw::Equal(_) => f64::NAN,
    };
    let covariance = model.covariances().0.unwrap();
    let place = covariance.names.iter().position(|name| name == "ln b").unwrap();
    // The logarithm of a variance from 60 values has a standard error of √(2/59) = 0.18.
    let ratio = (variance(&ln_shape) / covariance.matrix[place][place]).ln();
    assert!(ratio.abs() < 4.0 * 0.18, "{ratio}");
}

#[test]
fn a_score_has_no_distribution() {
    let panel = superstore();
    let model = fitted(&panel);
    let rules = MoneyRules::default();
    let error = Predictor::new(&panel, &model, &options(Method::Point), &rules, &few());
    assert_eq!(error.unwrap_err(), PredictError::Point);
}

#[test]
fn quantiles_exist_where_the_mean_is_infinite() {
    let panel = superstore();
    // p + q < 1 and no value of a customer without one: neither chain nor posterior has a mean.
    let law = ValueLaw::gamma_gamma(0.3, 0.2, 50.0).unwrap();
    let frequency = FrequencyLaw::Nbd(RateLaw::nbd(2.0, 1.5).unwrap());
    let model = model(frequency, law, clvcast::fit::Form::Period);
    let rules = MoneyRules::default();
    let options = options(Method::Chain);
    let predictor = Predictor::new(&panel, &model, &options, &rules, &few()).unwrap();
    let intervals = Intervals::new(&predictor, &panel, &[0.5, 0.95], true);
    let high = intervals.customer(0, Target::Amount, Window::Total, 1).unwrap();
    assert!(high.is_finite() && high > 0.0);
    let total = intervals.total.ninety(Target::GrossProfit, Window::Total).unwrap();
    assert!(total.iter().all(|bound| bound.value.is_finite()));
}

#[test]
fn somebody_who_leaves_at_once_does_not_come_back() {
    let panel = superstore();
    let rate = RateLaw::nbd(0.1, 5.0).unwrap();
    let frequency = FrequencyLaw::BgNbd { rate, dropout: Dropout::equal(1.0).unwrap() };
    let model = model(frequency, ValueLaw::Constant(10.0), clvcast::fit::Form::Period);
    let rules = MoneyRules::default();
    let options = options(Method::Posterior);
    let predictor = Predictor::new(&panel, &model, &options, &rules, &few()).unwrap();
    // Whoever is still there makes one more purchase of 10 and leaves; whoever purchased again
    // has left.
    let most = |sample: &Sample| {
        sample.of(Target::Amount, Window::Total).unwrap().into_iter().fold(0.0, f64::max)
    };
    let seen = predictor.each(|_, sample| most(sample));
    assert!(seen.iter().flatten().all(|&amount| amount == 0.0 || amount == 10.0));
    assert!(seen.iter().flatten().any(|&amount| amount == 10.0));
}

#[test]
fn an_override_of_one_period_gives_that_period_a_profit_and_no_total() {
    let simulation = simulate(&Scenario {
        customers: 40,
        margin: None,
        expense_rate: None,
        ..Scenario::default()
    });
    let panel = panel(&simulation.unwrap().to_ledger(), Period::Quarter);
    let model = fitted(&panel);
    let text = "customer,segment,period,field,op,value\n,,1,margin,set,0.3\n";
    let label = panel.grid.label(clvcast::panel::PeriodIndex(1));
    let text = text.replace(",,1,", &format!(",,{label},"));
    let labels = (1..=3).map(|h| panel.grid.label(clvcast::panel::PeriodIndex(h)));
    let overrides =
        Overrides::read(text.as_bytes(), &labels.collect::<Vec<_>>(), |_| true, |_| true).unwrap();
    let rules = MoneyRules { overrides, ..MoneyRules::default() };
    let options = options(Method::Chain);
    let predictor = Predictor::new(&panel, &model, &options, &rules, &few()).unwrap();
    let sample = predictor.sample(0).unwrap();
    let amount = sample.of(Target::Amount, Window::Period(0)).unwrap();
    let profit = sample.of(Target::GrossProfit, Window::Period(0)).unwrap();
    for (amount, profit) in amount.iter().zip(profit) {
        // One product.
        assert!((profit - 0.3 * amount).abs() <= 1e-12 * amount);
    }
    assert_eq!(sample.of(Target::GrossProfit, Window::Period(1)), None);
    assert_eq!(sample.of(Target::GrossProfit, Window::Total), None);
}
