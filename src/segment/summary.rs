//! What each group bought, and what it is expected to bring.

use rayon::prelude::*;

use super::Grouping;
use crate::panel::{Panel, PeriodIndex};
use crate::units::Money;
use crate::value::{Forecast, Totals};

/// What customers did in some past periods, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Past {
    /// Purchases.
    pub purchases: u64,
    /// Net amount.
    pub amount: Money,
    /// Product cost.
    pub cost: Money,
    /// Relationship-marketing expense.
    pub expense: Money,
}

impl Past {
    /// CRM gross profit.
    #[must_use]
    pub fn gross_profit(&self) -> Money {
        self.amount - self.cost - self.expense
    }
}

/// One group: its history and its forecast.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// use clvcast::segment::{Grouping, summarise};
/// let segment = Grouping::of_ledger(&panel).unwrap();
/// let groups = summarise(&panel, &forecast, &segment);
/// assert_eq!(groups.iter().map(|group| group.customers).sum::<u64>(), 793);
/// let share: f64 = groups.iter().filter_map(|group| group.share).sum();
/// assert!((share - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GroupSummary {
    /// Position in [`Grouping::groups`]; `None` for customers without a label.
    pub group: Option<u32>,
    /// Customers.
    pub customers: u64,
    /// The whole history.
    pub past: Past,
    /// The last periods of it, as many as are forecast.
    pub recent: Past,
    /// The forecast.
    pub totals: Totals,
    /// Share of the portfolio's forecast gross profit, of its amount where there is no profit;
    /// `None` where neither is forecast or the portfolio's is not positive.
    pub share: Option<f64>,
    /// Expected gross profit (or amount) of all coming periods, none of them discounted, against
    /// that of the [`recent`](Self::recent) ones, minus 1; `None` where the past one is not
    /// positive or not known, the history has fewer periods than are forecast, or the forecast ones
    /// are scores.
    pub change: Option<f64>,
}

/// Every group of a grouping, in order; customers without a label come last, so that the groups add
/// up to the portfolio.
#[must_use]
pub fn summarise(panel: &Panel, forecast: &Forecast, grouping: &Grouping) -> Vec<GroupSummary> {
    let whole = Totals::new(forecast);
    let by_profit = whole.gross_profit.is_some();
    let headline = |totals: &Totals| if by_profit { totals.gross_profit } else { totals.amount };
    let all = headline(&whole).filter(|all| *all > 0.0);
    // A margin that is given is none of the past, and a score is compared with no sales.
    let known = (panel.has_cost || !by_profit) && !forecast.is_score();
    let enough = known && panel.periods as usize >= forecast.labels.len();
    let group = |(group, members): (Option<u32>, Vec<usize>)| {
        let (past, recent) = history(panel, &members, forecast.labels.len());
        let totals = Totals::of(forecast, members.iter().copied());
        let ahead: Option<f64> = totals
            .periods
            .iter()
            .map(|period| if by_profit { period.gross_profit } else { period.amount })
            .sum();
        let before = if by_profit { recent.gross_profit() } else { recent.amount };
        let before = Some(before.to_f64(panel.scale)).filter(|before| *before > 0.0 && enough);
        GroupSummary {
            group,
            customers: members.len() as u64,
            past,
            recent,
            share: all.map(|all| headline(&totals).unwrap_or(0.0) / all),
            change: ahead.zip(before).map(|(ahead, before)| ahead / before - 1.0),
            totals,
        }
    };
    grouping.partition().into_par_iter().map(group).collect()
}

/// The whole history of some customers, and its last `horizon` periods.
fn history(panel: &Panel, members: &[usize], horizon: usize) -> (Past, Past) {
    let (mut past, mut recent) = (Past::default(), Past::default());
    let horizon = i32::try_from(horizon).unwrap_or(i32::MAX);
    for &i in members {
        for cell in panel.customer_cells(i) {
            let add = |sum: &mut Past| {
                sum.purchases += u64::from(cell.purchases);
                sum.amount += cell.amount();
                sum.cost += cell.cost();
                sum.expense += cell.expense();
            };
            add(&mut past);
            if cell.period > PeriodIndex(-horizon) {
                add(&mut recent);
            }
        }
    }
    (past, recent)
}
