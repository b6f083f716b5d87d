//! What the customers of an origin did afterwards.

use std::cmp::Ordering;

use super::error::EvaluateError;
use super::facts::Facts;
use super::outcomes::{Outcomes, PerPeriod};
use crate::panel::{Panel, PeriodIndex};
use crate::value::MoneyRules;

/// What the customers of a panel did in the periods after it, and what others did who were not
/// known then.
///
/// Periods, purchases, refunds and orders of zero are those of the later panel: the same rules as
/// for history. Gross profit is amount − cost − expense of the period. Without a cost column it is
/// amount · margin − expense with the margin that is given, and without that there is none.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent, units::Day};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// use clvcast::{evaluate::Actuals, predict::Window, value::MoneyRules};
/// let panel = |as_of| {
///     let options = PanelOptions { as_of, ..PanelOptions::new(Period::Quarter) };
///     Panel::build(&ledger, &options, &Silent)
/// };
/// let (origin, later) = (panel(Day::from_ymd(2017, 3, 31))?, panel(None)?);
/// let actuals = Actuals::new(&origin, &later, 3, &MoneyRules::default())?;
/// let then = actuals.of_customers.purchases.sum(Window::Total) + actuals.first_seen.purchases[0]
///     + actuals.first_seen.purchases[1] + actuals.first_seen.purchases[2];
/// let all: u64 = later.company[13..].iter().map(|period| period.purchases).sum();
/// assert_eq!(then, all as f64); // every purchase of the three quarters is somebody's
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Actuals {
    /// Number of periods.
    pub horizon: usize,
    /// The customers of the origin, in its order.
    pub of_customers: Outcomes,
    /// Whether they had purchased by the origin: of the others no model expects anything.
    pub had_purchased: Vec<bool>,
    /// Those who came afterwards.
    pub first_seen: FirstSeen,
}

/// Customers whose first row lies after an origin, within the horizon: no forecast covers them.
///
/// ```
/// let nobody = clvcast::evaluate::FirstSeen::default();
/// assert_eq!((nobody.customers, nobody.amount), (0, None));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FirstSeen {
    /// How many.
    pub customers: u64,
    /// Their purchases by period, the acquiring ones included.
    pub purchases: Vec<f64>,
    /// What these amount to by period, money.
    pub amount: Option<Vec<f64>>,
    /// Their gross profit by period, money.
    pub gross_profit: Option<Vec<f64>>,
}

impl Actuals {
    /// What happened in the `horizon` periods after `origin`, as `later` tells it: a panel of the
    /// same ledger and periods that reaches at least so far.
    ///
    /// # Errors
    /// [`EvaluateError::PeriodsDiffer`] for panels of other periods, and
    /// [`EvaluateError::NotYetPast`] where `later` ends before the horizon does.
    pub fn new(
        origin: &Panel,
        later: &Panel,
        horizon: u32,
        rules: &MoneyRules,
    ) -> Result<Self, EvaluateError> {
        let (then, now) = (origin.grid.as_of(), later.grid.as_of());
        let at = later.grid.index(then);
        if origin.grid.period() != later.grid.period() || later.grid.end(at) != then {
            return Err(EvaluateError::PeriodsDiffer { origin: then, later: now });
        }
        let known = at.0.min(0).unsigned_abs();
        if known < horizon {
            return Err(EvaluateError::NotYetPast { origin: then, later: now, horizon, known });
        }
        let facts = Facts::new(later, rules);
        let periods = horizon as usize;
        let mut sums = [(); 3].map(|()| PerPeriod::zeros(origin.ids.len(), periods));
        let mut others = [(); 3].map(|()| vec![0.0; periods]);
        let mut customers = 0;
        let mut i = 0;
        for (j, id) in later.ids.iter().enumerate() {
            // Both lists ascend, and the later one holds the earlier one.
            while i < origin.ids.len() && origin.ids[i].cmp(id) == Ordering::Less {
                i += 1;
            }
            let known = origin.ids.get(i) == Some(id);
            let mut any = false;
            for cell in later.customer_cells(j) {
                let PeriodIndex(period) = cell.period;
                let Ok(h) = usize::try_from(period - at.0 - 1) else { continue };
                if h >= periods {
                    break;
                }
                any = true;
                for (k, value) in facts.of(cell).into_iter().enumerate() {
                    let place = if known { &mut sums[k].of_mut(i)[h] } else { &mut others[k][h] };
                    *place += value;
                }
            }
            customers += u64::from(any && !known);
        }
        let (has_amount, has_profit) = (facts.has_amount(), facts.has_profit());
        let [purchases, amount, gross_profit] = sums;
        let of_customers = Outcomes {
            purchases,
            amount: has_amount.then_some(amount),
            gross_profit: has_profit.then_some(gross_profit),
        };
        let [purchases, amount, gross_profit] = others;
        let first_seen = FirstSeen {
            customers,
            purchases,
            amount: has_amount.then_some(amount),
            gross_profit: has_profit.then_some(gross_profit),
        };
        let had_purchased = origin.customers.iter().map(|c| c.first_purchase.is_some()).collect();
        Ok(Self { horizon: periods, of_customers, had_purchased, first_seen })
    }
}
