//! The measures of one contender, target and window.

use rayon::prelude::*;

use super::actuals::Actuals;
use super::contender::Contender;
use super::distribution::Distribution;
use super::metrics::{self, Interval, YesNo};
use super::trial::Predicted;
use crate::predict::{Target, Window};
use crate::units::Day;

/// Share of the customers that count as the best for [`Score::top_decile`].
pub const DECILE: f64 = 0.1;

/// Share of the customers that count as the best for [`Score::top_fifth`].
pub const FIFTH: f64 = 0.2;

/// How good one contender's forecasts of one target were in one window.
///
/// Measures that do not exist for the data are `None`; see [`metrics`].
///
/// ```
/// # use clvcast::{evaluate::*, fit::FrequencyKind, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// # let (frequencies, calendars) = (vec![FrequencyKind::Nbd], vec![CalendarKind::None]);
/// # let contest = Contest { frequencies, calendars, ..Contest::default() };
/// # let options = BacktestOptions { contest, ..BacktestOptions::new(panel_options) };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// let score = &backtest.scores[0];
/// assert_eq!(score.bias, Some(score.predicted / score.actual - 1.0));
/// assert!(score.mae <= score.rmse && score.gini <= Some(1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The as-of date of the forecast.
    pub origin: Day,
    /// Whose.
    pub contender: Contender,
    /// Of what.
    pub target: Target,
    /// Over which time.
    pub window: Window,
    /// Customers scored: all that were known at the origin.
    pub customers: usize,
    /// Those of them without a forecast; they are scored as forecasts of 0.
    pub without_forecast: usize,
    /// The actual total.
    pub actual: f64,
    /// The predicted total.
    pub predicted: f64,
    /// Bias of the total.
    pub bias: Option<f64>,
    /// Mean absolute error per customer.
    pub mae: Option<f64>,
    /// Root mean squared error per customer.
    pub rmse: Option<f64>,
    /// Mean Poisson deviance per customer; of purchases only.
    pub poisson_deviance: Option<f64>,
    /// Share of the actual total in the predicted top decile.
    pub top_decile: Option<f64>,
    /// Normalised Gini coefficient.
    pub gini: Option<f64>,
    /// Spearman's rank correlation.
    pub spearman: Option<f64>,
    /// Quality of "will buy": P(active) > ½, or where there is no such probability half a purchase
    /// or more is expected; of purchases only.
    pub will_buy: Option<YesNo>,
    /// Quality of "will be in the top 20 %".
    pub top_fifth: YesNo,
    /// What the distributions were worth, where the contender has any.
    pub distribution: Option<Distribution>,
    /// The central interval of the total, where the contender has one: of the actual total it should
    /// hold the level's share over many totals.
    pub total_interval: Option<Interval>,
}

/// What is known beside the expectations of a target in a window.
#[derive(Default)]
pub(super) struct Spread {
    pub(super) distribution: Option<Distribution>,
    pub(super) total_interval: Option<Interval>,
}

/// The scores of a contender for every target that it forecasts and every window.
///
/// `any_purchase` is P(at least one purchase over the horizon) per customer, `spread` what is known
/// of the distributions of a target in a window.
pub(super) fn scores(
    (origin, contender): (Day, Contender),
    predicted: &Predicted,
    actuals: &Actuals,
    any_purchase: Option<&[Option<f64>]>,
    spread: impl Fn(Target, Window) -> Spread + Sync,
) -> Vec<Score> {
    let known = Target::ALL.into_iter().filter_map(|target| {
        let pair = (predicted.outcomes.of(target), actuals.of_customers.of(target));
        Some((target, pair.0?, pair.1?))
    });
    let all: Vec<_> = known
        .flat_map(|(target, forecast, happened)| {
            Window::all(actuals.horizon).map(move |window| (target, window, forecast, happened))
        })
        .collect();
    // Ranks of a million customers take a while: pairs of target and window are scored side by side.
    all.into_par_iter()
        .map(|(target, window, forecast, happened)| {
            let (p, y) = (forecast.window(window), happened.window(window));
            let Spread { distribution, total_interval } = spread(target, window);
            let of_purchases = target == Target::Purchases;
            let will_buy = of_purchases.then(|| {
                let was: Vec<bool> = y.iter().map(|y| *y > 0.0).collect();
                YesNo::new(&buyers(predicted, any_purchase, window, &p), &was)
            });
            Score {
                origin,
                contender,
                target,
                window,
                customers: y.len(),
                without_forecast: predicted.without[target as usize],
                actual: y.iter().sum(),
                predicted: p.iter().sum(),
                bias: metrics::bias(&p, &y),
                mae: metrics::mae(&p, &y),
                rmse: metrics::rmse(&p, &y),
                poisson_deviance: of_purchases.then(|| deviance(&p, &y, actuals)).flatten(),
                top_decile: metrics::captured(&p, &y, DECILE),
                gini: metrics::gini(&p, &y),
                spearman: metrics::spearman(&p, &y),
                will_buy,
                top_fifth: YesNo::new(&metrics::top(&p, FIFTH), &metrics::top(&y, FIFTH)),
                distribution,
                total_interval,
            }
        })
        .collect()
}

/// Over those who had purchased by the origin: one who comes back after nothing but returns or
/// orders of zero would make it infinite for every model.
fn deviance(predicted: &[f64], happened: &[f64], actuals: &Actuals) -> Option<f64> {
    let of = |values: &[f64]| -> Vec<f64> {
        let known = values.iter().zip(&actuals.had_purchased).filter(|(_, known)| **known);
        known.map(|(value, _)| *value).collect()
    };
    metrics::poisson_deviance(&of(predicted), &of(happened))
}

/// The customers who are said to buy in a window.
fn buyers(
    predicted: &Predicted,
    any_purchase: Option<&[Option<f64>]>,
    window: Window,
    purchases: &[f64],
) -> Vec<bool> {
    match (&predicted.p_active, window, any_purchase) {
        (Some(active), Window::Period(_), _) => {
            active.window(window).iter().map(|p| *p > 0.5).collect()
        }
        (Some(_), Window::Total, Some(any)) => any.iter().map(|p| *p > Some(0.5)).collect(),
        _ => purchases.iter().map(|expected| *expected >= 0.5).collect(),
    }
}
