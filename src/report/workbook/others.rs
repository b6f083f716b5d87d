//! Which customers get a row of their own, and the sums of all others.

use std::cmp::Ordering;

use crate::panel::Panel;
use crate::units::Money;
use crate::value::{Forecast, Totals};

/// Customers with a row, and the rest of them.
#[derive(Debug)]
pub(super) struct Shown {
    /// By position in the panel, ascending.
    pub(super) customers: Vec<usize>,
    /// The others, ascending; empty where all have a row.
    pub(super) others: Vec<usize>,
}

impl Shown {
    /// The `top` most valuable customers by gross profit, then amount, then purchases, all over the
    /// horizon; ties in the order of ids. Without a number come last.
    pub(super) fn new(forecast: &Forecast, top: Option<usize>) -> Self {
        let mut customers: Vec<usize> = (0..forecast.len()).collect();
        let Some(top) = top.filter(|top| *top < customers.len()) else {
            return Self { customers, others: Vec::new() };
        };
        let value = |&i: &usize| {
            let purchases = forecast.periods(i).map(|p| p.map(|p| p.step.purchases).sum::<f64>());
            [forecast.gross_profit_total(i), forecast.amount_total(i), purchases]
        };
        let first = |a: &Option<f64>, b: &Option<f64>| match (a, b) {
            (Some(a), Some(b)) => b.total_cmp(a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        let mut keyed: Vec<([Option<f64>; 3], usize)> =
            customers.iter().map(|i| (value(i), *i)).collect();
        keyed.sort_unstable_by(|(a, i), (b, j)| {
            let values = a.iter().zip(b).map(|(a, b)| first(a, b));
            values.fold(Ordering::Equal, Ordering::then).then(i.cmp(j))
        });
        customers = keyed[..top].iter().map(|(_, i)| *i).collect();
        customers.sort_unstable();
        let mut others: Vec<usize> = keyed[top..].iter().map(|(_, i)| *i).collect();
        others.sort_unstable();
        Self { customers, others }
    }
}

/// Sums over some customers, past and coming.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub(super) customers: usize,
    pub(super) totals: Totals,
    pub(super) purchases: u64,
    /// Exact.
    pub(super) amount: Money,
    /// Exact.
    pub(super) profit: Money,
    /// Customers with a forecast gross profit below zero.
    pub(super) below_zero: usize,
}

impl Sums {
    pub(super) fn new(panel: &Panel, forecast: &Forecast, customers: &[usize]) -> Self {
        let all = || customers.iter().map(|i| &panel.customers[*i]);
        let negative = |i: &&usize| forecast.gross_profit_total(**i).is_some_and(|p| p < 0.0);
        Self {
            customers: customers.len(),
            totals: Totals::of(forecast, customers.iter().copied()),
            purchases: all().map(|customer| u64::from(customer.purchases)).sum(),
            amount: all().map(|customer| customer.amount).sum(),
            profit: all().map(|c| c.amount - c.cost - c.expense).sum(),
            below_zero: customers.iter().filter(negative).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{CustomerForecast, PeriodForecast};

    #[test]
    fn the_most_valuable_get_a_row_and_nobody_is_lost() {
        let row = |profit: Option<f64>, amount: Option<f64>| CustomerForecast {
            periods: vec![PeriodForecast::default()],
            gross_profit_total: profit,
            amount_total: amount,
            ..CustomerForecast::default()
        };
        let rows = [
            row(None, Some(9.0)),
            row(Some(-1.0), None),
            row(Some(5.0), Some(1.0)),
            row(Some(5.0), Some(2.0)),
            row(Some(5.0), Some(1.0)),
        ];
        let forecast = Forecast::given(vec!["2018-Q1".into()], rows);
        let of = |top| Shown::new(&forecast, top).customers;
        assert_eq!(of(Some(1)), [3]);
        assert_eq!(of(Some(2)), [2, 3]); // of equals the first
        assert_eq!(of(Some(4)), [1, 2, 3, 4]);
        assert_eq!(of(Some(0)), [0; 0]);
        assert_eq!(Shown::new(&forecast, Some(2)).others, [0, 1, 4]);
        assert!(Shown::new(&forecast, Some(5)).others.is_empty());
        assert_eq!(of(None).len(), 5);
    }
}
