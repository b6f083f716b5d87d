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
    let since = dropout.after(before).ln_survive(ends - before) + known.ln_p_zero(exposure - begin);
    let left = dropout.ln_survive(before) + rate.ln_timed(past.x, begin) + sum.ln();
    Evidence::new(alive, sum.ln() - since, left)
}

/// P(alive) by ℓ, the sub-period of the last purchase, from the last one back: the ends of one past
/// are those of all others with as many purchases that began with it.
///
/// ```text
/// odds of having left = Σ_{c=ℓ…n} θ_c / (Π_{j=c…n} (1 − θ_j)) · ((α+E_n)/(α+E_c))^(r+x)
/// ```
///
/// with θ_c the probability of leaving at end c of those who were still there: all terms are
/// positive, and the sum for ℓ is one term more than the one for ℓ + 1.
pub(super) fn p_alive_back(
    rate: RateLaw,
    dropout: Dropout,
    x: u32,
    ends: &[f64],
) -> impl Iterator<Item = f64> {
    let exposure = ends.last().copied().unwrap_or(0.0);
    let (mut odds, mut stays) = (0.0, 1.0);
    ends.iter().enumerate().rev().map(move |(before, &end)| {
        let law = dropout.after(u32::try_from(before).unwrap_or(u32::MAX));
        stays *= law.stay();
        odds += law.mean() / stays * (-rate.after(x, end).ln_p_zero(exposure - end)).exp();
        1.0 / (1.0 + odds)
    })
}

#[cfg(test)]
mod tests {
    use super::super::evidence::p_alive;
    use super::*;

    #[test]
    fn p_alive_of_every_sub_period_is_that_of_the_likelihood() {
        let ends = [0.5, 1.7, 2.0, 3.1, 4.5];
        for rate in [RateLaw::nbd(4.4, 0.24).unwrap(), RateLaw::poisson(0.8).unwrap()] {
            let some = [Dropout::beta(0.8, 2.4).unwrap(), Dropout::equal(0.3).unwrap()];
            for dropout in some.into_iter().chain([Dropout::equal(1.0).unwrap(), Dropout::Never]) {
                let back: Vec<f64> = p_alive_back(rate, dropout, 3, &ends).collect();
                for (last, found) in back.into_iter().rev().enumerate() {
                    let past = Past { ends: &ends, last, ..Past::new(3, 0.2, 4.5) };
                    let expected = p_alive(evidence(rate, dropout, &past).odds());
                    // Logarithms of size 10.
                    assert!((found - expected).abs() <= 1e-14, "{last}: {found} {expected}");
                }
            }
        }
        assert_eq!(p_alive_back(RateLaw::Equal(1.0), Dropout::Never, 0, &[]).next(), None);
    }
}
