//! Customers yet to come: an estimate beside the forecast, never part of it.

use super::factors::ValueFactors;
use crate::calendar::{CYCLES_DAYS, Timeline, days};
use crate::fit::FittedModel;
use crate::panel::{Clock, Panel, PeriodIndex};
use crate::units::Day;

/// What customers acquired after the as-of date may add to a coming period.
///
/// As many come as came in the last year, spread over the year by the season of purchasing and
/// the given factors where there are any; each makes the acquiring purchase and then purchases like any customer of the
/// model before anything is known of it, at the mean value of the law.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let newcomers = clvcast::forecast::newcomers(&panel, &model, 3).unwrap();
/// // 11 customers came in 2017: 2.7 in 90 days.
/// assert!((newcomers[0].customers - 11.0 * 90.0 / 365.0).abs() < 1e-9);
/// assert!(newcomers[1].purchases > newcomers[0].purchases); // those of before purchase again
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Newcomers {
    /// Customers acquired in the period.
    pub customers: f64,
    /// Their purchases in it, and those of the ones acquired in earlier coming periods.
    pub purchases: f64,
    /// What these purchases amount to, money; `None` without amounts or where the mean value is
    /// infinite.
    pub amount: Option<f64>,
}

/// Days of the year that counts arrivals.
const YEAR: i32 = 365;

/// Days ahead for which last year's arrivals say something: three years, one of which may be a leap
/// year.
const FAR: i32 = 3 * YEAR + 1;

/// An estimate for each coming period; `None` where history does not tell new customers from old
/// ones (under the panel clock, or with fewer than two years of data: a customer first seen in the
/// second year was not there in the first), and for more than three years ahead.
#[must_use]
pub fn newcomers(panel: &Panel, model: &FittedModel, horizon: u32) -> Option<Vec<Newcomers>> {
    let as_of = panel.grid.as_of();
    let last = panel.grid.end(PeriodIndex(horizon.cast_signed()));
    let short = panel.days_known() < CYCLES_DAYS || last.since(as_of) > FAR;
    if panel.clock != Clock::FirstPurchase || short {
        return None;
    }
    let arrived = panel
        .customers
        .iter()
        .filter(|c| c.first_purchase.is_some_and(|day| as_of.since(day) < YEAR));
    let (count, acquiring) = arrived.fold((0.0, 0.0), |(count, purchases), customer| {
        (count + 1.0, purchases + f64::from(customer.acquisition_purchases))
    });
    // Arrivals follow the year and what is known of single periods, not the trend of old customers.
    let factor =
        |day: Day| model.calendar.as_ref().map_or(0.0, |c| c.ln_known(&panel.grid, day)).exp();
    let year: f64 = days(as_of.plus(1 - YEAR), as_of).map(factor).sum();
    let timeline = Timeline::new(panel, model.calendar.as_ref(), horizon);
    let values = ValueFactors::new(panel, model, &timeline);
    let mean = model.monetary.filter(|_| panel.has_amount).and_then(|m| m.law.mean());
    let ends = model.frequency.tau().map(|tau| timeline.ends_ahead(tau)).unwrap_or_default();
    let mut periods = vec![Newcomers::default(); horizon as usize];
    for day in days(as_of.plus(1), last) {
        let arrivals = count * factor(day) / year;
        let arrival = timeline.ahead(day);
        let own_ends: Vec<f64> =
            ends.iter().filter(|&&end| end >= arrival).map(|end| end - arrival).collect();
        let outlook = model.frequency.newcomer(&own_ends);
        let acquired = panel.grid.index(day).0 - 1;
        let mut before = 0.0;
        for (h, (period, &end)) in (0..).zip(periods.iter_mut().zip(timeline.horizon())) {
            if h == acquired {
                period.customers += arrivals;
                period.purchases += if count > 0.0 { arrivals * acquiring / count } else { 0.0 };
            }
            if h >= acquired {
                let until = (end - arrival).max(before);
                period.purchases += arrivals * outlook.expected(before, until);
                before = until;
            }
        }
    }
    for (period, level) in periods.iter_mut().zip(values.ahead()) {
        period.amount = mean.map(|mean| mean * level * period.purchases);
    }
    Some(periods)
}
