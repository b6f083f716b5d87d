//! Panels of the ledgers that ship, and models for them.

use clvcast::fit::FittedModel;
use clvcast::ledger::{Ledger, ReadOptions, read};
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};
use clvcast::panel::{Clock, Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::units::Day;

pub(crate) fn ledger(file: &str) -> Ledger {
    read(&[file.to_owned()], &ReadOptions::default(), &Silent).expect("it ships")
}

/// Superstore by quarter up to the end of 2017.
pub(crate) fn superstore() -> Panel {
    let options = PanelOptions::new(Period::Quarter);
    Panel::build(&ledger("data/superstore.csv"), &options, &Silent).expect("a panel")
}

/// Superstore under the panel clock.
pub(crate) fn superstore_from_the_start() -> Panel {
    let options = PanelOptions { clock: Clock::Panel, ..PanelOptions::new(Period::Quarter) };
    Panel::build(&ledger("data/superstore.csv"), &options, &Silent).expect("a panel")
}

/// The CDNOW sample by week up to 1997-09-30, orders of $0 kept.
pub(crate) fn cdnow() -> Panel {
    let options = PanelOptions {
        as_of: Day::from_ymd(1997, 9, 30),
        zero_orders: ZeroOrders::Count,
        ..PanelOptions::new(Period::Days(7))
    };
    Panel::build(&ledger("data/cdnow-sample.csv"), &options, &Silent).expect("a panel")
}

/// The published example with another law of purchasing.
pub(crate) fn model(frequency: FrequencyLaw) -> FittedModel {
    let text = std::fs::read_to_string("models/synlead-2008.json").expect("it ships");
    FittedModel { frequency, ..FittedModel::from_json(&text).expect("a model") }
}

/// The NBD of the published example.
pub(crate) fn nbd() -> FittedModel {
    model(FrequencyLaw::Nbd(RateLaw::nbd(1.84, 2.67).expect("positive")))
}

/// Published laws of the CDNOW sample, weeks: BG/NBD (Fader, Hardie & Lee 2005b), Pareto/NBD
/// (Fader & Hardie), and the BG/NBD's parameters as those of a PDO.
pub(crate) fn leaving() -> [FrequencyLaw; 4] {
    let rate = RateLaw::nbd(4.413_601_8, 0.242_594_5).expect("positive");
    let dropout = Dropout::beta(0.792_922_1, 2.425_907_4).expect("positive");
    [
        FrequencyLaw::BgNbd { rate, dropout },
        FrequencyLaw::MbgNbd { rate, dropout },
        FrequencyLaw::ParetoNbd {
            rate: RateLaw::nbd(10.577_683, 0.553_277).expect("positive"),
            lifetime: Lifetime::gamma(0.606_24, 11.668_73).expect("positive"),
        },
        FrequencyLaw::Pdo { rate, dropout, tau: 7 },
    ]
}
