//! What the value models need of a panel, customer by customer: pieces of neighbouring customers
//! merge by concatenation.

use rayon::prelude::*;

use super::Panel;

/// A customer's values by period: all the period form of the Gamma-Gamma likelihood needs.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let values = panel.period_values()[0]; // five quarters with one purchase each
/// assert_eq!(values.active_periods, 5);
/// assert!((values.sum - 5563.56).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeriodValues {
    /// Active periods h, at least 1.
    pub active_periods: u32,
    /// Σ ln m over them, m in money.
    pub sum_of_logs: f64,
    /// S = Σ m over them, in money.
    pub sum: f64,
}

/// All customers' values with the number of purchases behind each, for the purchase form.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let values = panel.purchase_values();
/// let first = values.customers().next().unwrap();
/// assert_eq!(first[..2], [(1, 726.548), (1, 29.5)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PurchaseValues {
    /// Purchases f and average purchase value m (in money) of every active period, customer after
    /// customer.
    pub values: Vec<(u32, f64)>,
    /// For each customer with an active period, the end of its values.
    pub ends: Vec<usize>,
}

impl PurchaseValues {
    /// The values of one customer after the other.
    pub fn customers(&self) -> impl Iterator<Item = &[(u32, f64)]> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.values[start..end])
    }
}

/// A customer's overall mean value of its repeat purchases, for the repeat-mean form.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let first = panel.repeat_means()[0]; // (5563.56 − 726.548) / 4
/// assert_eq!(first.purchases, 4);
/// assert!((first.mean - 1209.253).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepeatMean {
    /// Purchases X after the first purchase day, at least 1.
    pub purchases: u32,
    /// Their mean value m̄ > 0, in money.
    pub mean: f64,
}

impl Panel {
    /// h, Σ ln m and Σ m of each customer with an active period, in the customers' order; empty
    /// without amounts.
    #[must_use]
    pub fn period_values(&self) -> Vec<PeriodValues> {
        let values = |i| {
            let zero = PeriodValues { active_periods: 0, sum_of_logs: 0.0, sum: 0.0 };
            let values = self.active_amounts(i).fold(zero, |values, (_, m)| PeriodValues {
                active_periods: values.active_periods + 1,
                sum_of_logs: values.sum_of_logs + m.ln(),
                sum: values.sum + m,
            });
            (values.active_periods > 0).then_some(values)
        };
        (0..self.customers.len()).into_par_iter().filter_map(values).collect()
    }

    /// f and m of every active period of each customer with one, in the customers' order; empty
    /// without amounts.
    #[must_use]
    pub fn purchase_values(&self) -> PurchaseValues {
        let mut all = PurchaseValues::default();
        for i in 0..self.customers.len() {
            let start = all.values.len();
            all.values.extend(self.active_amounts(i));
            if all.values.len() > start {
                all.ends.push(all.values.len());
            }
        }
        all
    }

    /// X and m̄ = [`repeat_amount`](super::Customer::repeat_amount) / X of customer `i`, whatever
    /// the clock; `None` without a repeat purchase, with m̄ ≤ 0, and without amounts.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// assert_eq!(panel.repeat_mean(0), Some(panel.repeat_means()[0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn repeat_mean(&self, i: usize) -> Option<RepeatMean> {
        let customer = &self.customers[i];
        let purchases = customer.purchases - customer.acquisition_purchases;
        let mean = customer.repeat_amount.to_f64(self.scale) / f64::from(purchases);
        (purchases > 0 && mean > 0.0).then_some(RepeatMean { purchases, mean })
    }

    /// [`Panel::repeat_mean`] of each customer that has one, in the customers' order.
    #[must_use]
    pub fn repeat_means(&self) -> Vec<RepeatMean> {
        (0..self.customers.len()).filter_map(|i| self.repeat_mean(i)).collect()
    }
}
