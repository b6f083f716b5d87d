//! Special functions where the general-purpose ones lose digits: both tails of the incomplete
//! beta and gamma functions, rising factorials, digamma and trigamma, and their small differences.
//!
//! ```
//! use clvcast::models::special::{digamma, gamma_tails, ln_factorial};
//! assert!((ln_factorial(4) - 24_f64.ln()).abs() < 1e-14);
//! assert!((digamma(2.0) - digamma(1.0) - 1.0).abs() < 1e-14); // ψ(z + 1) = ψ(z) + 1/z
//! assert!((gamma_tails(1.0, 2.0).1 - (-2_f64).exp()).abs() < 1e-15); // an exponential's tail
//! ```

mod beta;
mod gamma;
mod psi;
mod rising;

pub use beta::beta_tails;
pub(super) use beta::ln_beta_front;
pub use gamma::gamma_tails;
pub use psi::{digamma, digamma_excess, digamma_step, trigamma, trigamma_step};
pub(crate) use rising::ln_1p_minus;
pub(super) use rising::ln_poisson;
pub use rising::{gamma_excess, ln_factorial, ln_rising, rising_excess};
