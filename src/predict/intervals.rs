//! Quantiles of every customer, of segments and of the whole base, from one drawing.

use super::predictor::Predictor;
use super::quantile::{quantile, quantile_error};
use super::sample::Sample;
use super::sets::ParameterSource;
use super::shared::Shared;
use super::{Recalibration, Target, Window};
use crate::panel::Panel;

/// Quantiles of a forecast and how they were drawn.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::{fit::*, forecast::*, predict::*, value::MoneyRules};
/// # let model = fit(&panel, &FitOptions::default())?;
/// # let (options, rules) = (ForecastOptions::default(), MoneyRules::default());
/// let draws = PredictOptions { draws: 200, ..PredictOptions::default() };
/// let predictor = Predictor::new(&panel, &model, &options, &rules, &draws)?;
/// let intervals = Intervals::new(&predictor, &panel, &[0.05, 0.95], true);
/// let of_one = |level| intervals.customer(0, Target::Purchases, Window::Total, level).unwrap();
/// assert!(of_one(0) < of_one(1));
/// let bounds = intervals.total.bounds(Target::GrossProfit, Window::Total).unwrap();
/// assert!(bounds[0].value < bounds[1].value && bounds[0].error > 0.0);
/// assert_eq!(intervals.segments.len(), 3); // Consumer, Corporate, Home Office
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Intervals {
    /// The levels of the quantiles of customers, ascending.
    pub levels: Vec<f64>,
    /// Futures drawn of each customer.
    pub draws: usize,
    /// Parameter sets they were drawn under.
    pub sets: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// Where the uncertainty of the parameters comes from.
    pub source: ParameterSource,
    /// The whole base.
    pub total: GroupIntervals,
    /// Its segments by name, where the ledger has any.
    pub segments: Vec<(String, GroupIntervals)>,
    /// Whether margins were drawn around the forecast ones.
    pub margins: bool,
    /// What moved the levels of customers; `None` where they are the model's own.
    pub recalibration: Option<Recalibration>,
    /// Whether customers with the same history share their futures, and totals of many are normal
    /// under each set: in bases of [`Intervals::SHARED`] customers and more.
    pub shared: bool,
    horizon: usize,
    /// Each customer's place among `values`. Empty where only totals were asked for.
    rows: Vec<u32>,
    /// By place, target, window and level; not a number where there is none.
    values: Vec<f64>,
}

/// A quantile and its Monte-Carlo standard error, in the unit of the value.
///
/// ```
/// let bound = clvcast::predict::Bound { value: 120.0, error: 1.5 };
/// assert!(bound.error < bound.value);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The quantile.
    pub value: f64,
    /// Its standard error by the finite number of draws; see
    /// [`quantile_error`](super::quantile_error).
    pub error: f64,
}

/// Quantiles of a group of customers.
///
/// ```
/// use clvcast::predict::{GroupIntervals, Sample, Target, Window};
/// let sample = Sample::new(4, vec![1.0, 2.0, 3.0, 4.0], None, None);
/// let group = GroupIntervals::new(&sample, 1, &[0.5]);
/// // 5, 50 and 95 %.
/// assert_eq!(group.bounds(Target::Purchases, Window::Total).unwrap()[1].value, 2.0);
/// assert_eq!(group.bounds(Target::Amount, Window::Total), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GroupIntervals {
    /// The levels, ascending: those asked for, and 5 and 95 %.
    pub levels: Vec<f64>,
    horizon: usize,
    /// By target and window.
    bounds: Vec<Option<Vec<Bound>>>,
}

/// The interval that summaries show.
pub const NINETY: [f64; 2] = [0.05, 0.95];

/// Targets and windows in the order in which they are kept.
fn places(horizon: usize) -> impl Iterator<Item = (Target, Window)> {
    Target::ALL
        .into_iter()
        .flat_map(move |target| Window::all(horizon).map(move |window| (target, window)))
}

const fn place(horizon: usize, target: Target, window: Window) -> usize {
    let window = match window {
        Window::Period(h) => h,
        Window::Total => horizon,
    };
    target as usize * (horizon + 1) + window
}

impl GroupIntervals {
    /// The quantiles of a sample that was drawn under that many parameter sets, at `levels` and at
    /// those of [`NINETY`] where they are not among them.
    #[must_use]
    pub fn new(sample: &Sample, sets: usize, levels: &[f64]) -> Self {
        let mut levels = levels.to_vec();
        levels.extend(NINETY);
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let bounds = places(sample.horizon()).map(|(target, window)| {
            let mut draws = sample.of(target, window)?;
            let errors: Vec<f64> = levels
                .iter()
                .map(|&level| quantile_error(&draws, sets, level))
                .collect::<Option<_>>()?;
            let bound =
                |(&level, error)| Some(Bound { value: quantile(&mut draws, level)?, error });
            levels.iter().zip(errors).map(bound).collect()
        });
        Self { horizon: sample.horizon(), bounds: bounds.collect(), levels }
    }

    /// The quantiles of a target, in the order of the levels; `None` where it is not forecast.
    #[must_use]
    pub fn bounds(&self, target: Target, window: Window) -> Option<&[Bound]> {
        self.bounds.get(place(self.horizon, target, window))?.as_deref()
    }

    /// The 90 % interval of a target.
    ///
    /// ```
    /// use clvcast::predict::{GroupIntervals, Sample, Target, Window};
    /// let sample = Sample::new(100, (1..=100).map(f64::from).collect(), None, None);
    /// let group = GroupIntervals::new(&sample, 1, &[]);
    /// let [low, high] = group.ninety(Target::Purchases, Window::Total).unwrap();
    /// assert_eq!((low.value, high.value), (5.0, 95.0));
    /// ```
    #[must_use]
    pub fn ninety(&self, target: Target, window: Window) -> Option<[Bound; 2]> {
        let bounds = self.bounds(target, window)?;
        let of = |level: f64| {
            let place = self.levels.iter().position(|own| *own == level)?;
            bounds.get(place).copied()
        };
        Some([of(NINETY[0])?, of(NINETY[1])?])
    }
}

/// Quantiles of customers and draws of groups.
pub(super) struct Found {
    /// Place of each customer's quantiles among `values`, in strides; [`NOWHERE`] without any.
    pub(super) rows: Vec<u32>,
    pub(super) values: Vec<f64>,
    pub(super) totals: Vec<Sample>,
}

/// A row that is none.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Draws of every customer by itself.
fn drawn(
    predictor: &Predictor<'_>,
    groups_of: &(impl Fn(usize) -> Vec<usize> + Sync),
    groups: usize,
    own_levels: &[(Target, Window, Vec<f64>)],
) -> Found {
    let of_customer =
        |_: usize, sample: &Sample| {
            let mut values = Vec::new();
            for (target, window, own) in own_levels {
                let mut draws = sample.of(*target, *window);
                values.extend(own.iter().map(|&level| {
                    draws.as_mut().and_then(|d| quantile(d, level)).unwrap_or(f64::NAN)
                }));
            }
            values.into_boxed_slice()
        };
    let (customers, totals) = predictor.each_and_totals(groups_of, groups, of_customer);
    let (mut next, mut values) = (0, Vec::new());
    let place = |own: &Option<Box<[f64]>>| {
        let Some(own) = own else { return NOWHERE };
        values.extend_from_slice(own);
        next += 1;
        next - 1
    };
    let rows = customers.iter().map(place).collect();
    Found { rows, values, totals }
}

impl Intervals {
    /// Customers from which on futures are shared. Below it every customer is drawn by itself in
    /// less than half a minute, and sets of parameters lie too far apart for P(alive) to be taken
    /// at its mean.
    pub const SHARED: usize = 20_000;

    /// Draws, and takes the quantiles of the base, of its segments, and with `each` of every
    /// customer.
    #[must_use]
    pub fn new(predictor: &Predictor<'_>, panel: &Panel, levels: &[f64], each: bool) -> Self {
        Self::drawn(predictor, panel, levels, each, None)
    }

    /// With quantiles of every customer, at the levels that held on held-out periods. Those of the
    /// base and its segments stay as they are: one past total says next to nothing about totals.
    #[must_use]
    pub fn recalibrated(
        predictor: &Predictor<'_>,
        panel: &Panel,
        levels: &[f64],
        recalibration: Recalibration,
    ) -> Self {
        Self::drawn(predictor, panel, levels, true, Some(recalibration))
    }

    fn drawn(
        predictor: &Predictor<'_>,
        panel: &Panel,
        levels: &[f64],
        each: bool,
        recalibration: Option<Recalibration>,
    ) -> Self {
        let mut levels = levels.to_vec();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let mut names: Vec<&str> = panel.segments.iter().flatten().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let groups_of = |i: usize| {
            let own = panel.segments.as_ref().map(|segments| segments[i].as_str());
            let own = own.and_then(|own| names.binary_search(&own).ok());
            std::iter::once(0).chain(own.map(|place| place + 1)).collect()
        };
        let held = |target, window, level| match &recalibration {
            None => level,
            Some(map) => map.level(target, window, level),
        };
        let own_levels: Vec<(Target, Window, Vec<f64>)> = places(predictor.horizon())
            .map(|(target, window)| {
                let own = levels.iter().map(|&level| held(target, window, level)).collect();
                (target, window, own)
            })
            .collect();
        let groups = 1 + names.len();
        let shared = (panel.customers.len() >= Self::SHARED).then(|| {
            let of = |(_, _, own): &(Target, Window, Vec<f64>)| {
                if each { own.clone() } else { Vec::new() }
            };
            Shared::new(predictor, own_levels.iter().map(of).collect())?.find(&groups_of, groups)
        });
        let shared = shared.flatten();
        let is_shared = shared.is_some();
        let Found { rows, values, totals } = shared.unwrap_or_else(|| {
            let own_levels = if each { &own_levels[..] } else { &[] };
            drawn(predictor, &groups_of, groups, own_levels)
        });
        let sets = predictor.sets();
        let group = |sample: &Sample| GroupIntervals::new(sample, sets, &levels);
        let segments = names.iter().zip(&totals[1..]);
        Self {
            draws: predictor.draws(),
            sets,
            seed: predictor.seed(),
            source: predictor.parameter_uncertainty(),
            total: group(&totals[0]),
            segments: segments.map(|(name, sample)| ((*name).to_owned(), group(sample))).collect(),
            horizon: totals[0].horizon(),
            margins: predictor.has_margin_noise(),
            recalibration,
            shared: is_shared,
            rows: if each { rows } else { Vec::new() },
            values,
            levels,
        }
    }

    /// Whether there are quantiles of customers.
    #[must_use]
    pub const fn has_customers(&self) -> bool {
        !self.rows.is_empty()
    }

    /// A quantile of customer `i`, the level by its position; `None` where there is no forecast.
    #[must_use]
    pub fn customer(&self, i: usize, target: Target, window: Window, level: usize) -> Option<f64> {
        let row = self.rows.get(i).filter(|row| **row != NOWHERE)?;
        let places = Target::ALL.len() * (self.horizon + 1);
        let place = *row as usize * places + place(self.horizon, target, window);
        let value = self.values.get(place * self.levels.len() + level);
        value.copied().filter(|value| !value.is_nan())
    }

    /// The suffix of a level in names of columns: its decimals, at least two.
    ///
    /// ```
    /// use clvcast::predict::Intervals;
    /// let suffixes = [0.05, 0.5, 0.025, 0.999].map(Intervals::suffix);
    /// assert_eq!(suffixes, ["p05", "p50", "p025", "p999"]);
    /// ```
    #[must_use]
    pub fn suffix(level: f64) -> String {
        let text = level.to_string();
        format!("p{:0<2}", text.strip_prefix("0.").unwrap_or(&text))
    }
}
