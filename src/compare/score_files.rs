//! A score as JSON and CSV, and the file of single customers.

use std::io::Write;

use super::error::CompareError;
use super::issued::Issued;
use super::score::Score;
use crate::predict::{Target, Window};

/// A number as its shortest round-trip decimal, nothing for a missing one.
pub(super) fn field(number: Option<f64>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

/// JSON of what holds text, counts and finite numbers alone, so that nothing can fail.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

impl Score {
    /// Everything but the single customers, exact.
    #[must_use]
    pub fn to_json(&self) -> String {
        json(self)
    }

    /// One row per line of the score, exact; a missing number is an empty field.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn write_csv(&self, out: impl Write) -> Result<(), CompareError> {
        let mut out = csv::Writer::from_writer(out);
        let header = [
            "segment",
            "target",
            "period",
            "label",
            "customers",
            "actual",
            "predicted",
            "bias",
            "mae",
            "rmse",
            "interval",
            "coverage",
            "mean_width",
            "total_low",
            "total_high",
            "total_held",
        ];
        out.write_record(header).map_err(std::io::Error::from)?;
        for line in &self.scores {
            let row = [
                line.segment.clone().unwrap_or_default(),
                line.target.to_owned(),
                line.period.clone(),
                line.label.clone(),
                line.customers.to_string(),
                line.actual.to_string(),
                line.predicted.to_string(),
                field(line.bias),
                line.mae.to_string(),
                line.rmse.to_string(),
                field(line.interval.map(|c| c.nominal())),
                field(line.interval.map(|c| c.share())),
                field(line.interval.map(|c| c.width())),
                field(line.total_interval.map(|total| total.low)),
                field(line.total_interval.map(|total| total.high)),
                line.total_interval.map_or_else(String::new, |total| total.held.to_string()),
            ];
            out.write_record(row).map_err(std::io::Error::from)?;
        }
        Ok(out.flush()?)
    }

    /// One CSV row per customer: per complete period and target what happened (`actual_…`), what
    /// was forecast (`forecast_…`) and forecast − actual (`difference_…`), then the same over the
    /// complete periods together, not discounted.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn write_customers(&self, issued: &Issued, out: impl Write) -> Result<(), CompareError> {
        let mut out = csv::Writer::from_writer(out);
        let numbers: Vec<(Target, Window)> = self
            .windows()
            .flat_map(|window| Target::ALL.map(|target| (target, window)))
            .filter(|&(target, window)| {
                let line = |l: &super::ScoreLine| {
                    l.target == target.name() && l.period == window.to_string()
                };
                self.scores.iter().any(line)
            })
            .collect();
        let mut header = vec!["customer".to_owned()];
        header.extend(issued.segments.iter().map(|_| "segment".to_owned()));
        for (target, window) in &numbers {
            for kind in ["actual", "forecast", "difference"] {
                header.push(format!("{kind}_{}_{window}", target.name()));
            }
        }
        out.write_record(&header).map_err(std::io::Error::from)?;
        for (i, customer) in issued.customers.iter().enumerate() {
            let mut row = vec![customer.clone()];
            row.extend(issued.segments.iter().map(|segments| segments[i].clone()));
            for &(target, window) in &numbers {
                let actual = self.actual(i, target, window);
                let predicted = self.predicted(issued, i, target, window);
                let difference =
                    actual.zip(predicted).map(|(actual, predicted)| predicted - actual);
                row.extend([actual, predicted, difference].map(field));
            }
            out.write_record(&row).map_err(std::io::Error::from)?;
        }
        Ok(out.flush()?)
    }
}
