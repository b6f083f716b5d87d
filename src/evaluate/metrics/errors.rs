//! How far single customers are off.

use super::mean;

/// Mean absolute error, Σ |ŷ − y| / n, in the unit of y; 0 is right.
///
/// Where most customers do nothing it prefers forecasts near 0: read it beside the bias.
///
/// ```
/// assert_eq!(clvcast::evaluate::metrics::mae(&[1.0, 2.0], &[4.0, 2.0]), Some(1.5));
/// ```
#[must_use]
pub fn mae(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    mean(predicted.iter().zip(actual).map(|(p, y)| (p - y).abs()))
}

/// Root mean squared error, √(Σ (ŷ − y)² / n), in the unit of y; 0 is right. Its best forecast is
/// the mean, which is what a total needs.
///
/// ```
/// assert_eq!(clvcast::evaluate::metrics::rmse(&[1.0, 2.0], &[3.0, 4.0]), Some(2.0));
/// ```
#[must_use]
pub fn rmse(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    mean(predicted.iter().zip(actual).map(|(p, y)| (p - y) * (p - y))).map(f64::sqrt)
}
