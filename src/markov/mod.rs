//! The Markov chain over value bands and purchase counts: transition expectations and
//! probabilities (*S*, sections 2 to 4), and the matrix counted from the data beside them.

mod bands;
mod empirical;
mod frequency;
mod quadrature;
mod value;

pub use bands::{BandError, Bands, Place};
pub use empirical::EmpiricalTransitions;
pub use frequency::FrequencyTable;
pub use quadrature::{Integral, LogConcave, integrate, log_integral};
pub use value::{Split, ValueRow, ValueTable};
