//! Purchase values with a season, a trend and a dependence on the purchase rate.

use nalgebra::{DMatrix, DVector};

use super::covariance::Covariance;
use super::error::FitError;
use super::gamma_gamma::{MonetaryFit, fit_gamma_gamma};
use super::joint::{JointFit, fit_joint};
use super::model::Dependence;
use super::report::{Estimate, FitReport, StopReason};
use super::run::FitOptions;
use super::section::Coefficient;
use super::spend_design::{DEPENDENCE, Design, SpendData, centred};
use super::spend_level::Level;
use super::spend_likelihood::SpendLikelihood;
use super::spend_parts::Parts;
use crate::calendar::Calendar;
use crate::models::ValueLaw;
use crate::panel::Panel;

/// A law of values m̃ with the factors that lead to the values m: m_ij = v_ij · m̃_ij,
///
/// ```text
/// v_ij = g(period of ij) · (rate_i/centre)^slope
/// ```
///
/// ```
/// # use clvcast::{fit::*, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// // Without regression it is the law alone.
/// let spending = fit_spend(&panel, &FitOptions::default(), &[])?;
/// assert!(spending.calendar.is_none() && spending.dependence.is_none());
/// assert_eq!(spending.parameters, 3.0);
/// assert_eq!(spending.aic(), spending.monetary.report.aic());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SpendRegression {
    /// The law of m̃ with joint standard errors. Its `log_likelihood` is that of m, without the
    /// prior of the season; its own AIC counts only the law's parameters.
    pub monetary: MonetaryFit,
    /// g, with mean 1 over the panel's periods; `None` where every period is alike.
    pub calendar: Option<Calendar>,
    /// The dependence on the purchase rate; `None` where there is none.
    pub dependence: Option<Dependence>,
    /// The coefficients of ln v that are used.
    pub coefficients: Vec<Coefficient>,
    /// Variance σ² of the season's coefficients across seasons, as far as the data tell; 0 where
    /// a season was tried and is flat, `None` where none was tried.
    pub shrinkage: Option<f64>,
    /// Effective number of parameters: the law's, and of the coefficients each the share that the
    /// data and not the prior decide.
    pub parameters: f64,
    /// What was asked for and is not used, and why.
    pub notes: Vec<String>,
}

impl SpendRegression {
    fn plain(monetary: MonetaryFit, shrinkage: Option<f64>, notes: Vec<String>) -> Self {
        Self {
            parameters: monetary.report.estimates.len() as f64,
            monetary,
            calendar: None,
            dependence: None,
            coefficients: Vec::new(),
            shrinkage,
            notes,
        }
    }

    /// 2·parameters − 2 ln L, with the effective number of parameters.
    #[must_use]
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters - 2.0 * self.monetary.report.log_likelihood
    }

    /// ln(customers)·parameters − 2 ln L, with the effective number of parameters.
    #[must_use]
    pub fn bic(&self) -> f64 {
        let report = &self.monetary.report;
        (report.customers as f64).ln() * self.parameters - 2.0 * report.log_likelihood
    }

    /// The coefficient of that name, if it is used.
    #[must_use]
    pub fn coefficient(&self, name: &str) -> Option<&Coefficient> {
        self.coefficients.iter().find(|coefficient| coefficient.name == name)
    }
}

/// Fits the Gamma-Gamma law of purchase values, with what the options ask for of season, trend and
/// dependence; with nothing asked for it is [`fit_gamma_gamma`].
///
/// `rates` has for each customer of the panel the expected purchase rate given its history,
/// E\[λ_i\] > 0 while it is a customer, in purchases per period; it is read for a dependence only.
/// The dependence is centred at the geometric mean over the customers with a value.
///
/// The season of a period is the mean of ln factor over its days and the trend that of its middle,
/// which differs from the logarithm of the mean factor ([`Calendar::period_factor`]) by half the
/// variance of ln g within the period: 0.5 % for a season that changes by a third within it.
/// The calendar is then normalised, and k multiplied by the level, so the model is the same.
///
/// # Errors
/// Where the law cannot be fitted (see [`fit_gamma_gamma`]); where a season or trend is demanded
/// that the data cannot carry (a panel of less than two years; `repeat-mean`, which has no
/// periods); where a rate that is needed is not positive.
///
/// ```
/// # use clvcast::{calendar::*, fit::*, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let options = FitOptions { value_trend: TrendChoice::Damped, ..FitOptions::default() };
/// let spending = fit_spend(&panel, &options, &[])?;
/// let trend = spending.coefficient("trend").unwrap(); // per year
/// assert!(trend.estimate.abs() < 0.1 && trend.standard_error.unwrap() < 0.1);
/// assert_eq!(spending.calendar.as_ref().unwrap().trend.per_year(), trend.estimate);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit_spend(
    panel: &Panel,
    options: &FitOptions,
    rates: &[f64],
) -> Result<SpendRegression, FitError> {
    let sums = super::spend_design::plain(panel, options.spend);
    let plain = fit_gamma_gamma(&sums)?;
    let mut notes = Vec::new();
    let mut parts = Parts::asked(panel, options, &mut notes)?;
    if parts.is_empty() {
        return Ok(SpendRegression::plain(plain, None, notes));
    }
    let data = SpendData::new(panel, options.spend, sums);
    let mut shrinkage = None;
    let rated = if parts.dependence { Some(centred(panel, &data, rates)?) } else { None };
    if rated.as_ref().is_some_and(|(_, ln_rates)| ln_rates.iter().all(|z| z.abs() < SAME_RATE)) {
        notes.push(
            "all customers have the same purchase rate: values cannot depend on it".to_owned(),
        );
        parts.dependence = false;
    }
    while !parts.is_empty() {
        let ValueLaw::GammaGamma { p, q, k } = plain.law else {
            notes.push(format!(
                "purchase values have no spread within or between customers that a law could describe (constant-value limit): {} not estimated",
                parts.named()
            ));
            break;
        };
        let ln_rates = rated.as_ref().filter(|_| parts.dependence).map(|(_, z)| z.clone());
        let design = Design::new(panel, parts.season, parts.trend.is_some(), ln_rates);
        let likelihood = SpendLikelihood { data: &data, design: &design };
        let zero = vec![0.0; design.columns()];
        let fit = fit_joint(&likelihood, &[p, q, k], &zero, None, &design.shrunk);
        let converged = matches!(fit.climb.stop, StopReason::Converged | StopReason::Precision);
        if !converged || fit.covariance.is_none() {
            notes.push(format!(
                "the values do not determine {}: left out ({})",
                parts.named(),
                if converged { "its parts cannot be told apart" } else { "no interior maximum" }
            ));
            break;
        }
        shrinkage = fit.variance.or(shrinkage);
        let coefficients = coefficients(&design, &fit);
        if parts.drop_one(panel, options, fit.variance, &coefficients, &mut notes) {
            continue;
        }
        let level = Level::new(panel, options, parts, &fit);
        let monetary = law(&plain, &fit, &level, &design.names);
        let slope = |c: &&Coefficient| c.name == DEPENDENCE;
        let dependence = coefficients.iter().find(slope).zip(rated.as_ref());
        return Ok(SpendRegression {
            monetary,
            calendar: level.calendar.filter(|calendar| !calendar.is_flat()),
            dependence: dependence
                .map(|(c, &(centre, _))| Dependence { slope: c.estimate, centre }),
            coefficients,
            shrinkage,
            parameters: 3.0 + fit.effective,
            notes,
        });
    }
    Ok(SpendRegression::plain(plain, shrinkage, notes))
}

/// Rates whose logarithms differ by no more are rounded copies of one.
const SAME_RATE: f64 = 1e-9;

/// Estimates and standard errors. The factors of a season and the law hold one level together,
/// which only the prior divides; errors are those of differences from the mean.
fn coefficients(design: &Design, fit: &JointFit) -> Vec<Coefficient> {
    let named = design.names.iter().enumerate();
    named
        .map(|(j, name)| {
            let (estimate, standard_error) = fit.coefficient(3, design.level, j);
            Coefficient { name: name.clone(), estimate, standard_error }
        })
        .collect()
}

/// The law of values at the normalised calendar: k times the level, with
/// Var ln(k·level) = d′ C d, d = (0, 0, 1, ∂ ln level/∂β), C the joint covariance.
fn law(plain: &MonetaryFit, fit: &JointFit, level: &Level, coefficients: &[String]) -> MonetaryFit {
    let theta = &fit.climb.theta;
    let k = theta[2] * level.ln.exp();
    let estimates = [("p", theta[0]), ("q", theta[1]), ("k", k)].into_iter().enumerate();
    let estimates = estimates.map(|(j, (name, value))| {
        let mut d = DVector::zeros(3 + fit.beta.len());
        d[j] = 1.0;
        if name == "k" {
            d.rows_mut(3, level.slope.len()).copy_from(&level.slope);
        }
        Estimate::on_log_scale(name, value, fit.error_of(&d))
    });
    MonetaryFit {
        law: ValueLaw::GammaGamma { p: theta[0], q: theta[1], k },
        report: FitReport {
            estimates: estimates.collect(),
            covariance: covariance(fit, level, coefficients),
            log_likelihood: fit.value,
            full_log_likelihood: fit.value,
            iterations: plain.report.iterations + fit.climb.iterations,
            evaluations: plain.report.evaluations + fit.climb.evaluations,
            gradient_norm: fit.gradient_norm,
            stop_reason: fit.climb.stop,
            ..plain.report.clone()
        },
    }
}

/// The covariance of (ln p, ln q, ln(k·level), β): J C J′, where J adds ∂ ln level/∂β to the row of
/// ln k.
fn covariance(fit: &JointFit, level: &Level, coefficients: &[String]) -> Option<Covariance> {
    let n = 3 + fit.beta.len();
    let mut jacobian = DMatrix::identity(n, n);
    for (j, slope) in level.slope.iter().enumerate() {
        jacobian[(2, 3 + j)] = *slope;
    }
    let names = ["p", "q", "k"].iter().map(|name| format!("ln {name}"));
    let names: Vec<String> = names.chain(coefficients.iter().cloned()).collect();
    Covariance::new(&names, &(&jacobian * fit.covariance.as_ref()? * jacobian.transpose()))
}
