//! The purchases forecast for a whole panel, in little memory.

use std::sync::Arc;

use super::Step;
use super::distinct::NOWHERE;
use crate::units::Slot;

/// Forecast purchases of every customer of a panel, in the panel's order.
///
/// What customers share is kept once, and of each only what it does not: steps are put together when
/// they are asked for. A clone shares all of it.
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
    /// One for each customer.
    pub(super) own: Vec<Own>,
    pub(super) values: Values,
    /// Whether steps are scores of potential.
    pub(super) scores: bool,
}

/// P(active) and expected purchases of a period: of a customer who is there, unless given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Count {
    pub(super) p_active: f64,
    pub(super) purchases: f64,
}

/// What a customer shares with nobody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Own {
    /// P(has not left by the as-of date).
    pub(super) p_alive: Slot,
    /// The value that those of the coming periods are made from, money; none without them.
    pub(super) base: Slot,
    /// The factor of a customer whose values depend on its rate.
    pub(super) level: f64,
}

impl Own {
    pub(super) const NONE: Self = Self { p_alive: Slot::NONE, base: Slot::NONE, level: 1.0 };
}

/// How values and amounts come about, with `v_h` the factors of the coming periods.
#[derive(Debug, PartialEq)]
pub(super) enum Values {
    /// value_h = base · (v_h · level), and amount_h = value_h · purchases_h.
    Steady { ahead: Vec<f64> },
    /// amount_h = (v_h · level) · (c + d · base), and value_h = amount_h / purchases_h, with c and d
    /// for each distinct place and period; `None` where they are infinite.
    Moving { ahead: Vec<f64>, moves: Vec<Option<(f64, f64)>> },
    /// Value and amount for each customer and period, and counts of customers who may have left.
    Given(Vec<(Slot, Slot)>),
}

impl Table {
    /// The step of customer `i` in period `h`, from 0, with the counts at `at`.
    #[expect(
        clippy::inline_always,
        reason = "a column asks for one number of it, and only that is worked out"
    )]
    #[inline(always)]
    fn step(&self, i: usize, h: usize, at: usize) -> Step {
        let (Count { p_active, purchases }, own) = (self.counts[at], &self.own[i]);
        let (ahead, moves) = match &self.values {
            Values::Given(money) => {
                let (value, amount) = money[i * self.horizon + h];
                return Step { p_active, purchases, value: value.get(), amount: amount.get() };
            }
            Values::Steady { ahead } => (ahead, None),
            Values::Moving { ahead, moves } => (ahead, Some(moves)),
        };
        let p_alive = own.p_alive.get().unwrap_or(0.0);
        let (p_active, purchases) = (p_alive * p_active, p_alive * purchases);
        let level = ahead[h] * own.level;
        let (value, amount) = match (own.base.get(), moves) {
            (Some(base), None) => (Some(base * level), Some(base * level * purchases)),
            (Some(base), Some(moves)) => {
                let amount = moves[at].map(|(c, d)| level * (c + d * base));
                (amount.map(|amount| amount / purchases), amount)
            }
            (None, _) => (None, None),
        };
        Step { p_active, purchases, value, amount }
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
        let mut all = Given::new(horizon);
        for (p_alive, steps) in customers {
            let known = steps.len() >= horizon;
            all.push(p_alive, known.then(|| steps.into_iter().take(horizon)));
        }
        Self::given_in_parts(horizon, [all])
    }

    /// [`Purchases::given`] of customers in several parts, one after another.
    pub(super) fn given_in_parts(horizon: usize, parts: impl IntoIterator<Item = Given>) -> Self {
        let mut all = Given::new(horizon);
        for mut part in parts {
            let before = all.places;
            all.places += part.places;
            let known = |place: u32| if place == NOWHERE { NOWHERE } else { place + before };
            all.place.extend(part.place.into_iter().map(known));
            all.counts.append(&mut part.counts);
            all.own.append(&mut part.own);
            all.money.append(&mut part.money);
        }
        let Given { place, counts, own, money, .. } = all;
        Table { horizon, place, counts, own, values: Values::Given(money), scores: false }.into()
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

    /// Whether steps are scores of potential, of [`Method::Point`](super::Method::Point), and no
    /// expectations: comparable with each other, and with no sales.
    #[must_use]
    pub fn is_score(&self) -> bool {
        self.0.scores
    }

    /// P(has not left by the as-of date) of customer `i`, 1 where customers never leave; `None`
    /// without a purchase.
    #[must_use]
    pub fn p_alive(&self, i: usize) -> Option<f64> {
        self.0.own[i].p_alive.get()
    }

    /// One step per period of customer `i`; `None` where the rule has nothing to start from.
    #[must_use]
    pub fn steps(&self, i: usize) -> Option<impl ExactSizeIterator<Item = Step> + Clone + '_> {
        let from = self.from(i)?;
        Some((0..self.0.horizon).map(move |h| self.0.step(i, h, from + h)))
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
    #[expect(
        clippy::inline_always,
        reason = "a column asks for one number of it, and only that is worked out"
    )]
    #[inline(always)]
    pub fn step(&self, i: usize, h: usize) -> Option<Step> {
        let from = self.from(i).filter(|_| h < self.0.horizon)?;
        Some(self.0.step(i, h, from + h))
    }

    /// Where the counts of customer `i` begin.
    #[inline]
    fn from(&self, i: usize) -> Option<usize> {
        let place = self.0.place[i];
        (place != NOWHERE).then(|| place as usize * self.0.horizon)
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

/// Steps given one by one.
pub(super) struct Given {
    horizon: usize,
    places: u32,
    place: Vec<u32>,
    counts: Vec<Count>,
    own: Vec<Own>,
    money: Vec<(Slot, Slot)>,
}

impl Given {
    pub(super) const fn new(horizon: usize) -> Self {
        Self { horizon, places: 0, place: vec![], counts: vec![], own: vec![], money: vec![] }
    }

    /// The next customer, with `horizon` steps or none.
    pub(super) fn push(
        &mut self,
        p_alive: Option<f64>,
        steps: Option<impl IntoIterator<Item = Step>>,
    ) {
        self.own.push(Own { p_alive: Slot::new(p_alive), ..Own::NONE });
        let Some(steps) = steps else {
            self.place.push(NOWHERE);
            self.money.extend(std::iter::repeat_n((Slot::NONE, Slot::NONE), self.horizon));
            return;
        };
        self.place.push(self.places);
        self.places += 1;
        for Step { p_active, purchases, value, amount } in steps {
            self.counts.push(Count { p_active, purchases });
            self.money.push((Slot::new(value), Slot::new(amount)));
        }
    }
}
