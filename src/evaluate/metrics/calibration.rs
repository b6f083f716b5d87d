//! Whether distributions mean what they say.

/// Bins of the histogram of the probability integral transform.
pub const PIT_BINS: usize = 10;

/// Randomised probability integral transform of a count, u = F(y − 1) + v P(Y = y) with v uniform
/// on \[0, 1): uniform over customers where the distributions are right (Czado, Gneiting & Held
/// 2009).
///
/// ```
/// use clvcast::evaluate::metrics::pit_of_counts;
/// assert_eq!(pit_of_counts(&[0.5, 0.25, 0.25], 1, 0.5), 0.625);
/// assert_eq!(pit_of_counts(&[0.5, 0.5], 9, 0.5), 1.0); // beyond all that was thought possible
/// ```
#[must_use]
pub fn pit_of_counts(pmf: &[f64], y: usize, v: f64) -> f64 {
    let below: f64 = pmf.iter().take(y).sum();
    (below + v * pmf.get(y).copied().unwrap_or(0.0)).min(1.0)
}

/// The same from draws: (number below y + v (number equal to y + 1)) / (draws + 1), as y is one
/// more draw where the distribution is right.
///
/// ```
/// use clvcast::evaluate::metrics::pit_of_draws;
/// assert_eq!(pit_of_draws(&[0.0, 0.0, 1.0], 0.0, 0.5), 0.375);
/// ```
#[must_use]
pub fn pit_of_draws(draws: &[f64], y: f64, v: f64) -> f64 {
    let below = draws.iter().filter(|x| **x < y).count() as f64;
    let equal = draws.iter().filter(|x| **x == y).count() as f64;
    (below + v * (equal + 1.0)) / (draws.len() as f64 + 1.0)
}

/// Share of the transforms in each of [`PIT_BINS`] equal bins of \[0, 1\]: 0.1 each where the
/// distributions are right, more at both ends where they are too narrow, more at one end where they
/// are biased. Zeros of nothing.
///
/// ```
/// use clvcast::evaluate::metrics::pit_histogram;
/// assert_eq!(pit_histogram(&[0.05, 0.95, 1.0, 0.51])[9], 0.5);
/// ```
#[must_use]
pub fn pit_histogram(transforms: &[f64]) -> [f64; PIT_BINS] {
    let mut bins = [0_usize; PIT_BINS];
    for u in transforms {
        // 1 belongs to the last bin.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10")]
        let bin = ((u * PIT_BINS as f64) as usize).min(PIT_BINS - 1);
        bins[bin] += 1;
    }
    bins.map(|count| count as f64 / transforms.len().max(1) as f64)
}
