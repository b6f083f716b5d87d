//! Forecasts that say yes or no.

/// Quality of a forecast that names some customers: "will buy", "is a top customer".
///
/// ```text
/// error rate = named and was not / named        miss rate = was and not named / was
/// ```
///
/// Both lie in \[0, 1\], 0 is right.
///
/// ```
/// use clvcast::evaluate::metrics::YesNo;
/// let named = [true, true, false, false];
/// let was = [true, false, true, true];
/// let quality = YesNo::new(&named, &was);
/// assert_eq!((quality.error_rate(), quality.miss_rate()), (Some(0.5), Some(2.0 / 3.0)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YesNo {
    /// Customers named.
    pub named: usize,
    /// Customers of whom it became true.
    pub actual: usize,
    /// Customers named of whom it became true.
    pub both: usize,
}

impl YesNo {
    /// Counts, customer by customer.
    #[must_use]
    pub fn new(named: &[bool], was: &[bool]) -> Self {
        let count = |which: &dyn Fn(bool, bool) -> bool| {
            named.iter().zip(was).filter(|(named, was)| which(**named, **was)).count()
        };
        Self {
            named: count(&|named, _| named),
            actual: count(&|_, was| was),
            both: count(&|named, was| named && was),
        }
    }

    /// Wrong among the named; `None` where nobody was named.
    #[must_use]
    pub fn error_rate(self) -> Option<f64> {
        (self.named > 0).then(|| (self.named - self.both) as f64 / self.named as f64)
    }

    /// Missed among those of whom it became true; `None` where there were none.
    #[must_use]
    pub fn miss_rate(self) -> Option<f64> {
        (self.actual > 0).then(|| (self.actual - self.both) as f64 / self.actual as f64)
    }
}

/// The customers in the top `share`: those above 0 whose value is at least that of the last one
/// with a place among ⌈n · share⌉, so that equal customers are in it together.
///
/// ```
/// use clvcast::evaluate::metrics::top;
/// assert_eq!(top(&[5.0, 1.0, 0.0, 1.0, 0.0], 0.4), [true, true, false, true, false]);
/// assert_eq!(top(&[0.0, 0.0], 0.5), [false, false]);
/// ```
#[must_use]
pub fn top(values: &[f64], share: f64) -> Vec<bool> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to len")]
    let places = (values.len() as f64 * share).ceil() as usize;
    let last = places.checked_sub(1).and_then(|at| sorted.get(at)).copied();
    values.iter().map(|value| *value > 0.0 && last.is_some_and(|last| *value >= last)).collect()
}
