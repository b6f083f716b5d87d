//! Active periods, values, and the company's totals.

use crate::ledgers::{bare, monthly, sale, try_monthly};
use clvcast::panel::PeriodIndex;
use clvcast::units::Money;

#[test]
fn a_period_that_nets_to_zero_or_less_is_not_active_and_keeps_its_money() {
    let panel = monthly(&[
        sale("a", "2018-01-05", 1000).cost(600),
        sale("a", "2018-02-05", 500).cost(300),
        sale("a", "2018-02-07", -500).cost(-300),
        sale("a", "2018-03-05", 100),
        sale("a", "2018-03-06", -150),
    ]);
    let customer = &panel.customers[0];
    assert_eq!((customer.amount.units(), customer.cost.units()), (950, 600));
    // x and the last purchase count purchases whatever period they fall in; r, f1, m1 do not.
    let exposure = panel.exposure(0).unwrap();
    assert_eq!((exposure.x, customer.purchases), (2, 3));
    let state = panel.state(0).unwrap();
    assert_eq!((state.r, state.f1, state.m1), (2, 1, Some(10.0)));
    assert_eq!((state.last_active, state.is_acquisition_period), (PeriodIndex(-2), true));
    assert_eq!(panel.audit.purchases_in_inactive_periods, 2);
    let values: Vec<_> = panel.customer_cells(0).iter().map(|cell| panel.value(cell)).collect();
    assert_eq!(values, [Some(10.0), None, None]);
}

#[test]
fn a_customer_with_purchases_but_no_active_period_has_an_exposure_and_no_state() {
    let panel = monthly(&[sale("a", "2018-01-05", 1000), sale("a", "2018-01-25", -1000)]);
    assert_eq!(panel.state(0), None);
    assert_eq!(panel.exposure(0).unwrap().x, 0);
    assert_eq!(panel.audit.customers_without_active_period, 1);
    assert_eq!(panel.audit.customers_without_purchase, 0);
    let refunds_only = monthly(&[sale("a", "2018-01-05", -1000)]);
    assert_eq!(refunds_only.exposure(0), None);
    assert_eq!(refunds_only.audit.customers_without_active_period, 1);
    assert_eq!(refunds_only.audit.customers_without_purchase, 1);
}

#[test]
fn the_state_is_that_of_the_last_active_period() {
    let panel = monthly(&[
        sale("a", "2018-01-05", 1000),
        sale("a", "2018-02-05", 500),
        sale("a", "2018-02-07", 700),
    ]);
    let state = panel.state(0).unwrap();
    assert_eq!((state.r, state.f1, state.m1), (1, 2, Some(6.0)));
    assert!(!state.is_acquisition_period);
    assert_eq!(panel.active_amounts(0).collect::<Vec<_>>(), [(1, 10.0), (2, 6.0)]);
}

#[test]
fn the_company_has_every_period_from_the_first_row_on() {
    let panel = monthly(&[
        bare("b", "2017-11-20").expense(40),
        sale("a", "2017-12-31", 1000).cost(600),
        sale("b", "2018-02-05", 500).cost(300),
        sale("a", "2018-02-28", -200).cost(-100),
    ]);
    let company: Vec<_> = panel
        .company
        .iter()
        .map(|total| {
            let money = [total.amount, total.cost, total.expense].map(Money::units);
            (total.period.0, total.active_customers, total.purchases, money)
        })
        .collect();
    let expected = [
        (-4, 0, 0, [0, 0, 40]),
        (-3, 1, 1, [1000, 600, 0]),
        (-2, 0, 0, [0, 0, 0]),
        (-1, 1, 1, [300, 200, 0]),
        (0, 0, 0, [0, 0, 0]),
    ];
    assert_eq!(company, expected);
    assert_eq!((panel.periods, panel.first_period()), (5, PeriodIndex(-4)));
}

#[test]
fn rows_after_the_as_of_date_are_left_out_and_counted_with_their_money() {
    let panel = monthly(&[
        sale("a", "2018-03-31", 1000),
        sale("a", "2018-04-01", 70),
        sale("a", "2018-05-01", -20),
        sale("b", "2018-04-01", 500),
    ]);
    assert_eq!(panel.ids[..], ["a"]);
    assert_eq!(panel.customers[0].amount.units(), 1000);
    let audit = &panel.audit;
    assert_eq!((audit.rows, audit.rows_after_as_of, audit.customers_after_as_of), (4, 3, 1));
    assert_eq!(audit.amount_after_as_of.units(), 550);
    assert_eq!(audit.last_row.unwrap().to_string(), "2018-05-01");
}

#[test]
fn statistics_of_the_value_models() {
    let panel = monthly(&[
        sale("a", "2018-01-05", 1000),
        sale("a", "2018-02-05", 500),
        sale("a", "2018-02-07", 700),
        sale("b", "2018-02-07", -700),
        sale("c", "2018-02-07", 800),
        sale("d", "2018-01-01", 800),
        sale("d", "2018-03-01", 400),
    ]);
    let periods = panel.period_values();
    let shape: Vec<_> = periods.iter().map(|values| (values.active_periods, values.sum)).collect();
    assert_eq!(shape, [(2, 16.0), (1, 8.0), (2, 12.0)]);
    assert!((periods[0].sum_of_logs - 60_f64.ln()).abs() < 1e-15);
    let purchases = panel.purchase_values();
    let expected: [&[(u32, f64)]; 3] = [&[(1, 10.0), (2, 6.0)], &[(1, 8.0)], &[(1, 8.0), (1, 4.0)]];
    assert!(purchases.customers().eq(expected));
    let repeats: Vec<_> =
        panel.repeat_means().iter().map(|repeat| (repeat.purchases, repeat.mean)).collect();
    assert_eq!(repeats, [(2, 6.0), (1, 4.0)]);
    // Two customers bought at least twice: 22/3 in 3 purchases, 6 in 2.
    let correlation = panel.value_frequency_correlation().unwrap();
    assert_eq!(correlation.customers, 2);
    assert!((correlation.pearson - 1.0).abs() < 1e-12);
}

#[test]
fn money_that_does_not_fit_a_period_is_refused_by_customer_and_period() {
    let most = i64::MAX;
    let rows = [sale("a", "2018-01-05", 1), sale("b", "2018-02-05", most)];
    let fits = monthly(&rows);
    assert_eq!(fits.customer_cells(1)[0].amount().units(), most.into());
    // The second sale falls into another period: it fits, and the customer's total is exact.
    let two = monthly(&[rows[0], rows[1], sale("b", "2018-01-05", most)]);
    assert_eq!(two.customers[1].amount.units(), 2 * i128::from(most));
    let error = try_monthly(&[rows[0], rows[1], sale("b", "2018-02-07", 1)]).unwrap_err();
    let text = error.to_string();
    for part in ["customer `b`", "2018-02", "amount", "92233720368547758.07", "decimal places"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let cost = |day: &str| sale("b", day, 1).cost(-most);
    let error = try_monthly(&[cost("2018-02-05"), cost("2018-02-06")]).unwrap_err();
    assert!(error.to_string().contains("the cost adds up to more than ±"), "{error}");
}
