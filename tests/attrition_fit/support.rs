//! Histories for the tests of models with attrition.

use clvcast::fit::{Attrition, AttritionFit, Histories, Start, StopReason};
use clvcast::ledger::{ReadOptions, read};
use clvcast::panel::{Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::units::Day;

/// The models without sub-periods.
pub(crate) const IN_TIME: [Attrition; 3] =
    [Attrition::BgNbd, Attrition::MbgNbd, Attrition::ParetoNbd];

/// (x, t_x days, T days) of the customers of a ledger that ships.
pub(crate) fn days_of(file: &str, as_of: Day, zero_orders: ZeroOrders) -> Vec<(u32, f64, f64)> {
    let ledger = read(&[file.to_owned()], &ReadOptions::default(), &Silent).expect("it ships");
    let options =
        PanelOptions { as_of: Some(as_of), zero_orders, ..PanelOptions::new(Period::Days(1)) };
    let panel = Panel::build(&ledger, &options, &Silent).expect("a panel");
    (0..panel.customers.len())
        .filter_map(|i| panel.exposure(i))
        .map(|e| (e.x, if e.x == 0 { 0.0 } else { e.t_x }, e.t))
        .collect()
}

/// The CDNOW 1/10 sample, calibration to 1997-09-30, orders of $0 kept.
pub(crate) fn cdnow_days() -> Vec<(u32, f64, f64)> {
    let as_of = Day::from_ymd(1997, 9, 30).expect("a day");
    days_of("data/cdnow-sample.csv", as_of, ZeroOrders::Count)
}

/// In periods of that many days.
pub(crate) fn histories(days: &[(u32, f64, f64)], period: f64) -> Histories {
    Histories::from_summaries(days.iter().map(|&(x, t_x, t)| (x, t_x / period, t / period, 1)))
}

/// With the ends of sub-periods of `tau` days counted back from the as-of date, times in periods
/// of that many days.
pub(crate) fn with_ends(days: &[(u32, f64, f64)], tau: u32, period: f64) -> Histories {
    Histories::new(days.iter().map(|&(x, t_x, t)| {
        let (t_days, tau) = (t, f64::from(tau));
        let mut ends = Vec::new();
        let mut back = 0.0;
        while back <= t_days {
            ends.push((t_days - back) / period);
            back += tau;
        }
        ends.reverse();
        (Start { t: t_days / period, ends }, x, t_x / period, 1)
    }))
}

pub(crate) fn assert_converged(fit: &AttritionFit) {
    let report = &fit.report;
    assert_eq!(report.limit, None, "{report:?}");
    assert!(matches!(report.stop_reason, StopReason::Converged | StopReason::Precision));
    assert!(report.log_likelihood.is_finite());
    assert!(report.gradient_norm < 1e-3, "{}", report.gradient_norm);
    assert!(report.estimates.iter().all(|e| e.standard_error.is_some_and(f64::is_finite)));
}
