//! The engine behind the Python package `clvcast`: it translates between Python and the library,
//! and computes nothing itself.

mod columns;
mod failure;
mod forecast;
mod frame;
mod model;
mod panel;
mod words;
mod work;

/// The engine; `clvcast` is the package to import.
#[pyo3::pymodule]
mod _engine {
    #[pymodule_export]
    use super::forecast::{Forecast, Found, choose};
    #[pymodule_export]
    use super::frame::Frame;
    #[pymodule_export]
    use super::model::{Model, backtest, fit};
    #[pymodule_export]
    use super::panel::Panel;

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
