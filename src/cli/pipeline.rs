//! From arguments to a forecast with everything it was made of; what is done with it is up to the
//! commands.

use std::fs;

use anyhow::{Context, Result};

use super::args::{PipelineArgs, RuleArgs};
use super::status::Usage;
use super::work::Work;
use super::{choosing, data, fitting};
use crate::calendar::Trend;
use crate::evaluate::Recipe;
use crate::fit::{FittedModel, FrequencyKind, fit};
use crate::forecast::{ForecastOptions, Member, Method, Purchases, forecast};
use crate::ledger::{Ledger, Rows};
use crate::panel::{Panel, PeriodIndex};
use crate::value::{Forecast, MarginRule, MoneyRules, Overrides, evaluate, total_gross_profit};

/// A forecast with everything it was made of.
pub(super) struct Run {
    pub(super) ledger: Ledger,
    pub(super) panel: Panel,
    /// The model; of an average the one with the largest weight.
    pub(super) model: FittedModel,
    /// The models of an average with their weights and methods, the first one included; empty
    /// where one model forecasts.
    pub(super) members: Vec<Member>,
    /// How the models were fitted.
    pub(super) recipe: Recipe,
    pub(super) options: ForecastOptions,
    pub(super) rules: MoneyRules,
    pub(super) forecast: Forecast,
    /// The total gross profit under the other margin rule, where the ledger has costs.
    pub(super) other_margin_rule: Option<f64>,
    pub(super) warnings: Vec<String>,
}

impl Run {
    /// Reads, fits and forecasts; the rows of the ledger are gone afterwards unless they are kept.
    pub(super) fn new(args: &PipelineArgs, keep_rows: bool, work: &Work) -> Result<Self> {
        let PipelineArgs { input, time, model: model_args, rules: rule_args, run } = args;
        check(rule_args)?;
        let compares = choosing::is_wanted(args)?;
        fitting::check(model_args, time, rule_args.model.is_some(), compares)?;
        let given = rule_args.model.as_deref().map(data::load).transpose()?;
        // Before any data are read: nothing they say changes it.
        let mut method = match &given {
            _ if compares => Method::Posterior,
            Some(model) => method(rule_args, model.frequency.name(), recorded(model))?,
            None => method(rule_args, fitting::kind(model_args)?.name(), None)?,
        };
        let bands = data::bands(model_args.bands.as_deref())?;
        let mut ledger = data::read(input, run, work)?;
        let panel = data::panel(&ledger, input, time, work, given.as_ref())?;
        let mut warnings = data::data_warnings(&ledger, &panel);
        let (mut members, mut recipe) = (Vec::new(), Recipe::Given);
        let model = if let Some(mut model) = given {
            warnings.extend(data::model_warnings(&model, &panel));
            warnings.extend(fitting::strange_periods(&model, &panel));
            warnings.extend(fitting::plan(
                &mut model,
                model_args.every.calendar.as_deref(),
                &panel,
            )?);
            if let Some(bands) = bands {
                model.states.bands = Some(bands);
            }
            if let Some(max) = data::max_frequency(model_args.max_frequency)? {
                model.states.max_frequency = max;
            }
            model
        } else if compares {
            (members, recipe) = choosing::chosen(args, &ledger, &panel, work)?;
            let fits = members.iter().flat_map(|member| member.model.fit.iter());
            warnings.extend(fits.flat_map(|fit| fit.warnings.iter().cloned()));
            method = members[0].method;
            let model = members[0].model.clone();
            if members.len() == 1 {
                members.clear();
            }
            model
        } else {
            let options =
                fitting::options(&panel, model_args, fitting::kind(model_args)?, time.base)?;
            let _stage = work.stage("fitting");
            let model = fit(&panel, &options)?;
            work.did(|stage| stage.customers = Some(panel.customers.len() as u64));
            recipe = Recipe::Asked(Box::new(options), method);
            warnings.extend(model.fit.iter().flat_map(|fit| fit.warnings.iter().cloned()));
            model
        };
        if !keep_rows {
            // The rest needs the panel, and the memory.
            ledger.rows = Rows::default();
        }
        let options = ForecastOptions {
            method,
            horizon: rule_args.horizon,
            acquisition: rule_args.acquisition.into(),
        };
        let rules = money_rules(rule_args, &panel)?;
        let _stage = work.stage("forecasting");
        let purchases = if members.is_empty() {
            forecast(&panel, &model, &options)
        } else {
            let of = |member: &Member| (member.weight, member.forecast(&panel, &options));
            Purchases::average(&members.iter().map(of).collect::<Vec<_>>())
        };
        let result = evaluate(&panel, &model, &purchases, options.horizon, &rules);
        warnings.extend(far_trend(&panel, &model, options.horizon));
        warnings.extend(money_warnings(&panel, &model, &rules, &result));
        let other_margin_rule = (panel.has_cost && rules.margin.is_none())
            .then(|| {
                let other = match rules.margin_rule {
                    MarginRule::Last => MarginRule::Pooled,
                    MarginRule::Pooled => MarginRule::Last,
                };
                let rules = MoneyRules { margin_rule: other, ..rules.clone() };
                total_gross_profit(&panel, &purchases, &rules)
            })
            .flatten();
        work.did(|stage| stage.customers = Some(panel.customers.len() as u64));
        Ok(Self {
            ledger,
            panel,
            model,
            members,
            recipe,
            options,
            rules,
            forecast: result,
            other_margin_rule,
            warnings,
        })
    }
}

/// The rule for purchases: the one asked for, or what the frequency model has.
fn method(rules: &RuleArgs, frequency: &str, recorded: Option<Method>) -> Result<Method> {
    let stays = frequency == FrequencyKind::Nbd.name();
    match rules.method.and_then(Option::from) {
        None if recorded.is_some() => Ok(recorded.unwrap_or_default()),
        None if stays => Ok(Method::Chain),
        None => Ok(Method::Posterior),
        Some(method @ (Method::Point | Method::Chain)) if !stays => Err(Usage(format!(
            "`--method {}` exists for nbd only, and the model is {frequency}: use `--method posterior`",
            method.name(),
        ))
        .into()),
        Some(method) => Ok(method),
    }
}

/// The method a model was chosen with.
fn recorded(model: &FittedModel) -> Option<Method> {
    let member = model.fit.as_ref()?.choice.as_ref()?.members.first()?;
    [Method::Posterior, Method::Chain].into_iter().find(|method| method.name() == member.method)
}

fn check(rules: &RuleArgs) -> Result<()> {
    let usage = |text: String| -> Result<()> { Err(Usage(text).into()) };
    check_shares(rules.margin, rules.expense_rate)?;
    if !(rules.discount.is_finite() && rules.discount > -1.0) {
        let d = rules.discount;
        return usage(format!("`--discount {d}`: expected a rate above −1 (2 % a period is 0.02)"));
    }
    Ok(())
}

/// Checks a margin and an expense rate.
pub(super) fn check_shares(margin: Option<f64>, expense_rate: Option<f64>) -> Result<()> {
    let usage = |text: String| -> Result<()> { Err(Usage(text).into()) };
    if let Some(margin) = margin
        && !(margin.is_finite() && margin <= 1.0)
    {
        return usage(format!("`--margin {margin}`: expected a share of at most 1 (35 % is 0.35)"));
    }
    if let Some(rate) = expense_rate
        && !(rate.is_finite() && (0.0..=1.0).contains(&rate))
    {
        return usage(format!(
            "`--expense-rate {rate}`: expected a share from 0 to 1 (5 % is 0.05)"
        ));
    }
    Ok(())
}

fn money_rules(args: &RuleArgs, panel: &Panel) -> Result<MoneyRules> {
    let overrides = match &args.overrides {
        None => Overrides::default(),
        Some(path) => {
            let shown = path.display();
            let file = fs::File::open(path)
                .with_context(|| format!("the overrides file `{shown}` cannot be read"))?;
            let labels: Vec<String> = (1..=args.horizon)
                .map(|h| panel.grid.label(PeriodIndex(h.cast_signed())))
                .collect();
            let customer =
                |id: &str| panel.ids.binary_search_by(|known| known.as_str().cmp(id)).is_ok();
            let segment = |name: &str| {
                panel.segments.as_ref().is_some_and(|all| all.iter().any(|known| known == name))
            };
            Overrides::read(file, &labels, customer, segment)
                .with_context(|| format!("in the overrides file `{shown}`"))?
        }
    };
    Ok(MoneyRules {
        margin: args.margin,
        expense_rate: args.expense_rate,
        margin_rule: args.margin_rule.into(),
        discount: args.discount,
        overrides,
    })
}

/// A linear trend that is carried on for longer than a year.
fn far_trend(panel: &Panel, model: &FittedModel, horizon: u32) -> Option<String> {
    let calendars = [("purchases", &model.calendar), ("purchase values", &model.value_calendar)];
    let last = panel.grid.end(PeriodIndex(horizon.cast_signed()));
    let years = Trend::years(panel.grid.as_of(), last);
    let (of, per_year) =
        calendars.into_iter().find_map(|(of, calendar)| match calendar.as_ref()?.trend {
            Trend::Linear { per_year } => Some((of, per_year)),
            Trend::None | Trend::Damped { .. } => None,
        })?;
    // A year and a leap day.
    (years > 1.01).then(|| {
        format!(
            "the trend of {of}, {:+.0} % a year, is carried on for {years:.1} years: compare with `--trend damped` and `--trend none` before you plan with it",
            100.0 * per_year.exp_m1()
        )
    })
}

fn money_warnings(
    panel: &Panel,
    model: &FittedModel,
    rules: &MoneyRules,
    forecast: &Forecast,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let some_profit = (0..forecast.len()).any(|i| forecast.gross_profit_total(i).is_some());
    if panel.has_amount && model.monetary.is_none() {
        warnings.push("the model has no monetary part: value is not forecast".to_owned());
    } else if panel.has_amount && !panel.has_cost && rules.margin.is_none() {
        let which = if some_profit { " where no override sets a margin" } else { "" };
        warnings.push(format!(
            "no cost column and no `--margin`: margin, cost and gross profit are empty{which}"
        ));
    }
    if panel.has_cost && rules.margin.is_some() {
        warnings.push("`--margin` replaces the margins of the cost column".to_owned());
    }
    if panel.has_expense && rules.expense_rate.is_some() {
        warnings.push("`--expense-rate` replaces the rates of the expense column".to_owned());
    }
    warnings
}
