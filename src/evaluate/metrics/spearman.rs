//! Whether the order was right.

use super::ranks;

/// Spearman's rank correlation, Pearson's of the ranks with ties averaged: 1 for the right order,
/// 0 for chance, −1 for the opposite. `None` where all predicted or all actual numbers are equal.
///
/// ```
/// use clvcast::evaluate::metrics::spearman;
/// assert_eq!(spearman(&[0.1, 0.2, 0.9], &[1.0, 2.0, 3.0]), Some(1.0));
/// assert_eq!(spearman(&[0.5, 0.5, 0.5], &[1.0, 2.0, 3.0]), None);
/// ```
#[must_use]
pub fn spearman(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(predicted), ranks(actual));
    // The mean of the ranks is the same, ties or not.
    let middle = f64::midpoint(1.0, a.len() as f64);
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(&b) {
        let (a, b) = (a - middle, b - middle);
        aa += a * a;
        bb += b * b;
        ab += a * b;
    }
    let spread = f64::sqrt(aa) * f64::sqrt(bb);
    (spread > 0.0).then(|| (ab / spread).clamp(-1.0, 1.0))
}
