//! The `choice` key of a model file: what was compared before this model was taken.

use serde::{Deserialize, Serialize};

/// How the automatic choice was reached.
///
/// ```
/// let text = r#"{"why": "nbd was the only candidate", "members": []}"#;
/// let choice: clvcast::fit::ChoiceSection = serde_json::from_str(text)?;
/// assert!(choice.held_out.is_none() && choice.compared.is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct ChoiceSection {
    /// What forecasts: one member, or those of an average.
    pub members: Vec<MemberSection>,
    /// One sentence on what decided.
    pub why: String,
    /// What was held out; absent where history is too short to hold anything out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_out: Option<HeldOut>,
    /// The candidates on those periods, the best score first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<Compared>,
    /// The frequency models that were compared first, without a calendar, where calendars were
    /// compared after that. Other periods may have been held out, so that these scores do not
    /// compare with those of `compared`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<Compared>,
    /// Candidates that could not be fitted, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}

/// What forecasts, and its share.
///
/// ```
/// let text = r#"{"weight": 1.0, "frequency": "pdo", "calendar": "none", "method": "posterior"}"#;
/// let member: clvcast::fit::MemberSection = serde_json::from_str(text)?;
/// assert_eq!(member.frequency, "pdo");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct MemberSection {
    /// Weight; those of all members add up to 1.
    pub weight: f64,
    /// Frequency model.
    pub frequency: String,
    /// Which parts the calendar has: `none`, `season`, `trend`, `damped` and combinations.
    pub calendar: String,
    /// `posterior` or `chain`.
    pub method: String,
}

/// The periods and customers of a comparison.
///
/// ```
/// let text = r#"{"periods": 3, "origins": ["2017-03-31"], "customers": 782, "of": 782}"#;
/// let held: clvcast::fit::HeldOut = serde_json::from_str(text)?;
/// assert_eq!(held.periods, 3);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct HeldOut {
    /// Number of periods held out after each origin.
    pub periods: u32,
    /// Last days of the histories that were fitted, the latest first.
    pub origins: Vec<String>,
    /// Customers compared.
    pub customers: u64,
    /// Customers there are; more than `customers` where a sample was compared.
    pub of: u64,
}

/// One candidate's score.
///
/// ```
/// let text = r#"{"candidate": "nbd, no calendar, posterior", "parameters": 2,
///     "score": 0.91, "above_best": 0.03, "standard_error": 0.01}"#;
/// let compared: clvcast::fit::Compared = serde_json::from_str(text)?;
/// assert!(compared.above_best > compared.standard_error);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Frequency model, calendar and method.
    pub candidate: String,
    /// Number of its parameters; a season counts as 2, a trend as 1.
    pub parameters: u32,
    /// Mean Poisson deviance of purchases per customer and held-out period; lower is better.
    pub score: f64,
    /// Its distance from the best score.
    pub above_best: f64,
    /// Standard error of that distance over customers.
    pub standard_error: f64,
}
