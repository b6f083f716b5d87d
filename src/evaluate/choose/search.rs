//! Which candidates are set beside each other, on which held-out periods.

use super::origins::Holdout;
use super::rule::{Tried, pick};
use super::simplicity::complexity;
use super::trying::{Origin, Tested, origins, tested};
use crate::evaluate::{CalendarKind, Candidate, Contest, EvaluateError, TrialOptions};
use crate::forecast::Method;
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions};

/// What a comparison is made from.
pub(super) struct Search<'a> {
    pub(super) ledger: &'a Ledger,
    /// The whole history.
    pub(super) later: &'a Panel,
    pub(super) options: PanelOptions,
    pub(super) contest: &'a Contest,
    pub(super) trial: TrialOptions,
}

/// Candidates compared on the same held-out periods.
pub(super) struct Round {
    pub(super) holdout: Holdout,
    pub(super) origins: Vec<Origin>,
    pub(super) tested: Vec<Tested>,
    pub(super) failed: Vec<String>,
}

impl Search<'_> {
    fn candidates(&self, wanted: impl Fn(&Candidate) -> bool) -> Vec<Candidate> {
        let all = self.contest.candidates(self.later);
        // The point rule's numbers are scores, not expectations.
        all.into_iter()
            .filter(|c| c.method != Method::Point && wanted(c))
            .map(|c| c.under(&self.trial))
            .collect()
    }

    /// Each model with the simplest calendar that is allowed.
    pub(super) fn without_calendar(&self) -> Vec<Candidate> {
        let first = self.contest.calendars.first().copied();
        self.candidates(|c| Some(c.calendar) == first)
    }

    /// The NBD and the model chosen so far, with every calendar; none where there is just one.
    pub(super) fn with_calendar(&self, tested: &[Tested]) -> Vec<Candidate> {
        if !self.has_calendars() {
            return Vec::new();
        }
        let chosen = self.pick(tested).map(|i| tested[i].candidate.frequency);
        self.candidates(|c| c.frequency.stays() || Some(c.frequency) == chosen)
    }

    /// Whether there is more than one calendar to choose from.
    pub(super) fn has_calendars(&self) -> bool {
        self.contest.calendars.iter().any(|calendar| *calendar != CalendarKind::None)
    }

    pub(super) fn round(
        &self,
        holdout: Holdout,
        candidates: &[Candidate],
    ) -> Result<Round, EvaluateError> {
        let origins = origins(self.ledger, self.later, &self.options, &holdout, &self.trial)?;
        let (tested, failed) = tested(&origins, self.later.ids.len(), candidates, &self.trial);
        Ok(Round { holdout, origins, tested, failed })
    }

    pub(super) fn complexity(&self, candidate: &Candidate) -> (u32, u32) {
        complexity(candidate, self.later, self.trial.horizon)
    }

    /// The place of the one that the rule takes.
    pub(super) fn pick(&self, tested: &[Tested]) -> Option<usize> {
        let tried: Vec<Tried<'_>> = tested
            .iter()
            .map(|t| {
                let Candidate { frequency, method, .. } = t.candidate;
                let evidence = t.aic.map(|aic| ([frequency.name(), method.name()], aic));
                let complexity = self.complexity(&t.candidate);
                Tried { losses: &t.losses, evidence, complexity }
            })
            .collect();
        pick(&tried)
    }
}
