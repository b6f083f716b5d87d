//! Panels and forecasts to be grouped.

use clvcast::fit::FittedModel;
use clvcast::forecast::{ForecastOptions, forecast};
use clvcast::ledger::{self, Ledger, ReadOptions};
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::progress::Silent;
use clvcast::units::Day;
use clvcast::value::{Forecast, MoneyRules, evaluate};

/// A finished forecast with what it was made of.
pub(crate) struct Base {
    pub(crate) panel: Panel,
    pub(crate) then: Option<Panel>,
    pub(crate) model: FittedModel,
    pub(crate) forecast: Forecast,
}

fn read(file: String) -> Ledger {
    ledger::read(&[file], &ReadOptions::default(), &Silent).expect("a ledger")
}

fn base(ledger: &Ledger) -> Base {
    let options = PanelOptions::new(Period::Quarter);
    let panel = Panel::build(ledger, &options, &Silent).expect("a panel");
    let three_before = panel.grid.end(clvcast::panel::PeriodIndex(-3));
    let earlier = PanelOptions { as_of: Some(three_before), ..options };
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/models/synlead-2008.json");
    let model = FittedModel::from_json(&std::fs::read_to_string(file).expect("a model"));
    let model = model.expect("a model");
    let purchases = forecast(&panel, &model, &ForecastOptions::default());
    let forecast = evaluate(&panel, &model, &purchases, 3, &MoneyRules::default());
    Base { then: Panel::build(ledger, &earlier, &Silent).ok(), panel, model, forecast }
}

pub(crate) fn superstore() -> Base {
    base(&read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/superstore.csv").to_owned()))
}

/// A base from a few rows.
pub(crate) fn written(rows: &str) -> Base {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, rows).expect("a file");
    base(&read(file.display().to_string()))
}

pub(crate) fn day(text: &str) -> Day {
    Day::from_date(text.parse().expect("a date"))
}
