//! The regularised incomplete beta function, both tails.

use std::f64::consts::PI;

use super::rising::{ln_1p_minus, stirling_error};

/// Both tails of the regularised incomplete beta function at x = z/(z+c):
/// `(I_x(a, b), 1 − I_x(a, b))`.
///
/// ```text
/// I_x(a, b) = 1/B(a, b) · ∫_0^x t^(a−1) (1−t)^(b−1) dt
/// ```
///
/// `z` and `c` are given apart because 1 − x would lose the digits of a small c/(z+c); each tail is
/// computed directly where it is the smaller one, so that both keep their relative accuracy.
/// Shape parameters may be large: the front factor is formed from deviations from the mode
/// (Loader 2000) and not from differences of large log-gammas.
///
/// Needs a, b > 0 and z, c ≥ 0, not both zero; gives NaN otherwise.
///
/// ```
/// use clvcast::models::special::beta_tails;
/// let (lower, upper) = beta_tails(1.0, 1.0, 1.0, 3.0); // uniform law at 1/4
/// assert!((lower - 0.25).abs() < 1e-15 && (upper - 0.75).abs() < 1e-15);
/// ```
#[must_use]
pub fn beta_tails(a: f64, b: f64, z: f64, c: f64) -> (f64, f64) {
    if !(a > 0.0 && b > 0.0 && z >= 0.0 && c >= 0.0 && z + c > 0.0) {
        return (f64::NAN, f64::NAN);
    }
    let (x, y) = if z.is_infinite() { (1.0, 0.0) } else { (z / (z + c), c / (z + c)) };
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if y == 0.0 {
        return (1.0, 0.0);
    }
    let front = ln_beta_front(a, b, x, y).exp();
    // The continued fraction converges fast below this point, its mirror image above it.
    if x < (a + 1.0) / (a + b + 2.0) {
        both_tails(front * beta_fraction(a, b, x, y, STEPS).0, || {
            let (fraction, converged) = beta_fraction(b, a, y, x, FEW_STEPS);
            converged.then_some(front * fraction)
        })
    } else {
        let (upper, lower) = both_tails(front * beta_fraction(b, a, y, x, STEPS).0, || {
            let (fraction, converged) = beta_fraction(a, b, x, y, FEW_STEPS);
            converged.then_some(front * fraction)
        });
        (lower, upper)
    }
}

/// The fraction needs about √max(a, b) steps; the cap serves parameters up to 1e10.
const STEPS: u32 = 200_000;
/// Steps on the side where convergence is not assured.
const FEW_STEPS: u32 = 2_000;

/// A tail and its complement. In a skewed law a tail on its fast side may be nearly 1 (a = 700,
/// b = 0.001 at the mean); then the small one is computed, too, as the difference has lost it.
fn both_tails(tail: f64, other: impl FnOnce() -> Option<f64>) -> (f64, f64) {
    const LARGE: f64 = 0.9;
    let tail = tail.min(1.0);
    match (tail > LARGE).then(other).flatten() {
        Some(small) => (1.0 - small.min(1.0), small.min(1.0)),
        None => (tail, 1.0 - tail),
    }
}

/// ln of x^a y^b / B(a, b) with y = 1 − x, from deviations from the mode x = a/(a+b).
pub(in crate::models) fn ln_beta_front(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    // d = n (x − a/n): the linear terms of both logarithms cancel exactly.
    let d = x * b - y * a;
    let exponent = deviation(a, x, d, n) + deviation(b, y, -d, n);
    let correction = stirling_error(n) - stirling_error(a) - stirling_error(b);
    0.5 * (a / n * b / (2.0 * PI)).ln() + exponent + correction
}

/// a·(ln(x n/a) − d/a): one half of the exponent, without its linear term.
fn deviation(a: f64, x: f64, d: f64, n: f64) -> f64 {
    let u = d / a;
    if u.abs() < 0.5 { a * ln_1p_minus(u) } else { a * (x.ln() - (a / n).ln()) - d }
}

/// `I_x(a, b)` divided by x^a y^b / B(a, b), for x below about a/(a+b) and y = 1 − x,
/// and whether that many steps were enough.
///
/// The continued fraction of Didonato & Morris (1992, ACM TOMS 18, algorithm 708), the even part of DLMF
/// 8.17.22, by Lentz's method:
///
/// ```text
/// 1 / (β_0 + α_1/(β_1 + α_2/(β_2 + …)))
/// α_m = m (a+m−1) (a+b+m−1) (b−m) x² / (a+2m−1)²
/// β_m = m + m (b−m) x/(a+2m−1) + (a+m) (a y − b x + 1 + m (1+y))/(a+2m+1)
/// ```
///
/// The last part of β is positive and formed from a y − b x, which keeps its digits; DLMF's own form
/// subtracts (a+b) x/(a+1) from 1, which loses five at a = 1e6, b = 40, x = 1 − 4e-5.
fn beta_fraction(a: f64, b: f64, x: f64, y: f64, steps: u32) -> (f64, bool) {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let lead = a * y - b * x + 1.0;
    let mut fraction = guard(a * lead / (a + 1.0));
    let (mut c, mut d) = (fraction, 0.0);
    for m in 1..=steps {
        let m = f64::from(m);
        let odd = a + 2.0 * m - 1.0;
        let share = (b - m) * x / odd;
        let alpha = m * (a + m - 1.0) * ((a + b + m - 1.0) * x / odd) * share;
        let beta = m + m * share + (a + m) * (lead + m * (1.0 + y)) / (a + 2.0 * m + 1.0);
        d = 1.0 / guard(beta + alpha * d);
        c = guard(beta + alpha / c);
        let step = c * d;
        fraction *= step;
        if (step - 1.0).abs() < 2.0 * f64::EPSILON {
            return (1.0 / fraction, true);
        }
    }
    (1.0 / fraction, false)
}
