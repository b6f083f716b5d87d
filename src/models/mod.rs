//! The mathematics of purchasing and spending: no data access, no printing, no other stage.
//!
//! | law | what it describes | source |
//! |---|---|---|
//! | [`RateLaw`] | a customer's purchase rate λ; counts are negative binomial | *S* assumptions 3 and 4 |
//! | [`ValueLaw`] | a customer's average purchase value; values are Gamma-Gamma | *S* assumptions 5 and 6 |
//!
//! Both are closed under observation: what is known after some purchases is the same kind of law
//! with other parameters, and the limits of the likelihood (equal rates, equal values) are
//! members of the same family. Later stages therefore never ask which model was fitted.

mod parameter;
mod rate;
pub mod special;
mod value;

pub use parameter::{ParameterError, Positive};
pub use rate::RateLaw;
pub use value::{Tails, ValueLaw};
