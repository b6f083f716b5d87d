//! What was chosen, and among what.

use crate::evaluate::Candidate;
use crate::fit::{ChoiceSection, MemberSection};

/// One candidate and its share in the forecast.
///
/// ```
/// use clvcast::evaluate::{CalendarKind, Candidate, choose::Member};
/// use clvcast::{fit::FrequencyKind, forecast::Method};
/// let candidate = Candidate {
///     frequency: FrequencyKind::Nbd,
///     calendar: CalendarKind::None,
///     method: Method::Posterior,
/// };
/// assert_eq!(Member { weight: 1.0, candidate }.candidate.to_string(), "nbd, no calendar, posterior");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Weight; those of all members add up to 1.
    pub weight: f64,
    /// What forecasts.
    pub candidate: Candidate,
}

/// The outcome of a comparison.
///
/// ```
/// # use clvcast::evaluate::choose::Choice;
/// let choice = Choice::default();
/// assert!(choice.members.is_empty() && choice.record.compared.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// What forecasts: one candidate, or the members of an average, the largest weight first.
    pub members: Vec<Member>,
    /// How it was reached, for the model file and the manifest.
    pub record: ChoiceSection,
}

impl Choice {
    pub(super) fn new(mut members: Vec<Member>, record: ChoiceSection) -> Self {
        members.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let section = |m: &Member| MemberSection {
            weight: m.weight,
            frequency: m.candidate.frequency.name().to_owned(),
            calendar: m.candidate.calendar.name().to_owned(),
            method: m.candidate.method.name().to_owned(),
        };
        let record = ChoiceSection { members: members.iter().map(section).collect(), ..record };
        Self { members, record }
    }
}
