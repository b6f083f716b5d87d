//! Quantiles of a large base: futures drawn once for all customers who share their law.

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::classes::{Kind, kinds};
use super::intervals::{Found, NOWHERE};
use super::moments::{
    ClassMoments, Expected, Member, Moments, Sums, chain_steps, expected_counts, expected_of_chain,
    expected_of_posterior, merge,
};
use super::pool::{Drawing, Pool, ValueLine};
use super::predictor::Predictor;
use super::sample::Sample;
use super::tables::{Layout, Scales, Tables};
use crate::fit::Form;
use crate::forecast::{ChainSteps, Method};
use crate::models::RateLaw;
use crate::panel::Panel;
use crate::value::PeriodMoney;

/// Fewest customers whose total is taken for normal: with a skewness γ of each, the 5 and 95 % of a
/// sum of n lie γ (1.645² − 1)/(6 √n) standard deviations beside (Cornish & Fisher), 0.05 of them for
/// n = 1 000 and γ = 5. By chance alone those of 1 000 draws lie 0.07 beside.
const NORMAL: usize = 1000;

/// Steps between the nodes of a table. Under the chain a value may move several times, and the
/// amount over B + k depends on t = B/(B + k). Of two independent parts with one standard deviation
/// σ, the 5 % bend with t by no more than 1.645 · 2.83 σ, so that lines over a 16th are off by
/// 0.0023 σ, a twentieth of the error of 1 000 draws. Under the posterior the amount depends on t
/// only because k differs between the sets, each draw by a line: quantiles bend with the square of
/// these differences.
const CHAIN_STEPS: usize = 16;
const POSTERIOR_STEPS: usize = 1;

/// Kinds of customers that one thread works on before their totals are added to those of others:
/// sums do not depend on the number of threads.
const BLOCK: usize = 8;
/// Blocks whose totals wait for each other.
const WAVE: usize = 64;
/// Customers of one class that a thread reads at a time.
const CHUNK: usize = 512;

/// Streams of random numbers: those of kinds, of classes and of totals.
const KIND: u64 = 1;
const CLASS: u64 = 2;
const TOTAL: u64 = 3;

/// How the futures of a base are shared.
pub(super) struct Shared<'p, 'a> {
    predictor: &'p Predictor<'a>,
    panel: &'a Panel,
    worlds: Vec<Drawing<'p>>,
    method: Method,
    form: Option<Form>,
    kinds: Vec<Kind>,
    layout: Layout,
    /// Covariance of the margins' noise by pair of periods, and its mean.
    noise: (Vec<Vec<f64>>, f64),
    /// Whether the values of customers differ by more than one number.
    by_set: bool,
}

impl<'p, 'a> Shared<'p, 'a> {
    /// `None` where the members of an average share nothing.
    pub(super) fn new(predictor: &'p Predictor<'a>, levels: Vec<Vec<f64>>) -> Option<Self> {
        let panel = predictor.panel;
        let (world, method, _) = predictor.worlds.first()?;
        let form = world.monetary.map(|monetary| monetary.form);
        let alike = |(world, own, _): &(super::world::World, Method, _)| {
            own == method && world.monetary.map(|monetary| monetary.form) == form
        };
        if !predictor.worlds.iter().all(alike) {
            return None;
        }
        let kinds = kinds(panel, *method, form);
        let worlds = predictor.worlds.iter();
        let worlds: Vec<Drawing<'p>> =
            worlds.map(|(world, _, draws)| (world, draws.clone())).collect();
        let chain = *method == Method::Chain;
        let leaves = !chain && worlds.iter().any(|(world, _)| !world.law.stays());
        let by_set = worlds.iter().any(|(world, _)| {
            let depends = world.monetary.is_some_and(|monetary| monetary.dependence.is_some());
            depends || !chain && world.factors.has_calendar()
        });
        let horizon = predictor.horizon();
        let mut factor = 1.0;
        let discounts = (0..horizon).map(|_| {
            factor /= 1.0 + predictor.discount;
            factor
        });
        let layout = Layout { horizon, levels, discounts: discounts.collect(), leaves };
        let noise = predictor.money.noise_moments(horizon);
        Some(Self { predictor, panel, worlds, method: *method, form, kinds, layout, noise, by_set })
    }

    fn rng(&self, seed: u64, name: &[u8]) -> ChaCha8Rng {
        let mut rng = self.predictor.rng.clone();
        rng.set_stream(crate::ledger::hash(seed, name));
        rng
    }

    /// Quantiles of all customers, and draws of their groups; `None` where a variance is infinite,
    /// so that totals are not normal.
    pub(super) fn find(
        &self,
        groups_of: &(impl Fn(usize) -> Vec<usize> + Sync),
        groups: usize,
    ) -> Option<Found> {
        let customers = self.panel.customers.len();
        let stride = self.layout.stride();
        let mut rows = vec![NOWHERE; customers];
        let members = self.kinds.iter().flat_map(|kind| &kind.classes).flat_map(|class| &class.1);
        for (row, i) in (0..).zip(members) {
            rows[*i as usize] = row;
        }
        let all: usize = self.kinds.iter().map(Kind::len).sum();
        let mut values = vec![f64::NAN; all * stride];
        let steps = self.steps();
        let mut sums = Sums::new();
        let mut blocks = Vec::new();
        let mut rest = &mut values[..];
        for (b, kinds) in self.kinds.chunks(BLOCK).enumerate() {
            let own = kinds.iter().map(Kind::len).sum::<usize>() * stride;
            let (block, after) = rest.split_at_mut(own);
            rest = after;
            blocks.push((b * BLOCK, kinds, block));
        }
        while !blocks.is_empty() {
            let later = blocks.split_off(WAVE.min(blocks.len()));
            let found: Vec<Option<Sums>> = std::mem::replace(&mut blocks, later)
                .into_par_iter()
                .map(|(first, kinds, values)| self.block(first, kinds, &steps, values, groups_of))
                .collect();
            for found in found {
                merge(&mut sums, found?);
            }
        }
        if sums.values().any(|moments| !moments.is_finite()) {
            return None;
        }
        // The totals of few customers are sums of their own draws.
        let few = |group: usize| sums.get(&group).is_none_or(|moments| moments.members < NORMAL);
        let mut members = vec![Vec::new(); groups];
        for i in 0..customers {
            for group in groups_of(i).into_iter().filter(|&group| group < groups && few(group)) {
                members[group].push(i);
            }
        }
        let total = |(group, members): (usize, &Vec<usize>)| match sums.get(&group) {
            Some(moments) if !few(group) => self.total(group, moments),
            _ => self.predictor.sum(members),
        };
        let totals = members.iter().enumerate().map(total).collect();
        Some(Found { rows, values, totals })
    }

    /// Under the chain, what is expected of each kind by set.
    fn steps(&self) -> Vec<Vec<Vec<ChainSteps>>> {
        if self.method != Method::Chain {
            return Vec::new();
        }
        let starts = |(world, _): &Drawing<'_>| {
            let start = |kind: &Kind| {
                let i = kind.example();
                Some(world.chain_start(self.panel, i, &self.panel.state(i)?))
            };
            let starts: Vec<RateLaw> = self.kinds.iter().filter_map(start).collect();
            chain_steps(world, &starts)
        };
        self.worlds.iter().map(starts).collect()
    }

    fn block(
        &self,
        first: usize,
        kinds: &[Kind],
        steps: &[Vec<Vec<ChainSteps>>],
        mut values: &mut [f64],
        groups_of: &(impl Fn(usize) -> Vec<usize> + Sync),
    ) -> Option<Sums> {
        let mut sums = Sums::new();
        let size = (self.predictor.draws, self.layout.horizon);
        let ones = vec![1.0; self.layout.horizon];
        for (k, kind) in (first..).zip(kinds) {
            let name = kind.counting.bytes();
            let mut rng = self.rng(KIND, &name);
            let draw = if self.method == Method::Chain { Pool::chain } else { Pool::posterior };
            let pool = draw(&self.worlds, self.panel, kind, size, &mut rng)?;
            let counts = self.layout.in_order(&pool.counts, pool.draws, &ones);
            let expected = self.expected_counts(kind);
            for (weight, members) in &kind.classes {
                let weight = f64::from(*weight);
                let mut rng = self.rng(CLASS, &[&name[..], &weight.to_le_bytes()].concat());
                let (pool, expected) = if self.method == Method::Chain {
                    let state = self.panel.state(kind.example())?;
                    let worlds = self.worlds.iter().zip(steps);
                    let of = |((world, _), steps): (&Drawing<'_>, &Vec<Vec<ChainSteps>>)| {
                        expected_of_chain(world, &steps[k], &state)
                    };
                    (pool.clone(), worlds.map(of).collect::<Option<Vec<Expected>>>()?)
                } else {
                    let worlds = self.worlds.iter().zip(&expected);
                    let of = |((world, _), counts): (&Drawing<'_>, &Vec<f64>)| {
                        expected_of_posterior(world, counts, weight)
                    };
                    let pool = pool.weighing(&self.worlds, weight, &mut rng);
                    (pool, worlds.map(of).collect::<Option<Vec<Expected>>>()?)
                };
                let moments = ClassMoments::new(expected, &pool, &self.worlds);
                let noise = self.predictor.money.margin_noise(&mut rng, size.0, size.1);
                let scales: Vec<Option<Scales>> =
                    members.par_iter().map(|i| self.scales(*i as usize)).collect();
                let one = |scales: &Option<Scales>| match scales {
                    Some(Scales::One(b)) => Some(*b),
                    _ => None,
                };
                let tables = Tables::new(
                    &self.layout,
                    &self.worlds,
                    (&pool, &counts, &noise),
                    self.nodes(kind, weight),
                    scales.iter().filter_map(one),
                );
                let (own, after) = values.split_at_mut(members.len() * self.layout.stride());
                values = after;
                let class = Class { tables: &tables, moments: &moments };
                for found in self.members(&class, members, &scales, own, groups_of) {
                    merge(&mut sums, found);
                }
            }
            self.predictor.progress.advance(kind.len() as u64);
        }
        Some(sums)
    }

    /// Under the posterior, purchases expected of a kind by set.
    fn expected_counts(&self, kind: &Kind) -> Vec<Vec<f64>> {
        let of = |(world, _): &Drawing<'_>| {
            let observed = world.observed(self.panel, kind.example())?;
            Some(expected_counts(world, &world.law.outlook(&observed.past(), &world.ends)))
        };
        if self.method == Method::Chain {
            return Vec::new();
        }
        self.worlds.iter().filter_map(of).collect()
    }

    /// The k that a class compares B with, and the steps of its table.
    fn nodes(&self, kind: &Kind, weight: f64) -> (f64, usize) {
        let chain = self.method == Method::Chain;
        let of = |(world, _): &Drawing<'_>| {
            let state = self.panel.state(kind.example()).filter(|_| chain);
            let monetary = world.monetary?;
            let (weight, unit) = match state {
                Some(state) => {
                    let weight = monetary.form.weight(state.f1);
                    (weight, weight / world.factors.of_period(state.last_active))
                }
                None => (weight, 1.0),
            };
            let line = ValueLine::new(monetary.law, weight);
            let k = line.base / (line.slope * unit);
            Some(if k.is_finite() && k > 0.0 { k } else { 1.0 })
        };
        let sum: f64 = self.worlds.iter().filter_map(of).sum();
        let k = if sum > 0.0 { sum / self.worlds.len() as f64 } else { 1.0 };
        (k, if chain { CHAIN_STEPS } else { POSTERIOR_STEPS })
    }

    /// What a customer's amounts are read by; `None` without amounts.
    fn scales(&self, i: usize) -> Option<Scales> {
        let form = self.form?;
        let of = |(world, _): &Drawing<'_>| {
            let a = world.factors.of_customer(self.panel, i);
            Some(match self.method {
                Method::Chain => (a, self.panel.state(i)?.m1?),
                _ => (a, a * world.values(self.panel, i, form).1),
            })
        };
        if self.by_set {
            return Some(Scales::Each(self.worlds.iter().map(of).collect::<Option<_>>()?));
        }
        of(self.worlds.first()?).map(|(_, b)| Scales::One(b))
    }

    /// P(has not left) by set.
    fn alive(&self, i: usize) -> Option<Vec<f64>> {
        if !self.layout.leaves {
            return Some(vec![1.0; self.worlds.len()]);
        }
        let (first, _) = self.worlds.first()?;
        let observed = first.observed(self.panel, i).filter(|_| self.predictor.same_time);
        let of = |(world, _): &Drawing<'_>| {
            let own = if observed.is_none() { world.observed(self.panel, i) } else { None };
            let past = observed.as_ref().or(own.as_ref())?.past();
            Some(world.law.outlook(&past, &world.ends).p_alive)
        };
        self.worlds.iter().map(of).collect()
    }

    /// Quantiles of the customers of a class, and what they add to totals, chunk by chunk.
    fn members(
        &self,
        class: &Class<'_>,
        members: &[u32],
        scales: &[Option<Scales>],
        mut values: &mut [f64],
        groups_of: &(impl Fn(usize) -> Vec<usize> + Sync),
    ) -> Vec<Sums> {
        let stride = self.layout.stride();
        let mut chunks = Vec::new();
        for (members, scales) in members.chunks(CHUNK).zip(scales.chunks(CHUNK)) {
            let (own, after) = values.split_at_mut(members.len() * stride);
            values = after;
            chunks.push((members, scales, own));
        }
        let chunk = |(members, scales, mut values): (&[u32], &[Option<Scales>], &mut [f64])| {
            let mut sums = Sums::new();
            // Of one class and one last day, customers are as likely to be still there.
            let mut known = None;
            for (&i, scales) in members.iter().zip(scales) {
                let (i, (own, after)) = (i as usize, values.split_at_mut(stride));
                values = after;
                let last = self.panel.customers[i].last_purchase;
                let alive = match known.take() {
                    Some((day, alive)) if day == last => Some(alive),
                    _ => self.alive(i),
                };
                let Some(alive) = alive else { continue };
                let groups = groups_of(i);
                self.member(class, (i, &alive), scales.as_ref(), own, (&mut sums, &groups));
                known = Some((last, alive));
            }
            sums
        };
        chunks.into_par_iter().map(chunk).collect()
    }

    fn member(
        &self,
        class: &Class<'_>,
        (i, alive): (usize, &[f64]),
        scales: Option<&Scales>,
        values: &mut [f64],
        (sums, groups): (&mut Sums, &[usize]),
    ) {
        let horizon = self.layout.horizon;
        let state = self.panel.state(i);
        let plan = self.predictor.money.customer(i, state.as_ref());
        let money: Vec<PeriodMoney> = (0..horizon).map(|h| plan.period(h)).collect();
        let weighted = alive.iter().zip(&self.worlds).map(|(p, (_, own))| p * own.len() as f64);
        let there = weighted.sum::<f64>() / self.predictor.draws as f64;
        if !values.is_empty() {
            class.tables.write(values, there, scales, &money);
        }
        let noisy: Vec<bool> =
            money.iter().map(|m| !self.noise.0.is_empty() && m.is_noisy()).collect();
        let lifted =
            scales.map_or_else(|| vec![0.0; horizon], |scales| class.tables.lifted(scales, &money));
        let kept: Vec<Option<(f64, f64)>> = (0..horizon)
            .map(|h| {
                scales?;
                let (kept, lost) = money[h].kept()?;
                let mean = if noisy[h] { self.noise.1 } else { 0.0 };
                Some((kept + mean, lost + there * lifted[h]))
            })
            .collect();
        let scales = scales.map(|scales| scales.by_set(self.worlds.len()));
        let member = Member {
            alive,
            scales: scales.as_deref(),
            kept: &kept,
            noise: &self.noise.0,
            noisy: &noisy,
        };
        for &group in groups {
            let sum = sums.entry(group).or_insert_with(|| Moments::new(self.worlds.len(), horizon));
            sum.add(class.moments, &member);
        }
    }

    /// Draws of the total of many customers.
    fn total(&self, group: usize, moments: &Moments) -> Sample {
        let mut rng = self.rng(TOTAL, &group.to_le_bytes());
        let sample = moments.sample(&self.worlds, self.predictor.draws, &mut rng);
        let discount = self.predictor.discount;
        if discount == 0.0 { sample } else { sample.discounted(discount) }
    }
}

/// What the customers of a class share.
struct Class<'c> {
    tables: &'c Tables<'c>,
    moments: &'c ClassMoments,
}
