//! What a forecast looks like in files.

mod atomic;
mod formats;
mod layouts;
mod manifest;
mod world;
