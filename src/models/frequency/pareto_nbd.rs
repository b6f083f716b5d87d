//! Pareto/NBD: a customer may leave at any time.

use super::Past;
use super::evidence::Evidence;
use crate::models::decay::{Decay, over_decays};
use crate::models::{Lifetime, RateLaw};

/// Source: Schmittlein, Morrison & Colombo (1987); the integral over the time y of leaving, in
/// place of its 2F1:
///
/// ```text
/// L = P(alive at T) · f(x | T) + ∫_{t_x}^{T} (density of leaving at y) · f(x | y) dy
/// f(x | t) = Γ(r+x)/Γ(r) α^r (α+t)^−(r+x)
/// ```
pub(super) fn evidence(rate: RateLaw, lifetime: Lifetime, past: &Past) -> Evidence {
    let alive = lifetime.ln_survive(past.t) + rate.ln_timed(past.x, past.t);
    let ln_sum = ln_left(rate, lifetime, past);
    let left = lifetime.ln_survive(past.t_x) + rate.ln_timed(past.x, past.t_x) + ln_sum;
    Evidence::new(alive, ln_sum - ln_stayed(rate, lifetime, past), left)
}

/// ln of the odds of having left.
pub(super) fn ln_odds(rate: RateLaw, lifetime: Lifetime, past: &Past) -> f64 {
    ln_left(rate, lifetime, past) - ln_stayed(rate, lifetime, past)
}

/// ln of having left between t_x and T, against being alive at t_x; −∞ where nobody can have.
fn ln_left(rate: RateLaw, lifetime: Lifetime, past: &Past) -> f64 {
    let mut sum = 0.0;
    dead_nodes(rate, lifetime, past, |_, weight| sum += weight);
    sum.ln()
}

/// ln of being alive and buying nothing from t_x to T.
fn ln_stayed(rate: RateLaw, lifetime: Lifetime, past: &Past) -> f64 {
    let silent = past.t - past.t_x;
    lifetime.after(past.t_x).ln_survive(silent) + rate.after(past.x, past.t_x).ln_p_zero(silent)
}

/// Calls `node(y, weight)` for times of leaving y in (t_x, T) so that
///
/// ```text
/// P(alive at t_x) · f(x | t_x) · Σ weight·g(y) = ∫_{t_x}^{T} (density of leaving at y) · f(x | y) · g(y) dy
/// ```
///
/// for any g smooth on the scales of β + y and α + y: logarithms of both, and their inverses.
/// Nothing overflows, as both densities are taken against their values at t_x.
pub(crate) fn dead_nodes(
    rate: RateLaw,
    lifetime: Lifetime,
    past: &Past,
    mut node: impl FnMut(f64, f64),
) {
    let leaving = match lifetime.after(past.t_x) {
        Lifetime::Gamma { shape, rate } => Decay::Power { exponent: shape + 1.0, scale: rate },
        Lifetime::Equal(mu) => Decay::Exponential(mu),
        Lifetime::Never => return,
    };
    let silence = match rate.after(past.x, past.t_x) {
        RateLaw::Gamma { shape, rate } => Decay::Power { exponent: shape, scale: rate },
        RateLaw::Equal(rate) => Decay::Exponential(rate),
    };
    let hazard = lifetime.hazard(past.t_x);
    over_decays(
        [leaving, silence],
        past.t - past.t_x,
        |_| f64::INFINITY,
        |w, weight| {
            node(past.t_x + w, hazard * weight);
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::FrequencyLaw;

    /// r, α, s, β; x, t_x, T; ln L and −ln P(alive), by mpmath's quadrature of the integral over the
    /// time of leaving on a geometric grid, 40 digits.
    type Row = ((f64, f64, f64, f64), (u32, f64, f64), f64, f64);
    #[rustfmt::skip]
    const ROWS: [Row; 12] = [
        ((0.55, 1e-5, 0.6, 100.0), (3, 10.0, 39.0), -17.423_784_066_539_56, 1.335_040_652_150_295),
        ((0.55, 1e-5, 0.6, 100.0), (0, 0.0, 39.0), -8.114_211_199_386_837, 0.430_439_101_029_277_5),
        ((0.55, 100.0, 0.6, 1e-5), (0, 0.0, 39.0), -5.136_860_413_761_73e-5, 9.286_958_112_830_351),
        ((0.02, 1e3, 0.9, 1e-4), (0, 0.0, 1e3), -7.392_932_311_045_965e-8, 14.520_149_045_544_36),
        ((5.0, 10.0, 3.0, 20.0), (10_000, 38.0, 39.0), 43_411.243_122_586_435, 198.045_550_907_395_8),
        ((5.0, 10.0, 3.0, 20.0), (10_000, 1.0, 39.0), 58_154.257_530_350_38, 14_941.059_958_671_345),
        ((0.5, 10.0, 0.6, 12.0), (10_000, 38.999, 39.0), 43_183.884_552_138_25, 1.305_139_890_951_045_4e-5),
        ((0.3, 1e-3, 2.0, 1e4), (7, 1e-6, 39.0), 37.134_586_468_224_47, 59.906_790_546_979_53),
        ((1e6, 1e7, 0.6, 12.0), (3, 5.0, 39.0), -9.130_857_099_762_3, 2.545_050_663_981_09),
        ((0.5, 10.0, 1e8, 1e9), (3, 5.0, 39.0), -9.270_980_297_503_416, 6.470_489_463_914_382),
        ((40.0, 0.1, 0.01, 0.2), (1, 0.01, 500.0), -6.870_710_105_700_935, 336.429_189_834_674_9),
        ((0.5, 7.0, 0.5, 7.0), (0, 0.0, 1e-9), -7.142_857_142_091_837e-11, 7.142_857_142_602_041e-11),
    ];

    #[test]
    fn likelihoods_and_odds_agree_with_quadrature_at_any_ratio_of_the_scales() {
        for ((r, alpha, s, beta), (x, t_x, t), ln_l, expected) in ROWS {
            let rate = RateLaw::nbd(alpha, r).unwrap();
            let lifetime = Lifetime::gamma(s, beta).unwrap();
            let (law, past) = (FrequencyLaw::ParetoNbd { rate, lifetime }, Past::new(x, t_x, t));
            // Logarithms of x factors of up to x, α and T each.
            let rounding = 1e-15 * (10.0 + f64::from(x) * 10.0);
            let found = law.ln_likelihood(&past);
            assert!((found - ln_l).abs() < rounding, "{x} {t_x}: {found} {ln_l}");
            // −ln P(alive) = ln(1 + odds), here without a rounded P.
            let found = -law.outlook(&past, &[]).p_alive.ln();
            let digits = 1e-14 + 1e-15 * expected.abs();
            if expected < 700.0 {
                assert!((found - expected).abs() < digits, "{x} {t_x}: {found} {expected}");
            } else {
                assert_eq!(law.p_alive(&past), 0.0);
            }
        }
    }

    #[test]
    fn nodes_give_the_derivatives_of_the_likelihood() {
        // d/ds of ∫ s β^s (β+y)^(−s−1) … dy is the integral times 1/s − ln((β+y)/β).
        let rate = RateLaw::nbd(10.6, 0.55).unwrap();
        let past = Past::new(2, 30.43, 38.86);
        let dead = |s: f64| {
            let lifetime = Lifetime::gamma(s, 11.7).unwrap();
            let scale = lifetime.ln_survive(past.t_x).exp();
            let (mut sum, mut slope) = (0.0, 0.0);
            dead_nodes(rate, lifetime, &past, |y, weight| {
                sum += weight * scale;
                slope += weight * scale * (1.0 / s - (y / 11.7).ln_1p());
            });
            (sum, slope)
        };
        // Central difference: h² of the third derivative, of size 1, and 1e-16/h of rounding.
        let difference = (dead(0.6 + 1e-5).0 - dead(0.6 - 1e-5).0) / 2e-5;
        assert!((dead(0.6).1 - difference).abs() < 1e-9, "{difference}");
    }
}
