//! Money drawn from a law, in whole cents.

use rand::Rng;
use rand_distr::{Distribution, Exp1};

/// Largest amount of one draw, in cents: 10^13 units of money, exact as a float.
const LARGEST: f64 = 1e15;

/// The total of `purchases` purchases of that average value (money), in cents: at least one each.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "below 2^53")]
pub(super) fn total(average: f64, purchases: usize) -> i64 {
    let n = purchases as f64;
    (n * average * 100.0).round().clamp(n, LARGEST) as i64
}

/// A share of an amount, rounded to cents.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "below 2^53")]
pub(super) fn part(amount: i64, share: f64) -> i64 {
    (amount as f64 * share).round() as i64
}

/// Splits `total` cents among `purchases` purchases: one cent each, and the rest in proportions
/// drawn uniformly (exponential weights).
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "below 2^53")]
pub(super) fn share_out(rng: &mut impl Rng, total: i64, purchases: usize) -> Vec<i64> {
    let weights: Vec<f64> = (0..purchases).map(|_| Exp1.sample(rng)).collect();
    let all: f64 = weights.iter().sum();
    let rest = total - i64::try_from(purchases).unwrap_or(total);
    // Rounding the running total keeps the sum exact and every part non-negative.
    let (mut seen, mut given) = (0.0, 0);
    let mut parts: Vec<i64> = weights
        .iter()
        .map(|weight| {
            seen += weight;
            let until = ((rest as f64 * (seen / all).min(1.0)).round() as i64).clamp(given, rest);
            let part = until - given;
            given = until;
            1 + part
        })
        .collect();
    if let Some(last) = parts.last_mut() {
        *last += rest - given;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn parts_are_positive_and_sum_to_the_total() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for (total, purchases) in [(1, 1), (7, 7), (8, 7), (12_345, 3), (1_000_000_000_000, 90)] {
            for _ in 0..50 {
                let parts = share_out(&mut rng, total, purchases);
                assert_eq!(parts.len(), purchases);
                assert_eq!(parts.iter().sum::<i64>(), total);
                assert!(parts.iter().all(|&part| part >= 1), "{parts:?}");
            }
        }
    }

    #[test]
    fn totals_stay_between_one_cent_each_and_the_largest_amount() {
        assert_eq!(total(0.000_1, 3), 3);
        assert_eq!(total(12.345, 2), 2469);
        assert_eq!(total(f64::INFINITY, 2), 1_000_000_000_000_000);
    }
}
