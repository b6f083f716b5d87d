//! What is known of one customer at the as-of date, and what follows for any window ahead.

mod after_purchase;
mod anytime;
mod at_ends;
mod counts;

use super::{Dropout, Lifetime, RateLaw};
use after_purchase::AfterPurchase;
use anytime::Anytime;
use at_ends::AtEnds;

/// When a customer who is alive now may leave, and what is known of how readily.
///
/// ```
/// use clvcast::models::{Dropout, Leaving};
/// let weekly = [1.0, 2.0, 3.0];
/// let leaving = Leaving::AtEnds { dropout: Dropout::Equal(0.1), ends: &weekly };
/// assert_ne!(leaving, Leaving::Never);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Leaving<'a> {
    /// Never.
    Never,
    /// With probability θ right after each purchase.
    AfterPurchase(Dropout),
    /// At any time, at a rate.
    Anytime(Lifetime),
    /// With probability θ at the end of each sub-period.
    AtEnds {
        /// Law of θ.
        dropout: Dropout,
        /// Operational times after the as-of date, ascending, up to the end of any window asked
        /// for: beyond the last one nobody leaves.
        ends: &'a [f64],
    },
}

/// What is known of one customer at the as-of date.
///
/// Windows are (t0, t1] with 0 ≤ t0 ≤ t1 in periods of the model's clock after the as-of date. All
/// results are averages over everything that is not known, being alive now included. With Y the
/// purchases in the window, N_t those of a customer who cannot leave (NBD), S_n = P(stays at n
/// opportunities) and Z the time of leaving:
///
/// ```text
/// after purchases  E[Y(0,t)] = Σ_n S_(n−1) P(N_t ≥ n);   P(Y ≥ 1) = Σ_n S_n P(N_t0 = n) P(N ≥ 1 | n)
/// at any time      E[Y] = E[λ] ∫ P(Z > y) dy;            P(Y ≥ 1) = ∫ P(Z > y) dP(first purchase ≤ y)
/// at ends          the same as sums over sub-periods, each with its share of the window
/// ```
///
/// The models are those of Fader, Hardie & Lee (2005b), Schmittlein, Morrison & Colombo (1987) and
/// Jerath, Fader & Hardie (2011). Unlike their closed forms with 2F1, these sums and integrals have
/// positive terms only and no special case at a = 1 or s = 1.
///
/// ```
/// use clvcast::models::{Dropout, Leaving, Outlook, RateLaw};
/// let rate = RateLaw::nbd(4.414, 0.243).unwrap(); // BG/NBD of CDNOW, weeks
/// let leaving = Leaving::AfterPurchase(Dropout::beta(0.793, 2.426).unwrap());
/// let newcomer = Outlook { p_alive: 1.0, rate, leaving };
/// // Fader, Hardie & Lee (2005b): P(no purchase in 39 weeks).
/// assert!((newcomer.p_any(0.0, 39.0) - (1.0 - 0.5737864)).abs() < 1e-7);
/// let pmf = newcomer.pmf(0.0, 39.0);
/// let mean: f64 = (0_u32..).zip(&pmf).map(|(n, p)| f64::from(n) * p).sum();
/// assert!((mean / newcomer.expected(0.0, 39.0) - 1.0).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook<'a> {
    /// Probability that the customer has not left.
    pub p_alive: f64,
    /// Law of the purchase rate, given that the customer is alive.
    pub rate: RateLaw,
    /// How the customer may leave, given that it is alive.
    pub leaving: Leaving<'a>,
}

impl Outlook<'_> {
    /// Longest table that [`pmf`](Self::pmf) gives; counts above are left out.
    pub const MOST_COUNTS: u32 = 1 << 16;

    /// Probability that the customer has not left by t periods from now; an opportunity at t
    /// itself is over.
    ///
    /// ```
    /// use clvcast::models::{Leaving, Lifetime, Outlook, RateLaw};
    /// let leaving = Leaving::Anytime(Lifetime::equal(0.1).unwrap());
    /// let outlook = Outlook { p_alive: 0.5, rate: RateLaw::poisson(1.0).unwrap(), leaving };
    /// assert!((outlook.alive_at(10.0) - 0.5 * (-1_f64).exp()).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn alive_at(&self, t: f64) -> f64 {
        let rate = self.rate;
        self.p_alive
            * match self.leaving {
                Leaving::Never => 1.0,
                Leaving::AfterPurchase(dropout) => AfterPurchase { rate, dropout }.alive_at(t),
                Leaving::Anytime(lifetime) => lifetime.ln_survive(t).exp(),
                Leaving::AtEnds { dropout, ends } => AtEnds { rate, dropout, ends }.alive_at(t),
            }
    }

    /// Expected purchases per period right now: P(alive) · E\[λ | alive\].
    ///
    /// ```
    /// use clvcast::models::{Leaving, Outlook, RateLaw};
    /// let rate = RateLaw::poisson(3.0).unwrap();
    /// assert_eq!(Outlook { p_alive: 0.5, rate, leaving: Leaving::Never }.expected_rate(), 1.5);
    /// ```
    #[must_use]
    pub fn expected_rate(&self) -> f64 {
        self.p_alive * self.rate.mean()
    }

    /// E\[Y\], expected purchases in (t0, t1].
    ///
    /// ```
    /// use clvcast::models::{Leaving, Outlook, RateLaw};
    /// let rate = RateLaw::nbd(2.0, 3.0).unwrap();
    /// assert_eq!(Outlook { p_alive: 0.5, rate, leaving: Leaving::Never }.expected(1.0, 5.0), 3.0);
    /// ```
    #[must_use]
    pub fn expected(&self, t0: f64, t1: f64) -> f64 {
        let rate = self.rate;
        self.p_alive
            * match self.leaving {
                Leaving::Never => rate.mean() * (t1 - t0),
                Leaving::AfterPurchase(dropout) => AfterPurchase { rate, dropout }.expected(t0, t1),
                Leaving::Anytime(lifetime) => rate.mean() * lifetime.stay(t0, t1),
                Leaving::AtEnds { dropout, ends } => {
                    AtEnds { rate, dropout, ends }.expected(t0, t1)
                }
            }
    }

    /// P(Y ≥ 1), the probability of at least one purchase in (t0, t1].
    ///
    /// ```
    /// use clvcast::models::{Leaving, Lifetime, Outlook, RateLaw};
    /// let leaving = Leaving::Anytime(Lifetime::equal(1.0).unwrap());
    /// let outlook = Outlook { p_alive: 1.0, rate: RateLaw::poisson(1.0).unwrap(), leaving };
    /// // The purchase comes before leaving with probability 1/2.
    /// assert!((outlook.p_any(0.0, 100.0) - 0.5).abs() < 1e-14);
    /// ```
    #[must_use]
    pub fn p_any(&self, t0: f64, t1: f64) -> f64 {
        let rate = self.rate;
        self.p_alive
            * match self.leaving {
                Leaving::Never => rate.p_any(t1 - t0),
                Leaving::AfterPurchase(dropout) => AfterPurchase { rate, dropout }.p_any(t0, t1),
                Leaving::Anytime(lifetime) => Anytime { rate, lifetime }.p_any(t0, t1),
                Leaving::AtEnds { dropout, ends } => AtEnds { rate, dropout, ends }.p_any(t0, t1),
            }
    }

    /// P(Y = 0), P(Y = 1), … for (t0, t1], up to where less than 1e-13 is left, or to
    /// [`MOST_COUNTS`](Self::MOST_COUNTS).
    ///
    /// An entry is off by 1e-12 of itself and 1e-18, the first by the rounding of P(alive), too. A later window of
    /// a customer who may leave after purchases needs one table per count until the window begins:
    /// 0.1 ms for tens of purchases, 25 ms for thousands, seconds where the rate's law has no scale
    /// (a newcomer with a/t0 below 1e-3).
    ///
    /// ```
    /// use clvcast::models::{Leaving, Outlook, RateLaw};
    /// let rate = RateLaw::poisson(2.0).unwrap();
    /// let pmf = Outlook { p_alive: 0.5, rate, leaving: Leaving::Never }.pmf(1.0, 2.0);
    /// assert!((pmf[0] - (0.5 + 0.5 * (-2_f64).exp())).abs() < 1e-15);
    /// assert!((pmf.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn pmf(&self, t0: f64, t1: f64) -> Vec<f64> {
        const REST: f64 = 1e-13;
        let rate = self.rate;
        let mut pmf = match self.leaving {
            Leaving::Never => {
                let mut pmf = vec![];
                add_counts(&mut pmf, rate, t1 - t0, 1.0);
                pmf
            }
            Leaving::AfterPurchase(dropout) => AfterPurchase { rate, dropout }.pmf(t0, t1),
            Leaving::Anytime(lifetime) => Anytime { rate, lifetime }.pmf(t0, t1),
            Leaving::AtEnds { dropout, ends } => AtEnds { rate, dropout, ends }.pmf(t0, t1),
        };
        for p in &mut pmf {
            *p *= self.p_alive;
        }
        if pmf.is_empty() {
            pmf.push(0.0);
        }
        // Those who have left before the window are in P(Y = 0), too.
        pmf[0] += 1.0 - self.alive_at(t0);
        let mut rest = 0.0;
        while pmf.len() > 1 && pmf.last().is_some_and(|p| rest + p < REST) {
            rest += pmf.pop().unwrap_or(0.0);
        }
        pmf
    }
}

/// Adds weight · P(N_t = n) to `pmf`, which grows as needed.
fn add_counts(pmf: &mut Vec<f64>, rate: RateLaw, t: f64, weight: f64) {
    rate.each_count(t, Outlook::MOST_COUNTS, |n, p, _| {
        let n = n as usize;
        if pmf.len() <= n {
            pmf.resize(n + 1, 0.0);
        }
        pmf[n] += weight * p;
    });
}
