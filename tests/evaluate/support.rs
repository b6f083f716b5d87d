//! Ledgers and panels of past as-of dates.

use clvcast::evaluate::choose::{Choice, Chooser, choose};
use clvcast::evaluate::{Contest, TrialOptions};
use clvcast::ledger::{self, Ledger, ReadOptions};
use clvcast::panel::{Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::units::Day;

pub(crate) fn day(text: &str) -> Day {
    Day::from_date(text.parse().expect("a date"))
}

/// A ledger of the repository's `data`.
pub(crate) fn ledger(name: &str) -> Ledger {
    let file = format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"));
    ledger::read(&[file], &ReadOptions::default(), &Silent).expect("a ledger")
}

/// A ledger of a few rows.
pub(crate) fn written(rows: &str) -> Ledger {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, rows).expect("a file");
    ledger::read(&[file.display().to_string()], &ReadOptions::default(), &Silent).expect("a ledger")
}

pub(crate) fn options(period: Period, as_of: &str) -> PanelOptions {
    PanelOptions { as_of: Some(day(as_of)), ..PanelOptions::new(period) }
}

pub(crate) fn panel(ledger: &Ledger, options: &PanelOptions) -> Panel {
    Panel::build(ledger, options, &Silent).expect("a panel")
}

/// The periods of the published comparison: three of 91 days after 1997-09-30, orders of zero
/// counted.
pub(crate) fn of_cdnow(as_of: &str) -> PanelOptions {
    PanelOptions { zero_orders: ZeroOrders::Count, ..options(Period::Days(91), as_of) }
}

/// What may be chosen from unless something is asked for.
pub(crate) fn chooser() -> Chooser {
    Chooser {
        contest: Contest::default(),
        trial: TrialOptions::default(),
        customers: Chooser::CUSTOMERS,
    }
}

/// The choice for a panel of a ledger.
pub(crate) fn chosen(ledger: &Ledger, options: &PanelOptions, chooser: &Chooser) -> Choice {
    choose(ledger, &panel(ledger, options), options, chooser).expect("a choice")
}
