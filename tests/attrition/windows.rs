//! What windows of one customer's future must fulfil whatever the model.

use super::{absolute, bg, mbg, pareto, pdo, relative};
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, Outlook, Past, RateLaw};

const ENDS: [f64; 6] = [0.7, 1.7, 2.7, 3.7, 40.0, 41.0];
const PAST_ENDS: [f64; 4] = [0.4, 1.4, 2.9, 4.0];

/// Every model, with its limits, at ordinary and at odd parameters.
fn laws() -> Vec<FrequencyLaw> {
    let gamma = RateLaw::nbd(4.4, 0.6).expect("positive");
    let equal = RateLaw::poisson(1.3).expect("positive");
    let mut laws = vec![
        bg(0.243, 4.414, 0.793, 2.426),
        bg(0.243, 4.414, 1.0, 0.3),
        bg(30.0, 4.0, 0.01, 0.02),
        bg(0.02, 0.05, 0.8, 2.4),
        mbg(0.525, 6.183, 0.891, 1.614),
        pareto(0.55, 10.58, 0.61, 11.67),
        pareto(0.55, 0.05, 1.0, 11.67),
        pareto(12.0, 3.0, 20.0, 1e3),
        pdo(0.55, 10.58, 0.61, 11.67),
        pdo(20.0, 2.0, 0.1, 0.3),
        FrequencyLaw::Nbd(gamma),
        FrequencyLaw::Nbd(equal),
    ];
    for rate in [gamma, equal] {
        laws.push(FrequencyLaw::BgNbd { rate, dropout: Dropout::Equal(0.2) });
        laws.push(FrequencyLaw::MbgNbd { rate, dropout: Dropout::Equal(1.0) });
        laws.push(FrequencyLaw::BgNbd { rate, dropout: Dropout::Beta { a: 0.5, b: 3.0 } });
        laws.push(FrequencyLaw::ParetoNbd { rate, lifetime: Lifetime::Equal(0.3) });
        let lifetime = Lifetime::Gamma { shape: 0.5, rate: 3.0 };
        laws.push(FrequencyLaw::ParetoNbd { rate, lifetime });
        laws.push(FrequencyLaw::Pdo { rate, dropout: Dropout::Equal(0.2), tau: 7 });
        laws.push(FrequencyLaw::Pdo { rate, dropout: Dropout::Never, tau: 7 });
    }
    laws
}

fn outlooks() -> Vec<(FrequencyLaw, Outlook<'static>)> {
    let mut all = vec![];
    for law in laws() {
        all.push((law, law.newcomer(&ENDS)));
        for (x, t_x, last) in [(0, 0.0, 0), (3, 2.5, 2), (40, 3.9, 3)] {
            let ends: &[f64] =
                if matches!(law, FrequencyLaw::Pdo { .. }) { &PAST_ENDS } else { &[] };
            let past = Past { x, t_x, t: 4.0, ends, last };
            all.push((law, law.outlook(&past, &ENDS)));
        }
    }
    all
}

const WINDOWS: [(f64, f64); 7] =
    [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0), (0.0, 0.01), (0.3, 0.35), (5.0, 39.0), (39.0, 43.0)];

#[test]
fn distributions_sum_to_one_and_have_the_expectation_as_mean() {
    for (law, outlook) in outlooks() {
        for (t0, t1) in WINDOWS {
            let pmf = outlook.pmf(t0, t1);
            let place = format!("{law:?} {outlook:?} ({t0}, {t1}]");
            assert!(pmf.iter().all(|p| (0.0..=1.0 + 1e-15).contains(p)), "{place}");
            // Quadrature and recurrences keep 1e-13; as much is cut off.
            let total: f64 = pmf.iter().sum();
            assert!((total - 1.0).abs() < 5e-13, "{place}: {total}");
            assert!((1.0 - pmf[0] - outlook.p_any(t0, t1)).abs() < 2e-13, "{place}");
            // What is cut off counts by its number: at most the table's length and a half.
            let mean: f64 = (0_u32..).zip(&pmf).map(|(n, p)| f64::from(n) * p).sum();
            let cut = 2e-13 * pmf.len() as f64;
            let expected = outlook.expected(t0, t1);
            assert!((mean - expected).abs() < cut + 1e-12 * expected, "{place}: {mean} {expected}");
        }
    }
}

#[test]
fn windows_add_up() {
    for (law, outlook) in outlooks() {
        let parts = [(0.0, 1.0), (1.0, 2.5), (2.5, 39.0)];
        let sum: f64 = parts.iter().map(|&(t0, t1)| outlook.expected(t0, t1)).sum();
        let whole = outlook.expected(0.0, 39.0);
        assert!((sum - whole).abs() <= 1e-12 * whole, "{law:?}: {sum} {whole}");
        let cover = outlook.p_any(0.0, 39.0);
        assert!(cover <= parts.iter().map(|&(t0, t1)| outlook.p_any(t0, t1)).sum::<f64>() + 1e-13);
        for (t0, t1) in parts {
            assert!(outlook.alive_at(t1) <= outlook.alive_at(t0) + 1e-14, "{law:?}");
            assert!(outlook.p_any(t0, t1) <= outlook.alive_at(t0) + 1e-14, "{law:?}");
            assert!(outlook.p_any(t0, t1) <= outlook.expected(t0, t1) + 1e-14, "{law:?}");
        }
    }
}

#[test]
fn an_empty_window_holds_nothing() {
    for (law, outlook) in outlooks() {
        for t in [0.0, 0.7, 2.0] {
            assert_eq!(outlook.expected(t, t), 0.0, "{law:?}");
            assert_eq!(outlook.p_any(t, t), 0.0, "{law:?}");
            absolute(outlook.pmf(t, t).iter().sum(), 1.0, 1e-14);
            absolute(outlook.pmf(t, t)[0], 1.0, 1e-14);
        }
        absolute(outlook.alive_at(0.0), outlook.p_alive, 1e-14);
    }
}

#[test]
fn a_short_window_holds_the_rate_of_those_alive() {
    for (law, outlook) in outlooks() {
        let step = 1e-7;
        if outlook.p_alive == 0.0 {
            continue;
        }
        let found = outlook.expected(0.0, step) / step;
        // The next term is the rate of purchases and of leaving times the step.
        let second = (2.0 + outlook.rate.mean() + outlook.rate.after(1, 0.0).mean()) * step;
        assert!((found / outlook.expected_rate() - 1.0).abs() < second, "{law:?} {found}");
    }
}

#[test]
fn a_customer_follows_its_own_distribution_when_windows_are_seen_one_after_the_other() {
    // Averaged over what one period may bring, the outlook after it is the outlook before it.
    let law = bg(0.243, 4.414, 0.793, 2.426);
    let past = Past::new(2, 30.43, 38.86);
    let now = law.outlook(&past, &[]);
    // Without a purchase in the period: P(Y = 0), alive or not, and the window after it.
    let none = law.outlook(&Past::new(2, 30.43, 39.86), &[]);
    let weight = now.pmf(0.0, 1.0)[0];
    let likelihoods = law.ln_likelihood(&Past::new(2, 30.43, 39.86)) - law.ln_likelihood(&past);
    // P(no purchase) is the ratio of the two likelihoods.
    relative(weight, likelihoods.exp(), 1e-13);
    assert!(none.expected(0.0, 1.0) < now.expected(1.0, 2.0));
}

#[test]
fn silence_has_the_probability_of_the_likelihood_in_every_model() {
    // L(x, t_x, T + h)/L(x, t_x, T) = P(no purchase in (T, T + h]).
    for law in laws() {
        for (x, t_x) in [(0, 0.0), (3, 2.5), (40, 3.9)] {
            let ends = [0.4, 1.4, 2.9, 4.0, 4.7, 5.7];
            let (some, all): (&[f64], &[f64]) = if matches!(law, FrequencyLaw::Pdo { .. }) {
                (&ends[..4], &ends)
            } else {
                (&[], &[])
            };
            let last = if x == 0 { 0 } else { 2 };
            let before = Past { x, t_x, t: 4.0, ends: some, last };
            let after = Past { x, t_x, t: 5.7, ends: all, last };
            let silent = (law.ln_likelihood(&after) - law.ln_likelihood(&before)).exp();
            // Likelihoods of 40 purchases round at 1e-13; the PDO's ends ahead are those after T.
            let found = law.outlook(&before, &ENDS[..2]).pmf(0.0, 1.7)[0];
            if law.ln_likelihood(&before).is_finite() {
                assert!((found - silent).abs() < 1e-12, "{law:?} {x}: {found} {silent}");
            }
        }
    }
}
