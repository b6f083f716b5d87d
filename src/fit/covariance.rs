//! How far estimates may be off together, on the scale of the optimiser.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

/// Covariance matrix of estimates: the inverse of the observed information, on the scale on which
/// the likelihood is climbed. Positive parameters are there by their logarithms (`ln r`), a
/// probability of leaving by that of its odds (`ln odds`), coefficients of calendars and of the
/// dependence of values by themselves (`Q4`, `trend per year`).
///
/// ```
/// use clvcast::fit::{NbdData, fit_nbd};
/// // Ten customers, each with 2 purchases in 4 periods: Var ln λ = 1/Σx.
/// let fit = fit_nbd(&NbdData::new([(2, 4.0, 10)], false))?;
/// let covariance = fit.report.covariance.unwrap();
/// assert_eq!(covariance.names, ["ln rate"]);
/// assert!((covariance.matrix[0][0] - 1.0 / 20.0).abs() < 1e-9);
/// # Ok::<(), clvcast::fit::FitError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Covariance {
    /// The names of rows and columns.
    pub names: Vec<String>,
    /// The rows.
    pub matrix: Vec<Vec<f64>>,
}

impl Covariance {
    /// Of named estimates; those without variance, which are fixed, are left out. `None` where a
    /// number is not finite, or where a variance is negative.
    pub(super) fn new(names: &[String], matrix: &DMatrix<f64>) -> Option<Self> {
        let kept: Vec<usize> = (0..names.len()).filter(|&j| matrix[(j, j)] != 0.0).collect();
        let row = |&i: &usize| kept.iter().map(|&j| matrix[(i, j)]).collect();
        let covariance = Self {
            names: kept.iter().map(|&j| names[j].clone()).collect(),
            matrix: kept.iter().map(row).collect(),
        };
        (!kept.is_empty() && covariance.is_valid()).then_some(covariance)
    }

    /// Of positive parameters, by their logarithms.
    pub(super) fn of_logarithms(names: &[&str], matrix: &DMatrix<f64>) -> Option<Self> {
        let names: Vec<String> = names.iter().map(|name| format!("ln {name}")).collect();
        Self::new(&names, matrix)
    }

    /// Square, finite and with positive variances, as one that was fitted is; a file may hold
    /// anything.
    ///
    /// ```
    /// use clvcast::fit::Covariance;
    /// let one = Covariance { names: vec!["ln a".to_owned()], matrix: vec![vec![0.01]] };
    /// assert!(one.is_valid());
    /// assert!(!Covariance { matrix: vec![vec![-0.01]], ..one }.is_valid());
    /// ```
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let n = self.names.len();
        self.matrix.len() == n
            && self.matrix.iter().all(|row| row.len() == n && row.iter().all(|c| c.is_finite()))
            && (0..n).all(|j| self.matrix[j][j] > 0.0)
    }

    /// The matrix, symmetric to the bit.
    #[must_use]
    pub fn to_matrix(&self) -> DMatrix<f64> {
        let n = self.names.len();
        DMatrix::from_fn(n, n, |i, j| 0.5 * (self.matrix[i][j] + self.matrix[j][i]))
    }

    /// The same with other names.
    pub(super) fn renamed(mut self, name: impl Fn(&str) -> Option<&'static str>) -> Self {
        for own in &mut self.names {
            if let Some(new) = name(own) {
                new.clone_into(own);
            }
        }
        self
    }

    /// Two parts whose estimates know nothing of each other.
    pub(super) fn beside(self, other: Self) -> Self {
        let (n, m) = (self.names.len(), other.names.len());
        let above = self.matrix.into_iter().map(|mut row| {
            row.resize(n + m, 0.0);
            row
        });
        let below = other.matrix.into_iter().map(|row| {
            let mut whole = vec![0.0; n];
            whole.extend(row);
            whole
        });
        Self {
            matrix: above.chain(below).collect(),
            names: self.names.into_iter().chain(other.names).collect(),
        }
    }

    /// The part of some rows.
    pub(super) fn only(&self, keep: impl Fn(&str) -> bool) -> Option<Self> {
        let matrix = self.to_matrix();
        let kept: Vec<usize> = (0..self.names.len()).filter(|&j| keep(&self.names[j])).collect();
        let names: Vec<String> = kept.iter().map(|&j| self.names[j].clone()).collect();
        let part = DMatrix::from_fn(kept.len(), kept.len(), |i, j| matrix[(kept[i], kept[j])]);
        Self::new(&names, &part)
    }

    /// The symmetric A of A Aᵀ = covariance, in which no standard deviation along a principal
    /// direction is larger than `most`: along a ridge the likelihood is flat for orders of
    /// magnitude, and a normal law that follows it says nothing.
    ///
    /// Of all roots the symmetric one moves as little as the covariance does: signs of principal
    /// directions, and turns of those that spread alike, leave it as it is.
    pub(crate) fn root(&self, most: f64) -> DMatrix<f64> {
        let eigen = nalgebra::SymmetricEigen::new(self.to_matrix());
        let deviations = DVector::from_iterator(
            eigen.eigenvalues.len(),
            eigen.eigenvalues.iter().map(|&value| value.max(0.0).sqrt().min(most)),
        );
        let directions = eigen.eigenvectors;
        &directions * DMatrix::from_diagonal(&deviations) * directions.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_squared_is_the_covariance_and_ridges_are_cut() {
        let names: Vec<String> = ["ln a", "ln b"].map(str::to_owned).to_vec();
        let matrix = DMatrix::from_row_slice(2, 2, &[0.5, 0.3, 0.3, 0.4]);
        let covariance = Covariance::new(&names, &matrix).unwrap();
        let root = covariance.root(10.0);
        // Two by two: rounding only.
        assert!((&root * root.transpose() - &matrix).amax() < 1e-14);
        let ridge = DMatrix::from_row_slice(2, 2, &[100.0, 99.9, 99.9, 100.0]);
        let cut = Covariance::new(&names, &ridge).unwrap().root(1.0);
        assert!((cut.transpose() * &cut).amax() <= 1.0 + 1e-12);
        // Directions that spread alike may be any: what spreads alike stays alike.
        let alike = DMatrix::from_row_slice(2, 2, &[0.25, 1e-17, 1e-17, 0.25]);
        let root = Covariance::new(&names, &alike).unwrap().root(1.0);
        assert!((root - DMatrix::from_diagonal_element(2, 2, 0.5)).amax() < 1e-14);
    }

    #[test]
    fn parts_lie_beside_each_other_and_come_apart_again() {
        let one = Covariance { names: vec!["a".into()], matrix: vec![vec![2.0]] };
        let two = Covariance {
            names: vec!["b".into(), "c".into()],
            matrix: vec![vec![3.0, 1.0], vec![1.0, 4.0]],
        };
        let both = one.clone().beside(two.clone());
        assert_eq!(both.matrix[0], [2.0, 0.0, 0.0]);
        assert_eq!(both.only(|name| name == "a"), Some(one));
        assert_eq!(both.only(|name| name != "a"), Some(two));
        assert_eq!(both.only(|_| false), None);
    }
}
