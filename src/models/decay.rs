//! Integrals over time of two decays: of the chance to be still there, and of the chance that a
//! purchase has not come yet.

use std::sync::LazyLock;

use super::gauss::Rule;

/// A positive function that falls from 1 at w = 0, w in periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Decay {
    /// (1 + w/scale)^(−exponent).
    Power {
        /// Exponent, 0 or more.
        exponent: f64,
        /// Scale in periods.
        scale: f64,
    },
    /// e^(−rate·w).
    Exponential(f64),
}

impl Decay {
    /// Its logarithm.
    fn ln(self, w: f64) -> f64 {
        match self {
            Self::Power { exponent, scale } => -exponent * (w / scale).ln_1p(),
            Self::Exponential(rate) => -rate * w,
        }
    }

    /// −d ln/dw.
    fn slope(self, w: f64) -> f64 {
        match self {
            Self::Power { exponent, scale } => exponent / (scale + w),
            Self::Exponential(rate) => rate,
        }
    }

    const fn scale(self) -> f64 {
        match self {
            Self::Power { scale, .. } => scale,
            Self::Exponential(_) => f64::INFINITY,
        }
    }
}

/// The rule of the panels.
static SIXTEEN: LazyLock<Rule> = LazyLock::new(|| Rule::new(16));

/// 16 nodes and weights on (from, to).
pub(crate) fn gauss(from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
    SIXTEEN.on(from, to)
}

/// Widest panel in u. The nearest singularity is π away in the imaginary direction, so that 16
/// nodes leave an error of (π/0.75 + √(1 + (π/0.75)²))^(−32) < 1e-29 times the size there.
const WIDEST: f64 = 1.5;
/// Largest change of the logarithm on a panel: 16 nodes integrate e^(12 x) over a unit panel to
/// 1e-19 of its largest value.
const CHANGE: f64 = 12.0;
/// What lies below e^−50 of the largest value and falls is left out.
const NEGLIGIBLE: f64 = 50.0;

/// Calls `node(w, weight)` so that the sum of weight·g(w) is ∫ f₁ f₂ g dw over (0, width), for g
/// smooth on the scale of `step`: the longest stretch in w that a panel may have at w.
///
/// The variable is u = ln(1 + w/m), m the smaller scale of the two decays: in u both are smooth on
/// the scale 1, whatever the ratio of their scales. Panels end where the product has changed by
/// [`CHANGE`]; its logarithm falls ever faster in u, so the slope at the right end bounds it.
pub(crate) fn over_decays(
    [first, second]: [Decay; 2],
    width: f64,
    step: impl Fn(f64) -> f64,
    mut node: impl FnMut(f64, f64),
) {
    if width <= 0.0 {
        return;
    }
    let smaller = first.scale().min(second.scale());
    let m = if smaller.is_finite() { smaller } else { width };
    let at = |u: f64| m * u.exp_m1();
    let ln = |w: f64| first.ln(w) + second.ln(w);
    // −d/du of the product without the Jacobian.
    let slope = |w: f64| (first.slope(w) + second.slope(w)) * (m + w);
    let end = (width / m).ln_1p();
    let (mut u, mut top) = (0.0_f64, f64::NEG_INFINITY);
    while u < end {
        let w = at(u);
        let height = ln(w) + u;
        top = top.max(height);
        if height < top - NEGLIGIBLE && slope(w) > 1.0 {
            return;
        }
        let widest = WIDEST.min(CHANGE / slope(w)).min((step(w) / (m + w)).ln_1p());
        let panel = widest.min(CHANGE / slope(at(u + widest)));
        let next = if u + panel < end { u + panel } else { end };
        if next <= u {
            return;
        }
        for (u, weight) in gauss(u, next) {
            let w = at(u);
            node(w, weight * (ln(w) + u).exp() * m);
        }
        u = next;
    }
}

/// ∫ f₁ f₂ dw over (0, width), to a few units in the last place of its logarithm's terms.
pub(crate) fn integral_of_decays(decays: [Decay; 2], width: f64) -> f64 {
    let mut sum = 0.0;
    over_decays(decays, width, |_| f64::INFINITY, |_, weight| sum += weight);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decays_with_a_closed_form_are_integrated_to_the_last_digits() {
        // Equal scales: a single power. Ratios of widths and scales over 14 decades, exponents
        // from below 1 to far above: (1 − (1 + W/c)^(1−k))·c/(k−1).
        for k in [0.02_f64, 0.9, 1.7, 30.0, 1e4, 1e7] {
            for width in [1e-7, 0.3, 39.0, 1e7] {
                let half = Decay::Power { exponent: k / 2.0, scale: 3.0 };
                let found = integral_of_decays([half, half], width);
                let exact = ((1.0 - k) * (width / 3.0_f64).ln_1p()).exp_m1() * 3.0 / (1.0 - k);
                // Exponents of size k ln(…) are rounded before exp is taken, where not negligible.
                assert!((found / exact - 1.0).abs() < 2e-14, "{k} {width}: {found} {exact}");
            }
        }
        // An exponential against a power with exponent 0 and any scale.
        for scale in [1e-6, 1.0, 1e6] {
            let decays = [Decay::Exponential(0.7), Decay::Power { exponent: 0.0, scale }];
            let found = integral_of_decays(decays, 20.0);
            assert!((found / (-(-14.0_f64).exp_m1() / 0.7) - 1.0).abs() < 1e-14, "{scale}");
        }
        let both = [Decay::Exponential(0.3), Decay::Exponential(0.4)];
        assert!((integral_of_decays(both, 1e9) * 0.7 - 1.0).abs() < 1e-14);
        assert_eq!(integral_of_decays(both, 0.0), 0.0);
    }

    #[test]
    fn scales_that_differ_by_any_ratio_add_no_error() {
        // 1/((1 + w/p)(1 + w/q)) = pq/(p−q) · [1/(q+w) − 1/(p+w)].
        for ratio in [1e-7, 1e-3, 0.5, 2.0, 1e4, 1e7_f64] {
            let (p, q, width) = (2.0, 2.0 * ratio, 50.0);
            let decay = |scale| Decay::Power { exponent: 1.0, scale };
            let found = integral_of_decays([decay(p), decay(q)], width);
            let exact = p * q / (p - q) * ((width / q).ln_1p() - (width / p).ln_1p());
            // The closed form cancels by at most the ratio of 50/p and 50/q at 0.5 and 2: one digit.
            assert!((found / exact - 1.0).abs() < 1e-14, "{ratio}: {found} {exact}");
        }
    }
}
