//! ln Σ e^ℓ with its first and second derivatives: sums of positive terms of any size.

use nalgebra::{DMatrix, DVector};

use super::objective::Evaluation;

/// A number with its first and second derivatives in N variables, here the logarithms of the
/// parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Jet<const N: usize> {
    pub(super) value: f64,
    pub(super) gradient: [f64; N],
    /// Both triangles.
    pub(super) hessian: [[f64; N]; N],
}

impl<const N: usize> Jet<N> {
    pub(super) const ZERO: Self = Self { value: 0.0, gradient: [0.0; N], hessian: [[0.0; N]; N] };

    /// Adds `n` times another one.
    pub(super) fn add(&mut self, n: f64, other: &Self) {
        self.value += n * other.value;
        for i in 0..N {
            self.gradient[i] += n * other.gradient[i];
            for j in 0..N {
                self.hessian[i][j] += n * other.hessian[i][j];
            }
        }
    }

    /// The sum of jets in their order, so that the same numbers give the same bits.
    pub(super) fn total(parts: &[Self]) -> Self {
        parts.iter().fold(Self::ZERO, |mut sum, part| {
            sum.add(1.0, part);
            sum
        })
    }

    pub(super) fn evaluation(&self) -> Evaluation {
        Evaluation {
            value: self.value,
            gradient: DVector::from_row_slice(&self.gradient),
            hessian: DMatrix::from_fn(N, N, |i, j| self.hessian[i][j]),
        }
    }
}

/// A term may exceed the reference by e to this before everything is scaled anew: sums stay far
/// from overflow at e^709, and what the scaling drops, terms e^−400 of the rest, is nothing.
const HEADROOM: f64 = 300.0;

/// Σ_j e^ℓ_j of terms with derivatives:
///
/// ```text
/// ∂ ln Σ = Σ w_j ∂ℓ_j,    ∂² ln Σ = Σ w_j (∂²ℓ_j + ∂ℓ_j ∂ℓ_jᵀ) − (∂ ln Σ)(∂ ln Σ)ᵀ,    w_j = e^ℓ_j/Σ
/// ```
///
/// All weights are positive, and exponents are taken from a running reference near the largest,
/// so nothing overflows or cancels. [`LogSum::ln`] may be asked at any time: suffix sums serve all
/// histories that share them.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogSum<const N: usize> {
    reference: f64,
    sum: f64,
    first: [f64; N],
    second: [[f64; N]; N],
}

impl<const N: usize> LogSum<N> {
    /// Of one term.
    pub(super) fn new(term: &Jet<N>) -> Self {
        let (first, second) = ([0.0; N], [[0.0; N]; N]);
        let mut sum = Self { reference: term.value, sum: 0.0, first, second };
        sum.add(term);
        sum
    }

    /// Adds a term.
    pub(super) fn add(&mut self, term: &Jet<N>) {
        self.add_weighted(term, 1.0);
    }

    /// Adds `times` e^ℓ, times > 0 of moderate size and without derivatives: the weight of a node.
    pub(super) fn add_weighted(&mut self, term: &Jet<N>, times: f64) {
        let above = term.value - self.reference;
        if above > HEADROOM {
            let scale = (-above).exp();
            self.reference = term.value;
            self.sum *= scale;
            for i in 0..N {
                self.first[i] *= scale;
                self.second[i].iter_mut().for_each(|v| *v *= scale);
            }
        }
        let weight = times * (term.value - self.reference).exp();
        self.sum += weight;
        for i in 0..N {
            let slope = term.gradient[i];
            self.first[i] += weight * slope;
            for j in 0..N {
                self.second[i][j] += weight * (term.hessian[i][j] + slope * term.gradient[j]);
            }
        }
    }

    /// ln Σ without derivatives.
    pub(super) fn value(&self) -> f64 {
        self.reference + self.sum.ln()
    }

    /// ln Σ with its derivatives.
    pub(super) fn ln(&self) -> Jet<N> {
        let gradient = self.first.map(|v| v / self.sum);
        let mut hessian = self.second;
        for i in 0..N {
            for j in 0..N {
                hessian[i][j] = hessian[i][j] / self.sum - gradient[i] * gradient[j];
            }
        }
        Jet { value: self.value(), gradient, hessian }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(value: f64) -> Jet<1> {
        // ℓ = value + 2 v + 3 v²/2 at v = 0.
        Jet { value, gradient: [2.0], hessian: [[3.0]] }
    }

    #[test]
    fn a_sum_of_like_terms_has_their_derivatives() {
        let mut sum = LogSum::new(&term(1.0));
        sum.add(&term(1.0));
        let found = sum.ln();
        assert!((found.value - 1.0 - 2_f64.ln()).abs() < 1e-15);
        assert!((found.gradient[0] - 2.0).abs() < 1e-15);
        assert!((found.hessian[0][0] - 3.0).abs() < 1e-15);
    }

    #[test]
    fn terms_of_any_size_in_any_order() {
        let sizes = [-1e5, 0.0, 900.0, 1e5, 1e5 - 1.0, -7.0];
        let mut forth = LogSum::new(&term(sizes[0]));
        sizes[1..].iter().for_each(|&v| forth.add(&term(v)));
        let mut back = LogSum::new(&term(sizes[5]));
        sizes[..5].iter().rev().for_each(|&v| back.add(&term(v)));
        let expected = 1e5 + (-1_f64).exp().ln_1p();
        for sum in [forth, back] {
            assert!((sum.value() - expected).abs() < 1e-10);
            assert!((sum.ln().hessian[0][0] - 3.0).abs() < 1e-14);
        }
    }
}
