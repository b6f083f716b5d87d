//! Futures that many customers share: purchases, and amounts as a line in what the customer spent.

use std::ops::Range;

use rand::Rng;

use super::classes::Kind;
use super::random::{LARGEST, Spending};
use super::world::World;
use crate::models::{Outlook, ValueLaw};
use crate::panel::Panel;
use crate::simulate::gamma;

/// A value given what is known of the customer's own: R · (base + slope · sum), where R is of a law
/// that only the weight of the known values decides, and the sum is theirs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ValueLine {
    /// Shape of ν, at a rate of 1; `None` where ν is known.
    shape: Option<f64>,
    /// What is divided by ν.
    above: Spending,
    pub(super) base: f64,
    pub(super) slope: f64,
}

impl ValueLine {
    pub(super) fn new(law: ValueLaw, weight: f64) -> Self {
        let one = Spending::Constant(1.0);
        let of = |shape, above, base, slope| Self { shape, above, base, slope };
        match law {
            ValueLaw::GammaGamma { p, q, k } => {
                of(Some(q + p * weight), Spending::Gamma { p, nu: 1.0 }, k, 1.0)
            }
            ValueLaw::SameForAll { p, rate } => {
                of(None, Spending::Gamma { p, nu: 1.0 }, 1.0 / rate, 0.0)
            }
            ValueLaw::OwnConstant { .. } if weight > 0.0 => of(None, one, 0.0, 1.0 / weight),
            ValueLaw::OwnConstant { q, scale } => of(Some(q), one, scale, 0.0),
            ValueLaw::Constant(value) => of(None, one, value, 0.0),
        }
    }

    /// 1/ν.
    fn below(&self, rng: &mut impl Rng) -> f64 {
        self.shape.map_or(1.0, |shape| (1.0 / gamma(rng, shape, 1.0)).min(LARGEST))
    }

    /// E\[R\]; `None` where it or the variance of R is infinite.
    pub(super) fn mean(&self) -> Option<f64> {
        let above = match self.above {
            Spending::Gamma { p, .. } => p,
            Spending::Constant(value) => value,
        };
        match self.shape {
            None => Some(above),
            Some(shape) => (shape > 2.0).then(|| above / (shape - 1.0)),
        }
    }
}

/// The futures of a class of customers, period after period and draw after draw.
///
/// ```text
/// amount = base · A + slope · B
/// ```
///
/// A is the factor of the customer's values (1 without a dependence). B is the value of its last
/// active period under the chain, the sum of its values under the posterior, both as the law of
/// values sees them, times A. All are of customers who have not left.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    pub(super) draws: usize,
    pub(super) counts: Vec<f64>,
    pub(super) base: Vec<f64>,
    pub(super) slope: Vec<f64>,
}

/// A set of parameters and the draws that are its own.
pub(super) type Drawing<'w> = (&'w World, Range<usize>);

impl Pool {
    fn new(draws: usize, horizon: usize) -> Self {
        let zeros = vec![0.0; draws * horizon];
        Self { draws, base: zeros.clone(), slope: zeros.clone(), counts: zeros }
    }

    /// Under the chain, whose state says all.
    pub(super) fn chain(
        worlds: &[Drawing<'_>],
        panel: &Panel,
        kind: &Kind,
        (draws, horizon): (usize, usize),
        rng: &mut impl Rng,
    ) -> Option<Self> {
        let mut pool = Self::new(draws, horizon);
        let i = kind.example();
        let state = panel.state(i)?;
        for (world, own) in worlds {
            let start = world.chain_start(panel, i, &state);
            let line = |weight| world.monetary.map(|m| (ValueLine::new(m.law, weight), m.form));
            let weight = world.monetary.map_or(1.0, |monetary| monetary.form.weight(state.f1));
            let (first, later) = (line(weight), line(1.0));
            let last = weight / world.factors.of_period(state.last_active);
            let fresh = (0.0, last, first);
            let mut value = fresh;
            world.chain_ahead(start, rng, own.clone(), |rng, draw, h, f| {
                let Some(h) = h else {
                    value = fresh;
                    return;
                };
                let place = h * draws + draw;
                pool.counts[place] = f;
                if let (base, slope, Some((line, form))) = value {
                    let ratio = line.above.average(rng, form, f) * line.below(rng);
                    let base = (ratio * (line.base + line.slope * base)).min(LARGEST);
                    let slope = (ratio * line.slope * slope).min(LARGEST);
                    let level = f * world.factors.ahead()[h];
                    pool.base[place] = (base * level).min(LARGEST);
                    pool.slope[place] = (slope * level).min(LARGEST);
                    value = (base, slope, later);
                }
            });
        }
        Some(pool)
    }

    /// Under the posterior, for any weight of the values: [`Pool::weighing`] goes on from here.
    pub(super) fn posterior(
        worlds: &[Drawing<'_>],
        panel: &Panel,
        kind: &Kind,
        (draws, horizon): (usize, usize),
        rng: &mut impl Rng,
    ) -> Option<Self> {
        let mut pool = Self::new(draws, horizon);
        for (world, own) in worlds {
            let observed = world.observed(panel, kind.example())?;
            let outlook = world.law.outlook(&observed.past(), &world.ends);
            let there = Outlook { p_alive: 1.0, ..outlook };
            let spending = world.monetary.map(|m| (ValueLine::new(m.law, 1.0).above, m.form));
            world.counts_ahead(&there, rng, own.clone(), |rng, draw, counts| {
                for (h, &f) in counts.iter().enumerate().filter(|(_, f)| **f > 0.0) {
                    let place = h * draws + draw;
                    pool.counts[place] = f;
                    if let Some((own, form)) = spending {
                        let above = own.average(rng, form, f);
                        pool.slope[place] = f * above * world.factors.ahead()[h];
                    }
                }
            });
        }
        Some(pool)
    }

    /// With the level of spending of customers whose values have that weight.
    pub(super) fn weighing(&self, worlds: &[Drawing<'_>], weight: f64, rng: &mut impl Rng) -> Self {
        let mut pool = self.clone();
        for (world, own) in worlds {
            let Some(monetary) = world.monetary else { continue };
            let line = ValueLine::new(monetary.law, weight);
            for draw in own.clone() {
                let places = || (draw..self.counts.len()).step_by(self.draws);
                if places().all(|place| self.counts[place] == 0.0) {
                    continue;
                }
                let below = line.below(rng);
                for place in places() {
                    let ratio = (self.slope[place] * below).min(LARGEST);
                    pool.base[place] = (ratio * line.base).min(LARGEST);
                    pool.slope[place] = (ratio * line.slope).min(LARGEST);
                }
            }
        }
        pool
    }
}
