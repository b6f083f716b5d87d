//! Synthetic customers who leave, and synthetic seasons.

use clvcast::calendar::{Calendar, Cycle, Season, Timeline, Trend};
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};
use clvcast::panel::{Period, PeriodIndex};
use clvcast::simulate::{Scenario, SimulateError, Simulation, simulate};

use super::panel;

const R: f64 = 2.0;
const ALPHA: f64 = 1.5;
/// Beta(0.793, 2.426): CDNOW (Fader, Hardie & Lee 2005).
const LEAVES: Dropout = Dropout::Beta { a: 0.793, b: 2.426 };
/// Gamma(0.606, 11.67 weeks), CDNOW, in 13 weeks.
const LIFETIME: Lifetime = Lifetime::Gamma { shape: 0.606, rate: 11.67 / 13.0 };
/// The same in weeks.
const WEEKLY: Dropout = Dropout::Beta { a: 0.606, b: 11.67 };
const PERIODS: u32 = 8;

fn laws() -> [FrequencyLaw; 5] {
    let rate = RateLaw::Gamma { shape: R, rate: ALPHA };
    [
        FrequencyLaw::Nbd(rate),
        FrequencyLaw::BgNbd { rate, dropout: LEAVES },
        FrequencyLaw::MbgNbd { rate, dropout: LEAVES },
        FrequencyLaw::ParetoNbd { rate, lifetime: LIFETIME },
        FrequencyLaw::Pdo { rate, dropout: WEEKLY, tau: 7 },
    ]
}

/// 91 days a period, so that every day is the same share of one.
fn base(frequency: FrequencyLaw) -> Scenario {
    let period = Period::Days(91);
    let scenario = Scenario { customers: 20_000, period, periods: PERIODS, ..Scenario::default() };
    Scenario { frequency, monetary: None, margin: None, expense_rate: None, ..scenario }
}

/// Repeat purchases and time of observation by customer.
fn repeats(simulation: &Simulation) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = simulation
        .customers
        .iter()
        .map(|truth| {
            let days = simulation.scenario.last_day.since(truth.first_purchase);
            (-1.0, f64::from(days) / 91.0)
        })
        .collect();
    for row in &simulation.rows {
        found[row.customer as usize].0 += 1.0;
    }
    found
}

/// E\[x\] over t periods given the customer's own λ and p, θ or μ.
fn of_customer(law: &FrequencyLaw, lambda: f64, own: f64, t: f64) -> f64 {
    match law {
        FrequencyLaw::Nbd(_) => lambda * t,
        FrequencyLaw::BgNbd { .. } => -(-lambda * own * t).exp_m1() / own,
        FrequencyLaw::MbgNbd { .. } => -(1.0 - own) * (-lambda * own * t).exp_m1() / own,
        FrequencyLaw::ParetoNbd { .. } => -lambda * (-own * t).exp_m1() / own,
        FrequencyLaw::Pdo { .. } => by_weeks(t, |k| (1.0 - own).powi(k)) * lambda,
    }
}

/// Σ over the weeks counted back from the last day of their length in periods times the share of
/// customers who stayed at the k ends before.
fn by_weeks(t: f64, stays: impl Fn(i32) -> f64) -> f64 {
    let days = (t * 91.0).round();
    let ends = (days / 7.0).floor();
    let part = days - 7.0 * ends;
    let mut sum = part / 91.0;
    let mut k = 0;
    while f64::from(k) < ends {
        k += 1;
        // A customer first seen on the last day of a week meets that week's end, too.
        sum += 7.0 / 91.0 * stays(k);
    }
    sum
}

/// Σ of the positive terms of 2F1(a, b; c; z).
fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
    while term > 1e-17 * sum {
        term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        sum += term;
        n += 1.0;
    }
    sum
}

/// E\[x\] over t periods of a new customer, as published (Fader, Hardie & Lee 2005; Batislam,
/// Denizel & Filiztekin 2007; Schmittlein, Morrison & Colombo 1987); PDO by its sum.
fn of_anybody(law: &FrequencyLaw, t: f64) -> f64 {
    let (a, b) = (0.793, 2.426);
    let (z, empty) = (t / (ALPHA + t), (ALPHA / (ALPHA + t)).powf(R));
    match law {
        FrequencyLaw::Nbd(_) => R / ALPHA * t,
        FrequencyLaw::BgNbd { .. } => {
            (a + b - 1.0) / (a - 1.0) * (1.0 - empty * hypergeometric(R, b, a + b - 1.0, z))
        }
        FrequencyLaw::MbgNbd { .. } => {
            b / (a - 1.0) * (1.0 - empty * hypergeometric(R, b + 1.0, a + b, z))
        }
        FrequencyLaw::ParetoNbd { .. } => {
            let (s, beta) = (0.606, 11.67 / 13.0);
            let left = (beta / (beta + t)).powf(s - 1.0);
            R * beta / (ALPHA * (s - 1.0)) * (1.0 - left)
        }
        FrequencyLaw::Pdo { .. } => {
            let stays = |k| (0..k).map(f64::from).map(|j| (11.67 + j) / (0.606 + 11.67 + j));
            R / ALPHA * by_weeks(t, |k| stays(k).product())
        }
    }
}

#[test]
fn repeat_purchases_have_the_means_of_every_model() {
    for law in laws() {
        let simulation = simulate(&base(law)).unwrap();
        let (mut own, mut all, mut own_squares, mut all_squares) = (0.0, 0.0, 0.0, 0.0);
        for (truth, (x, t)) in simulation.customers.iter().zip(repeats(&simulation)) {
            let expected = of_customer(&law, truth.lambda, truth.dropout.unwrap_or(0.0), t);
            own += x - expected;
            own_squares += (x - expected).powi(2);
            let expected = of_anybody(&law, t);
            all += x - expected;
            all_squares += (x - expected).powi(2);
        }
        // Sums of independent terms: four standard deviations, one run in 16 000 beyond.
        let (own, all) = (own / own_squares.sqrt(), all / all_squares.sqrt());
        assert!(own.abs() < 4.0, "{}: {own} given the customers", law.name());
        assert!(all.abs() < 4.0, "{}: {all} of the law", law.name());
    }
}

#[test]
fn nobody_purchases_after_leaving_and_the_day_is_the_models() {
    for law in laws() {
        let simulation = simulate(&base(law)).unwrap();
        let last_day = simulation.scenario.last_day;
        let mut last = vec![None; simulation.customers.len()];
        for row in &simulation.rows {
            last[row.customer as usize] = Some(row.day);
        }
        let mut left = 0;
        for (truth, last) in simulation.customers.iter().zip(last) {
            let Some(day) = truth.left else { continue };
            left += 1;
            let last = last.unwrap();
            assert!(last <= day && truth.first_purchase <= day && day <= last_day);
            match law {
                FrequencyLaw::Nbd(_) => panic!("nobody leaves"),
                FrequencyLaw::BgNbd { .. } => {
                    assert!(last == day && last > truth.first_purchase);
                }
                FrequencyLaw::MbgNbd { .. } => assert_eq!(last, day),
                FrequencyLaw::ParetoNbd { .. } => {}
                FrequencyLaw::Pdo { .. } => assert_eq!(last_day.since(day) % 7, 0),
            }
        }
        let stays = matches!(law, FrequencyLaw::Nbd(_));
        assert_eq!(left == 0, stays, "{}: {left} left", law.name());
        assert!(simulation.customers.iter().all(|truth| truth.dropout.is_some() != stays));
    }
}

#[test]
fn the_limits_of_leaving_are_never_and_at_once() {
    let rate = RateLaw::Gamma { shape: R, rate: ALPHA };
    let left = |law| {
        let simulation = simulate(&Scenario { customers: 500, ..base(law) }).unwrap();
        simulation.customers.iter().filter(|truth| truth.left.is_some()).count()
    };
    let pdo = |dropout| FrequencyLaw::Pdo { rate, dropout, tau: 7 };
    let pareto = |lifetime| FrequencyLaw::ParetoNbd { rate, lifetime };
    let mbg = |dropout| FrequencyLaw::MbgNbd { rate, dropout };
    for never in [pdo(Dropout::Never), pareto(Lifetime::Never), mbg(Dropout::Never)] {
        assert_eq!(left(never), 0);
    }
    // 1000 per period is a lifetime of minutes; a customer of the last day stays beyond it.
    assert_eq!(left(pdo(Dropout::Equal(1.0))), 500);
    assert_eq!(left(mbg(Dropout::Equal(1.0))), 500);
    assert!(left(pareto(Lifetime::Equal(1000.0))) >= 495);
    let refused = |law| simulate(&base(law)).unwrap_err();
    let error = refused(mbg(Dropout::Equal(1.5)));
    assert_eq!(error, SimulateError::Probability { found: 1.5 });
    let error = refused(pdo(Dropout::Beta { a: 0.0, b: 1.0 }));
    assert_eq!(error, SimulateError::Parameter { name: "a", found: 0.0 });
}

fn seasonal() -> Calendar {
    let ln = [0.5_f64, 1.0, 1.0, 1.5].map(f64::ln).to_vec();
    Calendar { season: Season::Factors { cycle: Cycle::Quarter, ln }, ..Calendar::default() }
}

#[test]
fn a_season_and_a_trend_are_visible_at_their_size() {
    let trend = Trend::Linear { per_year: 0.3 };
    let calendar = Calendar { trend, ..seasonal() };
    let scenario = Scenario {
        customers: 5000,
        calendar: Some(calendar.clone()),
        monetary: None,
        margin: None,
        expense_rate: None,
        ..Scenario::default()
    };
    let simulation = simulate(&scenario).unwrap();
    let panel = panel(&simulation);
    let timeline = Timeline::new(&panel, Some(&calendar), 1);
    let (mut x, mut expected) = (0.0, 0.0);
    for (i, truth) in simulation.customers.iter().enumerate() {
        x += f64::from(panel.exposure(i).unwrap().x);
        expected += truth.lambda * timeline.since(truth.first_purchase);
    }
    // Poisson given the rates.
    assert!((x - expected).abs() < 4.0 * f64::sqrt(expected), "{x} {expected}");
    // All are there in the last two years: every period of them has its own factor.
    let lambda: f64 = simulation.customers.iter().map(|truth| truth.lambda).sum();
    for company in panel.company.iter().rev().take(8) {
        let expected = lambda * calendar.period_factor(&panel.grid, company.period);
        let found = f64::from(u32::try_from(company.purchases).unwrap());
        assert!((found - expected).abs() < 4.0 * expected.sqrt(), "{found} {expected}");
    }
    let purchases = |period: i32| {
        let found = panel.company.iter().find(|c| c.period == PeriodIndex(period)).unwrap();
        f64::from(u32::try_from(found.purchases).unwrap())
    };
    assert!(purchases(0) / purchases(-3) > 3.0, "the fourth quarter against the first, and growth");
}

#[test]
fn days_within_a_period_follow_the_calendar() {
    // The first half of the year against the second, in periods of a year, at few and at many
    // purchases a day: both ways to draw days.
    let ln = [1.0_f64, 1.0, 3.0, 3.0].map(f64::ln).to_vec();
    let mut calendar = seasonal();
    calendar.season = Season::Factors { cycle: Cycle::Quarter, ln };
    let share = |rate: f64| {
        let scenario = Scenario {
            customers: 400,
            period: Period::Year,
            periods: 3,
            acquisition_periods: 1,
            frequency: FrequencyLaw::Nbd(RateLaw::Equal(rate)),
            calendar: Some(calendar.clone()),
            monetary: None,
            margin: None,
            expense_rate: None,
            ..Scenario::default()
        };
        let rows = simulate(&scenario).unwrap().rows;
        let last: Vec<_> = rows.iter().filter(|row| row.day.date().year() == 2025).collect();
        let second = last.iter().filter(|row| row.day.date().month() > 6).count();
        (second as f64 / last.len() as f64, last.len() as f64)
    };
    let (few, n) = share(10.0);
    // 3 · 184 of 181 + 3 · 184 days, four binomial standard deviations.
    let expected = 552.0 / 733.0;
    assert!((few - expected).abs() < 4.0 * (expected * (1.0 - expected) / n).sqrt(), "{few}");
    // So many that days run out, and the second half cannot have three times as many.
    let (many, _) = share(120.0);
    assert!(many > 0.55 && many < expected, "{many}");
}

#[test]
fn a_flat_calendar_changes_no_bit() {
    let plain = Scenario { customers: 300, ..Scenario::default() };
    let flat = Scenario { calendar: Some(Calendar::default()), ..plain.clone() };
    assert_eq!(simulate(&plain).unwrap().rows, simulate(&flat).unwrap().rows);
}

#[test]
fn the_truth_names_leaving_as_the_model_file_does() {
    let [_, bg, _, pareto, pdo] = laws();
    for (law, key, name) in [(bg, "a", "p"), (pareto, "beta", "mu"), (pdo, "tau", "theta")] {
        let scenario = Scenario { customers: 40, calendar: Some(seasonal()), ..base(law) };
        let simulation = simulate(&scenario).unwrap();
        let truth: serde_json::Value = serde_json::from_str(&simulation.truth_json()).unwrap();
        assert_eq!(truth["frequency"]["model"], law.name());
        assert_eq!(truth["frequency"]["alpha"], ALPHA);
        assert!(!truth["frequency"][key].is_null() && truth["calendar"].is_object());
        for (written, known) in
            truth["customers"].as_array().unwrap().iter().zip(&simulation.customers)
        {
            assert_eq!(written[name].as_f64(), known.dropout);
            let left = known.left.map(|day| day.to_string());
            assert_eq!(written["left"].as_str(), left.as_deref());
        }
    }
}
