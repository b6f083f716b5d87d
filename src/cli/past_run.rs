//! An earlier run, from its manifest: with which options it was made, and made again.

use std::fs;

use anyhow::Result;
use clap::Parser;
use sha2::{Digest, Sha256};

use super::args::{Cli, Command, ForecastArgs, InputArgs};
use super::data;
use super::run_args::RunArgs;
use super::work::Work;
use crate::compare::{Issued, Making};
use crate::fit::FittedModel;
use crate::forecast::Method;
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions};
use crate::report::Manifest;
use crate::value::{MarginRule, MoneyRules, Overrides};

/// The arguments of the run that made a forecast; `None` where this version does not know them, or
/// where it was not the program that made it.
pub(super) fn arguments(issued: &Issued) -> Option<ForecastArgs> {
    match Cli::try_parse_from(&issued.manifest.command).ok()?.command {
        Command::Forecast(args) => Some(args),
        _ => None,
    }
}

/// A warning where the options of the old run are not known.
pub(super) fn unknown(issued: &Issued) -> String {
    format!(
        "the command in the manifest of `{}` is not one of this version: columns, refunds, zero orders and duplicates are read by the options given here",
        issued.path.display()
    )
}

/// Everything to make two forecasts again on the data of the second.
pub(super) struct Again {
    pub(super) panel: Panel,
    pub(super) old: Making,
    pub(super) new: Making,
}

impl Again {
    /// Reads the data of the new run and what both runs were made with; says in words why it
    /// cannot be done.
    pub(super) fn new(
        [(old, old_args), (new, new_args)]: [(&Issued, Option<&ForecastArgs>); 2],
        run: &RunArgs,
        work: &Work,
    ) -> Result<Self, String> {
        let known = |args: Option<&ForecastArgs>, issued: &Issued| match args {
            Some(_) => Ok(()),
            None => Err(format!(
                "the command in the manifest of `{}` is not one of this version",
                issued.path.display()
            )),
        };
        known(old_args, old)?;
        known(new_args, new)?;
        let (Some(old_args), Some(new_args)) = (old_args, new_args) else {
            return Err("a command is missing".to_owned());
        };
        let labels: Vec<String> = {
            // Overrides find a period by its place in the new forecast; those of the old one that
            // are not in it stand behind, where nothing looks.
            let gone = old.labels().iter().filter(|label| !new.labels().contains(label));
            new.labels().iter().chain(gone).cloned().collect()
        };
        let new_making = making(new, new_args, &labels)?;
        if new_making.rules.is_none() {
            return Err(format!(
                "the overrides file of `{}` is gone or has changed",
                new.path.display()
            ));
        }
        let old_making = making(old, old_args, &labels)?;
        let ledger = ledger(new, &new_args.pipeline.input, run, work)?;
        let options = PanelOptions {
            period: new.grid.period(),
            as_of: Some(new.grid.as_of()),
            clock: new_making.model.clock,
            zero_orders: new_args.pipeline.input.zero_orders.into(),
        };
        let panel = Panel::build(&ledger, &options, work).map_err(|error| error.to_string())?;
        Ok(Self { panel, old: old_making, new: new_making })
    }
}

/// The transactions that a forecast was made of, if they are still the same bytes.
fn ledger(
    issued: &Issued,
    input: &InputArgs,
    run: &RunArgs,
    work: &Work,
) -> Result<Ledger, String> {
    if input.transactions.iter().any(|path| path == "-") {
        return Err("the new forecast was made from standard input, which is gone".to_owned());
    }
    for file in &issued.manifest.inputs {
        let size = fs::metadata(&file.path).map(|found| found.len());
        match size {
            Err(_) => return Err(format!("the transactions `{}` are not there", file.path)),
            Ok(size) if size != file.bytes => {
                return Err(format!("the transactions `{}` have changed", file.path));
            }
            Ok(_) => {}
        }
    }
    // The rejects of that run are its own affair.
    let input = InputArgs { rejects: None, ..input.clone() };
    let ledger = data::read(&input, run, work).map_err(|error| error.to_string())?;
    let same = ledger.audit.files.len() == issued.manifest.inputs.len()
        && ledger
            .audit
            .files
            .iter()
            .zip(&issued.manifest.inputs)
            .all(|(a, b)| a.sha256 == b.sha256);
    if same {
        Ok(ledger)
    } else {
        Err("the transactions of the new forecast have changed".to_owned())
    }
}

/// How a forecast was made, from its manifest and its arguments.
fn making(issued: &Issued, args: &ForecastArgs, labels: &[String]) -> Result<Making, String> {
    let manifest = &issued.manifest;
    let shown = issued.path.display();
    let model = FittedModel::from_json(&manifest.model.file.to_string())
        .map_err(|error| format!("the model in the manifest of `{shown}`: {error}"))?;
    let name = manifest.method.name.as_str();
    let method = [Method::Point, Method::Chain, Method::Posterior]
        .into_iter()
        .find(|method| method.name() == name)
        .ok_or_else(|| {
            format!("the method of `{shown}` is `{name}`, which cannot be made again")
        })?;
    Ok(Making {
        model,
        method,
        acquisition: args.pipeline.rules.acquisition.into(),
        horizon: manifest.periods.len(),
        rules: rules(manifest, labels),
    })
}

/// The money rules of a run; `None` where its overrides are gone or have changed.
fn rules(manifest: &Manifest, labels: &[String]) -> Option<MoneyRules> {
    let overrides = match &manifest.overrides {
        None => Overrides::default(),
        Some(section) => {
            let bytes = fs::read(&section.path).ok()?;
            let sum = Sha256::digest(&bytes);
            let sum = sum.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            if sum != section.sha256 {
                return None;
            }
            Overrides::read(bytes.as_slice(), labels, |_| true, |_| true).ok()?
        }
    };
    let rule = |rule: &MarginRule| rule.name() == manifest.rules.margin_rule;
    Some(MoneyRules {
        margin: manifest.rules.margin,
        expense_rate: manifest.rules.expense_rate,
        margin_rule: [MarginRule::Last, MarginRule::Pooled].into_iter().find(rule)?,
        discount: manifest.rules.discount,
        overrides,
    })
}
