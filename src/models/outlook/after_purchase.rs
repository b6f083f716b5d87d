//! A customer who may leave after each purchase (BG/NBD, MBG/NBD).

use super::super::decay::gauss;
use super::super::{Dropout, RateLaw};
use super::Outlook;
use super::counts::{Count, counts};

/// Counts taken one by one for single numbers, and for distributions, where each needs a table.
const MANY: u32 = 1 << 17;
const FEW: u32 = 1 << 12;

/// Purchase rate and readiness to leave of a customer who is alive now.
pub(super) struct AfterPurchase {
    pub(super) rate: RateLaw,
    pub(super) dropout: Dropout,
}

impl AfterPurchase {
    fn counts(&self, t: f64, most: u32) -> Vec<Count> {
        counts(self.rate, self.dropout, t, most)
    }

    /// Σ_n S_n P(N_t = n).
    pub(super) fn alive_at(&self, t: f64) -> f64 {
        self.counts(t, MANY).iter().map(|count| count.weight).sum()
    }

    /// Σ_n S_n P(N_t0 = n) P(N ≥ 1 in the window | n).
    pub(super) fn p_any(&self, t0: f64, t1: f64) -> f64 {
        let any = |n: f64| after(self.rate, n, t0).p_any(t1 - t0);
        self.counts(t0, MANY).iter().map(|count| count.weight * any(count.n)).sum()
    }

    /// E[Y(0,t1)] − E[Y(0,t0)], or where that would cancel or has too many terms
    /// ∫ E[λ; alive at y] dy.
    pub(super) fn expected(&self, t0: f64, t1: f64) -> f64 {
        /// A window with less than this share of the purchases so far loses three digits.
        const SHARE: f64 = 1e-3;
        if t1 <= t0 {
            return 0.0;
        }
        let both = self.expected_until(t1).zip(self.expected_until(t0));
        let by_terms = both.map(|(until, before)| (until - before, until));
        match by_terms {
            Some((window, until)) if window > SHARE * until => window,
            _ => self.by_time(t0, t1),
        }
    }

    /// E\[Y(0,t)\] = Σ_m P(N_t = m) Σ_{j<m} S_j, the same as Σ_n S_{n−1} P(N_t ≥ n); `None` for too
    /// many terms.
    fn expected_until(&self, t: f64) -> Option<f64> {
        let (first, table) = self.rate.pmf_table_to(t, MANY);
        if first as usize + table.len() > MANY as usize {
            return None;
        }
        let mut stays = self.dropout.survival();
        let mut kept: f64 = stays.by_ref().take(first as usize).sum();
        let mut sum = 0.0;
        for (p, stay) in table.into_iter().zip(stays) {
            sum += p * kept;
            kept += stay;
        }
        Some(sum)
    }

    /// ∫ E[λ; alive at y] dy over (t0, t1) by 16-point rules in ln(c + y), c the smaller of the
    /// law's scale and the mean time between purchases.
    fn by_time(&self, t0: f64, t1: f64) -> f64 {
        /// Widest panel in the logarithm, and the largest ratio of the integrand on one.
        const WIDEST: f64 = 0.5;
        const RATIO: f64 = 50.0;
        let gap = 1.0 / self.rate.mean();
        let scale = match self.rate {
            RateLaw::Gamma { rate, .. } => gap.min(rate),
            RateLaw::Equal(_) => gap,
        };
        let from = scale + t0;
        let time = |u: f64| t0 + from * u.exp_m1();
        let height = |u: f64| self.alive_rate(time(u));
        let end = ((t1 - t0) / from).ln_1p();
        let mut panels = vec![(0.0, height(0.0), end, height(end))];
        let mut sum = 0.0;
        while let Some((left, high, right, low)) = panels.pop() {
            let middle = f64::midpoint(left, right);
            let steep = high > RATIO * low && high > f64::MIN_POSITIVE;
            if (right - left > WIDEST || steep) && left < middle && middle < right {
                let between = height(middle);
                panels.push((left, high, middle, between));
                panels.push((middle, between, right, low));
                continue;
            }
            sum += gauss(left, right)
                .map(|(u, weight)| weight * height(u) * from * u.exp())
                .sum::<f64>();
        }
        sum
    }

    /// E[λ; alive at y] = Σ_n S_n P(N_y = n) (b+n)/(a+y).
    fn alive_rate(&self, y: f64) -> f64 {
        let mean = |n: f64| after(self.rate, n, y).mean();
        self.counts(y, FEW).iter().map(|count| count.weight * mean(count.n)).sum()
    }

    /// For those alive at t0, by the count n until then: the n-th purchase in the window is made
    /// and survived with nothing after it, or left at.
    ///
    /// ```text
    /// P(Y = y) = S_y P(N = y) + (S_{y−1} − S_y) P(N ≥ y),   P(Y = 0) = P(N = 0)
    /// ```
    pub(super) fn pmf(&self, t0: f64, t1: f64) -> Vec<f64> {
        /// Weights whose sum cannot reach 1e-14.
        const NOTHING: f64 = 1e-19;
        let mut pmf = vec![];
        for Count { n, weight } in self.counts(t0, FEW) {
            if weight.abs() > NOTHING {
                let (rate, dropout) = (after(self.rate, n, t0), self.dropout.after_real(n));
                add_pmf(&mut pmf, rate, dropout, t1 - t0, weight);
            }
        }
        pmf
    }
}

/// Adds weight · P(Y = y) for a window that begins now.
fn add_pmf(pmf: &mut Vec<f64>, rate: RateLaw, dropout: Dropout, t: f64, weight: f64) {
    let (first, table) = rate.pmf_table_to(t, Outlook::MOST_COUNTS);
    let first = first as usize;
    let end = first + table.len();
    if pmf.len() < end {
        pmf.resize(end, 0.0);
    }
    // P(N ≥ y) from the far end, so that small tails keep their digits.
    let beyond = if end > Outlook::MOST_COUNTS as usize {
        rate.at_least(Outlook::MOST_COUNTS + 1, t)
    } else {
        0.0
    };
    let mut tails = table.clone();
    let mut tail = beyond;
    for sum in tails.iter_mut().rev() {
        tail += *sum;
        *sum = tail;
    }
    let mut law = dropout;
    let mut stays = weight;
    for (y, sum) in pmf[..end].iter_mut().enumerate() {
        let (p, at_least) =
            if y < first { (0.0, tail) } else { (table[y - first], tails[y - first]) };
        if y > 0 {
            *sum += stays * law.mean() * at_least;
            stays *= law.stay();
            law = law.after(1);
        }
        *sum += stays * p;
    }
}

/// What is known of the rate after n purchases in t periods, n between whole counts, too.
fn after(law: RateLaw, n: f64, t: f64) -> RateLaw {
    match law {
        RateLaw::Gamma { shape, rate } => RateLaw::Gamma { shape: shape + n, rate: rate + t },
        RateLaw::Equal(_) => law,
    }
}
