//! The probability that was given to what happened.

/// What a count that has next to no probability scores as: tables of probabilities end where less
/// is left, and one customer does not make a mean infinite.
pub const LEAST_PROBABILITY: f64 = 1e-13;

/// −ln P(Y = y), nats, with `pmf` = P(0), P(1), …; from 0, which is certainty, to 29.9, which is
/// [`LEAST_PROBABILITY`]. Its mean over customers is least for the true distribution (Good 1952).
///
/// ```
/// use clvcast::evaluate::metrics::log_score;
/// assert_eq!(log_score(&[0.5, 0.25, 0.25], 1), -0.25_f64.ln());
/// assert!((log_score(&[1.0], 7) - 29.93).abs() < 0.01);
/// ```
#[must_use]
pub fn log_score(pmf: &[f64], y: usize) -> f64 {
    // What rounding leaves above 1 is certainty.
    -pmf.get(y).copied().unwrap_or(0.0).clamp(LEAST_PROBABILITY, 1.0).ln()
}
