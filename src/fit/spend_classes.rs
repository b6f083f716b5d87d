//! Mean values of customers who buy rarely and often: what a dependence looks like.

use serde::{Deserialize, Serialize};

use super::choice::Spend;
use super::spend_data::GammaGammaData;
use super::spend_design::{SpendData, ranges};
use super::spend_regression::SpendRegression;
use crate::panel::{Panel, PeriodIndex};

/// Customers with a like number of purchases, and the mean value of one of theirs, money.
///
/// ```
/// # use clvcast::{fit::*, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let plain = fit_spend(&panel, &FitOptions::default(), &[])?;
/// let classes = spend_classes(&panel, Spend::Period, &plain, None);
/// assert_eq!(classes.iter().map(|class| class.customers).sum::<u64>(), 793);
/// assert_eq!(classes.last().unwrap().label(), "10+");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpendClass {
    /// Fewest purchases.
    pub least: u32,
    /// Most purchases; `None` for no bound.
    pub most: Option<u32>,
    /// Customers with a value.
    pub customers: u64,
    /// Mean over them of their mean value, money.
    pub observed: f64,
    /// The same as the law expects it of customers of whom only the periods are known, without a
    /// dependence; `None` where it is infinite.
    pub expected: Option<f64>,
    /// With the dependence, of customers whose purchase rates are known too.
    pub with_dependence: Option<f64>,
}

impl SpendClass {
    /// `1`, `3-4`, `10+`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.most {
            Some(most) if most == self.least => most.to_string(),
            Some(most) => format!("{}-{most}", self.least),
            None => format!("{}+", self.least),
        }
    }
}

/// The classes: each about twice the one before.
const CLASSES: [(u32, Option<u32>); 5] =
    [(1, Some(1)), (2, Some(2)), (3, Some(4)), (5, Some(9)), (10, None)];

/// Conditional spend by frequency class; classes without customers are left out.
///
/// `plain` is fitted without a dependence, `dependent` with one, given with the rates (purchases
/// per period, one per customer of the panel) it was fitted with.
#[must_use]
pub fn spend_classes(
    panel: &Panel,
    spend: Spend,
    plain: &SpendRegression,
    dependent: Option<(&SpendRegression, &[f64])>,
) -> Vec<SpendClass> {
    // The classes are made of the values themselves.
    let data = SpendData::new(panel, spend, GammaGammaData::default());
    // One value per customer in `repeat-mean`, which has no calendar.
    let factors = |fit: &SpendRegression| -> Vec<f64> {
        let indices = (panel.first_period().0..=0).map(PeriodIndex);
        let factor = |index| fit.calendar.as_ref().map(|c| c.period_factor(&panel.grid, index));
        indices.map(|index| factor(index).unwrap_or(1.0)).collect()
    };
    let of_plain = (factors(plain), plain.monetary.law.mean());
    let of_dependent = dependent
        .map(|(fit, rates)| (factors(fit), fit.monetary.law.mean(), fit.dependence, rates));
    let in_class = |&(least, most): &(u32, Option<u32>)| {
        let (mut customers, mut observed, mut expected, mut with) = (0_u64, 0.0, 0.0, 0.0);
        for (&(i, _), range) in data.customers.iter().zip(ranges(&data.customers)) {
            let purchases = panel.customers[i].purchases;
            if purchases < least || most.is_some_and(|most| purchases > most) {
                continue;
            }
            let values = &data.values[range];
            let weight: f64 = values.iter().map(|v| v.weight).sum();
            let mean = |of: &dyn Fn(&super::spend_design::Value) -> f64| {
                values.iter().map(|v| v.weight * of(v)).sum::<f64>() / weight
            };
            customers += 1;
            observed += mean(&|v| v.m);
            expected += mean(&|v| of_plain.0[v.period]);
            if let Some((factors, _, Some(dependence), rates)) = &of_dependent {
                let own = rates.get(i).map_or(f64::NAN, |&rate| dependence.factor(rate));
                with += own * mean(&|v| factors[v.period]);
            }
        }
        let n = customers as f64;
        (customers > 0).then(|| SpendClass {
            least,
            most,
            customers,
            observed: observed / n,
            expected: of_plain.1.map(|mean| mean * expected / n),
            with_dependence: of_dependent
                .as_ref()
                .filter(|of| of.2.is_some())
                .and_then(|of| Some(of.1? * with / n)),
        })
    };
    CLASSES.iter().filter_map(in_class).collect()
}
