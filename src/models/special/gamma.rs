//! The regularised incomplete gamma function, both tails.

use super::rising::ln_poisson;

/// Steps on the side where convergence is not assured.
const FEW_STEPS: u32 = 2_000;
/// Both expansions need about 10 √a steps near x = a; the cap serves shapes up to 1e9.
const STEPS: u32 = 400_000;
/// A complement of more than this has lost digits of the small tail.
const LARGE: f64 = 0.9;

/// Both tails of the regularised incomplete gamma function, `(P(a, x), Q(a, x))`.
///
/// ```text
/// P(a, x) = 1/Γ(a) · ∫_0^x t^(a−1) e^(−t) dt,   Q = 1 − P
/// P = x^a e^(−x)/Γ(a+1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + …)                 (DLMF 8.7.1)
/// Q = x^a e^(−x)/Γ(a) / (x+1−a − 1(1−a)/(x+3−a − 2(2−a)/(x+5−a − …)))         (DLMF 8.9.2)
/// ```
///
/// Each tail is computed directly where it is the smaller one. The front factor is formed from the
/// deviation from its mode, so that shapes in the hundred thousands (values that vary by a tenth
/// of a percent) keep their digits.
///
/// Needs a > 0 and x ≥ 0; gives NaN otherwise.
///
/// ```
/// use clvcast::models::special::gamma_tails;
/// let (lower, upper) = gamma_tails(1.0, 2.0); // exponential law
/// assert!((upper - (-2f64).exp()).abs() < 1e-15 && (lower + upper - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn gamma_tails(a: f64, x: f64) -> (f64, f64) {
    if !(a > 0.0 && x >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    let front = ln_poisson(a, x).exp();
    if x < a + 1.0 {
        let lower = (front * series(a, x)).min(1.0);
        let small = (lower > LARGE).then(|| fraction(a, x, FEW_STEPS)).flatten();
        small.map_or((lower, 1.0 - lower), |f| (1.0 - front * a * f, front * a * f))
    } else {
        let upper = fraction(a, x, STEPS).map_or(f64::NAN, |f| (front * a * f).min(1.0));
        (1.0 - upper, upper)
    }
}

/// 1 + x/(a+1) + x²/((a+1)(a+2)) + …
fn series(a: f64, x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..=STEPS {
        term *= x / (a + f64::from(n));
        sum += term;
        if term < sum * 0.5 * f64::EPSILON {
            break;
        }
    }
    sum
}

/// The continued fraction of Q by Lentz's method; `None` where it needs more steps.
fn fraction(a: f64, x: f64, steps: u32) -> Option<f64> {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut beta = x + 1.0 - a;
    let mut value = guard(beta);
    let (mut c, mut d) = (value, 0.0);
    for n in 1..=steps {
        let n = f64::from(n);
        let alpha = n * (a - n);
        beta += 2.0;
        d = 1.0 / guard(beta + alpha * d);
        c = guard(beta + alpha / c);
        let step = c * d;
        value *= step;
        if (step - 1.0).abs() < 2.0 * f64::EPSILON {
            return Some(1.0 / value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::gamma::{gamma_lr, gamma_ur};

    #[test]
    fn tails_agree_with_another_implementation_at_moderate_shapes() {
        for a in [0.05, 0.5, 1.0, 3.7, 40.0, 300.0] {
            for share in [0.01, 0.3, 0.9, 1.0, 1.2, 2.0, 5.0] {
                let x = a * share + 0.02;
                let (lower, upper) = gamma_tails(a, x);
                assert!((lower - gamma_lr(a, x)).abs() < 1e-12, "{a} {x}");
                assert!((upper - gamma_ur(a, x)).abs() < 1e-12, "{a} {x}");
            }
        }
    }

    #[test]
    fn tails_of_whole_shapes_are_sums_of_poisson_probabilities() {
        // Q(a, x) = Σ_{j<a} P(j; x), the Poisson law's own recurrence as the other method.
        for (a, x) in [(5_u32, 9.0), (1000, 930.0), (250_000, 250_300.0), (250_000, 248_000.0)] {
            let law = crate::models::RateLaw::poisson(x).unwrap();
            let (first, table) = law.pmf_table(1.0);
            let sum: f64 = (first..).zip(&table).take_while(|(j, _)| *j < a).map(|(_, p)| p).sum();
            // The recurrence rounds once per step, some thousand times.
            let found = gamma_tails(f64::from(a), x).1;
            assert!((found / sum - 1.0).abs() < 1e-11, "{a} {x}: {found} {sum}");
        }
    }
}
