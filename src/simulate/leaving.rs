//! When a customer leaves.

use rand::{Rng, RngExt};
use rand_distr::{Beta, Distribution, Exp1};

use super::clock::Clock;
use super::customer::gamma;
use crate::models::{Dropout, FrequencyLaw, Lifetime};
use crate::units::Day;

/// One customer's way to leave, decided in advance: nothing it does changes it.
#[derive(Clone, Copy)]
pub(super) struct Leaving {
    /// What the customer leaves with: p or θ, the probability at an opportunity, or μ per period.
    pub(super) dropout: Option<f64>,
    /// Purchases after the first day until it leaves; `None` for never.
    pub(super) repeats: Option<u64>,
    /// The day within which it leaves, and the time from the start of the simulation; `None` for
    /// not before the last day is over.
    pub(super) until: Option<(Day, f64)>,
}

impl Leaving {
    /// Of a customer who stays.
    pub(super) const NEVER: Self = Self { dropout: None, repeats: None, until: None };

    /// Draws how a customer first seen on `first` leaves. A customer who never does costs no
    /// random number in the NBD, so that its ledgers stay what they were.
    pub(super) fn draw(
        rng: &mut impl Rng,
        law: &FrequencyLaw,
        clock: &Clock,
        first: Day,
        last: Day,
    ) -> Self {
        match *law {
            FrequencyLaw::Nbd(_) => Self::NEVER,
            FrequencyLaw::BgNbd { dropout, .. } => {
                let p = probability(rng, dropout);
                Self { dropout: Some(p), repeats: opportunities(rng, p), ..Self::NEVER }
            }
            FrequencyLaw::MbgNbd { dropout, .. } => {
                let p = probability(rng, dropout);
                // The first purchase is the first opportunity.
                let repeats = opportunities(rng, p).map(|k| k - 1);
                Self { dropout: Some(p), repeats, ..Self::NEVER }
            }
            FrequencyLaw::ParetoNbd { lifetime, .. } => {
                let mu = match lifetime {
                    Lifetime::Gamma { shape, rate } => gamma(rng, shape, rate),
                    Lifetime::Equal(mu) => mu,
                    Lifetime::Never => 0.0,
                };
                // The lifetime begins with the end of the first day, as purchasing does.
                let drawn: f64 = Exp1.sample(rng);
                let time = clock.end(first) + drawn / mu;
                let until = clock.day(time).map(|day| (day, time));
                Self { dropout: Some(mu), until, ..Self::NEVER }
            }
            FrequencyLaw::Pdo { dropout, tau, .. } => {
                let theta = probability(rng, dropout);
                let tau = i64::from(tau.max(1));
                // Ends lie at multiples of tau before the last day; the k-th from the first day on.
                let back = i64::from(last.since(first)) / tau;
                let left = opportunities(rng, theta)
                    .and_then(|k| i64::try_from(k).ok())
                    .filter(|&k| k - 1 <= back)
                    .and_then(|k| i32::try_from((back - (k - 1)) * tau).ok())
                    .map(|days| last.plus(-days));
                let until = left.map(|day| (day, clock.end(day)));
                Self { dropout: Some(theta), until, ..Self::NEVER }
            }
        }
    }
}

/// One customer's probability of leaving at an opportunity.
pub(crate) fn probability(rng: &mut impl Rng, law: Dropout) -> f64 {
    match law {
        Dropout::Beta { a, b } => Beta::new(a, b).map_or(f64::NAN, |law| law.sample(rng)),
        Dropout::Equal(p) => p,
        Dropout::Never => 0.0,
    }
}

/// The opportunity, from 1, at which a customer with that probability leaves: geometric. `None`
/// where that is beyond any number of opportunities.
pub(crate) fn opportunities(rng: &mut impl Rng, p: f64) -> Option<u64> {
    // 1 − U lies in (0, 1]: its logarithm is finite.
    let u: f64 = 1.0 - rng.random::<f64>();
    let k = (u.ln() / (-p).ln_1p()).ceil().max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    (p > 0.0 && k < 1e15).then_some(k as u64)
}
