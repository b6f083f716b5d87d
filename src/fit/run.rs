//! From a panel to a fitted model.

use std::cell::OnceCell;

use rayon::prelude::*;

use super::calendar::CalendarFit;
use super::choice::{DAMPING, DependenceChoice, FrequencyKind, SeasonChoice, Spend, TrendChoice};
use super::data_section::data_section;
use super::dependence_warning::of_dependence;
use super::error::FitError;
use super::frequency::fit_frequency;
use super::model::{FittedModel, Form, Monetary, States};
use super::rates::expected_rate;
use super::report::{FitReport, NORMAL_975};
use super::section::{EmpiricalSection, FitSection, PartSection};
use super::spend_regression::{SpendRegression, fit_spend};
use crate::calendar::{GivenFactors, Timeline};
use crate::markov::{Bands, EmpiricalTransitions};
use crate::models::ValueLaw;
use crate::panel::Panel;

/// How a model is fitted.
///
/// ```
/// # use clvcast::{fit::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 200, ..Scenario::default() })?.to_ledger();
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let bands = clvcast::markov::Bands::new(vec![1.0, 20.0, 500.0])?;
/// let options = FitOptions { bands: Some(bands.clone()), ..FitOptions::default() };
/// assert_eq!(fit(&panel, &options)?.states.bands, Some(bands));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct FitOptions {
    /// The frequency model.
    pub frequency: FrequencyKind,
    /// What comes back every year in purchasing.
    pub season: SeasonChoice,
    /// What does not.
    pub trend: TrendChoice,
    /// Share of a damped trend's slope that is left after each coming period, in (0, 1].
    pub damping: f64,
    /// Known factors on purchasing.
    pub given: GivenFactors,
    /// Precision of the prior on scaled log-parameters; none by default.
    pub penalty: Option<f64>,
    /// Which values the Gamma-Gamma law is fitted to.
    pub spend: Spend,
    /// Value bands; by default chosen from the data.
    pub bands: Option<Bands>,
    /// Largest count per period; by default the panel's largest.
    pub max_frequency: Option<u32>,
    /// Under the panel clock, the number of customers known from elsewhere, buyers included; the
    /// likelihood is zero-truncated without it.
    pub base: Option<u64>,
    /// Season of purchase values.
    pub value_season: SeasonChoice,
    /// Trend of purchase values.
    pub value_trend: TrendChoice,
    /// Whether purchase values may depend on the purchase rate.
    pub dependence: DependenceChoice,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self {
            frequency: FrequencyKind::default(),
            season: SeasonChoice::default(),
            trend: TrendChoice::default(),
            damping: DAMPING,
            given: GivenFactors::default(),
            penalty: None,
            value_season: SeasonChoice::default(),
            value_trend: TrendChoice::default(),
            dependence: DependenceChoice::default(),
            spend: Spend::default(),
            bands: None,
            max_frequency: None,
            base: None,
        }
    }
}

/// Fits a frequency model and Gamma-Gamma to a panel and chooses the states.
///
/// # Errors
/// When nothing can be fitted; see [`FitError`].
///
/// ```
/// # use clvcast::{fit::*, ledger, models::RateLaw, panel::*, progress::Silent, units::Day};
/// let files = ["data/cdnow-sample.csv".to_owned()];
/// let ledger = ledger::read(&files, &ledger::ReadOptions::default(), &Silent)?;
/// let options = PanelOptions {
///     as_of: Day::from_ymd(1997, 9, 30),
///     zero_orders: ZeroOrders::Count,
///     ..PanelOptions::new(Period::Days(7))
/// };
/// let panel = Panel::build(&ledger, &options, &Silent)?;
/// let model = fit(&panel, &FitOptions { spend: Spend::RepeatMean, ..FitOptions::default() })?;
/// let RateLaw::Gamma { shape, rate } = model.frequency.rate() else { panic!("rates differ") };
/// assert!((shape - 0.384766).abs() < 1e-4 && (rate - 12.072023).abs() < 1e-3); // as published
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit(panel: &Panel, options: &FitOptions) -> Result<FittedModel, FitError> {
    // Nobody purchased anything of value: the amounts are the cause, not the number of customers.
    if panel.has_amount && panel.customers.iter().all(|customer| customer.purchases == 0) {
        return Err(FitError::NoPositiveAmount);
    }
    if panel.customers.len() > 1 && panel.periods < 2 {
        return Err(FitError::OnePeriod);
    }
    let (laws, (states, correlation)) = rayon::join(
        || laws(panel, options),
        || (states(panel, options), panel.value_frequency_correlation()),
    );
    let Laws { frequency, spending, rates } = laws?;
    let bands = states.bands.as_ref();
    let mut section = section(panel, options, &frequency, spending.as_ref(), bands);
    section.value_frequency_correlation = correlation.as_ref().map(|c| c.pearson);
    if let Some(spending) = &spending {
        section.warnings.extend(spending.notes.iter().cloned());
        let rates = || rates.get_or_init(|| expected_rates(panel, &frequency)).as_slice();
        let told = of_dependence(panel, options, spending, &rates, correlation.as_ref());
        if let Some(told) = told {
            section.warnings.push(told.text);
            section.spend_classes = told.classes;
        }
    }
    let form = if options.spend == Spend::Period { Form::Period } else { Form::Purchase };
    Ok(FittedModel {
        source: None,
        period: panel.grid.period(),
        clock: panel.clock,
        frequency: frequency.law,
        calendar: frequency.calendar,
        value_calendar: spending.as_ref().and_then(|fit| fit.calendar.clone()),
        monetary: spending.map(|fit| Monetary {
            law: fit.monetary.law,
            form,
            dependence: fit.dependence,
        }),
        states,
        fit: Some(section),
    })
}

/// What the likelihoods say.
struct Laws {
    frequency: CalendarFit,
    spending: Option<SpendRegression>,
    /// [`expected_rates`], once somebody asks for them.
    rates: OnceCell<Vec<f64>>,
}

fn laws(panel: &Panel, options: &FitOptions) -> Result<Laws, FitError> {
    let frequency = fit_frequency(panel, options)?;
    let rates = OnceCell::new();
    // Values that do not go with the rates do not ask for them.
    let asked = match options.dependence {
        DependenceChoice::None => &[],
        _ => rates.get_or_init(|| expected_rates(panel, &frequency)).as_slice(),
    };
    let spending = panel.has_amount.then(|| fit_spend(panel, options, asked)).transpose()?;
    Ok(Laws { frequency, spending, rates })
}

/// Bands and largest count, as given or as the panel has them.
fn states(panel: &Panel, options: &FitOptions) -> States {
    let values = || panel.cells.par_iter().filter_map(|cell| panel.value(cell)).collect();
    let bands = panel.has_amount.then(|| options.bands.clone());
    let largest = panel.cells.par_iter().filter(|c| panel.is_active(c)).map(|c| c.purchases).max();
    States {
        max_frequency: options.max_frequency.or(largest).unwrap_or(1).max(1),
        bands: bands.and_then(|given| given.or_else(|| Bands::choose(values()))),
    }
}

/// E\[λ_i | history, has not left\] of each customer in the model's time, purchases per period.
fn expected_rates(panel: &Panel, frequency: &CalendarFit) -> Vec<f64> {
    let timeline = Timeline::new(panel, frequency.calendar.as_ref(), 0);
    let law = frequency.law.rate();
    let rate = |i| expected_rate(panel, law, &timeline, i).unwrap_or_else(|| law.mean());
    (0..panel.customers.len()).into_par_iter().map(rate).collect()
}

/// The report of the values' law, with the regression's coefficients and effective parameters.
fn spend_part(spending: &SpendRegression) -> PartSection {
    let mut part = part(&spending.monetary.report);
    for coefficient in &spending.coefficients {
        let (name, at) = (&coefficient.name, coefficient.estimate);
        let reach = coefficient.standard_error.map(|error| NORMAL_975 * error);
        part.standard_errors.insert(name.clone(), coefficient.standard_error);
        let interval = reach.map(|reach| (at - reach, at + reach));
        part.confidence_intervals.insert(name.clone(), interval);
    }
    part.coefficients.clone_from(&spending.coefficients);
    let finite = |value: f64| value.is_finite().then_some(value);
    PartSection { aic: finite(spending.aic()), bic: finite(spending.bic()), ..part }
}

fn section(
    panel: &Panel,
    options: &FitOptions,
    frequency: &CalendarFit,
    spending: Option<&SpendRegression>,
    bands: Option<&Bands>,
) -> FitSection {
    let empirical = bands.map(|bands| {
        let counted = empirical_transitions(panel, bands);
        EmpiricalSection { counts: counted.counts().to_vec(), shares: counted.shares() }
    });
    FitSection {
        frequency: part(&frequency.report),
        calendar: frequency.section.clone(),
        choice: None,
        monetary: spending.map(spend_part),
        spend: spending.map(|_| options.spend.name().to_owned()),
        data: data_section(panel),
        value_frequency_correlation: None,
        spend_classes: Vec::new(),
        empirical_transitions: empirical,
        warnings: warnings(frequency, spending.map(|fit| fit.monetary.law)),
    }
}

fn part(report: &FitReport) -> PartSection {
    let finite = |value: f64| value.is_finite().then_some(value);
    let by_name = |estimate: &super::report::Estimate| estimate.name.to_owned();
    PartSection {
        log_likelihood: finite(report.log_likelihood),
        full_log_likelihood: finite(report.full_log_likelihood),
        constants: report.constants.to_owned(),
        standard_errors: report.estimates.iter().map(|e| (by_name(e), e.standard_error)).collect(),
        confidence_intervals: report
            .estimates
            .iter()
            .map(|e| {
                // JSON has no infinity: an interval without an end is none.
                let ends = e.confidence_interval.filter(|(a, b)| a.is_finite() && b.is_finite());
                (by_name(e), ends)
            })
            .collect(),
        covariance: report.covariance.clone(),
        coefficients: Vec::new(),
        aic: finite(report.aic()),
        bic: finite(report.bic()),
        penalty: report.penalty,
        stop_reason: report.stop_reason.to_string(),
        customers: report.customers,
        iterations: report.iterations,
        evaluations: report.evaluations,
        gradient_norm: report.gradient_norm,
    }
}

/// Moves from one active period of a customer to its next, block by block: counts add up.
fn empirical_transitions(panel: &Panel, bands: &Bands) -> EmpiricalTransitions {
    const BLOCK: usize = 16_384;
    let moves = |i: usize| {
        let values = || panel.active_amounts(i).map(|(_, m)| m);
        values().zip(values().skip(1))
    };
    let n = panel.customers.len();
    (0..n.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| (block * BLOCK)..n.min((block + 1) * BLOCK))
        .map(|block| EmpiricalTransitions::count(bands, block.flat_map(moves)))
        .reduce(|| EmpiricalTransitions::count(bands, []), EmpiricalTransitions::plus)
}

fn warnings(frequency: &CalendarFit, law: Option<ValueLaw>) -> Vec<String> {
    use super::report::Limit;
    let mut warnings = Vec::new();
    match frequency.report.limit {
        Some(Limit::Poisson) => warnings.push(
            "purchase counts vary no more between customers than chance explains: every customer gets the same purchase rate (Poisson limit)"
                .to_owned(),
        ),
        Some(Limit::LogSeries) => warnings.push(
            "the zero-truncated likelihood has its maximum at b = 0: the logarithmic series is used; give the number of customers with `--base N` if it is known"
                .to_owned(),
        ),
        Some(Limit::NoAttrition) => warnings.push(
            "nobody seems to leave: the model without attrition explains the data as well, and is used (limit no-attrition)"
                .to_owned(),
        ),
        Some(Limit::PoissonNoAttrition) => warnings.push(
            "nobody seems to leave, and purchase counts vary no more between customers than chance explains: every customer gets the same purchase rate (limits poisson and no-attrition)"
                .to_owned(),
        ),
        Some(Limit::EqualAttrition) => warnings.push(
            "customers do not differ in how readily they leave: all get the same (limit equal-attrition)"
                .to_owned(),
        ),
        Some(Limit::PoissonEqualAttrition) => warnings.push(
            "customers differ neither in their purchase rate nor in how readily they leave: all get the same (limits poisson and equal-attrition)"
                .to_owned(),
        ),
        _ => {}
    }
    if frequency.report.stop_reason == super::report::StopReason::Boundary {
        warnings.push(
            "the likelihood of leaving has its maximum at the edge of its parameters: customers leave at once or never"
                .to_owned(),
        );
    }
    warnings.extend(frequency.notes.iter().cloned());
    match law {
        Some(ValueLaw::SameForAll { .. }) => warnings.push(
            "purchase values differ no more between customers than within them: every customer gets the same expected value (limit q → ∞)"
                .to_owned(),
        ),
        Some(ValueLaw::OwnConstant { .. }) => warnings.push(
            "every customer always spends the same: its value is carried forward unchanged (limit p → ∞)"
                .to_owned(),
        ),
        Some(ValueLaw::Constant(_)) => {
            warnings.push("all purchases have the same value: it is carried forward".to_owned());
        }
        Some(ValueLaw::GammaGamma { q, .. }) if q <= 1.0 => warnings.push(format!(
            "q = {q:.3} ≤ 1: the mean value over the population is infinite, that of a customer with purchases is not; a few very large amounts dominate"
        )),
        _ => {}
    }
    warnings
}
