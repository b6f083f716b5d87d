//! Draws from a predictive distribution.

use super::{Target, Window};

/// Draws of one customer's, or one group's, coming periods. Draw `s` is one possible future: its
/// periods, amounts and profits belong together, and it was drawn under the same parameters for
/// every customer.
///
/// ```
/// use clvcast::predict::{Sample, Target, Window};
/// // Two futures over two periods, period by period.
/// let sample = Sample::new(2, vec![0.0, 1.0, 2.0, 0.0], None, None);
/// assert_eq!(sample.of(Target::Purchases, Window::Total), Some(vec![2.0, 1.0]));
/// assert_eq!(sample.of(Target::Amount, Window::Total), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    draws: usize,
    /// Per target its draws, period after period; `None` where it is not forecast.
    values: [Option<Vec<f64>>; 3],
    /// Periods of a target that are not forecast though others are.
    missing: [Vec<usize>; 3],
    /// Weights 1/(1+d)^h of the money totals, by period.
    discounts: Vec<f64>,
}

impl Sample {
    /// Draws of purchases, amounts and gross profits, each `draws` values of the first period, then
    /// of the second, and so on.
    #[must_use]
    pub fn new(
        draws: usize,
        purchases: Vec<f64>,
        amount: Option<Vec<f64>>,
        gross_profit: Option<Vec<f64>>,
    ) -> Self {
        let horizon = purchases.len() / draws.max(1);
        Self {
            draws,
            values: [Some(purchases), amount, gross_profit],
            missing: [const { Vec::new() }; 3],
            discounts: vec![1.0; horizon],
        }
    }

    /// The same with totals of money discounted at rate `d` per period.
    #[must_use]
    pub fn discounted(mut self, d: f64) -> Self {
        let mut factor = 1.0;
        for weight in &mut self.discounts {
            factor /= 1.0 + d;
            *weight = factor;
        }
        self
    }

    /// The same without some periods of the gross profit: an override may decide the margin of one
    /// period where nothing says that of the others.
    pub(super) fn without_profit(mut self, periods: Vec<usize>) -> Self {
        if periods.len() == self.horizon() {
            self.values[Target::GrossProfit as usize] = None;
        } else {
            self.missing[Target::GrossProfit as usize] = periods;
        }
        self
    }

    /// Number of draws.
    #[must_use]
    pub const fn draws(&self) -> usize {
        self.draws
    }

    /// Number of periods.
    #[must_use]
    pub fn horizon(&self) -> usize {
        self.discounts.len()
    }

    /// The draws of a target in a window, in the order of the draws; `None` where the target is not
    /// forecast. Totals of money are discounted where the forecast's are.
    #[must_use]
    pub fn of(&self, target: Target, window: Window) -> Option<Vec<f64>> {
        let values = self.values[target as usize].as_ref()?;
        let missing = &self.missing[target as usize];
        match window {
            Window::Period(h) if missing.contains(&h) => None,
            Window::Period(h) => Some(values[h * self.draws..(h + 1) * self.draws].to_vec()),
            Window::Total if !missing.is_empty() => None,
            Window::Total => {
                let mut sums = vec![0.0; self.draws];
                for (period, discount) in values.chunks(self.draws).zip(&self.discounts) {
                    let weight = if target == Target::Purchases { 1.0 } else { *discount };
                    for (sum, value) in sums.iter_mut().zip(period) {
                        *sum += weight * value;
                    }
                }
                Some(sums)
            }
        }
    }

    /// Adds another one's draws, future by future: the sample of a group from those of its
    /// customers. A target that only one of them has keeps that one's; both have the same draws and
    /// periods.
    ///
    /// ```
    /// use clvcast::predict::{Sample, Target, Window};
    /// let mut both = Sample::new(2, vec![0.0, 1.0], None, None);
    /// both.add(&Sample::new(2, vec![3.0, 0.0], Some(vec![30.0, 0.0]), None));
    /// assert_eq!(both.of(Target::Purchases, Window::Total), Some(vec![3.0, 1.0]));
    /// assert_eq!(both.of(Target::Amount, Window::Total), Some(vec![30.0, 0.0]));
    /// ```
    pub fn add(&mut self, other: &Self) {
        for t in 0..self.values.len() {
            match (&mut self.values[t], &other.values[t]) {
                (Some(own), Some(values)) => {
                    for (sum, value) in own.iter_mut().zip(values) {
                        *sum += value;
                    }
                    self.missing[t].retain(|h| other.missing[t].contains(h));
                }
                (own @ None, Some(values)) => {
                    *own = Some(values.clone());
                    self.missing[t].clone_from(&other.missing[t]);
                }
                (_, None) => {}
            }
        }
    }
}
