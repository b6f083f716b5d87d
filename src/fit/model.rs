//! What a fit leaves behind: the only type that can forecast.

use super::section::FitSection;
use crate::calendar::Calendar;
use crate::forecast::Method;
use crate::markov::Bands;
use crate::models::{FrequencyLaw, ValueLaw};
use crate::panel::{Clock, Period};

/// A fitted model, or one written by hand: period, laws and states. Only this type forecasts.
///
/// ```
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// assert_eq!(model.period, clvcast::panel::Period::Quarter);
/// assert!((model.frequency.rate().mean() - 1.45108695652).abs() < 1e-11); // S: b/a
/// assert_eq!(model.fit, None); // written by hand
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FittedModel {
    /// Where the numbers come from, for a model written by hand.
    pub source: Option<String>,
    /// Length of a period; all rates are per period.
    pub period: Period,
    /// From when customers are observed.
    pub clock: Clock,
    /// Law of purchasing across customers, and of leaving.
    pub frequency: FrequencyLaw,
    /// Factors of the purchase rate by day; `None` where every day is alike.
    pub calendar: Option<Calendar>,
    /// Law of purchase values; `None` for a ledger without amounts.
    pub monetary: Option<Monetary>,
    /// Factors of purchase values by day; `None` where every day is alike.
    pub value_calendar: Option<Calendar>,
    /// States of the published method.
    pub states: States,
    /// How it was fitted; `None` for a model written by hand.
    pub fit: Option<FitSection>,
}

/// The law of purchase values and what it is a law of.
///
/// ```
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let monetary = model.monetary.unwrap();
/// assert_eq!(monetary.form, clvcast::fit::Form::Period);
/// assert!((monetary.law.mode().unwrap() - 9646.96).abs() < 0.01); // S
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monetary {
    /// Law of m across customers.
    pub law: ValueLaw,
    /// What a value is.
    pub form: Form,
    /// How values change with the purchase rate; `None` where they are independent.
    pub dependence: Option<Dependence>,
}

impl FittedModel {
    /// The method that won with this model, where it was chosen among others.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
    /// let model = clvcast::fit::FittedModel::from_json(&text)?;
    /// assert_eq!(model.method(), None); // nothing was compared
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn method(&self) -> Option<Method> {
        let member = self.fit.as_ref()?.choice.as_ref()?.members.first()?;
        let methods = [Method::Posterior, Method::Chain];
        methods.into_iter().find(|method| method.name() == member.method)
    }
}

/// Dependence of purchase values on the purchase rate: the values of customer i are those of the
/// law times (E\[λ_i\]/centre)^slope.
///
/// ```
/// let dependence = clvcast::fit::Dependence { slope: 0.5, centre: 2.0 };
/// assert_eq!(dependence.factor(8.0), 2.0); // four times the rate, twice the value
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dependence {
    /// Elasticity of value in the purchase rate.
    pub slope: f64,
    /// The purchase rate at which the factor is 1, purchases per period.
    pub centre: f64,
}

impl Dependence {
    /// The factor on the values of a customer with that expected rate, purchases per period.
    #[must_use]
    pub fn factor(self, rate: f64) -> f64 {
        (self.slope * (rate / self.centre).ln()).exp()
    }
}

/// What one value of the monetary law is.
///
/// ```
/// use clvcast::fit::Form;
/// assert_eq!((Form::Period.weight(3), Form::Purchase.weight(3)), (1.0, 3.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// The average purchase value of an active period.
    #[default]
    Period,
    /// One purchase: a period's average weighs as many as it has purchases.
    Purchase,
}

impl Form {
    /// Weight of a period's average value with that many purchases.
    #[must_use]
    pub fn weight(self, purchases: u32) -> f64 {
        match self {
            Self::Period => 1.0,
            Self::Purchase => f64::from(purchases),
        }
    }
}

/// States of the published method.
///
/// ```
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// assert_eq!(model.states.max_frequency, 3);
/// assert_eq!(model.states.bands.unwrap().max(), 499_999.0); // S: the largest value
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct States {
    /// Largest count per period, f_max.
    pub max_frequency: u32,
    /// Value bands up to m_max; `None` without amounts.
    pub bands: Option<Bands>,
}
