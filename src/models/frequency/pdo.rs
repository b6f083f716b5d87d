//! PDO: a customer may leave at the end of each sub-period.

use super::Past;
use super::evidence::Evidence;
use crate::models::{Dropout, RateLaw};

/// Source: Jerath, Fader & Hardie (2011), on a grid that ends at the as-of date:
///
/// ```text
/// L = P(stays at n ends) · f(x | E_n) + Σ_{c=ℓ…n} P(leaves at end c) · f(x | E_c)
/// f(x | t) = Γ(r+x)/Γ(r) α^r (α+t)^−(r+x)
/// ```
///
/// with E_c the exposure up to the end c and ℓ the sub-period of the last purchase. With no end,
/// it is the NBD's over T.
pub(super) fn evidence(rate: RateLaw, dropout: Dropout, past: &Past) -> Evidence {
    let Some(&exposure) = past.ends.last() else {
        return Evidence::alive(rate.ln_timed(past.x, past.t));
    };
    let ends = u32::try_from(past.ends.len()).unwrap_or(u32::MAX);
    let alive = dropout.ln_survive(ends) + rate.ln_timed(past.x, exposure);
    // The sub-period of the last purchase has one end at least.
    let last = past.last.min(past.ends.len() - 1);
    let begin = past.ends[last];
    let before = u32::try_from(last).unwrap_or(u32::MAX);
    // Against being alive and silent up to the first end that counts.
    let known = rate.after(past.x, begin);
    let mut sum = 0.0;
    let mut law = dropout.after(before);
    for (share, &end) in law.survival().zip(&past.ends[last..]) {
        sum += share * law.mean() * known.p_zero(end - begin);
        law = law.after(1);
    }
    if sum <= 0.0 {
        return Evidence::alive(alive);
    }
    let since = dropout.after(before).ln_survive(ends - before) + known.ln_p_zero(exposure - begin);
    let left = dropout.ln_survive(before) + rate.ln_timed(past.x, begin) + sum.ln();
    Evidence::new(alive, sum.ln() - since, left)
}
