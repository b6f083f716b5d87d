//! The model file: JSON, versioned, readable, writable by hand, exact to the bit.

use serde::{Deserialize, Serialize};

mod calendar;
mod error;
mod frequency;
mod monetary;

use calendar::CalendarSection;
pub use error::ModelFileError;
use frequency::FrequencySection;
use monetary::MonetarySection;

use super::model::{FittedModel, States};
use super::section::FitSection;
use crate::calendar::Calendar;
use crate::markov::Bands;
use crate::models::Positive;
use crate::panel::Clock;

const FORMAT: &str = "clvcast-model";
const VERSION: u64 = 1;
/// Largest count of purchases per period that is taken for one.
const MAX_FREQUENCY: u32 = 1_000_000;

#[derive(Serialize, Deserialize)]
struct ModelFile {
    format: String,
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    period: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clock: Option<String>,
    frequency: FrequencySection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calendar: Option<CalendarSection>,
    monetary: Option<MonetarySection>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value_calendar: Option<CalendarSection>,
    states: StatesSection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fit: Option<FitSection>,
}

#[derive(Serialize, Deserialize)]
struct StatesSection {
    max_frequency: u32,
    amount_edges: Option<Vec<f64>>,
    max_amount: Option<f64>,
}

impl FittedModel {
    /// Reads a model file.
    ///
    /// # Errors
    /// When the text is not a model file this program knows, naming what it found.
    ///
    /// ```
    /// let text = r#"{"format": "clvcast-model", "version": 1, "period": "quarter",
    ///   "frequency": {"model": "nbd", "a": 1.84, "b": 2.67},
    ///   "monetary": {"model": "gamma-gamma", "p": 8.57, "q": 1.53, "k": 3224.15},
    ///   "states": {"max_frequency": 3, "amount_edges": [0.01, 1000], "max_amount": 10000}}"#;
    /// let model = clvcast::fit::FittedModel::from_json(text).unwrap();
    /// let again = clvcast::fit::FittedModel::from_json(&model.to_json()).unwrap();
    /// assert_eq!(model, again);
    /// ```
    pub fn from_json(text: &str) -> Result<Self, ModelFileError> {
        // Format and version come first: a later version may differ in every other key.
        let value: serde_json::Value = serde_json::from_str(text)?;
        let format = value.get("format").and_then(|f| f.as_str());
        let format = format.ok_or(ModelFileError::NoFormat)?;
        if format != FORMAT {
            return Err(ModelFileError::Format { found: format.to_owned() });
        }
        let version = value.get("version");
        match version.and_then(serde_json::Value::as_u64) {
            Some(VERSION) => {}
            Some(found) if found > VERSION => return Err(ModelFileError::Version { found }),
            _ => {
                let found = version.map_or("missing".to_owned(), ToString::to_string);
                return Err(ModelFileError::NotAVersion { found });
            }
        }
        let file: ModelFile = serde_json::from_value(value)?;
        let period = file.period.parse().map_err(|_| ModelFileError::Unknown {
            key: "period",
            found: file.period.clone(),
            expected: "month, quarter, year, week or a number of days such as 7d",
        })?;
        let clock = match file.clock.as_deref() {
            None | Some("first-purchase") => Clock::FirstPurchase,
            Some("panel") => Clock::Panel,
            Some(found) => {
                return Err(ModelFileError::Unknown {
                    key: "clock",
                    found: found.to_owned(),
                    expected: "first-purchase or panel",
                });
            }
        };
        if file.monetary.is_some() && file.states.amount_edges.is_none() {
            return Err(ModelFileError::Missing { part: "states", name: "amount_edges" });
        }
        Ok(Self {
            source: file.source,
            period,
            clock,
            frequency: file.frequency.law()?,
            calendar: calendar(file.calendar)?,
            value_calendar: calendar(file.value_calendar).map_err(|error| ModelFileError::In {
                key: "value_calendar",
                error: Box::new(error),
            })?,
            monetary: file.monetary.map(|section| section.law()).transpose()?,
            states: file.states.states()?,
            fit: file.fit,
        })
    }

    /// The model file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let file = ModelFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            source: self.source.clone(),
            period: self.period.to_string(),
            clock: (self.clock == Clock::Panel).then(|| "panel".to_owned()),
            frequency: FrequencySection::new(&self.frequency),
            calendar: self.calendar.as_ref().map(CalendarSection::new),
            value_calendar: self.value_calendar.as_ref().map(CalendarSection::new),
            monetary: self.monetary.map(MonetarySection::new),
            states: StatesSection::new(&self.states),
            fit: self.fit.clone(),
        };
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn calendar(section: Option<CalendarSection>) -> Result<Option<Calendar>, ModelFileError> {
    section.map(CalendarSection::calendar).transpose()
}

fn need(part: &'static str, name: &'static str, value: Option<f64>) -> Result<f64, ModelFileError> {
    let value = value.ok_or(ModelFileError::Missing { part, name })?;
    Ok(Positive::new(name, value)?.get())
}

fn unknown_limit(found: &str, expected: &'static str) -> ModelFileError {
    ModelFileError::Unknown { key: "limit", found: found.to_owned(), expected }
}

impl StatesSection {
    fn new(states: &States) -> Self {
        let edges = states.bands.as_ref().map(Bands::edges);
        Self {
            max_frequency: states.max_frequency,
            amount_edges: edges.map(|edges| edges[..edges.len() - 1].to_vec()),
            max_amount: edges.and_then(|edges| edges.last().copied()),
        }
    }

    fn states(self) -> Result<States, ModelFileError> {
        if !(1..=MAX_FREQUENCY).contains(&self.max_frequency) {
            return Err(ModelFileError::MaxFrequency { found: self.max_frequency });
        }
        let bands = match (self.amount_edges, self.max_amount) {
            (Some(mut edges), Some(max)) => {
                edges.push(max);
                Some(Bands::new(edges)?)
            }
            (None, None) => None,
            (None, Some(_)) => {
                return Err(ModelFileError::Missing { part: "states", name: "amount_edges" });
            }
            (Some(_), None) => {
                return Err(ModelFileError::Missing { part: "states", name: "max_amount" });
            }
        };
        Ok(States { max_frequency: self.max_frequency, bands })
    }
}
