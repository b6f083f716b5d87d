//! Integrals over a stretch of a log-concave weight, several integrands at once.
//!
//! Every integral of this stage has the form ∫ w(t) g(t) dt with t = ln m and w log-concave: a
//! density of values on the logarithmic scale. Its peak is found first and the stretch cut to
//! where w is not negligible, so that neither narrow peaks nor bands a million times wider than
//! the peak are missed; then panels are halved where Gauss-Kronrod pairs disagree most.

/// ln w(t) of a log-concave weight.
///
/// ```
/// use clvcast::markov::{LogConcave, log_integral};
/// fn mass(ln_weight: impl LogConcave) -> f64 {
///     log_integral(&ln_weight, 0.0, f64::INFINITY).0.exp()
/// }
/// assert!((mass(|t| -t) - 1.0).abs() < 1e-12); // the exponential density
/// ```
pub trait LogConcave: Fn(f64) -> f64 {}
impl<F: Fn(f64) -> f64> LogConcave for F {}

/// The value of an integral and a bound on its error.
///
/// ```
/// use clvcast::markov::integrate;
/// let normal = |t: f64| -t * t / 2.0;
/// let second = integrate(&normal, f64::NEG_INFINITY, f64::INFINITY, 1, |t, out| out[0] = t * t);
/// assert!((second.means[0] - 1.0).abs() < 1e-12); // its variance
/// assert!((second.ln_mass - std::f64::consts::TAU.ln() / 2.0).abs() < 1e-12);
/// assert!(second.error < 1e-10);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Integral {
    /// ∫ w g / ∫ w, one per integrand.
    pub means: Vec<f64>,
    /// ln ∫ w.
    pub ln_mass: f64,
    /// Largest estimated error of a mean, relative to the integrand's largest size seen.
    pub error: f64,
}

/// Weights below e^−46 ≈ 1e-20 of the peak are left out: a log-concave weight falls at least
/// geometrically there, so what is left out stays below 1e-16 of the mass.
const NEGLIGIBLE: f64 = 46.0;
/// Accepted sum of the panels' errors, relative to the mass. Ten times the rounding error of a
/// few hundred panels; the disagreement of a Gauss-Kronrod pair is far above the Kronrod error.
const TOLERANCE: f64 = 2e-14;
const MAX_PANELS: usize = 4000;

/// ln ∫ w over (from, to), either of which may be infinite, with its relative error.
///
/// ```
/// use clvcast::markov::log_integral;
/// // ln ∫ e^(−t²/2) dt = ln √(2π)
/// let (ln_mass, _) = log_integral(&|t: f64| -t * t / 2.0, f64::NEG_INFINITY, f64::INFINITY);
/// assert!((ln_mass - std::f64::consts::TAU.ln() / 2.0).abs() < 1e-12);
/// ```
pub fn log_integral(ln_weight: &impl LogConcave, from: f64, to: f64) -> (f64, f64) {
    let integral = integrate(ln_weight, from, to, 0, |_, _| {});
    (integral.ln_mass, integral.error)
}

/// ∫ w g / ∫ w over (from, to) for `size` integrands, which `g` writes into its second argument.
///
/// The integrands should be of size 1, as the error bound is common to them.
///
/// ```
/// use clvcast::markov::integrate;
/// // Mean and second moment of the uniform weight on (0, 1).
/// let moments = integrate(&|_: f64| 0.0, 0.0, 1.0, 2, |t, out| {
///     out[0] = t;
///     out[1] = t * t;
/// });
/// assert!((moments.means[0] - 0.5).abs() < 1e-14);
/// assert!((moments.means[1] - 1.0 / 3.0).abs() < 1e-14);
/// ```
pub fn integrate(
    ln_weight: &impl LogConcave,
    from: f64,
    to: f64,
    size: usize,
    g: impl Fn(f64, &mut [f64]),
) -> Integral {
    let (peak, from, to) = support(ln_weight, from, to);
    let top = ln_weight(peak);
    let panel = |a: f64, b: f64| {
        Panel::new(a, b, size, &|t, out| {
            let weight = (ln_weight(t) - top).exp();
            g(t, &mut out[1..]);
            out[1..].iter_mut().for_each(|value| *value *= weight);
            out[0] = weight;
        })
    };
    // The peak is a panel edge: one-sided weights are smooth on each side of it.
    let mut panels = vec![];
    if peak > from {
        panels.push(panel(from, peak));
    }
    if to > peak {
        panels.push(panel(peak, to));
    }
    loop {
        let mass: f64 = panels.iter().map(|p| p.kronrod[0]).sum();
        let error: f64 = panels.iter().map(|p| p.error).sum();
        let worst = (0..panels.len()).max_by(|&i, &j| panels[i].error.total_cmp(&panels[j].error));
        let Some(worst) = worst.filter(|_| error > TOLERANCE * mass && panels.len() < MAX_PANELS)
        else {
            panels.sort_by(|p, q| p.a.total_cmp(&q.a));
            let sum = |i: usize| panels.iter().map(|p| p.kronrod[i]).sum::<f64>();
            return Integral {
                means: (1..=size).map(|i| sum(i) / mass).collect(),
                ln_mass: top + mass.ln(),
                error: error / mass,
            };
        };
        let Panel { a, b, .. } = panels.swap_remove(worst);
        let middle = f64::midpoint(a, b);
        if middle <= a || middle >= b {
            // Nothing is left to halve: the disagreement is rounding.
            let mut last = panel(a, b);
            last.error = 0.0;
            panels.push(last);
            continue;
        }
        panels.push(panel(a, middle));
        panels.push(panel(middle, b));
    }
}

/// The peak of a log-concave weight on (from, to), and the part of (from, to) that matters.
fn support(ln_weight: &impl LogConcave, from: f64, to: f64) -> (f64, f64, f64) {
    // Infinite ends are replaced by points from which the weight falls outwards.
    let start = if from.is_finite() { from } else { to.min(0.0) };
    let low = if from.is_finite() { from } else { outwards(ln_weight, start, -1.0) };
    let high = if to.is_finite() { to } else { outwards(ln_weight, start.max(low), 1.0) };
    let (mut a, mut b) = (low, high);
    // Golden-section search; 120 steps shrink any stretch of doubles below its resolution.
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    for _ in 0..120 {
        let (c, d) = (b - golden * (b - a), a + golden * (b - a));
        if ln_weight(c) >= ln_weight(d) { b = d } else { a = c }
    }
    let inner = f64::midpoint(a, b);
    let better = |x: f64, y: f64| if ln_weight(x) >= ln_weight(y) { x } else { y };
    let peak = better(better(inner, low), high);
    let floor = ln_weight(peak) - NEGLIGIBLE;
    let edge = |end: f64| {
        if ln_weight(end) >= floor {
            return end;
        }
        let (mut inside, mut outside) = (peak, end);
        for _ in 0..60 {
            let middle = f64::midpoint(inside, outside);
            if ln_weight(middle) >= floor { inside = middle } else { outside = middle }
        }
        outside
    };
    (peak, edge(low), edge(high))
}

/// A point in the given direction where the weight is negligible against what lies before it.
fn outwards(ln_weight: &impl LogConcave, start: f64, direction: f64) -> f64 {
    let (mut step, mut best) = (1.0, ln_weight(start));
    loop {
        let point = start + direction * step;
        let here = ln_weight(point);
        best = best.max(here);
        // Concavity: once this far below the best, it never rises again.
        if here < best - NEGLIGIBLE || step > 1e15 {
            return point;
        }
        step *= 2.0;
    }
}

struct Panel {
    a: f64,
    b: f64,
    kronrod: Vec<f64>,
    error: f64,
}

/// Nodes and weights of the 15-point Kronrod rule on (0, 1), the centre last, and the weights of
/// the 7-point Gauss rule on its odd nodes (Piessens et al. 1983, QUADPACK; checked below).
const NODES: [f64; 8] = [
    0.991_455_371_120_812_6,
    0.949_107_912_342_758_5,
    0.864_864_423_359_769_1,
    0.741_531_185_599_394_4,
    0.586_087_235_467_691_1,
    0.405_845_151_377_397_2,
    0.207_784_955_007_898_47,
    0.0,
];
const KRONROD: [f64; 8] = [
    0.022_935_322_010_529_224,
    0.063_092_092_629_978_55,
    0.104_790_010_322_250_18,
    0.140_653_259_715_525_92,
    0.169_004_726_639_267_9,
    0.190_350_578_064_785_4,
    0.204_432_940_075_298_9,
    0.209_482_141_084_727_82,
];
const GAUSS: [f64; 4] = [
    0.129_484_966_168_869_7,
    0.279_705_391_489_276_64,
    0.381_830_050_505_118_9,
    0.417_959_183_673_469_4,
];

impl Panel {
    fn new(a: f64, b: f64, size: usize, f: &impl Fn(f64, &mut [f64])) -> Self {
        let (centre, half) = (f64::midpoint(a, b), 0.5 * (b - a));
        let mut kronrod = vec![0.0; size + 1];
        let mut gauss = vec![0.0; size + 1];
        let mut values = vec![0.0; size + 1];
        for (i, &node) in NODES.iter().enumerate() {
            let both = [centre - half * node, centre + half * node];
            let points = if node == 0.0 { &both[..1] } else { &both[..] };
            for &t in points {
                f(t, &mut values);
                for (j, &value) in values.iter().enumerate() {
                    kronrod[j] += KRONROD[i] * half * value;
                    if i % 2 == 1 {
                        gauss[j] += GAUSS[i / 2] * half * value;
                    }
                }
            }
        }
        let error = kronrod.iter().zip(&gauss).map(|(k, g)| (k - g).abs()).fold(0.0, f64::max);
        // Disagreement of the pair is the error of the Gauss rule; QUADPACK's exponent 3/2 turns it
        // into a still cautious bound on the Kronrod rule's, relative to the panel's own size.
        let size = kronrod.iter().fold(0.0_f64, |m, k| m.max(k.abs()));
        let error = if size > 0.0 {
            size * (200.0 * error / size).powf(1.5).min(error / size)
        } else {
            0.0
        };
        Self { a, b, kronrod, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kronrod_is_exact_for_degree_22_and_gauss_for_degree_13() {
        for degree in 0..=22 {
            let panel = Panel::new(0.0, 1.0, 0, &|t, out| out[0] = t.powi(degree));
            let exact = 1.0 / f64::from(degree + 1);
            assert!((panel.kronrod[0] - exact).abs() < 1e-15, "degree {degree}");
            if degree <= 13 {
                assert!(panel.error < 1e-20, "degree {degree}: {}", panel.error);
            }
        }
    }

    #[test]
    fn normal_weights_of_any_width_and_place() {
        for (mean, sd) in [(0.0, 1.0), (300.0, 1e-2), (-40.0, 30.0)] {
            let ln_weight = |t: f64| -0.5 * ((t - mean) / sd).powi(2);
            let all = integrate(&ln_weight, f64::NEG_INFINITY, f64::INFINITY, 1, |t, out| {
                out[0] = (t - mean) / sd;
            });
            let exact = (sd * (2.0 * std::f64::consts::PI).sqrt()).ln();
            assert!((all.ln_mass - exact).abs() < 1e-12, "{mean} {sd}: {}", all.ln_mass - exact);
            // t carries a rounding error of 6e-14 at 300, which is 6e-12 standard deviations of 0.01.
            assert!(all.means[0].abs() < 1e-10);
            // A stretch in the far tail: E[t | t > 30 sd] of the normal law.
            let tail = integrate(&ln_weight, mean + 30.0 * sd, f64::INFINITY, 1, |t, out| {
                out[0] = (t - mean) / sd - 30.0;
            });
            // Asymptotic series of the Mills ratio at 30: 1/30 − 2/30³ + 10/30⁵ − 74/30⁷.
            let exact =
                1.0 / 30.0 - 2.0 / 30f64.powi(3) + 10.0 / 30f64.powi(5) - 74.0 / 30f64.powi(7);
            assert!((tail.means[0] - exact).abs() < 1e-9, "{}", tail.means[0]);
        }
    }
}
