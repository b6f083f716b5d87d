//! Special functions where the general-purpose ones lose digits: both tails of the incomplete
//! beta and gamma functions, rising factorials, digamma and trigamma, and their small differences.

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
