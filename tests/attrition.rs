//! The models in which customers leave: published values, windows, limits and simulation.

#[path = "support/close.rs"]
mod close;

#[path = "attrition/extremes.rs"]
mod extremes;
#[path = "attrition/limits.rs"]
mod limits;
#[path = "attrition/published.rs"]
mod published;
#[path = "attrition/simulation.rs"]
mod simulation;
#[path = "attrition/windows.rs"]
mod windows;

use close::{absolute, relative};
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};

fn bg(r: f64, alpha: f64, a: f64, b: f64) -> FrequencyLaw {
    let rate = RateLaw::nbd(alpha, r).expect("positive");
    FrequencyLaw::BgNbd { rate, dropout: Dropout::beta(a, b).expect("positive") }
}

fn mbg(r: f64, alpha: f64, a: f64, b: f64) -> FrequencyLaw {
    let rate = RateLaw::nbd(alpha, r).expect("positive");
    FrequencyLaw::MbgNbd { rate, dropout: Dropout::beta(a, b).expect("positive") }
}

fn pareto(r: f64, alpha: f64, s: f64, beta: f64) -> FrequencyLaw {
    let rate = RateLaw::nbd(alpha, r).expect("positive");
    FrequencyLaw::ParetoNbd { rate, lifetime: Lifetime::gamma(s, beta).expect("positive") }
}

fn pdo(r: f64, alpha: f64, a: f64, b: f64) -> FrequencyLaw {
    let rate = RateLaw::nbd(alpha, r).expect("positive");
    FrequencyLaw::Pdo { rate, dropout: Dropout::beta(a, b).expect("positive"), tau: 7 }
}
