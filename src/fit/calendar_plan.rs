//! Which calendars are tried: what is asked for, less what the data cannot carry.

use super::choice::{SeasonChoice, TrendChoice};
use super::error::FitError;
use super::run::FitOptions;
use crate::calendar::SeasonKind;
use crate::panel::{Clock, Panel, PeriodIndex};

/// Two full years: with less, a season cannot be told from a trend.
pub(super) const CYCLES_DAYS: i32 = 730;

/// With less than this, a trend may be one half of a season.
const YEAR_DAYS: i32 = 366;

/// Share of the panel within which nine of ten customers were acquired, below which the base is one
/// cohort: its fading is attrition, and a trend would take it for the calendar's.
const COHORT: f64 = 1.0 / 3.0;

/// The calendars to try.
pub(super) struct Plan {
    pub(super) season: SeasonPlan,
    /// Without a trend, with one, or both in turn.
    pub(super) trends: &'static [bool],
    /// What a user should know.
    pub(super) notes: Vec<String>,
}

pub(super) enum SeasonPlan {
    /// This one, or none.
    Fixed(Option<SeasonKind>),
    /// The one the data support best.
    Choose {
        /// Judged beside a trend, where the base may grow or fade.
        with_trend: bool,
    },
}

impl Plan {
    /// What `options` ask for on that panel.
    pub(super) fn new(panel: &Panel, options: &FitOptions) -> Result<Self, FitError> {
        let days = panel_days(panel);
        let long = days >= CYCLES_DAYS;
        let mut notes = Vec::new();
        let season = match options.season {
            SeasonChoice::Of(kind) if !long => {
                let (option, season) = ("--season", kind.name());
                return Err(FitError::ShortForSeason { option, season, days });
            }
            SeasonChoice::Of(kind) => SeasonPlan::Fixed(Some(kind)),
            SeasonChoice::Auto if long => SeasonPlan::Choose {
                with_trend: options.trend != TrendChoice::None || !options.frequency.stays(),
            },
            SeasonChoice::Auto | SeasonChoice::None => SeasonPlan::Fixed(None),
        };
        let auto = options.season == SeasonChoice::Auto || options.trend == TrendChoice::Auto;
        if auto && !long {
            notes.push(format!(
                "no calendar is estimated: {days} days of history are fewer than the two years that tell a season from a trend"
            ));
        }
        let trends = trends(panel, options.trend, long, &mut notes);
        notes.extend(longest_gap(panel));
        Ok(Self { season, trends, notes })
    }

    /// Whether no calendar is tried.
    pub(super) const fn is_empty(&self) -> bool {
        matches!(self.season, SeasonPlan::Fixed(None)) && matches!(self.trends, [false])
    }
}

fn trends(
    panel: &Panel,
    choice: TrendChoice,
    long: bool,
    notes: &mut Vec<String>,
) -> &'static [bool] {
    let cohort = panel.clock == Clock::FirstPurchase && is_one_cohort(panel);
    match choice {
        TrendChoice::None => &[false],
        TrendChoice::Auto if !long => &[false],
        TrendChoice::Auto if cohort => {
            notes.push(
                "no trend is estimated: nine of ten customers were acquired in the first third of the panel, and in one cohort a trend cannot be told from customers leaving"
                    .to_owned(),
            );
            &[false]
        }
        TrendChoice::Auto => &[false, true],
        TrendChoice::Linear | TrendChoice::Damped => {
            if cohort {
                notes.push(
                    "nine of ten customers were acquired in the first third of the panel: in one cohort a trend takes up customers leaving that the model does not describe, and carries it on; compare with `--trend none`"
                        .to_owned(),
                );
            }
            if panel_days(panel) <= YEAR_DAYS {
                notes.push("a trend over less than a year of history may be a season".to_owned());
            }
            &[true]
        }
    }
}

/// Days of the panel.
pub(super) fn panel_days(panel: &Panel) -> i32 {
    panel.grid.as_of().since(panel.grid.start(panel.first_period())) + 1
}

/// Whether nearly all customers were acquired early in the panel.
fn is_one_cohort(panel: &Panel) -> bool {
    let start = panel.grid.start(panel.first_period());
    let mut days: Vec<i32> = panel
        .customers
        .iter()
        .filter_map(|customer| Some(customer.first_purchase?.since(start)))
        .collect();
    days.sort_unstable();
    let ninth = days.get(days.len() * 9 / 10).copied().unwrap_or(0);
    f64::from(ninth) < COHORT * f64::from(panel_days(panel))
}

/// The longest run of days without any purchase, where it is longer than a period and a month: a
/// gap that a calendar would take for a season.
fn longest_gap(panel: &Panel) -> Option<String> {
    const MONTH: i32 = 31;
    let mut days: Vec<i32> = panel
        .customers
        .iter()
        .filter_map(|customer| Some(panel.grid.as_of().since(customer.first_purchase?)))
        .chain(panel.repeats_by_day.iter().zip(0..).filter(|(n, _)| **n > 0).map(|(_, ago)| ago))
        .collect();
    days.sort_unstable();
    let (from, to) =
        days.windows(2).map(|pair| (pair[0], pair[1])).max_by_key(|(near, far)| far - near)?;
    let length = i32::try_from(panel.grid.days(PeriodIndex(0))).unwrap_or(i32::MAX);
    (to - from > length.max(MONTH)).then(|| {
        let day = |ago: i32| panel.grid.as_of().plus(-ago);
        format!(
            "nobody purchased between {} and {}: if data are missing there, or shops were closed, say so with `--calendar FILE` (a factor near 0), or the calendar takes it for a season",
            day(to),
            day(from)
        )
    })
}
