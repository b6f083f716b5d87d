//! The words of the command line's options.

use clvcast::calendar::{Cycle, SeasonKind};
use clvcast::fit::{DependenceChoice, FrequencyKind, SeasonChoice, Spend, TrendChoice};
use clvcast::forecast::{Acquisition, Method};
use clvcast::ledger::{Duplicates, Refunds};
use clvcast::panel::{Clock, Period, ZeroOrders};
use clvcast::units::Day;
use clvcast::value::MarginRule;

use crate::failure::Failure;

/// The value a word stands for, among those of an option.
pub(crate) fn one_of<T: Copy>(option: &str, word: &str, all: &[(&str, T)]) -> Result<T, Failure> {
    let found = all.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        Failure::Option(format!("{option}={word:?}: expected one of {}", names.join(", ")))
    })
}

pub(crate) fn refunds(word: &str) -> Result<Refunds, Failure> {
    let all = [("net", Refunds::Net), ("drop", Refunds::Drop), ("error", Refunds::Error)];
    one_of("refunds", word, &all)
}

pub(crate) fn zero_orders(word: &str) -> Result<ZeroOrders, Failure> {
    one_of("zero_orders", word, &[("drop", ZeroOrders::Drop), ("count", ZeroOrders::Count)])
}

pub(crate) fn duplicates(word: &str) -> Result<Duplicates, Failure> {
    use Duplicates::{Drop, Error, Keep};
    one_of("duplicates", word, &[("keep", Keep), ("drop", Drop), ("error", Error)])
}

pub(crate) fn clock(word: &str) -> Result<Clock, Failure> {
    one_of("clock", word, &[("first-purchase", Clock::FirstPurchase), ("panel", Clock::Panel)])
}

pub(crate) fn acquisition(word: &str) -> Result<Acquisition, Failure> {
    one_of("acquisition", word, &[("drop", Acquisition::Drop), ("keep", Acquisition::Keep)])
}

pub(crate) fn spend(word: &str) -> Result<Spend, Failure> {
    let all =
        [Spend::Period, Spend::Purchase, Spend::RepeatMean].map(|spend| (spend.name(), spend));
    one_of("spend", word, &all)
}

pub(crate) fn margin_rule(word: &str) -> Result<MarginRule, Failure> {
    let all = [MarginRule::Last, MarginRule::Pooled].map(|rule| (rule.name(), rule));
    one_of("margin_rule", word, &all)
}

pub(crate) fn dependence(word: &str) -> Result<DependenceChoice, Failure> {
    use DependenceChoice::{Auto, None, Regression};
    one_of("dependence", word, &[("none", None), ("regression", Regression), ("auto", Auto)])
}

pub(crate) fn season(option: &str, word: &str) -> Result<SeasonChoice, Failure> {
    let cycles = [Cycle::Quarter, Cycle::Month, Cycle::Week].map(SeasonKind::Factors);
    let kinds = [&[SeasonKind::Harmonics], &cycles[..]].concat();
    let kinds: Vec<_> = kinds.into_iter().map(|k| (k.name(), SeasonChoice::Of(k))).collect();
    let all = [&[("auto", SeasonChoice::Auto), ("none", SeasonChoice::None)], &kinds[..]].concat();
    one_of(option, word, &all)
}

pub(crate) fn trend(option: &str, word: &str) -> Result<TrendChoice, Failure> {
    use TrendChoice::{Auto, Damped, Linear, None};
    let all = [("auto", Auto), ("none", None), ("linear", Linear), ("damped", Damped)];
    one_of(option, word, &all)
}

/// `None` for `auto`.
pub(crate) fn method(word: &str) -> Result<Option<Method>, Failure> {
    let all = [Method::Point, Method::Chain, Method::Posterior];
    let all = all.map(|method| (method.name(), Some(method)));
    one_of("method", word, &[&all[..], &[("auto", None)]].concat())
}

/// `None` for `auto`.
pub(crate) fn frequency(word: &str, tau: u32) -> Result<Option<FrequencyKind>, Failure> {
    use FrequencyKind::{BgNbd, MbgNbd, Nbd, ParetoNbd, Pdo};
    let all = [Nbd, BgNbd, MbgNbd, ParetoNbd, Pdo { tau }].map(|kind| (kind.name(), Some(kind)));
    one_of("frequency", word, &[&all[..], &[("auto", None)]].concat())
}

pub(crate) fn period(text: &str) -> Result<Period, Failure> {
    text.parse().map_err(|error| Failure::Option(format!("period={text:?}: {error}")))
}

/// The days of a sub-period; a week unless it is said.
pub(crate) fn tau(text: Option<&str>) -> Result<u32, Failure> {
    const WEEK: u32 = 7;
    let Some(text) = text else { return Ok(WEEK) };
    match text.parse() {
        Ok(Period::Days(days)) => Ok(days),
        _ => Err(Failure::Option(format!(
            "tau={text:?}: expected a number of days such as \"7d\", at most {}d",
            Period::MAX_DAYS
        ))),
    }
}

pub(crate) fn day(option: &str, text: &str) -> Result<Day, Failure> {
    text.parse()
        .map_err(|_| Failure::Option(format!("{option}={text:?}: expected a date as YYYY-MM-DD")))
}

/// The character between the fields of a CSV file.
pub(crate) fn delimiter(text: &str) -> Result<u8, Failure> {
    match text.as_bytes() {
        b"tab" => Ok(b'\t'),
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => Err(Failure::Option(format!(
            "delimiter={text:?}: expected one ASCII character or \"tab\""
        ))),
    }
}
