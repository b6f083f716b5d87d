//! The `frequency` key: a model by name, its parameters, and the limits it may stand at.

use serde::{Deserialize, Serialize};

use super::{ModelFileError, need, unknown_limit};
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};
use crate::panel::Period;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct FrequencySection {
    model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    r: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alpha: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    beta: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tau: Option<String>,
    /// Purchases per period in the Poisson limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    /// Probability of leaving where it is the same for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    dropout: Option<f64>,
    /// Rate of leaving per period where it is the same for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    mu: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
}

const PART: &str = "frequency";
const MODELS: &str = "nbd, bg-nbd, mbg-nbd, pareto-nbd or pdo";
const LIMITS: &str =
    "poisson, no-attrition, equal-attrition, poisson+no-attrition or poisson+equal-attrition";

/// The limits an attrition model stands at.
#[derive(Clone, Copy, Default)]
struct Limits {
    poisson: bool,
    no_attrition: bool,
    equal_attrition: bool,
}

impl Limits {
    fn parse(text: Option<&str>) -> Result<Self, ModelFileError> {
        let mut limits = Self::default();
        for name in text.iter().flat_map(|text| text.split('+')) {
            match name {
                "poisson" => limits.poisson = true,
                "no-attrition" => limits.no_attrition = true,
                "equal-attrition" => limits.equal_attrition = true,
                _ => return Err(unknown_limit(text.unwrap_or_default(), LIMITS)),
            }
        }
        if limits.no_attrition && limits.equal_attrition {
            return Err(unknown_limit(text.unwrap_or_default(), LIMITS));
        }
        Ok(limits)
    }

    fn text(self) -> Option<String> {
        let names = [
            (self.poisson, "poisson"),
            (self.no_attrition, "no-attrition"),
            (self.equal_attrition, "equal-attrition"),
        ];
        let names: Vec<&str> =
            names.into_iter().filter(|(at, _)| *at).map(|(_, name)| name).collect();
        (!names.is_empty()).then(|| names.join("+"))
    }
}

impl FrequencySection {
    pub(super) fn new(law: &FrequencyLaw) -> Self {
        let mut section = Self { model: law.name().to_owned(), ..Self::default() };
        match *law {
            FrequencyLaw::Nbd(rate) => {
                match rate {
                    RateLaw::Gamma { shape, rate } => {
                        (section.a, section.b) = (Some(rate), Some(shape));
                    }
                    RateLaw::Equal(rate) => section.rate = Some(rate),
                }
                section.limit = match rate {
                    RateLaw::Equal(_) => Some("poisson".to_owned()),
                    RateLaw::Gamma { .. } => rate.is_log_series().then(|| "log-series".to_owned()),
                };
                return section;
            }
            FrequencyLaw::Pdo { tau, .. } => section.tau = Some(format!("{tau}d")),
            _ => {}
        }
        let mut limits = Limits::default();
        match law.rate() {
            RateLaw::Gamma { shape, rate } => {
                (section.r, section.alpha) = (Some(shape), Some(rate));
            }
            RateLaw::Equal(rate) => {
                section.rate = Some(rate);
                limits.poisson = true;
            }
        }
        match *law {
            FrequencyLaw::Nbd(_) => {}
            FrequencyLaw::BgNbd { dropout, .. }
            | FrequencyLaw::MbgNbd { dropout, .. }
            | FrequencyLaw::Pdo { dropout, .. } => match dropout {
                Dropout::Beta { a, b } => (section.a, section.b) = (Some(a), Some(b)),
                Dropout::Equal(p) => {
                    section.dropout = Some(p);
                    limits.equal_attrition = true;
                }
                Dropout::Never => limits.no_attrition = true,
            },
            FrequencyLaw::ParetoNbd { lifetime, .. } => match lifetime {
                Lifetime::Gamma { shape, rate } => {
                    (section.s, section.beta) = (Some(shape), Some(rate));
                }
                Lifetime::Equal(mu) => {
                    section.mu = Some(mu);
                    limits.equal_attrition = true;
                }
                Lifetime::Never => limits.no_attrition = true,
            },
        }
        section.limit = limits.text();
        section
    }

    pub(super) fn law(&self) -> Result<FrequencyLaw, ModelFileError> {
        let attrition = |section: &Self| -> Result<(RateLaw, Limits), ModelFileError> {
            let limits = Limits::parse(section.limit.as_deref())?;
            let rate = if limits.poisson {
                RateLaw::poisson(need(PART, "rate", section.rate)?)?
            } else {
                let alpha = need(PART, "alpha", section.alpha)?;
                RateLaw::Gamma { shape: need(PART, "r", section.r)?, rate: alpha }
            };
            Ok((rate, limits))
        };
        let dropout = |section: &Self, limits: Limits| -> Result<Dropout, ModelFileError> {
            if limits.no_attrition {
                Ok(Dropout::Never)
            } else if limits.equal_attrition {
                let p = need(PART, "dropout", section.dropout)?;
                if p > 1.0 {
                    return Err(ModelFileError::NotAShare { name: "dropout", found: p });
                }
                Ok(Dropout::Equal(p))
            } else {
                let a = need(PART, "a", section.a)?;
                Ok(Dropout::Beta { a, b: need(PART, "b", section.b)? })
            }
        };
        match self.model.as_str() {
            "nbd" => self.nbd().map(FrequencyLaw::Nbd),
            "bg-nbd" => {
                let (rate, limits) = attrition(self)?;
                Ok(FrequencyLaw::BgNbd { rate, dropout: dropout(self, limits)? })
            }
            "mbg-nbd" => {
                let (rate, limits) = attrition(self)?;
                Ok(FrequencyLaw::MbgNbd { rate, dropout: dropout(self, limits)? })
            }
            "pdo" => {
                let (rate, limits) = attrition(self)?;
                Ok(FrequencyLaw::Pdo { rate, dropout: dropout(self, limits)?, tau: self.tau()? })
            }
            "pareto-nbd" => {
                let (rate, limits) = attrition(self)?;
                let lifetime = if limits.no_attrition {
                    Lifetime::Never
                } else if limits.equal_attrition {
                    Lifetime::Equal(need(PART, "mu", self.mu)?)
                } else {
                    let shape = need(PART, "s", self.s)?;
                    Lifetime::Gamma { shape, rate: need(PART, "beta", self.beta)? }
                };
                Ok(FrequencyLaw::ParetoNbd { rate, lifetime })
            }
            found => Err(ModelFileError::Unknown {
                key: "frequency.model",
                found: found.to_owned(),
                expected: MODELS,
            }),
        }
    }

    fn nbd(&self) -> Result<RateLaw, ModelFileError> {
        match self.limit.as_deref() {
            None | Some("log-series") => {
                Ok(RateLaw::nbd(need(PART, "a", self.a)?, need(PART, "b", self.b)?)?)
            }
            Some("poisson") => Ok(RateLaw::poisson(need(PART, "rate", self.rate)?)?),
            Some(found) => Err(unknown_limit(found, "poisson or log-series")),
        }
    }

    fn tau(&self) -> Result<u32, ModelFileError> {
        let text =
            self.tau.as_deref().ok_or(ModelFileError::Missing { part: PART, name: "tau" })?;
        match text.parse() {
            Ok(Period::Days(days)) => Ok(days),
            _ => Err(ModelFileError::Unknown {
                key: "frequency.tau",
                found: text.to_owned(),
                expected: "a number of days such as 7d, at most 36525d",
            }),
        }
    }
}
