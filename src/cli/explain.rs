//! `clvcast explain`: every number of one row.

use anyhow::{Result, bail};

use super::args::ExplainArgs;
use super::choices::FormatChoice;
use super::output;
use super::pipeline::Run;
use super::work::Work;
use crate::forecast::Member;
use crate::report::{explain, explain_average};
use crate::value::{Forecast, evaluate};

pub(super) fn run(args: &ExplainArgs) -> Result<()> {
    let format =
        output::format(Some(args.format.into()), None, &[FormatChoice::Table, FormatChoice::Json])?;
    let work = Work::begin(&args.pipeline.run)?;
    let run = Run::new(&args.pipeline, false, &work)?;
    let Ok(i) = run.panel.ids.binary_search(&args.customer_id) else {
        let nearest = run
            .panel
            .ids
            .iter()
            .max_by(|a, b| {
                let near = |id: &str| strsim::jaro_winkler(id, &args.customer_id);
                near(a).total_cmp(&near(b))
            })
            .map(|id| format!("; the nearest id is `{id}`"))
            .unwrap_or_default();
        bail!(
            "customer `{}` is not among the {} customers up to {}{nearest}",
            args.customer_id,
            run.panel.ids.len(),
            run.panel.grid.as_of(),
        );
    };
    let Run { panel, model, members, options, rules, forecast, .. } = &run;
    let explanation = if members.is_empty() {
        explain(panel, model, forecast, options, rules, i)
    } else {
        let alone = |member: &Member| {
            let purchases = member.forecast(panel, options);
            evaluate(panel, &member.model, &purchases, options.horizon, rules)
        };
        let alone: Vec<Forecast> = members.iter().map(alone).collect();
        explain_average(panel, members, &alone, forecast, options, rules, i)
    };
    output::print(&match format {
        FormatChoice::Json => explanation.to_json(),
        _ => explanation.to_text(),
    })?;
    output::warn(&run.warnings);
    work.finish(&run.warnings)
}
