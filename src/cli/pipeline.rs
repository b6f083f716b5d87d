//! From arguments to a forecast with everything it was made of; what is done with it is up to the
//! commands.

use std::path::Path;

use anyhow::Result;

use super::args::{PipelineArgs, RuleArgs};
use super::overrides::Returned;
use super::status::Usage;
use super::work::Work;
use super::{choosing, data, fitting};
use crate::evaluate::Recipe;
use crate::fit::{FittedModel, fit};
use crate::forecast::{ForecastOptions, Member, Method, Purchases, forecast};
use crate::ledger::{Ledger, Rows};
use crate::panel::Panel;
use crate::predict::Intervals;
use crate::report::{Summary, data_warnings, forecast_warnings, model_warnings, settings};
use crate::value::{Forecast, MoneyRules, Totals, evaluate, other_margin_rule};

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

impl PipelineArgs {
    /// The files that are read, with what they are.
    pub(super) fn inputs(&self) -> Vec<(&'static str, &Path)> {
        let transactions = self.input.transactions.iter();
        let options = [
            ("the model file", self.rules.model.as_deref()),
            ("the overrides file", self.rules.overrides.as_deref()),
            ("the calendar file", self.model.every.calendar.as_deref()),
        ];
        transactions
            .map(|input| ("its own input", Path::new(input)))
            .chain(options.into_iter().filter_map(|(role, path)| Some((role, path?))))
            .collect()
    }
}

impl Run {
    /// Reads, fits and forecasts; the rows of the ledger are gone afterwards unless they are kept.
    pub(super) fn new(args: &PipelineArgs, keep_rows: bool, work: &Work) -> Result<Self> {
        let PipelineArgs { input, time, model: model_args, rules: rule_args, run } = args;
        check_rules(&MoneyRules {
            margin: rule_args.margin,
            expense_rate: rule_args.expense_rate,
            discount: rule_args.discount,
            ..MoneyRules::default()
        })?;
        let compares = choosing::is_wanted(args)?;
        fitting::check(model_args, time, rule_args.model.is_some(), compares)?;
        let given = rule_args.model.as_deref().map(data::load).transpose()?;
        // Before any data are read: nothing they say changes it.
        let mut method = match &given {
            _ if compares => Method::Posterior,
            Some(model) => method(rule_args, model.frequency.name(), model.method())?,
            None => method(rule_args, fitting::kind(model_args)?.name(), None)?,
        };
        let bands = data::bands(model_args.bands.as_deref())?;
        let mut ledger = data::read(input, run, work)?;
        let panel = data::panel(&ledger, input, time, work, given.as_ref())?;
        let mut warnings = data_warnings(&ledger, &panel);
        // Before the model: what is wrong with the overrides is known at once.
        let (overrides, returned) = Returned::read(rule_args, &panel, work)?;
        let (mut members, mut recipe) = (Vec::new(), Recipe::Given);
        let model = if let Some(mut model) = given {
            warnings.extend(model_warnings(&model, &panel));
            warnings.extend(fitting::plan(
                &mut model,
                model_args.every.calendar.as_deref(),
                &panel,
            )?);
            if let Some(bands) = bands {
                model.states.bands = Some(bands);
            }
            if let Some(max) = model_args.max_frequency {
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
        let rules = MoneyRules {
            margin: rule_args.margin,
            expense_rate: rule_args.expense_rate,
            margin_rule: rule_args.margin_rule.into(),
            discount: rule_args.discount,
            overrides,
        };
        let _stage = work.stage("forecasting");
        let purchases = if members.is_empty() {
            forecast(&panel, &model, &options)
        } else {
            let of = |member: &Member| (member.weight, member.forecast(&panel, &options));
            Purchases::average(&members.iter().map(of).collect::<Vec<_>>())
        };
        let result = evaluate(&panel, &model, &purchases, options.horizon, &rules);
        if let Some(workbook) = returned {
            let (models, totals) = ((&model, &*members), Totals::new(&result));
            let made = settings(&panel, models, options.method, &rules, &totals);
            warnings.extend(workbook.warnings(&made));
        }
        warnings.extend(forecast_warnings(&panel, &model, &rules, &result));
        let other_margin_rule = other_margin_rule(&panel, &purchases, &rules);
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

    /// What there is to say about it.
    pub(super) fn summary<'a>(
        &'a self,
        args: &'a PipelineArgs,
        intervals: Option<&'a Intervals>,
        totals: &'a Totals,
    ) -> Summary<'a> {
        Summary {
            ledger: &self.ledger,
            panel: &self.panel,
            model: &self.model,
            members: &self.members,
            model_file: args.rules.model.as_deref(),
            options: &self.options,
            rules: &self.rules,
            forecast: &self.forecast,
            intervals,
            totals,
            other_margin_rule: self.other_margin_rule,
            warnings: &self.warnings,
            currency: args.input.currency.as_deref(),
        }
    }
}

/// The rule for purchases: the one asked for, or what the frequency model has.
fn method(rules: &RuleArgs, frequency: &str, recorded: Option<Method>) -> Result<Method> {
    let asked = rules.method.and_then(Option::from);
    Method::of_model(asked, frequency, recorded).map_err(|error| Usage(error.to_string()).into())
}

/// Checks numbers that can be known to be wrong before the work.
pub(super) fn check_rules(rules: &MoneyRules) -> Result<()> {
    Ok(rules.check().map_err(|error| Usage(error.to_string()))?)
}
