//! The mathematics of purchasing and spending: no data access, no printing, no other stage.
//!
//! | law | what it describes | source |
//! |---|---|---|
//! | [`RateLaw`] | a customer's purchase rate λ; counts are negative binomial | *S* assumptions 3 and 4 |
//! | [`ValueLaw`] | a customer's average purchase value; values are Gamma-Gamma | *S* assumptions 5 and 6 |
//! | [`Dropout`], [`Lifetime`] | how readily a customer leaves, at opportunities or at any time | Fader, Hardie & Lee (2005b) |
//! | [`FrequencyLaw`] | a purchase rate and a way to leave: NBD, BG/NBD, MBG/NBD, Pareto/NBD, PDO | |
//! | [`Outlook`] | one customer's future under any of them | |
//!
//! All are closed under observation: what is known after some purchases is the same kind of law
//! with other parameters, and the limits of the likelihood (equal rates, equal values) are
//! members of the same family. Later stages therefore never ask which model was fitted.
//!
//! ```
//! use clvcast::models::{RateLaw, ValueLaw};
//! let rate = RateLaw::nbd(12.072023, 0.384766).unwrap(); // CDNOW, weeks
//! let value = ValueLaw::gamma_gamma(6.249572, 3.744225, 15.443521).unwrap();
//! assert!((rate.mean() - 0.031873).abs() < 1e-6);          // purchases a week
//! assert!((value.mean().unwrap() - 35.1704).abs() < 1e-3); // money a purchase
//! ```

mod decay;
mod dropout;
pub(crate) mod frequency;
pub(crate) mod gauss;
mod lifetime;
mod outlook;
mod parameter;
mod rate;
pub mod special;
mod value;

pub use dropout::Dropout;
pub use frequency::{FrequencyLaw, Past};
pub use lifetime::Lifetime;
pub use outlook::{Leaving, Outlook};
pub use parameter::{ParameterError, Positive};
pub use rate::RateLaw;
pub use value::{Tails, ValueLaw};
