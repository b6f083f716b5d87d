//! A frequency model and its calendar, estimated together.

use nalgebra::{DMatrix, DVector};

use super::attrition::{Attrition, AttritionFit};
use super::attrition_limits::{no_attrition, probability};
use super::calendar_plan::{Plan, SeasonPlan};
use super::calendar_problem::{CalendarProblem, DayData};
use super::choice::{FrequencyKind, TrendChoice};
use super::covariance::Covariance;
use super::day_histories::PanelHistories;
use super::error::FitError;
use super::joint::{JointFit, fit_joint};
use super::law_shape::LawShape;
use super::nbd::{FrequencyFit, INDISTINGUISHABLE};
use super::report::{Estimate, FitReport, StopReason};
use super::run::FitOptions;
use super::section::{CalendarFitSection, Coefficient, ComparedCalendar};
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

/// What ln L is with a calendar.
const IN_TIME: &str =
    "as the density of the times of repeat purchases under the calendar, per period of its time";

/// A calendar with one more parameter must gain this much AIC: less is what chance gives.
const WORTH: f64 = 2.0;

/// Fits a frequency model in a given time, from where its four parameters nearly are if that is
/// known.
type FitLaw<'a> = dyn Fn(FrequencyKind, &Timeline, Option<&[f64]>) -> Result<(FrequencyLaw, FitReport), FitError>
    + 'a;

/// Fits a model with the calendar that `options` ask for; `fit_law` fits the model alone.
pub(super) fn fit_calendar(
    panel: &Panel,
    options: &FitOptions,
    histories: &PanelHistories<'_>,
    fit_law: &FitLaw<'_>,
) -> Result<CalendarFit, FitError> {
    let plan = Plan::new(panel, options)?;
    if plan.is_empty() && options.given.is_flat() {
        // Nothing is left of what was asked for: the same numbers as without asking.
        let (law, report) = fit_law(options.frequency, &Timeline::new(panel, None, 0), None)?;
        let (calendar, section, notes) = (None, None, plan.notes);
        return Ok(CalendarFit { law, report, calendar, section, notes });
    }
    let given = Calendar { given: options.given.clone(), ..Calendar::default() };
    let data = DayData::new(panel, histories, |day| given.ln_factor(&panel.grid, day));
    let mut compared = Vec::new();
    let fits = Fits { data: &data, options, fit_law };
    // In the order of their simplicity.
    let seasons = match plan.season {
        SeasonPlan::Fixed(season) => vec![season],
        SeasonPlan::Choose => match fits.choose_season(&mut compared)? {
            Some(kind) => vec![None, Some(kind)],
            None => vec![None],
        },
    };
    let candidates: Vec<(Option<SeasonKind>, bool)> = seasons
        .iter()
        .flat_map(|&season| plan.trends.iter().map(move |&trend| (season, trend)))
        .collect();
    let mut judge = |(season, trend)| {
        let fitted = fits.fit(season, trend, options.frequency)?;
        let judged = fitted.compared(season, trend, options.frequency.name());
        if !compared.contains(&judged) {
            compared.push(judged);
        }
        Ok::<Fitted, FitError>(fitted)
    };
    let ((mut season, mut trend), more) = (candidates[0], &candidates[1..]);
    let mut fitted = judge((season, trend))?;
    for &candidate in more {
        let next = judge(candidate)?;
        if next.aic() < fitted.aic() - WORTH {
            ((season, trend), fitted) = (candidate, next);
        }
    }
    Ok(fitted.finish(&data, options, season, trend, compared, plan.notes))
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
    /// beside a trend, so that growth, or customers who leave, do not look like a season. It still
    /// has to prove itself with the model that is asked for.
    fn choose_season(
        &self,
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
            let fitted = self.fit(kind, true, FrequencyKind::Nbd)?;
            compared.push(fitted.compared(kind, true, "nbd"));
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
        let design = self.data.design(season, trend);
        let flat = DVector::zeros(design.ncols());
        let of_season = design.ncols() - usize::from(trend);
        let shrunk: Vec<bool> = (0..design.ncols()).map(|j| j < of_season).collect();
        let attrition = kind.attrition().filter(|_| self.options.penalty.is_none());
        let Some(attrition) = attrition else {
            return self.climb(kind, &design, &shrunk, flat, None);
        };
        // Nobody leaves: quick, and a case of every model with attrition, which must not end below.
        let base = self.climb(FrequencyKind::Nbd, &design, &shrunk, flat, None)?;
        let (beta, variance) = base.coefficients();
        let fitted = self.climb(kind, &design, &shrunk, beta, variance)?;
        let gain = fitted.log_likelihood - base.log_likelihood;
        Ok(if gain > INDISTINGUISHABLE { fitted } else { base.without_leaving(attrition) })
    }

    /// Calendar and model in turn: the calendar jointly with the parameters the model has at its
    /// limits, then the model alone, which may move to another limit.
    fn climb(
        &self,
        kind: FrequencyKind,
        design: &DMatrix<f64>,
        shrunk: &[bool],
        mut beta: DVector<f64>,
        mut variance: Option<f64>,
    ) -> Result<Fitted, FitError> {
        let data = self.data;
        let law_at = |beta: &DVector<f64>, near: Option<&[f64]>| {
            let ln_factors = data.ln_factors(design, beta);
            let of_purchases = data.of_purchases(&ln_factors);
            let timeline = Timeline::of_past(data.panel, ln_factors);
            (self.fit_law)(kind, &timeline, near).map(|(law, report)| (law, report, of_purchases))
        };
        let (mut law, mut report, mut of_purchases) = law_at(&beta, None)?;
        let mut joint = None;
        let mut shape = LawShape::of(&law).0;
        // Where nobody leaves in the best time of those who stay, that time is the best already.
        let is_done = beta.is_empty() || (shape.stays() && !kind.stays());
        let rounds = if is_done { 0 } else { ROUNDS };
        for _ in 0..rounds {
            let (now, theta) = LawShape::of(&law);
            shape = now;
            let penalty = self.options.penalty;
            let problem = CalendarProblem { data, design: design.clone(), shape, penalty };
            let end = fit_joint(&problem, &theta, beta.as_slice(), variance, shrunk);
            beta.clone_from(&end.beta);
            variance = end.variance;
            // The joint climb has all four parameters where the model is at none of its limits.
            let theta = end.climb.theta.as_slice();
            let near = theta.get(..4).filter(|_| shape.names().len() == 4);
            (law, report, of_purchases) = law_at(&beta, near)?;
            if end.climb.stop == StopReason::MaxIterations {
                return Err(FitError::NotConverged {
                    part: "calendar",
                    reason: end.climb.stop,
                    log_likelihood: end.value,
                    parameters: end.climb.theta.iter().copied().collect(),
                });
            }
            joint = Some(end);
            if LawShape::of(&law).0 == shape {
                break;
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
    /// The calendar's coefficients and the variance of their prior.
    fn coefficients(&self) -> (DVector<f64>, Option<f64>) {
        match &self.joint {
            Some(joint) => (joint.beta.clone(), joint.variance),
            None => (DVector::zeros(0), None),
        }
    }

    /// The NBD's fit as the limit of a model whose customers hardly leave.
    fn without_leaving(self, kind: Attrition) -> Self {
        let nbd = FrequencyFit { law: self.law.rate(), report: self.report };
        let AttritionFit { law, report } = no_attrition(nbd).into_fit(kind);
        Self { shape: LawShape::of(&law).0, law, report, ..self }
    }

    /// The fit as it is reported.
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
            let levels = match season {
                Some(SeasonKind::Factors(cycle)) => cycle.parts(),
                _ => 0,
            };
            let n = self.shape.names().len();
            let names: Vec<String> = names.collect();
            report.covariance =
                covariance(&self.shape, joint, &names, report.covariance, panel.clock);
            let coefficients = names.into_iter().enumerate().map(|(j, name)| {
                let (estimate, standard_error) = joint.coefficient(n, levels, j);
                Coefficient { name, estimate, standard_error }
            });
            section = Some(CalendarFitSection {
                coefficients: coefficients.collect(),
                prior_variance: joint.variance,
                parameters: joint.effective,
                compared,
            });
        } else if compared.len() > 1 {
            // What was tried is told where nothing was kept, too.
            notes.push("no season and no trend: none lowers AIC enough".to_owned());
            section = Some(CalendarFitSection { compared, ..CalendarFitSection::default() });
        }
        report.log_likelihood = self.log_likelihood;
        if self.joint.is_some() {
            report.constants = IN_TIME;
        }
        if !options.frequency.stays() {
            report.full_log_likelihood = self.log_likelihood;
        }
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

/// The joint covariance of law and calendar. Under the panel clock the calendar says nothing about
/// the rates, whose own covariance stands beside its.
fn covariance(
    shape: &LawShape,
    joint: &JointFit,
    coefficients: &[String],
    of_law: Option<Covariance>,
    clock: Clock,
) -> Option<Covariance> {
    let names = shape.names().iter().map(|name| format!("ln {name}"));
    let names: Vec<String> = names.chain(coefficients.iter().cloned()).collect();
    let whole = Covariance::new(&names, joint.covariance.as_ref()?)?;
    if clock == Clock::FirstPurchase {
        return Some(whole);
    }
    let calendar = whole.only(|name| coefficients.iter().any(|own| own == name));
    Some(match (of_law?, calendar) {
        (law, Some(calendar)) => law.beside(calendar),
        (law, None) => law,
    })
}

/// Puts the joint standard errors in place of those that take the calendar for known.
fn joint_errors(estimates: &mut [Estimate], shape: &LawShape, joint: &JointFit) {
    for (j, &name) in shape.names().iter().enumerate() {
        let error = joint.covariance.as_ref().map(|c| c[(j, j)].sqrt());
        let reported = if name == "odds" { "dropout" } else { name };
        let Some(estimate) = estimates.iter_mut().find(|e| e.name == reported) else { continue };
        *estimate = if name == "odds" {
            let odds = estimate.value / (1.0 - estimate.value);
            probability(&Estimate::on_log_scale(name, odds, error))
        } else {
            Estimate::on_log_scale(name, estimate.value, error)
        };
    }
}
