//! The engine behind the Python package `clvcast`: it translates between Python and the library,
//! and computes nothing itself.

mod backtest;
mod cells;
mod columns;
mod failure;
mod forecast;
mod found;
mod frame;
mod history;
mod model;
mod options;
mod outlook;
mod panel;
mod pictures;
mod words;
mod work;

/// The engine; `clvcast` is the package to import.
#[pyo3::pymodule]
mod _engine {
    #[pymodule_export]
    use super::backtest::{Backtest, backtest};
    #[pymodule_export]
    use super::forecast::Forecast;
    #[pymodule_export]
    use super::found::Found;
    #[pymodule_export]
    use super::frame::Frame;
    #[pymodule_export]
    use super::model::{Model, fit};
    #[pymodule_export]
    use super::outlook::Outlook;
    #[pymodule_export]
    use super::panel::Panel;

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
