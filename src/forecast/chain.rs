//! The first-order chain of purchase counts, exactly: all paths, by the period of activity.

use rayon::prelude::*;

use crate::models::RateLaw;

/// For one horizon: probabilities and expectations by s, the number of active periods before it.
///
/// ```
/// use clvcast::{forecast::FrequencyChain, models::RateLaw};
/// let law = RateLaw::poisson(1.7).unwrap(); // equal rates forget everything
/// for steps in FrequencyChain::new(law, vec![1.0; 3], [law]).steps(law) {
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
/// Period h has the exposure e_h: 1, or under a calendar its mean factor. After an active period s
/// with f purchases and the empty periods up to h − 1, period h has f2 purchases with the NBD
/// probability under Gamma(b + f, a + e_s + … + e_{h−1}) over e_h. With `W_{s,h}(f)` what is wanted
/// of period h after an active period s with f purchases,
///
/// ```text
/// W_{s,h}(law) = Σ_{s<t<h} P(s+1 … t−1 empty) Σ_{f2≥1} P_t(f2) W_{t,h}(f2)  +  P(s+1 … h−1 empty) · (period h)
/// ```
///
/// where the sums over f2 run over all counts that matter to the last digit.
///
/// With equal exposures W depends on h − s only, and one table per distance serves every period.
/// Otherwise the tables of one period h are made, used for all starts and dropped: about H/4 times
/// the work of equal exposures for a horizon of H periods, in the memory of one table per distance
/// and thread.
///
/// ```
/// use clvcast::{forecast::FrequencyChain, models::RateLaw};
/// let law = RateLaw::nbd(1.84, 2.67).unwrap();
/// let start = law.after(2, 1.0);                       // 2 purchases in the last period, r = 0
/// let chain = FrequencyChain::new(law, vec![1.2, 0.5, 1.0], [start]);
/// let steps = chain.steps(start);
/// assert!((steps[0].expected_purchases() - 1.2 * start.mean()).abs() < 1e-14);
/// assert_eq!(steps[2].active.len(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct FrequencyChain {
    law: RateLaw,
    /// e_h of period h at position h − 1.
    exposures: Vec<f64>,
    /// Largest count that a start can reach in period t, at position t − 1.
    reach: Vec<usize>,
    /// The tables of equal exposures; `None` where they differ by period.
    equal: Option<Tables>,
}

/// `tables[n][f]`: what is wanted of the n-th period after an active one with f purchases; n from
/// 2, as n = 1 is closed.
type Tables = Vec<Vec<ChainSteps>>;

impl FrequencyChain {
    /// The chain over periods with these exposures (at least one), for all `starts`.
    #[must_use]
    pub fn new(
        law: RateLaw,
        exposures: Vec<f64>,
        starts: impl IntoIterator<Item = RateLaw>,
    ) -> Self {
        let is_equal = exposures.iter().all(|e| e.to_bits() == exposures[0].to_bits());
        let reach = vec![0; exposures.len()];
        let mut chain = Self { law, exposures, reach, equal: None };
        let horizon = chain.exposures.len();
        // The last period but one is closed, so it and the last one need no table.
        if horizon >= 3 {
            for start in starts {
                chain.widen(start, 0, is_equal);
            }
            for t in 1..horizon - 2 {
                if is_equal {
                    // A table by distance serves every earlier period at that distance, too.
                    chain.reach[t] = chain.reach[t - 1];
                }
                chain.widen(chain.law_after(chain.reach[t - 1], t), t, is_equal);
            }
        }
        chain.equal = is_equal.then(|| chain.tables(horizon));
        chain
    }

    /// Notes the largest counts that a customer of that law can reach after period `done`, as its
    /// first purchases since. Empty periods lower the rate: only a larger exposure reaches higher.
    fn widen(&mut self, mut law: RateLaw, done: usize, is_equal: bool) {
        let last = if is_equal { done + 1 } else { self.exposures.len() - 2 };
        for (slot, &e) in self.reach[done..last].iter_mut().zip(&self.exposures[done..last]) {
            let (first, table) = law.pmf_table(e);
            *slot = (first as usize + table.len()).max(*slot);
            law = law.after(0, e);
        }
    }

    /// The law after period `t` with that many purchases.
    #[expect(clippy::cast_possible_truncation, reason = "counts are far below 2^32")]
    fn law_after(&self, purchases: usize, t: usize) -> RateLaw {
        self.law.after(purchases as u32, self.exposures[t - 1])
    }

    /// The tables of period `h`.
    fn tables(&self, h: usize) -> Tables {
        let mut tables = vec![Vec::new(); h.max(2)];
        for n in 2..h {
            let t = h - n;
            let counts = 0..=self.reach[t - 1];
            tables[n] = counts.map(|f| self.wanted(self.law_after(f, t), t, h, &tables)).collect();
        }
        tables
    }

    /// What is expected of each period for a customer whose rate is known as `start`.
    #[must_use]
    pub fn steps(&self, start: RateLaw) -> Vec<ChainSteps> {
        self.steps_of(&[start]).pop().unwrap_or_default()
    }

    /// [`FrequencyChain::steps`] of many starts, on all cores.
    ///
    /// ```
    /// use clvcast::{forecast::FrequencyChain, models::RateLaw};
    /// let law = RateLaw::nbd(1.84, 2.67).unwrap();
    /// let starts = [law.after(1, 1.0), law.after(3, 1.0)];
    /// let chain = FrequencyChain::new(law, vec![1.2, 0.5, 1.0, 0.8], starts);
    /// assert_eq!(chain.steps_of(&starts)[1], chain.steps(starts[1]));
    /// ```
    #[must_use]
    pub fn steps_of(&self, starts: &[RateLaw]) -> Vec<Vec<ChainSteps>> {
        let horizon = self.exposures.len();
        if let Some(tables) = &self.equal {
            let steps = |start: &RateLaw| {
                (1..=horizon).map(|h| self.wanted(*start, 0, h, tables)).collect()
            };
            return starts.par_iter().map(steps).collect();
        }
        let by_period: Vec<Vec<ChainSteps>> = (1..=horizon)
            .into_par_iter()
            .map(|h| {
                let tables = self.tables(h);
                starts.par_iter().map(|start| self.wanted(*start, 0, h, &tables)).collect()
            })
            .collect();
        let mut steps: Vec<Vec<ChainSteps>> = vec![Vec::with_capacity(horizon); starts.len()];
        for period in by_period {
            for (steps, step) in steps.iter_mut().zip(period) {
                steps.push(step);
            }
        }
        steps
    }

    /// What is wanted of period `h` for a customer of that law after period `done`.
    fn wanted(&self, law: RateLaw, done: usize, h: usize, tables: &Tables) -> ChainSteps {
        let n = h - done;
        let mut steps = ChainSteps { active: vec![0.0; n], purchases: vec![0.0; n] };
        let mut empty = 1.0;
        let mut current = law;
        for t in done + 1..h {
            let exposure = self.exposures[t - 1];
            let (first, table) = current.pmf_table(exposure);
            for (f, p) in (first as usize..).zip(table).skip(usize::from(first == 0)) {
                self.add(&mut steps, f, t, h, empty * p, tables);
            }
            empty *= current.p_zero(exposure);
            current = current.after(0, exposure);
        }
        let exposure = self.exposures[h - 1];
        steps.active[0] += empty * current.p_any(exposure);
        steps.purchases[0] += empty * (current.mean() * exposure);
        steps
    }

    /// Adds `weight` times what is wanted of period `h` after the active period `t` with `f`
    /// purchases, one s later.
    fn add(
        &self,
        steps: &mut ChainSteps,
        f: usize,
        t: usize,
        h: usize,
        weight: f64,
        tables: &Tables,
    ) {
        if h - t == 1 {
            let (law, exposure) = (self.law_after(f, t), self.exposures[h - 1]);
            steps.active[1] += weight * law.p_any(exposure);
            steps.purchases[1] += weight * (law.mean() * exposure);
            return;
        }
        // The tables hold every count that a start they were made for can reach; any other start
        // is worked out, slower and just as exactly.
        let known = tables.get(h - t).and_then(|table| table.get(f));
        let worked_out = known.is_none().then(|| self.wanted(self.law_after(f, t), t, h, tables));
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
        for (e1, e2) in [(1.0, 1.0), (0.3, 2.5), (1.7, 1.7)] {
            let steps = FrequencyChain::new(law, vec![e1, e2], [start]).steps(start);
            let (mean, p0) = (e1 * start.mean(), start.p_zero(e1));
            // E[f_2; active before] = e2 Σ_{f≥1} P(f) (b+f)/(a+e1)
            //                       = e2 (b (1 − P0) + E[f_1])/(a+e1).
            let after_active = e2 * (b * (1.0 - p0) + mean) / (a + e1);
            let after_empty = e2 * p0 * start.after(0, e1).mean();
            assert!((steps[1].purchases[1] - after_active).abs() < 1e-14);
            assert!((steps[1].purchases[0] - after_empty).abs() < 1e-14);
        }
    }

    #[test]
    fn the_paths_of_every_horizon_hold_all_probability() {
        // Active in h with s active before: summed over s, and over the horizons up to h by the
        // first active period, nothing is lost. P(no purchase up to h) is the rest.
        let law = RateLaw::nbd(0.4, 0.3).unwrap();
        let start = law.after(30, 1.0);
        for exposures in [vec![1.0; 6], vec![0.2, 3.0, 1.0, 0.01, 2.0, 1.1]] {
            let never = start.p_zero(exposures.iter().sum());
            let chain = FrequencyChain::new(law, exposures, [start]);
            let first_active: f64 = chain.steps(start).iter().map(|steps| steps.active[0]).sum();
            // Six products of probabilities: a few units in the last place.
            assert!((first_active + never - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn a_start_the_tables_were_not_made_for_gets_the_same_numbers() {
        let law = RateLaw::nbd(1.84, 2.67).unwrap();
        let (small, large) = (law.after(0, 9.0), law.after(40, 1.0));
        for exposures in [vec![1.0; 4], vec![0.5, 1.0, 1.5, 1.0]] {
            let made = FrequencyChain::new(law, exposures.clone(), [small, large]).steps(large);
            let not_made = FrequencyChain::new(law, exposures, [small]).steps(large);
            assert_eq!(made, not_made);
        }
    }

    #[test]
    fn exposures_that_hardly_differ_give_the_numbers_of_equal_ones() {
        // The two ways through the tables against each other: the last exposure enters only the
        // last period, and there only as a factor of the mean.
        let law = RateLaw::nbd(0.7, 1.3).unwrap();
        let starts = [law.after(0, 2.0), law.after(7, 1.0)];
        let equal = FrequencyChain::new(law, vec![1.0; 6], starts).steps_of(&starts);
        let twice = vec![1.0, 1.0, 1.0, 1.0, 1.0, 2.0];
        let other = FrequencyChain::new(law, twice, starts).steps_of(&starts);
        for (equal, other) in equal.iter().zip(&other) {
            assert_eq!(equal[..5], other[..5]);
            for (one, two) in equal[5].purchases.iter().zip(&other[5].purchases) {
                assert!((2.0 * one - two).abs() <= 1e-15 * two, "{one} {two}");
            }
        }
    }

    #[test]
    fn equal_rates_forget_everything() {
        let law = RateLaw::poisson(1.7).unwrap();
        let chain = FrequencyChain::new(law, vec![1.0, 0.5, 2.0, 1.0, 1.0], [law]);
        for (steps, e) in chain.steps(law).iter().zip([1.0, 0.5, 2.0, 1.0, 1.0]) {
            assert!((steps.expected_purchases() - 1.7 * e).abs() < 1e-12);
        }
    }
}
