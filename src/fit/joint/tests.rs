use super::*;
use crate::fit::report::StopReason;
use crate::models::special::{digamma_step, ln_rising, trigamma_step};

/// Counts `N_it` ~ Poisson(λ_i e^(β·x_t)) with λ ~ Gamma(r, α), a row of `design` per period:
/// ln L = Σ_i [ln Γ(r+x_i)/Γ(r) + r ln α − (r+x_i) ln(α+E) + Σ_t N_it β·x_t], E = Σ_t e^(β·x_t).
struct Counts {
    design: DMatrix<f64>,
    customers: Vec<Vec<u32>>,
    /// Whether the second derivatives in β are told or left to differences.
    told: bool,
}

impl Counts {
    fn by_period(&self) -> DVector<f64> {
        let periods = self.design.nrows();
        DVector::from_fn(periods, |t, _| self.customers.iter().map(|n| f64::from(n[t])).sum())
    }

    fn totals(&self) -> impl Iterator<Item = u32> + '_ {
        self.customers.iter().map(|n| n.iter().sum())
    }
}

impl Conditional for Counts {
    fn names(&self) -> &'static [&'static str] {
        &["r", "alpha"]
    }

    fn coordinates(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 1.0])
    }

    fn evaluate(&self, theta: &DVector<f64>, beta: &DVector<f64>) -> (Evaluation, DVector<f64>) {
        let (r, alpha) = (theta[0], theta[1]);
        let ln_factors = &self.design * beta;
        let factors = ln_factors.map(f64::exp);
        let e = factors.sum();
        let (mut value, mut dr, mut da) = (self.by_period().dot(&ln_factors), 0.0, 0.0);
        let (mut drr, mut dra, mut daa, mut weight) = (0.0, 0.0, 0.0, 0.0);
        for count in self.totals() {
            let x = f64::from(count);
            value += ln_rising(r, count) - r * (e / alpha).ln_1p() - x * (alpha + e).ln();
            dr += digamma_step(r, x) - (e / alpha).ln_1p();
            da += r / alpha - (r + x) / (alpha + e);
            drr += trigamma_step(r, x);
            dra += 1.0 / alpha - 1.0 / (alpha + e);
            daa += (r + x) / (alpha + e).powi(2) - r / (alpha * alpha);
            weight += (r + x) / (alpha + e);
        }
        let gradient = DVector::from_row_slice(&[dr, da]);
        let hessian = DMatrix::from_row_slice(2, 2, &[drr, dra, dra, daa]);
        let by_beta = self.design.transpose() * (self.by_period() - weight * factors);
        (Evaluation::from_natural(theta, value, &gradient, &hessian), by_beta)
    }

    fn curvature(
        &self,
        theta: &DVector<f64>,
        beta: &DVector<f64>,
    ) -> Option<(DMatrix<f64>, DMatrix<f64>)> {
        let (r, alpha) = (theta[0], theta[1]);
        let factors = (&self.design * beta).map(f64::exp);
        let e = factors.sum();
        let g = self.design.transpose() * &factors;
        let (mut weight, mut second, mut n) = (0.0, 0.0, 0.0);
        for x in self.totals().map(f64::from) {
            weight += (r + x) / (alpha + e);
            second += (r + x) / (alpha + e).powi(2);
            n += 1.0;
        }
        let own = &g * g.transpose() * second
            - self.design.transpose() * DMatrix::from_diagonal(&factors) * &self.design * weight;
        let mut cross = DMatrix::zeros(2, g.len());
        cross.set_row(0, &(-&g * (n * r / (alpha + e))).transpose());
        cross.set_row(1, &(&g * (alpha * second)).transpose());
        self.told.then_some((cross, own))
    }
}

/// Customers who differ, in `periods` periods whose totals are those of `weights`, times 16.
fn counts(weights: &[u32], design: DMatrix<f64>, told: bool) -> Counts {
    let levels = [0, 0, 1, 2, 5, 8];
    let customers = levels.map(|level| weights.iter().map(|w| level * w).collect()).to_vec();
    Counts { design, customers, told }
}

/// Climbs end within 1e-5 standard errors, and the last step squares that.
const CONVERGED: f64 = 1e-8;

/// Everybody is seen in every period, so the factors are those of the totals: ln(3/2) and ln 1.
#[test]
fn fixed_effects_are_the_logarithms_of_the_totals() {
    for told in [false, true] {
        let design = DMatrix::from_row_slice(3, 2, &[0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
        let data = counts(&[2, 3, 2], design, told);
        let fit = fit_joint(&data, &[1.0, 1.0], &[0.0, 0.0], None, &[false, false]);
        assert!(matches!(fit.climb.stop, StopReason::Converged | StopReason::Precision));
        assert!((fit.beta[0] - 1.5_f64.ln()).abs() < CONVERGED, "{}", fit.beta[0]);
        assert!(fit.beta[1].abs() < CONVERGED, "{}", fit.beta[1]);
        assert_eq!((fit.variance, fit.effective), (None, 2.0));
        // Given the customers' totals the counts are multinomial: Var β_1 = 1/N_1 + 1/N_2.
        let covariance = fit.covariance.unwrap();
        let expected = 1.0 / 32.0 + 1.0 / 48.0;
        // Differences leave ten digits of the Hessian.
        assert!((covariance[(2, 2)] / expected - 1.0).abs() < 1e-7, "{}", covariance[(2, 2)]);
    }
}

/// Eight quarters of two years, a column per quarter of the year: with the level they are
/// collinear, which the prior resolves.
fn quarters() -> DMatrix<f64> {
    DMatrix::from_fn(8, 4, |t, j| f64::from(u8::from(t % 4 == j)))
}

#[test]
fn coefficients_of_flat_data_are_zero() {
    let data = counts(&[2; 8], quarters(), true);
    let fit = fit_joint(&data, &[1.0, 1.0], &[0.0; 4], None, &[true; 4]);
    assert_eq!(fit.variance, Some(0.0));
    assert_eq!((fit.beta.amax(), fit.effective), (0.0, 0.0));
    // The law is that without coefficients.
    let alone = counts(&[2; 8], DMatrix::zeros(8, 0), true);
    let alone = fit_joint(&alone, &[1.0, 1.0], &[], None, &[]);
    assert!((fit.value - alone.value).abs() < CONVERGED);
    assert!((fit.climb.theta.rows(0, 2) - alone.climb.theta.rows(0, 2)).amax() < CONVERGED);
}

#[test]
fn a_season_is_kept_and_shrunk_a_little() {
    let data = counts(&[2, 2, 2, 6, 2, 2, 2, 6], quarters(), true);
    let fit = fit_joint(&data, &[1.0, 1.0], &[0.0; 4], None, &[true; 4]);
    let rise = fit.beta[3] - fit.beta[0];
    // ln 3, less a share of the order of Var β/σ²: 192 purchases against a σ² of about 0.3.
    assert!(rise < 3.0_f64.ln() && rise > 0.9 * 3.0_f64.ln(), "{rise}");
    assert!((fit.beta[0] - fit.beta[1]).abs() < CONVERGED);
    // Four coefficients, of which the level takes one.
    assert!(fit.effective > 2.0 && fit.effective < 3.0, "{}", fit.effective);
    // At the top of the evidence: σ² = Σ β²/Σ(1 − Var β/σ²), MacKay's fixed point. The variance
    // is settled to VARIANCE_TOLERANCE, and the curvature changes with it as much.
    let (variance, covariance) = (fit.variance.unwrap(), fit.covariance.unwrap());
    let seen: f64 = (0..4).map(|j| 1.0 - covariance[(2 + j, 2 + j)] / variance).sum();
    let fixed = fit.beta.norm_squared() / seen;
    assert!((variance / fixed - 1.0).abs() < 3.0 * VARIANCE_TOLERANCE, "{variance} {fixed}");
}

/// The Hessian told, the one from differences, and differences of the value of the whole.
#[test]
fn the_joint_hessian_is_the_derivative_of_the_joint_gradient() {
    let weights = [1, 2, 3, 6, 2, 1, 2, 5];
    let point = DVector::from_row_slice(&[0.8, 1.3, 1.1, 0.9, 1.2, 1.4]);
    let [told, found] = [true, false].map(|told| {
        let data = counts(&weights, quarters(), told);
        let joint = Joint::new(&data, &[true; 4], Some(0.3));
        let here = joint.evaluate(&point);
        let step = 1e-4_f64;
        for j in 0..point.len() {
            let at = |by: f64| {
                let mut moved = point.clone();
                moved[j] *= by.exp();
                joint.evaluate(&moved)
            };
            let (up, down) = (at(step), at(-step));
            // Off by step²/6 of a third derivative of the size of ln L.
            let tolerance = 1e-8 * here.value.abs();
            let slope = (up.value - down.value) / (2.0 * step);
            assert!((here.gradient[j] - slope).abs() < tolerance, "{j}");
            let column = (up.gradient - down.gradient) / (2.0 * step);
            // A forward difference adds its step times such a derivative.
            let tolerance = if told { tolerance } else { tolerance + STEP * here.value.abs() };
            assert!((here.hessian.column(j) - column).amax() < tolerance, "{j}");
        }
        here.hessian
    });
    assert!((&told - found).amax() < STEP * told.amax());
}
