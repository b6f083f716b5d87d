//! Gradients and Hessians against differences of values and gradients; sums against other sums.

use clvcast::fit::{
    Attrition, Histories, LogLikelihood, NbdTimed, Start, TimeGradient, TimedLikelihood,
};
use nalgebra::DVector;
use proptest::collection::vec;
use proptest::prelude::*;

/// The fourth-order difference is off by h⁴/30 of the fifth derivative. With exponents up to k and
/// h = REACH/k it is that of a function of ln-sums of kθ: REACH⁴/30 = 3.3e-10 of k times the slope,
/// times up to 4! where two terms change places.
const REACH: f64 = 1e-2;
const TRUNCATION: f64 = 3e-8;
/// Rounding of a likelihood of size 1, a few 1e-15, for each of the two sums it may cancel from.
const ROUNDING: f64 = 1e-14;

/// (f(−2h) − 8 f(−h) + 8 f(h) − f(2h)) / 12h.
fn difference(step: f64, f: impl Fn(f64) -> f64) -> f64 {
    (f(-2.0 * step) - 8.0 * f(-step) + 8.0 * f(step) - f(2.0 * step)) / (12.0 * step)
}

fn vector(theta: &[f64]) -> DVector<f64> {
    DVector::from_row_slice(theta)
}

/// Exponents in the likelihood, and the size of its terms.
fn scales(data: &Histories, theta: &[f64]) -> (f64, f64) {
    let most = data.rows.iter().map(|row| row.x).max().unwrap_or(0);
    let exponent = 1.0 + f64::from(most) + theta.iter().sum::<f64>();
    let term = |t: f64| (2.0 + t / theta[1]).ln() + (2.0 + theta[0] / theta[1]).ln().abs() + 1.0;
    let size = data.rows.iter().map(|row| {
        let ends = &data.starts[row.start as usize].ends;
        row.customers * (exponent * term(data.starts[row.start as usize].t) + ends.len() as f64)
    });
    (exponent, size.sum())
}

fn check(kind: Attrition, data: &Histories, theta: &[f64]) -> Result<(), TestCaseError> {
    let likelihood = kind.likelihood(data);
    let here = likelihood.evaluate(&vector(theta));
    let (exponent, size) = scales(data, theta);
    let step = REACH / exponent;
    let slope = here.gradient.amax() + here.hessian.amax() + exponent;
    let tolerance = TRUNCATION * slope + ROUNDING * size * exponent / step;
    for j in 0..4 {
        let at = |step: f64| {
            let mut moved = vector(theta);
            moved[j] *= step.exp();
            likelihood.evaluate(&moved)
        };
        let gradient = difference(step, |h| at(h).value);
        prop_assert!(
            (here.gradient[j] - gradient).abs() <= tolerance,
            "{kind:?} gradient {j} at {theta:?}: {} against {gradient}",
            here.gradient[j]
        );
        for i in 0..4 {
            let hessian = difference(step, |h| at(h).gradient[i]);
            prop_assert!(
                (here.hessian[(i, j)] - hessian).abs() <= tolerance,
                "{kind:?} hessian {i} {j} at {theta:?}: {} against {hessian}",
                here.hessian[(i, j)]
            );
        }
    }
    Ok(())
}

fn positive(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}

/// Customers (x, t_x/T, T, how many).
fn customers() -> impl Strategy<Value = Vec<(u32, f64, f64, u64)>> {
    vec((0_u32..15, 0.01_f64..1.0, positive(0.5, 50.0), 1_u64..5), 1..8)
}

fn in_time(customers: &[(u32, f64, f64, u64)]) -> Histories {
    Histories::from_summaries(
        customers.iter().map(|&(x, s, t, n)| (x, if x == 0 { 0.0 } else { s * t }, t, n)),
    )
}

/// With sub-periods of 1.7, counted back from T.
fn in_sub_periods(customers: &[(u32, f64, f64, u64)]) -> Histories {
    Histories::new(customers.iter().map(|&(x, s, t, n)| {
        let mut ends: Vec<f64> =
            (0..).map(|j| t - 1.7 * f64::from(j)).take_while(|end| *end >= 0.0).collect();
        ends.reverse();
        (Start { t, ends }, x, if x == 0 { 0.0 } else { s * t }, n)
    }))
}

fn parameters() -> impl Strategy<Value = [f64; 4]> {
    [positive(0.05, 20.0), positive(0.05, 50.0), positive(0.05, 20.0), positive(0.05, 50.0)]
}

/// Sum over rows of a start of ∂/∂T, and each row's ∂/∂t_x, against differences.
fn check_times(
    data: &Histories,
    exponent: f64,
    value: impl Fn(&Histories) -> f64,
    found: &TimeGradient,
) -> Result<(), TestCaseError> {
    let close = |found: f64, expected: f64, step: f64| {
        let tolerance = TRUNCATION * (expected.abs() + exponent) + 1e-12 * exponent / step;
        prop_assert!((found - expected).abs() <= tolerance, "{found} against {expected}");
        Ok(())
    };
    for i in 0..data.starts.len() {
        let rows = data.rows.iter().zip(&found.rows).filter(|(row, _)| row.start as usize == i);
        let slope: f64 = rows.map(|(_, slope)| slope.1).sum();
        let step = REACH * 0.05 / exponent;
        let expected = difference(step, |h| {
            let mut moved = data.clone();
            moved.starts[i].t += h;
            value(&moved)
        });
        close(slope, expected, step)?;
    }
    for (i, slope) in found.rows.iter().enumerate().filter(|(i, _)| data.rows[*i].x > 0) {
        let step = REACH * data.rows[i].t_x.min(0.05) / exponent;
        let expected = difference(step, |h| {
            let mut moved = data.clone();
            moved.rows[i].t_x += h;
            value(&moved)
        });
        close(slope.0, expected, step)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn derivatives_in_the_parameters(customers in customers(), theta in parameters()) {
        let data = in_time(&customers);
        for kind in super::support::IN_TIME {
            check(kind, &data, &theta)?;
        }
        check(Attrition::Pdo { tau: 7 }, &in_sub_periods(&customers), &theta)?;
    }

    #[test]
    fn derivatives_in_the_times(customers in customers(), theta in parameters()) {
        // Away from T, which a difference must not pass.
        let customers: Vec<_> = customers.iter().map(|c| (c.0, c.1 * 0.9, c.2, c.3)).collect();
        let data = in_time(&customers);
        let (exponent, size) = scales(&data, &theta);
        let exponent = exponent * (1.0 + size);
        for kind in super::support::IN_TIME {
            let value = |data: &Histories| kind.likelihood(data).evaluate(&vector(&theta)).value;
            let found = kind.likelihood(&data).time_gradient(&vector(&theta));
            prop_assert_eq!(found.rows.len(), data.rows.len());
            check_times(&data, exponent, value, &found)?;
        }
        let two = vector(&[theta[1], theta[0]]);
        let value = |data: &Histories| NbdTimed::new(data).evaluate(&two).value;
        check_times(&data, exponent, value, &NbdTimed::new(&data).time_gradient(&two))?;
    }

    #[test]
    fn derivatives_in_the_ends(customers in customers(), theta in parameters()) {
        let kind = Attrition::Pdo { tau: 7 };
        let data = in_sub_periods(&customers);
        let found = kind.likelihood(&data).time_gradient(&vector(&theta));
        let (exponent, size) = scales(&data, &theta);
        let step = REACH * 0.05 / exponent;
        for (i, start) in data.starts.iter().enumerate() {
            for c in 0..start.ends.len() {
                let expected = difference(step, |h| {
                    let mut moved = data.clone();
                    moved.starts[i].ends[c] += h;
                    if c + 1 == start.ends.len() {
                        moved.starts[i].t = moved.starts[i].ends[c];
                    }
                    kind.likelihood(&moved).evaluate(&vector(&theta)).value
                });
                let tolerance = TRUNCATION * (expected.abs() + exponent) * (1.0 + size)
                    + ROUNDING * size * exponent / step;
                let found = found.ends[i][c];
                prop_assert!((found - expected).abs() <= tolerance, "{c}: {found} {expected}");
            }
        }
    }

    #[test]
    fn equal_histories_and_their_order_do_not_matter(
        customers in customers(), theta in parameters(), shift in 0_usize..8,
    ) {
        let mut turned = customers.clone();
        turned.rotate_left(shift % customers.len());
        let single: Vec<_> = turned
            .iter()
            .flat_map(|&(x, s, t, n)| vec![(x, s, t, 1); usize::try_from(n).unwrap()])
            .collect();
        prop_assert_eq!(in_time(&single), in_time(&customers));
        prop_assert_eq!(in_sub_periods(&single), in_sub_periods(&customers));
        // Rows that are not collapsed: the same sums in another order.
        let mut apart = in_time(&customers);
        let halves = apart.rows.iter().flat_map(|&row| {
            let half = clvcast::fit::History { customers: row.customers / 2.0, ..row };
            [half, half]
        });
        apart.rows = halves.collect();
        for kind in super::support::IN_TIME {
            let whole = kind.likelihood(&in_time(&customers)).evaluate(&vector(&theta));
            let halves = kind.likelihood(&apart);
            // Its counts are whole numbers of customers, so only t_x's part is compared.
            let left = halves.time_gradient(&vector(&theta));
            let all = kind.likelihood(&in_time(&customers)).time_gradient(&vector(&theta));
            prop_assert!(whole.value.is_finite());
            for (i, row) in all.rows.iter().enumerate() {
                let sum = left.rows[2 * i].0 + left.rows[2 * i + 1].0;
                prop_assert!((sum - row.0).abs() <= 1e-12 * row.0.abs());
            }
        }
    }

    /// Against Simpson's rule on 20 000 intervals in v = ln(min(α, β) + y), which is another rule
    /// on other points; its own error is (range·k/20000)⁴/180.
    #[test]
    fn the_integral_of_the_pareto_nbd(
        x in 0_u32..40, share in 0.0_f64..1.0, t in positive(0.1, 100.0),
        theta in [positive(0.01, 50.0), positive(0.01, 100.0), positive(0.01, 50.0), positive(0.01, 100.0)],
    ) {
        let t_x = if x == 0 { 0.0 } else { share * t };
        let [r, alpha, s, beta] = theta;
        let n = r + f64::from(x);
        let low = alpha.min(beta);
        let range = ((t - t_x) / (low + t_x)).ln_1p();
        // Relative to the integrand of leaving at t_x.
        let at = |v: f64| {
            let y = t_x + (low + t_x) * v.exp_m1();
            let fall = (s + 1.0) * ((y - t_x) / (beta + t_x)).ln_1p()
                + n * ((y - t_x) / (alpha + t_x)).ln_1p();
            (low + y) * (-fall).exp() * s / (beta + t_x)
        };
        let steps = 20_000;
        let h = range / f64::from(steps);
        let sum: f64 = (0..=steps)
            .map(|i| {
                let weight = if i == 0 || i == steps { 1.0 } else if i % 2 == 1 { 4.0 } else { 2.0 };
                weight * at(h * f64::from(i))
            })
            .sum();
        let dead = sum * h / 3.0;
        let alive =
            (-s * ((t - t_x) / (beta + t_x)).ln_1p() - n * ((t - t_x) / (alpha + t_x)).ln_1p()).exp();
        let expected = clvcast::models::special::ln_rising(r, x) + r * alpha.ln()
            - n * (alpha + t_x).ln()
            - s * (t_x / beta).ln_1p()
            + (alive + dead).ln();
        let data = Histories::from_summaries([(x, t_x, t, 1)]);
        let found = Attrition::ParetoNbd.likelihood(&data).evaluate(&vector(&theta)).value;
        let size = n * ((alpha + t).ln().abs() + r.ln().abs() + 5.0) + s * (t / beta).ln_1p();
        let simpson = ((n + s) * h).powi(4);
        prop_assert!((found - expected).abs() < 1e-13 + 1e-14 * size + simpson, "{found} {expected}");
    }
}
