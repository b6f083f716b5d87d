//! The frequency part of a fit: which model, in which time.

use super::attrition::fit_attrition_near;
use super::calendar::{CalendarFit, fit_calendar};
use super::choice::{FrequencyKind, SeasonChoice, TrendChoice};
use super::day_histories::{DayHistories, PanelHistories};
use super::error::FitError;
use super::nbd::{FrequencyFit, NbdData, fit_nbd};
use super::penalty::fit_nbd_penalised;
use super::report::FitReport;
use super::run::FitOptions;
use crate::calendar::Timeline;
use crate::models::FrequencyLaw;
use crate::panel::{Clock, Panel};

/// Fits the frequency model that `options` ask for, with its calendar.
pub(super) fn fit_frequency(panel: &Panel, options: &FitOptions) -> Result<CalendarFit, FitError> {
    if !options.frequency.stays() && panel.clock == Clock::Panel {
        return Err(FitError::NeedsFirstPurchase { model: options.frequency.name() });
    }
    let asks_for_none = options.season == SeasonChoice::None
        && options.trend == TrendChoice::None
        && options.given.is_flat();
    let histories = PanelHistories::new(panel);
    let fit_law = |kind: FrequencyKind, timeline: &Timeline, near: Option<&[f64]>| {
        in_time(panel, options, kind, histories.of(kind.stays()), timeline, near)
    };
    if !asks_for_none {
        return fit_calendar(panel, options, &histories, &fit_law);
    }
    let (law, report) = fit_law(options.frequency, &Timeline::new(panel, None, 0), None)?;
    Ok(CalendarFit { law, report, calendar: None, section: None, notes: Vec::new() })
}

/// Fits one model in one time.
fn in_time(
    panel: &Panel,
    options: &FitOptions,
    kind: FrequencyKind,
    histories: &DayHistories,
    timeline: &Timeline,
    near: Option<&[f64]>,
) -> Result<(FrequencyLaw, FitReport), FitError> {
    let Some(attrition) = kind.attrition() else {
        // Under the panel clock everybody is observed throughout, whatever the calendar.
        let counts = match panel.clock {
            Clock::Panel => whole_panel(panel, options, histories)?,
            Clock::FirstPurchase => histories.timed(timeline, None).counts(),
        };
        let FrequencyFit { law, report } = match options.penalty {
            None => fit_nbd(&counts)?,
            Some(weight) => fit_nbd_penalised(&counts, weight)?,
        };
        return Ok((FrequencyLaw::Nbd(law), report));
    };
    let timed = histories.timed(timeline, kind.tau());
    let fit = fit_attrition_near(attrition, &timed, options.penalty, near)?;
    Ok((fit.law, fit.report))
}

/// Counts under the panel clock: zero-truncated unless the number of customers is known.
fn whole_panel(
    panel: &Panel,
    options: &FitOptions,
    histories: &DayHistories,
) -> Result<NbdData, FitError> {
    let seen = histories.timed(&Timeline::new(panel, None, 0), None);
    let Some(base) = options.base else { return Ok(NbdData::new(seen.groups(), true)) };
    let buyers = seen.groups().map(|(_, _, customers)| customers).sum();
    let silent = base.checked_sub(buyers).ok_or(FitError::BaseTooSmall { base, buyers })?;
    let silent = (0, f64::from(panel.periods), silent);
    Ok(NbdData::new(seen.groups().chain([silent]), false))
}
