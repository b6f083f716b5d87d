//! Draws of the whole base, for the interval of a total.

use crate::fit::FittedModel;
use crate::forecast::{ForecastOptions, Method};
use crate::panel::Panel;
use crate::predict::{PredictOptions, Predictor, Sample};
use crate::value::MoneyRules;

/// Customers times draws, at most: a second or so.
const MOST: usize = 100_000_000;
/// Draws at least: ten of them lie beyond each end of a 90 % interval.
const FEWEST: usize = 200;

/// Draws of the purchases of a panel's customers together; fewer where the base is large, whose
/// total is mostly uncertain by its parameters. `None` for the point rule, which has no
/// distribution.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// use clvcast::{forecast::*, plots::total_sample, predict::PredictOptions};
/// let drawing = PredictOptions { draws: 20, ..PredictOptions::default() };
/// let options = ForecastOptions::default();
/// let sample = total_sample(&panel, &model, &options, drawing.clone()).unwrap();
/// assert_eq!((sample.draws(), sample.horizon()), (20, 3));
/// let point = ForecastOptions { method: Method::Point, ..options };
/// assert_eq!(total_sample(&panel, &model, &point, drawing), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn total_sample(
    panel: &Panel,
    model: &FittedModel,
    forecast: &ForecastOptions,
    options: PredictOptions,
) -> Option<Sample> {
    if forecast.method == Method::Point {
        return None;
    }
    let fewest = FEWEST.min(options.draws);
    let draws = (MOST / panel.customers.len().max(1)).clamp(fewest, options.draws);
    let rules = MoneyRules::default();
    let options = PredictOptions { draws, ..options };
    let predictor = Predictor::new(panel, model, forecast, &rules, &options).ok()?;
    predictor.totals(|_| 0, 1).pop()
}
