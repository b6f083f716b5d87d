//! Totals of many customers without drawing each: means under every set of parameters, and the
//! covariance within a set.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::pool::{Drawing, Pool, ValueLine};
use super::random::LARGEST;
use super::sample::Sample;
use super::world::World;
use crate::forecast::{ChainSteps, FrequencyChain};
use crate::models::{Outlook, RateLaw};
use crate::panel::State;

/// What a class of customers is expected to do under each set, and how that varies by chance.
pub(super) struct ClassMoments {
    /// Expected purchases and the two parts of the amount, period after period, by set.
    expected: Vec<Vec<[f64; 3]>>,
    /// Covariance within a set of the same three, those of a period side by side.
    covariance: DMatrix<f64>,
}

/// What is expected of the coming periods of one class under one set.
pub(super) type Expected = Vec<[f64; 3]>;

/// Under the chain from that start; `None` where a variance is infinite.
pub(super) fn expected_of_chain(
    world: &World,
    steps: &[ChainSteps],
    state: &State,
) -> Option<Expected> {
    let Some(monetary) = world.monetary else {
        return Some(steps.iter().map(|step| [step.expected_purchases(), 0.0, 0.0]).collect());
    };
    let weight = monetary.form.weight(state.f1);
    let mut values = Vec::with_capacity(steps.len());
    let last = weight / world.factors.of_period(state.last_active);
    let mut value = (0.0, last, ValueLine::new(monetary.law, weight));
    for _ in steps {
        let (base, slope, line) = value;
        let mean = line.mean()?;
        let moved = (mean * (line.base + line.slope * base), mean * line.slope * slope);
        values.push(moved);
        value = (moved.0, moved.1, ValueLine::new(monetary.law, 1.0));
    }
    let of = |(step, v): (&ChainSteps, &f64)| {
        let sums = step
            .purchases
            .iter()
            .zip(&values)
            .fold((0.0, 0.0), |sums, (e, value)| (sums.0 + e * value.0, sums.1 + e * value.1));
        [step.expected_purchases(), v * sums.0, v * sums.1]
    };
    Some(steps.iter().zip(world.factors.ahead()).map(of).collect())
}

/// The chain's expectations for some starts.
pub(super) fn chain_steps(world: &World, starts: &[RateLaw]) -> Vec<Vec<ChainSteps>> {
    let ahead = world.exposures.ahead().to_vec();
    FrequencyChain::new(world.law.rate(), ahead, starts.iter().copied()).steps_of(starts)
}

/// Purchases expected under the posterior of a customer who has not left.
pub(super) fn expected_counts(world: &World, outlook: &Outlook<'_>) -> Vec<f64> {
    let there = Outlook { p_alive: 1.0, ..*outlook };
    let mut from = 0.0;
    let periods = world.timeline.horizon().iter().map(|&to| {
        let expected = there.expected(from, to);
        from = to;
        expected
    });
    periods.collect()
}

/// Under the posterior, where values weigh that much; `None` where a variance is infinite.
pub(super) fn expected_of_posterior(
    world: &World,
    counts: &[f64],
    weight: f64,
) -> Option<Expected> {
    let line = world.monetary.map(|monetary| ValueLine::new(monetary.law, weight));
    let (base, slope) = match line {
        None => (0.0, 0.0),
        Some(line) => {
            let mean = line.mean()?;
            (mean * line.base, mean * line.slope)
        }
    };
    let periods = counts.iter().zip(world.factors.ahead());
    Some(periods.map(|(f, v)| [*f, f * v * base, f * v * slope]).collect())
}

impl ClassMoments {
    pub(super) fn new(expected: Vec<Expected>, pool: &Pool, worlds: &[Drawing<'_>]) -> Self {
        let draws = pool.draws;
        let rows: Vec<&[f64]> = (0..pool.counts.len() / draws)
            .flat_map(|h| {
                [&pool.counts, &pool.base, &pool.slope].map(|of| &of[h * draws..(h + 1) * draws])
            })
            .collect();
        // Deviations from the means of the sets.
        let mut free = 0.0;
        let mut deviations: Vec<Vec<f64>> = rows.iter().map(|row| row.to_vec()).collect();
        for (_, own) in worlds.iter().filter(|(_, own)| !own.is_empty()) {
            free += own.len() as f64 - 1.0;
            for row in &mut deviations {
                let row = &mut row[own.clone()];
                let mean = row.iter().sum::<f64>() / row.len() as f64;
                for value in row {
                    *value -= mean;
                }
            }
        }
        let mut covariance = DMatrix::zeros(rows.len(), rows.len());
        for (a, one) in deviations.iter().enumerate() {
            for (b, other) in deviations.iter().enumerate().take(a + 1) {
                covariance[(a, b)] = product(one, other) / f64::max(free, 1.0);
                covariance[(b, a)] = covariance[(a, b)];
            }
        }
        Self { expected, covariance }
    }
}

/// Σ x y, in eight sums side by side: a processor adds several at a time.
fn product(one: &[f64], other: &[f64]) -> f64 {
    let (ones, rest) = one.as_chunks::<8>();
    let (others, other_rest) = other.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (x, y) in ones.iter().zip(others) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    let rest: f64 = rest.iter().zip(other_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f64>() + rest
}

/// What one customer of a class adds to totals.
pub(super) struct Member<'m> {
    /// P(has not left) by set.
    pub(super) alive: &'m [f64],
    /// A and B of its amounts by set; `None` without amounts.
    pub(super) scales: Option<&'m [(f64, f64)]>,
    /// By period what is kept of an amount, and what is lost whatever the amount; `None` where no
    /// margin is known.
    pub(super) kept: &'m [Option<(f64, f64)>],
    /// Covariance of the margins' noise by pair of periods; empty without noise.
    pub(super) noise: &'m [Vec<f64>],
    /// The periods whose margins have it.
    pub(super) noisy: &'m [bool],
}

/// Means and covariances of a total of customers.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    pub(super) members: usize,
    /// By set; purchases, amount and profit of the first period, then of the second, and so on.
    means: Vec<Vec<f64>>,
    covariance: DMatrix<f64>,
    has_amount: bool,
    /// Periods with any profit.
    has_profit: Vec<bool>,
}

impl Moments {
    pub(super) fn new(sets: usize, horizon: usize) -> Self {
        Self {
            members: 0,
            means: vec![vec![0.0; 3 * horizon]; sets],
            covariance: DMatrix::zeros(3 * horizon, 3 * horizon),
            has_amount: false,
            has_profit: vec![false; horizon],
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.members += other.members;
        for (own, other) in self.means.iter_mut().zip(&other.means) {
            for (sum, value) in own.iter_mut().zip(other) {
                *sum += value;
            }
        }
        self.covariance += &other.covariance;
        self.has_amount |= other.has_amount;
        for (own, other) in self.has_profit.iter_mut().zip(&other.has_profit) {
            *own |= other;
        }
    }

    /// Whether all numbers are.
    pub(super) fn is_finite(&self) -> bool {
        self.covariance.iter().chain(self.means.iter().flatten()).all(|value| value.is_finite())
    }

    /// Adds a customer of that class.
    ///
    /// ```text
    /// X = 1(there) · Y:   Cov X = p Cov Y + p (1 − p) E[Y] E[Y]ᵀ
    /// profit = kept · amount − lost + amount · u:   Cov(profit_h, profit_j) += E[amount_h amount_j] Cov(u_h, u_j)
    /// ```
    pub(super) fn add(&mut self, class: &ClassMoments, member: &Member<'_>) {
        self.members += 1;
        self.has_amount |= member.scales.is_some();
        let horizon = self.has_profit.len();
        let sets = class.expected.len() as f64;
        // Of a customer who is there: purchases and amount, by period, averaged over the sets.
        let mut there = vec![0.0; 2 * horizon];
        for (j, (expected, means)) in class.expected.iter().zip(&mut self.means).enumerate() {
            let alive = member.alive[j];
            let (a, b) = member.scales.map_or((0.0, 0.0), |scales| scales[j]);
            for (h, [count, base, slope]) in expected.iter().enumerate() {
                let amount = base * a + slope * b;
                there[2 * h] += count / sets;
                there[2 * h + 1] += amount / sets;
                means[3 * h] += alive * count;
                means[3 * h + 1] += alive * amount;
                if let Some((kept, lost)) = member.kept[h] {
                    means[3 * h + 2] += alive * amount * kept - lost;
                }
            }
        }
        for (has, kept) in self.has_profit.iter_mut().zip(member.kept) {
            *has |= kept.is_some();
        }
        let alive = member.alive.iter().sum::<f64>() / sets;
        let (a, b) = member.scales.map_or((0.0, 0.0), |scales| {
            let sum = scales.iter().fold((0.0, 0.0), |sum, s| (sum.0 + s.0, sum.1 + s.1));
            (sum.0 / sets, sum.1 / sets)
        });
        let kept = |h: usize| member.kept[h].map_or(0.0, |(kept, _)| kept);
        let own = &class.covariance;
        for h in 0..horizon {
            for j in 0..horizon {
                let of = |x: usize, y: usize| own[(3 * h + x, 3 * j + y)];
                let left = alive * (1.0 - alive);
                let mean = |x: usize, y: usize| there[2 * h + x] * there[2 * j + y];
                let counts = alive * of(0, 0) + left * mean(0, 0);
                let mixed = alive * (of(0, 1) * a + of(0, 2) * b) + left * mean(0, 1);
                let amounts = of(1, 1) * a * a + (of(1, 2) + of(2, 1)) * a * b + of(2, 2) * b * b;
                let second = alive * (amounts + mean(1, 1));
                let amounts = alive * amounts + left * mean(1, 1);
                let noisy = member.noisy[h] && member.noisy[j];
                let noise = if noisy { member.noise[h][j] * second } else { 0.0 };
                let total = &mut self.covariance;
                total[(3 * h, 3 * j)] += counts;
                total[(3 * h, 3 * j + 1)] += mixed;
                total[(3 * j + 1, 3 * h)] += mixed;
                total[(3 * h, 3 * j + 2)] += mixed * kept(j);
                total[(3 * j + 2, 3 * h)] += mixed * kept(j);
                total[(3 * h + 1, 3 * j + 1)] += amounts;
                total[(3 * h + 1, 3 * j + 2)] += amounts * kept(j);
                total[(3 * j + 2, 3 * h + 1)] += amounts * kept(j);
                total[(3 * h + 2, 3 * j + 2)] += amounts * kept(h) * kept(j) + noise;
            }
        }
    }

    /// Draws of the total: normal under each set, as sums of many independent customers are.
    /// Purchases are whole numbers, and like amounts not negative.
    pub(super) fn sample(
        &self,
        worlds: &[Drawing<'_>],
        draws: usize,
        rng: &mut impl Rng,
    ) -> Sample {
        let horizon = self.has_profit.len();
        let eigen = SymmetricEigen::new(self.covariance.clone());
        let roots = eigen.eigenvalues.map(|value| value.max(0.0).sqrt());
        let root = &eigen.eigenvectors * DMatrix::from_diagonal(&roots);
        let mut values = [const { Vec::new() }; 3].map(|_: Vec<f64>| vec![0.0; draws * horizon]);
        for ((_, own), means) in worlds.iter().zip(&self.means) {
            for draw in own.clone() {
                let z = DVector::from_fn(3 * horizon, |_, _| StandardNormal.sample(rng));
                let moved: DVector<f64> = &root * z;
                for h in 0..horizon {
                    let of = |target: usize| {
                        let value: f64 = means[3 * h + target] + moved[3 * h + target];
                        value.clamp(-LARGEST, LARGEST)
                    };
                    let place = h * draws + draw;
                    values[0][place] = of(0).round().max(0.0);
                    values[1][place] = of(1).max(0.0);
                    values[2][place] = of(2);
                }
            }
        }
        let [counts, amounts, profits] = values;
        let unknown: Vec<usize> = (0..horizon).filter(|&h| !self.has_profit[h]).collect();
        let amounts = self.has_amount.then_some(amounts);
        let profits = amounts.is_some().then_some(profits);
        Sample::new(draws, counts, amounts, profits).without_profit(unknown)
    }
}

/// Totals by group, as far as a block adds to them.
pub(super) type Sums = BTreeMap<usize, Moments>;

/// Adds totals to those of the same groups.
pub(super) fn merge(sums: &mut Sums, found: Sums) {
    for (group, moments) in found {
        match sums.get_mut(&group) {
            Some(sum) => sum.merge(&moments),
            None => {
                sums.insert(group, moments);
            }
        }
    }
}
