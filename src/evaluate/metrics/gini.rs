//! How well an order gathers the value.

use super::ranks;

/// Normalised Gini coefficient: how fast the actual value accumulates when customers are visited by
/// predicted value, highest first, relative to visiting them by actual value.
///
/// ```text
/// G(order) = Σ y_i (2 rank_i − n − 1),   rank 1 the lowest, ties averaged;   result = G(predicted)/G(actual)
/// ```
///
/// 1 for a perfect order, 0 for chance and for a constant forecast, −1 for the opposite order.
/// `None` where all actual numbers are equal.
///
/// ```
/// use clvcast::evaluate::metrics::gini;
/// assert_eq!(gini(&[3.0, 2.0, 1.0], &[9.0, 1.0, 0.0]), Some(1.0));
/// assert_eq!(gini(&[1.0, 1.0, 1.0], &[9.0, 1.0, 0.0]), Some(0.0));
/// assert_eq!(gini(&[3.0, 2.0, 1.0], &[4.0, 4.0, 4.0]), None);
/// ```
#[must_use]
pub fn gini(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let n = actual.len() as f64;
    let gathered = |ranks: &[f64]| -> f64 {
        ranks.iter().zip(actual).map(|(rank, y)| y * (2.0 * rank - n - 1.0)).sum()
    };
    let perfect = gathered(&ranks(actual));
    (perfect > 0.0).then(|| gathered(&ranks(predicted)) / perfect)
}
