//! Customers who bring next to nothing, or less.

use super::Grouping;

/// A forecast profit below this share of the average customer's is near zero, unless asked otherwise.
///
/// ```
/// assert_eq!(clvcast::segment::SegmentOptions::default().near_zero, clvcast::segment::NEAR_ZERO);
/// ```
pub const NEAR_ZERO: f64 = 0.01;

/// Customers above, near and below zero of a forecast profit, money; near zero is less than a share
/// of the average customer's.
///
/// ```
/// let worth = clvcast::segment::worth(&[Some(100.0), Some(0.3), Some(-5.0), None], 0.01);
/// let labels: Vec<_> = (0..4).map(|i| worth.label(i)).collect();
/// assert_eq!(labels, [Some("above-zero"), Some("near-zero"), Some("below-zero"), None]);
/// ```
#[must_use]
pub fn worth(profits: &[Option<f64>], near: f64) -> Grouping {
    let known = || profits.iter().copied().flatten();
    let mean = known().sum::<f64>() / known().count().max(1) as f64;
    let place = |profit: f64| match profit {
        profit if profit < 0.0 => 2,
        profit if profit == 0.0 || profit < near * mean.abs() => 1,
        _ => 0,
    };
    Grouping {
        column: "worth".to_owned(),
        groups: ["above-zero", "near-zero", "below-zero"].map(str::to_owned).to_vec(),
        of: profits.iter().map(|profit| profit.map(place)).collect(),
    }
}
