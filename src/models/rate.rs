//! How often a customer purchases: the gamma mixture of Poisson rates, and its limit.

use super::parameter::{ParameterError, Positive};
use super::special::{
    beta_tails, gamma_tails, ln_beta_front, ln_poisson, ln_rising, rising_excess,
};

/// What is known of one customer's purchase rate λ (purchases per period).
///
/// ```text
/// λ ~ Gamma(shape b, rate a)              before anything is observed
/// λ ~ Gamma(shape b + x, rate a + t)      after x purchases in t periods
/// P(X = x | t) = Γ(b+x)/(Γ(b) x!) · (a/(a+t))^b · (t/(a+t))^x       (NBD)
/// ```
///
/// The letters are those of *S*; in the literature a = α and b = r. `Equal` is the limit b → ∞
/// with b/a fixed: every customer has the same rate and counts are Poisson.
///
/// ```
/// use clvcast::models::RateLaw;
/// let law = RateLaw::nbd(1.84, 2.67).unwrap();
/// assert!((law.mean() - 1.45108695652).abs() < 1e-11);          // S: b/a
/// assert!((law.pmf(0, 1.0) - 0.313836621219).abs() < 1e-12);    // S: P(0) = 31 %
/// let later = law.after(3, 2.0);                                // 3 purchases in 2 periods
/// assert_eq!(later, RateLaw::Gamma { shape: 5.67, rate: 3.84 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RateLaw {
    /// λ is gamma distributed: the NBD.
    Gamma {
        /// Shape, b or r.
        shape: f64,
        /// Rate in periods, a or α.
        rate: f64,
    },
    /// Everybody has this rate, purchases per period: the Poisson limit.
    Equal(f64),
}

impl RateLaw {
    /// Shape b that stands for the limit b → 0 of the zero-truncated NBD, the logarithmic series:
    /// probabilities differ from the limit's by a share of this size.
    pub const LOG_SERIES_SHAPE: f64 = 1e-9;

    /// Whether this is the logarithmic-series limit.
    #[must_use]
    pub fn is_log_series(self) -> bool {
        matches!(self, Self::Gamma { shape, .. } if shape <= Self::LOG_SERIES_SHAPE)
    }

    /// The NBD with rate parameter a (periods) and shape parameter b.
    ///
    /// # Errors
    /// When one of them is not positive and finite.
    pub fn nbd(a: f64, b: f64) -> Result<Self, ParameterError> {
        Ok(Self::Gamma { shape: Positive::new("b", b)?.get(), rate: Positive::new("a", a)?.get() })
    }

    /// The Poisson limit with that many purchases per period.
    ///
    /// # Errors
    /// When the rate is not positive and finite.
    pub fn poisson(rate: f64) -> Result<Self, ParameterError> {
        Positive::new("rate", rate).map(|rate| Self::Equal(rate.get()))
    }

    /// What is known after `x` more purchases in `t` more periods.
    #[must_use]
    pub fn after(self, x: u32, t: f64) -> Self {
        match self {
            Self::Gamma { shape, rate } => {
                Self::Gamma { shape: shape + f64::from(x), rate: rate + t }
            }
            Self::Equal(_) => self,
        }
    }

    /// E\[λ\], expected purchases per period: b/a.
    #[must_use]
    pub fn mean(self) -> f64 {
        match self {
            Self::Gamma { shape, rate } => shape / rate,
            Self::Equal(rate) => rate,
        }
    }

    /// ln P(no purchase in t periods) = −b ln(1 + t/a).
    ///
    /// ```
    /// use clvcast::models::RateLaw;
    /// let law = RateLaw::nbd(2.0, 3.0).unwrap();
    /// assert!((law.ln_p_zero(2.0) + 3.0 * 2_f64.ln()).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn ln_p_zero(self, t: f64) -> f64 {
        match self {
            Self::Gamma { shape, rate } => -shape * (t / rate).ln_1p(),
            Self::Equal(rate) => -rate * t,
        }
    }

    /// P(no purchase in t periods) = (a/(a+t))^b.
    #[must_use]
    pub fn p_zero(self, t: f64) -> f64 {
        self.ln_p_zero(t).exp()
    }

    /// P(at least one purchase in t periods) = 1 − (a/(a+t))^b, exact to the last digits for rates
    /// near 0, too.
    #[must_use]
    pub fn p_any(self, t: f64) -> f64 {
        -self.ln_p_zero(t).exp_m1()
    }

    /// ln of the density of `x` purchases at given times within t periods, per period to the x:
    ///
    /// ```text
    /// ln ∫ λ^x e^(−λt) dF(λ) = ln [Γ(b+x)/Γ(b) · a^b (a+t)^(−(b+x))]     (x ln λ − λ t in the limit)
    /// ```
    ///
    /// It is [`ln_pmf`](Self::ln_pmf) without ln(t^x/x!): the convention of likelihoods in which
    /// the times of purchases are data (Fader, Hardie & Lee 2005b).
    ///
    /// ```
    /// use clvcast::models::RateLaw;
    /// let law = RateLaw::nbd(1.84, 2.67).unwrap();
    /// let constant = (1.5_f64.powi(2) / 2.0).ln(); // t^x/x!
    /// assert!((law.ln_timed(2, 1.5) + constant - law.ln_pmf(2, 1.5)).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn ln_timed(self, x: u32, t: f64) -> f64 {
        // From here on Γ(b+x)/Γ(b) is near b^x and its logarithm is formed from the difference:
        // at b = 1e10 the logarithms of b^x and (a+t)^x are ten times the result and more.
        const LARGE_SHAPE: f64 = 15.0;
        let n = f64::from(x);
        match self {
            Self::Gamma { shape, rate } => {
                let rising = if x == 0 {
                    0.0
                } else if shape < LARGE_SHAPE {
                    ln_rising(shape, x) - n * rate.ln()
                } else {
                    rising_excess(shape, n) + n * (shape / rate).ln()
                };
                rising - (shape + n) * (t / rate).ln_1p()
            }
            // 0 · ln λ is 0 for any λ.
            Self::Equal(rate) if x == 0 => -rate * t,
            Self::Equal(rate) => n * rate.ln() - rate * t,
        }
    }

    /// ln P(X = x) over t periods; −∞ for x > 0 when t = 0.
    #[must_use]
    pub fn ln_pmf(self, x: u32, t: f64) -> f64 {
        if x == 0 {
            return self.ln_p_zero(t);
        }
        if t <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let n = f64::from(x);
        match self {
            // Γ(b+x)/(Γ(b) x!) = 1/(x B(b, x)): the incomplete beta function's front factor.
            Self::Gamma { shape, rate } => {
                ln_beta_front(n, shape, t / (rate + t), rate / (rate + t)) - n.ln()
            }
            Self::Equal(rate) => ln_poisson(n, rate * t),
        }
    }

    /// P(X = x) over t periods.
    #[must_use]
    pub fn pmf(self, x: u32, t: f64) -> f64 {
        self.ln_pmf(x, t).exp()
    }

    /// P(X ≥ x) over t periods: I(t/(a+t); x, b).
    ///
    /// ```
    /// use clvcast::models::RateLaw;
    /// let law = RateLaw::nbd(1.84, 2.67).unwrap();
    /// assert!((law.at_least(1, 1.0) - (1.0 - law.p_zero(1.0))).abs() < 1e-14);
    /// ```
    #[must_use]
    pub fn at_least(self, x: u32, t: f64) -> f64 {
        if x == 0 {
            return 1.0;
        }
        match self {
            Self::Gamma { shape, rate } => beta_tails(f64::from(x), shape, t, rate).0,
            Self::Equal(rate) if rate * t > 0.0 => gamma_tails(f64::from(x), rate * t).0,
            Self::Equal(_) => 0.0,
        }
    }

    /// P(X ≤ x) over t periods.
    #[must_use]
    pub fn at_most(self, x: u32, t: f64) -> f64 {
        let next = f64::from(x) + 1.0;
        match self {
            Self::Gamma { shape, rate } => beta_tails(next, shape, t, rate).1,
            Self::Equal(rate) if rate * t > 0.0 => gamma_tails(next, rate * t).1,
            Self::Equal(_) => 1.0,
        }
    }

    /// P(X = x) over t periods for every x in the range that holds all but 1e-16 of the
    /// probability above it: the first count and the probabilities from there on.
    ///
    /// The recurrence starts at the mode, so that a law whose P(0) underflows keeps its mass.
    ///
    /// ```
    /// use clvcast::models::RateLaw;
    /// let (first, table) = RateLaw::nbd(1.84, 2.67).unwrap().pmf_table(1.0);
    /// assert_eq!(first, 0);
    /// assert!((table.iter().sum::<f64>() - 1.0).abs() < 1e-14);
    /// ```
    #[must_use]
    pub fn pmf_table(self, t: f64) -> (u32, Vec<f64>) {
        self.pmf_table_to(t, u32::MAX)
    }

    /// [`pmf_table`](Self::pmf_table) cut off at the count `limit`: with a/(a+t) near 0 the tail
    /// has millions of terms.
    ///
    /// ```
    /// use clvcast::models::RateLaw;
    /// let law = RateLaw::nbd(1e-9, 0.02).unwrap();
    /// let (first, table) = law.pmf_table_to(1.0, 50);
    /// assert_eq!((first, table.len()), (0, 51));
    /// assert!((table.iter().sum::<f64>() - law.at_most(50, 1.0)).abs() < 1e-13);
    /// ```
    #[must_use]
    pub fn pmf_table_to(self, t: f64, limit: u32) -> (u32, Vec<f64>) {
        let (mut first, mut below, mut above) = (u32::MAX, Vec::new(), Vec::new());
        self.each_count(t, limit, |x, p, is_below| {
            first = first.min(x);
            if is_below { below.push(p) } else { above.push(p) }
        });
        if above.is_empty() {
            return (self.mode(t).min(limit), above);
        }
        below.reverse();
        below.append(&mut above);
        (first, below)
    }

    /// Calls `visit` with every count and its probability in [`pmf_table_to`](Self::pmf_table_to):
    /// first those below the mode, downwards, then all others, upwards.
    pub(crate) fn each_count(self, t: f64, limit: u32, mut visit: impl FnMut(u32, f64, bool)) {
        // Terms below this share of the largest add less than 1e-16 in all, as both sides fall at
        // least geometrically beyond the mode.
        const NEGLIGIBLE: f64 = 1e-19;
        let (ratio, shape) = match self {
            Self::Gamma { shape, rate } => (t / (rate + t), shape),
            Self::Equal(rate) => (rate * t, f64::INFINITY),
        };
        // P(x+1)/P(x) = (b + x)/(x + 1) · t/(a+t); λt/(x+1) in the limit.
        let step = |x: f64| {
            if shape.is_finite() { (shape + x) / (x + 1.0) * ratio } else { ratio / (x + 1.0) }
        };
        let mode = self.mode(t).min(limit);
        let top = self.pmf(mode, t);
        let (mut x, mut p) = (mode, top);
        while x > 0 && p > top * NEGLIGIBLE {
            x -= 1;
            p /= step(f64::from(x));
            visit(x, p, true);
        }
        let (mut x, mut p) = (mode, top);
        while p > top * NEGLIGIBLE {
            visit(x, p, false);
            if x == limit {
                break;
            }
            p *= step(f64::from(x));
            x += 1;
        }
    }

    /// The likeliest count in `t` periods.
    fn mode(self, t: f64) -> u32 {
        let mode = match self {
            Self::Gamma { shape, rate } => ((shape - 1.0).max(0.0) * t / rate).floor(),
            Self::Equal(rate) => (rate * t).floor(),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let mode = mode as u32;
        mode
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pmf_table_sums_to_one_even_where_p_zero_underflows() {
        for law in [
            RateLaw::nbd(1.84, 2.67).unwrap(),
            RateLaw::nbd(1.02, 5000.0).unwrap(),
            RateLaw::nbd(0.001, 0.02).unwrap().after(3, 1.0),
            RateLaw::poisson(1400.0).unwrap(),
        ] {
            let (first, table) = law.pmf_table(1.0);
            let total: f64 = table.iter().sum();
            let mean: f64 = (first..).zip(&table).map(|(x, p)| f64::from(x) * p).sum();
            assert!((total - 1.0).abs() < 1e-12, "{law:?}: {total}");
            assert!((mean / law.mean() - 1.0).abs() < 1e-11, "{law:?}: {mean}");
        }
    }

    #[test]
    fn timed_densities_agree_with_probabilities_and_with_the_poisson_limit() {
        for (a, b) in [(12.07, 0.385), (1e-6, 1e-8), (3.0, 14.9), (3.0, 15.1), (40.0, 900.0)] {
            let law = RateLaw::nbd(a, b).unwrap();
            for (x, t) in [(0, 0.0_f64), (0, 39.0), (1, 0.3), (7, 39.0), (200, 39.0), (5000, 38.86)]
            {
                let n = f64::from(x);
                let times = if x == 0 { 0.0 } else { n * t.ln() };
                let orders = crate::models::special::ln_factorial(x);
                let (found, expected) = (law.ln_timed(x, t), law.ln_pmf(x, t) - times + orders);
                // Both sides round logarithms of the size of their terms, and the probability has
                // ln Γ below 15 to 1e-13.
                let scale = times.abs() + orders + expected.abs() + n * a.ln().abs();
                assert!((found - expected).abs() < 1e-13 + 4e-16 * scale, "{law:?} {x} {t}");
            }
        }
        let near = RateLaw::nbd(1e10, 2e10).unwrap();
        let limit = RateLaw::poisson(2.0).unwrap();
        for (x, t) in [(0, 5.0), (9, 5.0), (40, 20.0)] {
            // The first term left out is ((x − λt)² − x)/(2b), below 1e-9.
            let term = ((f64::from(x) - 2.0 * t).powi(2) - f64::from(x)) / 4e10;
            let difference = near.ln_timed(x, t) - limit.ln_timed(x, t);
            assert!((difference - term).abs() < 2e-14, "{x} {t}: {difference:e}, {term:e}");
        }
    }

    #[test]
    fn tails_agree_with_sums_of_the_pmf() {
        for law in [RateLaw::nbd(0.7, 0.3).unwrap(), RateLaw::poisson(2.5).unwrap()] {
            for x in 0..12 {
                let below: f64 = (0..=x).map(|y| law.pmf(y, 1.5)).sum();
                assert!((law.at_most(x, 1.5) - below).abs() < 1e-13);
                assert!((law.at_least(x + 1, 1.5) - (1.0 - below)).abs() < 1e-13);
            }
        }
    }
}
