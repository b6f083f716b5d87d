//! How far counts are from their expectations, on the scale of counts.

use super::mean;

/// One customer's Poisson deviance, 2 \[y ln(y/μ) − (y − μ)\] with 0 ln 0 = 0: from 0, which is
/// right, to infinity, which is a purchase where 0 was expected.
///
/// ```
/// use clvcast::evaluate::metrics::poisson_loss;
/// assert_eq!(poisson_loss(0.0, 0.3), 0.6);
/// assert_eq!(poisson_loss(2.0, 2.0), 0.0);
/// assert_eq!(poisson_loss(1.0, 0.0), f64::INFINITY);
/// ```
#[must_use]
pub fn poisson_loss(y: f64, mu: f64) -> f64 {
    if y <= 0.0 {
        return 2.0 * mu.max(0.0);
    }
    if mu <= 0.0 {
        return f64::INFINITY;
    }
    // Rounding may leave less than nothing where both are alike.
    (2.0 * (y * (y / mu).ln() - (y - mu))).max(0.0)
}

/// Mean Poisson deviance per customer; `None` of nobody and where it is infinite, because somebody
/// purchased of whom nothing was expected.
///
/// ```
/// use clvcast::evaluate::metrics::poisson_deviance;
/// assert_eq!(poisson_deviance(&[0.5, 1.0], &[0.0, 1.0]), Some(0.5));
/// assert_eq!(poisson_deviance(&[0.0, 1.0], &[1.0, 1.0]), None);
/// ```
#[must_use]
pub fn poisson_deviance(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    mean(predicted.iter().zip(actual).map(|(&mu, &y)| poisson_loss(y, mu)))
        .filter(|mean| mean.is_finite())
}
