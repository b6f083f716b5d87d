//! Where values go: the distribution over value bands in a coming period.

use super::chain::ChainSteps;
use crate::markov::{Place, ValueTable};

/// P(value in each place | active in period h) for a customer whose last value lies in `from`:
/// below, the bands, above.
///
/// ```text
/// Σ_s P(active in h; s active periods before) · T^(s+1)[from] / P(active in h)
/// ```
///
/// Each active period is one move of the value. Bands lump the density together, so powers of T
/// approximate the density's own; one move is exact.
///
/// ```
/// use clvcast::forecast::{FrequencyChain, value_places};
/// use clvcast::{markov::{Bands, Place, ValueTable}, models::{RateLaw, ValueLaw}};
/// let bands = Bands::new(vec![0.01, 1e3, 1e4, 1e5]).unwrap();
/// let table = ValueTable::new(ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).unwrap(), bands);
/// let law = RateLaw::nbd(1.84, 2.67).unwrap();
/// let start = law.after(2, 1.0);
/// let steps = FrequencyChain::new(law, vec![1.0; 3], [start]).steps(start);
/// let places = value_places(&table, Place::In(1), &steps[2]);
/// assert_eq!(places.len(), 5);
/// assert!((places.iter().sum::<f64>() - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn value_places(table: &ValueTable, from: Place, steps: &ChainSteps) -> Vec<f64> {
    let square = table.square();
    let size = square.len();
    let index = match from {
        Place::Below => 0,
        Place::In(band) => band + 1,
        Place::Above => size - 1,
    };
    let mut place = vec![0.0; size];
    place[index] = 1.0;
    let mut mixture = vec![0.0; size];
    let active = steps.p_active();
    for weight in &steps.active {
        let mut next = vec![0.0; size];
        for (share, row) in place.iter().zip(&square) {
            for (slot, p) in next.iter_mut().zip(row) {
                *slot += share * p;
            }
        }
        place = next;
        for (slot, share) in mixture.iter_mut().zip(&place) {
            *slot += weight / active * share;
        }
    }
    mixture
}
