//! Who takes part: candidates and baselines, by their names in tables and files.

use super::baselines::Baseline;
use super::candidate::Candidate;

/// A candidate or a baseline.
///
/// ```
/// use clvcast::evaluate::{Baseline, Contender};
/// let names = |c: Contender| (c.frequency(), c.calendar(), c.method());
/// assert_eq!(names(Contender::Rule(Baseline::YearAgo)), ("none", "none", "year-ago"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    /// A model that is fitted.
    Model(Candidate),
    /// A rule of thumb.
    Rule(Baseline),
}

impl Contender {
    /// The frequency model's name; `none` for a rule.
    #[must_use]
    pub const fn frequency(self) -> &'static str {
        match self {
            Self::Model(candidate) => candidate.frequency.name(),
            Self::Rule(_) => "none",
        }
    }

    /// The calendar's name; `none` for a rule.
    #[must_use]
    pub const fn calendar(self) -> &'static str {
        match self {
            Self::Model(candidate) => candidate.calendar.name(),
            Self::Rule(_) => "none",
        }
    }

    /// The method's name, or the rule's.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Model(candidate) => candidate.method.name(),
            Self::Rule(baseline) => baseline.name(),
        }
    }
}

impl std::fmt::Display for Contender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Model(candidate) => candidate.fmt(f),
            Self::Rule(baseline) => f.write_str(baseline.name()),
        }
    }
}
