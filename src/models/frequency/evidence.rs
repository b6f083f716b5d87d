//! What a customer's past says of being alive.

use super::Past;
use crate::models::RateLaw;

/// The likelihood of one past, split by whether the customer is alive now; all three are logarithms.
///
/// The odds are kept beside the two parts: as their difference they would lose the digits of the
/// logarithms' size, tens of thousands for a customer with thousands of purchases.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    /// ln L of the past together with being alive.
    alive: f64,
    /// ln of the odds of having left.
    odds: f64,
    /// ln L of the past together with having left.
    left: f64,
}

impl Evidence {
    /// From ln L with being alive, the odds of having left, and ln L with having left.
    pub(super) const fn new(alive: f64, odds: f64, left: f64) -> Self {
        Self { alive, odds, left }
    }

    /// Nobody can have left.
    pub(super) const fn alive(alive: f64) -> Self {
        Self::new(alive, f64::NEG_INFINITY, f64::NEG_INFINITY)
    }

    /// ln of the odds of having left.
    #[cfg(test)]
    pub(super) const fn odds(&self) -> f64 {
        self.odds
    }

    /// ln L: the sum of both parts, from the larger one.
    pub(super) fn ln_likelihood(&self) -> f64 {
        if self.odds <= 0.0 {
            self.alive + self.odds.exp().ln_1p()
        } else {
            self.left + (-self.odds).exp().ln_1p()
        }
    }
}

/// P(alive) = 1/(1 + odds), from the logarithm of the odds of having left.
pub(super) fn p_alive(ln_odds: f64) -> f64 {
    1.0 / (1.0 + ln_odds.exp())
}

/// −ln P(no purchase since the last one | alive, the purchases so far): by how much silence speaks
/// for having left at t_x, (b+x) ln((a+T)/(a+t_x)).
pub(super) fn silence(rate: RateLaw, past: &Past) -> f64 {
    -rate.after(past.x, past.t_x).ln_p_zero(past.t - past.t_x)
}
