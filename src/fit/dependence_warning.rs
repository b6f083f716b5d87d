//! What a user is told of values that go with frequency.

use super::choice::DependenceChoice;
use super::run::FitOptions;
use super::spend_design::DEPENDENCE;
use super::spend_parts::{NOTICEABLE, told};
use super::spend_regression::{SpendRegression, fit_spend};
use crate::panel::{Correlation, Panel};

/// Correlation of value and frequency beyond which their independence is in doubt, however few
/// the customers: 4 % of the variance of one is then explained by the other.
const MATERIAL: f64 = 0.2;
/// A smaller one is told where chance gives it in 3 of 1000 bases only.
const SIGNIFICANT: f64 = 3.0;

/// Whether a model that assumes independence should say that it is in doubt.
pub(super) fn in_doubt(correlation: &Correlation) -> bool {
    let size = correlation.pearson.abs();
    size >= MATERIAL || (size >= NOTICEABLE && correlation.z.abs() >= SIGNIFICANT)
}

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
    let correlation = correlation.filter(|correlation| in_doubt(correlation))?;
    // A fit only to name the size; without one the warning still stands.
    let measure = FitOptions { dependence: DependenceChoice::Regression, ..options.clone() };
    let measured = fit_spend(panel, &measure, rates).ok();
    let slope = measured.as_ref().and_then(|fit| fit.coefficient(DEPENDENCE));
    let size =
        slope.map(|slope| format!(" (elasticity of value in the purchase rate {})", told(slope)));
    Some(format!(
        "value and frequency are correlated ({:.2}, z = {:.1}); the model assumes they are independent, so the values of frequent buyers are {}{}; `--dependence regression` takes it into account",
        correlation.pearson,
        correlation.z,
        if correlation.pearson > 0.0 { "understated" } else { "overstated" },
        size.unwrap_or_default()
    ))
}
