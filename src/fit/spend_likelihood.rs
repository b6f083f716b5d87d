//! ln L of values that follow the Gamma-Gamma law once a calendar and a dependence are taken out.
//!
//! With m_ij = v_ij m̃_ij, ln v_ij = x_ij·β, weights w_ij, F_i = Σ_j w_ij and S̃_i = Σ_j w_ij m̃_ij:
//!
//! ```text
//! ln L = Σ_i ln f(m̃_i1, …) − Σ_ij ln v_ij
//! ∂ ln L/∂ ln v_ij = −p w_ij + (p F_i + q) w_ij m̃_ij/(k + S̃_i)
//! ```
//!
//! The second term, the Jacobian of the change of variables, counts every value once, whatever its
//! weight; with it the law's −Σ ln m̃_ij is −Σ ln m_ij. Given p and q, −ln L is a sum of log-sum-exp
//! in (ln k, β), so it has one maximum.

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::gamma_gamma::GammaGammaLikelihood;
use super::joint::Conditional;
use super::objective::{Evaluation, LogLikelihood};
use super::spend_data::{GammaGammaData, spread_around};
use super::spend_design::{Design, SpendData, Value, ranges};
use super::spend_points::Point;
use super::spend_sums::BLOCK;

/// The likelihood of `data` given coefficients of the columns of `design`.
pub(super) struct SpendLikelihood<'a> {
    pub(super) data: &'a SpendData,
    pub(super) design: &'a Design,
}

/// Factors of values.
struct Factors {
    /// By period.
    periods: Vec<f64>,
    slope: f64,
}

impl SpendLikelihood<'_> {
    fn factors(&self, beta: &DVector<f64>) -> Factors {
        let calendar = self.design.periods.ncols();
        let periods = &self.design.periods * beta.rows(0, calendar);
        let slope = self.design.ln_rates.as_ref().map_or(0.0, |_| beta[calendar]);
        Factors { periods: periods.iter().map(|ln| ln.exp()).collect(), slope }
    }

    /// The values of customer `i` as (w, m̃), into `room`.
    fn deflate(&self, factors: &Factors, i: usize, values: &[Value], room: &mut Vec<(f64, f64)>) {
        let own = self.design.ln_rates.as_ref().map_or(1.0, |z| (factors.slope * z[i]).exp());
        room.clear();
        room.extend(values.iter().map(|v| (v.weight, v.m / (factors.periods[v.period] * own))));
    }

    /// A sum per block of customers: `add` gets the place of a customer, its values and (w, m̃).
    fn blocks<T: Send>(
        &self,
        factors: &Factors,
        empty: impl Fn() -> T + Sync,
        add: impl Fn(&mut T, usize, &[Value], &[(f64, f64)]) + Sync,
    ) -> Vec<T> {
        let all: Vec<_> = ranges(&self.data.customers).enumerate().collect();
        all.par_chunks(BLOCK)
            .map(|block| {
                let mut sum = empty();
                let mut room = Vec::new();
                for (i, range) in block {
                    let values = &self.data.values[range.clone()];
                    self.deflate(factors, *i, values, &mut room);
                    add(&mut sum, *i, values, &room);
                }
                sum
            })
            .collect()
    }

    fn deflated(&self, factors: &Factors) -> GammaGammaData {
        let empty = || (Vec::new(), 0.0);
        let sums = self.blocks(factors, empty, |(points, spread), _, _, values| {
            let (total, sum) = totals(values);
            points.push(Point::new((total, sum)));
            *spread += spread_around(sum / total, values);
        });
        let spread = sums.iter().fold(0.0, |all, block| all + block.1);
        self.data.plain.deflated(sums.into_iter().flat_map(|block| block.0).collect(), spread)
    }

    fn ln_rate(&self, i: usize) -> f64 {
        self.design.ln_rates.as_ref().map_or(0.0, |z| z[i])
    }

    /// The columns of the calendar applied to sums by period, then the dependence's sum.
    fn by_column(&self, periods: &DVector<f64>, dependence: f64) -> DVector<f64> {
        let mut columns = DVector::zeros(self.design.columns());
        let calendar = self.design.periods.ncols();
        columns.rows_mut(0, calendar).copy_from(&self.design.periods.tr_mul(periods));
        if self.design.ln_rates.is_some() {
            columns[calendar] = dependence;
        }
        columns
    }
}

fn totals(values: &[(f64, f64)]) -> (f64, f64) {
    values.iter().fold((0.0, 0.0), |(total, sum), &(w, m)| (total + w, sum + w * m))
}

/// Sums of the second derivatives over customers.
struct Second {
    /// By period: Σ c w m̃, c = (pF + q)/(k + S̃), the same times ln rate, and Σ w.
    pull: DVector<f64>,
    rated: DVector<f64>,
    weight: DVector<f64>,
    /// Σ c S̃ z² and Σ F z, z = ln rate.
    square: f64,
    drift: f64,
    /// With g = Σ_j w m̃ x: Σ c/(k+S̃) g g′, Σ F g/(k+S̃), Σ g/(k+S̃), Σ c g/(k+S̃).
    outer: DMatrix<f64>,
    in_p: DVector<f64>,
    in_q: DVector<f64>,
    in_k: DVector<f64>,
}

impl Second {
    fn zero(periods: usize, columns: usize) -> Self {
        let by_period = DVector::zeros(periods);
        let by_column = DVector::zeros(columns);
        Self {
            pull: by_period.clone(),
            rated: by_period.clone(),
            weight: by_period,
            square: 0.0,
            drift: 0.0,
            outer: DMatrix::zeros(columns, columns),
            in_p: by_column.clone(),
            in_q: by_column.clone(),
            in_k: by_column,
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        self.pull += &other.pull;
        self.rated += &other.rated;
        self.weight += &other.weight;
        self.square += other.square;
        self.drift += other.drift;
        self.outer += &other.outer;
        self.in_p += &other.in_p;
        self.in_q += &other.in_q;
        self.in_k += &other.in_k;
        self
    }
}

impl Conditional for SpendLikelihood<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["p", "q", "k"]
    }

    fn coordinates(&self) -> DMatrix<f64> {
        GammaGammaLikelihood(&self.data.plain).coordinates()
    }

    fn evaluate(&self, theta: &DVector<f64>, beta: &DVector<f64>) -> (Evaluation, DVector<f64>) {
        let (p, q, k) = (theta[0], theta[1], theta[2]);
        let factors = self.factors(beta);
        let law = GammaGammaLikelihood(&self.deflated(&factors)).evaluate(theta);
        let periods = self.design.periods.nrows();
        let empty = || (DVector::<f64>::zeros(periods), 0.0);
        let sums = self.blocks(&factors, empty, |(by_period, dependence), i, of, values| {
            let (total, sum) = totals(values);
            let c = (p * total + q) / (k + sum);
            for (value, (w, m)) in of.iter().zip(values) {
                by_period[value.period] += w * (c * m - p);
            }
            *dependence += self.ln_rate(i) * (c * sum - p * total);
        });
        let zero = (DVector::zeros(periods), 0.0);
        let (by_period, dependence) = sums.into_iter().fold(zero, |(a, b), (c, d)| (a + c, b + d));
        (law, self.by_column(&by_period, dependence))
    }

    fn curvature(
        &self,
        theta: &DVector<f64>,
        beta: &DVector<f64>,
    ) -> Option<(DMatrix<f64>, DMatrix<f64>)> {
        let (p, q, k) = (theta[0], theta[1], theta[2]);
        let design = &self.design.periods;
        let (periods, calendar, columns) = (design.nrows(), design.ncols(), self.design.columns());
        let empty = || (Second::zero(periods, columns), DVector::<f64>::zeros(columns));
        let blocks = self.blocks(&self.factors(beta), empty, |(sums, g), i, of, values| {
            let (total, sum) = totals(values);
            let (r, z) = (1.0 / (k + sum), self.ln_rate(i));
            let c = (p * total + q) * r;
            g.fill(0.0);
            for (value, (w, m)) in of.iter().zip(values) {
                sums.pull[value.period] += c * w * m;
                sums.rated[value.period] += c * w * m * z;
                sums.weight[value.period] += w;
                for j in 0..calendar {
                    g[j] += w * m * design[(value.period, j)];
                }
            }
            if calendar < columns {
                g[calendar] = z * sum;
            }
            sums.square += c * sum * z * z;
            sums.drift += total * z;
            sums.outer.ger(c * r, g, g, 1.0);
            sums.in_p.axpy(total * r, g, 1.0);
            sums.in_q.axpy(r, g, 1.0);
            sums.in_k.axpy(c * r, g, 1.0);
        });
        let zero = Second::zero(periods, columns);
        let sums = blocks.iter().fold(zero, |all, (block, _)| all.plus(block));
        let mut own = sums.outer;
        for t in 0..periods {
            for a in 0..calendar {
                for b in 0..calendar {
                    own[(a, b)] -= sums.pull[t] * design[(t, a)] * design[(t, b)];
                }
            }
        }
        if calendar < columns {
            let rated = design.tr_mul(&sums.rated);
            for a in 0..calendar {
                own[(a, calendar)] -= rated[a];
                own[(calendar, a)] -= rated[a];
            }
            own[(calendar, calendar)] -= sums.square;
        }
        let in_p = (sums.in_p - self.by_column(&sums.weight, sums.drift)) * p;
        let mut cross = DMatrix::zeros(3, columns);
        cross.set_row(0, &in_p.transpose());
        cross.set_row(1, &(sums.in_q * q).transpose());
        cross.set_row(2, &(sums.in_k * -k).transpose());
        Some((cross, own))
    }
}

#[cfg(test)]
mod tests;
