//! Limits of the models, and the models that are limits of others.

use super::{absolute, bg, pareto, pdo, relative};
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, Past, RateLaw};

fn rate() -> RateLaw {
    RateLaw::nbd(4.4, 0.6).expect("positive")
}

const PAST: Past<'static> = Past::new(3, 2.5, 4.0);

/// Everything that is asked of a law, at one past.
fn numbers(law: FrequencyLaw, past: &Past, ends: &[f64]) -> Vec<f64> {
    let mut all = vec![law.ln_likelihood(past)];
    for outlook in [law.outlook(past, ends), law.newcomer(ends)] {
        all.extend([outlook.p_alive, outlook.alive_at(2.5), outlook.expected_rate()]);
        for (t0, t1) in [(0.0, 1.0), (1.5, 2.5)] {
            all.extend([outlook.expected(t0, t1), outlook.p_any(t0, t1)]);
            all.extend(outlook.pmf(t0, t1).into_iter().take(4));
        }
    }
    all
}

#[track_caller]
fn alike(one: &[f64], other: &[f64], tolerance: f64) {
    assert_eq!(one.len(), other.len());
    for (found, expected) in one.iter().zip(other) {
        relative(*found, *expected, tolerance);
    }
}

/// Shapes of 1e9: laws that differ from their limit by 1e-9 times squares of counts of 4 at most.
const NEAR: f64 = 1e9;
const NEAR_ERROR: f64 = 1e-7;

#[test]
fn equal_drop_out_is_the_limit_of_large_shapes() {
    let near = Dropout::Beta { a: 0.2 * NEAR, b: 0.8 * NEAR };
    let limit = Dropout::Equal(0.2);
    let ends = [0.5, 1.5, 2.0];
    let past = Past { ends: &[1.0, 2.0, 3.0, 4.0], last: 2, ..PAST };
    let rate = rate();
    type Make = fn(RateLaw, Dropout) -> FrequencyLaw;
    let makes: [Make; 3] = [
        |rate, dropout| FrequencyLaw::BgNbd { rate, dropout },
        |rate, dropout| FrequencyLaw::MbgNbd { rate, dropout },
        |rate, dropout| FrequencyLaw::Pdo { rate, dropout, tau: 7 },
    ];
    for make in makes {
        let found = numbers(make(rate, near), &past, &ends);
        alike(&found, &numbers(make(rate, limit), &past, &ends), NEAR_ERROR);
        // a → 0: nobody leaves, and only 1e-9 of the customers do before.
        let found = numbers(make(rate, Dropout::Beta { a: 1e-9, b: 1.0 }), &past, &ends);
        let never = numbers(make(rate, Dropout::Never), &past, &ends);
        alike(&found, &never, NEAR_ERROR);
        alike(&never, &numbers(FrequencyLaw::Nbd(rate), &past, &ends), 1e-14);
    }
}

#[test]
fn equal_life_times_are_the_limit_of_large_shapes() {
    let rate = rate();
    let law = |lifetime| numbers(FrequencyLaw::ParetoNbd { rate, lifetime }, &PAST, &[]);
    let near = Lifetime::Gamma { shape: 0.3 * NEAR, rate: NEAR };
    alike(&law(near), &law(Lifetime::Equal(0.3)), NEAR_ERROR);
    let rare = Lifetime::Gamma { shape: 1e-9, rate: 1.0 };
    alike(&law(rare), &law(Lifetime::Never), NEAR_ERROR);
    alike(&law(Lifetime::Never), &numbers(FrequencyLaw::Nbd(rate), &PAST, &[]), 1e-14);
}

#[test]
fn equal_rates_are_the_limit_of_large_shapes() {
    let near = RateLaw::nbd(NEAR, 0.9 * NEAR).expect("positive");
    let limit = RateLaw::poisson(0.9).expect("positive");
    let dropout = Dropout::Beta { a: 0.8, b: 2.4 };
    let lifetime = Lifetime::Gamma { shape: 0.6, rate: 11.0 };
    let ends = [0.5, 1.5, 2.0];
    let past = Past { ends: &[1.0, 2.0, 3.0, 4.0], last: 2, ..PAST };
    let laws: [fn(RateLaw, Dropout, Lifetime) -> FrequencyLaw; 5] = [
        |rate, _, _| FrequencyLaw::Nbd(rate),
        |rate, dropout, _| FrequencyLaw::BgNbd { rate, dropout },
        |rate, dropout, _| FrequencyLaw::MbgNbd { rate, dropout },
        |rate, _, lifetime| FrequencyLaw::ParetoNbd { rate, lifetime },
        |rate, dropout, _| FrequencyLaw::Pdo { rate, dropout, tau: 7 },
    ];
    for law in laws {
        let found = numbers(law(near, dropout, lifetime), &past, &ends);
        alike(&found, &numbers(law(limit, dropout, lifetime), &past, &ends), NEAR_ERROR);
    }
}

#[test]
fn one_sub_period_is_the_nbd_times_a_constant() {
    // With one end, at T, both ways of having left and not have the same silence: L is the NBD's.
    let law = pdo(0.6, 4.4, 0.8, 2.4);
    let past = Past { ends: &[4.0], ..PAST };
    absolute(law.ln_likelihood(&past), rate().ln_timed(3, 4.0), 1e-14);
    absolute(law.outlook(&past, &[]).p_alive, 0.75, 1e-15); // b/(a + b)
}

#[test]
fn short_sub_periods_approach_pareto_nbd_at_first_order() {
    // θ ~ Beta(s, β/τ): θ/τ approaches μ ~ Gamma(s, β). Errors halve with τ.
    let (s, beta) = (0.6, 11.67);
    let exact = numbers(pareto(0.6, 4.4, s, beta), &PAST, &[]);
    let errors = |steps: u32| {
        let tau = 4.0 / f64::from(steps);
        let grid = |n: u32| (1..=n).map(|c| f64::from(c) * tau).collect::<Vec<_>>();
        let (ends, ahead) = (grid(steps), grid(steps));
        let last = ends.iter().take_while(|&&end| end < PAST.t_x).count();
        let past = Past { ends: &ends, last, ..PAST };
        let found = numbers(pdo(0.6, 4.4, s, beta / tau), &past, &ahead);
        found.iter().zip(&exact).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>()
    };
    let (coarse, fine) = (errors(2048), errors(4096));
    for ((coarse, fine), exact) in coarse.iter().zip(&fine).zip(&exact) {
        // τ = 1/1024 periods against rates of leaving of s/β and purchases of up to 1 a period.
        assert!(*fine < 1e-3 * exact.abs(), "{fine} {exact}");
        // First order; where the coefficient is nearly 0 the second order shows.
        assert!((fine / coarse - 0.5).abs() < 0.01 || *fine < 1e-6, "{coarse} {fine}");
    }
}

#[test]
fn nothing_happens_at_shapes_where_closed_forms_have_poles() {
    // a = 1, a + b = 1, s = 1, r = 1, α = β: values on both sides close in on them.
    let close = |law: fn(f64) -> FrequencyLaw| {
        let middle = numbers(law(1.0), &PAST, &[]);
        let (below, above) =
            (numbers(law(1.0 - 1e-9), &PAST, &[]), numbers(law(1.0 + 1e-9), &PAST, &[]));
        for ((low, middle), high) in below.iter().zip(&middle).zip(&above) {
            // Slopes of these numbers are below 10; their mean misses by the second order only.
            relative(*low, *middle, 1e-8);
            relative(f64::midpoint(*low, *high), *middle, 1e-13);
        }
    };
    close(|a| bg(0.6, 4.4, a, 2.4));
    close(|b| bg(0.6, 4.4, 0.25, b - 0.25));
    close(|r| bg(r, 4.4, 0.8, 2.4));
    close(|s| pareto(0.6, 4.4, s, 11.0));
    close(|ratio| pareto(0.6, 4.4, 0.7, 4.4 * ratio));
}
