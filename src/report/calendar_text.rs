//! A calendar in words and tables: what a period is worth, and how sure that is.

use super::text_table::table;
use crate::calendar::{Calendar, Season, Trend};
use crate::fit::{CalendarFitSection, Coefficient, FittedModel};
use crate::panel::{Panel, PeriodIndex};

/// The calendars of a model: sentences, the factors of the coming periods and of those a year
/// before, and the coefficients where they were estimated. Empty without a calendar.
pub(super) fn calendars(panel: &Panel, model: &FittedModel, horizon: u32) -> String {
    let mut text = String::new();
    let fit = model.fit.as_ref();
    if let Some(calendar) = &model.calendar {
        let section = fit.and_then(|fit| fit.calendar.as_ref());
        text.push_str(&one("purchases", panel, calendar, section, horizon));
    }
    if let Some(calendar) = &model.value_calendar {
        text.push_str(&one("purchase values", panel, calendar, None, horizon));
    }
    text
}

fn one(
    of: &str,
    panel: &Panel,
    calendar: &Calendar,
    section: Option<&CalendarFitSection>,
    horizon: u32,
) -> String {
    let season = match &calendar.season {
        Season::None => "no season".to_owned(),
        Season::Harmonics { .. } => "a smooth season".to_owned(),
        Season::Factors { cycle, .. } => format!("a season by {}", cycle.name()),
    };
    let percent = |per_year: f64| format!("{:+.1} %", 100.0 * per_year.exp_m1());
    let trend = match calendar.trend {
        Trend::None => "no trend".to_owned(),
        Trend::Linear { per_year } => format!("a trend of {} a year", percent(per_year)),
        Trend::Damped { per_year, damping } => {
            format!("a trend of {} a year, damped by {damping} a period", percent(per_year))
        }
    };
    let error = section
        .and_then(|section| section.coefficients.iter().find(|c| c.name == "trend per year"))
        .and_then(|trend| Some((trend.standard_error?, trend.z()?)))
        .map(|(error, z)| format!(" (std. error {:.1} points, z = {z:.1})", 100.0 * error))
        .unwrap_or_default();
    let given = match calendar.given.iter().count() {
        0 => String::new(),
        1 => ", and 1 given factor".to_owned(),
        n => format!(", and {n} given factors"),
    };
    let mut text = format!("Calendar of {of}: {season}, {trend}{error}{given}.\n");
    let horizon = i32::try_from(horizon).unwrap_or(i32::MAX).min(SHOWN);
    let factor = |index| format!("{:.3}", calendar.period_factor(&panel.grid, PeriodIndex(index)));
    let periods = (1 - horizon).max(panel.first_period().0)..=horizon;
    let header: Vec<String> = std::iter::once(String::new())
        .chain(periods.clone().map(|index| panel.grid.label(PeriodIndex(index))))
        .collect();
    let row: Vec<String> =
        std::iter::once("factor".to_owned()).chain(periods.map(factor)).collect();
    text.push_str(&table(header, vec![row]));
    text
}

/// Periods shown before and after the as-of date: a year of quarters fits a line.
const SHOWN: i32 = 4;

/// Coefficients, how sure they are, and as factors where `factors` have that meaning.
pub(super) fn estimates(header: &[&str], coefficients: &[Coefficient], factors: bool) -> String {
    let rows = coefficients.iter().map(|c| {
        let shown = |value: Option<f64>, digits: usize| {
            value.map(|v| format!("{v:.digits$}")).unwrap_or_default()
        };
        let mut cells = vec![
            c.name.clone(),
            format!("{:.4}", c.estimate),
            shown(c.standard_error, 4),
            shown(c.z(), 1),
        ];
        cells.extend(factors.then(|| format!("{:.4}", c.estimate.exp())));
        cells
    });
    table(header.iter().map(|&name| name.to_owned()).collect(), rows.collect())
}

/// The coefficients of a calendar and what it was chosen from.
pub(super) fn coefficients(section: &CalendarFitSection) -> String {
    let mut text = String::new();
    if !section.coefficients.is_empty() {
        text.push_str(&estimates(
            &["calendar", "ln factor", "std. error", "z", "factor"],
            &section.coefficients,
            true,
        ));
        let shrinkage = section.prior_variance.map(|v| {
            format!(
                "Season shrunk towards flat: variance of its coefficients {v:.4}; the calendar counts as {:.1} parameters.\n",
                section.parameters
            )
        });
        text.push_str(&shrinkage.unwrap_or_default());
    }
    if section.compared.len() > 1 {
        let header = ["compared", "season", "trend", "log-likelihood", "parameters", "AIC"];
        let rows = section.compared.iter().map(|c| {
            vec![
                c.frequency.clone(),
                c.season.clone(),
                c.trend.clone(),
                format!("{:.2}", c.log_likelihood),
                format!("{:.1}", c.parameters),
                format!("{:.2}", c.aic),
            ]
        });
        text.push_str(&table(header.map(str::to_owned).to_vec(), rows.collect()));
    }
    text
}
