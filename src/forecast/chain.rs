//! The first-order chain of purchase counts, exactly: all paths, by the period of activity.

use crate::models::RateLaw;

/// For one horizon: probabilities and expectations by s, the number of active periods before it.
///
/// ```
/// use clvcast::{forecast::FrequencyChain, models::RateLaw};
/// let law = RateLaw::poisson(1.7).unwrap(); // equal rates forget everything
/// for steps in FrequencyChain::new(law, 3, [law]).steps(law) {
///     assert!((steps.expected_purchases() - 1.7).abs() < 1e-12);
///     assert!((steps.p_active() - (1.0 - (-1.7_f64).exp())).abs() < 1e-12);
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChainSteps {
    /// P(active in period h; s active periods before), s = 0 … h − 1.
    pub active: Vec<f64>,
    /// E\[purchases in period h; s active periods before\].
    pub purchases: Vec<f64>,
}

impl ChainSteps {
    /// P(active in period h).
    #[must_use]
    pub fn p_active(&self) -> f64 {
        self.active.iter().sum()
    }

    /// E\[purchases in period h\].
    #[must_use]
    pub fn expected_purchases(&self) -> f64 {
        self.purchases.iter().sum()
    }
}

/// The chain of assumption 2 for one law of rates.
///
/// In state (r, f), f purchases in the last active period and r empty periods since, the next
/// period has f2 purchases with the NBD probability under Gamma(b + f, a + 1 + r). It moves to
/// (0, f2) when f2 > 0 and to (r + 1, f) otherwise. With `W_n(f)` what is wanted of the n-th period
/// after an active period with f purchases,
///
/// ```text
/// W_n(law) = Σ_{g<n−1} P(g empty periods) Σ_{f2≥1} P(f2) W_{n−g−1}(f2)  +  P(n−1 empty) · (last period)
/// ```
///
/// where the sums over f2 run over all counts that matter to the last digit.
///
/// ```
/// use clvcast::{forecast::FrequencyChain, models::RateLaw};
/// let law = RateLaw::nbd(1.84, 2.67).unwrap();
/// let start = law.after(2, 1.0);                       // 2 purchases in the last period, r = 0
/// let chain = FrequencyChain::new(law, 3, [start]);
/// let steps = chain.steps(start);
/// assert!((steps[0].expected_purchases() - start.mean()).abs() < 1e-14);
/// assert_eq!(steps[2].active.len(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct FrequencyChain {
    horizon: usize,
    /// `after[n][f]`: steps of horizon n after an active period with f purchases; n from 2, as
    /// horizon 1 is closed.
    after: Vec<Vec<ChainSteps>>,
    law: RateLaw,
}

impl FrequencyChain {
    /// Tables for `horizon` periods (at least 1) that serve all `starts`.
    #[must_use]
    pub fn new(law: RateLaw, horizon: usize, starts: impl IntoIterator<Item = RateLaw>) -> Self {
        let mut chain = Self { horizon, after: vec![Vec::new(); horizon.max(2)], law };
        if horizon < 3 {
            return chain;
        }
        // Largest count reachable in one step from a start, then from any count reachable so far.
        let top = |law: RateLaw| {
            let (first, table) = law.pmf_table(1.0);
            first as usize + table.len()
        };
        let mut reach = vec![0; horizon];
        reach[horizon - 1] = starts.into_iter().map(top).max().unwrap_or(0);
        for n in (2..horizon - 1).rev() {
            reach[n] = reach[n + 1].max(top(chain.law_after(reach[n + 1])));
        }
        for (n, &reach) in reach.iter().enumerate().skip(2) {
            let table = (0..=reach).map(|f| chain.wanted(chain.law_after(f), n)).collect();
            chain.after[n] = table;
        }
        chain
    }

    #[expect(clippy::cast_possible_truncation, reason = "counts are far below 2^32")]
    fn law_after(&self, purchases: usize) -> RateLaw {
        self.law.after(purchases as u32, 1.0)
    }

    /// What is expected of each period 1 … horizon for a customer whose rate is known as `start`.
    #[must_use]
    pub fn steps(&self, start: RateLaw) -> Vec<ChainSteps> {
        (1..=self.horizon).map(|n| self.wanted(start, n)).collect()
    }

    /// `W_n` of a law.
    fn wanted(&self, law: RateLaw, n: usize) -> ChainSteps {
        let mut steps = ChainSteps { active: vec![0.0; n], purchases: vec![0.0; n] };
        let mut empty = 1.0;
        let mut current = law;
        for gap in 0..n - 1 {
            let (first, table) = current.pmf_table(1.0);
            let left = n - gap - 1;
            for (f, p) in (first as usize..).zip(table).skip(usize::from(first == 0)) {
                self.add(&mut steps, f, left, empty * p);
            }
            empty *= current.p_zero(1.0);
            current = current.after(0, 1.0);
        }
        steps.active[0] += empty * current.p_any(1.0);
        steps.purchases[0] += empty * current.mean();
        steps
    }

    /// Adds `weight` times `W_left` after an active period with `f` purchases, one s later.
    fn add(&self, steps: &mut ChainSteps, f: usize, left: usize, weight: f64) {
        if left == 1 {
            let law = self.law_after(f);
            steps.active[1] += weight * law.p_any(1.0);
            steps.purchases[1] += weight * law.mean();
            return;
        }
        // The tables hold every count that a start they were made for can reach; any other start
        // is worked out, slower and just as exactly.
        let known = self.after.get(left).and_then(|table| table.get(f));
        let worked_out = known.is_none().then(|| self.wanted(self.law_after(f), left));
        let Some(after) = known.or(worked_out.as_ref()) else { return };
        for (s, (active, purchases)) in after.active.iter().zip(&after.purchases).enumerate() {
            steps.active[s + 1] += weight * active;
            steps.purchases[s + 1] += weight * purchases;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_periods_have_a_closed_form() {
        let (a, b) = (1.84, 2.67);
        let law = RateLaw::nbd(a, b).unwrap();
        let start = law.after(1, 1.4).after(0, 2.0);
        let steps = FrequencyChain::new(law, 2, [start]).steps(start);
        let (mean, p0) = (start.mean(), start.p_zero(1.0));
        // E[f_2; active before] = Σ_{f≥1} P(f) (b+f)/(a+1) = (b (1 − P0) + mean)/(a+1).
        let after_active = (b * (1.0 - p0) + mean) / (a + 1.0);
        let after_empty = p0 * start.after(0, 1.0).mean();
        assert!((steps[1].purchases[1] - after_active).abs() < 1e-14);
        assert!((steps[1].purchases[0] - after_empty).abs() < 1e-14);
    }

    #[test]
    fn the_paths_of_every_horizon_hold_all_probability() {
        // Active in h with s active before: summed over s, and over the horizons up to h by the
        // first active period, nothing is lost. P(no purchase up to h) is the rest.
        let law = RateLaw::nbd(0.4, 0.3).unwrap();
        let start = law.after(30, 1.0);
        let chain = FrequencyChain::new(law, 6, [start]);
        let first_active: f64 = chain.steps(start).iter().map(|steps| steps.active[0]).sum();
        let never = start.p_zero(6.0);
        // Six products of probabilities: a few units in the last place.
        assert!((first_active + never - 1.0).abs() < 1e-14);
    }

    #[test]
    fn a_start_the_tables_were_not_made_for_gets_the_same_numbers() {
        let law = RateLaw::nbd(1.84, 2.67).unwrap();
        let (small, large) = (law.after(0, 9.0), law.after(40, 1.0));
        let made = FrequencyChain::new(law, 4, [small, large]).steps(large);
        let not_made = FrequencyChain::new(law, 4, [small]).steps(large);
        assert_eq!(made, not_made);
    }

    #[test]
    fn equal_rates_forget_everything() {
        let law = RateLaw::poisson(1.7).unwrap();
        let chain = FrequencyChain::new(law, 5, [law]);
        for steps in chain.steps(law) {
            assert!((steps.expected_purchases() - 1.7).abs() < 1e-12);
        }
    }
}
