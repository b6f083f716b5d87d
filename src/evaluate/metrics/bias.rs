//! Whether the total was right.

/// Bias of the total: Σ predicted / Σ actual − 1, from −1 on; 0 is right. `None` where the actual
/// total is not above 0: of a loss there is no share.
///
/// ```
/// use clvcast::evaluate::metrics::bias;
/// assert_eq!(bias(&[1.0, 2.0], &[4.0, 0.0]), Some(-0.25));
/// assert_eq!(bias(&[1.0, 2.0], &[0.0, 0.0]), None);
/// assert_eq!(bias(&[52.0], &[-2.0]), None);
/// ```
#[must_use]
pub fn bias(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let (predicted, actual): (f64, f64) = (predicted.iter().sum(), actual.iter().sum());
    let bias = predicted / actual - 1.0;
    (actual > 0.0 && bias.is_finite()).then_some(bias)
}
