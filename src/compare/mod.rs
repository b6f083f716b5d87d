//! After the fact: an issued forecast against what came, and the bridge to a new one.
//!
//! [`Issued`] reads a forecast file with the manifest beside it. [`Score`] sets it against later
//! transactions: errors per period and segment, whom it missed most, what new customers added, and
//! whether the past is still the one it was made of. [`Bridge`] explains the change of the totals
//! from one forecast to the next: customers who left and came, new data, another method, new
//! parameters, other money rules.
//!
//! ```
//! # use clap::Parser;
//! # use clvcast::{ledger::{ReadOptions, read}, progress::Silent};
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("forecast.csv");
//! # let arguments = ["clvcast", "forecast", "data/superstore.csv", "--quiet", "--as-of", "2017-03-31",
//! #     "-o", file.to_str().unwrap()];
//! # clvcast::cli::run(clvcast::cli::Cli::parse_from(arguments))?;
//! # let ledger = read(&["data/superstore.csv".to_owned()], &ReadOptions::default(), &Silent)?;
//! use clvcast::compare::{Issued, Score, ScoreOptions};
//! let issued = Issued::read(&file)?; // as of 2017-03-31
//! let score = Score::new(&issued, &ledger, &ScoreOptions::default(), &Silent)?;
//! let total = score.scores.iter().find(|line| line.period == "total").unwrap();
//! assert_eq!((total.label.as_str(), total.actual), ("2017-Q2 to 2017-Q4", 1435.0));
//! assert!(total.bias.unwrap().abs() < 0.05); // season and trend were chosen
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod actual;
mod bridge;
mod bridge_text;
mod columns;
mod coverage;
mod doubts;
mod error;
mod issued;
mod lines;
mod past;
mod replay;
mod rows;
mod score;
mod score_files;
mod score_text;
mod table;
mod total_interval;

pub use bridge::{Bridge, SharedPeriod, Side, Step};
pub use coverage::Coverage;
pub use error::CompareError;
pub use issued::Issued;
pub use lines::ScoreLine;
pub use past::Past;
pub use replay::{Making, Replay};
pub use score::{Miss, Score, ScoreOptions, Sums};
pub use total_interval::TotalInterval;
