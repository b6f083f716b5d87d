//! Quantiles of draws, and how far chance may have moved them.

/// The quantile of some draws: the smallest value whose share of the draws, those at or below it,
/// reaches `level`. For counts it is a count. `None` without draws.
///
/// ```text
/// q(u) = x_(⌈u S⌉),   x_(1) ≤ … ≤ x_(S) the draws
/// ```
///
/// The order of `values` is changed.
///
/// ```
/// use clvcast::predict::quantile;
/// let mut purchases = [2.0, 0.0, 0.0, 1.0, 5.0];
/// assert_eq!(quantile(&mut purchases, 0.4), Some(0.0)); // two of five are 0
/// assert_eq!(quantile(&mut purchases, 0.41), Some(1.0));
/// assert_eq!(quantile(&mut purchases, 0.95), Some(5.0));
/// ```
#[must_use]
pub fn quantile(values: &mut [f64], level: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let place = place(values.len(), level).min(last);
    Some(*values.select_nth_unstable_by(place, f64::total_cmp).1)
}

/// Position, from 0, of the quantile in `draws` sorted draws.
pub(super) fn place(draws: usize, level: f64) -> usize {
    // ⌈0.05·1000⌉ is 50, and 0.05·1000 is 50.000000000000003.
    const ROUNDING: f64 = 1e-9;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let above = (level * draws as f64 - ROUNDING).ceil() as usize;
    above.saturating_sub(1)
}

/// Standard error of a quantile by the finite number of draws, in the unit of the values: half the
/// distance between the quantiles one standard error of the share below and above.
///
/// ```text
/// Var P̂ = Σ_k (P̂_k − u)² / K²,   P̂_k the share of the draws of parameter set k at or below q(u)
/// ```
///
/// Draws of one set share their parameters, so that they are told as clusters. The sets are spread
/// evenly over their law and not drawn independently, which makes the error smaller than this: it
/// is an upper bound where parameters matter. `values` are in the order of the draws; with fewer
/// than two `sets` the draws are independent. `None` without draws.
///
/// ```
/// use clvcast::predict::quantile_error;
/// // 10 000 draws spread evenly over (0, 1): √(0.5·0.5/10 000) for the median.
/// let draws: Vec<f64> = (0..10_000).map(|s| f64::from(s * 7919 % 10_000) / 1e4).collect();
/// assert!((quantile_error(&draws, 1, 0.5).unwrap() - 0.005).abs() < 1e-3);
/// ```
#[must_use]
pub fn quantile_error(values: &[f64], sets: usize, level: f64) -> Option<f64> {
    let draws = values.len();
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = *sorted.get(place(draws, level).min(draws.checked_sub(1)?))?;
    let mut variance = level * (1.0 - level) / draws as f64;
    if sets > 1 {
        let mut below = vec![(0.0, 0.0); sets];
        for (s, value) in values.iter().enumerate() {
            let (count, all) = &mut below[set_of(s, draws, sets)];
            *all += 1.0;
            *count += f64::from(u8::from(*value <= at));
        }
        // Counts have steps: the share at the quantile is more than the level.
        let mean = below.iter().map(|(count, _)| count).sum::<f64>() / draws as f64;
        let k = sets as f64;
        let between: f64 = below
            .iter()
            .filter(|(_, all)| *all > 0.0)
            .map(|(count, all)| (count / all - mean).powi(2))
            .sum();
        variance = variance.max(between / (k * k));
    }
    let reach = variance.sqrt();
    let of = |level: f64| sorted[place(draws, level.clamp(0.0, 1.0)).min(draws - 1)];
    Some(0.5 * (of(level + reach) - of(level - reach)))
}

/// The parameter set that draw `s` of `draws` belongs to.
pub(super) const fn set_of(s: usize, draws: usize, sets: usize) -> usize {
    s * sets / draws
}
