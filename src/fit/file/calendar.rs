//! The `calendar` and `value_calendar` keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ModelFileError;
use crate::calendar::{Calendar, Cycle, GIVEN_RANGE, GivenFactors, Season, Trend};
use crate::units::Day;

#[derive(Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CalendarSection {
    #[serde(skip_serializing_if = "Option::is_none")]
    season: Option<SeasonSection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trend: Option<TrendSection>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    given: Vec<GivenSection>,
    /// The day from which the trend counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    /// What the product of season, trend and given factors is divided by.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeasonSection {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cos: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sin: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factors: Option<BTreeMap<String, f64>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrendSection {
    kind: String,
    per_year: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    damping: Option<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenSection {
    period: String,
    factor: f64,
}

const PART: &str = "calendar";

/// Largest logarithm of a factor that is taken for one: 22 000-fold.
pub(super) const LARGEST: f64 = 10.0;

fn usable(ln: f64) -> bool {
    ln.abs() <= LARGEST
}

fn positive(name: &'static str, value: f64) -> Result<f64, ModelFileError> {
    super::need(PART, name, Some(value))
}

impl CalendarSection {
    pub(super) fn new(calendar: &Calendar) -> Self {
        let season = match &calendar.season {
            Season::None => None,
            Season::Harmonics { cos, sin } => Some(SeasonSection {
                kind: "harmonics".to_owned(),
                cos: Some(cos.clone()),
                sin: Some(sin.clone()),
                factors: None,
            }),
            Season::Factors { cycle, ln } => {
                let factors = ln.iter().enumerate().map(|(j, l)| (cycle.label(j), l.exp()));
                Some(SeasonSection {
                    kind: cycle.name().to_owned(),
                    cos: None,
                    sin: None,
                    factors: Some(factors.collect()),
                })
            }
        };
        let trend = match calendar.trend {
            Trend::None => None,
            Trend::Linear { per_year } => {
                Some(TrendSection { kind: "linear".to_owned(), per_year, damping: None })
            }
            Trend::Damped { per_year, damping } => {
                Some(TrendSection { kind: "damped".to_owned(), per_year, damping: Some(damping) })
            }
        };
        let given = calendar.given.iter();
        Self {
            season,
            trend,
            given: given
                .map(|(period, factor)| GivenSection { period: period.to_owned(), factor })
                .collect(),
            origin: calendar.origin.map(|day| day.to_string()),
            level: (calendar.ln_level != 0.0).then(|| calendar.ln_level.exp()),
        }
    }

    pub(super) fn calendar(self) -> Result<Calendar, ModelFileError> {
        let given: Result<Vec<(String, f64)>, ModelFileError> = self
            .given
            .into_iter()
            .map(|given| {
                let factor = positive("given.factor", given.factor)?;
                if GIVEN_RANGE.contains(&factor) {
                    return Ok((given.period, factor));
                }
                Err(ModelFileError::Unknown {
                    key: "calendar.given.factor",
                    found: factor.to_string(),
                    expected: "a number from 0.000001 to 100",
                })
            })
            .collect();
        let given = given?;
        let listed = |(at, (period, _)): &(usize, &(String, f64))| {
            given[..*at].iter().any(|(before, _)| before == period)
        };
        if let Some((_, (period, _))) = given.iter().enumerate().find(listed) {
            return Err(ModelFileError::Unknown {
                key: "calendar.given",
                found: format!("{period}, listed before"),
                expected: "each period once",
            });
        }
        let origin = self.origin.map(|text| {
            text.parse().map(Day::from_date).map_err(|_| ModelFileError::Unknown {
                key: "calendar.origin",
                found: text,
                expected: "a date as YYYY-MM-DD",
            })
        });
        Ok(Calendar {
            season: self.season.map_or(Ok(Season::None), SeasonSection::season)?,
            trend: self.trend.map_or(Ok(Trend::None), |trend| trend.trend())?,
            given: GivenFactors::new(given),
            origin: origin.transpose()?,
            ln_level: positive("level", self.level.unwrap_or(1.0))?.ln(),
        })
    }
}

impl SeasonSection {
    fn season(self) -> Result<Season, ModelFileError> {
        let missing = |name| ModelFileError::Missing { part: PART, name };
        let cycle = match self.kind.as_str() {
            "harmonics" => {
                let cos = self.cos.ok_or(missing("season.cos"))?;
                let sin = self.sin.ok_or(missing("season.sin"))?;
                if cos.len() != sin.len() || cos.iter().chain(&sin).any(|c| !usable(*c)) {
                    return Err(ModelFileError::Harmonics { cos: cos.len(), sin: sin.len() });
                }
                return Ok(Season::Harmonics { cos, sin });
            }
            "quarter" => Cycle::Quarter,
            "month" => Cycle::Month,
            "week" => Cycle::Week,
            found => {
                return Err(ModelFileError::Unknown {
                    key: "calendar.season.kind",
                    found: found.to_owned(),
                    expected: "harmonics, quarter, month or week",
                });
            }
        };
        let factors = self.factors.ok_or(missing("season.factors"))?;
        let labels: Vec<String> = (0..cycle.parts()).map(|part| cycle.label(part)).collect();
        if let Some(unknown) = factors.keys().find(|key| !labels.contains(key)) {
            return Err(ModelFileError::Unknown {
                key: "calendar.season.factors",
                found: unknown.clone(),
                expected: "Q1 to Q4, M01 to M12 or W01 to W52, by its kind",
            });
        }
        let ln: Result<Vec<f64>, ModelFileError> = labels
            .iter()
            .map(|label| {
                let lacking = || ModelFileError::NoFactor { label: label.clone() };
                let factor = factors.get(label).ok_or_else(lacking)?;
                Ok(positive("season.factors", *factor)?.ln())
            })
            .collect();
        Ok(Season::Factors { cycle, ln: ln? })
    }
}

impl TrendSection {
    fn trend(&self) -> Result<Trend, ModelFileError> {
        let per_year = self.per_year;
        if !usable(per_year) {
            return Err(ModelFileError::Exponent {
                name: "calendar.trend.per_year",
                found: per_year,
            });
        }
        match (self.kind.as_str(), self.damping) {
            ("linear", _) => Ok(Trend::Linear { per_year }),
            ("damped", Some(damping)) if damping > 0.0 && damping <= 1.0 => {
                Ok(Trend::Damped { per_year, damping })
            }
            ("damped", Some(found)) => {
                Err(ModelFileError::NotAShare { name: "trend.damping", found })
            }
            ("damped", None) => Err(ModelFileError::Missing { part: PART, name: "trend.damping" }),
            (found, _) => Err(ModelFileError::Unknown {
                key: "calendar.trend.kind",
                found: found.to_owned(),
                expected: "linear or damped",
            }),
        }
    }
}
