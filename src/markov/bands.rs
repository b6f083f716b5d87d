//! Value bands: given edges, or edges chosen from the data.

/// Bands `[e_0, e_1), …, [e_{B−1}, m_max]` of purchase values, in money; what lies outside is
/// `below` or `above`.
///
/// ```
/// use clvcast::markov::{Bands, Place};
/// let bands = Bands::new(vec![0.01, 1000.0, 10_000.0]).unwrap();
/// assert_eq!(bands.len(), 2);
/// assert_eq!(bands.place(1000.0), Place::In(1));
/// assert_eq!(bands.place(10_000.0), Place::In(1)); // the last band holds its upper edge
/// assert_eq!(bands.place(10_001.0), Place::Above);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    edges: Vec<f64>,
}

/// Where a value lies.
///
/// ```
/// use clvcast::markov::{Bands, Place};
/// let bands = Bands::new(vec![10.0, 50.0, 100.0])?;
/// let places = [5.0, 60.0, 200.0].map(|m| bands.place(m));
/// assert_eq!(places, [Place::Below, Place::In(1), Place::Above]);
/// # Ok::<(), clvcast::markov::BandError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Below the first edge.
    Below,
    /// In the band of that index, from 0.
    In(usize),
    /// Above the last edge.
    Above,
}

/// Edges that do not make bands.
///
/// ```
/// use clvcast::markov::Bands;
/// let error = Bands::new(vec![0.01, 1000.0, 500.0]).unwrap_err();
/// assert!(error.to_string().starts_with("band edge 3 is 500, expected more than"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BandError {
    /// Fewer than two edges.
    #[error(
        "found {found} band edge(s), expected at least 2: `--bands 0.01,1000,10000` makes two bands"
    )]
    TooFew {
        /// Edges found.
        found: usize,
    },
    /// An edge that is not a finite non-negative number.
    #[error("band edge {position} is {found}, expected a finite number of at least 0")]
    NotFinite {
        /// Position from 1.
        position: usize,
        /// The edge.
        found: f64,
    },
    /// An edge that is not above the one before it.
    #[error(
        "band edge {position} is {found}, expected more than the edge before it, {before}: list the edges in increasing order"
    )]
    NotIncreasing {
        /// Position from 1.
        position: usize,
        /// The edge.
        found: f64,
        /// The edge before it.
        before: f64,
    },
}

/// Bands a fitted model aims at; the published example has 7.
const AIM: usize = 7;

impl Bands {
    /// Bands between the given edges; the last edge is the largest value m_max.
    ///
    /// # Errors
    /// When there are fewer than two edges or they do not increase.
    pub fn new(edges: Vec<f64>) -> Result<Self, BandError> {
        if edges.len() < 2 {
            return Err(BandError::TooFew { found: edges.len() });
        }
        for (i, &edge) in edges.iter().enumerate() {
            let position = i + 1;
            if !edge.is_finite() || edge < 0.0 {
                return Err(BandError::NotFinite { position, found: edge });
            }
            if i > 0 && edge <= edges[i - 1] {
                return Err(BandError::NotIncreasing {
                    position,
                    found: edge,
                    before: edges[i - 1],
                });
            }
        }
        Ok(Self { edges })
    }

    /// Bands for the observed `values` (money, positive): about seven, cut at quantiles that are
    /// rounded to 1, 2 or 5 times a power of ten, from at or below the smallest value to the
    /// largest. `None` without values.
    ///
    /// ```
    /// use clvcast::markov::Bands;
    /// let bands = Bands::choose((1..=100).map(f64::from).collect()).unwrap();
    /// assert_eq!((bands.edges()[0], bands.max()), (1.0, 100.0));
    /// assert_eq!(Bands::choose(vec![]), None);
    /// ```
    #[must_use]
    pub fn choose(mut values: Vec<f64>) -> Option<Self> {
        let smallest = values.iter().copied().min_by(f64::total_cmp)?;
        let largest = values.iter().copied().max_by(f64::total_cmp)?;
        let mut edges = vec![ladder(smallest, f64::floor)];
        // Only the quantiles are put in their places, each among the values above the last one.
        let mut below = 0;
        for i in 1..AIM {
            let at = i * values.len() / AIM;
            let (_, quantile, _) =
                values[below..].select_nth_unstable_by(at - below, f64::total_cmp);
            let edge = ladder(*quantile, f64::round);
            below = at;
            if edge > edges[edges.len() - 1] && edge < largest {
                edges.push(edge);
            }
        }
        // All values equal to a rung: the band still needs a width.
        edges.push(if largest > edges[edges.len() - 1] { largest } else { largest * 2.0 });
        Some(Self { edges })
    }

    /// Number of bands.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always at least one band")]
    pub fn len(&self) -> usize {
        self.edges.len() - 1
    }

    /// All edges, the last one m_max.
    #[must_use]
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// The largest value, m_max.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.edges[self.edges.len() - 1]
    }

    /// Lower and upper edge of a band.
    #[must_use]
    pub fn limits(&self, band: usize) -> (f64, f64) {
        (self.edges[band], self.edges[band + 1])
    }

    /// Where a value lies.
    #[must_use]
    pub fn place(&self, value: f64) -> Place {
        if value < self.edges[0] {
            Place::Below
        } else if value > self.max() {
            Place::Above
        } else {
            let above = self.edges.partition_point(|&edge| edge <= value);
            Place::In(above.min(self.len()) - 1)
        }
    }

    /// The band of a value; the first or the last one for a value outside.
    #[must_use]
    pub fn nearest(&self, value: f64) -> usize {
        match self.place(value) {
            Place::Below => 0,
            Place::In(band) => band,
            Place::Above => self.len() - 1,
        }
    }
}

/// The rung 1, 2 or 5 · 10^n nearest to `value` on the logarithmic scale (`round`) or the largest
/// one not above it (`floor`).
fn ladder(value: f64, rounding: fn(f64) -> f64) -> f64 {
    const RUNGS: [f64; 4] = [1.0, 2.0, 5.0, 10.0];
    // Decimal text gives the power of ten exactly where a logarithm would be off by rounding.
    let text = format!("{value:e}");
    let exponent: i32 = text.split('e').nth(1).and_then(|e| e.parse().ok()).unwrap_or(0);
    let rung = |digit: f64| format!("{digit}e{exponent}").parse().unwrap_or(value);
    let below = RUNGS.iter().rposition(|&digit| rung(digit) <= value).unwrap_or(0);
    let (low, high) = (rung(RUNGS[below]), rung(RUNGS[(below + 1).min(3)]));
    let share = if high > low { (value / low).ln() / (high / low).ln() } else { 0.0 };
    if rounding(share) > 0.0 { high } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_rounds_down_and_to_nearest() {
        for (value, down, near) in
            [(1.0, 1.0, 1.0), (1.9, 1.0, 2.0), (0.034, 0.02, 0.05), (999.0, 500.0, 1000.0)]
        {
            assert_eq!(ladder(value, f64::floor), down);
            assert_eq!(ladder(value, f64::round), near);
        }
    }

    #[test]
    fn chosen_bands_cover_the_data() {
        let values: Vec<f64> = (1..=1000).map(|i| f64::from(i).powi(2) * 0.013).collect();
        let bands = Bands::choose(values.clone()).unwrap();
        assert!(values.iter().all(|&v| matches!(bands.place(v), Place::In(_))));
        assert!(bands.len() >= 5, "{bands:?}");
        let constant = Bands::choose(vec![50.0; 9]).unwrap();
        assert_eq!(constant.place(50.0), Place::In(0));
    }

    #[test]
    fn edges_must_increase() {
        assert!(matches!(
            Bands::new(vec![1.0, 3.0, 2.0]),
            Err(BandError::NotIncreasing { position: 3, .. })
        ));
        assert!(Bands::new(vec![1.0]).is_err());
        assert!(Bands::new(vec![0.0, f64::NAN]).is_err());
    }
}
