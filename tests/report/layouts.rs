//! Which columns there are, and which fields are empty.

use clvcast::report::{Format, Layout, ReportError, WriteOptions, forecast_frame, write_forecast};

use crate::world::{ALL, Has, World, field};

const BEFORE: &str = "x,t_x,T,p_alive,r,f1,m1";
const PERIOD: &str =
    "period_h,p_active_h,purchases_h,value_h,amount_h,margin_h,cost_h,expense_h,gross_profit_h";
const AFTER: &str = "amount_total,gross_profit_total,past_purchases,past_amount,past_cost,\
                     past_expense,past_gross_profit,first_purchase,last_purchase,active_periods,\
                     flags,overridden";

fn long() -> WriteOptions {
    WriteOptions { layout: Layout::Long, ..WriteOptions::default() }
}

fn select(columns: &[&str]) -> WriteOptions {
    let columns = Some(columns.iter().map(|&name| name.to_owned()).collect());
    WriteOptions { columns, ..WriteOptions::default() }
}

#[test]
fn the_wide_header_is_the_contract() {
    let periods: Vec<String> = (1..=3).map(|h| PERIOD.replace("_h", &format!("_{h}"))).collect();
    let expected = format!("customer,segment,{BEFORE},{},{AFTER}", periods.join(","));
    assert_eq!(World::new(ALL).csv(&WriteOptions::default()).0.join(","), expected);
    let without = World::new(Has { segment: false, ..ALL }).csv(&WriteOptions::default()).0;
    assert_eq!(without.join(","), expected.replace("segment,", ""));
}

#[test]
fn the_long_layout_has_a_row_per_customer_and_period_with_the_same_values() {
    let world = World::new(ALL);
    let (wide, customers) = world.csv(&WriteOptions::default());
    let (header, rows) = world.csv(&long());
    let expected = format!("customer,segment,{BEFORE},h,{},{AFTER}", PERIOD.replace("_h", ""));
    assert_eq!(header.join(","), expected);
    assert_eq!(rows.len(), 3 * customers.len());
    for (at, row) in rows.iter().enumerate() {
        let (customer, h) = (&customers[at / 3], (at % 3 + 1).to_string());
        assert_eq!(field(&header, row, "h"), h);
        for name in header.iter().filter(|name| *name != "h") {
            let of_period = PERIOD.split(',').any(|p| p.trim_end_matches("_h") == name);
            let wide_name = if of_period { format!("{name}_{h}") } else { name.clone() };
            assert_eq!(field(&header, row, name), field(&wide, customer, &wide_name), "{name}");
        }
    }
}

#[test]
fn missing_numbers_are_empty_and_labels_never_are() {
    let (header, rows) = World::new(ALL).csv(&WriteOptions::default());
    let of = |row: usize, name: &str| field(&header, &rows[row], name);
    for row in [1, 4] {
        // A refund only, and an expense only: no purchase, so nothing to forecast.
        for name in ["x", "t_x", "T", "p_alive", "r", "f1", "m1", "p_active_1", "amount_3"] {
            assert_eq!(of(row, name), "", "{name}");
        }
        assert_eq!(of(row, "first_purchase"), "");
        assert_eq!(of(row, "gross_profit_total"), "");
        assert_eq!(of(row, "period_2"), "2018-Q2");
        assert_eq!((of(row, "past_purchases"), of(row, "active_periods")), ("0", "0"));
    }
    assert_eq!(of(1, "past_amount"), "-1");
    assert_eq!(of(4, "past_gross_profit"), "-1.2345");
    assert_eq!(of(0, "past_amount"), "345.7575");
    assert_eq!(of(0, "past_cost"), "160.0001");
    assert_eq!(of(0, "past_expense"), "3");
    assert_eq!(of(0, "past_gross_profit"), "182.7574");
    assert_eq!(of(0, "first_purchase"), "2017-02-03");
    assert_eq!(of(0, "x"), "1");
    assert_eq!(of(2, "flags"), "one-time-buyer;short-history;margin-100;no-expense");
    for row in &rows {
        assert!(row.iter().all(|text| !["NaN", "inf", "-0"].contains(&text.as_str())));
    }
}

#[test]
fn columns_the_ledger_lacks_stay_and_are_empty() {
    let world = World::new(Has { amount: false, cost: false, expense: false, ..ALL });
    let (header, rows) = world.csv(&WriteOptions::default());
    for name in ["m1", "value_1", "amount_1", "margin_1", "gross_profit_1", "amount_total"] {
        assert_eq!(field(&header, &rows[0], name), "", "{name}");
    }
    for name in ["past_amount", "past_cost", "past_expense", "past_gross_profit"] {
        assert_eq!(field(&header, &rows[0], name), "", "{name}");
    }
    assert_ne!(field(&header, &rows[0], "purchases_1"), "");

    // Without an expense column the past expense is not known, and counts as 0 in the profit.
    let (header, rows) = World::new(Has { expense: false, ..ALL }).csv(&WriteOptions::default());
    assert_eq!(field(&header, &rows[0], "past_expense"), "");
    assert_eq!(field(&header, &rows[0], "past_gross_profit"), "185.7574");

    let (header, rows) = World::new(Has { cost: false, ..ALL }).csv(&WriteOptions::default());
    assert_eq!(field(&header, &rows[0], "past_gross_profit"), "");
    assert_eq!(field(&header, &rows[0], "past_amount"), "345.7575");
}

#[test]
fn overridden_numbers_are_named() {
    let overrides = "customer,segment,period,field,op,value\n\
                     =3,,2018-Q2,expense,set,5\n\
                     =3,,2018-Q1,margin,add,0.1\n";
    let (header, rows) = World::with_overrides(ALL, overrides).csv(&WriteOptions::default());
    assert_eq!(field(&header, &rows[3], "overridden"), "margin_1;expense_2");
    assert_eq!(field(&header, &rows[3], "expense_2"), "5");
    assert_eq!(field(&header, &rows[0], "overridden"), "");
}

#[test]
fn a_selection_keeps_its_order_and_a_subset_the_whole_s_rows() {
    let world = World::new(ALL);
    let (wide, all) = world.csv(&WriteOptions::default());
    let (header, rows) = world.csv(&select(&["amount_2", "customer"]));
    assert_eq!(header, ["amount_2", "customer"]);
    assert_eq!(rows[3], [field(&wide, &all[3], "amount_2"), "=3"]);

    let options = WriteOptions { customers: Some(vec![3, 0, 3]), ..WriteOptions::default() };
    assert_eq!(world.csv(&options).1, [all[0].clone(), all[3].clone()]);
    let none = WriteOptions { customers: Some(vec![]), ..WriteOptions::default() };
    assert_eq!(world.csv(&none), (wide, vec![]));
    let json = String::from_utf8(world.write(Format::Json, &none)).unwrap();
    assert_eq!(json, "[\n]\n");
}

#[test]
fn requests_that_cannot_be_served_are_refused_by_name() {
    let world = World::new(ALL);
    let refused = |options: &WriteOptions| {
        let mut out = Vec::new();
        let result = write_forecast(&world.panel, &world.forecast, options, Format::Csv, &mut out);
        assert!(out.is_empty());
        result.unwrap_err()
    };
    let error = refused(&select(&["customer", "gross_proft_1", "colour", "t"])).to_string();
    let start = "no such column: `gross_proft_1` (did you mean `gross_profit_1`?), `colour`, \
                 `t` (did you mean `T`?); expected some of customer, segment, x, t_x";
    assert!(error.starts_with(start), "{error}");
    let twice = refused(&select(&["x", "x"]));
    assert!(matches!(twice, ReportError::RepeatedColumn { name } if name == "x"));
    assert!(matches!(refused(&select(&[])), ReportError::NoColumns));
}

#[test]
fn a_number_that_is_not_finite_or_a_foreign_customer_is_an_error() {
    let mut world = World::new(ALL);
    let frame = forecast_frame(&world.panel, &world.forecast, Layout::Wide, [5]);
    assert!(matches!(frame, Err(ReportError::NoSuchCustomer { index: 5, customers: 5 })));
    world.change(|rows| rows[3].periods[1].expense = Some(f64::NAN));
    for format in Format::ALL {
        let options = WriteOptions::default();
        let error = write_forecast(&world.panel, &world.forecast, &options, format, Vec::new())
            .unwrap_err();
        assert!(error.to_string().starts_with("column `expense_2` of customer `=3` is NaN"));
    }
    world.change(|rows| rows[3].periods[1].expense = Some(-0.0));
    let (header, rows) = world.csv(&WriteOptions::default());
    assert_eq!(field(&header, &rows[3], "expense_2"), "0");
    world.change(|rows| {
        rows.pop();
    });
    let frame = forecast_frame(&world.panel, &world.forecast, Layout::Wide, [0]);
    assert!(matches!(frame, Err(ReportError::OtherPanel { forecast: 4, panel: 5 })));
}
