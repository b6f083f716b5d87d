//! The pictures of a fit and of a forecast, and those that do not apply.

use super::{
    CalendarFactors, Drawing, Histogram, HistoryMap, Migration, Picture, Spend, Style, Tracking,
    draw_alive, draw_factors, draw_histogram, draw_migration, draw_rates, draw_spend,
    draw_tracking,
};
use crate::fit::FittedModel;
use crate::panel::{Clock, Panel};
use crate::predict::Sample;
use crate::value::Forecast;

/// What there is to draw besides panel and model.
///
/// ```
/// let scene = clvcast::plots::Scene { horizon: 3, ..Default::default() };
/// assert!(scene.expected.is_empty()); // a fit without a forecast
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scene<'a> {
    /// Coming periods of maps, calendar and migration.
    pub horizon: u32,
    /// Customers where their number is known from elsewhere (panel clock).
    pub base: Option<u64>,
    /// Expected purchases of the base in each coming period; empty without a forecast.
    pub expected: &'a [f64],
    /// Draws of the base's purchases in the coming periods.
    pub sample: Option<&'a Sample>,
    /// Purchases of the base in the coming periods, as known in a backtest.
    pub happened: &'a [f64],
}

/// Expected purchases of the base in each coming period, customers added in their order.
///
/// ```
/// use clvcast::value::Forecast;
/// let nobody = Forecast::given(vec!["2018-Q1".into()], []);
/// assert_eq!(clvcast::plots::expected_purchases(&nobody), [0.0]);
/// ```
#[must_use]
pub fn expected_purchases(forecast: &Forecast) -> Vec<f64> {
    let mut sums = vec![0.0; forecast.labels.len()];
    for periods in (0..forecast.len()).filter_map(|i| forecast.periods(i)) {
        for (sum, period) in sums.iter_mut().zip(periods) {
            *sum += period.step.purchases;
        }
    }
    sums
}

/// Pictures that were made, and what was left out and why.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// use clvcast::plots::{Pictures, Scene, Style};
/// let scene = Scene { horizon: 3, ..Scene::default() };
/// let pictures = Pictures::new(&panel, &model, &scene, &Style::default());
/// let names: Vec<&str> = pictures.drawn.iter().map(|p| p.drawing.name()).collect();
/// assert_eq!(names, ["tracking", "frequency-histogram", "rate-heatmap", "spend-density", "migration"]);
/// let skipped: Vec<&str> = pictures.skipped.iter().map(|(name, _)| *name).collect();
/// assert_eq!(skipped, ["alive-heatmap", "calendar"]); // an NBD without calendar
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pictures {
    /// Made, in the order of `docs/files.md`.
    pub drawn: Vec<Picture>,
    /// Name and reason of those that do not apply.
    pub skipped: Vec<(&'static str, &'static str)>,
}

impl Pictures {
    /// All pictures that apply to a panel and its model.
    #[must_use]
    pub fn new(panel: &Panel, model: &FittedModel, scene: &Scene<'_>, style: &Style) -> Self {
        const NO_LAW: &str =
            "the fitted law is a limit without a number of customers: `--base N` would give it";
        let mut all = Self::default();
        let tracking = Tracking::new(panel, model, scene.base);
        let tracking = tracking
            .map(|past| past.ahead(panel, scene.expected, scene.sample).happened(scene.happened));
        all.add("tracking", tracking, NO_LAW, |t| (draw_tracking(t, style), t.to_csv()));
        let histogram = Histogram::new(panel, model, scene.base);
        all.add("frequency-histogram", histogram, NO_LAW, |h| {
            (draw_histogram(h, style), h.to_csv())
        });
        let map = HistoryMap::new(panel, model, scene.horizon);
        let no_map = if panel.clock == Clock::Panel {
            "under the panel clock a first purchase is like any other"
        } else {
            "customers have only just arrived"
        };
        let alive = map.clone().filter(|map| map.alive.is_some());
        let no_alive =
            if map.is_some() { "under this model customers never leave" } else { no_map };
        all.add("rate-heatmap", map, no_map, |m| (draw_rates(m, style), m.rate_csv()));
        all.add("alive-heatmap", alive, no_alive, |m| (draw_alive(m, style), m.alive_csv()));
        let spend = Spend::new(panel, model);
        let no_value = "there are no purchase values";
        all.add("spend-density", spend, no_value, |s| (draw_spend(s, style), s.to_csv()));
        let factors = CalendarFactors::new(panel, model, scene.horizon);
        let no_calendar = "the model has no calendar";
        all.add("calendar", factors, no_calendar, |f| (draw_factors(f, style), f.to_csv()));
        let migration = Migration::new(panel, model, scene.horizon);
        let no_bands = "there are no value bands";
        all.add("migration", migration, no_bands, |m| (draw_migration(m, style), m.to_csv()));
        all
    }

    /// Adds a picture of those data, or why there is none.
    pub fn add<T>(
        &mut self,
        name: &'static str,
        data: Option<T>,
        why_not: &'static str,
        draw: impl FnOnce(&T) -> (Drawing, String),
    ) {
        match data {
            Some(data) => {
                let (drawing, csv) = draw(&data);
                self.drawn.push(Picture { drawing, csv });
            }
            None => self.skipped.push((name, why_not)),
        }
    }

    /// The note on what was left out; `None` where nothing was.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let each: Vec<String> =
            self.skipped.iter().map(|(name, why)| format!("{name} ({why})")).collect();
        (!each.is_empty()).then(|| format!("pictures left out: {}", each.join("; ")))
    }
}
