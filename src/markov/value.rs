//! Transition expectations and probabilities of purchase values.

use super::bands::{Bands, Place};
use super::quadrature::{integrate, log_integral};
use crate::models::{Tails, ValueLaw};

/// A quantity split over `below`, the bands and `above`.
///
/// ```
/// # use clvcast::{markov::{Bands, ValueTable}, models::ValueLaw};
/// # let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).unwrap();
/// # let edges = vec![0.01, 1e3, 1e4, 1e5, 2e5, 3e5, 4e5, 499_999.0];
/// let table = ValueTable::new(law, Bands::new(edges).unwrap());
/// let next = &table.rows[2].probability;
/// let inside: f64 = next.bands.iter().sum();
/// assert!((next.below + inside + next.above - 1.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Below the first edge.
    pub below: f64,
    /// One per band.
    pub bands: Vec<f64>,
    /// Above the last edge.
    pub above: f64,
}

/// One row: where customers go whose last value lies in this band.
///
/// ```
/// # use clvcast::{markov::{Bands, ValueTable}, models::ValueLaw};
/// # let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).unwrap();
/// # let edges = vec![0.01, 1e3, 1e4, 1e5, 2e5, 3e5, 4e5, 499_999.0];
/// let table = ValueTable::new(law, Bands::new(edges).unwrap());
/// let row = &table.rows[3];
/// assert_eq!((row.lower, row.upper), (1e5, 2e5));
/// assert!((row.expected - 186_871.69).abs() < 0.01); // S
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ValueRow {
    /// Lower edge, money.
    pub lower: f64,
    /// Upper edge, money.
    pub upper: f64,
    /// Transition expectation E\[m | lower ≤ m ≤ `m_max`\], money.
    pub expected: f64,
    /// The band that holds `expected`, from 0.
    pub to_band: usize,
    /// `T_ij`: probability of the next value's place given a last value in this band.
    pub probability: Split,
    /// ∫_band j m2 f(m2 | m1) dm2 averaged over this band, money; `None` where p + q ≤ 1.
    pub moment: Option<Split>,
}

/// All rows for one law and its bands.
///
/// ```text
/// T_ij = ∫_band i [F(e_{j+1} | m1) − F(e_j | m1)] f(m1) dm1 / ∫_band i f(m1) dm1     (S, section 4)
/// F(z | m1) = I(z/(z+k+m1); p, p+q)
/// ```
///
/// The inner integral is closed; the outer one is computed by [`integrate`].
///
/// ```
/// use clvcast::{markov::{Bands, ValueTable}, models::ValueLaw};
/// let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).unwrap();
/// let edges = vec![0.01, 1e3, 1e4, 1e5, 2e5, 3e5, 4e5, 499_999.0];
/// let table = ValueTable::new(law, Bands::new(edges).unwrap());
/// let row = &table.rows[2]; // S: 0.8754 for a last value of 10 000 to 100 000
/// assert_eq!(row.to_band, 2);
/// assert!((row.probability.bands[2] - 0.8753612064).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ValueTable {
    /// The bands.
    pub bands: Bands,
    /// One row per band.
    pub rows: Vec<ValueRow>,
    /// Estimated error of the probabilities, absolute.
    pub error: f64,
    /// Rows of a last value below the first and above the last edge; the expectations of these
    /// are the whole law's and not used by the method.
    outside: [Split; 2],
}

impl ValueTable {
    /// Integrates the table of `law` over `bands`.
    #[must_use]
    pub fn new(law: ValueLaw, bands: Bands) -> Self {
        let mut error = 0.0_f64;
        let mut row_of = |lower: f64, upper: f64, own: Place| {
            let (probability, moment, row_error) = transition(law, &bands, lower, upper, own);
            error = error.max(row_error);
            (probability, moment)
        };
        let mut rows = Vec::with_capacity(bands.len());
        for band in 0..bands.len() {
            let (lower, upper) = bands.limits(band);
            let (probability, moment) = row_of(lower, upper, Place::In(band));
            let expected = expectation(law, lower, bands.max());
            let to_band = bands.nearest(expected);
            rows.push(ValueRow { lower, upper, expected, to_band, probability, moment });
        }
        let below = row_of(0.0, bands.edges()[0], Place::Below).0;
        let above = row_of(bands.max(), f64::INFINITY, Place::Above).0;
        Self { bands, rows, error, outside: [below, above] }
    }

    /// The square matrix over (below, bands…, above), for migration over several steps. Lumping
    /// values into bands is not exactly Markov, so its powers approximate those of the density.
    ///
    /// ```
    /// use clvcast::{markov::{Bands, ValueTable}, models::ValueLaw};
    /// let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).unwrap();
    /// let square = ValueTable::new(law, Bands::new(vec![0.01, 1e4, 1e5]).unwrap()).square();
    /// assert_eq!(square.len(), 4); // below, two bands, above
    /// assert!(square.iter().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-12));
    /// ```
    #[must_use]
    pub fn square(&self) -> Vec<Vec<f64>> {
        let flat = |split: &Split| {
            let mut row = vec![split.below];
            row.extend(&split.bands);
            row.push(split.above);
            row
        };
        let bands = self.rows.iter().map(|row| flat(&row.probability));
        std::iter::once(flat(&self.outside[0]))
            .chain(bands)
            .chain(std::iter::once(flat(&self.outside[1])))
            .collect()
    }
}

/// E\[m | lower ≤ m ≤ max\], money, as a quotient of two integrals on the logarithmic scale, so that
/// it keeps its relative accuracy whatever q is and however little mass the stretch holds.
fn expectation(law: ValueLaw, lower: f64, max: f64) -> f64 {
    if let ValueLaw::Constant(value) = law {
        return value;
    }
    let (from, to) = (lower.ln(), max.ln());
    let mass = log_integral(&|t: f64| law.ln_density(t.exp()) + t, from, to).0;
    let first = log_integral(&|t: f64| law.ln_density(t.exp()) + 2.0 * t, from, to).0;
    // Rounding must not carry the mean of a stretch out of it.
    (first - mass).exp().clamp(lower, max)
}

/// Probabilities and first moments of the next value for a last value in (lower, upper).
fn transition(
    law: ValueLaw,
    bands: &Bands,
    lower: f64,
    upper: f64,
    own: Place,
) -> (Split, Option<Split>, f64) {
    // Nothing lies below a first edge of 0: that row is never entered, and 0/0 must not spread.
    let empty = lower >= upper;
    if empty || matches!(law, ValueLaw::OwnConstant { .. } | ValueLaw::Constant(_)) {
        // The value never changes: the next one is the last one.
        let stay = |place| f64::from(u8::from(place == own));
        let split = Split {
            below: stay(Place::Below),
            bands: (0..bands.len()).map(|band| stay(Place::In(band))).collect(),
            above: stay(Place::Above),
        };
        return (split, None, 0.0);
    }
    let size = bands.len() + 2;
    if let (ValueLaw::SameForAll { .. }, Some(mean)) = (law, law.mean()) {
        // The last value says nothing about the next one: there is nothing to integrate over.
        let split = |total: f64, tails: &dyn Fn(f64) -> Tails| {
            let mut out = vec![0.0; size];
            fill(&mut out, bands, total, tails);
            Split { below: out[0], bands: out[1..size - 1].to_vec(), above: out[size - 1] }
        };
        let none = Tails { lower: 0.0, upper: 0.0 };
        let moment = split(mean, &|z| law.partial_mean(z).unwrap_or(none));
        return (split(1.0, &|z| law.tails(z)), Some(moment), 0.0);
    }
    let next = |t: f64| law.after(1.0, t.exp());
    let ln_weight = |t: f64| law.ln_density(t.exp()) + t;
    // Moments of the rows outside are not used, and for q ≤ 1 the one above is infinite.
    let has_moments = matches!(own, Place::In(_)) && next(0.0).mean().is_some();
    // Moments are integrated as shares of the mean next value, which is of size 1.
    let scale = |t: f64| next(t).mean().unwrap_or(1.0);
    let reference = scale(if upper.is_finite() { upper.ln() } else { lower.ln() });
    let total = if has_moments { 2 * size } else { size };
    let integral = integrate(&ln_weight, lower.ln(), upper.ln(), total, |t, out| {
        let law = next(t);
        fill(&mut out[..size], bands, 1.0, |z| law.tails(z));
        if has_moments {
            let mean = scale(t);
            fill(&mut out[size..], bands, mean / reference, |z| {
                let part = law.partial_mean(z).unwrap_or(Tails { lower: 0.0, upper: 0.0 });
                Tails { lower: part.lower / reference, upper: part.upper / reference }
            });
        }
    });
    let split = |values: &[f64], factor: f64| Split {
        below: values[0] * factor,
        bands: values[1..size - 1].iter().map(|v| v * factor).collect(),
        above: values[size - 1] * factor,
    };
    let moment = has_moments.then(|| split(&integral.means[size..], reference));
    (split(&integral.means[..size], 1.0), moment, integral.error)
}

/// Writes what lies below, in each band, and above, of a quantity with that `total`.
fn fill(out: &mut [f64], bands: &Bands, total: f64, tails: impl Fn(f64) -> Tails) {
    let mut before = Tails { lower: 0.0, upper: total };
    for (slot, &edge) in out.iter_mut().zip(bands.edges()) {
        let at = tails(edge);
        *slot = before.until(at);
        before = at;
    }
    out[bands.len() + 1] = before.upper;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_from_zero_leave_no_gap_and_no_nan() {
        let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).unwrap();
        let table = |edges: Vec<f64>| ValueTable::new(law, Bands::new(edges).unwrap());
        for row in table(vec![0.0, 1e3, 1e4, 499_999.0]).square() {
            // Sums of five rounded numbers.
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-14, "{row:?}");
        }
        // Below 0.01 of a currency unit lies a share of about (0.01/3224)^8.57 = 1e-47.
        let (zero, cent) = (table(vec![0.0, 1e3, 499_999.0]), table(vec![0.01, 1e3, 499_999.0]));
        assert!((zero.rows[0].expected / cent.rows[0].expected - 1.0).abs() < 1e-12);
    }
}
