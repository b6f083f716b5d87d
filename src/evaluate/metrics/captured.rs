//! What the customers that were thought best brought.

/// Share of the actual value that the customers in the predicted top `share` (such as 0.1) brought.
///
/// Of n customers, n · share places go to the highest predictions; the last customer may have a
/// place in part, and customers of equal prediction share theirs, so that a constant forecast
/// scores `share`, which is chance. It can exceed 1 where others brought losses. `None` where the
/// actual total is not positive.
///
/// ```
/// use clvcast::evaluate::metrics::captured;
/// let actual = [8.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// let mut predicted = [0.0; 10];
/// assert_eq!(captured(&predicted, &actual, 0.1), Some(0.1));
/// predicted[0] = 1.0;
/// assert_eq!(captured(&predicted, &actual, 0.1), Some(0.8));
/// ```
#[must_use]
pub fn captured(predicted: &[f64], actual: &[f64], share: f64) -> Option<f64> {
    let total: f64 = actual.iter().sum();
    let mut order: Vec<usize> = (0..predicted.len()).collect();
    order.sort_by(|&a, &b| predicted[b].total_cmp(&predicted[a]));
    let mut places = predicted.len() as f64 * share;
    let mut brought = 0.0;
    for tied in order.chunk_by(|&a, &b| predicted[a] == predicted[b]) {
        let each = (places / tied.len() as f64).min(1.0);
        if each <= 0.0 {
            break;
        }
        brought += each * tied.iter().map(|&i| actual[i]).sum::<f64>();
        places -= tied.len() as f64;
    }
    (total > 0.0).then(|| brought / total)
}
