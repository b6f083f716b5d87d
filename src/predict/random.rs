//! Random rates, counts and values of one customer.

use rand::Rng;
use rand_distr::{Distribution, Exp1, Gamma, Poisson};

use crate::fit::Form;
use crate::models::{Leaving, Lifetime, RateLaw, ValueLaw};
use crate::simulate::{gamma, opportunities, probability};

/// A law of rates, ready to be drawn from.
pub(super) enum Rates {
    Gamma(Gamma<f64>),
    Equal(f64),
}

impl Rates {
    pub(super) fn new(law: RateLaw) -> Self {
        match law {
            RateLaw::Gamma { shape, rate } => {
                Gamma::new(shape, 1.0 / rate).map_or(Self::Equal(law.mean()), Self::Gamma)
            }
            RateLaw::Equal(rate) => Self::Equal(rate),
        }
    }

    pub(super) fn draw(&self, rng: &mut impl Rng) -> f64 {
        match self {
            Self::Gamma(law) => law.sample(rng),
            Self::Equal(rate) => *rate,
        }
    }
}

/// Expected counts up to which purchases are drawn one by one.
const FEW: f64 = 12.0;

/// A Poisson count.
pub(super) fn count(rng: &mut impl Rng, mean: f64) -> f64 {
    if mean > FEW {
        // Beyond 1e19 the law is its mean to the last digit.
        return Poisson::new(mean).map_or(mean, |law| law.sample(rng));
    }
    let mut count = 0.0;
    let mut time: f64 = Exp1.sample(rng);
    while time <= mean {
        count += 1.0;
        let gap: f64 = Exp1.sample(rng);
        time += gap;
    }
    count
}

/// Purchases by period of a customer who makes no more than `most`, and none after the time
/// `until`; `ends` are the ends of the periods. Returns whether there are any.
pub(super) fn purchases(
    rng: &mut impl Rng,
    rate: f64,
    ends: &[f64],
    (most, until): (f64, f64),
    counts: &mut [f64],
) -> bool {
    counts.fill(0.0);
    let last = ends.last().copied().unwrap_or(0.0).min(until);
    let mut left = most;
    if rate * last <= FEW {
        let (mut time, mut h) = (0.0, 0);
        while left >= 1.0 {
            let gap: f64 = Exp1.sample(rng);
            time += gap / rate;
            // A rate of 0 never purchases: its time is infinite, or not a number.
            if time > last || time.is_nan() {
                break;
            }
            while h + 1 < ends.len() && time > ends[h] {
                h += 1;
            }
            counts[h] += 1.0;
            left -= 1.0;
        }
        return counts[h] > 0.0;
    }
    let mut start = 0.0;
    for (slot, &end) in counts.iter_mut().zip(ends) {
        let length = (end.min(last) - start).max(0.0);
        *slot = count(rng, rate * length).min(left);
        left -= *slot;
        start = end;
    }
    counts.iter().any(|&count| count > 0.0)
}

/// How many purchases a customer who is there will make before it leaves, and until when it stays.
pub(super) fn stay(rng: &mut impl Rng, leaving: &Leaving<'_>) -> (f64, f64) {
    const EVER: f64 = f64::INFINITY;
    match *leaving {
        Leaving::Never => (EVER, EVER),
        Leaving::AfterPurchase(dropout) => {
            let p = probability(rng, dropout);
            (opportunities(rng, p).map_or(EVER, |k| k as f64), EVER)
        }
        Leaving::Anytime(lifetime) => {
            let mu = match lifetime {
                Lifetime::Gamma { shape, rate } => gamma(rng, shape, rate),
                Lifetime::Equal(mu) => mu,
                Lifetime::Never => return (EVER, EVER),
            };
            let time: f64 = Exp1.sample(rng);
            (EVER, time / mu)
        }
        Leaving::AtEnds { dropout, ends } => {
            let theta = probability(rng, dropout);
            let end = opportunities(rng, theta).and_then(|k| usize::try_from(k - 1).ok());
            (EVER, end.and_then(|k| ends.get(k)).copied().unwrap_or(EVER))
        }
    }
}

/// What one customer spends per purchase: Gamma(p, rate ν), or always the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Spending {
    Gamma { p: f64, nu: f64 },
    Constant(f64),
}

/// Amounts are cut here, so that sums over any number of customers are finite: where the mean is
/// infinite a draw may be as large as numbers are.
pub(super) const LARGEST: f64 = 1e280;

impl Spending {
    pub(super) fn draw(rng: &mut impl Rng, law: ValueLaw) -> Self {
        match law {
            ValueLaw::GammaGamma { p, q, k } => Self::Gamma { p, nu: gamma(rng, q, k) },
            ValueLaw::SameForAll { p, rate } => Self::Gamma { p, nu: rate },
            ValueLaw::OwnConstant { q, scale } => Self::Constant(1.0 / gamma(rng, q, scale)),
            ValueLaw::Constant(value) => Self::Constant(value),
        }
    }

    /// The average value of `purchases` purchases of one period: one draw of the law under
    /// [`Form::Period`], the mean of as many under [`Form::Purchase`].
    pub(super) fn average(self, rng: &mut impl Rng, form: Form, purchases: f64) -> f64 {
        let value = match (self, form) {
            (Self::Constant(value), _) => value,
            (Self::Gamma { p, nu }, Form::Period) => gamma(rng, p, nu),
            (Self::Gamma { p, nu }, Form::Purchase) => gamma(rng, p * purchases, nu * purchases),
        };
        value.min(LARGEST)
    }
}
