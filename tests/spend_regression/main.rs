//! Season, trend and dependence of purchase values. What was measured is printed; see it with
//! `--nocapture`.

#![allow(clippy::print_stdout, reason = "the measured figures are worth seeing")]

mod claims;
mod figures;
mod recovery;
mod warning;
mod world;
