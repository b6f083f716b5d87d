//! The `intervals` key of a manifest.

use serde::{Deserialize, Serialize};

use crate::predict::{GroupIntervals, Intervals, Recalibration, Target, Window};

/// Quantiles of what may come, and how they were drawn.
///
/// ```
/// let text = r#"{"quantiles": [0.05, 0.95], "draws": 1000, "sets": 100, "seed": 1,
///   "parameter_uncertainty": "information", "totals": {}, "segments": []}"#;
/// let section: clvcast::report::IntervalsSection = serde_json::from_str(text)?;
/// assert_eq!(section.parameter_uncertainty, "information");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntervalsSection {
    /// Levels of the quantiles of customers; empty where only totals were drawn.
    pub quantiles: Vec<f64>,
    /// Futures drawn of each customer.
    pub draws: usize,
    /// Parameter sets they were drawn under.
    pub sets: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// `information`, `bootstrap`, `partly` (the information of one part only) or `none`.
    pub parameter_uncertainty: String,
    /// `shared` in a large base: by customers with the same history, and totals are normal under
    /// each set of parameters. Absent where every customer was drawn by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub futures: Option<String>,
    /// The held-out periods at whose levels the quantiles of customers are read; absent where the
    /// levels are the model's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalibration: Option<RecalibrationSection>,
    /// The whole base.
    pub totals: GroupSection,
    /// The segments, where the ledger has any.
    pub segments: Vec<SegmentSection>,
}

/// What the quantiles of customers were recalibrated on.
///
/// ```
/// let text = r#"{"origin": "2017-03-31", "customers": 785, "levels": []}"#;
/// let section: clvcast::report::RecalibrationSection = serde_json::from_str(text)?;
/// assert_eq!(section.customers, 785);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecalibrationSection {
    /// Last day of the history that was fitted.
    pub origin: String,
    /// Customers compared.
    pub customers: usize,
    /// Where each quantile is read.
    pub levels: Vec<RecalibratedLevels>,
}

/// The levels of one target in one window, in the order of `quantiles`.
///
/// ```
/// let text = r#"{"target": "amount", "period": "total", "levels": [0.01, 0.99]}"#;
/// let section: clvcast::report::RecalibratedLevels = serde_json::from_str(text)?;
/// assert_eq!(section.target, "amount");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecalibratedLevels {
    /// `purchases`, `amount` or `gross_profit`.
    pub target: String,
    /// The period's label, or `total`.
    pub period: String,
    /// Levels at which the quantiles are read.
    pub levels: Vec<f64>,
}

/// Quantiles of a group by target; a target that is not forecast is missing.
///
/// ```
/// let group = clvcast::report::GroupSection::default();
/// assert_eq!(serde_json::to_string(&group)?, "{}");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GroupSection {
    /// Number of purchases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purchases: Vec<WindowSection>,
    /// Amount, money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amount: Vec<WindowSection>,
    /// CRM gross profit, money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gross_profit: Vec<WindowSection>,
}

/// Quantiles of one segment.
///
/// ```
/// let text = r#"{"segment": "Corporate", "purchases": []}"#;
/// let section: clvcast::report::SegmentSection = serde_json::from_str(text)?;
/// assert_eq!(section.segment, "Corporate");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentSection {
    /// Its name.
    pub segment: String,
    /// Its quantiles.
    #[serde(flatten)]
    pub totals: GroupSection,
}

/// Quantiles over one period, or over the horizon.
///
/// ```
/// let text = r#"{"period": "total", "quantiles": []}"#;
/// let section: clvcast::report::WindowSection = serde_json::from_str(text)?;
/// assert_eq!(section.period, "total");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowSection {
    /// The period's label, or `total` for the horizon, discounted where the forecast's total is.
    pub period: String,
    /// The quantiles, by ascending level.
    pub quantiles: Vec<BoundSection>,
}

/// One quantile.
///
/// ```
/// let text = r#"{"level": 0.05, "value": 120.0, "monte_carlo_error": 1.5}"#;
/// let bound: clvcast::report::BoundSection = serde_json::from_str(text)?;
/// assert_eq!((bound.level, bound.value), (0.05, 120.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoundSection {
    /// Its level.
    pub level: f64,
    /// Its value.
    pub value: f64,
    /// Standard error of the value by the number of draws.
    pub monte_carlo_error: f64,
}

/// The section of some intervals over periods of these labels.
pub(super) fn intervals(intervals: &Intervals, labels: &[String]) -> IntervalsSection {
    let levels = if intervals.has_customers() { intervals.levels.clone() } else { Vec::new() };
    let segments = intervals.segments.iter().map(|(segment, own)| SegmentSection {
        segment: segment.clone(),
        totals: group(own, labels),
    });
    IntervalsSection {
        quantiles: levels,
        draws: intervals.draws,
        sets: intervals.sets,
        seed: intervals.seed,
        parameter_uncertainty: intervals.source.name().to_owned(),
        futures: intervals.shared.then(|| "shared".to_owned()),
        recalibration: intervals
            .recalibration
            .as_ref()
            .map(|map| recalibrated(map, &intervals.levels, labels)),
        totals: group(&intervals.total, labels),
        segments: segments.collect(),
    }
}

fn recalibrated(map: &Recalibration, nominal: &[f64], labels: &[String]) -> RecalibrationSection {
    let levels = Target::ALL.into_iter().flat_map(|target| {
        Window::all(labels.len()).map(move |window| RecalibratedLevels {
            target: target.name().to_owned(),
            period: match window {
                Window::Period(h) => labels[h].clone(),
                Window::Total => "total".to_owned(),
            },
            levels: nominal.iter().map(|&level| map.level(target, window, level)).collect(),
        })
    });
    RecalibrationSection {
        origin: map.origin.to_string(),
        customers: map.customers(),
        levels: levels.collect(),
    }
}

fn group(own: &GroupIntervals, labels: &[String]) -> GroupSection {
    let of = |target: Target| {
        let section = |window: Window| {
            let bounds = own.bounds(target, window)?;
            let period = match window {
                Window::Period(h) => labels.get(h)?.clone(),
                Window::Total => "total".to_owned(),
            };
            let bound = |(&level, bound): (&f64, &crate::predict::Bound)| BoundSection {
                level,
                value: bound.value,
                monte_carlo_error: bound.error,
            };
            let quantiles = own.levels.iter().zip(bounds).map(bound).collect();
            Some(WindowSection { period, quantiles })
        };
        Window::all(labels.len()).filter_map(section).collect()
    };
    GroupSection {
        purchases: of(Target::Purchases),
        amount: of(Target::Amount),
        gross_profit: of(Target::GrossProfit),
    }
}
