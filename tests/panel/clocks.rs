//! Exposure in periods of every kind, under both clocks, and the names of periods.

use clvcast::panel::{Clock, Exposure, ExposureKey, Grid, Panel, Period, PeriodIndex};

use crate::ledgers::{day, monthly, options, panel, sale};

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-14, "{found} is not {expected}");
}

#[test]
fn months_count_the_position_within_them_by_their_days() {
    let panel = monthly(&[sale("a", "2018-01-16", 1000), sale("a", "2018-03-10", 1000)]);
    let exposure = panel.exposure(0).unwrap();
    assert_eq!(exposure.x, 1);
    close(exposure.t_x, 2.0 - 6.0 / 31.0);
    close(exposure.t, 2.0 + 15.0 / 31.0);
    close(panel.first_period_remaining(0), 15.0 / 31.0);
    // Half of February is as long as half of any other month.
    close(panel.grid.elapsed(day("2018-02-01"), day("2018-02-15")), 0.5);
    assert_eq!(panel.grid.elapsed(day("2018-01-01"), day("2018-03-01")), 2.0);
    close(panel.grid.elapsed(day("2018-02-15"), day("2018-01-01")), -1.5);
}

#[test]
fn quarters_and_years_count_their_own_days() {
    let quarters = Grid::new(Period::Quarter, day("2018-03-31")).unwrap();
    close(quarters.elapsed(day("2017-10-01"), day("2018-03-31")), 1.0 + 89.0 / 90.0);
    close(quarters.remaining(day("2017-11-15")), 46.0 / 92.0);
    let years = Grid::new(Period::Year, day("2017-12-31")).unwrap();
    assert_eq!(years.days(PeriodIndex(-1)), 366);
    close(years.elapsed(day("2016-07-01"), day("2017-12-31")), 1.0 + 364.0 / 365.0 - 182.0 / 366.0);
}

#[test]
fn weeks_and_numbers_of_days_count_days_alone() {
    let rows = [sale("a", "1997-01-01", 1000), sale("a", "1997-08-07", 1000)];
    // CDNOW's first buyers: 272 days to the end of September 1997.
    let days = panel(&rows, &options(Period::Days(7), "1997-09-30"));
    let expected = Exposure { x: 1, t_x: 218.0 / 7.0, t: 272.0 / 7.0 };
    assert_eq!(days.exposure(0), Some(expected));
    assert_eq!(days.periods, 39);
    let weeks = panel(&rows, &options(Period::Week, "1997-10-05"));
    let expected = Exposure { x: 1, t_x: 218.0 / 7.0, t: 277.0 / 7.0 };
    assert_eq!(weeks.exposure(0), Some(expected));
    assert_eq!(weeks.periods, 40);
    // The first of January 1997 is a Wednesday, with four days of its week to come.
    assert_eq!(weeks.first_period_remaining(0), 4.0 / 7.0);
    let long = panel(&rows, &options(Period::Days(91), "1997-09-30"));
    assert_eq!(long.exposure(0).unwrap().t, 272.0 / 91.0);
    // 273 days are three periods; the second purchase is in the last one.
    assert_eq!((long.periods, long.state(0).unwrap().r), (3, 0));
}

#[test]
fn the_panel_clock_counts_every_purchase_over_all_periods() {
    let mut options = options(Period::Month, "2018-03-31");
    options.clock = Clock::Panel;
    let rows = [
        sale("a", "2018-01-16", 1000),
        sale("a", "2018-03-10", 1000),
        sale("b", "2018-03-31", 1000),
        sale("c", "2018-02-01", -100),
    ];
    let panel = panel(&rows, &options);
    let a = panel.exposure(0).unwrap();
    assert_eq!((a.x, a.t), (2, 3.0));
    close(a.t_x, 2.0 + 9.0 / 31.0);
    let b = panel.exposure(1).unwrap();
    assert_eq!((b.x, b.t), (1, 3.0));
    assert_eq!(panel.exposure(2), None);
    let statistics = panel.frequency_statistics();
    assert_eq!(statistics.exposures.get(&ExposureKey::new(3.0)), Some(&(2, 3)));
    assert_eq!(statistics.counts.into_iter().collect::<Vec<_>>(), [(1, 1), (2, 1)]);
}

#[test]
fn a_purchase_on_the_as_of_date_has_no_exposure_left() {
    let panel = monthly(&[sale("a", "2018-03-31", 1000)]);
    assert_eq!(panel.exposure(0), Some(Exposure { x: 0, t_x: 0.0, t: 0.0 }));
    assert_eq!(panel.first_period_remaining(0), 0.0);
    assert_eq!(panel.frequency_statistics().exposures[&ExposureKey::new(0.0)], (1, 0));
}

#[test]
fn periods_are_labelled_as_finance_and_iso_8601_name_them() {
    let label =
        |period, as_of, index| Grid::new(period, day(as_of)).unwrap().label(PeriodIndex(index));
    assert_eq!(label(Period::Month, "2017-12-31", 1), "2018-01");
    assert_eq!(label(Period::Quarter, "2017-12-31", 0), "2017-Q4");
    assert_eq!(label(Period::Quarter, "2017-12-31", 3), "2018-Q3");
    assert_eq!(label(Period::Year, "2017-12-31", 1), "2018");
    assert_eq!(label(Period::Week, "2018-01-28", 1), "2018-W05");
    // Monday 31 December 2018 opens the first week of 2019; 3 January 2016 closes 2015's 53rd.
    assert_eq!(label(Period::Week, "2018-12-30", 1), "2019-W01");
    assert_eq!(label(Period::Week, "2016-01-03", 0), "2015-W53");
    assert_eq!(label(Period::Days(91), "2018-04-01", 0), "2018-01-01/2018-04-01");
    assert_eq!(label(Period::Days(1), "2018-04-01", 1), "2018-04-02/2018-04-02");
}

#[test]
fn a_period_holds_its_first_and_last_day_and_no_other() {
    let as_of = [
        (Period::Month, "2016-02-29"),
        (Period::Quarter, "2016-03-31"),
        (Period::Year, "2016-12-31"),
        (Period::Week, "2016-03-06"),
        (Period::Days(10), "2016-03-03"),
    ];
    for (period, as_of) in as_of {
        let grid = Grid::new(period, day(as_of)).unwrap();
        assert_eq!(grid.end(PeriodIndex(0)), day(as_of));
        for index in (-60..60).map(PeriodIndex) {
            let (start, end) = (grid.start(index), grid.end(index));
            assert_eq!((grid.index(start), grid.index(end)), (index, index));
            assert_eq!(grid.index(end.plus(1)).0, index.0 + 1);
            assert_eq!(end.since(start) + 1, i32::try_from(grid.days(index)).unwrap());
            assert_eq!(grid.remaining(end), 0.0);
        }
    }
}

#[test]
fn both_clocks_agree_on_histories() {
    let rows = [sale("a", "2018-01-16", 1000), sale("a", "2018-03-10", 1000)];
    let first = monthly(&rows);
    let mut options = options(Period::Month, "2018-03-31");
    options.clock = Clock::Panel;
    let whole = panel(&rows, &options);
    assert_eq!(Panel { clock: Clock::FirstPurchase, ..whole }, first);
}
