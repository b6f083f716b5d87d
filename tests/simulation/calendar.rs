//! The chain, the point rule and values under a calendar.

use clvcast::calendar::{Calendar, Cycle, GivenFactors, Season, Timeline};
use clvcast::fit::{Dependence, FittedModel, expected_rate};
use clvcast::forecast::{Acquisition, ForecastOptions, Method, PointRule, Step, forecast};
use clvcast::markov::{Bands, FrequencyTable};
use clvcast::models::{RateLaw, ValueLaw};
use clvcast::panel::{Clock, Panel, Period};
use clvcast::report::explain;
use clvcast::value::{MoneyRules, evaluate};

use super::expectations::{A, B, K, P, Q, Sums, gamma, histories, model, poisson, simulate};
use crate::support::panel;

const PURCHASES: [f64; 4] = [0.5, 1.2, 0.8, 1.5];
const VALUES: [f64; 4] = [0.8, 1.0, 1.1, 1.3];

fn quarters(factors: [f64; 4]) -> Calendar {
    let ln = factors.map(f64::ln).to_vec();
    Calendar { season: Season::Factors { cycle: Cycle::Quarter, ln }, ..Calendar::default() }
}

fn given(label: &str, factor: f64) -> Calendar {
    Calendar { given: GivenFactors::new([(label.to_owned(), factor)]), ..Calendar::default() }
}

fn base() -> Panel {
    panel(&histories(), Period::Quarter, Clock::FirstPurchase)
}

fn banded() -> FittedModel {
    let mut model = model();
    model.states.bands = Some(Bands::new(vec![5.0, 20.0, 40.0, 100.0]).unwrap());
    model
}

fn steps(panel: &Panel, model: &FittedModel, method: Method) -> Vec<Vec<Step>> {
    let options = ForecastOptions { method, horizon: 3, acquisition: Acquisition::Drop };
    forecast(panel, model, &options).iter().map(|steps| steps.unwrap().collect()).collect()
}

/// The quarter of the year of a period relative to 2025-Q4.
fn quarter(period: i32) -> usize {
    usize::try_from((period + 3).rem_euclid(4)).unwrap()
}

#[test]
fn chain_forecasts_under_a_calendar_are_the_means_of_the_chain_run_forwards() {
    const DRAWS: usize = 40_000;
    let panel = base();
    let dependence = Dependence { slope: 0.3, centre: B / A };
    let mut model = model();
    model.calendar = Some(quarters(PURCHASES));
    model.value_calendar = Some(quarters(VALUES));
    model.monetary.as_mut().unwrap().dependence = Some(dependence);
    let timeline = Timeline::new(&panel, model.calendar.as_ref(), 3);
    for acquisition in [Acquisition::Drop, Acquisition::Keep] {
        let options = ForecastOptions { method: Method::Chain, horizon: 3, acquisition };
        let forecast = forecast(&panel, &model, &options);
        for (i, steps) in forecast.iter().flatten().map(Iterator::collect::<Vec<_>>).enumerate() {
            let state = panel.state(i).unwrap();
            let (f1, last_active) = (f64::from(state.f1), state.last_active.0);
            let e = |period: i32| PURCHASES[quarter(period)];
            let since: f64 = (last_active + 1..=0).map(e).sum();
            let start = if acquisition == Acquisition::Drop && state.is_acquisition_period {
                (B + f1 - 1.0, A + panel.first_period_remaining(i) * e(last_active) + since)
            } else {
                (B + f1, A + e(last_active) + since)
            };
            let rate = expected_rate(&panel, model.frequency.rate(), &timeline, i).unwrap();
            let own = dependence.factor(rate);
            let first = state.m1.unwrap() / (VALUES[quarter(last_active)] * own);
            let sums = simulate(29, |rng| {
                let mut sums = Sums::default();
                for _ in 0..DRAWS {
                    let ((mut shape, mut rate), mut last) = (start, first);
                    let outcome = std::array::from_fn(|h| {
                        let period = i32::try_from(h).unwrap() + 1;
                        let lambda = gamma(rng, shape, rate);
                        let f = poisson(rng, lambda * e(period));
                        if f < 0.5 {
                            rate += e(period);
                            return [0.0; 3];
                        }
                        (shape, rate) = (B + f, A + e(period));
                        let nu = gamma(rng, Q + P, K + last);
                        last = gamma(rng, P, nu);
                        [f, 1.0, f * last * VALUES[quarter(period)] * own]
                    });
                    sums.add(1.0, &outcome);
                }
                sums
            });
            sums.assert(&steps, &format!("customer {i}, {acquisition:?}"));
        }
    }
}

#[test]
fn factors_of_one_change_no_bit() {
    let panel = base();
    for method in [Method::Point, Method::Chain, Method::Posterior] {
        let plain = steps(&panel, &banded(), method);
        for flat in [quarters([1.0; 4]), given("2026-Q1", 1.0)] {
            let mut model = banded();
            model.calendar = Some(flat.clone());
            model.value_calendar = Some(flat);
            model.monetary.as_mut().unwrap().dependence =
                Some(Dependence { slope: 0.0, centre: 1.0 });
            assert_eq!(steps(&panel, &model, method), plain, "{}", method.name());
        }
    }
}

#[test]
fn a_calendar_that_is_one_but_for_the_last_digits_hardly_matters() {
    // The way through the calendar against the way without: 1e-9 in, about 1e-9 out.
    let panel = base();
    for method in [Method::Point, Method::Chain] {
        let plain = steps(&panel, &banded(), method);
        let mut model = banded();
        model.calendar = Some(quarters([1.0, 1.0, 1.0, 1.0 + 1e-9]));
        for (plain, other) in plain.iter().zip(steps(&panel, &model, method)) {
            for (plain, other) in plain.iter().zip(other) {
                assert!((other.purchases / plain.purchases - 1.0).abs() < 1e-8);
                assert!((other.amount.unwrap() / plain.amount.unwrap() - 1.0).abs() < 1e-8);
            }
        }
    }
}

#[test]
fn twice_the_rate_in_the_next_period_is_twice_its_purchases() {
    let panel = base();
    let mut model = banded();
    let plain = steps(&panel, &model, Method::Chain);
    model.calendar = Some(given("2026-Q1", 2.0));
    for (i, (one, two)) in plain.iter().zip(steps(&panel, &model, Method::Chain)).enumerate() {
        assert!((two[0].purchases - 2.0 * one[0].purchases).abs() < 1e-14);
        let never = |p: f64| (1.0 - p).ln();
        // ln P(none) = −s ln(1 + e/r): twice the exposure is less than twice the logarithm.
        let ratio = never(two[0].p_active) / never(one[0].p_active);
        assert!(ratio > 1.5 && ratio < 2.0, "customer {i}: {ratio}");
    }
}

#[test]
fn point_probabilities_under_a_calendar_are_sums_over_counts() {
    let law = RateLaw::nbd(A, B).unwrap();
    let (max, c) = (3, 2); // ⌈2.67/1.84⌉ = 2
    let table = FrequencyTable::new(law, max);
    for (r, exposure) in [(0, 0.5), (2, 1.5), (7, 3.0), (1, 1.0)] {
        let (mut mass, mut sums) = (0.0, [0.0; 4]);
        for f1 in c..=max {
            let weight = law.pmf(f1, 1.0) * law.after(f1, 1.0).p_zero(f64::from(r));
            mass += weight;
            let then = law.after(f1, 1.0 + f64::from(r));
            for (from, sum) in (0..).zip(&mut sums) {
                *sum += weight * (from..=max).map(|f2| then.pmf(f2, exposure)).sum::<f64>();
            }
        }
        for (found, sum) in table.probabilities(r, exposure).iter().zip(sums) {
            assert!((found - sum / mass).abs() < 1e-14, "r = {r}, e = {exposure}");
        }
    }
    // The rule takes the exposure of the period it forecasts.
    let rule = PointRule::new(&banded(), [1], &[0.5, 1.5]);
    assert_eq!(rule.probability(2, 1, 1), Some(table.probabilities(1, 0.5)[2]));
    assert_eq!(rule.probability(2, 1, 2), Some(table.probabilities(2, 1.5)[2]));
    assert_eq!((rule.probability(2, 1, 3), rule.probability(2, 1, 0)), (None, None));
}

#[test]
fn values_twice_as_high_on_every_day_are_a_law_of_twice_the_scale() {
    let panel = base();
    let twice = Calendar { ln_level: -2_f64.ln(), ..Calendar::default() };
    let mut scaled = banded();
    scaled.monetary.as_mut().unwrap().law = ValueLaw::gamma_gamma(P, Q, 2.0 * K).unwrap();
    scaled.states.bands = Some(Bands::new(vec![10.0, 40.0, 80.0, 200.0]).unwrap());
    let mut calendar = banded();
    calendar.value_calendar = Some(twice);
    for method in [Method::Point, Method::Chain, Method::Posterior] {
        let expected = steps(&panel, &scaled, method);
        for (found, expected) in steps(&panel, &calendar, method).iter().zip(&expected) {
            for (found, expected) in found.iter().zip(expected) {
                assert_eq!(found.purchases, expected.purchases);
                let ratio = found.amount.unwrap() / expected.amount.unwrap();
                // Tables of the point rule are integrals to 1e-10.
                assert!((ratio - 1.0).abs() < 1e-9, "{}: {ratio}", method.name());
            }
        }
    }
}

#[test]
fn an_explanation_names_the_factors_and_only_where_there_are_any() {
    let panel = base();
    let mut model = banded();
    let text = |model: &FittedModel, method| {
        let options = ForecastOptions { method, ..ForecastOptions::default() };
        let purchases = forecast(&panel, model, &options);
        let rules = MoneyRules::default();
        let forecast = evaluate(&panel, model, &purchases, 3, &rules);
        explain(&panel, model, &forecast, &options, &rules, 0)
    };
    for method in [Method::Point, Method::Chain, Method::Posterior] {
        let plain = text(&model, method).numbers;
        assert!(plain.iter().all(|n| !["e_1", "v_1", "m", "d"].contains(&n.name.as_str())));
        assert!(plain.iter().all(|n| !n.formula.contains("v_1")));
    }
    model.calendar = Some(quarters(PURCHASES));
    model.value_calendar = Some(quarters(VALUES));
    for method in [Method::Point, Method::Chain, Method::Posterior] {
        let explanation = text(&model, method);
        let number =
            |name: &str| explanation.numbers.iter().find(|number| number.name == name).unwrap();
        assert!((number("e_1").result.unwrap() - 0.5).abs() < 1e-12);
        assert!((number("v_3").result.unwrap() - 1.1).abs() < 1e-12);
        let name = if method == Method::Chain { "amount_1" } else { "value_1" };
        assert!(number(name).formula.starts_with("v_1 · "), "{}", number(name).formula);
    }
}
