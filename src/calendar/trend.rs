//! What does not come back: a base that grows or tires.

use crate::panel::Grid;
use crate::units::Day;

/// Days of a year in which a trend is told.
const YEAR: f64 = 365.25;

/// The trend of ln g, per year.
///
/// ```
/// use clvcast::{calendar::Trend, panel::{Grid, Period}, units::Day};
/// let day = |y, m, d| Day::from_ymd(y, m, d).unwrap();
/// let grid = Grid::new(Period::Quarter, day(2017, 12, 31))?;
/// let linear = Trend::Linear { per_year: 0.2 };
/// let damped = Trend::Damped { per_year: 0.2, damping: 0.9 };
/// let (then, soon) = (day(2016, 12, 31), day(2018, 3, 31));
/// assert_eq!(linear.ln_factor(&grid, grid.as_of(), then), damped.ln_factor(&grid, grid.as_of(), then));
/// let ahead = linear.ln_factor(&grid, grid.as_of(), soon);
/// assert!((damped.ln_factor(&grid, grid.as_of(), soon) - 0.9 * ahead).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Trend {
    /// No trend.
    #[default]
    None,
    /// The same slope in the past and over the horizon.
    Linear {
        /// Change of ln g per year.
        per_year: f64,
    },
    /// The slope of the h-th coming period is that of the past times dampingʰ.
    Damped {
        /// Change of ln g per year in the past.
        per_year: f64,
        /// Share of the slope that is left after each coming period, in (0, 1].
        damping: f64,
    },
}

impl Trend {
    /// Years from `origin` to `day`, in which a trend is told.
    #[must_use]
    pub fn years(origin: Day, day: Day) -> f64 {
        f64::from(day.since(origin)) / YEAR
    }

    /// Change of ln g per year in the past.
    #[must_use]
    pub const fn per_year(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Linear { per_year } | Self::Damped { per_year, .. } => per_year,
        }
    }

    /// ln of the factor of a day; 0 on the day `origin`, the as-of date of the fit.
    #[must_use]
    pub fn ln_factor(self, grid: &Grid, origin: Day, day: Day) -> f64 {
        match self {
            Self::Damped { per_year, damping } if day > origin => {
                // Days of the coming periods, each weighed by what is left of the slope.
                let (now, then) = (grid.index(origin).0, grid.index(day).0);
                let mut share = 1.0;
                let mut years = 0.0;
                let mut from = origin;
                for period in now..=then {
                    // The rest of the origin's own period, if any, still has the full slope.
                    if period > now {
                        share *= damping;
                    }
                    let until = grid.end(crate::panel::PeriodIndex(period)).min(day);
                    years += share * Self::years(from, until);
                    from = until;
                }
                per_year * years
            }
            trend => trend.per_year() * Self::years(origin, day),
        }
    }

    /// Whether there is no trend.
    #[must_use]
    pub fn is_flat(self) -> bool {
        self.per_year() == 0.0
    }
}
