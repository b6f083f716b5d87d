//! What the automatic choice takes: from each origin, knowing nothing of what came, and for the
//! next forecast.

use super::backtest::BacktestOptions;
use super::candidate::Candidate;
use super::choose::{Choice, Chooser, choose};
use crate::forecast::Method;
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions};
use crate::units::Day;

/// What `--method auto` takes for the next forecast, and why.
///
/// ```
/// # use clvcast::{evaluate::*, fit::FrequencyKind, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// # let contest = Contest { frequencies: vec![FrequencyKind::Nbd], ..Contest::default() };
/// # let options = BacktestOptions { contest, ..BacktestOptions::new(panel_options) };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// let chosen = backtest.chosen.unwrap();
/// assert_eq!(chosen.candidate.frequency, FrequencyKind::Nbd);
/// assert!(chosen.why.contains("score"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Frequency model, calendar and method; of an average the member with the largest weight.
    pub candidate: Candidate,
    /// Why, in a sentence.
    pub why: String,
}

/// What the automatic choice would have taken at an origin.
///
/// ```
/// # use clvcast::{evaluate::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// let options = BacktestOptions::new(panel_options);
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// let then = &backtest.automatic[0];
/// assert_eq!(then.origin, backtest.origins[0].day);
/// assert_eq!(then.choice.members.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Automatic {
    /// The origin.
    pub origin: Day,
    /// The choice, made from the history up to then.
    pub choice: Choice,
}

/// The choice from the history of `panel`; `None` where nothing is left to choose from.
pub(super) fn choice(ledger: &Ledger, panel: &Panel, options: &BacktestOptions) -> Option<Choice> {
    let comparable = |candidate: &Candidate| candidate.method != Method::Point;
    if !options.contest.candidates(panel).iter().any(comparable) {
        return None;
    }
    let mut contest = options.contest.clone();
    contest.methods.retain(|method| *method != Method::Point);
    let chooser = Chooser { contest, trial: options.trial(), customers: Chooser::CUSTOMERS };
    let cut = PanelOptions { as_of: Some(panel.grid.as_of()), ..options.panel };
    // What cannot be chosen is no failure of the backtest: its scores stand.
    let choice = choose(ledger, panel, &cut, &chooser).ok()?;
    let fits = choice.members.iter().all(|m| m.candidate.fit(panel, &chooser.trial).is_ok());
    fits.then_some(choice)
}

impl Chosen {
    pub(super) fn of(choice: &Choice) -> Option<Self> {
        let candidate = choice.members.first()?.candidate;
        Some(Self { candidate, why: choice.record.why.clone() })
    }
}
