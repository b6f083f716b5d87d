//! From one customer's rows to purchases, refunds and zero orders.

use std::num::NonZeroU64;

use crate::ledger::Row;
use crate::units::{Day, Money};

/// What one order (or, without an order id, one customer) did on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OrderDay {
    pub(super) day: Day,
    order: Option<NonZeroU64>,
    /// Net amount of the day.
    pub(super) net: Money,
    pub(super) cost: Money,
    pub(super) expense: Money,
    pub(super) event: Event,
}

/// What an [`OrderDay`] counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// A purchase.
    Purchase,
    /// More money for an order that was purchased on an earlier day.
    Delivery {
        /// The day of that purchase.
        purchased: Day,
    },
    /// An order of exactly zero.
    ZeroOrder,
    /// A negative net amount.
    Refund,
    /// Nothing that is counted: only an expense, or a day of an order on which nothing changed.
    Nothing,
}

/// Groups rows; kept from customer to customer, so that memory is not asked for each time.
#[derive(Debug, Default)]
pub(super) struct Orders {
    days: Vec<OrderDay>,
    /// Order and position in `days`.
    by_order: Vec<(NonZeroU64, usize)>,
}

impl Orders {
    /// Groups the rows of one customer (sorted by day and order) into days of orders, in that
    /// order.
    ///
    /// An order that is spread over several days is netted day by day and is one purchase, on the
    /// first day with a positive net. Its other days keep their money where it fell: a negative
    /// one is a refund, a later positive one a delivery. Without a positive day the first day of
    /// exactly zero is a zero order. Without amounts an order is a purchase on its first day.
    pub(super) fn group(&mut self, rows: &[Row], has_amount: bool) -> &[OrderDay] {
        let Self { days, by_order } = self;
        days.clear();
        days.extend(
            rows.chunk_by(|a, b| (a.day, a.order) == (b.day, b.order))
                .map(|group| order_day(group, has_amount)),
        );
        by_order.clear();
        if days.first().map(|day| day.day) != days.last().map(|day| day.day) {
            let orders = days.iter().enumerate();
            by_order.extend(orders.filter_map(|(at, day)| Some((day.order?, at))));
            by_order.sort_unstable();
        }
        for run in by_order.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            settle_order(run.iter().map(|&(_, at)| at), days);
        }
        days
    }
}

/// One day of one order, by itself.
fn order_day(rows: &[Row], has_amount: bool) -> OrderDay {
    let units = |units: i64| Money::from_units(units.into());
    let (mut net, mut cost, mut expense) = (Money::ZERO, Money::ZERO, Money::ZERO);
    let mut is_expense = true;
    for row in rows {
        net += row.money();
        cost += units(row.cost);
        expense += units(row.expense);
        is_expense &= row.amount.is_none();
    }
    let event = if !has_amount {
        Event::Purchase
    } else if is_expense {
        Event::Nothing
    } else if net > Money::ZERO {
        Event::Purchase
    } else if net < Money::ZERO {
        Event::Refund
    } else {
        Event::ZeroOrder
    };
    OrderDay { day: rows[0].day, order: rows[0].order, net, cost, expense, event }
}

/// Leaves one purchase, or else at most one zero order, of the days of one order, given by their
/// positions in ascending order of day.
fn settle_order(positions: impl Iterator<Item = usize> + Clone, days: &mut [OrderDay]) {
    let first = |event| positions.clone().find(|&at| days[at].event == event);
    let (purchase, zero) = (first(Event::Purchase), first(Event::ZeroOrder));
    for at in positions {
        match (days[at].event, purchase) {
            (Event::Purchase, Some(kept)) if kept != at => {
                days[at].event = Event::Delivery { purchased: days[kept].day };
            }
            (Event::ZeroOrder, Some(_)) => days[at].event = Event::Nothing,
            (Event::ZeroOrder, None) if zero != Some(at) => days[at].event = Event::Nothing,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(rows: &[(i32, Option<u64>, Option<i64>)], has_amount: bool) -> Vec<Event> {
        let mut rows: Vec<Row> = rows
            .iter()
            .map(|&(day, order, amount)| Row {
                customer: 0,
                day: Day::from_number(day),
                order: order.and_then(NonZeroU64::new),
                amount,
                cost: 0,
                expense: 0,
            })
            .collect();
        rows.sort_unstable();
        Orders::default().group(&rows, has_amount).iter().map(|day| day.event).collect()
    }

    #[test]
    fn rows_without_order_are_one_purchase_a_day() {
        let rows = [(1, None, Some(5)), (1, None, Some(7)), (2, None, Some(1))];
        assert_eq!(events(&rows, true), [Event::Purchase, Event::Purchase]);
    }

    #[test]
    fn an_order_over_several_days_is_one_purchase_on_its_first_positive_day() {
        let purchased = Day::from_number(2);
        let rows =
            [(1, 0), (2, 60), (3, 40), (4, -30), (5, 0)].map(|(day, m)| (day, Some(9), Some(m)));
        let expected = [
            Event::Nothing,
            Event::Purchase,
            Event::Delivery { purchased },
            Event::Refund,
            Event::Nothing,
        ];
        assert_eq!(events(&rows, true), expected);
    }

    #[test]
    fn an_order_without_a_positive_day_is_one_zero_order_or_refunds() {
        let zero = [(1, Some(9), Some(-5)), (2, Some(9), Some(0)), (3, Some(9), Some(0))];
        assert_eq!(events(&zero, true), [Event::Refund, Event::ZeroOrder, Event::Nothing]);
        let negative = [(1, Some(9), Some(-5)), (2, Some(9), Some(-5))];
        assert_eq!(events(&negative, true), [Event::Refund, Event::Refund]);
    }

    #[test]
    fn expense_only_rows_are_no_event_unless_there_are_no_amounts_at_all() {
        let rows = [(1, None, None), (2, Some(3), None), (4, Some(3), None)];
        assert_eq!(events(&rows, true), [Event::Nothing; 3]);
        let purchased = Day::from_number(2);
        let expected = [Event::Purchase, Event::Purchase, Event::Delivery { purchased }];
        assert_eq!(events(&rows, false), expected);
    }

    #[test]
    fn orders_of_one_day_are_separate_and_netted_each() {
        let rows = [
            (1, None, Some(1)),
            (1, Some(1), Some(5)),
            (1, Some(1), Some(-5)),
            (1, Some(2), Some(-3)),
            (1, Some(3), Some(4)),
        ];
        let expected = [Event::Purchase, Event::ZeroOrder, Event::Refund, Event::Purchase];
        assert_eq!(events(&rows, true), expected);
    }
}
