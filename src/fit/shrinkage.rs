//! How far coefficients are shrunk towards 0: as far as the data say.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Coefficients of this variance move no period by a thousandth (three times √1e-7): 0.
pub(super) const FLAT: f64 = 1e-7;
/// A standard deviation of 3 in ln: factors of 20 between periods. No season is larger.
const LARGEST: f64 = 10.0;
/// Points of the search per unit of ln σ²: the evidence bends over whole units.
const PER_UNIT: f64 = 4.0;
/// Halvings by the golden section: 0.618³⁰ of half a unit is 3e-7, below what is asked of σ².
const SECTIONS: usize = 30;

/// The variance σ² of a common prior N(0, σ²) that makes the data most probable, for coefficients
/// whose likelihood is quadratic with that information A and, at 0, that score h (so its top lies
/// at A⁻¹h); 0 where the data see nothing.
///
/// With A = U diag(a) U′ and c = U′h, the likelihood integrated over the prior is, against that of
/// coefficients of 0,
///
/// ```text
/// ln Z(σ²) = ½ Σ_j [σ² c_j²/(1 + σ² a_j) − ln(1 + σ² a_j)]
/// ```
///
/// which may have several maxima; the largest is taken. A fixed-point iteration would creep to 0.
pub(super) fn most_probable_variance(information: &DMatrix<f64>, score: &DVector<f64>) -> f64 {
    let eigen = SymmetricEigen::new(information.clone());
    let along = eigen.eigenvectors.transpose() * score;
    let evidence = |ln_variance: f64| -> f64 {
        let variance = ln_variance.exp();
        let terms = eigen.eigenvalues.iter().zip(&along).map(|(&a, &c)| {
            // Directions the data do not see may have an a of minus a rounding.
            let seen = variance * a.max(0.0);
            variance * c * c / (1.0 + seen) - seen.ln_1p()
        });
        0.5 * terms.sum::<f64>()
    };
    let (low, high) = (FLAT.ln(), LARGEST.ln());
    let step = 1.0 / PER_UNIT;
    let (mut best, mut top) = (low, 0.0);
    let mut at = low;
    while at < high {
        let value = evidence(at);
        if value > top {
            (best, top) = (at, value);
        }
        at += step;
    }
    if best == low {
        return 0.0;
    }
    let shrink = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut from, mut to) = (best - step, best + step);
    for _ in 0..SECTIONS {
        let width = shrink * (to - from);
        if evidence(to - width) > evidence(from + width) {
            to = from + width;
        } else {
            from = to - width;
        }
    }
    (0.5 * (from + to)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Golden section finds a maximum to √ε of its place at best; SECTIONS stops before.
    const TOLERANCE: f64 = 1e-5;

    /// With one information a for all, the estimates b̂ are N(0, σ² + 1/a): σ̂² = mean b̂² − 1/a.
    #[test]
    fn equal_informations_have_a_closed_form() {
        let a = 100.0;
        let estimates = DVector::from_row_slice(&[0.3, -0.1, 0.2, 0.05]);
        let variance =
            most_probable_variance(&(DMatrix::identity(4, 4) * a), &(estimates.clone() * a));
        let expected = estimates.norm_squared() / 4.0 - 1.0 / a;
        assert!((variance / expected - 1.0).abs() < TOLERANCE, "{variance} {expected}");
    }

    #[test]
    fn what_chance_explains_is_shrunk_to_zero() {
        let a = 100.0;
        let score = DVector::from_row_slice(&[0.09, -0.05, 0.02, 0.01]) * a; // mean b̂² < 1/a
        assert_eq!(most_probable_variance(&(DMatrix::identity(4, 4) * a), &score), 0.0);
    }

    #[test]
    fn a_direction_that_is_not_seen_changes_nothing() {
        let a = DMatrix::from_diagonal(&DVector::from_row_slice(&[100.0, 100.0, 0.0]));
        let score = DVector::from_row_slice(&[30.0, -20.0, 0.0]);
        let expected = 0.5 * (0.09 + 0.04) - 0.01;
        assert!((most_probable_variance(&a, &score) / expected - 1.0).abs() < TOLERANCE);
    }
}
