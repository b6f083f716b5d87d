//! MBG/NBD: a customer may leave after each purchase, the first one included.

use super::Past;
use super::evidence::{Evidence, silence};
use crate::models::{Dropout, RateLaw};

/// Source: Batislam, Denizel & Filiztekin (2007), as BG/NBD with x + 1 opportunities:
///
/// ```text
/// L = P(stays at x+1) · f(x | T) + P(leaves at the (x+1)-th) · f(x | t_x)
/// odds of having left = a/(b+x) · ((α+T)/(α+t_x))^(r+x)
/// ```
pub(super) fn evidence(rate: RateLaw, dropout: Dropout, past: &Past) -> Evidence {
    let opportunities = past.x.saturating_add(1);
    Evidence::new(
        dropout.ln_survive(opportunities) + rate.ln_timed(past.x, past.t),
        ln_odds(rate, dropout, past),
        dropout.ln_leave(opportunities) + rate.ln_timed(past.x, past.t_x),
    )
}

/// ln of the odds of having left.
pub(super) fn ln_odds(rate: RateLaw, dropout: Dropout, past: &Past) -> f64 {
    dropout.after(past.x).ln_odds() + silence(rate, past)
}
