//! What a user is told of values that go with frequency.

use super::choice::DependenceChoice;
use super::run::FitOptions;
use super::spend_design::DEPENDENCE;
use super::spend_parts::{NOTICEABLE, is_sure, told};
use super::spend_regression::{SpendRegression, fit_spend};
use crate::panel::{Correlation, Panel};

/// Correlation of value and frequency beyond which their independence is in doubt, however few
/// the customers: 4 % of the variance of one is then explained by the other.
const MATERIAL: f64 = 0.2;

/// The warning, or what the fit does about it; `rates` as [`fit_spend`] needs them.
pub(super) fn of_dependence(
    panel: &Panel,
    options: &FitOptions,
    spending: &SpendRegression,
    rates: &[f64],
    correlation: Option<&Correlation>,
) -> Option<String> {
    if let Some(slope) = spending.coefficient(DEPENDENCE) {
        return Some(format!(
            "purchase values change with the purchase rate: elasticity {}, taken into account",
            told(slope)
        ));
    }
    let correlation = correlation.filter(|c| c.pearson.abs() >= NOTICEABLE)?;
    // A fit only to name the size; where there is none, a large correlation is told without.
    let measure = FitOptions { dependence: DependenceChoice::Regression, ..options.clone() };
    let measured = fit_spend(panel, &measure, rates).ok();
    let slope = measured.as_ref().and_then(|fit| fit.coefficient(DEPENDENCE));
    // Where values have heavy tails the regression sees what the correlation's own test does not.
    let sure = slope.is_some_and(is_sure);
    if correlation.pearson.abs() < MATERIAL && !sure {
        return None;
    }
    let size =
        slope.map(|slope| format!(" (elasticity of value in the purchase rate {})", told(slope)));
    let advice = slope.map(|_| "; `--dependence regression` takes it into account");
    Some(format!(
        "value and frequency are correlated ({:.2}, z = {:.1}); the model assumes they are independent, so the values of frequent buyers are {}{}{}",
        correlation.pearson,
        correlation.z,
        if correlation.pearson > 0.0 { "understated" } else { "overstated" },
        size.unwrap_or_default(),
        advice.unwrap_or_default()
    ))
}
