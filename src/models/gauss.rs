//! Gauss–Legendre rules.

use std::f64::consts::PI;

/// Nodes in (0, 1) with weights that add up to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule(pub(crate) Vec<(f64, f64)>);

impl Rule {
    /// Nodes and weights on (from, to).
    pub(crate) fn on(&self, from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
        let width = to - from;
        self.0.iter().map(move |(z, weight)| (from + width * z, width * weight))
    }

    /// The rule of n nodes: roots of the Legendre polynomial by Newton's method (DLMF 3.5.17 and
    /// 18.9.1 for the recurrence).
    pub(crate) fn new(n: u32) -> Self {
        let nodes = (0..n).map(|i| {
            let mut z = (PI * (f64::from(i) + 0.75) / (f64::from(n) + 0.5)).cos();
            let mut slope = 1.0;
            // Quadratic from three digits: five steps pass double precision.
            for _ in 0..8 {
                let (value, derivative) = legendre(n, z);
                slope = derivative;
                z -= value / derivative;
            }
            (f64::midpoint(1.0, z), 1.0 / ((1.0 - z * z) * slope * slope))
        });
        Self(nodes.collect())
    }
}

/// P_n(z) and its derivative.
fn legendre(n: u32, z: f64) -> (f64, f64) {
    let (mut before, mut value) = (0.0, 1.0);
    for j in 0..n {
        let j = f64::from(j);
        (before, value) = (value, ((2.0 * j + 1.0) * z * value - j * before) / (j + 1.0));
    }
    (value, f64::from(n) * (z * value - before) / (z * z - 1.0))
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn rules_integrate_polynomials_exactly() {
        for n in [4, 8, 16] {
            let rule = Rule::new(n);
            for degree in 0..2 * n {
                let sum: f64 = rule.0.iter().map(|(z, w)| w * z.powf(f64::from(degree))).sum();
                assert!((sum * f64::from(degree + 1) - 1.0).abs() < 1e-14, "{n} {degree}: {sum}");
            }
        }
    }
}
