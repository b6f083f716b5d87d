//! Places in an order, ties shared.

/// The rank of each number, 1 for the smallest; those that are equal share the mean of their
/// places.
///
/// ```
/// assert_eq!(clvcast::evaluate::metrics::ranks(&[5.0, 1.0, 5.0, 7.0]), [2.5, 1.0, 2.5, 4.0]);
/// ```
#[must_use]
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    // Equal ones in the order of the customers, which their shared rank does not show.
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        // Places before + 1 … before + n.
        let rank = before as f64 + f64::midpoint(1.0, tied.len() as f64);
        for &i in tied {
            ranks[i] = rank;
        }
        before += tied.len();
    }
    ranks
}
