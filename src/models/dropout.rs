//! How readily a customer leaves at an opportunity to leave: the beta mixture of probabilities,
//! and its limits.

/// What is known of one customer's probability θ of leaving at an opportunity.
///
/// ```text
/// θ ~ Beta(a, b)                           before anything is observed
/// θ ~ Beta(a, b + k)                       after k opportunities at which it stayed
/// P(stays at k opportunities) = B(a, b+k)/B(a, b) = Π_{j<k} (b+j)/(a+b+j)
/// P(leaves at the k-th)       = B(a+1, b+k−1)/B(a, b)
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Dropout {
    /// θ is beta distributed.
    Beta {
        /// Shape of leaving, a or u.
        a: f64,
        /// Shape of staying, b or v.
        b: f64,
    },
    /// Everybody leaves with this probability: the limit a, b → ∞.
    Equal(f64),
    /// Nobody leaves: the limit a/(a + b) → 0.
    Never,
}
