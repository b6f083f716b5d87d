//! Levels that held in the past, in place of those that a model claims.

use super::{Target, Window};
use crate::units::Day;

/// What held-out periods say about the quantiles of customers.
///
/// Where the distributions are right, the transforms u = F(y) of what customers did are uniform.
/// Where they are not, the quantile that a share τ of customers stayed below is found at another
/// level, and that level is taken (split conformal prediction; Vovk et al. 2020, *Conformal
/// calibrators*):
///
/// ```text
/// τ ≥ ½:  u_(⌈(n+1) τ⌉)          τ < ½:  u_(⌊(n+1) τ⌋)          u_(1) ≤ … ≤ u_(n)
/// ```
///
/// With too few customers for a level it is 1, or 0: the largest, or the smallest, of the draws.
///
/// ```
/// use clvcast::{predict::{Recalibration, Target, Window}, units::Day};
/// // Of 9 customers 8 did less than half of their distributions allowed.
/// let transforms = vec![0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.9];
/// let day = Day::from_ymd(2017, 3, 31).unwrap();
/// let map = Recalibration::new(day, 1, |_, window| match window {
///     Window::Total => transforms.clone(),
///     Window::Period(_) => vec![],
/// });
/// assert_eq!(map.level(Target::Purchases, Window::Total, 0.5), 0.25);
/// assert_eq!(map.level(Target::Purchases, Window::Total, 0.95), 1.0);
/// assert_eq!(map.level(Target::Amount, Window::Period(0), 0.95), 0.95); // nothing is known
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Recalibration {
    /// The last day of the history that was fitted.
    pub origin: Day,
    /// Transforms by target and window, ascending.
    transforms: Vec<((Target, Window), Vec<f64>)>,
}

impl Recalibration {
    /// From the transforms of each target and window over a horizon, in any order.
    #[must_use]
    pub fn new(
        origin: Day,
        horizon: usize,
        transforms: impl Fn(Target, Window) -> Vec<f64>,
    ) -> Self {
        let places =
            Target::ALL.into_iter().flat_map(|t| Window::all(horizon).map(move |w| (t, w)));
        let sorted = places.map(|(target, window)| {
            let mut own = transforms(target, window);
            own.sort_unstable_by(f64::total_cmp);
            ((target, window), own)
        });
        Self { origin, transforms: sorted.collect() }
    }

    /// Number of customers behind it.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.transforms.iter().map(|(_, own)| own.len()).max().unwrap_or(0)
    }

    /// The level at which the quantile of a nominal one is read; the nominal one itself where
    /// nothing is known of the target.
    #[must_use]
    pub fn level(&self, target: Target, window: Window, nominal: f64) -> f64 {
        // (n+1)·0.95 may lie a rounding error above a whole number.
        const ROUNDING: f64 = 1e-9;
        let own = self.transforms.iter().find(|(place, _)| *place == (target, window));
        let Some(own) = own.map(|(_, own)| own).filter(|own| !own.is_empty()) else {
            return nominal;
        };
        let at = (own.len() + 1) as f64 * nominal;
        let upper = nominal >= 0.5;
        let rank = if upper { (at - ROUNDING).ceil() } else { (at + ROUNDING).floor() };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to n + 1")]
        let place = (rank as usize).checked_sub(1);
        match place {
            None => 0.0,
            Some(place) => own.get(place).copied().unwrap_or(1.0),
        }
    }
}
