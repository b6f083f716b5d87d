//! Several models forecast together.

use rayon::prelude::*;

use super::purchases::Given;
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
    /// let of = |purchases| Purchases::given(1, [(Some(1.0), vec![step(purchases)])]);
    /// let mean = Purchases::average(&[(0.75, of(1.0)), (0.25, of(2.0))]);
    /// let step = mean.steps(0).unwrap().next().unwrap();
    /// assert_eq!((step.purchases, step.value), (1.25, Some(8.0))); // 10 for 1.25 purchases
    /// ```
    #[must_use]
    pub fn average(of: &[(f64, Self)]) -> Self {
        let (customers, horizon) =
            of.first().map_or((0, 0), |(_, first)| (first.len(), first.horizon()));
        let p_alive = |i: usize| {
            of.iter().try_fold(0.0, |sum, (weight, each)| Some(sum + weight * each.p_alive(i)?))
        };
        let parts: Vec<Given> = (0..customers.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let (mut part, mut sums) = (Given::new(horizon), vec![ZERO; horizon]);
                for i in block * BLOCK..customers.min((block + 1) * BLOCK) {
                    let known = mean_steps(of, i, &mut sums).is_some();
                    part.push(p_alive(i), known.then(|| sums.iter().copied()));
                }
                part
            })
            .collect();
        Self::given_in_parts(horizon, parts)
    }
}

/// Customers that one thread takes at a time.
const BLOCK: usize = 1 << 16;

/// Writes the weighted means of a customer's steps; `None` where one of the forecasts has none.
fn mean_steps(of: &[(f64, Purchases)], i: usize, sums: &mut [Step]) -> Option<()> {
    sums.fill(ZERO);
    for (weight, each) in of {
        for (sum, step) in sums.iter_mut().zip(each.steps(i)?) {
            sum.p_active += weight * step.p_active;
            sum.purchases += weight * step.purchases;
            sum.amount = sum.amount.zip(step.amount).map(|(sum, amount)| sum + weight * amount);
        }
    }
    for step in sums {
        let purchases = step.purchases;
        let amount = step.amount.filter(|_| purchases > 0.0);
        step.value = amount.map(|amount| amount / purchases);
    }
    Some(())
}

/// What sums begin with.
const ZERO: Step = Step { p_active: 0.0, purchases: 0.0, value: None, amount: Some(0.0) };
