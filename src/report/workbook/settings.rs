//! How a run was made, in few words: what a workbook is compared by when it is given back.

use crate::fit::FittedModel;
use crate::forecast::{Member, Method};
use crate::panel::Panel;
use crate::report::Summary;
use crate::value::MoneyRules;

/// Settings on which the numbers of a workbook depend, overrides apart: name and text.
pub(super) fn of(summary: &Summary<'_>) -> Vec<(&'static str, String)> {
    settings(summary.panel, (summary.model, summary.members), summary.options.method, summary.rules)
}

/// The same of a run.
pub(crate) fn settings(
    panel: &Panel,
    (model, members): (&FittedModel, &[Member]),
    method: Method,
    rules: &MoneyRules,
) -> Vec<(&'static str, String)> {
    let named = |model: &FittedModel| match &model.calendar {
        Some(_) => format!("{} with a calendar", model.frequency.name()),
        None => model.frequency.name().to_owned(),
    };
    let (model, method) = match members {
        [] => (named(model), method.name().to_owned()),
        members => {
            let all: Vec<String> = members.iter().map(Member::name).collect();
            (all.join("; "), "an average".to_owned())
        }
    };
    let given = |number: Option<f64>| number.map_or("none".to_owned(), |n| n.to_string());
    let columns =
        [(panel.has_amount, "amount"), (panel.has_cost, "cost"), (panel.has_expense, "expense")];
    let columns: Vec<&str> =
        columns.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect();
    vec![
        ("as-of date", panel.grid.as_of().to_string()),
        ("customers", panel.customers.len().to_string()),
        ("columns", columns.join(", ")),
        ("model", model),
        ("method", method),
        ("margin", given(rules.margin)),
        ("margin rule", rules.margin_rule.name().to_owned()),
        ("expense rate", given(rules.expense_rate)),
        ("discount", rules.discount.to_string()),
    ]
}
