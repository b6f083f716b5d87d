//! What a user is told of values that go with frequency.

use super::choice::DependenceChoice;
use super::run::FitOptions;
use super::spend_classes::{SpendClass, spend_classes};
use super::spend_design::DEPENDENCE;
use super::spend_parts::{NOTICEABLE, is_sure, told};
use super::spend_regression::{SpendRegression, fit_spend};
use crate::panel::{Correlation, Panel};

/// Correlation of value and frequency beyond which their independence is in doubt, however few
/// the customers: 4 % of the variance of one is then explained by the other.
const MATERIAL: f64 = 0.2;

/// What a user is told.
pub(super) struct Told {
    /// In a sentence.
    pub(super) text: String,
    /// In means by number of purchases.
    pub(super) classes: Vec<SpendClass>,
}

/// The warning, or what the fit does about it; `rates` gives what [`fit_spend`] needs.
pub(super) fn of_dependence<'a>(
    panel: &Panel,
    options: &FitOptions,
    spending: &SpendRegression,
    rates: &dyn Fn() -> &'a [f64],
    correlation: Option<&Correlation>,
) -> Option<Told> {
    if let Some(slope) = spending.coefficient(DEPENDENCE) {
        let without = FitOptions { dependence: DependenceChoice::None, ..options.clone() };
        let plain = fit_spend(panel, &without, rates()).ok();
        // Two standard errors: 1 in 20 bases without a dependence pass.
        let text = if slope.z().is_some_and(|z| z.abs() >= 2.0) {
            format!(
                "purchase values change with the purchase rate: elasticity {}, taken into account",
                told(slope)
            )
        } else {
            format!(
                "a dependence of purchase values on the purchase rate is taken into account as asked, but is not told from none: elasticity {}",
                told(slope)
            )
        };
        return Some(Told {
            text,
            classes: plain.map_or_else(Vec::new, |plain| {
                spend_classes(panel, options.spend, &plain, Some((spending, rates())))
            }),
        });
    }
    let correlation = correlation.filter(|c| c.pearson.abs() >= NOTICEABLE)?;
    // A fit only to name the size; where there is none, a large correlation is told without.
    let measure = FitOptions { dependence: DependenceChoice::Regression, ..options.clone() };
    let measured = fit_spend(panel, &measure, rates()).ok();
    let slope = measured.as_ref().and_then(|fit| fit.coefficient(DEPENDENCE));
    // Where values have heavy tails the regression sees what the correlation's own test does not.
    let sure = slope.is_some_and(is_sure);
    if correlation.pearson.abs() < MATERIAL && !sure {
        return None;
    }
    let size =
        slope.map(|slope| format!(" (elasticity of value in the purchase rate {})", told(slope)));
    let advice = slope.map(|_| "; `--dependence regression` takes it into account");
    let text = format!(
        "value and frequency are correlated ({:.2}, z = {:.1}); the model assumes they are independent, so the values of frequent buyers are {}{}{}",
        correlation.pearson,
        correlation.z,
        if correlation.pearson > 0.0 { "understated" } else { "overstated" },
        size.unwrap_or_default(),
        advice.unwrap_or_default()
    );
    let dependent = measured.as_ref().map(|fit| (fit, rates()));
    Some(Told { text, classes: spend_classes(panel, options.spend, spending, dependent) })
}
