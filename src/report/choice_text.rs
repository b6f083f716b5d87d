//! How the model was chosen, in words and a table.

use super::numbers::count;
use super::text_table::table;
use crate::fit::{ChoiceSection, Compared, FittedModel};

/// Candidates listed.
const SHOWN: usize = 6;

/// What was compared and what decided; nothing where the model was asked for.
pub(super) fn choice(model: &FittedModel) -> String {
    model.fit.as_ref().and_then(|fit| fit.choice.as_ref()).map(text).unwrap_or_default()
}

fn text(choice: &ChoiceSection) -> String {
    let mut text = format!("Chosen: {}.\n", choice.why);
    if let Some(held) = &choice.held_out {
        let sample = if held.customers < held.of {
            format!("a sample of {} of {} customers", count(held.customers), count(held.of))
        } else {
            format!("{} customers", count(held.customers))
        };
        let periods = match held.periods {
            1 => "one period".to_owned(),
            n => format!("{n} periods"),
        };
        text.push_str(&format!(
            "Compared on the {periods} held out after {}, {sample}; score: Poisson deviance of purchases per customer and period, lower is better.\n",
            held.origins.join(", ")
        ));
        let header = ["candidate", "parameters", "score", "above best", "std. error"];
        let rows = choice.compared.iter().take(SHOWN).map(|entry| {
            vec![
                entry.candidate.clone(),
                entry.parameters.to_string(),
                format!("{:.4}", entry.score),
                format!("{:.4}", entry.above_best),
                format!("{:.4}", entry.standard_error),
            ]
        });
        text.push_str(&table(header.map(str::to_owned).to_vec(), rows.collect()));
        if let Some(more) = choice.compared.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text.push_str(&format!("  … and {more} more, in the model file and the manifest\n"));
        }
    }
    if !choice.first.is_empty() {
        let model = |entry: &Compared| format!("{} {:.4}", entry.candidate, entry.score);
        let models: Vec<String> = choice.first.iter().map(model).collect();
        text.push_str(&format!("Models before calendars: {}.\n", models.join("; ")));
    }
    for failed in &choice.failed {
        text.push_str(&format!("Not compared: {failed}\n"));
    }
    text
}
