//! A likelihood with shapes held near infinity: its limits, without a second formula.

use nalgebra::{DMatrix, DVector};

use super::objective::{Evaluation, LogLikelihood};

/// ln L of a model with attrition in which one law or both have no spread: instead of (r, α) only
/// the rate r/α, instead of (a, b) only the odds a/b, instead of (s, β) only the rate s/β.
///
/// The shape (r, b, s) of such a law is frozen at [`Frozen::SHAPE`]; with ln θ = P ln φ + offset
/// from the parameters φ that are left, derivatives follow from those of the model.
pub(super) struct Frozen<'a> {
    inner: &'a dyn LogLikelihood,
    map: DMatrix<f64>,
    offset: DVector<f64>,
    coordinates: DMatrix<f64>,
    names: &'static [&'static str],
}

impl<'a> Frozen<'a> {
    /// Differs from the limit by about x²/(2·SHAPE) per customer: below the rounding of ln L for
    /// any x a customer can have.
    const SHAPE: f64 = 1e13;

    /// With one purchase rate for all, or one readiness to leave, or both.
    pub(super) fn new(inner: &'a dyn LogLikelihood, one_rate: bool, one_leaving: bool) -> Self {
        let is_rate = inner.names()[2] == "s";
        let names = Self::parameters(one_rate, one_leaving, is_rate);
        let n = names.len();
        let full = inner.coordinates();
        let (mut map, mut offset) = (DMatrix::zeros(4, n), DVector::zeros(4));
        let mut coordinates = DMatrix::identity(n, n);
        let mut column = 0;
        for (first, frozen) in [(0, one_rate), (2, one_leaving)] {
            if frozen {
                offset.rows_mut(first, 2).fill(Self::SHAPE.ln());
                // The first coordinate of each pair is the logarithm of its rate or odds.
                for row in first..first + 2 {
                    map[(row, column)] = full[(row, first)];
                }
                column += 1;
            } else {
                map.view_mut((first, column), (2, 2)).fill_with_identity();
                let block = full.view((first, first), (2, 2));
                coordinates.view_mut((column, column), (2, 2)).copy_from(&block);
                column += 2;
            }
        }
        Self { inner, map, offset, coordinates, names }
    }

    /// Names of the parameters that are left; `is_rate` where customers leave at a rate.
    pub(super) const fn parameters(
        one_rate: bool,
        one_leaving: bool,
        is_rate: bool,
    ) -> &'static [&'static str] {
        match (one_rate, one_leaving, is_rate) {
            (false, false, false) => &["r", "alpha", "a", "b"],
            (false, false, true) => &["r", "alpha", "s", "beta"],
            (true, false, false) => &["rate", "a", "b"],
            (true, false, true) => &["rate", "s", "beta"],
            (false, true, false) => &["r", "alpha", "odds"],
            (false, true, true) => &["r", "alpha", "mu"],
            (true, true, false) => &["rate", "odds"],
            (true, true, true) => &["rate", "mu"],
        }
    }

    /// The parameters of the model itself.
    pub(super) fn full(&self, theta: &DVector<f64>) -> DVector<f64> {
        (&self.map * theta.map(f64::ln) + &self.offset).map(f64::exp)
    }

    /// The point nearest to natural parameters of the model.
    pub(super) fn project(&self, theta: &[f64]) -> Vec<f64> {
        let of = |name: &str| match name {
            "rate" => theta[0] / theta[1],
            "odds" | "mu" => theta[2] / theta[3],
            _ => {
                let place = self.inner.names().iter().position(|inner| *inner == name);
                theta[place.unwrap_or_default()]
            }
        };
        self.names.iter().map(|name| of(name)).collect()
    }
}

impl LogLikelihood for Frozen<'_> {
    fn names(&self) -> &'static [&'static str] {
        self.names
    }

    fn coordinates(&self) -> DMatrix<f64> {
        self.coordinates.clone()
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        let full = self.inner.evaluate(&self.full(theta));
        Evaluation {
            value: full.value,
            gradient: self.map.transpose() * full.gradient,
            hessian: self.map.transpose() * full.hessian * &self.map,
        }
    }
}
