//! Quantiles of the customers of one class, from the futures that they share.

use super::mixture::Ascending;
use super::pool::{Drawing, Pool};
use super::quantile::place;
use super::random::LARGEST;
use crate::value::PeriodMoney;

/// The places of a customer's quantiles: by target, window and level.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) horizon: usize,
    /// Levels by target and window, at which quantiles are read.
    pub(super) levels: Vec<Vec<f64>>,
    /// Weights 1/(1+d)^h of the money totals, by period.
    pub(super) discounts: Vec<f64>,
    /// Whether customers may have left, so that any draw may be read.
    pub(super) leaves: bool,
}

impl Layout {
    /// Quantiles of one customer.
    pub(super) fn stride(&self) -> usize {
        self.levels.iter().map(Vec::len).sum()
    }

    fn windows(&self) -> usize {
        self.horizon + 1
    }

    /// The places of a window's draws that are read; `None` where any may be.
    fn places(&self, window: usize, draws: usize) -> Option<Vec<usize>> {
        let own = self.levels.iter().skip(window).step_by(self.windows()).flatten();
        let places = own.map(|&level| place(draws, level).min(draws - 1));
        (!self.leaves).then(|| places.collect())
    }

    /// The draws of every window, which are not negative, in order; totals with those weights.
    pub(super) fn in_order(
        &self,
        periods: &[f64],
        draws: usize,
        weights: &[f64],
    ) -> Vec<Ascending> {
        let all = total(periods, draws, weights);
        let windows = periods.chunks(draws).chain([&all[..]]).enumerate();
        let of = |(window, values): (usize, &[f64])| {
            Ascending::of_positive(values, self.places(window, draws).as_deref())
        };
        windows.map(of).collect()
    }
}

/// What one customer has in place of 1 in the futures of its class.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scales {
    /// A = 1, and this B under every set.
    One(f64),
    /// A and B by set.
    Each(Vec<(f64, f64)>),
}

impl Scales {
    /// A and B by set, of so many.
    pub(super) fn by_set(&self, sets: usize) -> Vec<(f64, f64)> {
        match self {
            Self::One(b) => vec![(1.0, *b); sets],
            Self::Each(scales) => scales.clone(),
        }
    }
}

/// Futures of one class, ready for its customers.
pub(super) struct Tables<'c> {
    layout: &'c Layout,
    worlds: &'c [Drawing<'c>],
    pool: &'c Pool,
    /// By how much margins are off, period after period; empty without noise.
    noise: &'c [f64],
    /// Sorted purchases by window.
    counts: &'c [Ascending],
    /// Sorted amounts by node and window: of a customer with B/(B + k) = node/last, over B + k.
    nodes: Vec<Option<Vec<Ascending>>>,
    /// The k that B is compared with.
    k: f64,
}

/// Sums over the periods, with those weights.
fn total(periods: &[f64], draws: usize, weights: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; draws];
    for (period, weight) in periods.chunks(draws).zip(weights) {
        for (sum, value) in sums.iter_mut().zip(period) {
            *sum += weight * value;
        }
    }
    sums
}

/// Where a customer's amounts are read.
enum Amounts<'t> {
    /// Between two nodes: the share of the way, and the factor of both.
    Between(&'t [Ascending], &'t [Ascending], f64, f64),
    /// Its own, sorted.
    Own(Vec<Ascending>),
}

impl Amounts<'_> {
    /// `factor` times the quantile of the amount in a window, or that of −amount where it is
    /// negative.
    fn quantile(&self, window: usize, alive: f64, level: f64, factor: f64) -> f64 {
        let of = |draws: &Ascending| {
            if factor < 0.0 {
                draws.quantile_of_negative(alive, 0.0, level)
            } else {
                draws.quantile(alive, 0.0, level)
            }
        };
        let value = match self {
            Self::Own(own) => of(&own[window]),
            Self::Between(below, above, share, scale) => {
                let low = of(&below[window]);
                scale * (low + share * (of(&above[window]) - low))
            }
        };
        factor.abs() * value.clamp(-LARGEST, LARGEST)
    }
}

impl<'c> Tables<'c> {
    /// Tables with the nodes that customers of these B lie between, of `steps` steps.
    pub(super) fn new(
        layout: &'c Layout,
        worlds: &'c [Drawing<'c>],
        (pool, counts, noise): (&'c Pool, &'c [Ascending], &'c [f64]),
        (k, steps): (f64, usize),
        ones: impl Iterator<Item = f64>,
    ) -> Self {
        let nodes = vec![None; steps + 1];
        let mut tables = Self { layout, worlds, pool, noise, counts, nodes, k };
        for b in ones {
            let (node, _) = tables.place(b);
            for node in [node, node + 1] {
                if tables.nodes[node].is_none() {
                    let share = node as f64 / steps as f64;
                    let values = pool.base.iter().zip(&pool.slope);
                    let values: Vec<f64> = values
                        .map(|(base, slope)| {
                            (base / k * (1.0 - share) + slope * share).min(LARGEST)
                        })
                        .collect();
                    tables.nodes[node] =
                        Some(layout.in_order(&values, pool.draws, &layout.discounts));
                }
            }
        }
        tables
    }

    /// The node below B, and the share of the way to the next.
    fn place(&self, b: f64) -> (usize, f64) {
        let steps = self.nodes.len() - 1;
        let at = b / (b + self.k) * steps as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let node = (at as usize).min(steps - 1);
        (node, at - node as f64)
    }

    /// Amounts of all draws, period after period.
    fn own(&self, scales: &Scales) -> Vec<f64> {
        let (base, slope) = (&self.pool.base, &self.pool.slope);
        let mut amounts = vec![0.0; base.len()];
        for (set, (_, draws)) in self.worlds.iter().enumerate() {
            let (a, b) = match scales {
                Scales::One(b) => (1.0, *b),
                Scales::Each(scales) => scales[set],
            };
            for from in (0..base.len()).step_by(self.pool.draws) {
                for place in from + draws.start..from + draws.end {
                    amounts[place] = (base[place] * a + slope[place] * b).min(LARGEST);
                }
            }
        }
        amounts
    }

    /// Writes the quantiles of one customer: not a number where there is none.
    pub(super) fn write(
        &self,
        out: &mut [f64],
        alive: f64,
        scales: Option<&Scales>,
        money: &[PeriodMoney],
    ) {
        let windows = self.layout.windows();
        let (counts, rest) = self.layout.levels.split_at(windows);
        let (amounts, profits) = rest.split_at(windows);
        let mut out = out.iter_mut();
        let mut put = |levels: &[f64], of: &dyn Fn(f64) -> f64| {
            for (&level, slot) in levels.iter().zip(out.by_ref()) {
                *slot = of(level);
            }
        };
        for (levels, draws) in counts.iter().zip(self.counts) {
            put(levels, &|level| draws.quantile(alive, 0.0, level));
        }
        let Some(scales) = scales else { return };
        // Where profit is no multiple of the amount, every draw is needed.
        let kept: Vec<Option<f64>> = money.iter().map(|m| self.multiple(m)).collect();
        let all = kept.iter().all(|own| own.is_some() && *own == kept[0]).then(|| kept[0]);
        let kept: Vec<Option<f64>> = kept.into_iter().chain([all.flatten()]).collect();
        let unknown: Vec<bool> = money.iter().map(|m| m.kept().is_none()).collect();
        let missing = |window: usize| match unknown.get(window) {
            Some(unknown) => *unknown,
            None => unknown.contains(&true),
        };
        let by_draw = (0..windows).any(|window| kept[window].is_none() && !missing(window));
        let own = (by_draw || matches!(scales, Scales::Each(_))).then(|| self.own(scales));
        let read = match (scales, &own) {
            (Scales::One(b), _) => {
                let (node, share) = self.place(*b);
                match (&self.nodes[node], &self.nodes[node + 1]) {
                    (Some(below), Some(above)) => Amounts::Between(below, above, share, b + self.k),
                    _ => return,
                }
            }
            (Scales::Each(_), Some(own)) => {
                Amounts::Own(self.layout.in_order(own, self.pool.draws, &self.layout.discounts))
            }
            (Scales::Each(_), None) => return,
        };
        for (window, levels) in amounts.iter().enumerate() {
            put(levels, &|level| read.quantile(window, alive, level, 1.0));
        }
        let profit = own.filter(|_| by_draw).map(|own| self.profits(&own, money));
        let left = self.left(money);
        for (window, levels) in profits.iter().enumerate() {
            match (kept[window], &profit) {
                _ if missing(window) => put(levels, &|_| f64::NAN),
                (Some(kept), _) => put(levels, &|level| read.quantile(window, alive, level, kept)),
                (None, Some(profit)) => {
                    put(levels, &|level| profit[window].quantile(alive, left[window], level));
                }
                (None, None) => put(levels, &|_| f64::NAN),
            }
        }
    }

    /// The share of the amount that is the profit, where it is one.
    fn multiple(&self, money: &PeriodMoney) -> Option<f64> {
        let noisy = !self.noise.is_empty() && money.is_noisy();
        let (kept, lost) = money.kept()?;
        (!noisy && !money.has_floor() && lost == 0.0).then_some(kept)
    }

    /// Profits by window in ascending order.
    fn profits(&self, amounts: &[f64], money: &[PeriodMoney]) -> Vec<Ascending> {
        let mut noise = self.noise.iter().copied().chain(std::iter::repeat(0.0));
        let mut profits = Vec::with_capacity(amounts.len());
        for (amounts, money) in amounts.chunks(self.pool.draws).zip(money) {
            let of = |(&amount, noise)| money.gross_profit(amount, noise).unwrap_or(0.0);
            profits.extend(amounts.iter().zip(noise.by_ref()).map(of));
        }
        let draws = self.pool.draws;
        let all = total(&profits, draws, &self.layout.discounts);
        let windows = profits.chunks(draws).map(<[f64]>::to_vec).chain([all]);
        let of =
            |(window, values)| Ascending::of(values, self.layout.places(window, draws).as_deref());
        windows.enumerate().map(of).collect()
    }

    /// Profit by window of a customer who has left.
    fn left(&self, money: &[PeriodMoney]) -> Vec<f64> {
        let mut left: Vec<f64> =
            money.iter().map(|m| m.gross_profit(0.0, 0.0).unwrap_or(0.0)).collect();
        let all = left.iter().zip(&self.layout.discounts).map(|(value, weight)| value * weight);
        left.push(all.sum());
        left
    }

    /// By how much the floor of the expense lifts it on average, by period, of a customer who has
    /// not left.
    pub(super) fn lifted(&self, scales: &Scales, money: &[PeriodMoney]) -> Vec<f64> {
        if !money.iter().any(PeriodMoney::has_floor) {
            return vec![0.0; money.len()];
        }
        let own = self.own(scales);
        let mean = |(amounts, money): (&[f64], &PeriodMoney)| {
            let Some((kept, lost)) = money.kept() else { return 0.0 };
            let line = |amount: f64| amount * kept - lost;
            let lift = |amount: &f64| {
                line(*amount) - money.gross_profit(*amount, 0.0).unwrap_or_else(|| line(*amount))
            };
            amounts.iter().map(lift).sum::<f64>() / amounts.len() as f64
        };
        own.chunks(self.pool.draws).zip(money).map(mean).collect()
    }
}
