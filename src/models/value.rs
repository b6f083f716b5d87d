//! How much a customer spends per purchase: the gamma mixture of gamma values, and its limits.

use super::parameter::{ParameterError, Positive};
use super::special::{beta_tails, gamma_tails, ln_beta_front, ln_poisson};

/// What is known of one customer's average purchase value m (money).
///
/// ```text
/// m | ν ~ Gamma(shape p, rate ν),   ν ~ Gamma(shape q, rate k)
/// f(m) = Γ(p+q)/(Γ(p)Γ(q)) · k^q m^(p−1) / (m+k)^(p+q)             (Gamma-Gamma)
/// F(m) = I(m/(m+k); p, q)
/// mode = k (p−1)/(q+1) for p > 1;  E[m] = p k/(q−1) for q > 1, infinite otherwise
/// after values m_1 … m_h with sum S:  q → q + p h,  k → k + S
/// ```
///
/// The letters are those of *S*; in the literature k = γ. The other members are the limits of the
/// likelihood; they obey the same rules, so that forecasts need no special case.
///
/// ```
/// use clvcast::models::ValueLaw;
/// let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).unwrap();
/// assert!((law.mode().unwrap() - 9646.96264822).abs() < 1e-6);               // S
/// assert!((law.ln_density(9646.96).exp() - 3.32359865726e-5).abs() < 1e-15); // S
/// let next = law.after(1.0, 10_000.0);                                       // one value seen
/// assert_eq!(next, ValueLaw::gamma_gamma(8.57, 1.53 + 8.57, 3224.15 + 10_000.0).unwrap());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueLaw {
    /// Values vary within and between customers.
    GammaGamma {
        /// Shape of the values of one customer.
        p: f64,
        /// Shape of ν across customers.
        q: f64,
        /// Rate of ν across customers, in money.
        k: f64,
    },
    /// Limit q → ∞: all customers share one law of values, Gamma(shape p, rate).
    SameForAll {
        /// Shape of the values.
        p: f64,
        /// Rate of the values, per money.
        rate: f64,
    },
    /// Limit p → ∞: every customer always spends the same, and customers differ as
    /// inverse-gamma(shape q, scale).
    OwnConstant {
        /// Shape across customers.
        q: f64,
        /// Scale across customers, in money.
        scale: f64,
    },
    /// Both limits: one value, in money.
    Constant(f64),
}

/// A quantity below and above a threshold; both are kept because a difference would lose the
/// digits of the smaller one.
///
/// ```
/// use clvcast::models::ValueLaw;
/// let law = ValueLaw::gamma_gamma(1.0, 1.0, 100.0).unwrap(); // F(m) = m/(m + 100)
/// let (low, high) = (law.tails(100.0), law.tails(300.0));
/// assert!((low.lower - 0.5).abs() < 1e-14);
/// assert!((high.upper - 0.25).abs() < 1e-14);
/// assert!((low.until(high) - 0.25).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// The part below the threshold.
    pub lower: f64,
    /// The part at or above it.
    pub upper: f64,
}

impl Tails {
    fn new((lower, upper): (f64, f64)) -> Self {
        Self { lower, upper }
    }

    fn scaled(self, factor: f64) -> Self {
        Self { lower: self.lower * factor, upper: self.upper * factor }
    }

    /// The part between this threshold and a `higher` one.
    #[must_use]
    pub fn until(self, higher: Self) -> f64 {
        // The smaller pair of tails carries the digits of the difference.
        let between = if self.lower > self.upper {
            self.upper - higher.upper
        } else {
            higher.lower - self.lower
        };
        between.max(0.0)
    }
}

impl ValueLaw {
    /// The Gamma-Gamma law.
    ///
    /// # Errors
    /// When a parameter is not positive and finite.
    pub fn gamma_gamma(p: f64, q: f64, k: f64) -> Result<Self, ParameterError> {
        Ok(Self::GammaGamma {
            p: Positive::new("p", p)?.get(),
            q: Positive::new("q", q)?.get(),
            k: Positive::new("k", k)?.get(),
        })
    }

    /// What is known after values with that total `weight` (their number, or for spending per
    /// purchase the number of purchases) and that `sum` (weight × value, in money).
    #[must_use]
    pub fn after(self, weight: f64, sum: f64) -> Self {
        match self {
            Self::GammaGamma { p, q, k } => Self::GammaGamma { p, q: q + p * weight, k: k + sum },
            Self::OwnConstant { .. } if weight > 0.0 => Self::Constant(sum / weight),
            Self::OwnConstant { .. } | Self::SameForAll { .. } | Self::Constant(_) => self,
        }
    }

    /// E\[m\] in money, `None` where it is infinite.
    #[must_use]
    pub fn mean(self) -> Option<f64> {
        match self {
            Self::GammaGamma { p, q, k } => (q > 1.0).then(|| p * k / (q - 1.0)),
            Self::SameForAll { p, rate } => Some(p / rate),
            Self::OwnConstant { q, scale } => (q > 1.0).then(|| scale / (q - 1.0)),
            Self::Constant(value) => Some(value),
        }
    }

    /// What [`mean`](Self::mean) is after values of that total `weight` (more than 0) and mean m, as
    /// c + d · m: (c, d), c in money; `None` where it is infinite.
    ///
    /// ```text
    /// p (k + w m)/(q + p w − 1)
    /// ```
    ///
    /// ```
    /// use clvcast::models::ValueLaw;
    /// let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15)?;
    /// let (c, d) = law.mean_after(2.0).unwrap();
    /// let next = law.after(2.0, 2.0 * 10_000.0).mean().unwrap();
    /// assert!(((c + d * 10_000.0) / next - 1.0).abs() < 1e-15);
    /// # Ok::<(), clvcast::models::ParameterError>(())
    /// ```
    #[must_use]
    pub fn mean_after(self, weight: f64) -> Option<(f64, f64)> {
        match self {
            Self::GammaGamma { p, q, k } => {
                let excess = q + p * weight - 1.0;
                (excess > 0.0).then(|| (p * k / excess, p * weight / excess))
            }
            Self::OwnConstant { .. } => Some((0.0, 1.0)),
            Self::SameForAll { .. } | Self::Constant(_) => self.mean().map(|mean| (mean, 0.0)),
        }
    }

    /// The most probable value in money, `None` where the density has no interior maximum.
    #[must_use]
    pub fn mode(self) -> Option<f64> {
        match self {
            Self::GammaGamma { p, q, k } => (p > 1.0).then(|| k * (p - 1.0) / (q + 1.0)),
            Self::SameForAll { p, rate } => (p > 1.0).then(|| (p - 1.0) / rate),
            Self::OwnConstant { q, scale } => Some(scale / (q + 1.0)),
            Self::Constant(value) => Some(value),
        }
    }

    /// ln f(m), per money, for m > 0; −∞ at 0, −∞ or +∞ for a constant.
    ///
    /// Formed from deviations from the mode: a sum of the density's factors is off by p and q times
    /// the rounding error, which no quadrature can smooth.
    #[must_use]
    pub fn ln_density(self, m: f64) -> f64 {
        if m <= 0.0 {
            return f64::NEG_INFINITY;
        }
        match self {
            // x^p y^q/(B(p, q) m) with x = m/(m+k) and y = 1 − x.
            Self::GammaGamma { p, q, k } => {
                ln_beta_front(p, q, 1.0 / (1.0 + k / m), 1.0 / (1.0 + m / k)) - m.ln()
            }
            // (rate m)^p e^(−rate m)/Γ(p+1) · p/m, and the same in scale/m.
            Self::SameForAll { p, rate } => ln_poisson(p, rate * m) + (p / m).ln(),
            Self::OwnConstant { q, scale } => ln_poisson(q, scale / m) + (q / m).ln(),
            Self::Constant(value) if value.total_cmp(&m).is_eq() => f64::INFINITY,
            Self::Constant(_) => f64::NEG_INFINITY,
        }
    }

    /// P(m < z) and P(m ≥ z).
    #[must_use]
    pub fn tails(self, z: f64) -> Tails {
        if z <= 0.0 {
            return Tails { lower: 0.0, upper: 1.0 };
        }
        Tails::new(match self {
            Self::GammaGamma { p, q, k } => beta_tails(p, q, z, k),
            Self::SameForAll { p, rate } => gamma_tails(p, rate * z),
            Self::OwnConstant { q, scale } => swap(gamma_tails(q, scale / z)),
            Self::Constant(value) => step(value < z),
        })
    }

    /// E\[m; m < z\] and E\[m; m ≥ z\] in money, `None` where the mean is infinite.
    ///
    /// ```
    /// use clvcast::models::ValueLaw;
    /// let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).unwrap();
    /// let parts = law.partial_mean(10_000.0).unwrap();
    /// assert!(((parts.lower + parts.upper) / law.mean().unwrap() - 1.0).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn partial_mean(self, z: f64) -> Option<Tails> {
        let mean = self.mean()?;
        if z <= 0.0 {
            return Some(Tails { lower: 0.0, upper: mean });
        }
        let share = match self {
            Self::GammaGamma { p, q, k } => beta_tails(p + 1.0, q - 1.0, z, k),
            Self::SameForAll { p, rate } => gamma_tails(p + 1.0, rate * z),
            Self::OwnConstant { q, scale } => swap(gamma_tails(q - 1.0, scale / z)),
            Self::Constant(value) => step(value < z),
        };
        Some(Tails::new(share).scaled(mean))
    }
}

const fn swap((lower, upper): (f64, f64)) -> (f64, f64) {
    (upper, lower)
}

const fn step(below: bool) -> (f64, f64) {
    if below { (1.0, 0.0) } else { (0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAWS: [ValueLaw; 3] = [
        ValueLaw::GammaGamma { p: 3.0, q: 2.5, k: 40.0 },
        ValueLaw::SameForAll { p: 3.0, rate: 0.1 },
        ValueLaw::OwnConstant { q: 2.5, scale: 40.0 },
    ];

    #[test]
    fn the_mean_after_values_is_linear_in_theirs() {
        for law in LAWS.into_iter().chain([ValueLaw::Constant(7.0)]) {
            for (weight, m) in [(1.0, 0.0), (1.0, 35.0), (4.0, 1e4)] {
                let (c, d) = law.mean_after(weight).unwrap();
                let expected = law.after(weight, weight * m).mean().unwrap();
                // Two ways through five roundings.
                assert!((c + d * m - expected).abs() <= 1e-15 * expected, "{law:?} {m}");
            }
        }
        let heavy = ValueLaw::gamma_gamma(0.2, 0.7, 40.0).unwrap();
        assert_eq!((heavy.mean_after(1.0), heavy.after(1.0, 9.0).mean()), (None, None));
    }

    /// Integral of `g` over (0, z) by the midpoint rule in ln m; 2e5 steps over a width of 30
    /// leave an error of order 1e-9.
    fn integrate(z: f64, g: impl Fn(f64) -> f64) -> f64 {
        let (steps, width) = (200_000, 30.0);
        let h = width / f64::from(steps);
        (0..steps)
            .map(|i| {
                let m = (z.ln() - width + (f64::from(i) + 0.5) * h).exp();
                g(m) * m * h
            })
            .sum()
    }

    #[test]
    fn densities_integrate_to_the_tails_and_partial_means() {
        for law in LAWS {
            for z in [5.0, 30.0, 200.0] {
                let mass = integrate(z, |m| law.ln_density(m).exp());
                assert!((law.tails(z).lower - mass).abs() < 1e-8, "{law:?} {z}");
                assert!((law.tails(z).lower + law.tails(z).upper - 1.0).abs() < 1e-14);
                let mean = integrate(z, |m| m * law.ln_density(m).exp());
                assert!((law.partial_mean(z).unwrap().lower - mean).abs() < 1e-7, "{law:?} {z}");
            }
        }
    }

    #[test]
    fn limits_are_approached() {
        // q → ∞ with k = rate·q, and p → ∞ with k = scale/p: differences fall as 1/q and 1/p.
        let z = 25.0;
        let same = ValueLaw::GammaGamma { p: 3.0, q: 1e7, k: 1e7 / 0.1 * 1.0 };
        let limit = ValueLaw::SameForAll { p: 3.0, rate: 0.1 };
        assert!((same.tails(z).lower - limit.tails(z).lower).abs() < 1e-6);
        let own = ValueLaw::GammaGamma { p: 1e7, q: 2.5, k: 40.0 / 1e7 };
        let limit = ValueLaw::OwnConstant { q: 2.5, scale: 40.0 };
        assert!((own.tails(z).lower - limit.tails(z).lower).abs() < 1e-6);
        assert!((own.mean().unwrap() / limit.mean().unwrap() - 1.0).abs() < 1e-6);
    }
}
