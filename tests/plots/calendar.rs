//! Factors of periods against the calendar's own definition.

use clvcast::calendar::{Calendar, Cycle, GivenFactors, Season, Trend};
use clvcast::panel::PeriodIndex;
use clvcast::plots::CalendarFactors;
use clvcast::units::Day;

use crate::world::{nbd, superstore};

/// Means of some ninety factors.
const MEANS: f64 = 1e-12;

#[test]
fn parts_have_mean_one_over_the_past_and_the_whole_is_the_calendars() {
    let panel = superstore();
    let mut model = nbd();
    let mut calendar = Calendar {
        season: Season::Factors {
            cycle: Cycle::Quarter,
            ln: [0.5_f64, 1.0, 1.0, 1.5].map(f64::ln).to_vec(),
        },
        trend: Trend::Linear { per_year: 0.2 },
        given: GivenFactors::new([("2016-Q2".to_owned(), 2.0), ("2018-Q2".to_owned(), 3.0)]),
        origin: Day::from_ymd(2017, 12, 31),
        ln_level: 0.0,
    };
    calendar.normalise(&panel.grid, panel.first_period());
    model.calendar = Some(calendar.clone());
    let factors = CalendarFactors::new(&panel, &model, 3).unwrap();
    let of = |i: usize| factors.periods[i].purchases.unwrap();
    for (i, period) in (panel.first_period().0..=3).enumerate() {
        assert_eq!(of(i).total, calendar.period_factor(&panel.grid, PeriodIndex(period)));
        assert_eq!(factors.periods[i].values, None);
    }
    let mean = |part: &dyn Fn(usize) -> f64| (0..16).map(part).sum::<f64>() / 16.0;
    for part in [&|i| of(i).season, &|i| of(i).trend, &|i| of(i).given, &|i: usize| of(i).total]
        as [&dyn Fn(usize) -> f64; 4]
    {
        assert!((mean(part) - 1.0).abs() < MEANS);
    }
    // 0.5 : 1 : 1 : 1.5 has mean 1, and the campaign of 2018-Q2 three times a plain period's.
    assert!((of(16).season - 0.5).abs() < MEANS);
    assert!((of(17).given / of(16).given - 3.0).abs() < MEANS);
}
