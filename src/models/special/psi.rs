//! Derivatives of ln Γ, and their differences.

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

/// ψ(z) − ln z, which vanishes as −1/(2z) for z → ∞ and keeps its digits there.
///
/// ```
/// use clvcast::models::special::digamma_excess;
/// assert!((digamma_excess(1e9) * 2e9 + 1.0).abs() < 1e-9);
/// ```
#[must_use]
pub fn digamma_excess(z: f64) -> f64 {
    if z < ASYMPTOTIC { digamma(z) - z.ln() } else { -0.5 / z - digamma_tail(z) }
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
