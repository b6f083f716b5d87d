//! What each stage of a run took: time, work, memory.

use serde::{Deserialize, Serialize};

use super::numbers::{count, decimal, or_missing};
use super::text_table::table;

/// One stage of a run. What a stage does not count, or the system does not tell, is absent.
///
/// ```
/// use clvcast::report::StageTimes;
/// let reading = StageTimes { rows: Some(9994), ..StageTimes::new("reading") };
/// assert_eq!(
///     serde_json::to_string(&reading)?,
///     r#"{"stage":"reading","seconds":0.0,"rows":9994}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageTimes {
    /// Its name, such as `reading`.
    pub stage: String,
    /// Time it took, by the clock on the wall.
    pub seconds: f64,
    /// Time of all cores together, in steps of a hundredth of a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_seconds: Option<f64>,
    /// Rows read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Bytes read or written, as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Customers grouped, fitted, forecast or written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customers: Option<u64>,
    /// The largest memory in use from the start of the run to the end of the stage, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory: Option<u64>,
}

impl StageTimes {
    /// A stage that took no time yet.
    ///
    /// ```
    /// assert_eq!(clvcast::report::StageTimes::new("fitting").seconds, 0.0);
    /// ```
    #[must_use]
    pub fn new(stage: &str) -> Self {
        Self {
            stage: stage.to_owned(),
            seconds: 0.0,
            cpu_seconds: None,
            rows: None,
            bytes: None,
            customers: None,
            peak_memory: None,
        }
    }
}

/// A table of stages for people.
///
/// ```
/// use clvcast::report::{StageTimes, timings_text};
/// let reading = StageTimes {
///     seconds: 1.5,
///     cpu_seconds: Some(2.75),
///     rows: Some(6_500_000),
///     bytes: Some(160_000_000),
///     peak_memory: Some(512_000_000),
///     ..StageTimes::new("reading")
/// };
/// let text = timings_text(&[reading, StageTimes { seconds: 2.0, ..StageTimes::new("total") }]);
/// let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
/// let cells = |line: &str| line.split_whitespace().map(String::from).collect::<Vec<_>>();
/// assert_eq!(cells(lines[1]), ["reading", "1.50", "2.75", "6,500,000", "160.0", "–", "512"]);
/// assert_eq!(cells(lines[2]), ["total", "2.00", "–", "–", "–", "–", "–"]);
/// ```
#[must_use]
pub fn timings_text(stages: &[StageTimes]) -> String {
    const HEADER: [&str; 7] =
        ["stage", "seconds", "CPU seconds", "rows", "MB", "customers", "peak memory, MB"];
    let mega =
        |bytes: Option<u64>, places| or_missing(bytes, |bytes| decimal(bytes as f64 / 1e6, places));
    let row = |stage: &StageTimes| {
        vec![
            stage.stage.clone(),
            decimal(stage.seconds, 2),
            or_missing(stage.cpu_seconds, |seconds| decimal(seconds, 2)),
            or_missing(stage.rows, count),
            mega(stage.bytes, 1),
            or_missing(stage.customers, count),
            mega(stage.peak_memory, 0),
        ]
    };
    table(HEADER.map(String::from).to_vec(), stages.iter().map(row).collect())
}
