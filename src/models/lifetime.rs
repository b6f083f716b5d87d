//! How long a customer stays: the gamma mixture of exponential lifetimes, and its limits.

/// What is known of one customer's rate μ of leaving, per period.
///
/// ```text
/// μ ~ Gamma(shape s, rate β)               before anything is observed
/// μ ~ Gamma(shape s, rate β + t)           alive at t
/// P(alive at t) = (β/(β+t))^s
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lifetime {
    /// μ is gamma distributed.
    Gamma {
        /// Shape, s.
        shape: f64,
        /// Rate in periods, β.
        rate: f64,
    },
    /// Everybody leaves at this rate, per period: the limit s → ∞.
    Equal(f64),
    /// Nobody leaves: the limit s/β → 0.
    Never,
}
