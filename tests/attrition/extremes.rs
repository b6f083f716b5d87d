//! Inputs that broke other engines, and parameters where sums and integrals could run away.

use super::{absolute, bg, mbg, pareto, pdo, relative};
use clvcast::models::{Dropout, FrequencyLaw, Past, RateLaw};

/// Three published or independent digits beyond the point where another engine overflowed.
#[test]
fn pareto_nbd_with_132_and_133_purchases() {
    let law = pareto(0.55, 10.58, 0.61, 11.67);
    for (x, expected) in [(132, 6.20605), (133, 6.25287)] {
        let outlook = law.outlook(&Past::new(x, 200.0, 200.0), &[]);
        absolute(outlook.expected(0.0, 10.0), expected, 5.1e-6);
        assert_eq!(outlook.p_alive, 1.0);
    }
}

#[test]
fn pareto_nbd_with_hundreds_of_purchases_keeps_its_probability_of_being_alive() {
    let law = pareto(0.5143, 2.8845, 0.2856, 14.1087);
    for (x, t_x, t) in [
        (221, 103.42857, 103.57143),
        (254, 97.14286, 97.28571),
        (161, 94.71429, 98.0),
        (204, 98.57143, 99.42857),
    ] {
        let past = Past::new(x, t_x, t);
        let p = law.outlook(&past, &[]).p_alive;
        assert!(p > 0.0 && p < 1.0, "{p}");
        assert!(law.ln_likelihood(&past).is_finite());
        // P(leaving in T − t_x) without the silence bounds the odds from below, with all of it from above.
        let (hazard, silent) = (0.2856 / (14.1087 + t), t - t_x);
        let silence = (0.5143 + f64::from(x)) * (silent / (2.8845 + t_x)).ln_1p();
        assert!(1.0 / p - 1.0 > hazard * silent, "{p}");
        assert!(1.0 / p - 1.0 < 0.2856 / (14.1087 + t_x) * silent * silence.exp() * 1.1, "{p}");
    }
}

#[test]
fn every_number_is_finite_and_consistent_at_odd_parameters_and_pasts() {
    let laws = [
        pareto(10.465, 7.985_651_81e-3, 3.0516, 2.820),
        pareto(0.5, 1e-7, 0.6, 10.0),
        pareto(0.5, 10.0, 0.6, 1e-7),
        pareto(0.5, 10.0, 1.0, 10.0),
        pareto(1e10, 1e10, 1e10, 1e11),
        bg(0.2, 4.0, 0.2, 0.3),
        bg(0.2, 4.0, 1.0, 2.4),
        bg(0.2, 4.0, 1e-8, 1e-8),
        bg(1e10, 1e10, 1e10, 1e10),
        mbg(0.524_843_2, 6.183_085_7, 0.891_359_2, 1.614_001_6),
        pdo(0.5, 10.0, 1e-8, 1e10),
    ];
    let pasts = [
        (0, 0.0, 0.0),
        (0, 0.0, 39.0),
        (1, 1e-3, 39.0),
        (3, 10.0, 20.0),
        (5000, 38.8, 38.86),
        (3000, 38.9, 39.0),
        (10_000, 1.0, 39.0),
        (29, 39.0, 39.0),
    ];
    for law in laws {
        for (x, t_x, t) in pasts {
            let grid = [t];
            let ends: &[f64] = if matches!(law, FrequencyLaw::Pdo { .. }) { &grid } else { &[] };
            let past = Past { x, t_x, t, ends, last: 0 };
            let place = format!("{law:?} {past:?}");
            assert!(law.ln_likelihood(&past).is_finite(), "{place}");
            let outlook = law.outlook(&past, &[13.0, 26.0, 39.0]);
            assert!((0.0..=1.0).contains(&outlook.p_alive), "{place}");
            for (t0, t1) in [(0.0, 13.0), (26.0, 39.0)] {
                let (expected, any) = (outlook.expected(t0, t1), outlook.p_any(t0, t1));
                let most = outlook.p_alive * outlook.rate.mean() * (t1 - t0);
                assert!(expected >= 0.0 && expected <= most * (1.0 + 1e-12), "{place} {expected}");
                // One more than rounding: p_any and the expectation come from different sums.
                assert!(
                    any >= 0.0 && any <= outlook.p_alive.min(expected) * (1.0 + 1e-11),
                    "{place}"
                );
            }
        }
    }
}

#[test]
fn a_frequent_buyer_who_fell_silent_is_gone_but_not_undefined() {
    let law = mbg(0.524_843_2, 6.183_085_7, 0.891_359_2, 1.614_001_6);
    let active = law.outlook(&Past::new(3000, 38.9, 39.0), &[]);
    // 3000 purchases in 39 weeks, 8 of them expected since the last one.
    assert!(active.p_alive > 0.0 && active.p_alive < 1.0);
    assert!(active.expected(0.0, 39.0) > 0.0);
    let silent = law.outlook(&Past::new(10_000, 1.0, 39.0), &[]);
    assert_eq!(silent.p_alive, 0.0);
    assert_eq!(silent.expected(0.0, 39.0), 0.0);
    absolute(silent.pmf(0.0, 39.0)[0], 1.0, 1e-15);
}

#[test]
fn tails_with_billions_of_terms_end() {
    // Newcomers of a law with a tiny rate parameter: counts of 39 weeks reach 44·39/α.
    for alpha in [8e-3, 1e-4, 1e-7] {
        let rate = RateLaw::nbd(alpha, 0.02).expect("positive");
        let law = FrequencyLaw::BgNbd { rate, dropout: Dropout::Beta { a: 0.8, b: 2.4 } };
        let newcomer = law.newcomer(&[]);
        let whole = newcomer.expected(0.0, 39.0);
        let parts = newcomer.expected(0.0, 13.0) + newcomer.expected(13.0, 39.0);
        relative(parts, whole, 1e-11);
        // E[Y] = E_θ[(1 − (α/(α+θt))^r)/θ], by the midpoint rule in the logit of θ; it converges
        // beyond all digits at a step of 0.05.
        let (a, b, r, t) = (0.8, 2.4, 0.02, 39.0);
        let (mut sum, mut mass, mut alive) = (0.0, 0.0, 0.0);
        for i in -2000..2000 {
            let u = f64::from(i) * 0.05;
            let (theta, stay) = (1.0 / (1.0 + (-u).exp()), 1.0 / (1.0 + u.exp()));
            let weight = theta.powf(a) * stay.powf(b);
            let ln_alive = -r * (theta * t / alpha).ln_1p();
            sum += weight * -ln_alive.exp_m1() / theta;
            alive += weight * ln_alive.exp();
            mass += weight;
        }
        relative(whole, sum / mass, 1e-11);
        relative(newcomer.alive_at(t), alive / mass, 1e-11);
        let pmf = newcomer.pmf(1.0, 39.0);
        // Counts beyond the longest table are left out.
        let total: f64 = pmf.iter().sum();
        assert!(total <= 1.0 + 1e-12 && total > 0.98, "{total}");
    }
}
