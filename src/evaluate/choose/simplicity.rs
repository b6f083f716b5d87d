//! Which of two candidates is the simpler.

use crate::evaluate::{CalendarKind, Candidate};
use crate::fit::FrequencyKind;
use crate::forecast::Method;
use crate::panel::{Panel, PeriodIndex};

/// Number of parameters, then the place in the stated order; the lower, the simpler.
///
/// Up to a year ahead a linear trend comes before a damped one, further ahead after it.
pub(super) fn complexity(candidate: &Candidate, panel: &Panel, horizon: u32) -> (u32, u32) {
    let far = horizon > periods_per_year(panel);
    let frequency = if candidate.frequency.stays() { 2 } else { 4 };
    let calendar = match candidate.calendar {
        CalendarKind::None => (0, 0),
        CalendarKind::Season => (2, 0),
        CalendarKind::Trend => (1, u32::from(far)),
        CalendarKind::Damped => (1, u32::from(!far)),
        CalendarKind::SeasonTrend | CalendarKind::Auto => (3, u32::from(far)),
        CalendarKind::SeasonDamped => (3, u32::from(!far)),
    };
    (frequency + calendar.0, 2 * order(candidate) + calendar.1)
}

/// The stated order among candidates with as many parameters.
fn order(candidate: &Candidate) -> u32 {
    let flat = candidate.calendar == CalendarKind::None;
    match (candidate.frequency, candidate.method) {
        (FrequencyKind::Nbd, Method::Posterior) => 0,
        (FrequencyKind::Nbd, _) => 1,
        (FrequencyKind::ParetoNbd, _) => 2 + u32::from(!flat),
        (FrequencyKind::Pdo { .. }, _) => 2 + u32::from(flat),
        (FrequencyKind::MbgNbd, _) => 4,
        (FrequencyKind::BgNbd, _) => 5,
    }
}

/// About how many periods a year has.
fn periods_per_year(panel: &Panel) -> u32 {
    const YEAR: f64 = 365.25;
    let days = panel.grid.days(PeriodIndex(0));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
    let periods = (YEAR / f64::from(days.max(1))).round() as u32;
    periods.max(1)
}
