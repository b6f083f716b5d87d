//! The frequency models by name: purchasing at a rate, and one of four ways to leave.

use super::{Dropout, Lifetime, RateLaw};

/// One customer's purchasing up to the as-of date; times in periods of the model's clock since the
/// observation began.
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

/// A frequency model with its parameters.
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
}
