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

/// Counts up to `most` one by one. What lies above is an integral by 16-point rules in ln n, as
/// the law's tail has t/a terms, which nothing bounds: a = 1e-6 and t = 39 give a billion.
///
/// ```text
/// Σ_{n ≥ M} g(n) = ∫_{M−½}^∞ g dn + δ/24 − 17 δ³/5760 + …      (central differences at M − ½)
/// ```
///
/// The first difference left out is of order (1/width)⁵/100 of the term at M, and a law that reaches M = `most`
/// has a width of √M or more: 1e-15 of the sum at M = 4096.
pub(super) fn counts(rate: RateLaw, dropout: Dropout, t: f64, most: u32) -> Vec<Count> {
    let (first, table) = rate.pmf_table_to(t, most);
    let complete = first as usize + table.len() <= most as usize;
    let start = dropout.ln_survive(first).exp();
    let survival = dropout.after(first).survival();
    let mut counts: Vec<Count> = (first..)
        .zip(table.iter().zip(survival))
        .map(|(n, (p, stays))| Count { n: f64::from(n), weight: p * start * stays })
        .collect();
    if !complete {
        add_rest(&mut counts, rate, dropout, t, f64::from(most) + 1.0);
    }
    counts
}

/// The counts from `from` on.
fn add_rest(counts: &mut Vec<Count>, rate: RateLaw, dropout: Dropout, t: f64, from: f64) {
    /// Widest panel in ln n, and the largest change of the logarithm's parts on one.
    const WIDEST: f64 = 0.5;
    const CHANGE: f64 = 12.0;
    /// What lies below e^−50 of the largest value is left out.
    const NEGLIGIBLE: f64 = 50.0;
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
        // A law that stays at 1e-22 of nothing never rises to matter.
        if n > mean && (height < top - NEGLIGIBLE || height == f64::NEG_INFINITY) {
            return;
        }
        let leaving = n * dropout.after_real(n).mean();
        let excess = (n - mean).max(0.0) * fall;
        let panel =
            WIDEST.min(4.0 * width.hypot(n.sqrt().recip())).min(CHANGE / (leaving + excess));
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
                (counts(rate, dropout, t, 1 << 18), counts(rate, dropout, t, 4096));
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
        let total: f64 = counts(rate, Dropout::Never, 39.0, 4096).iter().map(|c| c.weight).sum();
        assert!((total - 1.0).abs() < 1e-12, "{total}");
    }
}
