//! What purchase values change with, in tables.

use super::calendar_text::estimates;
use super::numbers::{count, money};
use super::text_table::table;
use crate::fit::{FitSection, SpendClass};

/// The coefficients of purchase values and their means by frequency; empty where there are none.
pub(super) fn spending(fit: &FitSection) -> String {
    let mut text = String::new();
    if let Some(part) = fit.monetary.as_ref().filter(|part| !part.coefficients.is_empty()) {
        let header = ["values, in logarithms", "estimate", "std. error", "z"];
        text.push_str(&estimates(&header, &part.coefficients, false));
    }
    if !fit.spend_classes.is_empty() {
        text.push_str(&classes(&fit.spend_classes));
    }
    text
}

fn classes(classes: &[SpendClass]) -> String {
    let header = ["purchases", "customers", "mean value", "if independent", "with dependence"]
        .map(str::to_owned);
    let shown = |value: Option<f64>| value.map(money).unwrap_or_default();
    let rows = classes.iter().map(|class| {
        vec![
            class.label(),
            count(class.customers),
            money(class.observed),
            shown(class.expected),
            shown(class.with_dependence),
        ]
    });
    format!(
        "Mean purchase value by a customer's number of purchases\n{}",
        table(header.to_vec(), rows.collect())
    )
}
