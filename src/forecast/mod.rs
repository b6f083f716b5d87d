//! Purchases of the coming periods: three rules behind one interface.
//!
//! | method | amount of a period | what it is |
//! |---|---|---|
//! | [`Method::Point`] | f\* · m\* · p_f(f\*, r + h − 1) · T\[band(m1)\]\[band(m\*)\] | the published rule: a score of potential, not an expectation |
//! | [`Method::Chain`] | Σ_s E\[f_h; s active before\] · E\[value after s + 1 moves\] | expectation over the first-order chain |
//! | [`Method::Posterior`] | E\[f_h \| history\] · p(k+S)/(p h_i+q−1); for the NBD E\[f_h\] = (b+x)/(a+T) | expectation given the whole history |
//!
//! [`forecast`] gives each distinct state to the rule once.
//!
//! Under a calendar of purchases the next period's mean is multiplied by its factor e_h, in every
//! rule; past periods count with theirs in the chain and the posterior. Under a calendar of values
//! a value is divided by the factor v of its period before a rule sees it, and the forecast is
//! multiplied by v_h; a dependence of values on the rate does the same by customer.
//!
//! ```
//! use clvcast::{forecast::FrequencyChain, models::RateLaw};
//! let law = RateLaw::nbd(1.84, 2.67).unwrap();
//! let start = law.after(2, 1.0); // two purchases in the last quarter
//! let chain = FrequencyChain::new(law, vec![1.0; 3], [start]);
//! let active: Vec<f64> = chain.steps(start).iter().map(|step| step.p_active()).collect();
//! assert!((active[0] - (1.0 - start.p_zero(1.0))).abs() < 1e-14);
//! assert_eq!(active.len(), 3);
//! ```

mod average;
mod chain;
mod chained;
mod distinct;
mod factors;
mod migration;
mod newcomers;
mod outlooks;
mod point;
mod purchases;
mod run;

use crate::fit::FrequencyKind;

pub use average::Member;
pub use chain::{ChainSteps, FrequencyChain};
pub use chained::chain_any_purchase;
pub(crate) use chained::{chain_start, chain_values};
pub(crate) use factors::{Exposures, ValueFactors};
pub use migration::value_places;
pub use newcomers::{Newcomers, newcomers};
pub use outlooks::{Horizon, Prospect, Prospective, Prospects, count_tables};
pub(crate) use outlooks::{Observed, history};
pub use point::PointRule;
pub use purchases::Purchases;
pub use run::{Acquisition, ForecastOptions, forecast};

/// Which rule forecasts purchases.
///
/// ```
/// use clvcast::forecast::Method;
/// assert_eq!((Method::default(), Method::Chain.name()), (Method::Chain, "chain"));
/// assert!(Method::Point.meaning().ends_with("scores of potential, not expected sales"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// The published rule: a score of potential.
    Point,
    /// Expectation over the Markov chain from the last active period.
    #[default]
    Chain,
    /// Expectation given the whole history.
    Posterior,
}

/// A method that a model does not have.
///
/// ```
/// use clvcast::forecast::Method;
/// let error = Method::of_model(Some(Method::Chain), "pdo", None).unwrap_err();
/// assert!(error.to_string().contains("`--method chain` exists for nbd only"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`--method {}` exists for nbd only, and the model is {frequency}: use `--method posterior`",
    .method.name()
)]
pub struct NoSuchMethod {
    /// What was asked for.
    pub method: Method,
    /// Name of the model.
    pub frequency: String,
}

impl Method {
    /// The method of a frequency model by its name: the one asked for, else the one that is
    /// recorded with it, else the chain where customers stay.
    ///
    /// ```
    /// use clvcast::forecast::Method;
    /// assert_eq!(Method::of_model(None, "nbd", None), Ok(Method::Chain));
    /// assert_eq!(Method::of_model(None, "bg-nbd", None), Ok(Method::Posterior));
    /// ```
    ///
    /// # Errors
    /// When customers may leave under the model, and point or chain is asked for.
    pub fn of_model(
        asked: Option<Self>,
        frequency: &str,
        recorded: Option<Self>,
    ) -> Result<Self, NoSuchMethod> {
        let stays = frequency == FrequencyKind::Nbd.name();
        match asked {
            Some(method @ (Self::Point | Self::Chain)) if !stays => {
                Err(NoSuchMethod { method, frequency: frequency.to_owned() })
            }
            Some(method) => Ok(method),
            None if stays => Ok(recorded.unwrap_or(Self::Chain)),
            None => Ok(recorded.unwrap_or(Self::Posterior)),
        }
    }

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Chain => "chain",
            Self::Posterior => "posterior",
        }
    }

    /// What its numbers are, in words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Point => {
                "the published rule weighs a value by the probability of one band, so these are scores of potential, not expected sales"
            }
            Self::Chain => "expectation over the Markov chain",
            Self::Posterior => "expectation given each customer's history",
        }
    }
}

/// Expected purchases of one customer in one coming period; purchases × value = amount.
///
/// ```
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let rule = clvcast::forecast::PointRule::new(&model, [0], &[1.0]);
/// let step = rule.steps(0, 1, Some(20_000.0), &[1.0])[0];
/// assert_eq!(step.amount, Some(step.purchases * step.value.unwrap()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Step {
    /// P(at least one purchase); under [`Method::Point`] the rule's p_f.
    pub p_active: f64,
    /// Expected purchases.
    pub purchases: f64,
    /// Expected value per purchase, money; `None` without amounts or where it is infinite.
    pub value: Option<f64>,
    /// Expected amount, money.
    pub amount: Option<f64>,
}
