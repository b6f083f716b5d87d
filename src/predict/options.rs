//! How a predictive distribution is drawn.

use std::sync::Arc;

use super::PredictError;
use crate::fit::FittedModel;

/// Where the uncertainty of the parameters comes from.
///
/// ```
/// use clvcast::predict::Uncertainty;
/// assert!(matches!(Uncertainty::default(), Uncertainty::Information));
/// ```
#[derive(Debug, Clone, Default)]
pub enum Uncertainty {
    /// The parameters are taken for known.
    None,
    /// The observed information that the fit has kept; none where it has kept none.
    #[default]
    Information,
    /// The same model fitted to simulated histories.
    Bootstrap(Arc<Bootstrap>),
}

/// Models fitted to histories that were simulated from the model itself.
///
/// ```
/// let none = clvcast::predict::Bootstrap { models: Vec::new(), failed: 0 };
/// assert!(none.models.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// One per successful replication; their parameters count and nothing else.
    pub models: Vec<FittedModel>,
    /// Replications whose fit failed.
    pub failed: usize,
}

/// How a predictive distribution is drawn.
///
/// ```
/// use clvcast::predict::PredictOptions;
/// let options = PredictOptions::default();
/// assert_eq!((options.draws, options.seed), (1000, 1));
/// ```
#[derive(Debug, Clone)]
pub struct PredictOptions {
    /// Where the uncertainty of the parameters comes from.
    pub parameters: Uncertainty,
    /// Futures drawn of each customer.
    pub draws: usize,
    /// Sets of parameters drawn from the information; `None` for a tenth of the draws, at least
    /// [`PredictOptions::FEWEST_SETS`] and no more than [`PredictOptions::MOST_CONDITIONED`]
    /// histories in all allow.
    pub sets: Option<usize>,
    /// Seed of all random numbers.
    pub seed: u64,
}

impl PredictOptions {
    /// Sets of parameters that any base gets.
    pub const FEWEST_SETS: usize = 16;
    /// Sets of parameters that no base needs more of.
    pub const MOST_SETS: usize = 400;
    /// Customers times sets beyond which sets become fewer: each customer's history is conditioned
    /// anew under each set.
    pub const MOST_CONDITIONED: usize = 2_000_000;

    /// Futures of all customers together that are drawn without being asked; totals need few of
    /// each.
    const UNASKED: usize = 2_000_000;
    /// Fewest futures of each.
    const FEWEST: usize = 200;

    /// How many futures of each customer are drawn where nobody asked for a number: the standard of
    /// small bases, fewer of large ones.
    ///
    /// ```
    /// use clvcast::predict::PredictOptions;
    /// assert_eq!([793, 5_000, 1_000_000].map(PredictOptions::unasked), [1000, 400, 200]);
    /// ```
    #[must_use]
    pub fn unasked(customers: usize) -> usize {
        (Self::UNASKED / customers.max(1)).clamp(Self::FEWEST, Self::default().draws)
    }

    /// Checks that levels of quantiles can be told by the draws.
    ///
    /// ```
    /// use clvcast::predict::PredictOptions;
    /// let options = PredictOptions::default();
    /// assert!(options.check_levels(&[0.05, 0.95]).is_ok());
    /// let error = options.check_levels(&[0.0001]).unwrap_err();
    /// assert!(error.to_string().contains("1000 draws say nothing about a level beyond 0.001"));
    /// ```
    ///
    /// # Errors
    /// At a level outside 0 to 1, or one that lies beyond the smallest or the largest draw.
    pub fn check_levels(&self, levels: &[f64]) -> Result<(), PredictError> {
        if let Some(&level) = levels.iter().find(|level| !(**level > 0.0 && **level < 1.0)) {
            return Err(PredictError::NoLevel { level });
        }
        // The least level that is more than the smallest of the draws.
        let (draws, finest) = (self.draws, 1.0 / self.draws as f64);
        match levels.iter().find(|level| **level < finest || **level > 1.0 - finest) {
            Some(&level) => Err(PredictError::ExtremeLevel { level, draws }),
            None => Ok(()),
        }
    }

    /// Sets of parameters for that many customers.
    ///
    /// ```
    /// use clvcast::predict::PredictOptions;
    /// let options = PredictOptions::default();
    /// assert_eq!([1000, 200_000, 1_000_000].map(|n| options.sets_for(n)), [100, 16, 16]);
    /// ```
    #[must_use]
    pub fn sets_for(&self, customers: usize) -> usize {
        let most = Self::MOST_CONDITIONED / customers.max(1);
        self.sets
            .unwrap_or_else(|| {
                let tenth = (self.draws / 10).min(most);
                tenth.clamp(Self::FEWEST_SETS, Self::MOST_SETS)
            })
            .clamp(1, self.draws.max(1))
    }
}

impl Default for PredictOptions {
    fn default() -> Self {
        Self { parameters: Uncertainty::default(), draws: 1000, sets: None, seed: 1 }
    }
}
