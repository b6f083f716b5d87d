//! How far a whole distribution is from what happened.

/// Continuous ranked probability score of a count, Σ_k (F(k) − 1{y ≤ k})² over k = 0, 1, … with
/// `pmf` = P(0), P(1), …: in purchases, 0 is certainty of the right count; of a sure forecast it is
/// the absolute error (Gneiting & Raftery 2007).
///
/// ```
/// use clvcast::evaluate::metrics::crps_of_counts;
/// assert_eq!(crps_of_counts(&[0.5, 0.5], 0), 0.25);
/// assert_eq!(crps_of_counts(&[0.0, 1.0], 4), 3.0); // surely 1, was 4
/// ```
#[must_use]
pub fn crps_of_counts(pmf: &[f64], y: usize) -> f64 {
    let mut below = 0.0;
    let mut score = 0.0;
    for k in 0..pmf.len().max(y) {
        // Beyond the table nothing is left, and what rounding adds is no probability.
        below = if k < pmf.len() { f64::min(below + pmf[k], 1.0) } else { 1.0 };
        let miss = below - if y <= k { 1.0 } else { 0.0 };
        score += miss * miss;
    }
    score
}

/// The same from draws in ascending order, E|X − y| − ½ E|X − X′| with X′ another draw than X, which
/// is right on average for any number of draws; in the unit of y. 0 without draws.
///
/// ```
/// use clvcast::evaluate::metrics::crps_of_draws;
/// assert_eq!(crps_of_draws(&[2.0, 2.0], 5.0), 3.0);
/// assert_eq!(crps_of_draws(&[0.0, 1.0], 0.0), 0.5 - 0.5);
/// ```
#[must_use]
pub fn crps_of_draws(sorted: &[f64], y: f64) -> f64 {
    let n = sorted.len() as f64;
    if sorted.is_empty() {
        return 0.0;
    }
    let away: f64 = sorted.iter().map(|x| (x - y).abs()).sum::<f64>() / n;
    if sorted.len() == 1 {
        return away;
    }
    // Σ_{i<j} (x_j − x_i) = Σ_i x_i (2 i − n + 1), i from 0.
    let apart: f64 = sorted.iter().enumerate().map(|(i, x)| x * (2.0 * i as f64 - n + 1.0)).sum();
    away - apart / (n * (n - 1.0))
}
