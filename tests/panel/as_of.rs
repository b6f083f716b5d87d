//! The as-of date, given and found.

use clvcast::panel::{Grid, GridError, NotPeriodEnd, PanelError, Period, default_as_of};

use crate::ledgers::{day, options, panel, sale, try_panel};

fn found(period: Period, first: &str, last: &str) -> String {
    default_as_of(period, day(first), day(last)).unwrap().to_string()
}

#[test]
fn a_last_period_is_complete_when_at_most_a_twentieth_lies_after_the_last_row() {
    let quarter = |last| found(Period::Quarter, "2015-01-03", last);
    assert_eq!(quarter("2017-12-30"), "2017-12-31");
    // 92 days: 4 may be missing, 5 may not.
    assert_eq!(quarter("2017-12-27"), "2017-12-31");
    assert_eq!(quarter("2017-12-26"), "2017-09-30");
    let year = |last| found(Period::Year, "2015-01-03", last);
    assert_eq!(year("2017-12-13"), "2017-12-31");
    assert_eq!(year("2017-12-12"), "2016-12-31");
    // A day is more than a twentieth of a week.
    assert_eq!(found(Period::Week, "2017-01-01", "2018-02-04"), "2018-02-04");
    assert_eq!(found(Period::Week, "2017-01-01", "2018-02-03"), "2018-01-28");
}

#[test]
fn a_number_of_days_ends_on_the_last_day_in_the_data() {
    assert_eq!(found(Period::Days(7), "1997-01-01", "1998-06-30"), "1998-06-30");
    let mut options = options(Period::Days(7), "1997-09-30");
    options.as_of = None;
    let panel = panel(&[sale("a", "2018-01-05", 1), sale("b", "2018-02-07", 1)], &options);
    assert_eq!(panel.grid.as_of(), day("2018-02-07"));
}

#[test]
fn without_a_complete_period_the_way_out_is_named() {
    let mut options = options(Period::Quarter, "2018-03-31");
    options.as_of = None;
    let rows = [sale("a", "2018-01-05", 1), sale("a", "2018-02-07", 1)];
    let error = try_panel(&rows, &options).unwrap_err();
    assert!(matches!(error, PanelError::NoCompletePeriod { .. }));
    assert_eq!(
        error.to_string(),
        "no quarter is complete: the data run from 2018-01-05 to 2018-02-07 and the quarter ends \
         on 2018-03-31; try a shorter period (such as `--period 7d`), or `--as-of 2018-03-31` if \
         nothing was sold after 2018-02-07"
    );
}

#[test]
fn a_day_within_a_calendar_period_is_refused_with_the_two_nearest() {
    let refused = |period, as_of| match Grid::new(period, day(as_of)) {
        Err(GridError::AsOfNotPeriodEnd(NotPeriodEnd { before, after, .. })) => {
            (before.to_string(), after.to_string())
        }
        other => panic!("{other:?}"),
    };
    let pair = |before: &str, after: &str| (before.to_owned(), after.to_owned());
    assert_eq!(refused(Period::Month, "2018-03-30"), pair("2018-02-28", "2018-03-31"));
    assert_eq!(refused(Period::Month, "2016-03-01"), pair("2016-02-29", "2016-03-31"));
    assert_eq!(refused(Period::Quarter, "2018-01-31"), pair("2017-12-31", "2018-03-31"));
    assert_eq!(refused(Period::Year, "2018-01-01"), pair("2017-12-31", "2018-12-31"));
    assert_eq!(refused(Period::Week, "2018-02-03"), pair("2018-01-28", "2018-02-04"));

    let rows = [sale("a", "2018-01-05", 1)];
    let error = try_panel(&rows, &options(Period::Quarter, "2018-01-31")).unwrap_err();
    assert!(matches!(error, PanelError::AsOfNotPeriodEnd { .. }));
    assert_eq!(
        error.to_string(),
        "the as-of date 2018-01-31 is not the last day of a quarter: expected such a day; the two \
         nearest are 2017-12-31 and 2018-03-31"
    );
}

#[test]
fn an_as_of_date_before_the_first_row_is_refused() {
    let rows = [sale("a", "2018-01-05", 1), sale("b", "2018-02-05", 1)];
    let error = try_panel(&rows, &options(Period::Month, "2017-12-31")).unwrap_err();
    let expected = PanelError::AsOfBeforeData {
        as_of: day("2017-12-31"),
        first_row: day("2018-01-05"),
        last_row: day("2018-02-05"),
    };
    assert_eq!(error, expected);
}

#[test]
fn no_rows_and_no_days_are_refused() {
    let error = try_panel(&[], &options(Period::Month, "2017-12-31")).unwrap_err();
    assert_eq!(error, PanelError::NoRows);
    let rows = [sale("a", "2018-01-05", 1)];
    let error = try_panel(&rows, &options(Period::Days(0), "2018-01-05")).unwrap_err();
    assert_eq!(error, PanelError::PeriodWithoutDays);
}
