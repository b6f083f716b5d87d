//! What comes back every year.

use std::f64::consts::TAU;

use crate::units::Day;

/// The part of the calendar that repeats every year; logarithms of factors.
///
/// ```
/// use clvcast::{calendar::Season, units::Day};
/// let season = Season::Harmonics { cos: vec![0.2], sin: vec![0.0] };
/// let january = Day::from_ymd(2018, 1, 1).unwrap();
/// assert!((season.ln_factor(january) - 0.2).abs() < 1e-4); // the cosine's top
/// assert_eq!(Season::None.ln_factor(january), 0.0);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Season {
    /// Every day of the year is alike.
    #[default]
    None,
    /// Σ_j cos_j cos(2πj·year) + sin_j sin(2πj·year), with the share of the year at midday.
    Harmonics {
        /// Coefficients of the cosines, j = 1, 2, …
        cos: Vec<f64>,
        /// Coefficients of the sines.
        sin: Vec<f64>,
    },
    /// One factor per part of the year.
    Factors {
        /// Which parts.
        cycle: Cycle,
        /// Logarithms of the factors, in order.
        ln: Vec<f64>,
    },
}

/// The parts a year is cut into.
///
/// ```
/// use clvcast::{calendar::Cycle, units::Day};
/// let day = Day::from_ymd(2017, 12, 31).unwrap();
/// assert_eq!([Cycle::Quarter, Cycle::Month, Cycle::Week].map(|c| c.part(day)), [3, 11, 51]);
/// assert_eq!(Cycle::Quarter.label(3), "Q4");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cycle {
    /// Four calendar quarters.
    Quarter,
    /// Twelve calendar months.
    Month,
    /// Fifty-two ISO weeks; the 53rd of a long year counts as the 52nd.
    Week,
}

impl Cycle {
    /// The name on the command line and in model files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
        }
    }

    /// Number of parts.
    #[must_use]
    pub const fn parts(self) -> usize {
        match self {
            Self::Quarter => 4,
            Self::Month => 12,
            Self::Week => 52,
        }
    }

    /// The part a day falls in, from 0.
    #[must_use]
    pub fn part(self, day: Day) -> usize {
        let date = day.date();
        let month = usize::from(date.month().unsigned_abs()) - 1;
        match self {
            Self::Quarter => month / 3,
            Self::Month => month,
            Self::Week => usize::from(date.iso_week_date().week().unsigned_abs()).min(52) - 1,
        }
    }

    /// The name of a part: `Q4`, `M12`, `W52`.
    #[must_use]
    pub fn label(self, part: usize) -> String {
        match self {
            Self::Quarter => format!("Q{}", part + 1),
            Self::Month => format!("M{:02}", part + 1),
            Self::Week => format!("W{:02}", part + 1),
        }
    }
}

/// A form of season whose coefficients can be estimated.
///
/// ```
/// use clvcast::calendar::{Cycle, Season, SeasonKind};
/// assert_eq!(SeasonKind::Harmonics.coefficients(), 4);
/// let season = SeasonKind::Factors(Cycle::Quarter).season(&[0.1, 0.0, 0.0, -0.1]);
/// assert!(matches!(season, Season::Factors { .. }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeasonKind {
    /// The year's first two harmonics: smooth, four coefficients.
    Harmonics,
    /// One factor per part of the year.
    Factors(Cycle),
}

/// Harmonics of the year that are estimated: one hump and one more; further ones follow single
/// weeks, which two or three years of data do not tell from chance.
const HARMONICS: usize = 2;

impl SeasonKind {
    /// The name on the command line and in model files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Harmonics => "harmonics",
            Self::Factors(cycle) => cycle.name(),
        }
    }

    /// Number of coefficients.
    #[must_use]
    pub const fn coefficients(self) -> usize {
        match self {
            Self::Harmonics => 2 * HARMONICS,
            Self::Factors(cycle) => cycle.parts(),
        }
    }

    /// The names of the coefficients.
    #[must_use]
    pub fn names(self) -> Vec<String> {
        match self {
            Self::Harmonics => (1..=HARMONICS)
                .map(|j| format!("cos {j}"))
                .chain((1..=HARMONICS).map(|j| format!("sin {j}")))
                .collect(),
            Self::Factors(cycle) => (0..cycle.parts()).map(|part| cycle.label(part)).collect(),
        }
    }

    /// The day's row of the design matrix: ln factor = row · coefficients.
    #[must_use]
    pub fn row(self, day: Day) -> Vec<f64> {
        let mut row = vec![0.0; self.coefficients()];
        match self {
            Self::Harmonics => {
                for j in 0..HARMONICS {
                    let (sin, cos) = angle(day, j + 1).sin_cos();
                    row[j] = cos;
                    row[HARMONICS + j] = sin;
                }
            }
            Self::Factors(cycle) => row[cycle.part(day)] = 1.0,
        }
        row
    }

    /// The season with these coefficients, in the order of [`SeasonKind::names`].
    #[must_use]
    pub fn season(self, coefficients: &[f64]) -> Season {
        match self {
            Self::Harmonics => {
                let (cos, sin) = coefficients.split_at(HARMONICS);
                Season::Harmonics { cos: cos.to_vec(), sin: sin.to_vec() }
            }
            Self::Factors(cycle) => {
                // The logarithms of the factors, which a model file holds, and not the coefficients
                // themselves, so that a file gives back the same bits.
                let ln = coefficients.iter().map(|c| c.exp().ln()).collect();
                Season::Factors { cycle, ln }
            }
        }
    }
}

/// 2πj times the share of the year at midday.
fn angle(day: Day, j: usize) -> f64 {
    let date = day.date();
    let share = (f64::from(date.day_of_year()) - 0.5) / f64::from(date.days_in_year());
    TAU * j as f64 * share
}

impl Season {
    /// ln of the factor of a day.
    #[must_use]
    pub fn ln_factor(&self, day: Day) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Harmonics { cos, sin } => {
                let waves = (1..).zip(cos.iter().zip(sin));
                waves
                    .map(|(j, (c, s))| {
                        let (sin, cos) = angle(day, j).sin_cos();
                        c * cos + s * sin
                    })
                    .sum()
            }
            Self::Factors { cycle, ln } => ln.get(cycle.part(day)).copied().unwrap_or(0.0),
        }
    }

    /// Whether every day of the year is alike.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        match self {
            Self::None => true,
            Self::Harmonics { cos, sin } => cos.iter().chain(sin).all(|&c| c == 0.0),
            Self::Factors { ln, .. } => ln.iter().all(|&l| l == 0.0),
        }
    }
}
