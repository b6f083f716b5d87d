//! What happened after an origin, told by the panel that knows it.

use clvcast::evaluate::{Actuals, Baseline, BaselineError, EvaluateError};
use clvcast::panel::Period;
use clvcast::predict::Window;
use clvcast::value::MoneyRules;

use crate::support::{ledger, options, panel, written};

/// Quarters of 2020 and 2021; b is back after two silent quarters, c comes late, a sends back.
const ROWS: &str = "customer,date,amount,cost,expense\n\
    a,2020-01-05,100,60,5\na,2020-05-06,80,50,0\na,2021-02-07,90,50,1\na,2021-03-01,-30,0,0\n\
    b,2020-02-01,40,30,0\nb,2020-12-31,44,30,0\nb,2021-05-31,20,10,2\nb,2021-06-01,20,10,0\n\
    c,2021-01-30,50,20,0\nc,2021-06-30,5,2,0\nd,2021-09-30,7,3,0\n";

#[test]
fn periods_money_and_customers_first_seen_are_those_of_the_later_panel() {
    let ledger = written(ROWS);
    let origin = panel(&ledger, &options(Period::Quarter, "2020-12-31"));
    let later = panel(&ledger, &options(Period::Quarter, "2021-09-30"));
    let actuals = Actuals::new(&origin, &later, 2, &MoneyRules::default()).unwrap();
    let outcomes = &actuals.of_customers;
    assert_eq!(
        (outcomes.purchases.of(0), outcomes.purchases.of(1)),
        (&[1.0, 0.0][..], &[0.0, 2.0][..])
    );
    let (amount, profit) =
        (outcomes.amount.as_ref().unwrap(), outcomes.gross_profit.as_ref().unwrap());
    assert_eq!((amount.of(0), amount.of(1)), (&[60.0, 0.0][..], &[0.0, 40.0][..]));
    // amount − cost − expense, the refund included.
    assert_eq!((profit.of(0), profit.of(1)), (&[9.0, 0.0][..], &[0.0, 18.0][..]));
    // c alone came within the two quarters; d after them.
    assert_eq!(actuals.first_seen.customers, 1);
    assert_eq!(actuals.first_seen.purchases, [1.0, 1.0]);
    assert_eq!(actuals.first_seen.gross_profit.as_deref(), Some(&[30.0, 3.0][..]));
}

#[test]
fn a_margin_stands_in_for_costs_that_are_not_there() {
    let three = |line: &str| line.split(',').take(3).collect::<Vec<_>>().join(",");
    let rows = ROWS.lines().map(three).collect::<Vec<_>>().join("\n");
    let ledger = written(&rows);
    let origin = panel(&ledger, &options(Period::Quarter, "2020-12-31"));
    let later = panel(&ledger, &options(Period::Quarter, "2021-06-30"));
    let actuals = Actuals::new(&origin, &later, 2, &MoneyRules::default()).unwrap();
    assert!(actuals.of_customers.gross_profit.is_none());
    let rules =
        MoneyRules { margin: Some(0.25), expense_rate: Some(0.05), ..MoneyRules::default() };
    let actuals = Actuals::new(&origin, &later, 2, &rules).unwrap();
    let profit = actuals.of_customers.gross_profit.unwrap().sum(Window::Total);
    assert!((profit - 0.2 * 100.0).abs() < 1e-12); // 60 + 40
}

#[test]
fn a_horizon_that_is_not_over_and_other_periods_are_refused() {
    let ledger = written(ROWS);
    let origin = panel(&ledger, &options(Period::Quarter, "2020-12-31"));
    let later = panel(&ledger, &options(Period::Quarter, "2021-06-30"));
    let rules = MoneyRules::default();
    let error = Actuals::new(&origin, &later, 3, &rules).unwrap_err();
    assert!(matches!(error, EvaluateError::NotYetPast { horizon: 3, known: 2, .. }));
    let months = panel(&ledger, &options(Period::Month, "2021-06-30"));
    let error = Actuals::new(&origin, &months, 1, &rules).unwrap_err();
    assert!(matches!(error, EvaluateError::PeriodsDiffer { .. }));
    let days = |as_of| panel(&ledger, &options(Period::Days(30), as_of));
    let error = Actuals::new(&days("2020-12-31"), &days("2021-06-20"), 1, &rules).unwrap_err();
    assert!(matches!(error, EvaluateError::PeriodsDiffer { .. }));
}

#[test]
fn baselines_are_what_a_manager_would_write_down() {
    let ledger = written(ROWS);
    let panel = panel(&ledger, &options(Period::Quarter, "2021-06-30"));
    let rules = MoneyRules::default();
    let forecast = |baseline: Baseline| baseline.forecast(&panel, 3, &rules).unwrap();
    // a: 1 1 0 0 1 0, b: 1 0 0 1 0 2, c: 1 1 in its two quarters.
    let purchases = forecast(Baseline::LastPeriods).purchases;
    assert_eq!([purchases.of(0), purchases.of(1)], [&[0.0, 1.0, 0.0], &[1.0, 0.0, 2.0]]);
    let purchases = forecast(Baseline::YearAgo).purchases;
    assert_eq!([purchases.of(0), purchases.of(1)], [&[0.0, 0.0, 1.0], &[0.0, 1.0, 0.0]]);
    let mean = forecast(Baseline::OwnMean);
    assert_eq!([mean.purchases.of(0)[0], mean.purchases.of(2)[2]], [3.0 / 6.0, 2.0 / 2.0]);
    assert_eq!(mean.amount.unwrap().of(0)[1], (100.0 + 80.0 + 60.0) / 6.0);
    let error = Baseline::Growth.forecast(&panel, 3, &rules).unwrap_err();
    assert_eq!(error, BaselineError::ShortHistory { needed: 8, found: 6 });
}

#[test]
fn growth_is_the_company_s() {
    let panel = panel(&ledger("superstore.csv"), &options(Period::Quarter, "2017-12-31"));
    let rules = MoneyRules::default();
    let total = |baseline: Baseline| {
        baseline.forecast(&panel, 4, &rules).unwrap().purchases.sum(Window::Total)
    };
    let year = |from: usize| -> f64 {
        panel.company[from..from + 4].iter().map(|period| period.purchases as f64).sum()
    };
    assert_eq!(total(Baseline::YearAgo), year(12));
    let expected = year(12) * year(12) / year(8);
    assert!((total(Baseline::Growth) / expected - 1.0).abs() < 1e-12);
}
