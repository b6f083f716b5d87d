//! Forecasts are the expectations of what they say they are.

use clvcast::fit::{FittedModel, Form, Monetary, States};
use clvcast::forecast::{Acquisition, ForecastOptions, Method, Step, forecast};
use clvcast::models::{FrequencyLaw, RateLaw, ValueLaw};
use clvcast::panel::{Clock, Panel, Period};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};
use rayon::prelude::*;

use crate::support::panel;

/// Standard errors of the simulation that a forecast may be off.
const ERRORS: f64 = 4.0;
pub(crate) const HORIZON: usize = 3;
/// Independent streams of random numbers, so that the cores share the work.
const STREAMS: u64 = 16;

pub(crate) const A: f64 = 1.84;
pub(crate) const B: f64 = 2.67;
pub(crate) const P: f64 = 6.25;
pub(crate) const Q: f64 = 3.744;
pub(crate) const K: f64 = 15.44;

pub(crate) fn model() -> FittedModel {
    FittedModel {
        source: None,
        period: Period::Quarter,
        clock: Clock::FirstPurchase,
        frequency: FrequencyLaw::Nbd(RateLaw::nbd(A, B).unwrap()),
        monetary: Some(Monetary {
            law: ValueLaw::gamma_gamma(P, Q, K).unwrap(),
            form: Form::Period,
            dependence: None,
        }),
        calendar: None,
        value_calendar: None,
        states: States { max_frequency: 3, bands: None },
        fit: None,
    }
}

/// Histories as (days before 2025-12-31, cents).
pub(crate) fn histories() -> Vec<Vec<(i32, i64)>> {
    vec![
        // A regular: last active two quarters ago, twice.
        vec![(700, 2000), (650, 3500), (480, 1800), (270, 2550), (230, 4120)],
        // Acquired in the last quarter, one more purchase.
        vec![(60, 2500), (20, 1999)],
        // Acquired three quarters ago, never again.
        vec![(300, 9000)],
        // Active in the last quarter, spending little.
        vec![(500, 1500), (380, 1200), (10, 1650)],
    ]
}

/// What is averaged: per period ahead the count, whether there is one, and the amount.
pub(crate) type Outcome = [[f64; 3]; HORIZON];

/// Weighted sums of outcomes: Σw, Σw², Σw y, Σw² y, Σw² y².
#[derive(Clone, Default)]
pub(crate) struct Sums {
    w: f64,
    ww: f64,
    wy: Outcome,
    wwy: Outcome,
    wwyy: Outcome,
}

impl Sums {
    #[expect(clippy::needless_range_loop, reason = "five arrays share the indices")]
    pub(crate) fn add(&mut self, w: f64, y: &Outcome) {
        self.w += w;
        self.ww += w * w;
        for h in 0..HORIZON {
            for j in 0..3 {
                self.wy[h][j] += w * y[h][j];
                self.wwy[h][j] += w * w * y[h][j];
                self.wwyy[h][j] += w * w * y[h][j] * y[h][j];
            }
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        self.w += other.w;
        self.ww += other.ww;
        for h in 0..HORIZON {
            for j in 0..3 {
                self.wy[h][j] += other.wy[h][j];
                self.wwy[h][j] += other.wwy[h][j];
                self.wwyy[h][j] += other.wwyy[h][j];
            }
        }
        self
    }

    /// Weighted mean and its standard error, √(Σ w² (y − ȳ)²)/Σw.
    fn mean(&self, h: usize, j: usize) -> (f64, f64) {
        let mean = self.wy[h][j] / self.w;
        let spread = self.wwyy[h][j] - 2.0 * mean * self.wwy[h][j] + mean * mean * self.ww;
        (mean, spread.max(0.0).sqrt() / self.w)
    }

    #[track_caller]
    pub(crate) fn assert(&self, steps: &[Step], who: &str) {
        for (h, step) in steps.iter().enumerate() {
            let found = [step.purchases, step.p_active, step.amount.unwrap()];
            for (j, what) in ["purchases", "P(active)", "amount"].into_iter().enumerate() {
                let (mean, error) = self.mean(h, j);
                let off = (found[j] - mean) / error;
                assert!(error < 0.02 * mean, "{who}: too few draws for {what}");
                assert!(
                    off.abs() <= ERRORS,
                    "{who}, period {}: {what} {} against {mean} ± {error}",
                    h + 1,
                    found[j]
                );
            }
            let value = step.value.unwrap();
            assert!((step.purchases * value / step.amount.unwrap() - 1.0).abs() < 1e-12);
        }
    }
}

/// Runs `draw` in every stream and adds up what it gives.
pub(crate) fn simulate(seed: u64, draw: impl Fn(&mut ChaCha8Rng) -> Sums + Sync) -> Sums {
    let streams: Vec<Sums> = (0..STREAMS)
        .into_par_iter()
        .map(|stream| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(stream);
            draw(&mut rng)
        })
        .collect();
    streams.iter().fold(Sums::default(), Sums::plus)
}

pub(crate) fn gamma(rng: &mut ChaCha8Rng, shape: f64, rate: f64) -> f64 {
    Gamma::new(shape, 1.0 / rate).unwrap().sample(rng)
}

pub(crate) fn poisson(rng: &mut ChaCha8Rng, mean: f64) -> f64 {
    Poisson::new(mean).unwrap().sample(rng)
}

fn forecast_with(panel: &Panel, method: Method, acquisition: Acquisition) -> Vec<Vec<Step>> {
    let options = ForecastOptions { method, horizon: 3, acquisition };
    forecast(panel, &model(), &options).iter().map(|steps| steps.unwrap().collect()).collect()
}

#[test]
fn posterior_forecasts_are_the_means_over_customers_with_the_same_history() {
    const DRAWS: usize = 100_000;
    let panel = panel(&histories(), Period::Quarter, Clock::FirstPurchase);
    let steps = forecast_with(&panel, Method::Posterior, Acquisition::Drop);
    for (i, steps) in steps.iter().enumerate() {
        let exposure = panel.exposure(i).unwrap();
        let values: Vec<f64> = panel.active_amounts(i).map(|(_, m)| m).collect();
        // Weights are relative to the likelihood at its own maximum, ν = p h/S.
        let sum: f64 = values.iter().sum();
        let h = f64::from(u32::try_from(values.len()).unwrap());
        let ln_weight = |nu: f64| P * h * nu.ln() - nu * sum;
        let top = ln_weight(P * h / sum);
        let sums = simulate(11, |rng| {
            let mut sums = Sums::default();
            for _ in 0..DRAWS {
                // A customer is drawn from the base; it is kept when its count is the observed
                // one, and weighs what its values' density is.
                let lambda = gamma(rng, B, A);
                let x = if exposure.t > 0.0 { poisson(rng, lambda * exposure.t) } else { 0.0 };
                if (x - f64::from(exposure.x)).abs() > 0.5 {
                    continue;
                }
                let nu = gamma(rng, Q, K);
                let outcome = std::array::from_fn(|_| {
                    let f = poisson(rng, lambda);
                    [f, f64::from(u8::from(f > 0.0)), f * gamma(rng, P, nu)]
                });
                sums.add((ln_weight(nu) - top).exp(), &outcome);
            }
            sums
        });
        sums.assert(steps, &format!("customer {i}"));
    }
}

#[test]
fn chain_forecasts_are_the_means_of_the_chain_run_forwards() {
    const DRAWS: usize = 40_000;
    let panel = panel(&histories(), Period::Quarter, Clock::FirstPurchase);
    for acquisition in [Acquisition::Drop, Acquisition::Keep] {
        let steps = forecast_with(&panel, Method::Chain, acquisition);
        for (i, steps) in steps.iter().enumerate() {
            let state = panel.state(i).unwrap();
            let (f1, r) = (f64::from(state.f1), f64::from(state.r));
            // Assumption 2 in its own words; the acquiring day says nothing about the rate.
            let start = if acquisition == Acquisition::Drop && state.is_acquisition_period {
                (B + f1 - 1.0, A + panel.first_period_remaining(i) + r)
            } else {
                (B + f1, A + 1.0 + r)
            };
            let sums = simulate(23, |rng| {
                let mut sums = Sums::default();
                for _ in 0..DRAWS {
                    let ((mut shape, mut rate), mut last) = (start, state.m1.unwrap());
                    let outcome = std::array::from_fn(|_| {
                        let lambda = gamma(rng, shape, rate);
                        let f = poisson(rng, lambda);
                        if f < 0.5 {
                            rate += 1.0;
                            return [0.0; 3];
                        }
                        (shape, rate) = (B + f, A + 1.0);
                        let nu = gamma(rng, Q + P, K + last);
                        last = gamma(rng, P, nu);
                        [f, 1.0, f * last]
                    });
                    sums.add(1.0, &outcome);
                }
                sums
            });
            sums.assert(steps, &format!("customer {i}, {acquisition:?}"));
        }
    }
}
