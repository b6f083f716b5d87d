//! Sums over purchase counts that may be thousands or billions.

use super::super::decay::gauss;
use super::super::special::{ln_beta_front, ln_poisson};
use super::super::{Dropout, RateLaw};

/// A count with the weight P(N_t = n) · P(stays at n opportunities): for smooth g, the sum of
/// weight · g(n) is E\[g(N_t); stays\].
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    pub(super) n: f64,
    pub(super) weight: f64,
}

/// How finely counts are taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// Counts up to this one are taken one by one.
    pub(super) most: u32,
    /// Whether g changes within √n counts, as a distribution given n does.
    pub(super) fine: bool,
    /// Counts above do not matter to g.
    pub(super) until: f64,
}

/// Counts up to `grid.most` one by one. What lies above is an integral by 16-point rules in ln n, as
/// the law's tail has t/a terms, which nothing bounds: a = 1e-6 and t = 39 give a billion.
///
/// ```text
/// Σ_{n ≥ M} g(n) = ∫_{M−½}^∞ g dn + δ/24 − 17 δ³/5760 + …      (central differences at M − ½)
/// ```
///
/// The first difference left out is 367 δ⁵/967680, at most 2e-3/width⁵ of the term at M, and a law
/// that reaches M = `most` has a width of √M or more: 1e-14 of the sum at M = 4096.
pub(super) fn counts(rate: RateLaw, dropout: Dropout, t: f64, grid: Grid) -> Vec<Count> {
    let (first, table) = rate.pmf_table_to(t, grid.most);
    let complete = first as usize + table.len() <= grid.most as usize;
    let start = dropout.ln_survive(first).exp();
    let survival = dropout.after(first).survival();
    let mut counts: Vec<Count> = (first..)
        .zip(table.iter().zip(survival))
        .map(|(n, (p, stays))| Count { n: f64::from(n), weight: p * start * stays })
        .collect();
    if !complete {
        add_rest(&mut counts, rate, dropout, t, grid);
    }
    counts
}

/// The counts above `grid.most`.
fn add_rest(counts: &mut Vec<Count>, rate: RateLaw, dropout: Dropout, t: f64, grid: Grid) {
    /// Widest panel in ln n, and the largest change of the logarithm's parts on one.
    const WIDEST: f64 = 0.5;
    const CHANGE: f64 = 12.0;
    /// What lies below e^−50 of the largest value is left out.
    const NEGLIGIBLE: f64 = 50.0;
    let from = f64::from(grid.most) + 1.0;
    let ln = |n: f64| ln_pmf_real(rate, n, t) + dropout.ln_survive_real(n);
    for (shift, weight) in [(-2.0, 17.0), (-1.0, -240.0 - 51.0), (0.0, 240.0 + 51.0), (1.0, -17.0)]
    {
        let n = from + shift;
        counts.push(Count { n, weight: weight / 5760.0 * ln(n).exp() });
    }
    // Near the mode the law is normal with this relative width; beyond, it falls by so much per
    // count.
    let (width, fall) = match rate {
        RateLaw::Gamma { shape, rate } => (shape.max(1.0).sqrt().recip(), (rate / t).ln_1p()),
        RateLaw::Equal(rate) => ((rate * t).sqrt().recip(), (rate * t).recip()),
    };
    let mean = rate.mean() * t;
    let mut v = (from - 0.5).ln();
    let mut top = f64::NEG_INFINITY;
    loop {
        let n = v.exp();
        let height = ln(n) + v;
        top = top.max(height);
        // Beyond the mean the law falls, at last geometrically.
        let over = height < top - NEGLIGIBLE || height == f64::NEG_INFINITY;
        if n > grid.until || (n > mean && over) {
            return;
        }
        let leaving = n * dropout.after_real(n).mean();
        let excess = (n - mean).max(0.0) * fall;
        // Four deviations of what is normal near its peak: the law, and g given n.
        let root = n.sqrt().recip();
        let peak = 4.0 * if grid.fine { root } else { width.hypot(root) };
        let panel = WIDEST.min(peak).min(CHANGE / (leaving + excess));
        for (v, weight) in gauss(v, v + panel) {
            let n = v.exp();
            counts.push(Count { n, weight: weight * (ln(n) + v).exp() });
        }
        v += panel;
    }
}

/// [`RateLaw::ln_pmf`] with the gamma functions between whole counts, for x > 0 and t > 0.
fn ln_pmf_real(law: RateLaw, x: f64, t: f64) -> f64 {
    match law {
        RateLaw::Gamma { shape, rate } => {
            ln_beta_front(x, shape, t / (rate + t), rate / (rate + t)) - x.ln()
        }
        RateLaw::Equal(rate) => ln_poisson(x, rate * t),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(most: u32) -> Grid {
        Grid { most, fine: false, until: f64::INFINITY }
    }

    #[test]
    fn a_sum_by_integral_agrees_with_the_sum_by_terms() {
        let dropout = Dropout::Beta { a: 0.8, b: 2.4 };
        for (rate, t) in [
            (RateLaw::nbd(0.01, 0.3).unwrap(), 39.0),
            (RateLaw::nbd(0.5, 40.0).unwrap(), 100.0),
            (RateLaw::nbd(40.0, 5000.0).unwrap(), 38.0),
            (RateLaw::poisson(150.0).unwrap(), 39.0),
        ] {
            let (terms, nodes) =
                (counts(rate, dropout, t, grid(1 << 18)), counts(rate, dropout, t, grid(4096)));
            for g in [|_: f64| 1.0, |n: f64| n + 3.0, |n: f64| (-n / 5000.0).exp()] {
                let sum = |counts: &[Count]| counts.iter().map(|c| c.weight * g(c.n)).sum::<f64>();
                let (exact, found) = (sum(&terms), sum(&nodes));
                // A table of 1e5 terms by recurrence rounds as often.
                assert!((found / exact - 1.0).abs() < 1e-12, "{rate:?}: {found} {exact}");
            }
            assert!(nodes.len() < 8192);
        }
    }

    #[test]
    fn a_law_with_a_billion_terms_is_summed() {
        let rate = RateLaw::nbd(1e-7, 0.2).unwrap();
        let counts = counts(rate, Dropout::Never, 39.0, grid(4096));
        let total: f64 = counts.iter().map(|c| c.weight).sum();
        assert!((total - 1.0).abs() < 1e-12, "{total}");
    }
}
