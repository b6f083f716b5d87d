//! The `monetary` key.

use serde::{Deserialize, Serialize};

use super::{ModelFileError, need, unknown_limit};
use crate::fit::{Dependence, Form, Monetary};
use crate::models::{Positive, ValueLaw};

#[derive(Serialize, Deserialize)]
pub(super) struct MonetarySection {
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
    dependence: Option<DependenceSection>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
}

/// How values change with the purchase rate.
#[derive(Serialize, Deserialize)]
struct DependenceSection {
    /// Elasticity of value in the purchase rate.
    slope: f64,
    /// The purchase rate at which values are those of the law, per period.
    centre: f64,
}

impl MonetarySection {
    pub(super) fn new(monetary: Monetary) -> Self {
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
            dependence: monetary
                .dependence
                .map(|d| DependenceSection { slope: d.slope, centre: d.centre }),
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

    pub(super) fn law(&self) -> Result<Monetary, ModelFileError> {
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
        let dependence = self.dependence.as_ref().map(|d| -> Result<Dependence, ModelFileError> {
            let centre = need(PART, "dependence.centre", Some(d.centre))?;
            if d.slope.is_finite() {
                Ok(Dependence { slope: d.slope, centre })
            } else {
                Err(ModelFileError::Missing { part: PART, name: "dependence.slope" })
            }
        });
        Ok(Monetary { law, form, dependence: dependence.transpose()? })
    }
}
