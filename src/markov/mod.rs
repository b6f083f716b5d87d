//! The Markov chain over value bands and purchase counts: transition expectations and
//! probabilities (*S*, sections 2 to 4), and the matrix counted from the data beside them.
//!
//! ```
//! use clvcast::fit::FittedModel;
//! use clvcast::markov::{FrequencyTable, ValueTable};
//! let model = FittedModel::from_json(&std::fs::read_to_string("models/synlead-2008.json")?)?;
//! let counts = FrequencyTable::new(model.frequency.rate(), model.states.max_frequency);
//! assert_eq!((counts.interval_start(), counts.max()), (2, 3)); // S: from 2 to 3 purchases
//! let values = ValueTable::new(model.monetary.unwrap().law, model.states.bands.unwrap());
//! assert!((values.rows[3].expected - 186_871.69).abs() < 0.01); // S
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
