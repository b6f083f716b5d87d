//! What the data cannot carry is refused or left out, and said.

use clvcast::calendar::{Cycle, SeasonKind};
use clvcast::fit::{FitError, FittedModel, FrequencyKind, SeasonChoice, TrendChoice, fit};
use clvcast::panel::{Clock, Panel, PanelOptions, Period};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, simulate};

use super::support::{cdnow, fitted, options, panel, says, superstore, warnings};
use super::tiny;

const COHORT: &str = "nine of ten customers were acquired in the first third of the history";
const GAP: &str = "nobody purchased between";

/// Three years of customers acquired over so many of its twelve quarters.
fn acquired(acquisition_periods: u32) -> Panel {
    let scenario = Scenario { customers: 150, acquisition_periods, ..Scenario::default() };
    let ledger = simulate(&scenario).expect("a scenario").to_ledger();
    let as_of = Some(scenario.last_day);
    let options = PanelOptions { as_of, ..PanelOptions::new(Period::Quarter) };
    Panel::build(&ledger, &options, &Silent).expect("a panel")
}

fn with_trend(panel: &Panel, trend: TrendChoice) -> FittedModel {
    fitted(panel, &options(FrequencyKind::Nbd, SeasonChoice::None, trend))
}

#[test]
fn a_single_cohort_gets_a_trend_only_when_it_is_asked_for() {
    let cohort = acquired(2);
    let auto = with_trend(&cohort, TrendChoice::Auto);
    assert!(auto.calendar.is_none() && says(&auto, "no trend is estimated"));
    assert!(says(&auto, COHORT));
    for trend in [TrendChoice::Linear, TrendChoice::Damped] {
        let asked = with_trend(&cohort, trend);
        assert!(asked.calendar.is_some() && says(&asked, COHORT) && says(&asked, "--trend none"));
    }
    let spread = acquired(11);
    for trend in [TrendChoice::Auto, TrendChoice::Linear] {
        assert!(!says(&with_trend(&spread, trend), COHORT));
    }
}

#[test]
fn cdnow_is_a_single_cohort() {
    let panel = panel(&cdnow(), Period::Days(91), "1997-09-30");
    // Too short for `auto` to look at the cohort at all.
    let auto = with_trend(&panel, TrendChoice::Auto);
    assert!(auto.calendar.is_none() && says(&auto, "273 days of history are fewer"));
    let linear = with_trend(&panel, TrendChoice::Linear);
    assert!(linear.calendar.is_some() && says(&linear, COHORT));
    assert!(says(&linear, "less than a year"));
}

/// Superstore to 2015-12-31 has 728 days from its first purchase on: two years but for a weekend.
#[test]
fn a_season_needs_two_years() {
    let year = panel(&superstore(), Period::Quarter, "2015-09-30");
    let kinds = [
        SeasonKind::Harmonics,
        SeasonKind::Factors(Cycle::Quarter),
        SeasonKind::Factors(Cycle::Month),
        SeasonKind::Factors(Cycle::Week),
    ];
    for kind in kinds {
        let asked = options(FrequencyKind::Nbd, SeasonChoice::Of(kind), TrendChoice::None);
        let error = fit(&year, &asked).expect_err("too short");
        let FitError::ShortForSeason { option: "--season", season, days: 636 } = error else {
            panic!("{error:?}");
        };
        assert_eq!(season, kind.name());
        assert!(error.to_string().contains(
            "found 636 days of history from the first purchase on, expected two full years"
        ));
    }
    let auto = options(FrequencyKind::Nbd, SeasonChoice::Auto, TrendChoice::Auto);
    let model = fitted(&year, &auto);
    assert!(
        model.calendar.is_none() && model.fit.as_ref().is_some_and(|f| { f.calendar.is_none() })
    );
    assert!(says(&model, "no calendar is estimated: 636 days"));
    let two = panel(&superstore(), Period::Quarter, "2015-12-31");
    let model = fitted(&two, &auto);
    assert!(model.calendar.is_some() && !says(&model, "no calendar"), "{:?}", warnings(&model));
}

#[test]
fn a_gap_is_named_with_its_days() {
    // 2025-12-31 less 200 and less 60 days, by quarter: 140 days without anybody.
    let row = |days: &[i32]| days.iter().map(|&day| (day, 700)).collect::<Vec<_>>();
    let gap = [row(&[500, 430, 350, 260, 200, 60]), row(&[450, 380, 290, 230, 40, 5])];
    let whole = [row(&[500, 430, 350, 260, 200, 60]), row(&[450, 380, 290, 230, 130, 5])];
    let [gap, whole] =
        [gap, whole].map(|rows| tiny::panel(&rows, Period::Quarter, Clock::FirstPurchase));
    let model = with_trend(&gap, TrendChoice::Linear);
    let (from, to) = (tiny::ago(200), tiny::ago(60));
    assert!(says(&model, &format!("{GAP} {from} and {to}")), "{:?}", warnings(&model));
    assert!(says(&model, "--calendar FILE"));
    assert!(!says(&with_trend(&whole, TrendChoice::Linear), GAP));
}

/// Leaving alone makes a cohort fade; under the NBD without a trend a season would take it up.
#[test]
fn a_fading_cohort_gets_no_season_under_the_nbd() {
    let cohort = acquired(2);
    let asked = |kind, season| options(kind, season, TrendChoice::None);
    let auto = fitted(&cohort, &asked(FrequencyKind::Nbd, SeasonChoice::Auto));
    assert!(auto.calendar.is_none() && says(&auto, "no season is estimated"));
    let quarter = SeasonChoice::Of(SeasonKind::Factors(Cycle::Quarter));
    let told = "the season takes up customers who left";
    assert!(says(&fitted(&cohort, &asked(FrequencyKind::Nbd, quarter)), told));
    let leaving = FrequencyKind::Pdo { tau: 7 };
    assert!(!says(&fitted(&cohort, &asked(leaving, quarter)), told));
}

/// History counts from the first purchase, however long the period it falls into: 13 months that
/// touch two calendar years are not two years.
#[test]
fn the_length_of_a_history_does_not_depend_on_the_period() {
    let rows: Vec<Vec<(i32, i64)>> =
        (0..40).map(|i| (0..5).map(|j| (i + 90 * j, 700)).collect()).collect();
    for period in [Period::Month, Period::Quarter, Period::Year] {
        let panel = tiny::panel(&rows, period, Clock::FirstPurchase);
        assert_eq!(panel.days_known(), 39 + 90 * 4 + 1, "{period}");
        let auto = options(FrequencyKind::Nbd, SeasonChoice::Auto, TrendChoice::Auto);
        let model = fitted(&panel, &auto);
        assert!(model.calendar.is_none() && says(&model, "400 days of history are fewer"));
        assert_eq!(clvcast::forecast::newcomers(&panel, &model, 1), None);
    }
}

/// A base without season and trend: what was tried is told, and nothing is kept.
#[test]
fn what_was_compared_is_told_where_nothing_is_kept() {
    let spread = acquired(11);
    let model =
        fitted(&spread, &options(FrequencyKind::Nbd, SeasonChoice::Auto, TrendChoice::Auto));
    let section = model.fit.as_ref().and_then(|fit| fit.calendar.clone()).expect("a comparison");
    assert!(section.compared.len() >= 5, "{:?}", section.compared);
    assert_eq!(model.calendar.is_none(), section.coefficients.is_empty());
    assert_eq!(model.calendar.is_none(), says(&model, "no season and no trend"));
}
