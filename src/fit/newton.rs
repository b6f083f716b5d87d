//! Newton's method with a trust radius, as an argmin solver.
//!
//! Likelihoods here have two to six parameters and exact Hessians, so a Newton step is cheap and
//! converges quadratically. Away from the maximum the Hessian may be indefinite: its eigenvalues
//! are taken by magnitude, so that a step always climbs. argmin's own Newton methods have no such
//! guard, and its trust region has no stopping rule.

use argmin::core::{
    CostFunction, Error, Executor, Gradient, Hessian, IterState, KV, Problem as Counted, Solver,
    State, TerminationReason, TerminationStatus,
};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::covariance::Covariance;
use super::objective::{Evaluation, LogLikelihood, Problem};
use super::report::{Estimate, StopReason};

/// Stop when a full Newton step promises less than this rise of ln L. Half the squared distance
/// to the maximum in standard errors, so parameters are then within 1e-5 standard errors, and the
/// last step, which is still taken, squares that.
const DECREMENT: f64 = 1e-10;
/// Largest step, in logarithms of the parameters: a factor of e².
const RADIUS: f64 = 2.0;
/// Beyond these (a factor of 1e12 from 1 after data are scaled) a likelihood cannot be told from
/// its limit in double precision.
const BOUNDARY: f64 = 27.6;
const MAX_ITERATIONS: u64 = 200;
/// ln L is a sum whose rounding error is mostly below this share of its size.
const ROUNDING: f64 = 1e-14;
/// And always below so many times that.
const CLOSE: f64 = 1e3;

type Point = IterState<DVector<f64>, DVector<f64>, (), DMatrix<f64>, (), f64>;

struct TrustedNewton {
    stop: Option<StopReason>,
}

impl TrustedNewton {
    /// −|H|⁻¹ g by eigenvalues, and the decrement gᵀ|H|⁻¹g.
    fn step(gradient: &DVector<f64>, hessian: &DMatrix<f64>) -> (DVector<f64>, f64) {
        let eigen = SymmetricEigen::new(hessian.clone());
        // A curvature this small against the largest is rounding; it must not make a step of 1e16.
        let floor = eigen.eigenvalues.amax() * 1e-14 + f64::MIN_POSITIVE;
        let along = eigen.eigenvectors.transpose() * gradient;
        let scaled =
            DVector::from_fn(along.len(), |i, _| along[i] / eigen.eigenvalues[i].abs().max(floor));
        (-(&eigen.eigenvectors * &scaled), along.dot(&scaled))
    }
}

impl<O> Solver<O, Point> for TrustedNewton
where
    O: CostFunction<Param = DVector<f64>, Output = f64>
        + Gradient<Param = DVector<f64>, Gradient = DVector<f64>>
        + Hessian<Param = DVector<f64>, Hessian = DMatrix<f64>>,
{
    fn name(&self) -> &'static str {
        "Newton with trust radius"
    }

    fn next_iter(
        &mut self,
        problem: &mut Counted<O>,
        mut state: Point,
    ) -> Result<(Point, Option<KV>), Error> {
        let point = state.take_param().ok_or_else(|| Error::msg("no start point"))?;
        let cost = problem.cost(&point)?;
        let gradient = problem.gradient(&point)?;
        let hessian = problem.hessian(&point)?;
        let (mut step, decrement) = Self::step(&gradient, &hessian);
        let length = step.norm();
        if length > RADIUS {
            step *= RADIUS / length;
        }
        let noise = ROUNDING * cost.abs();
        if decrement < DECREMENT.max(noise) {
            // So near the top costs differ by rounding, and cannot say which share of the step is
            // best; the full one squares the distance.
            let next = &point + &step;
            let value = problem.cost(&next)?;
            if value <= cost + DECREMENT.max(CLOSE * noise) {
                self.stop = Some(StopReason::Converged);
                return Ok((state.param(next).cost(value), None));
            }
        }
        let slope = gradient.dot(&step);
        let mut share = 1.0;
        let accepted = loop {
            let candidate = &point + &step * share;
            let value = problem.cost(&candidate)?;
            // Armijo's rule; a decrease below the rounding error counts as one.
            if value <= cost + 1e-4 * share * slope + noise {
                break Some((candidate, value));
            }
            share *= 0.5;
            if share < 1e-10 {
                break None;
            }
        };
        let Some((next, value)) = accepted else {
            self.stop = Some(StopReason::Precision);
            return Ok((state.param(point).cost(cost), None));
        };
        if decrement < DECREMENT.max(noise) {
            self.stop = Some(StopReason::Converged);
        } else if next.amax() > BOUNDARY {
            self.stop = Some(StopReason::Boundary);
        }
        Ok((state.param(next).cost(value), None))
    }

    fn terminate(&mut self, _state: &Point) -> TerminationStatus {
        match self.stop {
            Some(_) => TerminationStatus::Terminated(TerminationReason::SolverConverged),
            None => TerminationStatus::NotTerminated,
        }
    }
}

/// Where one climb ended.
#[derive(Debug, Clone)]
pub(super) struct Climb {
    pub(super) theta: DVector<f64>,
    /// The likelihood there, if that was the last point it was evaluated at.
    pub(super) at: Option<Evaluation>,
    pub(super) value: f64,
    pub(super) stop: StopReason,
    pub(super) iterations: u64,
    pub(super) evaluations: u64,
}

/// Climbs from the natural parameters `start`.
pub(super) fn climb<L: LogLikelihood>(likelihood: &L, start: &[f64]) -> Climb {
    let coordinates = likelihood.coordinates();
    let to_log = coordinates.clone().try_inverse().expect("coordinates are invertible");
    let u = to_log * DVector::from_iterator(start.len(), start.iter().map(|v| v.ln()));
    let solver = TrustedNewton { stop: None };
    let run = Executor::new(Problem::new(likelihood), solver)
        .configure(|state| state.param(u.clone()).max_iters(MAX_ITERATIONS))
        .timer(false)
        .run();
    // The objective itself never fails, so neither does the run.
    let mut result = run.expect("the objective is infallible");
    let problem = result.problem.take_problem();
    let evaluations = problem.as_ref().map_or(0, Problem::passes);
    let state = result.state;
    // The last point, not the one of the lowest cost: near the top costs differ by rounding alone,
    // and the last full step is what squares the distance to it.
    let point: DVector<f64> = state.get_param().cloned().unwrap_or(u);
    Climb {
        theta: (&coordinates * &point).map(f64::exp),
        at: problem.and_then(|problem| problem.into_last(&point)),
        value: -state.get_cost(),
        stop: result.solver.stop.unwrap_or(StopReason::MaxIterations),
        iterations: state.get_iter(),
        evaluations,
    }
}

/// Climbs from every start; the best end, with the effort of all.
pub(super) fn climb_all<L: LogLikelihood>(likelihood: &L, starts: &[Vec<f64>]) -> Option<Climb> {
    let climbs: Vec<Climb> = starts.iter().map(|start| climb(likelihood, start)).collect();
    let iterations = climbs.iter().map(|c| c.iterations).sum();
    let evaluations = climbs.iter().map(|c| c.evaluations).sum();
    let best = climbs.into_iter().filter(|c| c.value.is_finite()).reduce(|best, next| {
        // Ends of the same maximum differ by rounding; prefer the one that converged.
        let margin = ROUNDING * best.value.abs() * 100.0;
        let converged = |c: &Climb| matches!(c.stop, StopReason::Converged | StopReason::Precision);
        let better = next.value > best.value + margin
            || (next.value > best.value - margin && converged(&next) && !converged(&best));
        if better { next } else { best }
    })?;
    Some(Climb { iterations, evaluations, ..best })
}

/// How exactly estimates are known.
#[derive(Default)]
pub(super) struct Precision {
    /// Estimates with standard errors and 95 % intervals from the observed information.
    pub(super) estimates: Vec<Estimate>,
    /// Largest component of the gradient.
    pub(super) gradient_norm: f64,
    /// Inverse of the observed information in ln θ.
    pub(super) covariance: Option<Covariance>,
}

/// The precision of the maximum where a climb of this likelihood ended.
pub(super) fn precision<L: LogLikelihood>(likelihood: &L, end: &Climb) -> Precision {
    let theta = &end.theta;
    let evaluation = end.at.clone().unwrap_or_else(|| likelihood.evaluate(theta));
    let covariance = (-evaluation.hessian).cholesky().map(|factor| factor.inverse());
    let estimates = likelihood.names().iter().enumerate().map(|(j, &name)| {
        Estimate::on_log_scale(name, theta[j], covariance.as_ref().map(|c| c[(j, j)].sqrt()))
    });
    Precision {
        estimates: estimates.collect(),
        gradient_norm: evaluation.gradient.amax(),
        covariance: covariance
            .as_ref()
            .and_then(|c| Covariance::of_logarithms(likelihood.names(), c)),
    }
}
