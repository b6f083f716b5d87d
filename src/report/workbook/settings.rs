//! How a run was made, in few words: what a workbook is compared by when it is given back.

use crate::fit::FittedModel;
use crate::forecast::{Member, Method};
use crate::panel::Panel;
use crate::report::Summary;
use crate::report::numbers::decimal;
use crate::value::{MoneyRules, Totals};

/// Settings on which the numbers of a workbook depend, overrides apart: name and text.
pub(super) fn of(summary: &Summary<'_>) -> Vec<(&'static str, String)> {
    let models = (summary.model, summary.members);
    settings(summary.panel, models, summary.options.method, summary.rules, summary.totals)
}

/// The same of a run.
pub(crate) fn settings(
    panel: &Panel,
    (model, members): (&FittedModel, &[Member]),
    method: Method,
    rules: &MoneyRules,
    totals: &Totals,
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
    // Overrides do not touch them, and whatever else differs does: parameters, bands, calendars.
    let purchases = totals.periods.iter().map(|period| period.purchases).sum();
    let amount: Option<f64> = totals.periods.iter().map(|period| period.amount).sum();
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
        ("forecast purchases", decimal(purchases, 3)),
        ("forecast amount", amount.map_or("none".to_owned(), |amount| decimal(amount, 2))),
    ]
}
