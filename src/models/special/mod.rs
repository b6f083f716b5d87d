//! Special functions where the general-purpose ones lose digits: both tails of the incomplete
//! beta function, rising factorials, digamma and trigamma, and their small differences.

mod beta;
mod psi;
mod rising;

pub use beta::beta_tails;
pub(super) use beta::ln_beta_front;
pub use psi::{digamma, digamma_step, trigamma, trigamma_step};
pub(super) use rising::ln_poisson;
pub use rising::{ln_factorial, ln_rising, rising_excess};
