//! BG/NBD: a customer may leave after each repeat purchase.

use super::Past;
use super::evidence::{Evidence, silence};
use crate::models::{Dropout, RateLaw};

/// Source: Fader, Hardie & Lee (2005b), equation 6, with the gamma functions as opportunities:
///
/// ```text
/// L = P(stays at x) · f(x | T) + P(leaves at the x-th) · f(x | t_x),   f(x | t) = Γ(r+x)/Γ(r) α^r (α+t)^−(r+x)
/// odds of having left = a/(b+x−1) · ((α+T)/(α+t_x))^(r+x),   0 for x = 0
/// ```
pub(super) fn evidence(rate: RateLaw, dropout: Dropout, past: &Past) -> Evidence {
    let alive = dropout.ln_survive(past.x) + rate.ln_timed(past.x, past.t);
    if past.x == 0 {
        return Evidence::alive(alive);
    }
    let left = dropout.ln_leave(past.x) + rate.ln_timed(past.x, past.t_x);
    Evidence::new(alive, ln_odds(rate, dropout, past), left)
}

/// ln of the odds of having left.
pub(super) fn ln_odds(rate: RateLaw, dropout: Dropout, past: &Past) -> f64 {
    past.x
        .checked_sub(1)
        .map_or(f64::NEG_INFINITY, |before| dropout.after(before).ln_odds() + silence(rate, past))
}
