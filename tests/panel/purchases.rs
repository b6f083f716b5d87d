//! Which rows are purchases.

use clvcast::panel::{Period, ZeroOrders};

use crate::ledgers::{Tx, bare, cells, day, monthly, options, panel, sale};

#[test]
fn rows_of_one_customer_on_one_day_are_one_purchase() {
    let panel = monthly(&[
        sale("a", "2018-01-05", 1000),
        sale("a", "2018-01-05", 250),
        sale("a", "2018-01-06", 400),
    ]);
    assert_eq!(cells(&panel), [(-2, 2, 1650)]);
    let customer = &panel.customers[0];
    assert_eq!((customer.purchases, customer.acquisition_purchases), (2, 1));
    assert_eq!(customer.first_purchase, Some(day("2018-01-05")));
    assert_eq!(customer.last_purchase, Some(day("2018-01-06")));
    assert_eq!(customer.repeat_amount.units(), 400);
}

#[test]
fn with_order_ids_each_order_is_a_purchase_and_rows_without_one_are_one_a_day() {
    let panel = monthly(&[
        sale("a", "2018-01-05", 1000).order(1),
        sale("a", "2018-01-05", 250).order(1),
        sale("a", "2018-01-05", 400).order(2),
        sale("a", "2018-01-05", 10),
        sale("a", "2018-01-05", 20),
    ]);
    assert_eq!(cells(&panel), [(-2, 3, 1680)]);
    assert_eq!(panel.customers[0].acquisition_purchases, 3);
    assert_eq!(panel.exposure(0).unwrap().x, 0);
}

#[test]
fn the_same_order_id_of_two_customers_is_two_orders() {
    let panel =
        monthly(&[sale("a", "2018-01-05", 1000).order(1), sale("b", "2018-01-05", 1000).order(1)]);
    assert!(panel.customers.iter().all(|customer| customer.purchases == 1));
}

/// Order 1 is bought in January, completed in February and partly returned in March.
fn order_over_three_months() -> [Tx; 4] {
    [
        sale("a", "2018-01-05", 1000).order(1),
        sale("a", "2018-02-05", 300).order(1),
        sale("a", "2018-03-05", -200).order(1),
        sale("a", "2018-03-20", 50).order(2),
    ]
}

#[test]
fn an_order_over_several_days_is_one_purchase_and_its_money_stays_where_it_fell() {
    let panel = monthly(&order_over_three_months());
    assert_eq!(cells(&panel), [(-2, 1, 1000), (-1, 0, 300), (0, 1, -150)]);
    let customer = &panel.customers[0];
    assert_eq!((customer.purchases, customer.acquisition_purchases), (2, 1));
    assert_eq!(customer.last_purchase, Some(day("2018-03-20")));
    // The delivery belongs to the acquisition, so only order 2 is repeat money.
    assert_eq!(customer.repeat_amount.units(), 50);
    assert_eq!(panel.audit.refunds, 1);
}

#[test]
fn a_delivery_of_a_repeat_order_is_repeat_money() {
    let panel = monthly(&[
        sale("a", "2018-01-01", 500),
        sale("a", "2018-02-05", 1000).order(1),
        sale("a", "2018-02-09", 300).order(1),
        sale("a", "2018-02-10", -100).order(1),
    ]);
    assert_eq!(panel.customers[0].repeat_amount.units(), 1300);
    assert_eq!(panel.repeat_means()[0].mean, 13.0);
    assert_eq!(cells(&panel)[1], (-1, 1, 1200));
}

#[test]
fn an_order_is_bought_on_its_first_positive_day() {
    let panel = monthly(&[
        sale("a", "2018-01-05", -200).order(1),
        sale("a", "2018-01-06", 0).order(1),
        sale("a", "2018-02-05", 500).order(1),
    ]);
    assert_eq!(cells(&panel), [(-2, 0, -200), (-1, 1, 500)]);
    assert_eq!(panel.customers[0].first_purchase, Some(day("2018-02-05")));
    assert_eq!((panel.audit.refunds, panel.audit.zero_orders), (1, 0));
}

#[test]
fn what_happens_to_an_order_after_the_as_of_date_does_not_change_the_past() {
    let rows = order_over_three_months();
    let january = panel(&rows, &options(Period::Month, "2018-01-31"));
    assert_eq!(cells(&january), [(0, 1, 1000)]);
    let early = [sale("a", "2018-01-05", 0).order(1), sale("a", "2018-02-05", 500).order(1)];
    let january = panel(&early, &options(Period::Month, "2018-01-31"));
    assert_eq!((january.audit.zero_orders, january.customers[0].purchases), (1, 0));
}

#[test]
fn a_refund_is_money_in_its_period_and_no_purchase() {
    let panel = monthly(&[
        sale("a", "2018-01-05", 1000),
        sale("a", "2018-01-09", -300),
        sale("a", "2018-03-09", 700),
    ]);
    assert_eq!(cells(&panel), [(-2, 1, 700), (0, 1, 700)]);
    assert_eq!((panel.audit.refunds, panel.exposure(0).unwrap().x), (1, 1));
    // A refund on the day of a purchase nets with it.
    let same_day = monthly(&[sale("a", "2018-01-05", 1000), sale("a", "2018-01-05", -300)]);
    assert_eq!((cells(&same_day), same_day.audit.refunds), (vec![(-2, 1, 700)], 0));
}

#[test]
fn zero_orders_are_counted_apart_or_as_purchases() {
    let rows = [
        sale("a", "2018-01-05", 0),
        sale("a", "2018-02-05", 900),
        sale("a", "2018-02-08", 400),
        sale("a", "2018-02-08", -400),
    ];
    let drop = monthly(&rows);
    assert_eq!(cells(&drop), [(-2, 0, 0), (-1, 1, 900)]);
    assert_eq!((drop.audit.zero_orders, drop.exposure(0).unwrap().x), (2, 0));

    let mut options = options(Period::Month, "2018-03-31");
    options.zero_orders = ZeroOrders::Count;
    let count = panel(&rows, &options);
    assert_eq!(cells(&count), [(-2, 1, 0), (-1, 2, 900)]);
    assert_eq!((count.audit.zero_orders, count.exposure(0).unwrap().x), (2, 2));
    assert_eq!(count.customers[0].first_purchase, Some(day("2018-01-05")));
    // January has a purchase and no money: it is not active.
    assert_eq!((count.active_cells(0).count(), count.audit.purchases_in_inactive_periods), (1, 1));
}

#[test]
fn an_expense_only_row_is_no_purchase() {
    let panel = monthly(&[
        bare("a", "2018-01-05").expense(70).cost(5),
        sale("a", "2018-02-05", 900).expense(30).cost(400),
        bare("b", "2018-02-05").expense(11),
    ]);
    let customer = &panel.customers[0];
    assert_eq!(
        (customer.purchases, customer.expense.units(), customer.cost.units()),
        (1, 100, 405)
    );
    let january = panel.customer_cells(0)[0];
    assert_eq!(
        (january.purchases, january.amount().units(), january.expense().units()),
        (0, 0, 70)
    );
    assert_eq!(panel.audit.zero_orders, 0);
    // A customer of whom only an expense is known is in the panel, without a forecast.
    assert_eq!(panel.ids[..], ["a", "b"]);
    assert_eq!((panel.exposure(1), panel.state(1)), (None, None));
    assert_eq!(panel.first_period_remaining(1), 0.0);
    assert_eq!(panel.audit.customers_without_purchase, 1);
}

#[test]
fn without_amounts_every_order_or_day_is_a_purchase() {
    let panel = monthly(&[
        bare("a", "2018-01-05"),
        bare("a", "2018-01-05"),
        bare("a", "2018-02-05").order(1),
        bare("a", "2018-02-05").order(2),
        bare("a", "2018-03-05").order(2),
    ]);
    assert!(!panel.has_amount);
    assert_eq!(cells(&panel), [(-2, 1, 0), (-1, 2, 0), (0, 0, 0)]);
    let state = panel.state(0).unwrap();
    assert_eq!((state.r, state.f1, state.m1), (1, 2, None));
    assert_eq!(panel.active_cells(0).count(), 2);
    assert_eq!(panel.value(&panel.cells[0]), None);
    assert!(panel.period_values().is_empty() && panel.repeat_means().is_empty());
    assert!(panel.purchase_values().ends.is_empty());
    assert_eq!(panel.value_frequency_correlation(), None);
}
