//! The row of a customer whose forecast is an average of models.

use super::{Context, Explanation, Writer, flags_of, shown};
use crate::forecast::{ForecastOptions, Member, Step};
use crate::panel::Panel;
use crate::value::{CustomerForecast, Forecast, MoneyRules};

/// Explains customer `i` of an average: what each member expects, how they are weighed, and what
/// follows in money. `alone` are the members' own forecasts, in the order of `members`.
///
/// # Panics
///
/// Where a forecast has fewer customers than the panel.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # use clvcast::{fit::FittedModel, forecast::*, value::*};
/// let model = FittedModel::from_json(&text)?;
/// let of = |weight, method| Member { weight, model: model.clone(), method };
/// let members = [of(0.75, Method::Posterior), of(0.25, Method::Chain)];
/// let (options, rules) = (ForecastOptions::default(), MoneyRules::default());
/// let money = |purchases: &Purchases| evaluate(&panel, &model, purchases, 3, &rules);
/// let alone: Vec<Purchases> = members.iter().map(|m| m.forecast(&panel, &options)).collect();
/// let pairs: Vec<_> = members.iter().map(|m| m.weight).zip(alone.iter().cloned()).collect();
/// let forecast = money(&Purchases::average(&pairs));
/// let alone: Vec<Forecast> = alone.iter().map(money).collect();
/// let explanation = clvcast::report::explain_average(
///     &panel, &members, &alone, &forecast, &options, &rules, 0);
/// let found = explanation.numbers.iter().rfind(|n| n.name == "purchases_1").unwrap();
/// assert_eq!(found.result, Some(forecast.customer(0).periods[0].step.purchases));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn explain_average(
    panel: &Panel,
    members: &[Member],
    alone: &[Forecast],
    forecast: &Forecast,
    options: &ForecastOptions,
    rules: &MoneyRules,
    i: usize,
) -> Explanation {
    let mut writer = Writer::default();
    for (k, (member, own)) in members.iter().zip(alone).enumerate() {
        let options = ForecastOptions { method: member.method, ..*options };
        let row = &own.customer(i);
        let context = Context { panel, model: &member.model, options: &options, rules, row, i };
        if k == 0 {
            context.history(&mut writer);
        }
        writer.prefix = format!("{}: ", member.name());
        context.purchases(&mut writer, &forecast.labels);
    }
    writer.prefix.clear();
    let row = &forecast.customer(i);
    if let Some(first) = members.first() {
        let context = Context { panel, model: &first.model, options, rules, row, i };
        weighed(&mut writer, members, alone, row, &forecast.labels);
        context.money(&mut writer, &forecast.labels);
    }
    Explanation {
        customer: panel.ids[i].clone(),
        method: "average",
        numbers: writer.by_part(),
        flags: flags_of(row),
    }
}

fn weighed(
    out: &mut Writer,
    members: &[Member],
    alone: &[Forecast],
    row: &CustomerForecast,
    labels: &[String],
) {
    for (h, (label, period)) in labels.iter().zip(&row.periods).enumerate() {
        out.part(label.clone());
        let mut add = |name: &str, get: fn(&Step) -> Option<f64>| {
            let terms: Vec<String> = members
                .iter()
                .zip(alone)
                .map(|(member, own)| {
                    let step = own.period(row.customer, h).map(|period| period.step);
                    format!("{} · {}", member.weight, shown(step.as_ref().and_then(get)))
                })
                .collect();
            let name = format!("{name}_{}", h + 1);
            out.add(name, "Σ weight · the member's", terms.join(" + "), get(&period.step));
        };
        add("p_active", |step| Some(step.p_active));
        add("purchases", |step| Some(step.purchases));
        add("amount", |step| step.amount);
        out.add(
            format!("value_{}", h + 1),
            "amount / purchases",
            format!("{} / {}", shown(period.step.amount), period.step.purchases),
            period.step.value,
        );
    }
}
