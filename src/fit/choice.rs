//! What a user may ask of a fit before the data are seen.

use super::attrition::Attrition;
use crate::calendar::SeasonKind;

/// Which values the Gamma-Gamma law is fitted to.
///
/// ```
/// # use clvcast::{fit::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 200, ..Scenario::default() })?.to_ledger();
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let options = FitOptions { spend: Spend::RepeatMean, ..FitOptions::default() };
/// let section = fit(&panel, &options)?.fit.unwrap();
/// assert_eq!(section.spend.as_deref(), Some(Spend::RepeatMean.name()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spend {
    /// Average purchase value of each active period (the form of *S*).
    #[default]
    Period,
    /// The same, each weighted by its number of purchases.
    Purchase,
    /// One mean over the repeat purchases of each customer (the form of Fader & Hardie).
    RepeatMean,
}

impl Spend {
    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Purchase => "purchase",
            Self::RepeatMean => "repeat-mean",
        }
    }
}

/// Which season is estimated.
///
/// ```
/// use clvcast::calendar::{Cycle, SeasonKind};
/// use clvcast::fit::SeasonChoice;
/// let quarters = SeasonChoice::Of(SeasonKind::Factors(Cycle::Quarter));
/// assert_eq!(quarters.kind(), Some(SeasonKind::Factors(Cycle::Quarter)));
/// assert_eq!(SeasonChoice::Auto.kind(), Some(SeasonKind::Harmonics));
/// assert_eq!(SeasonChoice::default().kind(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeasonChoice {
    /// None.
    #[default]
    None,
    /// From two full years on, the form the data support best, or none; for purchase values
    /// harmonics or none.
    Auto,
    /// The same, but also tried where `Auto` is not: in one cohort under a model without leaving,
    /// whose season may be customers who left. For comparisons on held-out periods, which see that.
    Best,
    /// That one; a panel of less than two full years is refused.
    Of(SeasonKind),
}

impl SeasonChoice {
    /// The season that is tried.
    #[must_use]
    pub const fn kind(self) -> Option<SeasonKind> {
        match self {
            Self::None => None,
            Self::Auto | Self::Best => Some(SeasonKind::Harmonics),
            Self::Of(kind) => Some(kind),
        }
    }
}

/// Which trend is estimated.
///
/// ```
/// use clvcast::calendar::Trend;
/// use clvcast::fit::{DAMPING, TrendChoice};
/// let damped = Trend::Damped { per_year: 0.1, damping: DAMPING };
/// assert_eq!(TrendChoice::Damped.trend(0.1, DAMPING), damped);
/// assert_eq!(TrendChoice::Linear.trend(0.1, DAMPING), Trend::Linear { per_year: 0.1 });
/// assert_eq!(TrendChoice::default().trend(0.1, DAMPING), Trend::None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrendChoice {
    /// None.
    #[default]
    None,
    /// A linear one, where the panel is long enough and the data show it.
    Auto,
    /// The slope of the past goes on over the horizon.
    Linear,
    /// The slope of the past fades over the horizon.
    Damped,
}

impl TrendChoice {
    /// The trend with that change of the logarithm per year, and that share of it left after each
    /// coming period.
    #[must_use]
    pub const fn trend(self, per_year: f64, damping: f64) -> crate::calendar::Trend {
        use crate::calendar::Trend;
        match self {
            Self::None => Trend::None,
            Self::Auto | Self::Linear => Trend::Linear { per_year },
            Self::Damped => Trend::Damped { per_year, damping },
        }
    }
}

/// Share of a trend's slope that is left after each coming period, unless one is given: after
/// three periods 73 %, so that the horizon of a forecast is not the place where a line that was
/// fitted to a few years is drawn on for ever.
pub const DAMPING: f64 = 0.9;

/// Whether values may depend on the purchase rate.
///
/// ```
/// use clvcast::fit::DependenceChoice;
/// assert_eq!(DependenceChoice::default(), DependenceChoice::None); // as S assumes
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DependenceChoice {
    /// They are independent (assumption 1 of *S*).
    #[default]
    None,
    /// They change with a power of the rate, which is estimated.
    Regression,
    /// The same where the data show it beyond doubt.
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

    /// How customers leave; `None` where they never do.
    #[must_use]
    pub const fn attrition(self) -> Option<Attrition> {
        match self {
            Self::Nbd => None,
            Self::BgNbd => Some(Attrition::BgNbd),
            Self::MbgNbd => Some(Attrition::MbgNbd),
            Self::ParetoNbd => Some(Attrition::ParetoNbd),
            Self::Pdo { tau } => Some(Attrition::Pdo { tau }),
        }
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
