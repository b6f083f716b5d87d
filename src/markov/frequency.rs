//! Transition expectations and probabilities of purchase counts.

use crate::models::RateLaw;

/// The frequency part of the published method for one law and largest count f_max.
///
/// ```text
/// c = ⌈b/a⌉, clamped to 1 … f_max
/// f*(f1) = round( E[f | f1 ≤ f ≤ f_max] )
/// p_f(f*, r) = P( f* ≤ f2 ≤ f_max | c ≤ f1 ≤ f_max, r empty periods )
/// ```
///
/// The condition weights each f1 by P(f1)·P(no purchase in r periods | f1); given f1 and r, λ is
/// Gamma(b + f1, a + 1 + r). The table is about states, not dates: under a calendar only the period
/// of f2 has an exposure other than 1, its mean factor.
///
/// ```
/// use clvcast::{markov::FrequencyTable, models::RateLaw};
/// let table = FrequencyTable::new(RateLaw::nbd(1.84, 2.67).unwrap(), 3);
/// assert_eq!(table.expected(1), 2);
/// assert!((table.probabilities(0, 1.0)[2] - 0.3605788596).abs() < 1e-9); // S: 0.3606
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FrequencyTable {
    law: RateLaw,
    max: u32,
    /// P(0) … P(f_max) in one period.
    pmf: Vec<f64>,
    /// f* by f1; entry 0 is not used.
    expected: Vec<u32>,
}

impl FrequencyTable {
    /// The table of `law` for counts up to `max` (at least 1).
    #[must_use]
    pub fn new(law: RateLaw, max: u32) -> Self {
        let max = max.max(1);
        let pmf = (0..=max).map(|x| law.pmf(x, 1.0)).collect();
        Self { law, max, pmf, expected: expected(law, max) }
    }

    /// Largest count f_max.
    #[must_use]
    pub const fn max(&self) -> u32 {
        self.max
    }

    /// P(0) … P(f_max) in one period.
    #[must_use]
    pub fn pmf(&self) -> &[f64] {
        &self.pmf
    }

    /// c: the lower end of what *S* calls the confidence interval; the upper one is f_max.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    pub fn interval_start(&self) -> u32 {
        self.law.mean().ceil().clamp(1.0, f64::from(self.max)) as u32
    }

    /// f*: the transition expectation of `f1`, which is clamped to 1 … f_max.
    #[must_use]
    pub fn expected(&self, f1: u32) -> u32 {
        self.expected[f1.clamp(1, self.max) as usize]
    }

    /// p_f(f*, r) for f* = 0 … f_max, at `r` empty periods; `exposure` is the length of the next
    /// period, 1 without a calendar.
    ///
    /// ```
    /// use clvcast::{markov::FrequencyTable, models::RateLaw};
    /// let table = FrequencyTable::new(RateLaw::nbd(1.84, 2.67).unwrap(), 3);
    /// // In a period of hardly any time nobody purchases: no less than 0 is certain.
    /// let closed = table.probabilities(0, 1e-9);
    /// assert!((closed[0] - 1.0).abs() < 1e-12 && closed[1] < 1e-8);
    /// ```
    #[must_use]
    pub fn probabilities(&self, r: u32, exposure: f64) -> Vec<f64> {
        let r = f64::from(r);
        let states: Vec<(f64, RateLaw)> = (self.interval_start()..=self.max)
            .map(|f1| {
                let after = self.law.after(f1, 1.0);
                let weight = self.law.ln_pmf(f1, 1.0) + after.p_zero(r).ln();
                (weight, after.after(0, r))
            })
            .collect();
        let top = states.iter().map(|s| s.0).fold(f64::NEG_INFINITY, f64::max);
        let mut mass = 0.0;
        let mut mixture = vec![0.0; self.max as usize + 1];
        for (ln_weight, law) in states {
            let weight = (ln_weight - top).exp();
            mass += weight;
            // A state of this weight cannot move a sum of at most 1 by more than its last digit.
            if weight < 1e-18 {
                continue;
            }
            let (first, table) = law.pmf_table(exposure);
            for (slot, p) in mixture.iter_mut().skip(first as usize).zip(table) {
                *slot += weight * p;
            }
        }
        let mut above = 0.0;
        for slot in mixture.iter_mut().rev() {
            above += *slot / mass;
            *slot = above;
        }
        mixture
    }
}

/// round(E[f | f1 ≤ f ≤ max]) for every f1, from the largest down:
/// with M_f = Σ_{j≥f} P(j)/P(f) and S_f = Σ_{j≥f} j P(j)/P(f), M_f = 1 + ρ M_{f+1} and
/// S_f = f + ρ S_{f+1}, ρ = P(f+1)/P(f); no probability underflows.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 1 … max")]
fn expected(law: RateLaw, max: u32) -> Vec<u32> {
    let mut expected = vec![max; max as usize + 1];
    let (mut mass, mut sum) = (1.0, f64::from(max));
    for f in (0..max).rev() {
        let ratio = (law.ln_pmf(f + 1, 1.0) - law.ln_pmf(f, 1.0)).exp();
        mass = 1.0 + ratio * mass;
        sum = f64::from(f) + ratio * sum;
        expected[f as usize] = (sum / mass).round() as u32;
    }
    expected
}
