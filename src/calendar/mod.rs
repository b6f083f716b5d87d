//! A calendar for purchasing: quarters differ, and a base grows or tires.
//!
//! The rate of customer i on day t is λ_i · g(t), with
//!
//! ```text
//! g(t) = exp(season(t) + trend(t)) · given(t) / level,   mean 1 over the panel's days
//! ```
//!
//! Purchases are then a Poisson process in operational time G(t) = ∫ g, so models whose customers
//! leave at purchases or not at all keep their formulas with G in place of calendar time.
//!
//! ```
//! use clvcast::calendar::{Calendar, Cycle, Season};
//! use clvcast::panel::{Grid, Period, PeriodIndex};
//! use clvcast::units::Day;
//! let grid = Grid::new(Period::Quarter, Day::from_ymd(2017, 12, 31).unwrap())?;
//! let ln = [0.5_f64, 1.0, 1.0, 1.5].map(f64::ln).to_vec();
//! let calendar = Calendar { season: Season::Factors { cycle: Cycle::Quarter, ln }, ..Calendar::default() };
//! assert!((calendar.period_factor(&grid, PeriodIndex(0)) - 1.5).abs() < 1e-12); // 2017-Q4
//! assert!((calendar.period_factor(&grid, PeriodIndex(1)) - 0.5).abs() < 1e-12); // 2018-Q1
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod given;
mod season;
mod timeline;
mod trend;

pub(crate) use given::PLANNED;
pub(crate) use given::RANGE as GIVEN_RANGE;
pub use given::{GivenError, GivenFactors};
pub use season::{Cycle, Season, SeasonKind};
pub use timeline::Timeline;
pub(crate) use timeline::{days, share};
pub use trend::Trend;

use crate::panel::{Grid, PeriodIndex};
use crate::units::Day;

/// Two full years, less the two weeks by which a first or a last purchase may miss their ends: with
/// less, a season cannot be told from a trend.
pub(crate) const CYCLES_DAYS: i32 = 730 - 14;

/// Factors of the purchase rate by day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// What comes back every year.
    pub season: Season,
    /// What does not.
    pub trend: Trend,
    /// Factors of periods that were given, such as campaigns and closed stores.
    pub given: GivenFactors,
    /// The day from which the trend counts: the as-of date of the fit. `None` in a calendar
    /// written by hand: the as-of date of the data.
    pub origin: Option<Day>,
    /// Logarithm of the level that makes the mean factor over the fitted panel 1.
    pub ln_level: f64,
}

impl Calendar {
    /// ln g of a day.
    #[must_use]
    pub fn ln_factor(&self, grid: &Grid, day: Day) -> f64 {
        let origin = self.origin.unwrap_or_else(|| grid.as_of());
        self.ln_known(grid, day) + self.trend.ln_factor(grid, origin, day) - self.ln_level
    }

    /// ln of season and given factor of a day, without trend and level.
    #[must_use]
    pub fn ln_known(&self, grid: &Grid, day: Day) -> f64 {
        let given = if self.given.is_empty() {
            0.0
        } else {
            self.given.ln_factor(&grid.label(grid.index(day)))
        };
        self.season.ln_factor(day) + given
    }

    /// The mean factor over the days of a period.
    #[must_use]
    pub fn period_factor(&self, grid: &Grid, index: PeriodIndex) -> f64 {
        let (start, days) = (grid.start(index), grid.days(index));
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        let sum: f64 = (0..days).map(|d| self.ln_factor(grid, start.plus(d)).exp()).sum();
        sum / f64::from(days)
    }

    /// Whether every day has the factor 1.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.season.is_flat()
            && self.trend.is_flat()
            && self.given.is_flat()
            && self.ln_level == 0.0
    }

    /// Sets the level so that the mean factor over the periods `first` to 0 is 1.
    pub fn normalise(&mut self, grid: &Grid, first: PeriodIndex) {
        self.ln_level = 0.0;
        if self.is_flat() {
            return;
        }
        let periods = (first.0..=0).map(PeriodIndex);
        let sum: f64 = periods.map(|index| self.period_factor(grid, index)).sum();
        self.ln_level = (sum / f64::from(1 - first.0)).ln();
    }
}
