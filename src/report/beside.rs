//! What stands beside a forecast in the same file.

use crate::predict::Intervals;
use crate::segment::Grouping;

/// What stands beside a forecast: quantiles of every customer and labels of groupings, one of each
/// for every column that asks for it.
///
/// ```
/// assert!(clvcast::report::Beside::default().labels.is_empty());
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Quantiles.
    pub intervals: Option<&'a Intervals>,
    /// Groupings of the same customers, in the order of [`Columns::with_labels`](super::Columns::with_labels).
    pub labels: &'a [Grouping],
}
