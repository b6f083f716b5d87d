//! A fitted model in words: what was read, the estimates and how sure they are.

use super::calendar_text::{calendars, coefficients};
use super::numbers::{count, money};
use super::spend_text::spending;
use super::text_table::table;
use crate::fit::{FittedModel, PartSection};
use crate::ledger::{Ledger, Role};
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw, ValueLaw};
use crate::panel::{Clock, Panel};

/// What `fit` prints.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let text = clvcast::report::fit_text(&ledger, &panel, &model, &[]);
/// assert!(text.contains("793 customers made 5,009 purchases worth 2,297,201 in 16 quarters"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn fit_text(
    ledger: &Ledger,
    panel: &Panel,
    model: &FittedModel,
    warnings: &[String],
) -> String {
    let mut parts = vec![reading(ledger, panel, None), parameters(model)];
    let calendars = calendars(panel, model, SHOWN);
    if !calendars.is_empty() {
        parts.push(calendars);
    }
    parts.extend(model.fit.as_ref().and_then(|fit| fit.calendar.as_ref()).map(coefficients));
    parts.extend(model.fit.as_ref().map(spending).filter(|text| !text.is_empty()));
    parts.push(likelihoods(model));
    if !warnings.is_empty() {
        let lines = warnings.iter().map(|warning| format!("  {warning}\n"));
        parts.push(format!("Warnings\n{}", lines.collect::<String>()));
    }
    parts.join("\n")
}

/// Coming periods whose calendar factors a fit shows.
const SHOWN: u32 = 4;

/// What was read, used and left out, in sentences.
pub(super) fn reading(ledger: &Ledger, panel: &Panel, currency: Option<&str>) -> String {
    let audit = &ledger.audit;
    let files: Vec<String> = audit.files.iter().map(|f| f.path.display().to_string()).collect();
    let files = match files.as_slice() {
        [one] if one == "-" => "standard input".to_owned(),
        [one] => one.clone(),
        many => format!("{} files", many.len()),
    };
    let late = panel.audit.rows_after_as_of;
    let left: u64 = audit.left_out.values().sum::<u64>() + late;
    let mut reasons: Vec<String> = audit
        .left_out
        .iter()
        .map(|(reason, n)| format!("{} {}", count(*n), reason.name()))
        .collect();
    if late > 0 {
        let worth = if panel.has_amount {
            format!(" worth {}", money(panel.audit.amount_after_as_of.to_f64(panel.scale)))
        } else {
            String::new()
        };
        reasons.push(format!("{}{worth} after the as-of date", count(late)));
    }
    let reasons =
        if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    let purchases: u64 = panel.customers.iter().map(|c| u64::from(c.purchases)).sum();
    let amount: crate::units::Money = panel.customers.iter().map(|c| c.amount).sum();
    let sales = if panel.has_amount {
        let unit = currency.map(|c| format!("{c} ")).unwrap_or_default();
        format!(" worth {unit}{}", money(amount.to_f64(panel.scale)))
    } else {
        String::new()
    };
    let clock = match panel.clock {
        Clock::FirstPurchase => "customers observed from their first purchase",
        Clock::Panel => "all customers observed from the first period",
    };
    let first = panel.grid.label(panel.first_period());
    let last = panel.grid.label(crate::panel::PeriodIndex(0));
    let columns: Vec<String> = Role::ALL
        .into_iter()
        .filter_map(|role| Some(format!("{role} from `{}`", ledger.columns.of(role)?)))
        .collect();
    format!(
        "Read {} of {files}: {} used, {} left out{reasons}.\n\
         Columns: {}.\n\
         {} made {}{sales} in {} {} from {first} to {last} (as of {}); {clock}.\n",
        counted(audit.rows_read, "row"),
        count(audit.rows_used - late),
        count(left),
        columns.join(", "),
        counted(panel.customers.len() as u64, "customer"),
        counted(purchases, "purchase"),
        panel.periods,
        period_noun(panel),
        panel.grid.as_of(),
    )
}

/// A count with its noun.
fn counted(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

fn period_noun(panel: &Panel) -> String {
    let name = panel.grid.period().to_string();
    let plural = if panel.periods == 1 { "" } else { "s" };
    match name.strip_suffix('d') {
        Some(days) if days.bytes().all(|b| b.is_ascii_digit()) => {
            format!("period{plural} of {days} days")
        }
        _ => format!("{name}{plural}"),
    }
}

/// A parameter of a model.
pub(super) struct Parameter {
    /// Its name in model files.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) meaning: &'static str,
    /// Its value.
    pub(super) value: f64,
    /// Standard error, where it was estimated.
    pub(super) error: Option<f64>,
    /// 95 % interval, where it was estimated.
    pub(super) interval: Option<(f64, f64)>,
}

/// The parameters with standard errors and intervals where the model was fitted.
pub(super) fn parameters(model: &FittedModel) -> String {
    let (words, parameters) = parameters_of(model);
    let rows = parameters.iter().map(|parameter| {
        let interval = parameter.interval;
        vec![
            parameter.name.to_owned(),
            parameter.meaning.to_owned(),
            significant(parameter.value),
            parameter.error.map(significant).unwrap_or_default(),
            interval
                .map(|(low, high)| format!("{} … {}", significant(low), significant(high)))
                .unwrap_or_default(),
        ]
    });
    let header = ["", "", "estimate", "std. error", "95 % interval"].map(str::to_owned).to_vec();
    format!("Model. {words}.\n{}", table(header, rows.collect()))
}

/// What the model says, in sentences, and its parameters.
pub(super) fn parameters_of(model: &FittedModel) -> (String, Vec<Parameter>) {
    let mut parameters = Vec::new();
    let fit = model.fit.as_ref();
    let mut add =
        |part: Option<&PartSection>, name: &'static str, value: f64, meaning: &'static str| {
            let error = part.and_then(|p| p.standard_errors.get(name).copied().flatten());
            let interval = part.and_then(|p| p.confidence_intervals.get(name).copied().flatten());
            parameters.push(Parameter { name, meaning, value, error, interval });
        };
    let part = fit.map(|f| &f.frequency);
    let law = &model.frequency;
    match (law, law.rate()) {
        (FrequencyLaw::Nbd(_), RateLaw::Gamma { shape, rate }) => {
            add(part, "a", rate, "rate of λ, periods (α)");
            add(part, "b", shape, "shape of λ (r)");
        }
        (_, RateLaw::Gamma { shape, rate }) => {
            add(part, "r", shape, "shape of λ");
            add(part, "alpha", rate, "rate of λ, periods");
        }
        (_, RateLaw::Equal(rate)) => add(part, "rate", rate, "purchases per period"),
    }
    match *law {
        FrequencyLaw::Nbd(_) => {}
        FrequencyLaw::BgNbd { dropout, .. }
        | FrequencyLaw::MbgNbd { dropout, .. }
        | FrequencyLaw::Pdo { dropout, .. } => match dropout {
            Dropout::Beta { a, b } => {
                add(part, "a", a, "shape of leaving");
                add(part, "b", b, "shape of staying");
            }
            Dropout::Equal(p) => add(part, "dropout", p, "probability of leaving"),
            Dropout::Never => {}
        },
        FrequencyLaw::ParetoNbd { lifetime, .. } => match lifetime {
            Lifetime::Gamma { shape, rate } => {
                add(part, "s", shape, "shape of the rate of leaving");
                add(part, "beta", rate, "rate of the rate of leaving, periods");
            }
            Lifetime::Equal(mu) => add(part, "mu", mu, "rate of leaving, per period"),
            Lifetime::Never => {}
        },
    }
    let frequency = frequency_words(law);
    let part = fit.and_then(|f| f.monetary.as_ref());
    let monetary = match model.monetary.map(|m| m.law) {
        Some(ValueLaw::GammaGamma { p, q, k }) => {
            add(part, "p", p, "shape of values within a customer");
            add(part, "q", q, "shape of ν across customers");
            add(part, "k", k, "rate of ν, money (γ)");
            "Gamma-Gamma: purchase values differ between customers"
        }
        Some(ValueLaw::SameForAll { p, rate }) => {
            add(part, "p", p, "shape of values");
            add(part, "rate", rate, "rate of values, per money");
            "constant-value limit: one law of values for all"
        }
        Some(ValueLaw::OwnConstant { q, scale }) => {
            add(part, "q", q, "shape across customers");
            add(part, "scale", scale, "scale across customers, money");
            "constant-value limit: every customer keeps its value"
        }
        Some(ValueLaw::Constant(value)) => {
            add(part, "value", value, "value of every purchase, money");
            "constant-value limit: one value for all"
        }
        None => "No purchase values",
    };
    (format!("{frequency}. {monetary}"), parameters)
}

/// What the frequency model says, in a sentence.
fn frequency_words(law: &FrequencyLaw) -> String {
    let rates = match law.rate() {
        RateLaw::Gamma { .. } => "purchase rates differ between customers",
        RateLaw::Equal(_) => "one purchase rate for all",
    };
    let (name, leaving) = match *law {
        FrequencyLaw::Nbd(RateLaw::Gamma { .. }) => return format!("NBD: {rates}"),
        FrequencyLaw::Nbd(RateLaw::Equal(_)) => return format!("Poisson limit: {rates}"),
        FrequencyLaw::BgNbd { .. } => ("BG/NBD", "after a repeat purchase".to_owned()),
        FrequencyLaw::MbgNbd { .. } => ("MBG/NBD", "after a purchase".to_owned()),
        FrequencyLaw::ParetoNbd { .. } => ("Pareto/NBD", "at any time".to_owned()),
        FrequencyLaw::Pdo { tau, .. } => ("PDO", format!("every {tau} days")),
    };
    if law.stays() {
        format!("{name}: {rates}, and nobody seems to leave")
    } else {
        format!("{name}: {rates}, and customers may leave {leaving}")
    }
}

fn likelihoods(model: &FittedModel) -> String {
    let Some(fit) = &model.fit else { return String::new() };
    let mut rows = Vec::new();
    let mut add = |name: &str, part: &PartSection| {
        let shown = |v: Option<f64>| v.map(|v| format!("{v:.4}")).unwrap_or_default();
        rows.push(vec![
            name.to_owned(),
            count(part.customers),
            shown(part.log_likelihood),
            shown(part.aic),
            shown(part.bic),
            part.evaluations.to_string(),
            format!("{:.0e}", part.gradient_norm),
            part.stop_reason.clone(),
        ]);
    };
    add("frequency", &fit.frequency);
    if let Some(part) = &fit.monetary {
        add("monetary", part);
    }
    let header =
        ["part", "customers", "log-likelihood", "AIC", "BIC", "evaluations", "gradient", "stopped"];
    let correlation = fit
        .value_frequency_correlation
        .map(|c| format!("Correlation of a customer's mean value with its purchases: {c:.3}.\n"))
        .unwrap_or_default();
    let penalty = fit
        .frequency
        .penalty
        .map(|l| {
            format!(
                "Parameters are held together by a penalty of {l}: the log-likelihood is without it, standard errors are with it.\n"
            )
        })
        .unwrap_or_default();
    format!(
        "{}Log-likelihood of the frequency part {}.\n{penalty}{correlation}",
        table(header.map(str::to_owned).to_vec(), rows),
        fit.frequency.constants
    )
}

/// Six significant digits: enough to compare, few enough to read.
pub(super) fn significant(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs().log10().floor();
    if (-4.0..9.0).contains(&magnitude) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 9")]
        let decimals = (5.0 - magnitude).max(0.0) as usize;
        format!("{value:.decimals$}")
    } else {
        format!("{value:.5e}")
    }
}
