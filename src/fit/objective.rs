//! What the optimiser needs of a likelihood, and how argmin sees it.

use std::cell::{Cell, RefCell};

use argmin::core::{CostFunction, Error, Gradient, Hessian};
use nalgebra::{DMatrix, DVector};

/// A log-likelihood with its derivatives with respect to the *logarithms* of its natural
/// parameters.
///
/// ```
/// use clvcast::fit::Evaluation;
/// use nalgebra::{DMatrix, DVector};
/// // ln L = θ² at θ = 3: the derivatives in ln θ are 2θ² and 4θ².
/// let theta = DVector::from_element(1, 3.0);
/// let gradient = DVector::from_element(1, 6.0);
/// let hessian = DMatrix::from_element(1, 1, 2.0);
/// let evaluation = Evaluation::from_natural(&theta, 9.0, &gradient, &hessian);
/// assert_eq!((evaluation.gradient[0], evaluation.hessian[(0, 0)]), (18.0, 36.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// ln L.
    pub value: f64,
    /// ∂ ln L / ∂ ln θ_j.
    pub gradient: DVector<f64>,
    /// ∂² ln L / ∂ ln θ_i ∂ ln θ_j.
    pub hessian: DMatrix<f64>,
}

impl Evaluation {
    /// From derivatives with respect to the natural parameters `theta`:
    /// ∂/∂ ln θ = θ ∂/∂θ, and the chain rule adds the gradient to the Hessian's diagonal.
    #[must_use]
    pub fn from_natural(
        theta: &DVector<f64>,
        value: f64,
        gradient: &DVector<f64>,
        hessian: &DMatrix<f64>,
    ) -> Self {
        let gradient = theta.component_mul(gradient);
        let scale = DMatrix::from_diagonal(theta);
        let hessian = &scale * hessian * &scale + DMatrix::from_diagonal(&gradient);
        Self { value, gradient, hessian }
    }
}

/// A log-likelihood of positive parameters.
///
/// ```
/// use clvcast::fit::{Evaluation, LogLikelihood};
/// use nalgebra::{DMatrix, DVector};
/// /// 12 purchases in 8 periods at one rate: ln L = 12 ln λ − 8 λ.
/// struct OneRate;
/// impl LogLikelihood for OneRate {
///     fn names(&self) -> &'static [&'static str] {
///         &["rate"]
///     }
///     fn coordinates(&self) -> DMatrix<f64> {
///         DMatrix::identity(1, 1)
///     }
///     fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
///         let rate = theta[0];
///         let gradient = DVector::from_element(1, 12.0 / rate - 8.0);
///         let hessian = DMatrix::from_element(1, 1, -12.0 / (rate * rate));
///         Evaluation::from_natural(theta, 12.0 * rate.ln() - 8.0 * rate, &gradient, &hessian)
///     }
/// }
/// let top = OneRate.evaluate(&DVector::from_element(1, 1.5)); // 12 / 8
/// assert!(top.gradient[0].abs() < 1e-12);
/// assert!((top.hessian[(0, 0)] + 12.0).abs() < 1e-12);
/// ```
pub trait LogLikelihood {
    /// Names of the natural parameters, in order.
    fn names(&self) -> &'static [&'static str];

    /// The matrix M with ln θ = M u from the optimiser's coordinates u, chosen so that their
    /// contours are close to round.
    fn coordinates(&self) -> DMatrix<f64>;

    /// Value and derivatives at the natural parameters `theta`.
    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation;
}

impl<L: LogLikelihood + ?Sized> LogLikelihood for &L {
    fn names(&self) -> &'static [&'static str] {
        (**self).names()
    }

    fn coordinates(&self) -> DMatrix<f64> {
        (**self).coordinates()
    }

    fn evaluate(&self, theta: &DVector<f64>) -> Evaluation {
        (**self).evaluate(theta)
    }
}

/// −ln L in the optimiser's coordinates. Value, gradient and Hessian share one pass over the
/// data; argmin asks for them one by one, so the last pass is kept.
pub(super) struct Problem<'a, L> {
    likelihood: &'a L,
    coordinates: DMatrix<f64>,
    last: RefCell<Option<(DVector<f64>, Evaluation)>>,
    passes: Cell<u64>,
}

impl<'a, L: LogLikelihood> Problem<'a, L> {
    pub(super) fn new(likelihood: &'a L) -> Self {
        Self {
            likelihood,
            coordinates: likelihood.coordinates(),
            last: RefCell::new(None),
            passes: Cell::new(0),
        }
    }

    /// Passes over the data so far.
    pub(super) const fn passes(&self) -> u64 {
        self.passes.get()
    }

    /// The last evaluation, if it was made at `u`.
    pub(super) fn into_last(self, u: &DVector<f64>) -> Option<Evaluation> {
        self.last.into_inner().filter(|(point, _)| point == u).map(|(_, evaluation)| evaluation)
    }

    fn at<T>(&self, u: &DVector<f64>, take: impl Fn(&Evaluation) -> T) -> T {
        let mut last = self.last.borrow_mut();
        if let Some((point, evaluation)) = last.as_ref()
            && point == u
        {
            return take(evaluation);
        }
        self.passes.set(self.passes.get() + 1);
        let theta = (&self.coordinates * u).map(f64::exp);
        let evaluation = self.likelihood.evaluate(&theta);
        take(&last.insert((u.clone(), evaluation)).1)
    }
}

impl<L: LogLikelihood> CostFunction for Problem<'_, L> {
    type Param = DVector<f64>;
    type Output = f64;

    fn cost(&self, u: &Self::Param) -> Result<f64, Error> {
        Ok(self.at(u, |e| -e.value))
    }
}

impl<L: LogLikelihood> Gradient for Problem<'_, L> {
    type Param = DVector<f64>;
    type Gradient = DVector<f64>;

    fn gradient(&self, u: &Self::Param) -> Result<Self::Gradient, Error> {
        Ok(self.at(u, |e| -(self.coordinates.transpose() * &e.gradient)))
    }
}

impl<L: LogLikelihood> Hessian for Problem<'_, L> {
    type Param = DVector<f64>;
    type Hessian = DMatrix<f64>;

    fn hessian(&self, u: &Self::Param) -> Result<Self::Hessian, Error> {
        Ok(self.at(u, |e| -(self.coordinates.transpose() * &e.hessian * &self.coordinates)))
    }
}
