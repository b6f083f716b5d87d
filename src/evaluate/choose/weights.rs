//! Weights of an average of forecasts.

/// Most rounds of reweighting: each is a pass over the customers.
const ROUNDS: usize = 200;
/// Weights that move by less than this in a round are where they belong.
const SETTLED: f64 = 1e-5;
/// A weight below this is none.
const SMALLEST: f64 = 0.02;

/// One member's forecasts of all held-out customers and periods.
pub(super) type Predicted<'a> = Vec<&'a [f64]>;

/// Weights that add up to 1 and make the Poisson deviance of the weighted mean forecast least.
///
/// Half the deviance falls by g_k = Σ (y/μ − 1) μ_k per unit of weight k. Each round multiplies the
/// weights by e^(g_k/m), m the mean of Σ μ_k over members (exponentiated gradient: weights stay
/// positive, and where it rests all weights above 0 have the same g_k, which is the condition of the
/// optimum).
pub(super) fn weights(
    members: &[Predicted<'_>],
    actual: &[&[f64]],
    kept: impl Fn(usize, usize) -> bool,
) -> Vec<f64> {
    let n = members.len();
    let mut weights = vec![1.0 / n as f64; n];
    for _ in 0..ROUNDS {
        let (mut slopes, mut mass) = (vec![0.0; n], 0.0);
        for (o, actual) in actual.iter().enumerate() {
            for (i, &y) in actual.iter().enumerate().filter(|&(i, _)| kept(o, i)) {
                let mean: f64 = weights.iter().zip(members).map(|(w, m)| w * m[o][i]).sum();
                for (slope, member) in slopes.iter_mut().zip(members) {
                    let mu = member[o][i];
                    mass += mu / n as f64;
                    if mean > 0.0 {
                        *slope += (y / mean - 1.0) * mu;
                    }
                }
            }
        }
        if mass <= 0.0 {
            break;
        }
        let before = weights.clone();
        for (weight, slope) in weights.iter_mut().zip(slopes) {
            // A step of at most a factor e: a count that one member all but rules out has a slope
            // beyond all bounds.
            *weight *= (slope / mass).clamp(-1.0, 1.0).exp();
        }
        normalise(&mut weights);
        if weights.iter().zip(&before).all(|(now, then)| (now - then).abs() < SETTLED) {
            break;
        }
    }
    weights.iter_mut().filter(|w| **w < SMALLEST).for_each(|w| *w = 0.0);
    normalise(&mut weights);
    weights
}

fn normalise(weights: &mut [f64]) {
    let sum: f64 = weights.iter().sum();
    let n = weights.len() as f64;
    for weight in weights {
        *weight = if sum > 0.0 { *weight / sum } else { 1.0 / n };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::metrics::poisson_loss;

    #[test]
    fn weights_find_the_mixture_that_made_the_counts() {
        // Customers of two kinds; each member is right about one of them and the truth lies at
        // 0.7 of the first and 0.3 of the second.
        let a: Vec<f64> = (0..40).map(|i| if i % 2 == 0 { 2.0 } else { 0.5 }).collect();
        let b: Vec<f64> = (0..40).map(|i| if i % 2 == 0 { 0.5 } else { 1.0 }).collect();
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 0.7 * a + 0.3 * b).collect();
        let found = weights(&[vec![&a], vec![&b]], &[&y], |_, _| true);
        assert!((found[0] - 0.7).abs() < 1e-3, "{found:?}");
        let total =
            |mu: &dyn Fn(usize) -> f64| (0..40).map(|i| poisson_loss(y[i], mu(i))).sum::<f64>();
        let mixed = total(&|i| found[0] * a[i] + found[1] * b[i]);
        assert!(mixed < total(&|i| a[i]) && mixed < total(&|i| b[i]));
    }
}
