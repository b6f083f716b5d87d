//! How long a customer stays: the gamma mixture of exponential lifetimes, and its limits.

use super::parameter::{ParameterError, Positive};

/// What is known of one customer's rate μ of leaving, per period.
///
/// ```text
/// μ ~ Gamma(shape s, rate β)               before anything is observed
/// μ ~ Gamma(shape s, rate β + t)           alive at t
/// P(alive at t) = (β/(β+t))^s
/// ```
///
/// Source: Schmittlein, Morrison & Colombo (1987), as in Fader & Hardie (2005); times in periods.
///
/// ```
/// use clvcast::models::Lifetime;
/// let law = Lifetime::gamma(0.606, 11.669).unwrap(); // CDNOW, weeks
/// assert!((law.ln_survive(39.0).exp() - (11.669_f64 / 50.669).powf(0.606)).abs() < 1e-15);
/// assert_eq!(law.after(1.0), Lifetime::Gamma { shape: 0.606, rate: 12.669 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lifetime {
    /// μ is gamma distributed.
    Gamma {
        /// Shape, s.
        shape: f64,
        /// Rate in periods, β.
        rate: f64,
    },
    /// Everybody leaves at this rate, per period: the limit s → ∞.
    Equal(f64),
    /// Nobody leaves: the limit s/β → 0.
    Never,
}

impl Lifetime {
    /// μ ~ Gamma(shape s, rate β in periods).
    ///
    /// # Errors
    /// When one of them is not positive and finite.
    ///
    /// ```
    /// use clvcast::models::Lifetime;
    /// assert!(Lifetime::gamma(0.6, 11.7).is_ok());
    /// assert!(Lifetime::gamma(0.6, f64::INFINITY).is_err());
    /// ```
    pub fn gamma(s: f64, beta: f64) -> Result<Self, ParameterError> {
        let (shape, rate) = (Positive::new("s", s)?.get(), Positive::new("beta", beta)?.get());
        Ok(Self::Gamma { shape, rate })
    }

    /// The same rate of leaving for everybody, per period.
    ///
    /// # Errors
    /// When it is not positive and finite.
    ///
    /// ```
    /// use clvcast::models::Lifetime;
    /// assert_eq!(Lifetime::equal(0.05).unwrap(), Lifetime::Equal(0.05));
    /// ```
    pub fn equal(mu: f64) -> Result<Self, ParameterError> {
        Positive::new("mu", mu).map(|mu| Self::Equal(mu.get()))
    }

    /// What is known when the customer has stayed for `t` more periods.
    #[must_use]
    pub fn after(self, t: f64) -> Self {
        match self {
            Self::Gamma { shape, rate } => Self::Gamma { shape, rate: rate + t },
            Self::Equal(_) | Self::Never => self,
        }
    }

    /// ln P(stays for t periods) = −s ln(1 + t/β).
    #[must_use]
    pub fn ln_survive(self, t: f64) -> f64 {
        match self {
            Self::Gamma { shape, rate } => -shape * (t / rate).ln_1p(),
            Self::Equal(mu) => -mu * t,
            Self::Never => 0.0,
        }
    }

    /// Rate of leaving after t periods, per period: s/(β + t).
    ///
    /// ```
    /// use clvcast::models::Lifetime;
    /// assert_eq!(Lifetime::gamma(2.0, 3.0).unwrap().hazard(1.0), 0.5);
    /// ```
    #[must_use]
    pub fn hazard(self, t: f64) -> f64 {
        match self {
            Self::Gamma { shape, rate } => shape / (rate + t),
            Self::Equal(mu) => mu,
            Self::Never => 0.0,
        }
    }

    /// ln of the density of leaving after t periods, per period: s β^s/(β+t)^(s+1); −∞ when nobody
    /// leaves.
    ///
    /// ```
    /// use clvcast::models::Lifetime;
    /// let law = Lifetime::gamma(2.0, 3.0).unwrap();
    /// assert!((law.ln_density(1.0).exp() - 18.0 / 64.0).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn ln_density(self, t: f64) -> f64 {
        self.ln_survive(t) + self.hazard(t).ln()
    }

    /// Expected periods stayed between t0 and t1, ∫ P(alive at y) dy over (t0, t1):
    ///
    /// ```text
    /// [β^s/(s−1)] · [(β+t0)^(1−s) − (β+t1)^(1−s)],   β ln((β+t1)/(β+t0)) for s = 1
    /// = P(alive at t0) · (β+t0) · v · (e^z − 1)/z,   v = ln(1 + (t1−t0)/(β+t0)),  z = (1−s) v
    /// ```
    ///
    /// The last form has no special case at s = 1 and no cancellation near it.
    ///
    /// ```
    /// use clvcast::models::Lifetime;
    /// let law = Lifetime::gamma(1.0, 2.0).unwrap();
    /// assert!((law.stay(0.0, 2.0) - 2.0 * 2_f64.ln()).abs() < 1e-15);
    /// assert_eq!(Lifetime::Never.stay(1.0, 4.0), 3.0);
    /// ```
    #[must_use]
    pub fn stay(self, t0: f64, t1: f64) -> f64 {
        let width = t1 - t0;
        match self {
            Self::Gamma { shape, rate } => {
                let from = rate + t0;
                let v = (width / from).ln_1p();
                self.ln_survive(t0).exp() * from * v * expm1_ratio((1.0 - shape) * v)
            }
            Self::Equal(mu) => self.ln_survive(t0).exp() * width * expm1_ratio(-mu * width),
            Self::Never => width,
        }
    }
}

/// (e^z − 1)/z, 1 at z = 0.
fn expm1_ratio(z: f64) -> f64 {
    if z == 0.0 { 1.0 } else { z.exp_m1() / z }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stayed_is_the_integral_of_survival_also_at_shape_one() {
        for law in [
            Lifetime::Gamma { shape: 0.6, rate: 11.7 },
            Lifetime::Gamma { shape: 1.0, rate: 11.7 },
            Lifetime::Gamma { shape: 1.0 + 1e-9, rate: 0.02 },
            Lifetime::Gamma { shape: 7.5, rate: 100.0 },
            Lifetime::Equal(0.05),
            Lifetime::Never,
        ] {
            let (t0, t1, steps) = (2.0, 9.0, 20_000);
            let h = (t1 - t0) / f64::from(steps);
            let survive = |i| law.ln_survive(t0 + (f64::from(i) + 0.5) * h).exp();
            let sum: f64 = (0..steps).map(survive).sum::<f64>() * h;
            // The midpoint rule's error is h²/24 of the change of the slope: below 1e-9.
            assert!((law.stay(t0, t1) - sum).abs() < 1e-8, "{law:?}");
            assert_eq!(law.stay(t0, t0), 0.0);
        }
    }

    #[test]
    fn limits_are_approached() {
        // s → ∞ with s/β fixed: the first term left out is μ² t²/(2s).
        let near = Lifetime::Gamma { shape: 1e10, rate: 2e11 };
        let limit = Lifetime::Equal(0.05);
        assert!((near.ln_survive(30.0) - limit.ln_survive(30.0)).abs() < 2e-10);
        assert!((near.stay(3.0, 30.0) / limit.stay(3.0, 30.0) - 1.0).abs() < 2e-10);
        assert!((near.hazard(3.0) / limit.hazard(3.0) - 1.0).abs() < 2e-10);
        assert!((Lifetime::Gamma { shape: 1e-12, rate: 1.0 }.stay(1.0, 4.0) - 3.0).abs() < 1e-11);
    }
}
