//! What a customer's past says of being alive.

use super::Past;
use crate::models::RateLaw;

/// The likelihood of one past, split by whether the customer is alive now.
///
/// The odds are kept beside the two parts: as their difference they would lose the digits of the
/// logarithms' size, tens of thousands for a customer with thousands of purchases.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    /// ln L of the past together with being alive.
    ln_alive: f64,
    /// ln of the odds of having left.
    ln_odds: f64,
    /// ln L of the past together with having left.
    ln_left: f64,
}

impl Evidence {
    /// From ln L with being alive, the odds of having left, and ln L with having left.
    pub(super) const fn new(ln_alive: f64, ln_odds: f64, ln_left: f64) -> Self {
        Self { ln_alive, ln_odds, ln_left }
    }

    /// Nobody can have left.
    pub(super) const fn alive(ln_alive: f64) -> Self {
        Self::new(ln_alive, f64::NEG_INFINITY, f64::NEG_INFINITY)
    }

    /// ln L: the sum of both parts, from the larger one.
    pub(super) fn ln_likelihood(&self) -> f64 {
        if self.ln_odds <= 0.0 {
            self.ln_alive + self.ln_odds.exp().ln_1p()
        } else {
            self.ln_left + (-self.ln_odds).exp().ln_1p()
        }
    }

    /// P(alive) = 1/(1 + odds).
    pub(super) fn p_alive(&self) -> f64 {
        1.0 / (1.0 + self.ln_odds.exp())
    }
}

/// −ln P(no purchase since the last one | alive, the purchases so far): by how much silence speaks
/// for having left at t_x, (b+x) ln((a+T)/(a+t_x)).
pub(super) fn silence(rate: RateLaw, past: &Past) -> f64 {
    -rate.after(past.x, past.t_x).ln_p_zero(past.t - past.t_x)
}
