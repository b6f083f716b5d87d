//! Ratios of gamma functions, without differences of large logarithms.

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

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

/// ln Γ(x) − x ln x + x, which grows only as −½ ln x.
///
/// ```
/// use clvcast::models::special::gamma_excess;
/// assert!((gamma_excess(1.0) - 1.0).abs() < 1e-15); // Γ(1) = 1
/// ```
#[must_use]
pub fn gamma_excess(x: f64) -> f64 {
    if x < 15.0 {
        return ln_gamma(x) - x * x.ln() + x;
    }
    stirling_error(x) - 0.5 * (x / (2.0 * PI)).ln()
}

/// ln of mean^x e^(−mean)/Γ(x+1), for whole x a Poisson probability, for x > 0; from the deviation from the mode: the
/// terms x ln(mean) and ln x! are a thousand times its size at x = 5000.
pub(in crate::models) fn ln_poisson(x: f64, mean: f64) -> f64 {
    if mean.is_infinite() {
        return f64::NEG_INFINITY;
    }
    let u = (mean - x) / x;
    let exponent =
        if u.abs() < 0.5 { x * ln_1p_minus(u) } else { x * (mean / x).ln() - (mean - x) };
    exponent - stirling_error(x) - 0.5 * (2.0 * PI * x).ln()
}

/// ln x!.
///
/// ```
/// use clvcast::models::special::ln_factorial;
/// assert!((ln_factorial(5) - 120_f64.ln()).abs() < 1e-14);
/// ```
#[must_use]
pub fn ln_factorial(x: u32) -> f64 {
    ln_rising(1.0, x)
}

/// ln(1+u) − u without cancellation.
pub(crate) fn ln_1p_minus(u: f64) -> f64 {
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
pub(super) fn stirling_error(z: f64) -> f64 {
    if z >= 15.0 {
        let w = 1.0 / (z * z);
        // The next term, 691/360360 z^−11, is below 1e-16 of the first at z = 15.
        return (1.0 / 12.0
            - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w / 1188.0))))
            / z;
    }
    ln_gamma(z) - ((z - 0.5) * z.ln() - z + 0.5 * (2.0 * PI).ln())
}
