//! Means of draws against expectations that are computed without drawing.

use clvcast::calendar::{Calendar, Cycle, Season, Trend};
use clvcast::fit::{Dependence, FittedModel, Form};
use clvcast::forecast::{ForecastOptions, Method, forecast};
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, RateLaw, ValueLaw};
use clvcast::panel::Panel;
use clvcast::predict::{PredictOptions, Predictor, Target, Uncertainty, Window};
use clvcast::value::{MoneyRules, evaluate};

use crate::support::{model, superstore};

/// Monte-Carlo errors that a difference may have: of 240 comparisons none lies beyond 4.5 by chance
/// more often than once in 600 runs, and the seed is fixed.
const ERRORS: f64 = 4.5;
const DRAWS: usize = 4000;
/// Customers that are compared one by one.
const CUSTOMERS: usize = 10;

/// Compares the mean of the draws of single customers with the forecast.
fn compare(panel: &Panel, model: &FittedModel, method: Method) {
    let options = ForecastOptions { method, ..ForecastOptions::default() };
    let rules = MoneyRules { margin: Some(0.4), ..MoneyRules::default() };
    let expected = evaluate(panel, model, &forecast(panel, model, &options), 3, &rules);
    let draws =
        PredictOptions { parameters: Uncertainty::None, draws: DRAWS, ..PredictOptions::default() };
    let predictor = Predictor::new(panel, model, &options, &rules, &draws).unwrap();
    for i in (0..CUSTOMERS).map(|j| j * 79) {
        let sample = predictor.sample(i).unwrap();
        let row = &expected.customer(i);
        for (h, period) in row.periods.iter().enumerate() {
            let targets = [
                (Target::Purchases, Some(period.step.purchases)),
                (Target::Amount, period.step.amount),
                (Target::GrossProfit, period.gross_profit),
            ];
            for (target, expected) in targets {
                let values = sample.of(target, Window::Period(h)).unwrap();
                let n = values.len() as f64;
                let mean = values.iter().sum::<f64>() / n;
                let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
                let error = (variance / n).sqrt();
                let z = (mean - expected.unwrap()) / error;
                assert!(z.abs() < ERRORS, "{:?} {i} {h} {target:?}: {z}", model.frequency);
            }
        }
    }
}

fn rate() -> RateLaw {
    RateLaw::nbd(2.0, 1.5).unwrap()
}

/// Values whose draws have a variance.
fn values() -> ValueLaw {
    ValueLaw::gamma_gamma(2.0, 4.0, 300.0).unwrap()
}

/// Every frequency law with its limits, both forms of spending and every law of values.
fn laws() -> Vec<(FrequencyLaw, ValueLaw, Form)> {
    let beta = Dropout::beta(0.6, 2.0).unwrap();
    let equal = Dropout::equal(0.2).unwrap();
    let seldom = Dropout::equal(0.01).unwrap();
    let lifetime = Lifetime::gamma(0.8, 9.0).unwrap();
    let one = RateLaw::poisson(0.7).unwrap();
    let (period, purchase) = (Form::Period, Form::Purchase);
    let same = ValueLaw::SameForAll { p: 1.5, rate: 0.01 };
    let own = ValueLaw::OwnConstant { q: 3.5, scale: 500.0 };
    vec![
        (FrequencyLaw::Nbd(rate()), values(), period),
        (FrequencyLaw::Nbd(one), same, purchase),
        (FrequencyLaw::BgNbd { rate: rate(), dropout: beta }, values(), purchase),
        (FrequencyLaw::BgNbd { rate: one, dropout: equal }, own, period),
        (FrequencyLaw::MbgNbd { rate: rate(), dropout: beta }, values(), period),
        (FrequencyLaw::ParetoNbd { rate: rate(), lifetime }, values(), period),
        (
            FrequencyLaw::ParetoNbd { rate: one, lifetime: Lifetime::equal(0.1).unwrap() },
            ValueLaw::Constant(25.0),
            purchase,
        ),
        (FrequencyLaw::Pdo { rate: rate(), dropout: beta, tau: 30 }, values(), period),
        (FrequencyLaw::Pdo { rate: rate(), dropout: seldom, tau: 7 }, values(), purchase),
        (FrequencyLaw::Pdo { rate: one, dropout: Dropout::Never, tau: 7 }, same, period),
    ]
}

#[test]
fn the_mean_of_posterior_draws_is_the_posterior_forecast() {
    let panel = superstore();
    for (frequency, law, form) in laws() {
        compare(&panel, &model(frequency, law, form), Method::Posterior);
    }
}

#[test]
fn the_mean_of_chain_draws_is_the_expectation_over_the_chain() {
    let panel = superstore();
    for rate in [rate(), RateLaw::nbd(0.3, 0.4).unwrap(), RateLaw::poisson(0.7).unwrap()] {
        for form in [Form::Period, Form::Purchase] {
            compare(&panel, &model(FrequencyLaw::Nbd(rate), values(), form), Method::Chain);
        }
    }
}

#[test]
fn calendars_and_dependence_are_in_the_draws() {
    let panel = superstore();
    let ln = [0.5_f64, 1.0, 1.0, 1.5].map(f64::ln).to_vec();
    let season = Season::Factors { cycle: Cycle::Quarter, ln };
    let calendar = Calendar {
        season,
        trend: Trend::Damped { per_year: 0.3, damping: 0.9 },
        ..Calendar::default()
    };
    let waves = Season::Harmonics { cos: vec![0.2, 0.0], sin: vec![0.0, 0.1] };
    let beta = Dropout::beta(0.6, 2.0).unwrap();
    for (frequency, method) in [
        (FrequencyLaw::Nbd(rate()), Method::Chain),
        (FrequencyLaw::Nbd(rate()), Method::Posterior),
        (FrequencyLaw::Pdo { rate: rate(), dropout: beta, tau: 7 }, Method::Posterior),
    ] {
        let mut model = model(frequency, values(), Form::Period);
        model.calendar = Some(calendar.clone());
        model.value_calendar = Some(Calendar { season: waves.clone(), ..Calendar::default() });
        let monetary = model.monetary.as_mut().unwrap();
        monetary.dependence = Some(Dependence { slope: 0.4, centre: 0.75 });
        compare(&panel, &model, method);
    }
}
