//! Several models forecast together.

use super::{ForecastOptions, Method, Purchases, Step, forecast};
use crate::fit::FittedModel;
use crate::panel::Panel;

/// A model's share in a forecast.
///
/// ```
/// use clvcast::{fit::FittedModel, forecast::{Member, Method}};
/// let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// let member = Member { weight: 0.4, model: FittedModel::from_json(&text)?, method: Method::Chain };
/// assert_eq!(member.name(), "40 % nbd, chain");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Weight; those of all members add up to 1.
    pub weight: f64,
    /// The model.
    pub model: FittedModel,
    /// The rule that forecasts with it.
    pub method: Method,
}

impl Member {
    /// Weight, frequency model and method in words.
    #[must_use]
    pub fn name(&self) -> String {
        let (weight, method) = (100.0 * self.weight, self.method.name());
        format!("{weight:.0} % {}, {method}", self.model.frequency.name())
    }

    /// What it forecasts alone.
    #[must_use]
    pub fn forecast(&self, panel: &Panel, options: &ForecastOptions) -> Purchases {
        forecast(panel, &self.model, &ForecastOptions { method: self.method, ..*options })
    }
}

impl Purchases {
    /// The weighted mean of several forecasts of the same customers; weights add up to 1. A
    /// customer that one of them has no forecast for has none, and a value that is infinite under
    /// one of them stays so.
    ///
    /// ```
    /// use clvcast::forecast::{Purchases, Step};
    /// let step = |purchases| Step { p_active: 0.5, purchases, value: None, amount: Some(10.0) };
    /// let of = |purchases| Purchases { steps: vec![Some(vec![step(purchases)])], p_alive: vec![Some(1.0)] };
    /// let mean = Purchases::average(&[(0.75, of(1.0)), (0.25, of(2.0))]);
    /// let step = mean.steps[0].as_ref().unwrap()[0];
    /// assert_eq!((step.purchases, step.value), (1.25, Some(8.0))); // 10 for 1.25 purchases
    /// ```
    #[must_use]
    pub fn average(of: &[(f64, Self)]) -> Self {
        let customers = of.first().map_or(0, |(_, first)| first.steps.len());
        let sum = |get: &dyn Fn(&Self) -> Option<f64>| {
            of.iter().try_fold(0.0, |sum, (weight, each)| Some(sum + weight * get(each)?))
        };
        let steps = |i: usize| {
            let horizon =
                of.iter().map(|(_, each)| each.steps[i].as_ref().map(Vec::len)).min()??;
            let step = |h: usize| {
                let mean = |get: fn(&Step) -> Option<f64>| {
                    sum(&|each| get(each.steps[i].as_ref()?.get(h)?))
                };
                let purchases = mean(|step| Some(step.purchases)).unwrap_or(0.0);
                let amount = mean(|step| step.amount);
                Step {
                    p_active: mean(|step| Some(step.p_active)).unwrap_or(0.0),
                    purchases,
                    value: amount.filter(|_| purchases > 0.0).map(|amount| amount / purchases),
                    amount,
                }
            };
            Some((0..horizon).map(step).collect())
        };
        Self {
            steps: (0..customers).map(steps).collect(),
            p_alive: (0..customers).map(|i| sum(&|each| each.p_alive[i])).collect(),
        }
    }
}
