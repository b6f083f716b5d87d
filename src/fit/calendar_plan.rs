//! Which calendars are tried: what is asked for, less what the data cannot carry.

use super::choice::{SeasonChoice, TrendChoice};
use super::error::FitError;
use super::run::FitOptions;
use crate::calendar::{CYCLES_DAYS, SeasonKind};
use crate::panel::{Clock, Panel, PeriodIndex};

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
    /// The one the data support best, or none.
    Choose,
}

impl Plan {
    /// What `options` ask for on that panel.
    pub(super) fn new(panel: &Panel, options: &FitOptions) -> Result<Self, FitError> {
        let days = panel.days_known();
        let long = days >= CYCLES_DAYS;
        let mut notes = Vec::new();
        let cohort = panel.clock == Clock::FirstPurchase && is_one_cohort(panel);
        // Without leaving and without a trend, only a season is left to explain a base that fades.
        let fades = cohort && options.frequency.stays();
        if fades
            && options.trend == TrendChoice::None
            && matches!(options.season, SeasonChoice::Of(_) | SeasonChoice::Best)
            && long
        {
            notes.push(
                "nine of ten customers were acquired in the first third of the history: under a model without leaving the season takes up customers who left; compare with `--frequency pdo`"
                    .to_owned(),
            );
        }
        let season = match options.season {
            SeasonChoice::Of(kind) if !long => {
                let (option, season) = ("--season", kind.name());
                return Err(FitError::ShortForSeason { option, season, days });
            }
            SeasonChoice::Of(kind) => SeasonPlan::Fixed(Some(kind)),
            SeasonChoice::Auto if long && fades => {
                notes.push(
                    "no season is estimated: nine of ten customers were acquired in the first third of the history, and under a model without leaving a season would take up customers who left; use a model with leaving, such as `--frequency pdo`"
                        .to_owned(),
                );
                SeasonPlan::Fixed(None)
            }
            SeasonChoice::Auto | SeasonChoice::Best if long => SeasonPlan::Choose,
            SeasonChoice::Auto | SeasonChoice::Best | SeasonChoice::None => SeasonPlan::Fixed(None),
        };
        let open = matches!(options.season, SeasonChoice::Auto | SeasonChoice::Best);
        let auto = open || options.trend == TrendChoice::Auto;
        if auto && !long {
            notes.push(format!(
                "no calendar is estimated: {days} days of history are fewer than the two years that tell a season from a trend"
            ));
        }
        let trends = trends(options.trend, (days, cohort), &mut notes);
        notes.extend(longest_gap(panel));
        Ok(Self { season, trends, notes })
    }

    /// Whether no calendar is tried.
    pub(super) const fn is_empty(&self) -> bool {
        matches!(self.season, SeasonPlan::Fixed(None)) && matches!(self.trends, [false])
    }
}

fn trends(
    choice: TrendChoice,
    (days, cohort): (i32, bool),
    notes: &mut Vec<String>,
) -> &'static [bool] {
    match choice {
        TrendChoice::None => &[false],
        TrendChoice::Auto if days < CYCLES_DAYS => &[false],
        TrendChoice::Auto if cohort => {
            notes.push(
                "no trend is estimated: nine of ten customers were acquired in the first third of the history, and in one cohort a trend cannot be told from customers leaving"
                    .to_owned(),
            );
            &[false]
        }
        TrendChoice::Auto => &[false, true],
        TrendChoice::Linear | TrendChoice::Damped => {
            if cohort {
                notes.push(
                    "nine of ten customers were acquired in the first third of the history: in one cohort a trend takes up customers leaving that the model does not describe, and carries it on; compare with `--trend none`"
                        .to_owned(),
                );
            }
            if days <= YEAR_DAYS {
                notes.push("a trend over less than a year of history may be a season".to_owned());
            }
            &[true]
        }
    }
}

/// Whether nearly all customers were acquired early in what is known.
fn is_one_cohort(panel: &Panel) -> bool {
    let Some(first) = panel.first_purchase() else { return false };
    let mut days: Vec<i32> = panel
        .customers
        .iter()
        .filter_map(|customer| Some(customer.first_purchase?.since(first)))
        .collect();
    days.sort_unstable();
    let ninth = days.get(days.len() * 9 / 10).copied().unwrap_or(0);
    f64::from(ninth) < COHORT * f64::from(panel.days_known())
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
        // Silence up to the as-of date is a gap, too.
        .chain([0])
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
