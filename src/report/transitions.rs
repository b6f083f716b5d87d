//! The transition tables of a model, for people and as JSON.

use serde::Serialize;

use super::text_table::table;
use crate::fit::{EmpiricalSection, FittedModel};
use crate::markov::{FrequencyTable, ValueTable};
use crate::models::FrequencyLaw;

/// Empty periods r that are tabulated, 0 to this.
const MAX_EMPTY: u32 = 12;
/// Rows of counts shown to people; the JSON has all of them.
const SHOWN_COUNTS: usize = 12;

/// All tables of the published example, for any model.
///
/// ```
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let tables = clvcast::report::Transitions::new(&model);
/// let json: serde_json::Value = serde_json::from_str(&tables.to_json())?;
/// let next = json["monetary"]["rows"][3]["expected"].as_f64().unwrap();
/// assert!((next - 186_871.69).abs() < 0.01); // S
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transitions {
    /// What the tables leave out of the model, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    frequency: FrequencyPart,
    #[serde(skip_serializing_if = "Option::is_none")]
    monetary: Option<MonetaryPart>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct FrequencyPart {
    mean: f64,
    pmf: Vec<f64>,
    interval: [u32; 2],
    rows: Vec<FrequencyRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct FrequencyRow {
    from: u32,
    expected: u32,
    /// By r = 0, 1, …
    probability: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct MonetaryPart {
    mode: Option<f64>,
    density_at_mode: Option<f64>,
    mean: Option<f64>,
    rows: Vec<MonetaryRow>,
    /// One row per band: its probabilities by band, then `above`.
    matrix: Vec<Vec<f64>>,
    below: Vec<f64>,
    /// E[next value; next value in band], by band, then above; null where p + q ≤ 1.
    first_moments: Option<Vec<Vec<f64>>>,
    quadrature_error: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    empirical: Option<EmpiricalSection>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct MonetaryRow {
    lower: f64,
    upper: f64,
    expected: f64,
    /// From 1.
    to_band: usize,
    probability: f64,
}

impl Transitions {
    /// Computes the tables of a model.
    #[must_use]
    pub fn new(model: &FittedModel) -> Self {
        let table = FrequencyTable::new(model.frequency.rate(), model.states.max_frequency);
        let by_r: Vec<Vec<f64>> = (0..=MAX_EMPTY).map(|r| table.probabilities(r, 1.0)).collect();
        let rows = (1..=table.max())
            .map(|from| {
                let expected = table.expected(from);
                let probability = by_r.iter().map(|p| p[expected as usize]).collect();
                FrequencyRow { from, expected, probability }
            })
            .collect();
        let frequency = FrequencyPart {
            mean: model.frequency.rate().mean(),
            pmf: table.pmf().to_vec(),
            interval: [table.interval_start(), table.max()],
            rows,
        };
        let empirical = model.fit.as_ref().and_then(|fit| fit.empirical_transitions.clone());
        let monetary = model.monetary.zip(model.states.bands.clone()).map(|(monetary, bands)| {
            let law = monetary.law;
            let table = ValueTable::new(law, bands);
            let with_above = |bands: &[f64], above: f64| {
                bands.iter().copied().chain([above]).collect::<Vec<f64>>()
            };
            let rows = table.rows.iter().map(|row| MonetaryRow {
                lower: row.lower,
                upper: row.upper,
                expected: row.expected,
                to_band: row.to_band + 1,
                probability: row.probability.bands[row.to_band],
            });
            MonetaryPart {
                mode: law.mode(),
                density_at_mode: law
                    .mode()
                    .map(|mode| law.ln_density(mode).exp())
                    .filter(|density| density.is_finite()),
                mean: law.mean(),
                rows: rows.collect(),
                matrix: table
                    .rows
                    .iter()
                    .map(|row| with_above(&row.probability.bands, row.probability.above))
                    .collect(),
                below: table.rows.iter().map(|row| row.probability.below).collect(),
                first_moments: table
                    .rows
                    .iter()
                    .map(|row| row.moment.as_ref().map(|m| with_above(&m.bands, m.above)))
                    .collect(),
                quadrature_error: table.error,
                empirical,
            }
        });
        Self { note: note(model), frequency, monetary }
    }

    /// The tables as JSON; the keys are those of the documentation.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The tables for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = self.frequency.to_text();
        if let Some(note) = &self.note {
            text.insert_str(0, &format!("{note}\n\n"));
        }
        if let Some(monetary) = &self.monetary {
            text.push('\n');
            text.push_str(&monetary.to_text());
        }
        text
    }
}

/// The tables follow a chain of states in which nobody leaves and all periods are alike.
fn note(model: &FittedModel) -> Option<String> {
    let mut parts = Vec::new();
    if !matches!(model.frequency, FrequencyLaw::Nbd(_)) {
        parts.push(
            "purchase rates are those of customers who have not left (NBD), and nobody leaves in these tables",
        );
    }
    if model.calendar.is_some() {
        parts.push("periods are of average strength: the calendar's factor is 1");
    }
    if model.value_calendar.is_some() {
        parts.push("values are at the average level of the values' calendar");
    }
    if model.monetary.is_some_and(|monetary| monetary.dependence.is_some()) {
        parts.push("values are those of customers with the average purchase rate");
    }
    (!parts.is_empty()).then(|| format!("Note: {}.", parts.join("; ")))
}

fn percent(p: f64) -> String {
    format!("{:.1} %", 100.0 * p)
}

impl FrequencyPart {
    fn to_text(&self) -> String {
        let [start, end] = self.interval;
        let mut text =
            format!("Purchases per period\n  mean {:.6}, interval {start} to {end}\n", self.mean);
        let shown: Vec<String> = self
            .pmf
            .iter()
            .take(SHOWN_COUNTS)
            .enumerate()
            .map(|(x, p)| format!("P({x}) = {}", percent(*p)))
            .collect();
        text.push_str(&format!("  {}\n\n", shown.join(", ")));
        text.push_str("Probability of the expected count, by empty periods r\n");
        let header = ["last count", "expected", "r = 0", "r = 1", "r = 2", "r = 3"];
        let rows = self.rows.iter().take(SHOWN_COUNTS).map(|row| {
            let mut cells = vec![format!("≥ {}", row.from), row.expected.to_string()];
            cells.extend(row.probability.iter().take(4).map(|p| format!("{p:.4}")));
            cells
        });
        text.push_str(&table(header.map(str::to_owned).to_vec(), rows.collect()));
        if self.rows.len() > SHOWN_COUNTS {
            let more = self.rows.len() - SHOWN_COUNTS;
            text.push_str(&format!("  … and {more} more counts (--format json lists them)\n"));
        }
        text
    }
}

impl MonetaryPart {
    fn to_text(&self) -> String {
        let mode = match (self.mode, self.density_at_mode) {
            (Some(mode), Some(density)) => format!("mode {mode:.2}, density there {density:e}"),
            (Some(mode), None) => format!("mode {mode:.2}"),
            _ => "no mode (p ≤ 1)".to_owned(),
        };
        let mean = self.mean.map_or("infinite (q ≤ 1)".to_owned(), |m| format!("{m:.2}"));
        let mut text = format!(
            "Average purchase value of a period\n  {mode}, mean {mean}, quadrature error {:.1e}\n\n",
            self.quadrature_error
        );
        text.push_str("Where a customer goes whose last value lies in a band\n");
        let header = ["last value", "expected next value", "in band", "probability"];
        let rows = self.rows.iter().map(|row| {
            vec![
                format!("{} – {}", row.lower, row.upper),
                format!("{:.2}", row.expected),
                row.to_band.to_string(),
                format!("{:.4}", row.probability),
            ]
        });
        text.push_str(&table(header.map(str::to_owned).to_vec(), rows.collect()));
        text.push_str("\nTransition matrix of the model, in %\n");
        let mut header = vec!["from".to_owned(), "below".to_owned()];
        header.extend((1..=self.rows.len()).map(|band| format!("band {band}")));
        header.push("above".to_owned());
        let names: Vec<String> = (1..=self.rows.len()).map(|band| format!("band {band}")).collect();
        let cell = |p: &f64| format!("{:.2}", 100.0 * p);
        let rows = names.iter().zip(self.below.iter().zip(&self.matrix)).map(|(name, (b, row))| {
            let mut cells = vec![name.clone(), cell(b)];
            cells.extend(row.iter().map(cell));
            cells
        });
        text.push_str(&table(header.clone(), rows.collect()));
        if let Some(empirical) = &self.empirical {
            text.push_str("\nCounted from the fitted panel, in % (number of moves)\n");
            header.push("moves".to_owned());
            let inner = 1..empirical.counts.len().saturating_sub(1);
            let rows = names.iter().zip(inner).map(|(name, i)| {
                let mut cells = vec![name.clone()];
                match &empirical.shares[i] {
                    Some(shares) => cells.extend(shares.iter().map(cell)),
                    None => cells.extend(empirical.counts[i].iter().map(|_| "–".to_owned())),
                }
                cells.push(empirical.counts[i].iter().sum::<u64>().to_string());
                cells
            });
            text.push_str(&table(header, rows.collect()));
        }
        text
    }
}
