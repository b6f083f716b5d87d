//! Which parts a regression of purchase values has: what is asked for, less what the data refuse.

use super::choice::{DependenceChoice, SeasonChoice, Spend, TrendChoice};
use super::error::FitError;
use super::run::FitOptions;
use super::section::Coefficient;
use super::spend_design::{DEPENDENCE, TREND};
use crate::calendar::{CYCLES_DAYS, SeasonKind};
use crate::panel::Panel;

/// A trend needs more than a full year, or it is the season's other half.
const TREND_DAYS: i32 = 365;
/// A trend of fewer standard errors than this is not told from none: it is carried over the whole
/// horizon, so a wrong one costs more than a small one that is missed.
const TREND_ERRORS: f64 = 2.0;
/// A dependence is used from this many standard errors on: 3 in 1000 bases without any pass.
const DEPENDENCE_ERRORS: f64 = 3.0;
/// And from this correlation on: below, less than 1 % of the spread of values goes with the
/// number of purchases, which a large base can prove but no forecast feels.
pub(super) const NOTICEABLE: f64 = 0.1;

/// The parts that are estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parts {
    pub(super) season: Option<SeasonKind>,
    pub(super) trend: Option<TrendChoice>,
    pub(super) dependence: bool,
}

impl Parts {
    /// What the options ask for and the panel is long enough for.
    pub(super) fn asked(
        panel: &Panel,
        options: &FitOptions,
        notes: &mut Vec<String>,
    ) -> Result<Self, FitError> {
        let mut parts = Self {
            season: options.value_season.kind(),
            trend: Some(options.value_trend).filter(|&trend| trend != TrendChoice::None),
            dependence: options.dependence != DependenceChoice::None,
        };
        let demanded = matches!(options.value_season, SeasonChoice::Of(_));
        if options.spend == Spend::RepeatMean {
            let firm = matches!(options.value_trend, TrendChoice::Linear | TrendChoice::Damped);
            if demanded || firm {
                let part = if demanded { "season" } else { TREND };
                return Err(FitError::NoPeriodsOfValues { part });
            }
            if parts.season.is_some() || parts.trend.is_some() {
                notes.push(
                    "`--spend repeat-mean` has one value per customer and no periods: no season and no trend of purchase values is estimated; use `--spend period` or `--spend purchase`"
                        .to_owned(),
                );
            }
            return Ok(Self { season: None, trend: None, ..parts });
        }
        let days = panel.days_known();
        if parts.season.is_some() && days < CYCLES_DAYS {
            if demanded {
                let season = parts.season.map_or("", SeasonKind::name);
                return Err(FitError::ShortForSeason { option: "--value-season", season, days });
            }
            notes.push(format!(
                "{days} days of history are less than two full years: no season of purchase values is estimated"
            ));
            parts.season = None;
        }
        if parts.trend == Some(TrendChoice::Auto) && days <= TREND_DAYS {
            notes.push(format!(
                "{days} days of history are not more than a year: no trend of purchase values is estimated"
            ));
            parts.trend = None;
        }
        Ok(parts)
    }

    pub(super) fn is_empty(self) -> bool {
        self.season.is_none() && self.trend.is_none() && !self.dependence
    }

    /// The parts in words.
    pub(super) fn named(self) -> String {
        let parts = [
            ("season", self.season.is_some()),
            (TREND, self.trend.is_some()),
            (DEPENDENCE, self.dependence),
        ];
        let used: Vec<&str> = parts.iter().filter(|part| part.1).map(|part| part.0).collect();
        used.join(" and ")
    }

    /// Leaves out one part that the fit does not support and says so; whether there was one.
    pub(super) fn drop_one(
        &mut self,
        panel: &Panel,
        options: &FitOptions,
        variance: Option<f64>,
        coefficients: &[Coefficient],
        notes: &mut Vec<String>,
    ) -> bool {
        if self.season.is_some() && variance == Some(0.0) {
            notes.push(
                "purchase values show no season beyond chance: it is shrunk to flat and left out"
                    .to_owned(),
            );
            self.season = None;
            return true;
        }
        let named = |name: &str| coefficients.iter().find(|c| c.name == name);
        if self.trend == Some(TrendChoice::Auto)
            && let Some(trend) = named(TREND)
            && trend.z().is_none_or(|z| z.abs() < TREND_ERRORS)
        {
            notes.push(format!(
                "the trend of purchase values, {} per year in the logarithm, is not told from none and left out",
                told(trend)
            ));
            self.trend = None;
            return true;
        }
        if self.dependence
            && options.dependence == DependenceChoice::Auto
            && let Some(slope) = named(DEPENDENCE)
        {
            let correlation = panel.value_frequency_correlation().map_or(0.0, |c| c.pearson);
            if !is_sure(slope) || correlation.abs() < NOTICEABLE {
                notes.push(format!(
                    "the dependence of purchase values on the purchase rate (elasticity {}, correlation {correlation:.2}) is not material and left out",
                    told(slope)
                ));
                self.dependence = false;
                return true;
            }
        }
        false
    }
}

/// Whether a dependence is beyond doubt.
pub(super) fn is_sure(slope: &Coefficient) -> bool {
    slope.z().is_some_and(|z| z.abs() >= DEPENDENCE_ERRORS)
}

/// An estimate and its standard error.
pub(super) fn told(coefficient: &Coefficient) -> String {
    let error = coefficient.standard_error.map(|error| format!(" ± {error:.3}"));
    format!("{:+.3}{}", coefficient.estimate, error.unwrap_or_default())
}
