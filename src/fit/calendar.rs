//! A frequency model and its calendar, estimated together.

use super::calendar_problem::{CalendarProblem, DayData};
use super::choice::{FrequencyKind, SeasonChoice, TrendChoice};
use super::day_histories::DayHistories;
use super::error::FitError;
use super::joint::{JointFit, fit_joint};
use super::law_shape::LawShape;
use super::report::{Estimate, FitReport, StopReason};
use super::run::FitOptions;
use super::section::{CalendarFitSection, CoefficientSection, ComparedCalendar};
use crate::calendar::{Calendar, Cycle, Season, SeasonKind, Timeline, Trend};
use crate::models::FrequencyLaw;
use crate::panel::{Clock, Panel};

/// A frequency model in the time of its calendar.
pub(super) struct CalendarFit {
    pub(super) law: FrequencyLaw,
    pub(super) report: FitReport,
    pub(super) calendar: Option<Calendar>,
    pub(super) section: Option<CalendarFitSection>,
    pub(super) notes: Vec<String>,
}

/// Two full years: with less, a season cannot be told from a trend.
pub(super) const CYCLES_DAYS: i32 = 730;

/// A calendar with one more parameter must gain this much AIC: less is what chance gives.
const WORTH: f64 = 2.0;

/// Days of the panel.
pub(super) fn panel_days(panel: &Panel) -> i32 {
    panel.grid.as_of().since(panel.grid.start(panel.first_period())) + 1
}

/// Days within which nine of ten customers were acquired, as a share of the panel below which the
/// base is one cohort: its fading is attrition, and a trend would take it for the calendar's.
const COHORT: f64 = 1.0 / 3.0;

/// Whether nearly all customers were acquired early in the panel.
pub(super) fn is_one_cohort(panel: &Panel) -> bool {
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

/// Fits a frequency model in a given time.
type FitLaw<'a> =
    dyn Fn(FrequencyKind, &Timeline) -> Result<(FrequencyLaw, FitReport), FitError> + 'a;

/// Fits a model with the calendar that `options` ask for; `fit_law` fits the model alone.
pub(super) fn fit_calendar(
    panel: &Panel,
    options: &FitOptions,
    histories: &DayHistories,
    fit_law: &FitLaw<'_>,
) -> Result<CalendarFit, FitError> {
    let given = Calendar { given: options.given.clone(), ..Calendar::default() };
    let data = DayData::new(panel, histories, |day| given.ln_factor(&panel.grid, day));
    let mut notes = Vec::new();
    let long = panel_days(panel) >= CYCLES_DAYS;
    let auto = options.season == SeasonChoice::Auto || options.trend == TrendChoice::Auto;
    if auto && !long {
        notes.push(format!(
            "no calendar is estimated: {} days of history are fewer than the two years that tell a season from a trend",
            panel_days(panel)
        ));
    }
    if let (SeasonChoice::Of(kind), false) = (options.season, long) {
        return Err(FitError::ShortForSeason { season: kind.name(), days: panel_days(panel) });
    }
    let cohort = panel.clock == Clock::FirstPurchase && is_one_cohort(panel);
    let trends = match options.trend {
        TrendChoice::None => vec![false],
        TrendChoice::Auto if !long => vec![false],
        TrendChoice::Auto if cohort => {
            notes.push(
                "no trend is estimated: nine of ten customers were acquired in the first third of the panel, and in one cohort a trend cannot be told from customers leaving"
                    .to_owned(),
            );
            vec![false]
        }
        TrendChoice::Auto => vec![false, true],
        TrendChoice::Linear | TrendChoice::Damped => {
            if cohort {
                notes.push(
                    "nine of ten customers were acquired in the first third of the panel: in one cohort a trend takes up customers leaving that the model does not describe, and carries it on; compare with `--trend none`"
                        .to_owned(),
                );
            }
            if panel_days(panel) <= 366 {
                notes.push("a trend over less than a year of history may be a season".to_owned());
            }
            vec![true]
        }
    };
    if let Some(gap) = longest_gap(&data) {
        notes.push(gap);
    }
    let mut compared = Vec::new();
    let fits = Fits { data: &data, options, fit_law };
    let season = match options.season {
        SeasonChoice::None => None,
        SeasonChoice::Of(kind) => Some(kind),
        SeasonChoice::Auto if long => fits.choose_season(
            options.trend != TrendChoice::None || !options.frequency.stays(),
            &mut compared,
        )?,
        SeasonChoice::Auto => None,
    };
    let mut best: Option<(bool, Fitted)> = None;
    for trend in trends {
        let fitted = fits.fit(season, trend, options.frequency)?;
        compared.push(fitted.compared(season, trend, options.frequency.name()));
        let better = best.as_ref().is_none_or(|(_, before)| fitted.aic() < before.aic() - WORTH);
        if better {
            best = Some((trend, fitted));
        }
    }
    let Some((trend, fitted)) = best else {
        return Err(FitError::TooFewCustomers { customers: 0 });
    };
    Ok(fitted.finish(&data, options, season, trend, compared, notes))
}

/// The longest run of days without any purchase, where it is longer than a period and a month: a
/// gap that a calendar would take for a season.
fn longest_gap(data: &DayData<'_>) -> Option<String> {
    const MONTH: i32 = 31;
    let panel = data.panel;
    let mut days: Vec<i32> = panel
        .customers
        .iter()
        .filter_map(|customer| Some(panel.grid.as_of().since(customer.first_purchase?)))
        .chain(panel.repeats_by_day.iter().zip(0..).filter(|(n, _)| **n > 0).map(|(_, ago)| ago))
        .collect();
    days.sort_unstable();
    let (from, to) =
        days.windows(2).map(|pair| (pair[0], pair[1])).max_by_key(|(near, far)| far - near)?;
    let length = i32::try_from(panel.grid.days(crate::panel::PeriodIndex(0))).unwrap_or(i32::MAX);
    (to - from > length.max(MONTH)).then(|| {
        let day = |ago: i32| panel.grid.as_of().plus(-ago);
        format!(
            "nobody purchased between {} and {}: if data are missing there, or shops were closed, say so with `--calendar FILE` (a factor near 0), or the calendar takes it for a season",
            day(to),
            day(from)
        )
    })
}

struct Fits<'a> {
    data: &'a DayData<'a>,
    options: &'a FitOptions,
    fit_law: &'a FitLaw<'a>,
}

/// A model in the time of one calendar.
struct Fitted {
    law: FrequencyLaw,
    report: FitReport,
    joint: Option<JointFit>,
    shape: LawShape,
    log_likelihood: f64,
    effective: f64,
}

impl Fitted {
    fn aic(&self) -> f64 {
        let parameters = self.report.estimates.len() as f64 + self.effective;
        2.0 * parameters - 2.0 * self.log_likelihood
    }

    fn compared(&self, season: Option<SeasonKind>, trend: bool, model: &str) -> ComparedCalendar {
        ComparedCalendar {
            frequency: model.to_owned(),
            season: season.map_or("none", SeasonKind::name).to_owned(),
            trend: if trend { "linear" } else { "none" }.to_owned(),
            log_likelihood: self.log_likelihood,
            parameters: self.report.estimates.len() as f64 + self.effective,
            aic: self.aic(),
        }
    }
}

/// Rounds of fitting the calendar with the model's limits held and the model with the calendar
/// held; one more wherever the second moves the model to another limit.
const ROUNDS: usize = 6;

impl Fits<'_> {
    /// The season that the data support best by AIC, judged with the NBD, whose fit is quick, and
    /// with a trend beside it where the base may grow or fade.
    fn choose_season(
        &self,
        trend: bool,
        compared: &mut Vec<ComparedCalendar>,
    ) -> Result<Option<SeasonKind>, FitError> {
        let kinds = [
            None,
            Some(SeasonKind::Harmonics),
            Some(SeasonKind::Factors(Cycle::Quarter)),
            Some(SeasonKind::Factors(Cycle::Month)),
        ];
        let mut best: Option<(Option<SeasonKind>, f64)> = None;
        for kind in kinds {
            let fitted = self.fit(kind, trend, FrequencyKind::Nbd)?;
            compared.push(fitted.compared(kind, trend, "nbd"));
            let aic = fitted.aic();
            if best.is_none_or(|(_, before)| aic < before - WORTH) {
                best = Some((kind, aic));
            }
        }
        Ok(best.and_then(|(kind, _)| kind))
    }

    /// The model with that calendar at the maximum of the joint likelihood.
    fn fit(
        &self,
        season: Option<SeasonKind>,
        trend: bool,
        kind: FrequencyKind,
    ) -> Result<Fitted, FitError> {
        let data = self.data;
        let design = data.design(season, trend);
        let m = design.ncols();
        let shrunk: Vec<bool> = (0..m).map(|j| season.is_some() && (j + 1 < m || !trend)).collect();
        let mut beta = nalgebra::DVector::zeros(m);
        let law_at = |beta: &nalgebra::DVector<f64>| {
            let ln_factors = data.ln_factors(&design, beta);
            let of_purchases = data.of_purchases(&ln_factors);
            let timeline = Timeline::of_past(data.panel, ln_factors);
            (self.fit_law)(kind, &timeline).map(|(law, report)| (law, report, of_purchases))
        };
        let (mut law, mut report, mut of_purchases) = law_at(&beta)?;
        let mut joint = None;
        let mut shape = LawShape::of(&law).0;
        if m > 0 {
            for _ in 0..ROUNDS {
                let (now, theta) = LawShape::of(&law);
                shape = now;
                let penalty = self.options.penalty;
                let problem = CalendarProblem { data, design: design.clone(), shape, penalty };
                let end = fit_joint(&problem, &theta, beta.as_slice(), &shrunk);
                beta.clone_from(&end.beta);
                (law, report, of_purchases) = law_at(&beta)?;
                let settled = LawShape::of(&law).0 == shape;
                if end.climb.stop == StopReason::MaxIterations {
                    return Err(FitError::NotConverged {
                        part: "calendar",
                        reason: end.climb.stop,
                        log_likelihood: end.value,
                        parameters: end.climb.theta.iter().copied().collect(),
                    });
                }
                joint = Some(end);
                if settled {
                    break;
                }
            }
        }
        Ok(Fitted {
            log_likelihood: report.log_likelihood + of_purchases,
            effective: joint.as_ref().map_or(0.0, |joint| joint.effective),
            law,
            report,
            joint,
            shape,
        })
    }
}

impl Fitted {
    fn finish(
        self,
        data: &DayData<'_>,
        options: &FitOptions,
        season: Option<SeasonKind>,
        trend: bool,
        compared: Vec<ComparedCalendar>,
        mut notes: Vec<String>,
    ) -> CalendarFit {
        let panel = data.panel;
        let mut report = self.report;
        let beta: Vec<f64> =
            self.joint.as_ref().map(|j| j.beta.iter().copied().collect()).unwrap_or_default();
        let of_season = season.map_or(0, SeasonKind::coefficients);
        let flat = self.joint.as_ref().is_some_and(|joint| joint.variance == Some(0.0));
        if flat {
            notes.push("the data see no season: it is shrunk to none".to_owned());
        }
        let mut calendar = Calendar {
            season: match season {
                Some(kind) if !flat => kind.season(&beta[..of_season]),
                _ => Season::None,
            },
            trend: match options.trend {
                _ if !trend => Trend::None,
                TrendChoice::Damped => {
                    Trend::Damped { per_year: beta[of_season], damping: options.damping }
                }
                _ => Trend::Linear { per_year: beta[of_season] },
            },
            given: options.given.clone(),
            origin: Some(panel.grid.as_of()),
            ln_level: 0.0,
        };
        calendar.normalise(&panel.grid, panel.first_period());
        let mut section = None;
        if let Some(joint) = &self.joint {
            // Under the panel clock the calendar says nothing about the rates.
            if panel.clock == Clock::FirstPurchase {
                joint_errors(&mut report.estimates, &self.shape, joint);
            }
            let names = season.iter().flat_map(|kind| kind.names());
            let names = names.chain(trend.then(|| "trend per year".to_owned()));
            let n = self.shape.names().len();
            let coefficients = names.zip(&joint.beta).enumerate().map(|(j, (name, &estimate))| {
                let error = joint.covariance.as_ref().map(|c| c[(n + j, n + j)].sqrt());
                CoefficientSection { name, estimate, standard_error: error }
            });
            section = Some(CalendarFitSection {
                coefficients: coefficients.collect(),
                prior_variance: joint.variance,
                parameters: joint.effective,
                compared,
            });
        }
        report.log_likelihood = self.log_likelihood;
        report.full_log_likelihood = self.log_likelihood;
        report.calendar_parameters = self.effective;
        CalendarFit {
            law: self.law,
            report,
            calendar: (!calendar.is_flat()).then_some(calendar),
            section,
            notes,
        }
    }
}

/// Puts the joint standard errors in place of those that take the calendar for known.
fn joint_errors(estimates: &mut [Estimate], shape: &LawShape, joint: &JointFit) {
    const NORMAL_975: f64 = 1.959_963_984_540_054;
    for (j, name) in shape.names().iter().enumerate() {
        let error = joint.covariance.as_ref().map(|c| c[(j, j)].sqrt()).filter(|e| e.is_finite());
        let name = if *name == "odds" { "dropout" } else { name };
        let Some(estimate) = estimates.iter_mut().find(|estimate| estimate.name == name) else {
            continue;
        };
        let value = estimate.value;
        if name == "dropout" {
            // On the scale of the odds, whose logarithm the climb moves.
            let of = |odds: f64| odds / (1.0 + odds);
            let odds = value / (1.0 - value);
            estimate.standard_error = error.map(|e| value * (1.0 - value) * e);
            estimate.confidence_interval = error
                .map(|e| (of(odds * (-NORMAL_975 * e).exp()), of(odds * (NORMAL_975 * e).exp())));
        } else {
            estimate.standard_error = error.map(|e| value * e);
            estimate.confidence_interval =
                error.map(|e| (value * (-NORMAL_975 * e).exp(), value * (NORMAL_975 * e).exp()));
        }
    }
}
