//! Special functions where the general-purpose ones lose digits: both tails of the incomplete
//! beta function, rising factorials, digamma and trigamma.

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

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
pub(super) fn ln_beta_front(a: f64, b: f64, x: f64, y: f64) -> f64 {
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

/// ln(1+u) − u without cancellation.
fn ln_1p_minus(u: f64) -> f64 {
    if u.abs() > 0.05 {
        return u.ln_1p() - u;
    }
    // 13 terms leave less than 0.05^13/13 of the leading u²/2 term's scale.
    let mut power = u;
    let mut sum = 0.0;
    for n in 2..=14 {
        power *= -u;
        sum += power / f64::from(n);
    }
    sum
}

/// lnΓ(z) − [(z − 1/2) ln z − z + ln(2π)/2], the error of Stirling's formula.
fn stirling_error(z: f64) -> f64 {
    if z >= 15.0 {
        let w = 1.0 / (z * z);
        // The next term, 691/360360 z^−11, is below 1e-16 of the first at z = 15.
        return (1.0 / 12.0
            - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w / 1188.0))))
            / z;
    }
    ln_gamma(z) - ((z - 0.5) * z.ln() - z + 0.5 * (2.0 * PI).ln())
}

/// I_x(a, b) divided by x^a y^b / B(a, b), for x below about a/(a+b) and y = 1 − x,
/// and whether that many steps were enough.
///
/// The continued fraction of Didonato & Morris (1992, TOMS 18, equation 9), the even part of DLMF
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

/// ln of the rising factorial, ln Γ(b+x)/Γ(b), without cancellation for large b.
///
/// ```
/// use clvcast::models::special::ln_rising;
/// assert!((ln_rising(2.0, 3) - 24f64.ln()).abs() < 1e-14); // 2·3·4
/// ```
#[must_use]
pub fn ln_rising(b: f64, x: u32) -> f64 {
    if x <= 32 {
        // A product of at most 32 factors is exact to a few units in the last place; it is cut
        // where it could overflow.
        let mut sum = 0.0;
        let mut product = 1.0;
        for j in 0..x {
            product *= b + f64::from(j);
            if !(1e-200..1e200).contains(&product) {
                sum += product.ln();
                product = 1.0;
            }
        }
        return sum + product.ln();
    }
    if b < 15.0 {
        return ln_rising(b, 32) + ln_rising(b + 32.0, x - 32);
    }
    // Stirling on both ends; the large parts are combined before they are rounded.
    let x = f64::from(x);
    let n = b + x;
    (b - 0.5) * (x / b).ln_1p() + x * (n.ln() - 1.0) + stirling_error(n) - stirling_error(b)
}

/// ln Γ(b+x)/Γ(b) − x ln b, which vanishes for b → ∞ and keeps its digits there.
///
/// ```
/// use clvcast::models::special::rising_excess;
/// assert!((rising_excess(2.0, 3.0) - (24f64 / 8.0).ln()).abs() < 1e-14); // 2·3·4 / 2³
/// assert!((rising_excess(1e9, 2.0) * 1e9 - 1.0).abs() < 1e-8);           // ln(1 + 1e−9)
/// ```
#[must_use]
pub fn rising_excess(b: f64, x: f64) -> f64 {
    if b < 15.0 {
        return ln_gamma(b + x) - ln_gamma(b) - x * b.ln();
    }
    // Stirling on both ends: (b+x−½) ln(1+x/b) − x without its cancellation.
    let u = x / b;
    b * ln_1p_minus(u) + (x - 0.5) * u.ln_1p() + stirling_error(b + x) - stirling_error(b)
}

/// ln of the Poisson probability of `x` ≥ 1 at a `mean`, from the deviation from the mode: the
/// terms x ln(mean) and ln x! are a thousand times its size at x = 5000.
pub(super) fn ln_poisson(x: f64, mean: f64) -> f64 {
    let u = (mean - x) / x;
    let exponent =
        if u.abs() < 0.5 { x * ln_1p_minus(u) } else { x * (mean / x).ln() - (mean - x) };
    exponent - stirling_error(x) - 0.5 * (2.0 * PI * x).ln()
}

/// ln x!.
#[must_use]
pub fn ln_factorial(x: u32) -> f64 {
    ln_rising(1.0, x)
}

/// ψ(z), the derivative of ln Γ(z), for z > 0.
///
/// ```
/// use clvcast::models::special::digamma;
/// assert!((digamma(1.0) + 0.5772156649015329).abs() < 1e-14); // −γ (Euler)
/// ```
#[must_use]
pub fn digamma(mut z: f64) -> f64 {
    let mut shift = 0.0;
    while z < ASYMPTOTIC {
        shift -= 1.0 / z;
        z += 1.0;
    }
    shift + z.ln() - 0.5 / z - digamma_tail(z)
}

/// ψ′(z), the second derivative of ln Γ(z), for z > 0.
///
/// ```
/// use clvcast::models::special::trigamma;
/// let exact = std::f64::consts::PI.powi(2) / 6.0;
/// assert!((trigamma(1.0) - exact).abs() < 1e-14);
/// ```
#[must_use]
pub fn trigamma(mut z: f64) -> f64 {
    let mut shift = 0.0;
    while z < ASYMPTOTIC {
        shift += 1.0 / (z * z);
        z += 1.0;
    }
    shift + 1.0 / z + 0.5 / (z * z) + trigamma_tail(z)
}

/// ψ(z+x) − ψ(z), which vanishes as x/z for z → ∞ and keeps its digits there.
///
/// ```
/// use clvcast::models::special::digamma_step;
/// assert!((digamma_step(4.0, 1.0) - 0.25).abs() < 1e-15);            // ψ(z+1) = ψ(z) + 1/z
/// assert!((digamma_step(1e12, 1.0) * 1e12 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn digamma_step(z: f64, x: f64) -> f64 {
    if z < ASYMPTOTIC {
        return digamma(z + x) - digamma(z);
    }
    let n = z + x;
    (x / z).ln_1p() + 0.5 * x / (z * n) + (digamma_tail(z) - digamma_tail(n))
}

/// ψ′(z+x) − ψ′(z), which vanishes as −x/z² for z → ∞ and keeps its digits there.
///
/// ```
/// use clvcast::models::special::trigamma_step;
/// assert!((trigamma_step(4.0, 1.0) + 1.0 / 16.0).abs() < 1e-15);     // ψ′(z+1) = ψ′(z) − 1/z²
/// assert!((trigamma_step(1e12, 1.0) * 1e24 + 1.0).abs() < 1e-11);
/// ```
#[must_use]
pub fn trigamma_step(z: f64, x: f64) -> f64 {
    if z < ASYMPTOTIC {
        return trigamma(z + x) - trigamma(z);
    }
    let n = z + x;
    let inverses = -x / (z * n);
    inverses + 0.5 * inverses * (1.0 / z + 1.0 / n) + (trigamma_tail(n) - trigamma_tail(z))
}

/// Where the asymptotic series of ψ and ψ′ are exact to double precision: the first term left out
/// is below 1e-16.
const ASYMPTOTIC: f64 = 12.0;

/// ln z − 1/(2z) − ψ(z).
fn digamma_tail(z: f64) -> f64 {
    let w = 1.0 / (z * z);
    w * (1.0 / 12.0
        - w * (1.0 / 120.0
            - w * (1.0 / 252.0 - w * (1.0 / 240.0 - w * (1.0 / 132.0 - w * 691.0 / 32760.0)))))
}

/// ψ′(z) − 1/z − 1/(2z²).
fn trigamma_tail(z: f64) -> f64 {
    let w = 1.0 / (z * z);
    w / z
        * (1.0 / 6.0
            - w * (1.0 / 30.0
                - w * (1.0 / 42.0 - w * (1.0 / 30.0 - w * (5.0 / 66.0 - w * 691.0 / 2730.0)))))
}
