//! How readily a customer leaves at an opportunity to leave: the beta mixture of probabilities,
//! and its limits.

use super::parameter::{ParameterError, Positive};

/// What is known of one customer's probability θ of leaving at an opportunity.
///
/// ```text
/// θ ~ Beta(a, b)                           before anything is observed
/// θ ~ Beta(a, b + k)                       after k opportunities at which it stayed
/// P(stays at k opportunities) = B(a, b+k)/B(a, b) = Π_{j<k} (b+j)/(a+b+j)
/// P(leaves at the k-th)       = B(a+1, b+k−1)/B(a, b)
/// ```
///
/// Source: Fader, Hardie & Lee (2005b); the letters are theirs (u and v in Jerath, Fader & Hardie
/// 2011). Every result keeps its digits for a and b from 1e-8 to 1e10.
///
/// ```
/// use clvcast::models::Dropout;
/// let law = Dropout::beta(0.793, 2.426).unwrap(); // CDNOW
/// assert!((law.mean() - 0.246).abs() < 1e-3);
/// assert!((law.ln_survive(1).exp() - (1.0 - law.mean())).abs() < 1e-15);
/// assert_eq!(law.after(2), Dropout::Beta { a: 0.793, b: 4.426 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Dropout {
    /// θ is beta distributed.
    Beta {
        /// Shape of leaving, a or u.
        a: f64,
        /// Shape of staying, b or v.
        b: f64,
    },
    /// Everybody leaves with this probability: the limit a, b → ∞.
    Equal(f64),
    /// Nobody leaves: the limit a/(a + b) → 0.
    Never,
}

impl Dropout {
    /// θ ~ Beta(a, b).
    ///
    /// # Errors
    /// When one of them is not positive and finite.
    ///
    /// ```
    /// use clvcast::models::Dropout;
    /// assert!(Dropout::beta(0.8, 2.4).is_ok());
    /// assert!(Dropout::beta(0.8, 0.0).is_err());
    /// ```
    pub fn beta(a: f64, b: f64) -> Result<Self, ParameterError> {
        Ok(Self::Beta { a: Positive::new("a", a)?.get(), b: Positive::new("b", b)?.get() })
    }

    /// The same probability of leaving for everybody.
    ///
    /// # Errors
    /// When it is not in (0, 1].
    ///
    /// ```
    /// use clvcast::models::Dropout;
    /// assert!(Dropout::equal(1.0).is_ok());
    /// let error = Dropout::equal(1.5).unwrap_err();
    /// assert_eq!(error.to_string(), "parameter `theta`: found 1.5, expected a number in (0, 1]");
    /// ```
    pub fn equal(theta: f64) -> Result<Self, ParameterError> {
        if theta > 0.0 && theta <= 1.0 {
            Ok(Self::Equal(theta))
        } else {
            Err(ParameterError { name: "theta", found: theta, expected: "a number in (0, 1]" })
        }
    }

    /// What is known after `k` more opportunities at which the customer stayed.
    #[must_use]
    pub fn after(self, k: u32) -> Self {
        self.after_real(f64::from(k))
    }

    /// E\[θ\] = a/(a + b), the probability of leaving at the next opportunity.
    #[must_use]
    pub fn mean(self) -> f64 {
        match self {
            Self::Beta { a, b } => a / (a + b),
            Self::Equal(theta) => theta,
            Self::Never => 0.0,
        }
    }

    /// ln of the odds of leaving against staying at the next opportunity, ln(a/b).
    ///
    /// ```
    /// use clvcast::models::Dropout;
    /// assert!((Dropout::equal(0.25).unwrap().ln_odds() + 3_f64.ln()).abs() < 1e-15);
    /// assert_eq!(Dropout::Never.ln_odds(), f64::NEG_INFINITY);
    /// ```
    #[must_use]
    pub fn ln_odds(self) -> f64 {
        match self {
            Self::Beta { a, b } => (a / b).ln(),
            Self::Equal(theta) => theta.ln() - (-theta).ln_1p(),
            Self::Never => f64::NEG_INFINITY,
        }
    }

    /// ln P(stays at k opportunities) = ln B(a, b+k)/B(a, b) = −Σ_{j<k} ln(1 + a/(b+j)).
    ///
    /// ```
    /// use clvcast::models::Dropout;
    /// let law = Dropout::beta(1.0, 3.0).unwrap();
    /// assert!((law.ln_survive(5) - (3.0_f64 / 8.0).ln()).abs() < 1e-15); // b/(b+k) for a = 1
    /// ```
    #[must_use]
    pub fn ln_survive(self, k: u32) -> f64 {
        self.ln_survive_real(f64::from(k))
    }

    /// ln P(leaves at the k-th opportunity, k ≥ 1) = ln B(a+1, b+k−1)/B(a, b); −∞ for k = 0.
    ///
    /// ```
    /// use clvcast::models::Dropout;
    /// let law = Dropout::beta(1.0, 3.0).unwrap();
    /// assert!((law.ln_leave(1).exp() - 0.25).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn ln_leave(self, k: u32) -> f64 {
        k.checked_sub(1).map_or(f64::NEG_INFINITY, |stayed| {
            self.ln_survive(stayed) + self.after(stayed).mean().ln()
        })
    }

    /// P(stays at k opportunities) for k = 0, 1, 2, …
    ///
    /// ```
    /// use clvcast::models::Dropout;
    /// let shares: Vec<f64> = Dropout::equal(0.5).unwrap().survival().take(3).collect();
    /// assert_eq!(shares, [1.0, 0.5, 0.25]);
    /// ```
    pub fn survival(self) -> impl Iterator<Item = f64> {
        let mut law = self;
        let mut share = 1.0;
        std::iter::repeat_with(move || {
            let now = share;
            share *= law.stay();
            law = law.after(1);
            now
        })
    }

    /// [`after`](Self::after) with counts between whole numbers.
    pub(in crate::models) fn after_real(self, k: f64) -> Self {
        match self {
            Self::Beta { a, b } => Self::Beta { a, b: b + k },
            Self::Equal(_) | Self::Never => self,
        }
    }

    /// 1 − E\[θ\] without cancellation.
    pub(in crate::models) fn stay(self) -> f64 {
        match self {
            Self::Beta { a, b } => b / (a + b),
            Self::Equal(theta) => 1.0 - theta,
            Self::Never => 1.0,
        }
    }

    /// [`ln_survive`](Self::ln_survive) with the gamma functions between whole numbers.
    pub(in crate::models) fn ln_survive_real(self, k: f64) -> f64 {
        match self {
            Self::Beta { a, b } => -ln_1p_sum(a, b, k),
            // 0 · ln 0 is 0: nothing has happened yet.
            Self::Equal(_) if k == 0.0 => 0.0,
            Self::Equal(theta) => k * (-theta).ln_1p(),
            Self::Never => 0.0,
        }
    }
}

/// Terms added one by one; beyond, and from this b + j on, the sum is an integral with corrections
/// whose first one left out, 2.1e-8 · 8!/32^9, is below 1e-16 of the term it stands for.
const DIRECT: f64 = 32.0;

/// Σ_{j<k} ln(1 + a/(b+j)) for a, b > 0: all terms are positive, so nothing cancels.
///
/// For a whole number of steps the terms up to [`DIRECT`] are added, the rest is Euler and
/// Maclaurin's formula (DLMF 2.10.1); the remainder of k need not be whole.
fn ln_1p_sum(a: f64, b: f64, k: f64) -> f64 {
    let term = |z: f64| (a / z).ln_1p();
    let (mut sum, mut j) = (0.0, 0.0);
    while j + 1.0 <= k && (b + j < DIRECT || k <= DIRECT) {
        sum += term(b + j);
        j += 1.0;
    }
    let rest = k - j;
    if rest <= 0.0 {
        return sum;
    }
    let (low, high) = (b + j, b + j + rest);
    // ∫ ln(1 + a/z) dz over (low, high), grouped so that large a and b do not cancel.
    let integral = rest * term(high)
        + low * (-(a / (low + a)) * (rest / high)).ln_1p()
        + a * (rest / (low + a)).ln_1p();
    sum + integral + 0.5 * (term(low) - term(high)) + derivatives(a, high) - derivatives(a, low)
}

/// Σ_i B_2i/(2i)! · f^(2i−1)(z), i = 1 … 4, for f(z) = ln(1 + a/z), whose odd derivatives are
/// (m−1)! (u^m − v^m) with u = 1/(z+a), v = 1/z.
fn derivatives(a: f64, z: f64) -> f64 {
    let (u, v) = (1.0 / (z + a), 1.0 / z);
    // (u^m − v^m)/(u − v) = Σ u^i v^(m−1−i), and u − v = −a u v.
    let quotient = |m: i32| (0..m).map(|i| u.powi(i) * v.powi(m - 1 - i)).sum::<f64>();
    -a * u
        * v
        * (1.0 / 12.0 - quotient(3) * 2.0 / 720.0 + quotient(5) * 24.0 / 30240.0
            - quotient(7) * 720.0 / 1_209_600.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survival_over_many_opportunities_is_the_sum_of_its_terms() {
        for a in [1e-8, 0.3, 1.0, 40.0, 1e5, 1e10] {
            for b in [1e-8, 0.7, 31.0, 1e4, 1e10] {
                for k in [1_u32, 2, 31, 32, 33, 100, 5000] {
                    let terms = (0..k).rev().map(|j| (a / (b + f64::from(j))).ln_1p());
                    let (sum, found) = (-terms.sum::<f64>(), Dropout::Beta { a, b }.ln_survive(k));
                    // Sums of up to 5000 terms of one sign.
                    assert!((found / sum - 1.0).abs() < 1e-14 * f64::from(k).sqrt(), "{a} {b} {k}");
                }
            }
        }
    }

    #[test]
    fn half_opportunities_interpolate_by_the_same_recurrence() {
        // S(k+1) = S(k) (b+k)/(a+b+k) holds between whole numbers, too.
        let law = Dropout::Beta { a: 0.8, b: 2.4 };
        for k in [40.5, 1000.25] {
            let step = law.ln_survive_real(k + 1.0) - law.ln_survive_real(k);
            assert!((step + (0.8_f64 / (2.4 + k)).ln_1p()).abs() < 1e-14);
        }
    }

    #[test]
    fn leaving_and_staying_use_up_the_probability() {
        for law in [Dropout::Beta { a: 0.8, b: 2.4 }, Dropout::Equal(0.3), Dropout::Never] {
            let left: f64 = (1..=40).map(|k| law.ln_leave(k).exp()).sum();
            assert!((left + law.ln_survive(40).exp() - 1.0).abs() < 1e-14, "{law:?}");
            for (k, share) in (0..40).zip(law.survival()) {
                assert!((law.ln_survive(k).exp() - share).abs() < 1e-15 * 40.0, "{law:?} {k}");
            }
        }
        assert_eq!(Dropout::Equal(1.0).ln_survive(0), 0.0);
        assert_eq!(Dropout::Equal(1.0).ln_survive(1), f64::NEG_INFINITY);
        assert_eq!(Dropout::Never.ln_leave(0), f64::NEG_INFINITY);
    }

    #[test]
    fn limits_are_approached() {
        // Var θ = θ(1−θ)/(a+b+1) is 1e-9 at most; k = 10 multiplies it by k²/2.
        let near = Dropout::Beta { a: 0.3e10, b: 0.7e10 };
        let found = near.ln_survive(10) - Dropout::Equal(0.3).ln_survive(10);
        assert!(found.abs() < 5e-8 && found != 0.0);
        assert!(Dropout::Beta { a: 1e-12, b: 1.0 }.ln_survive(1000).abs() < 1e-11);
    }
}
