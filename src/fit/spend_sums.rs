//! Sums over the customers' values, block by block.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::spend_data::{GammaGammaData, spread_around};
use super::spend_points::points;

/// Customers per parallel block; blocks are added in order, so that the sums do not depend on the
/// number of threads.
pub(super) const BLOCK: usize = 4096;

/// Values that agree to this share are the same amount: a float quotient of exact money differs
/// by a few units in the last place, real prices by far more.
const SAME_VALUE: f64 = 1e-12;

/// What is known of some customers.
#[derive(Default)]
pub(super) struct SpendSums {
    /// F and S of each.
    totals: Vec<(f64, f64)>,
    of_total: Tally,
    of_weight: Tally,
    spread: f64,
    logs: f64,
    /// Σ (ln m − the customer's mean)², and Σ (number of values − 1).
    within: (f64, f64),
    /// Σ over customers of the mean ln m, and of its squared deviation from the mean over them.
    mean_logs: (f64, f64),
    spread_within: bool,
    range: Option<(f64, f64)>,
    /// Room for ln m.
    room: Vec<f64>,
}

impl SpendSums {
    /// Adds a customer with these (f, m).
    pub(super) fn add(&mut self, values: &[(f64, f64)]) {
        if values.is_empty() {
            return;
        }
        let (mut total, mut sum, mut logs) = (0.0, 0.0, 0.0);
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        self.room.clear();
        for &(f, m) in values {
            let log = m.ln();
            self.room.push(log);
            total += f;
            sum += f * m;
            logs += log;
            self.of_weight.add(f);
            (low, high) = (low.min(m), high.max(m));
        }
        let h = values.len() as f64;
        let mean = logs / h;
        self.within.0 += self.room.iter().map(|log| (log - mean).powi(2)).sum::<f64>();
        self.within.1 += h - 1.0;
        self.merge_means((mean, 0.0), 1.0);
        self.spread += spread_around(sum / total, values);
        self.spread_within |= high > low * (1.0 + SAME_VALUE);
        self.widen(low, high);
        self.logs += logs;
        self.totals.push((total, sum));
        self.of_total.add(total);
    }

    /// Adds `n` more customers by the sum of their means and of the squared deviations (Chan, Golub
    /// & LeVeque 1983); before they are counted.
    fn merge_means(&mut self, (sum, squares): (f64, f64), n: f64) {
        let before = self.totals.len() as f64;
        if before > 0.0 {
            let apart = sum / n - self.mean_logs.0 / before;
            self.mean_logs.1 += apart * apart * n * before / (n + before);
        }
        self.mean_logs.0 += sum;
        self.mean_logs.1 += squares;
    }

    fn widen(&mut self, low: f64, high: f64) {
        let (l, u) = self.range.unwrap_or((low, high));
        self.range = Some((l.min(low), u.max(high)));
    }

    /// Blocks one after the other.
    pub(super) fn merged(blocks: Vec<Self>) -> Self {
        let mut all = Self::default();
        all.totals.reserve_exact(blocks.iter().map(|block| block.totals.len()).sum());
        for block in blocks {
            let Some((low, high)) = block.range else { continue };
            all.merge_means(block.mean_logs, block.totals.len() as f64);
            all.totals.extend_from_slice(&block.totals);
            all.of_total.merge(&block.of_total);
            all.of_weight.merge(&block.of_weight);
            all.spread += block.spread;
            all.logs += block.logs;
            all.within.0 += block.within.0;
            all.within.1 += block.within.1;
            all.spread_within |= block.spread_within;
            all.widen(low, high);
        }
        all
    }

    /// What the likelihoods need.
    pub(super) fn data(self) -> GammaGammaData {
        let totals = self.totals;
        let grand = totals.iter().fold((0.0, 0.0), |(f, s), &(fi, si)| (f + fi, s + si));
        let overall = grand.1 / grand.0;
        // A customer's mean counts as one value of its weight.
        let of_means: Vec<(f64, f64, f64)> = totals
            .par_chunks(BLOCK)
            .map(|block| {
                let mut sums = (0.0, 0.0, 0.0);
                for &(f, s) in block {
                    let mean = s / f;
                    sums.0 += mean.ln();
                    sums.1 += 1.0 / mean;
                    sums.2 += spread_around(overall, &[(f, mean)]);
                }
                sums
            })
            .collect();
        let of_means = of_means
            .iter()
            .fold((0.0, 0.0, 0.0), |a, block| (a.0 + block.0, a.1 + block.1, a.2 + block.2));
        let n = totals.len().max(1) as f64;
        GammaGammaData {
            customers: totals.len() as u64,
            grand_totals: grand,
            points: points(&totals),
            of_total: self.of_total.sorted(),
            of_weight: self.of_weight.sorted(),
            spread: self.spread,
            overall_spread: self.spread + of_means.2,
            logs: self.logs,
            of_means: (of_means.0, of_means.1),
            within: (self.within.1 > 0.0).then(|| self.within.0 / self.within.1),
            between: (self.mean_logs.0 / n, self.mean_logs.1 / n),
            spread_within: self.spread_within,
            spread_between: self.range.is_some_and(|(l, u)| u > l * (1.0 + SAME_VALUE)),
        }
    }
}

/// How often each number occurs. Nearly all are small whole ones, purchases of a period or periods
/// of a customer, and are counted by their place.
#[derive(Default)]
struct Tally {
    small: Vec<u64>,
    /// By the bits of the number, which order positive ones.
    others: BTreeMap<u64, u64>,
}

impl Tally {
    const SMALL: f64 = 256.0;

    fn add(&mut self, number: f64) {
        if (0.0..Self::SMALL).contains(&number) && number.fract() == 0.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
            let place = number as usize;
            self.resize(place + 1);
            self.small[place] += 1;
        } else {
            *self.others.entry(number.to_bits()).or_default() += 1;
        }
    }

    fn resize(&mut self, places: usize) {
        if self.small.len() < places {
            self.small.resize(places, 0);
        }
    }

    fn merge(&mut self, more: &Self) {
        self.resize(more.small.len());
        for (n, more) in self.small.iter_mut().zip(&more.small) {
            *n += more;
        }
        for (&number, n) in &more.others {
            *self.others.entry(number).or_default() += n;
        }
    }

    /// Numbers with their counts, ascending.
    fn sorted(&self) -> Vec<(f64, f64)> {
        let small = self.small.iter().enumerate().filter(|(_, n)| **n > 0);
        let small = small.map(|(number, &n)| (number as f64, n as f64));
        let others = self.others.iter().map(|(&bits, &n)| (f64::from_bits(bits), n as f64));
        let mut all: Vec<(f64, f64)> = small.chain(others).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_add_up_to_the_whole() {
        let values = |i: u32| {
            let m = |j: u32| (f64::from(1 + j % 3), 5.0 + f64::from((7 * i + 3 * j) % 11));
            (0..i % 4).map(m).collect::<Vec<_>>()
        };
        let sums = |range: std::ops::Range<u32>| {
            let mut sums = SpendSums::default();
            range.for_each(|i| sums.add(&values(i)));
            sums
        };
        let whole = sums(0..60).data();
        let parts = SpendSums::merged(vec![sums(0..1), sums(1..17), sums(17..60)]).data();
        assert_eq!((whole.customers, &whole.of_total), (45, &parts.of_total));
        assert_eq!(whole.of_weight, parts.of_weight);
        // Sums of 45 terms in another order.
        for (a, b) in [
            (whole.spread, parts.spread),
            (whole.logs, parts.logs),
            (whole.between.0, parts.between.0),
            (whole.between.1, parts.between.1),
            (whole.within.unwrap(), parts.within.unwrap()),
        ] {
            assert!((a / b - 1.0).abs() < 1e-14, "{a} {b}");
        }
    }

    #[test]
    fn a_tally_counts_any_number() {
        let mut tally = Tally::default();
        for number in [3.0, 1e9, 0.5, 3.0, 255.0] {
            tally.add(number);
        }
        assert_eq!(tally.sorted(), [(0.5, 1.0), (3.0, 2.0), (255.0, 1.0), (1e9, 1.0)]);
    }
}
