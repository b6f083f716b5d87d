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
    let mut sum = 0.0;
    dead_nodes(rate, lifetime, past, |_, weight| sum += weight);
    if sum <= 0.0 {
        return Evidence::alive(alive);
    }
    let ln_sum = sum.ln();
    // From t_x to T: what being alive and buying nothing costs.
    let since = lifetime.after(past.t_x).ln_survive(past.t - past.t_x)
        + rate.after(past.x, past.t_x).ln_p_zero(past.t - past.t_x);
    let left = lifetime.ln_survive(past.t_x) + rate.ln_timed(past.x, past.t_x) + ln_sum;
    Evidence::new(alive, ln_sum - since, left)
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
