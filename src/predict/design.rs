//! Few points that stand for a normal law of several dimensions.

use nalgebra::DMatrix;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use statrs::distribution::{ContinuousCDF, Normal};

/// `points` points (rows) of the standard normal law in `dimensions` (columns), spread evenly: a
/// Latin hypercube in mirrored pairs. Each column has one point in each of the equally probable
/// strata, the mean 0 to rounding and the variance 1, so that linear functions of few points have
/// the spread of the law; columns are uncorrelated where there are points enough.
///
/// McKay, Beckman & Conover (1979) for the hypercube; Owen (1994) for why correlations matter.
pub(super) fn normal_points(rng: &mut impl Rng, points: usize, dimensions: usize) -> DMatrix<f64> {
    let mut design = DMatrix::zeros(points, dimensions);
    let Ok(normal) = Normal::new(0.0, 1.0) else { return design };
    let half = points / 2;
    for mut column in design.column_iter_mut() {
        // Strata of the upper half; the mirror image of each takes its counterpart below.
        let mut strata: Vec<usize> = (0..half).collect();
        strata.shuffle(rng);
        for (j, stratum) in strata.into_iter().enumerate() {
            let share = (stratum as f64 + 0.5) / points as f64;
            let sign = if rng.random::<bool>() { 1.0 } else { -1.0 };
            let z =
                sign * normal.inverse_cdf(0.5 + share + 0.5 * (points % 2) as f64 / points as f64);
            column[2 * j] = z;
            column[2 * j + 1] = -z;
        }
        // An odd point lies in the middle.
    }
    if half == 0 {
        return design;
    }
    let second = (design.transpose() * &design) / points as f64;
    // Half of the points are free. Whitening as many dimensions as there are of these would bend
    // the strata beyond recognition.
    let root = (3 * dimensions <= half).then(|| second.clone().cholesky()).flatten();
    let inverse = root.and_then(|root| root.l().transpose().try_inverse());
    if let Some(inverse) = inverse {
        return design * inverse;
    }
    for (j, mut column) in design.column_iter_mut().enumerate() {
        column /= second[(j, j)].sqrt();
    }
    design
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn few_points_have_the_moments_and_the_tails_of_the_law() {
        for (points, dimensions) in [(16, 2), (17, 2), (100, 5), (101, 8), (400, 20)] {
            let mut rng = ChaCha8Rng::seed_from_u64(5);
            let design = normal_points(&mut rng, points, dimensions);
            let n = points as f64;
            for column in design.column_iter() {
                // Sums of up to 400 numbers of size 1.
                assert!(column.sum().abs() < 1e-11);
                assert!((column.norm_squared() / n - 1.0).abs() < 1e-11);
                // A tenth of the law lies beyond 1.645; whitening moves few points across.
                let beyond = column.iter().filter(|z| z.abs() > 1.645).count() as f64;
                assert!((beyond / n - 0.1).abs() < 0.05, "{points} {dimensions}: {beyond}");
            }
            // Any sum over dimensions has the law's variance, too.
            let sums = &design * nalgebra::DVector::from_element(dimensions, 1.0);
            let variance = sums.norm_squared() / n / dimensions as f64;
            assert!((variance - 1.0).abs() < 1e-10, "{points} {dimensions}: {variance}");
        }
    }
}
