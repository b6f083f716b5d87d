//! The purchases forecast for a whole panel, in little memory.

use std::sync::Arc;

use super::Step;
use super::distinct::NOWHERE;
use crate::units::Slot;

/// Forecast purchases of every customer of a panel, in the panel's order.
///
/// Counts are kept once for all customers who share them, values and amounts by customer; a clone
/// shares all of it.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::forecast::*;
/// let purchases = forecast(&panel, &model, &ForecastOptions::default());
/// assert_eq!(purchases.len(), 793);
/// assert!(purchases.iter().flatten().all(|steps| steps.len() == 3));
/// assert_eq!(purchases.p_alive(0), Some(1.0)); // under this model nobody leaves
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Purchases(Arc<Table>);

/// What [`Purchases`] share.
#[derive(Debug, PartialEq)]
pub(super) struct Table {
    pub(super) horizon: usize,
    /// Position among the distinct `counts` by customer; [`NOWHERE`] without a forecast.
    pub(super) place: Vec<u32>,
    /// `horizon` counts for each distinct place.
    pub(super) counts: Vec<Count>,
    /// `horizon` values for each customer; empty where nobody has one.
    pub(super) money: Vec<Money>,
    /// P(has not left by the as-of date).
    pub(super) p_alive: Vec<Slot>,
}

/// P(active) and expected purchases of a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Count {
    pub(super) p_active: f64,
    pub(super) purchases: f64,
}

/// Value and amount of a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Money {
    value: Slot,
    amount: Slot,
}

impl Money {
    pub(super) const NONE: Self = Self { value: Slot::NONE, amount: Slot::NONE };

    pub(super) const fn new(value: Option<f64>, amount: Option<f64>) -> Self {
        Self { value: Slot::new(value), amount: Slot::new(amount) }
    }
}

impl Table {
    fn step(&self, i: usize, h: usize, count: &Count) -> Step {
        let money = self.money.get(i * self.horizon + h).copied().unwrap_or(Money::NONE);
        Step {
            p_active: count.p_active,
            purchases: count.purchases,
            value: money.value.get(),
            amount: money.amount.get(),
        }
    }
}

impl From<Table> for Purchases {
    fn from(table: Table) -> Self {
        Self(Arc::new(table))
    }
}

impl Purchases {
    /// A forecast made elsewhere: each customer's P(alive), and its steps, one for each of
    /// `horizon` periods; a customer with fewer has no forecast.
    ///
    /// ```
    /// use clvcast::forecast::{Purchases, Step};
    /// let step = Step { p_active: 0.5, purchases: 0.7, value: Some(10.0), amount: Some(7.0) };
    /// let purchases = Purchases::given(1, [(Some(0.9), vec![step]), (None, vec![])]);
    /// assert_eq!((purchases.len(), purchases.horizon()), (2, 1));
    /// assert_eq!(purchases.steps(0).unwrap().next(), Some(step));
    /// assert!(purchases.steps(1).is_none());
    /// ```
    #[must_use]
    pub fn given(
        horizon: usize,
        customers: impl IntoIterator<Item = (Option<f64>, Vec<Step>)>,
    ) -> Self {
        let mut all =
            Table { horizon, place: vec![], counts: vec![], money: vec![], p_alive: vec![] };
        let mut places = 0;
        for (p_alive, steps) in customers {
            all.p_alive.push(Slot::new(p_alive));
            if steps.len() < horizon {
                all.place.push(NOWHERE);
                all.money.extend(std::iter::repeat_n(Money::NONE, horizon));
                continue;
            }
            all.place.push(places);
            places += 1;
            for step in &steps[..horizon] {
                let Step { p_active, purchases, value, amount } = *step;
                all.counts.push(Count { p_active, purchases });
                all.money.push(Money::new(value, amount));
            }
        }
        all.into()
    }

    /// Number of customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.place.len()
    }

    /// Whether there are no customers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.place.is_empty()
    }

    /// Number of coming periods.
    #[must_use]
    pub fn horizon(&self) -> usize {
        self.0.horizon
    }

    /// P(has not left by the as-of date) of customer `i`, 1 where customers never leave; `None`
    /// without a purchase.
    #[must_use]
    pub fn p_alive(&self, i: usize) -> Option<f64> {
        self.0.p_alive[i].get()
    }

    /// One step per period of customer `i`; `None` where the rule has nothing to start from.
    #[must_use]
    pub fn steps(&self, i: usize) -> Option<impl ExactSizeIterator<Item = Step> + Clone + '_> {
        let counts = self.counts(i)?.iter().enumerate();
        Some(counts.map(move |(h, count)| self.0.step(i, h, count)))
    }

    /// The step of customer `i` in the coming period `h`, from 0; `None` where there is none.
    ///
    /// ```
    /// use clvcast::forecast::{Purchases, Step};
    /// let step = Step { p_active: 0.5, purchases: 0.7, value: None, amount: None };
    /// let purchases = Purchases::given(1, [(Some(1.0), vec![step])]);
    /// assert_eq!((purchases.step(0, 0), purchases.step(0, 1)), (Some(step), None));
    /// ```
    #[must_use]
    pub fn step(&self, i: usize, h: usize) -> Option<Step> {
        self.counts(i)?.get(h).map(|count| self.0.step(i, h, count))
    }

    fn counts(&self, i: usize) -> Option<&[Count]> {
        let Table { horizon, place, counts, .. } = &*self.0;
        let known = place[i] != NOWHERE;
        known.then(|| &counts[place[i] as usize * horizon..][..*horizon])
    }

    /// The steps of all customers, in the panel's order.
    #[must_use]
    pub fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = Option<impl ExactSizeIterator<Item = Step> + Clone + '_>>
    {
        (0..self.len()).map(|i| self.steps(i))
    }
}
