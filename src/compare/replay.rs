//! An old forecast, made again step by step with what is new.

use crate::fit::{FittedModel, FrequencyKind};
use crate::forecast::{Acquisition, ForecastOptions, Method, forecast};
use crate::panel::Panel;
use crate::predict::Target;
use crate::value::{Forecast, MoneyRules, PeriodForecast, evaluate};

/// How a forecast was made.
///
/// ```
/// use clvcast::{compare::Making, fit::FittedModel, forecast::{Acquisition, Method}, value::MoneyRules};
/// let model = FittedModel::from_json(&std::fs::read_to_string("models/synlead-2008.json")?)?;
/// let rules = Some(MoneyRules::default());
/// let making =
///     Making { model, method: Method::Chain, acquisition: Acquisition::Drop, horizon: 3, rules };
/// assert_eq!(making.clone().horizon, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Making {
    /// The model.
    pub model: FittedModel,
    /// The rule for purchases.
    pub method: Method,
    /// The acquiring day in the chain.
    pub acquisition: Acquisition,
    /// Number of periods.
    pub horizon: usize,
    /// How purchases became profit; `None` where that cannot be known any more. Overrides are by
    /// the periods of the new forecast.
    pub rules: Option<MoneyRules>,
}

/// What both forecasts were made with, and the data of the new one.
///
/// Given to [`Bridge::new`](super::Bridge::new), which has an example.
#[derive(Debug, Clone, Copy)]
pub struct Replay<'a> {
    /// The histories that the new forecast was made of.
    pub panel: &'a Panel,
    /// How the old forecast was made.
    pub old: &'a Making,
    /// How the new forecast was made.
    pub new: &'a Making,
}

/// One step of the way from an old to a new forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Left,
    NewCustomers,
    /// Of customers in both, where nothing can be made again.
    Common,
    Data,
    /// The same, where the old rules are not known and the new ones had to be used.
    DataAndRules,
    Horizon,
    Method,
    Parameters,
    Rules,
}

impl Change {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::NewCustomers => "new_customers",
            Self::Common => "common",
            Self::Data => "data",
            Self::DataAndRules => "data_and_rules",
            Self::Horizon => "horizon",
            Self::Method => "method",
            Self::Parameters => "parameters",
            Self::Rules => "rules",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Left => "customers who left the base",
            Self::NewCustomers => "new customers",
            Self::Common => "customers in both",
            Self::Data => "new data and the passing of time",
            Self::DataAndRules => "new data, passing of time and money rules",
            Self::Horizon => "another horizon",
            Self::Method => "another method",
            Self::Parameters => "new parameters",
            Self::Rules => "money rules and overrides",
        }
    }
}

/// The totals of some customers after each change, by target; `None` where there is none.
pub(super) type Levels = Vec<(Change, [Option<f64>; 3])>;

impl Replay<'_> {
    /// The totals of the customers `ids` after each change, one upon the other, all on the new
    /// data; the last one is the new forecast made again.
    ///
    /// Order: data (old model, method, horizon and rules on new data), horizon, method, parameters,
    /// money rules. Parameters go before the method where the new method does not exist for the old
    /// model.
    pub(super) fn levels(&self, ids: &[&str]) -> Levels {
        let ids: Vec<usize> = ids
            .iter()
            .filter_map(|id| self.panel.ids.binary_search_by(|known| known.as_str().cmp(id)).ok())
            .collect();
        let (old, new) = (self.old, self.new);
        let new_rules = new.rules.clone().unwrap_or_default();
        let rules = old.rules.clone().unwrap_or_else(|| new_rules.clone());
        let longest = old.horizon.max(new.horizon);
        let run = |model: &FittedModel, making: &Making, rules: &MoneyRules| {
            make(self.panel, model, making, longest, rules)
        };
        let data = run(&old.model, old, &rules);
        let first = if old.rules.is_some() { Change::Data } else { Change::DataAndRules };
        let mut levels = vec![(first, totals(&data, &ids, old.horizon, rules.discount))];
        if old.horizon != new.horizon {
            let level = totals(&data, &ids, new.horizon, rules.discount);
            levels.push((Change::Horizon, level));
        }
        let mut push = |change, forecast: &Forecast, rules: &MoneyRules| {
            levels.push((change, totals(forecast, &ids, new.horizon, rules.discount)));
        };
        let both = run(&new.model, new, &rules);
        if exists(&old.model, new.method) {
            push(Change::Method, &run(&old.model, new, &rules), &rules);
            push(Change::Parameters, &both, &rules);
        } else {
            push(Change::Parameters, &run(&new.model, old, &rules), &rules);
            push(Change::Method, &both, &rules);
        }
        if old.rules.is_some() {
            push(Change::Rules, &run(&new.model, new, &new_rules), &new_rules);
        }
        levels
    }
}

/// Point and chain are of customers who stay.
fn exists(model: &FittedModel, method: Method) -> bool {
    method == Method::Posterior || model.frequency.name() == FrequencyKind::Nbd.name()
}

fn make(
    panel: &Panel,
    model: &FittedModel,
    making: &Making,
    horizon: usize,
    rules: &MoneyRules,
) -> Forecast {
    // Under another clock the same histories are observed for another time.
    let other_clock =
        (panel.clock != model.clock).then(|| Panel { clock: model.clock, ..panel.clone() });
    let panel = other_clock.as_ref().unwrap_or(panel);
    let horizon = u32::try_from(horizon).unwrap_or(u32::MAX);
    let options =
        ForecastOptions { method: making.method, horizon, acquisition: making.acquisition };
    let purchases = forecast(panel, model, &options);
    evaluate(panel, model, &purchases, horizon, rules)
}

/// Totals over the first periods, money discounted, of the customers who have the number.
fn totals(forecast: &Forecast, ids: &[usize], horizon: usize, discount: f64) -> [Option<f64>; 3] {
    let of = |target: Target| {
        let value = |period: &PeriodForecast| match target {
            Target::Purchases => Some(period.step.purchases),
            Target::Amount => period.step.amount,
            Target::GrossProfit => period.gross_profit,
        };
        let d = if target == Target::Purchases { 0.0 } else { discount };
        let mut sum = None;
        for &i in ids {
            let Some(mut periods) = forecast.periods(i).map(|periods| periods.take(horizon)) else {
                continue;
            };
            let mut factor = 1.0;
            let total = periods.try_fold(0.0, |sum, period| {
                factor /= 1.0 + d;
                Some(sum + value(&period)? * factor)
            });
            if let Some(total) = total {
                sum = Some(sum.unwrap_or(0.0) + total);
            }
        }
        sum
    };
    Target::ALL.map(of)
}
