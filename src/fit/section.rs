//! The `fit` key of a model file: how the model was reached, and on which data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::covariance::Covariance;
use super::spend_classes::SpendClass;

/// The `fit` key: how the model was reached. Times in periods, money in the ledger's currency.
///
/// ```
/// # let text = std::fs::read_to_string("models/cdnow-sample.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let fit = model.fit.unwrap();
/// assert_eq!(fit.spend.as_deref(), Some("repeat-mean"));
/// assert!(fit.monetary.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct FitSection {
    /// The frequency part.
    pub frequency: PartSection,
    /// The calendar of purchasing, where one was estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarFitSection>,
    /// The monetary part, where there are amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monetary: Option<PartSection>,
    /// The form of the spending likelihood: `period`, `purchase` or `repeat-mean`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend: Option<String>,
    /// The data.
    pub data: DataSection,
    /// Correlation of a customer's mean value with its number of purchases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_frequency_correlation: Option<f64>,
    /// Mean values by number of purchases, where values depend on frequency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spend_classes: Vec<SpendClass>,
    /// Moves between value bands counted from the panel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empirical_transitions: Option<EmpiricalSection>,
    /// What a user should know.
    pub warnings: Vec<String>,
}

/// The fit report of one part.
///
/// ```
/// # let text = std::fs::read_to_string("models/cdnow-sample.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let part = model.fit.unwrap().frequency;
/// assert!((part.log_likelihood.unwrap() + 9763.65761).abs() < 1e-5); // as published
/// assert!((part.standard_errors["b"].unwrap() - 0.0210).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct PartSection {
    /// ln L, without the parts named in `constants`; null where it is infinite.
    pub log_likelihood: Option<f64>,
    /// ln L with all constants.
    pub full_log_likelihood: Option<f64>,
    /// Which constants `log_likelihood` leaves out.
    pub constants: String,
    /// Standard errors by parameter.
    pub standard_errors: BTreeMap<String, Option<f64>>,
    /// 95 % confidence intervals by parameter.
    pub confidence_intervals: BTreeMap<String, Option<(f64, f64)>>,
    /// Covariance of the estimates on the optimiser's scale, coefficients of the part's calendar
    /// and of the dependence included; missing where the information is singular.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covariance: Option<Covariance>,
    /// Coefficients of a regression within the part: season, trend and dependence of values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coefficients: Vec<Coefficient>,
    /// 2·parameters − 2 ln L.
    pub aic: Option<f64>,
    /// ln(customers)·parameters − 2 ln L.
    pub bic: Option<f64>,
    /// Precision of the prior on scaled log-parameters, where one was asked for; `log_likelihood` is
    /// without it, standard errors are with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty: Option<f64>,
    /// Why the optimiser stopped.
    pub stop_reason: String,
    /// Customers in the likelihood.
    pub customers: u64,
    /// Newton iterations over all starts.
    pub iterations: u64,
    /// Passes over the data.
    pub evaluations: u64,
    /// Largest |∂ ln L/∂ ln θ| at the estimate.
    pub gradient_norm: f64,
}

/// How a calendar was estimated.
///
/// ```
/// # use clvcast::{fit::*, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// use clvcast::calendar::{Cycle, SeasonKind};
/// let season = SeasonChoice::Of(SeasonKind::Factors(Cycle::Quarter));
/// let model = fit(&panel, &FitOptions { season, ..FitOptions::default() })?;
/// let section = model.fit.unwrap().calendar.unwrap();
/// assert_eq!(section.coefficients[3].name, "Q4");
/// assert!(section.coefficients[3].estimate > section.coefficients[0].estimate);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct CalendarFitSection {
    /// Coefficients of ln g, season first.
    pub coefficients: Vec<Coefficient>,
    /// Variance of the normal prior that shrinks the season towards flat, found from the data; 0
    /// where they see no season, null without one.
    pub prior_variance: Option<f64>,
    /// Parameters the calendar counts as in AIC: shrunk coefficients count in part.
    pub parameters: f64,
    /// The calendars that were compared, by AIC.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<ComparedCalendar>,
}

/// One coefficient of a regression.
///
/// ```
/// let trend = clvcast::fit::Coefficient {
///     name: "trend per year".into(),
///     estimate: 0.2,
///     standard_error: Some(0.05),
/// };
/// assert_eq!(trend.z(), Some(4.0));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// Its name, such as `Q4` or `trend per year`.
    pub name: String,
    /// The estimate, on the scale of logarithms.
    pub estimate: f64,
    /// Standard error from the joint information of model and calendar.
    pub standard_error: Option<f64>,
}

impl Coefficient {
    /// Estimate over standard error.
    #[must_use]
    pub fn z(&self) -> Option<f64> {
        self.standard_error.filter(|e| *e > 0.0).map(|e| self.estimate / e)
    }
}

/// One calendar in the comparison.
///
/// ```
/// let compared = clvcast::fit::ComparedCalendar::default();
/// assert_eq!((compared.aic, compared.season.as_str()), (0.0, ""));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct ComparedCalendar {
    /// The frequency model it was judged with.
    pub frequency: String,
    /// Its season.
    pub season: String,
    /// Its trend.
    pub trend: String,
    /// ln L of model and calendar.
    pub log_likelihood: f64,
    /// Parameters of both.
    pub parameters: f64,
    /// 2·parameters − 2 ln L.
    pub aic: f64,
}

/// The data a model was fitted on.
///
/// ```
/// # let text = std::fs::read_to_string("models/cdnow-sample.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let data = model.fit.unwrap().data;
/// assert_eq!((data.as_of.as_str(), data.periods), ("1997-09-30", 39));
/// assert_eq!((data.customers, data.purchases), (2357, 4814));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct DataSection {
    /// Last day of the panel.
    pub as_of: String,
    /// Label of the first period.
    pub first_period: String,
    /// Label of the last period.
    pub last_period: String,
    /// Number of periods.
    pub periods: u32,
    /// Customers in the panel.
    pub customers: u64,
    /// Purchases in the panel.
    pub purchases: u64,
    /// Repeat purchases per customer and period of observation.
    pub purchase_rate: f64,
    /// Mean periods since the last active one (r) over customers.
    pub mean_recency: f64,
    /// Mean value of active periods (m), money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_value: Option<f64>,
}

/// Moves between value bands: row and column 0 are below the first edge, the last ones above the
/// last edge.
///
/// ```
/// # let text = std::fs::read_to_string("models/cdnow-sample.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let moves = model.fit.unwrap().empirical_transitions.unwrap();
/// for share in moves.shares.iter().flatten() {
///     assert!((share.iter().sum::<f64>() - 1.0).abs() < 1e-12);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmpiricalSection {
    /// Numbers of moves.
    pub counts: Vec<Vec<u64>>,
    /// Shares by row; null for a row without moves.
    pub shares: Vec<Option<Vec<f64>>>,
}
