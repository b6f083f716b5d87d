//! An issued forecast against what came, and the bridge from an old forecast to a new one.

mod bridge;
mod files;
mod score;
mod support;
