//! The model file: JSON, versioned, readable, writable by hand, exact to the bit.

use serde::{Deserialize, Serialize};

use super::model::{FittedModel, Form, Monetary, States};
use super::section::FitSection;
use crate::markov::{BandError, Bands};
use crate::models::{FrequencyLaw, ParameterError, Positive, RateLaw, ValueLaw};
use crate::panel::Clock;

/// A model file that cannot be used.
///
/// ```
/// use clvcast::fit::FittedModel;
/// let error = FittedModel::from_json(r#"{"format": "spreadsheet"}"#).unwrap_err();
/// assert_eq!(error.to_string(), "`format` is `spreadsheet`, expected `clvcast-model`");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// Not JSON, cut off, or with keys of the wrong type.
    #[error(
        "the model file is not readable: {0}; expected the JSON that `clvcast fit -o model.json` writes"
    )]
    Json(#[from] serde_json::Error),
    /// Not a model file of this program.
    #[error("`format` is `{found}`, expected `clvcast-model`")]
    Format {
        /// The format found.
        found: String,
    },
    /// No `format` at all.
    #[error("no `format`, expected `\"format\": \"clvcast-model\"`: is this a model file?")]
    NoFormat,
    /// A version this program does not know.
    #[error(
        "the model file has version {found}, this program reads version {VERSION}: use a newer clvcast"
    )]
    Version {
        /// The version found.
        found: u64,
    },
    /// No version, or one that is not a number this program could know.
    #[error("`version` is {found}, expected {VERSION}")]
    NotAVersion {
        /// What stands there.
        found: String,
    },
    /// A name this program does not know.
    #[error("`{key}` is `{found}`, expected {expected}")]
    Unknown {
        /// The key.
        key: &'static str,
        /// The name found.
        found: String,
        /// The names known.
        expected: &'static str,
    },
    /// A parameter that is absent, or null without a limit that explains it.
    #[error("`{part}` has no parameter `{name}`, expected a positive number")]
    Missing {
        /// `frequency` or `monetary`.
        part: &'static str,
        /// The parameter.
        name: &'static str,
    },
    /// A parameter out of its range.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// Bands that do not increase.
    #[error("`states`: {0}")]
    Bands(#[from] BandError),
    /// A largest count of 0, or one beyond any purchases per period, whose tables fill no memory.
    #[error("`states.max_frequency` is {found}, expected 1 to {MAX_FREQUENCY}")]
    MaxFrequency {
        /// The count found.
        found: u32,
    },
}

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
    monetary: Option<MonetarySection>,
    states: StatesSection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fit: Option<FitSection>,
}

#[derive(Serialize, Deserialize)]
struct FrequencySection {
    model: String,
    a: Option<f64>,
    b: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct MonetarySection {
    model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    form: Option<String>,
    p: Option<f64>,
    q: Option<f64>,
    k: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scale: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
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
            frequency: FrequencyLaw::Nbd(file.frequency.law()?),
            calendar: None,
            value_calendar: None,
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
            frequency: FrequencySection::new(self.frequency.rate()),
            monetary: self.monetary.map(MonetarySection::new),
            states: StatesSection::new(&self.states),
            fit: self.fit.clone(),
        };
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn need(part: &'static str, name: &'static str, value: Option<f64>) -> Result<f64, ModelFileError> {
    let value = value.ok_or(ModelFileError::Missing { part, name })?;
    Ok(Positive::new(name, value)?.get())
}

fn unknown_limit(found: &str, expected: &'static str) -> ModelFileError {
    ModelFileError::Unknown { key: "limit", found: found.to_owned(), expected }
}

impl FrequencySection {
    fn new(law: RateLaw) -> Self {
        let model = "nbd".to_owned();
        match law {
            RateLaw::Gamma { shape, rate } => Self {
                model,
                a: Some(rate),
                b: Some(shape),
                rate: None,
                limit: law.is_log_series().then(|| "log-series".to_owned()),
            },
            RateLaw::Equal(rate) => Self {
                model,
                a: None,
                b: None,
                rate: Some(rate),
                limit: Some("poisson".to_owned()),
            },
        }
    }

    fn law(&self) -> Result<RateLaw, ModelFileError> {
        if self.model != "nbd" {
            return Err(ModelFileError::Unknown {
                key: "frequency.model",
                found: self.model.clone(),
                expected: "nbd",
            });
        }
        match self.limit.as_deref() {
            None | Some("log-series") => {
                Ok(RateLaw::nbd(need("frequency", "a", self.a)?, need("frequency", "b", self.b)?)?)
            }
            Some("poisson") => Ok(RateLaw::poisson(need("frequency", "rate", self.rate)?)?),
            Some(found) => Err(unknown_limit(found, "poisson or log-series")),
        }
    }
}

impl MonetarySection {
    fn new(monetary: Monetary) -> Self {
        let form = match monetary.form {
            Form::Period => "period",
            Form::Purchase => "purchase",
        };
        let empty = Self {
            model: "gamma-gamma".to_owned(),
            form: Some(form.to_owned()),
            p: None,
            q: None,
            k: None,
            rate: None,
            scale: None,
            value: None,
            limit: Some("constant-value".to_owned()),
        };
        match monetary.law {
            ValueLaw::GammaGamma { p, q, k } => {
                Self { p: Some(p), q: Some(q), k: Some(k), limit: None, ..empty }
            }
            ValueLaw::SameForAll { p, rate } => Self { p: Some(p), rate: Some(rate), ..empty },
            ValueLaw::OwnConstant { q, scale } => Self { q: Some(q), scale: Some(scale), ..empty },
            ValueLaw::Constant(value) => Self { value: Some(value), ..empty },
        }
    }

    fn law(&self) -> Result<Monetary, ModelFileError> {
        const PART: &str = "monetary";
        if self.model != "gamma-gamma" {
            return Err(ModelFileError::Unknown {
                key: "monetary.model",
                found: self.model.clone(),
                expected: "gamma-gamma",
            });
        }
        let form = match self.form.as_deref() {
            None | Some("period") => Form::Period,
            Some("purchase") => Form::Purchase,
            Some(found) => {
                return Err(ModelFileError::Unknown {
                    key: "monetary.form",
                    found: found.to_owned(),
                    expected: "period or purchase",
                });
            }
        };
        let law = match (self.limit.as_deref(), self.value, self.rate, self.scale) {
            (None, ..) => ValueLaw::gamma_gamma(
                need(PART, "p", self.p)?,
                need(PART, "q", self.q)?,
                need(PART, "k", self.k)?,
            )?,
            (Some("constant-value"), Some(value), ..) => {
                ValueLaw::Constant(Positive::new("value", value)?.get())
            }
            (Some("constant-value"), None, Some(rate), _) => ValueLaw::SameForAll {
                p: need(PART, "p", self.p)?,
                rate: Positive::new("rate", rate)?.get(),
            },
            (Some("constant-value"), None, None, scale) => ValueLaw::OwnConstant {
                q: need(PART, "q", self.q)?,
                scale: need(PART, "scale", scale)?,
            },
            (Some(found), ..) => return Err(unknown_limit(found, "constant-value")),
        };
        Ok(Monetary { law, form, dependence: None })
    }
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
