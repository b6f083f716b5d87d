//! What a user may choose of a calendar.

use crate::calendar::SeasonKind;

/// Which season is estimated.
///
/// ```
/// assert_eq!(clvcast::fit::SeasonChoice::default(), clvcast::fit::SeasonChoice::None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeasonChoice {
    /// None.
    #[default]
    None,
    /// The one the data support best, from two full years on; none where they support none.
    Auto,
    /// This one.
    Of(SeasonKind),
}

/// Which trend is estimated.
///
/// ```
/// assert_eq!(clvcast::fit::TrendChoice::default(), clvcast::fit::TrendChoice::None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrendChoice {
    /// None.
    #[default]
    None,
    /// A linear one where the data support it, from two full years on.
    Auto,
    /// The same slope in the past and over the horizon.
    Linear,
    /// The slope fades over the horizon.
    Damped,
}

/// How purchase values may depend on the purchase rate.
///
/// ```
/// assert_eq!(clvcast::fit::DependenceChoice::default(), clvcast::fit::DependenceChoice::None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DependenceChoice {
    /// Not at all: the model's assumption.
    #[default]
    None,
    /// By an elasticity that is estimated.
    Regression,
    /// By an elasticity, where it is both significant and material.
    Auto,
}

/// Which frequency model is fitted.
///
/// ```
/// use clvcast::fit::FrequencyKind;
/// assert_eq!(FrequencyKind::Pdo { tau: 7 }.name(), "pdo");
/// assert!(FrequencyKind::Nbd.stays() && !FrequencyKind::BgNbd.stays());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrequencyKind {
    /// Customers never leave.
    #[default]
    Nbd,
    /// A customer may leave after each repeat purchase.
    BgNbd,
    /// A customer may leave after each purchase.
    MbgNbd,
    /// A customer may leave at any time.
    ParetoNbd,
    /// A customer may leave every `tau` days.
    Pdo {
        /// Days of a sub-period.
        tau: u32,
    },
}

impl FrequencyKind {
    /// The name on the command line and in model files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nbd => "nbd",
            Self::BgNbd => "bg-nbd",
            Self::MbgNbd => "mbg-nbd",
            Self::ParetoNbd => "pareto-nbd",
            Self::Pdo { .. } => "pdo",
        }
    }

    /// Whether customers never leave.
    #[must_use]
    pub const fn stays(self) -> bool {
        matches!(self, Self::Nbd)
    }

    /// Days between opportunities to leave, where they lie in the calendar.
    #[must_use]
    pub const fn tau(self) -> Option<u32> {
        match self {
            Self::Pdo { tau } => Some(tau),
            _ => None,
        }
    }
}
