//! The customers that a summary lists: the most valuable ones, and those near or below zero.

use std::cmp::Ordering;

use super::numbers::{count, money, percent};
use super::summary::{Summary, quantity};
use super::text_table::table;
use crate::segment::NEAR_ZERO;

/// Customers listed as the most valuable ones.
const TOP: usize = 10;
/// Customers listed as near or below zero.
const BOTTOM: usize = 5;

/// What customers are ranked by: the best number the forecast has.
#[derive(Clone, Copy, PartialEq)]
enum Rank {
    Profit,
    Amount,
    Purchases,
}

impl Summary<'_> {
    fn rank(&self) -> Rank {
        if self.totals.gross_profit.is_some() {
            Rank::Profit
        } else if self.totals.amount.is_some() {
            Rank::Amount
        } else {
            Rank::Purchases
        }
    }

    /// Customers with a rank value, in the order of their ids.
    fn ranks(&self) -> impl Iterator<Item = (f64, usize)> + '_ {
        let (forecast, rank) = (self.forecast, self.rank());
        let value = move |i| match rank {
            Rank::Profit => forecast.gross_profit_total(i),
            Rank::Amount => forecast.amount_total(i),
            Rank::Purchases => Some(forecast.periods(i)?.map(|p| p.step.purchases).sum()),
        };
        (0..forecast.len()).filter_map(move |i| Some((value(i)?, i)))
    }

    pub(super) fn top(&self) -> String {
        let top = first(TOP, self.ranks(), highest_first);
        let by = match self.rank() {
            Rank::Profit => "forecast gross profit",
            Rank::Amount => "forecast amount",
            Rank::Purchases => "forecast purchases",
        };
        let shown = top.len();
        format!("The {shown} most valuable customers by {by}\n{}", self.customers(&top))
    }

    pub(super) fn bottom(&self) -> Option<String> {
        if self.rank() != Rank::Profit {
            return None;
        }
        let (count_of, sum) = self.ranks().fold((0, 0.0), |(n, sum), (p, _)| (n + 1, sum + p));
        let mean = sum / f64::from(count_of.max(1));
        let below: Vec<f64> = self.ranks().map(|r| r.0).filter(|&p| p < 0.0).collect();
        let is_near = |profit: f64| profit >= 0.0 && profit < NEAR_ZERO * mean.abs();
        let near = self.ranks().filter(|r| is_near(r.0)).count();
        if below.is_empty() && near == 0 {
            return None;
        }
        let lowest =
            first(BOTTOM.min(below.len() + near), self.ranks(), |a, b| highest_first(b, a));
        Some(format!(
            "{} customers are forecast below zero ({} together), {} near zero (less than {} of the average); the lowest\n{}",
            count(below.len() as u64),
            money(below.iter().sum()),
            count(near as u64),
            percent(NEAR_ZERO),
            self.customers(&lowest)
        ))
    }

    fn customers(&self, ranks: &[(f64, usize)]) -> String {
        let segments = self.panel.segments.as_ref();
        let mut header = vec!["customer".to_owned()];
        if segments.is_some() {
            header.push("segment".to_owned());
        }
        header.extend(
            [
                "last purchase",
                "r",
                "purchases",
                "amount",
                "margin",
                "gross profit",
                "past gross profit",
                "flags",
            ]
            .map(str::to_owned),
        );
        let rows = ranks.iter().map(|&(_, i)| {
            let row = self.forecast.customer(i);
            let history = &self.panel.customers[i];
            let mut cells = vec![self.panel.ids[i].clone()];
            cells.extend(segments.map(|segments| segments[i].clone()));
            let margin = row.periods.first().and_then(|p| p.margin);
            let profit = history.amount - history.cost - history.expense;
            let has_profit = self.panel.has_amount && self.panel.has_cost;
            cells.extend([
                history.last_purchase.map(|day| day.to_string()).unwrap_or_default(),
                self.panel.state(i).map(|s| s.r.to_string()).unwrap_or_default(),
                quantity(row.periods.iter().map(|p| p.step.purchases).sum()),
                row.amount_total.map(money).unwrap_or_default(),
                margin.map(percent).unwrap_or_default(),
                row.gross_profit_total.map(money).unwrap_or_default(),
                if has_profit { money(profit.to_f64(self.panel.scale)) } else { String::new() },
                row.flags.to_string(),
            ]);
            cells
        });
        table(header, rows.collect())
    }
}

/// The highest value first; ties in the order of customers.
fn highest_first(a: &(f64, usize), b: &(f64, usize)) -> Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

/// The first `n` in an order, without sorting the rest.
fn first(
    n: usize,
    all: impl Iterator<Item = (f64, usize)>,
    order: impl Fn(&(f64, usize), &(f64, usize)) -> Ordering,
) -> Vec<(f64, usize)> {
    // Room enough that sorting it now and then costs little for each.
    let room = 64 * n + 1024;
    let mut kept = Vec::with_capacity(room);
    let cut = |kept: &mut Vec<(f64, usize)>| {
        kept.sort_by(&order);
        kept.truncate(n);
    };
    for rank in all {
        kept.push(rank);
        if kept.len() == room {
            cut(&mut kept);
        }
    }
    cut(&mut kept);
    kept
}
