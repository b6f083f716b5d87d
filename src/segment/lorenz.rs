//! How unequal customers are: the share of the profit that the best ones hold.

/// Points of a curve, at most: enough for a smooth line.
const POINTS: usize = 100;

/// The concentration of a value over customers, the most valuable first.
///
/// Values below zero are counted as they are: the curve then rises above 1 and comes back to it,
/// and shares are of the net total.
///
/// ```
/// use clvcast::segment::Lorenz;
/// let lorenz = Lorenz::new([80.0, 5.0, 5.0, 5.0, 5.0]).unwrap();
/// assert_eq!(lorenz.top_fifth, 0.8); // 80/20 to the letter
/// assert_eq!(lorenz.holds_four_fifths, 0.2);
/// // Gini coefficient: mean absolute difference over twice the mean, (4 · 75 · 2/25)/(2 · 20).
/// assert!((lorenz.gini.unwrap() - 0.6).abs() < 1e-12);
/// assert_eq!(Lorenz::new([1.0, -1.0]), None); // no positive total to have shares of
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Lorenz {
    /// Share of customers, the most valuable first, and share of the total they hold; from (0, 0)
    /// to (1, 1).
    pub points: Vec<(f64, f64)>,
    /// Share of the total that the most valuable fifth of customers holds.
    pub top_fifth: f64,
    /// Smallest share of customers that holds four fifths of the total.
    pub holds_four_fifths: f64,
    /// Gini coefficient, from 0 (all equal) to 1; `None` where some values are negative, for which
    /// it is not bounded.
    pub gini: Option<f64>,
    /// Customers counted.
    pub customers: u64,
    /// Their total, money.
    pub total: f64,
}

impl Lorenz {
    /// The curve of one value per customer; `None` without a positive total.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let n = values.len();
        let mut sums = Vec::with_capacity(n + 1);
        sums.push(0.0);
        for value in &values {
            sums.push(sums[sums.len() - 1] + value);
        }
        let total = sums[n];
        if !(total.is_finite() && total > 0.0) {
            return None;
        }
        let share = |k: usize| sums[k] / total;
        let enough = (0..=n).find(|&k| share(k) >= 0.8).unwrap_or(n);
        let steps = n.min(POINTS);
        let points = (0..=steps).map(|step| step * n / steps.max(1));
        let bounded = values.last().is_some_and(|least| *least >= 0.0);
        // Σ_k (2k − n − 1) x_(k)/(n Σ x) over ascending x: here they descend.
        let weighted = |(k, value): (usize, &f64)| (n as f64 - 1.0 - 2.0 * k as f64) * value;
        let gini = values.iter().enumerate().map(weighted).sum::<f64>() / (n as f64 * total);
        Some(Self {
            points: points.map(|k| (k as f64 / n as f64, share(k))).collect(),
            top_fifth: fifth(&sums) / total,
            holds_four_fifths: enough as f64 / n as f64,
            gini: bounded.then_some(gini),
            customers: n as u64,
            total,
        })
    }
}

/// The sum of the first fifth of the values, of the next one as much as belongs to it.
fn fifth(sums: &[f64]) -> f64 {
    let n = sums.len() - 1;
    let whole = n / 5;
    let next = (whole + 1).min(n);
    sums[whole] + (n % 5) as f64 / 5.0 * (sums[next] - sums[whole])
}
