//! Customers' totals as the Gamma-Gamma likelihood sees them: at few points.
//!
//! Of a customer's total S the likelihood needs smooth functions of s = ln S alone: ln(1 + S/k),
//! ln(1 + k/S) and their derivatives in k. Within a cell of s a polynomial stands for each of them,
//! so that instead of a sum over the customers of a cell a sum over its nodes is left,
//!
//! ```text
//! Σ_i w_i g(s_i) = Σ_j W_j g(s_j),    W_j = Σ_i w_i L_j(s_i),
//! L_j(u) = (1 + 2 Σ_{1≤d<n} T_d(u_j) T_d(u))/n
//! ```
//!
//! with Chebyshev's nodes u_j and polynomials T_d (Trefethen 2013, Approximation Theory and
//! Approximation Practice, chapters 3 and 8). The functions have their nearest singularities at
//! Im s = ±π, far outside a cell, whatever k is: see [`NODES`].

use std::f64::consts::PI;

use rayon::prelude::*;

/// Width of a cell in ln S.
const WIDTH: f64 = 0.25;
/// Nodes of a cell. The ellipse around a cell that stays within |Im s| < 2.5, where no function
/// exceeds e^2.5 times its size in the cell, has ρ = 2·2.5/(WIDTH/2) = 40, and interpolation is off
/// by 4ρ^−(n−1)/(ρ−1) of that: below 1e-17.
const NODES: usize = 12;
/// Customers per parallel block; blocks are added in order, so that the sums do not depend on the
/// number of threads.
const BLOCK: usize = 1 << 16;

/// A total S (money) with the weight of customers who have it, and of their F. Weights of nodes may
/// be negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) customers: f64,
    pub(super) weight: f64,
    pub(super) sum: f64,
}

impl Point {
    /// One customer.
    pub(super) const fn new((total, sum): (f64, f64)) -> Self {
        Self { customers: 1.0, weight: total, sum }
    }
}

/// Σ w T_d(u) of a cell, for the weights 1 and F.
type Moments = [[f64; NODES]; 2];

/// Customers by (F, S) as points: cells with more customers than nodes by their nodes, others as
/// they are.
pub(super) fn points(totals: &[(f64, f64)]) -> Vec<Point> {
    let places: Vec<f64> = totals.par_iter().map(|(_, s)| s.ln() / WIDTH).collect();
    let finite = || places.iter().filter(|place| place.is_finite());
    let low = finite().copied().fold(f64::INFINITY, f64::min).floor();
    let high = finite().copied().fold(f64::NEG_INFINITY, f64::max).floor();
    if low > high {
        return totals.iter().map(|&total| Point::new(total)).collect();
    }
    // ln S of a float is within ±745, so that cells are few.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
    let cell = |place: f64| (place.floor() - low).max(0.0) as usize;
    let cells = cell(high) + 1;
    let mut customers = vec![0_usize; cells];
    finite().for_each(|&place| customers[cell(place)] += 1);
    let is_full = |place: f64| place.is_finite() && customers[cell(place)] > NODES;
    let blocks: Vec<Vec<Moments>> = totals
        .par_chunks(BLOCK)
        .zip(places.par_chunks(BLOCK))
        .map(|(totals, places)| {
            let mut sums = vec![[[0.0; NODES]; 2]; cells];
            for ((total, _), &place) in totals.iter().zip(places) {
                if is_full(place) {
                    add(&mut sums[cell(place)], *total, 2.0 * (place - place.floor()) - 1.0);
                }
            }
            sums
        })
        .collect();
    let of_few = totals.iter().zip(&places).filter(|(_, place)| !is_full(**place));
    let mut points: Vec<Point> = of_few.map(|(&total, _)| Point::new(total)).collect();
    for at in (0..cells).filter(|&at| customers[at] > NODES) {
        let mut sums: Moments = [[0.0; NODES]; 2];
        for block in &blocks {
            for (sum, more) in sums.iter_mut().flatten().zip(block[at].iter().flatten()) {
                *sum += more;
            }
        }
        points.extend((0..NODES).map(|j| node(&sums, j, low + at as f64)));
    }
    points
}

/// Adds a customer at u in (−1, 1): T_{d+1} = 2u T_d − T_{d−1}.
fn add(sums: &mut Moments, total: f64, u: f64) {
    let (mut before, mut value) = (u, 1.0);
    let [of_customers, of_totals] = sums;
    for (customers, totals) in of_customers.iter_mut().zip(of_totals) {
        *customers += value;
        *totals += total * value;
        (before, value) = (value, 2.0 * u * value - before);
    }
}

/// Node j of a cell.
fn node(sums: &Moments, j: usize, cell: f64) -> Point {
    let n = NODES as f64;
    let angle = PI * (j as f64 + 0.5) / n;
    let weight = |of: &[f64; NODES]| {
        let higher = |d: usize| (d as f64 * angle).cos() * of[d];
        (of[0] + 2.0 * (1..NODES).map(higher).sum::<f64>()) / n
    };
    Point {
        customers: weight(&sums[0]),
        weight: weight(&sums[1]),
        sum: (WIDTH * (cell + 0.5 + 0.5 * angle.cos())).exp(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounding of sums of 5000 terms; the interpolation itself is far below.
    const ROUNDING: f64 = 1e-13;

    #[test]
    fn sums_over_points_are_the_sums_over_customers_for_any_k() {
        // Totals over nine orders of size, some of them alone in their cells.
        let total = |i: u32| {
            let share = f64::from(i) / 5000.0;
            (f64::from(1 + i % 9), (20.0 * share.powi(3) + (f64::from(i) * 0.7).sin()).exp())
        };
        let totals: Vec<(f64, f64)> = (0..5000).map(total).collect();
        let points = points(&totals);
        assert!(points.len() < 1500, "{}", points.len());
        let functions: [fn(f64, f64) -> f64; 5] = [
            |s, k| (s / k).ln_1p(),
            |s, k| (k / s).ln_1p(),
            |s, k| 1.0 / (k + s),
            |s, k| 1.0 / (k + s).powi(2),
            |s, k| s / (k + s) * (1.0 / k + 1.0 / (k + s)),
        ];
        for k in [1e-9, 1e-3, 0.3, 1.0, 40.0, 1e4, 1e8, 1e16] {
            for (which, g) in functions.iter().enumerate() {
                let whole: [f64; 2] = totals
                    .iter()
                    .fold([0.0; 2], |sum, &(f, s)| [sum[0] + g(s, k), sum[1] + f * g(s, k)]);
                let found: [f64; 2] = points.iter().fold([0.0; 2], |sum, p| {
                    [sum[0] + p.customers * g(p.sum, k), sum[1] + p.weight * g(p.sum, k)]
                });
                for (found, whole) in found.iter().zip(whole) {
                    assert!((found / whole - 1.0).abs() < ROUNDING, "{which} {k}: {found} {whole}");
                }
            }
        }
    }

    #[test]
    fn few_customers_stay_as_they_are() {
        let totals = [(2.0, 7.0), (1.0, 7.0), (3.0, 1e300)];
        assert_eq!(points(&totals), totals.map(Point::new));
        assert!(points(&[]).is_empty());
    }
}
