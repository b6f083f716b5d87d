//! Panels and models for the tests of this crate.

use clvcast::fit::{FitOptions, FittedModel, Form, Monetary, States, fit};
use clvcast::ledger::{self, Ledger, ReadOptions};
use clvcast::models::{FrequencyLaw, ValueLaw};
use clvcast::panel::{Clock, Panel, PanelOptions, Period};
use clvcast::progress::Silent;

/// The Superstore data, by quarters.
pub(crate) fn superstore() -> Panel {
    let files = ["data/superstore.csv".to_owned()];
    let ledger = ledger::read(&files, &ReadOptions::default(), &Silent).unwrap();
    panel(&ledger, Period::Quarter)
}

pub(crate) fn panel(ledger: &Ledger, period: Period) -> Panel {
    Panel::build(ledger, &PanelOptions::new(period), &Silent).unwrap()
}

pub(crate) fn fitted(panel: &Panel) -> FittedModel {
    fit(panel, &FitOptions::default()).unwrap()
}

/// A model by hand, by quarters.
pub(crate) fn model(frequency: FrequencyLaw, law: ValueLaw, form: Form) -> FittedModel {
    FittedModel {
        source: None,
        period: Period::Quarter,
        clock: Clock::FirstPurchase,
        frequency,
        calendar: None,
        monetary: Some(Monetary { law, form, dependence: None }),
        value_calendar: None,
        states: States { max_frequency: 20, bands: None },
        fit: None,
    }
}
