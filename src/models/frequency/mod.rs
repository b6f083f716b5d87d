//! The frequency models by name: purchasing at a rate, and one of four ways to leave.

mod bg_nbd;
mod evidence;
mod mbg_nbd;
pub(crate) mod pareto_nbd;
mod pdo;

use super::{Dropout, Leaving, Lifetime, Outlook, RateLaw};
use evidence::{Evidence, p_alive};

/// One customer's purchasing up to the as-of date; times in periods of the model's clock since the
/// observation began.
///
/// ```
/// use clvcast::models::Past;
/// let past = Past::new(2, 30.43, 38.86); // CDNOW: 2 repeat purchases in 38.86 weeks
/// assert_eq!((past.x, past.last), (2, 0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Past<'a> {
    /// Purchases x counted (repeat purchases under the first-purchase clock).
    pub x: u32,
    /// Time t_x of the last one; 0 when x = 0.
    pub t_x: f64,
    /// Length T of observation.
    pub t: f64,
    /// For models with opportunities to leave at given times: exposure E_c up to each of them,
    /// ascending, the last one at T. Empty for other models.
    pub ends: &'a [f64],
    /// How many of `ends` lie before the sub-period of the last purchase: the index of its end.
    pub last: usize,
}

impl Past<'_> {
    /// x purchases, the last at t_x, in t periods; no opportunities at given times.
    #[must_use]
    pub const fn new(x: u32, t_x: f64, t: f64) -> Self {
        Self { x, t_x, t, ends: &[], last: 0 }
    }
}

/// A frequency model with its parameters.
///
/// Parameters are checked where the laws are made: [`RateLaw::nbd`], [`Dropout::beta`],
/// [`Lifetime::gamma`] and those of their limits.
///
/// ```
/// use clvcast::models::{Dropout, FrequencyLaw, Past, RateLaw};
/// // BG/NBD of CDNOW, weeks (Fader, Hardie & Lee 2005b), and one of its customers.
/// let law = FrequencyLaw::BgNbd {
///     rate: RateLaw::nbd(4.4136018, 0.2425945).unwrap(),
///     dropout: Dropout::beta(0.7929221, 2.4259074).unwrap(),
/// };
/// let outlook = law.outlook(&Past::new(2, 30.43, 38.86), &[]);
/// assert!((outlook.expected(0.0, 39.0) - 1.225907).abs() < 1e-6); // 39 weeks ahead
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FrequencyLaw {
    /// Customers never leave.
    Nbd(RateLaw),
    /// A customer may leave after each repeat purchase.
    BgNbd {
        /// Law of the purchase rate.
        rate: RateLaw,
        /// Law of leaving after a purchase.
        dropout: Dropout,
    },
    /// A customer may leave after each purchase, the first one included.
    MbgNbd {
        /// Law of the purchase rate.
        rate: RateLaw,
        /// Law of leaving after a purchase.
        dropout: Dropout,
    },
    /// A customer may leave at any time.
    ParetoNbd {
        /// Law of the purchase rate.
        rate: RateLaw,
        /// Law of the time until leaving.
        lifetime: Lifetime,
    },
    /// A customer may leave at the end of each sub-period of `tau` days, counted back from the
    /// as-of date.
    Pdo {
        /// Law of the purchase rate.
        rate: RateLaw,
        /// Law of leaving at an end.
        dropout: Dropout,
        /// Days of a sub-period.
        tau: u32,
    },
}

impl FrequencyLaw {
    /// The name in model files and on the command line.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Nbd(_) => "nbd",
            Self::BgNbd { .. } => "bg-nbd",
            Self::MbgNbd { .. } => "mbg-nbd",
            Self::ParetoNbd { .. } => "pareto-nbd",
            Self::Pdo { .. } => "pdo",
        }
    }

    /// Whether customers never leave: the NBD, and the limit of the others without attrition.
    #[must_use]
    pub fn stays(&self) -> bool {
        match *self {
            Self::Nbd(_) => true,
            Self::BgNbd { dropout, .. }
            | Self::MbgNbd { dropout, .. }
            | Self::Pdo { dropout, .. } => dropout == Dropout::Never,
            Self::ParetoNbd { lifetime, .. } => lifetime == Lifetime::Never,
        }
    }

    /// Days between opportunities to leave, where they lie at given times.
    #[must_use]
    pub const fn tau(&self) -> Option<u32> {
        match *self {
            Self::Pdo { tau, .. } => Some(tau),
            _ => None,
        }
    }

    /// The law of the purchase rate of a customer who has not left.
    #[must_use]
    pub const fn rate(&self) -> RateLaw {
        match *self {
            Self::Nbd(rate)
            | Self::BgNbd { rate, .. }
            | Self::MbgNbd { rate, .. }
            | Self::ParetoNbd { rate, .. }
            | Self::Pdo { rate, .. } => rate,
        }
    }
    /// ln L of one past: the density of its purchases at their times, averaged over what is not
    /// known of the customer.
    ///
    /// ```text
    /// Γ(r+x)/Γ(r) α^r (α+T)^−(r+x)      for the NBD: without ln(T^x/x!) of the counts' probability
    /// ```
    ///
    /// The other models add an expectation over the time of leaving. For the PDO the constant
    /// Σ X_c ln g_c of the exposures is left out, too.
    ///
    /// ```
    /// use clvcast::models::{Dropout, FrequencyLaw, Past, RateLaw};
    /// let law = FrequencyLaw::BgNbd {
    ///     rate: RateLaw::nbd(4.414, 0.243).unwrap(),
    ///     dropout: Dropout::beta(0.793, 2.426).unwrap(),
    /// };
    /// // Computed independently in 30 digits.
    /// assert!((law.ln_likelihood(&Past::new(4, 30.7, 38.9)) + 15.32935235570709).abs() < 1e-13);
    /// ```
    #[must_use]
    pub fn ln_likelihood(&self, past: &Past) -> f64 {
        self.evidence(past).ln_likelihood()
    }

    /// What is known of a customer after its past, and how it may leave from now on. `ends` are
    /// the opportunities ahead of the PDO, as in [`Leaving::AtEnds`]; other models ignore them.
    ///
    /// ```
    /// use clvcast::models::{FrequencyLaw, Lifetime, Past, RateLaw};
    /// let law = FrequencyLaw::ParetoNbd {
    ///     rate: RateLaw::nbd(10.577683, 0.553277).unwrap(),
    ///     lifetime: Lifetime::gamma(0.606240, 11.668730).unwrap(),
    /// };
    /// let outlook = law.outlook(&Past::new(2, 30.43, 38.86), &[]);
    /// assert!((outlook.p_alive - 0.869116).abs() < 1e-6); // computed independently
    /// ```
    #[must_use]
    pub fn outlook<'a>(&self, past: &Past, ends: &'a [f64]) -> Outlook<'a> {
        Outlook { p_alive: self.p_alive(past), ..self.outlook_alive(past, ends) }
    }

    /// P(has not left), given a past: 1/(1 + odds of having left).
    ///
    /// ```
    /// use clvcast::models::{Dropout, FrequencyLaw, Past, RateLaw};
    /// let (rate, dropout) = (RateLaw::nbd(4.414, 0.243)?, Dropout::beta(0.793, 2.426)?);
    /// let law = FrequencyLaw::BgNbd { rate, dropout };
    /// // Fader, Hardie & Lee (2005b): odds = a/(b+x−1) ((α+T)/(α+t_x))^(r+x).
    /// let odds = 0.793 / 3.426 * ((4.414 + 38.86) / (4.414 + 30.43_f64)).powf(2.243);
    /// assert!((law.p_alive(&Past::new(2, 30.43, 38.86)) - 1.0 / (1.0 + odds)).abs() < 1e-14);
    /// assert_eq!(law.p_alive(&Past::new(0, 0.0, 38.86)), 1.0); // no repeat purchase to leave after
    /// # Ok::<(), clvcast::models::ParameterError>(())
    /// ```
    #[must_use]
    pub fn p_alive(&self, past: &Past) -> f64 {
        match *self {
            Self::Nbd(_) => 1.0,
            Self::BgNbd { rate, dropout } => p_alive(bg_nbd::ln_odds(rate, dropout, past)),
            Self::MbgNbd { rate, dropout } => p_alive(mbg_nbd::ln_odds(rate, dropout, past)),
            Self::ParetoNbd { rate, lifetime } => {
                p_alive(pareto_nbd::ln_odds(rate, lifetime, past))
            }
            Self::Pdo { rate, dropout, .. } => {
                // The sub-period of the last purchase has one end at least.
                let silent = past.ends.len().saturating_sub(past.last + 1);
                pdo::p_alive_back(rate, dropout, past.x, past.ends).nth(silent).unwrap_or(1.0)
            }
        }
    }

    /// For a model with opportunities to leave at given times, P(has not left) by the sub-period
    /// of the last purchase, [`Past::last`], the rest of the past the same; empty for other models.
    pub(crate) fn p_alive_by_last(&self, past: &Past) -> Vec<f64> {
        let Self::Pdo { rate, dropout, .. } = *self else { return Vec::new() };
        let mut p_alive: Vec<f64> = pdo::p_alive_back(rate, dropout, past.x, past.ends).collect();
        p_alive.reverse();
        p_alive
    }

    /// [`outlook`](Self::outlook) of a customer of whom it is known that it has not left: when it
    /// made its last purchase does not matter then.
    pub(crate) fn outlook_alive<'a>(&self, past: &Past, ends: &'a [f64]) -> Outlook<'a> {
        let observed = past.ends.last().copied().unwrap_or(past.t);
        let opportunities = u32::try_from(past.ends.len()).unwrap_or(u32::MAX);
        let observed = if matches!(self, Self::Pdo { .. }) { observed } else { past.t };
        Outlook {
            p_alive: 1.0,
            rate: self.rate().after(past.x, observed),
            leaving: match *self {
                Self::Nbd(_) => Leaving::Never,
                Self::BgNbd { dropout, .. } => after_purchase(dropout.after(past.x)),
                Self::MbgNbd { dropout, .. } => after_purchase(dropout.after(past.x).after(1)),
                Self::ParetoNbd { lifetime, .. } => anytime(lifetime.after(past.t)),
                Self::Pdo { dropout, .. } => at_ends(dropout.after(opportunities), ends),
            },
        }
    }

    /// What is known of a customer who has just been acquired; under the MBG/NBD it may already
    /// have left.
    ///
    /// ```
    /// use clvcast::models::{Dropout, FrequencyLaw, RateLaw};
    /// let rate = RateLaw::nbd(6.183, 0.525).unwrap();
    /// let law = FrequencyLaw::MbgNbd { rate, dropout: Dropout::equal(0.25).unwrap() };
    /// assert_eq!(law.newcomer(&[]).p_alive, 0.75);
    /// ```
    #[must_use]
    pub fn newcomer<'a>(&self, ends: &'a [f64]) -> Outlook<'a> {
        let rate = self.rate();
        let outlook = |p_alive, leaving| Outlook { p_alive, rate, leaving };
        match *self {
            Self::Nbd(_) => outlook(1.0, Leaving::Never),
            Self::BgNbd { dropout, .. } => outlook(1.0, after_purchase(dropout)),
            Self::MbgNbd { dropout, .. } => {
                outlook(dropout.stay(), after_purchase(dropout.after(1)))
            }
            Self::ParetoNbd { lifetime, .. } => outlook(1.0, anytime(lifetime)),
            Self::Pdo { dropout, .. } => outlook(1.0, at_ends(dropout, ends)),
        }
    }

    fn evidence(&self, past: &Past) -> Evidence {
        match *self {
            Self::Nbd(rate) => Evidence::alive(rate.ln_timed(past.x, past.t)),
            Self::BgNbd { rate, dropout } => bg_nbd::evidence(rate, dropout, past),
            Self::MbgNbd { rate, dropout } => mbg_nbd::evidence(rate, dropout, past),
            Self::ParetoNbd { rate, lifetime } => pareto_nbd::evidence(rate, lifetime, past),
            Self::Pdo { rate, dropout, .. } => pdo::evidence(rate, dropout, past),
        }
    }
}

/// The limits in which nobody leaves need no sums.
const fn after_purchase<'a>(dropout: Dropout) -> Leaving<'a> {
    match dropout {
        Dropout::Never => Leaving::Never,
        Dropout::Beta { .. } | Dropout::Equal(_) => Leaving::AfterPurchase(dropout),
    }
}

const fn anytime<'a>(lifetime: Lifetime) -> Leaving<'a> {
    match lifetime {
        Lifetime::Never => Leaving::Never,
        Lifetime::Gamma { .. } | Lifetime::Equal(_) => Leaving::Anytime(lifetime),
    }
}

const fn at_ends(dropout: Dropout, ends: &[f64]) -> Leaving<'_> {
    match dropout {
        Dropout::Never => Leaving::Never,
        Dropout::Beta { .. } | Dropout::Equal(_) => Leaving::AtEnds { dropout, ends },
    }
}
