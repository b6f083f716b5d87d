//! How the models of a run are fitted to another history.

use crate::evaluate::TrialOptions;
use crate::evaluate::choose;
use crate::fit::{FitError, FitOptions, fit};
use crate::forecast::{Member, Method};
use crate::panel::Panel;

/// What was fitted, with which options.
pub(super) enum Recipe {
    /// A model file: nothing was fitted.
    Given,
    /// One model as it was asked for, and its method.
    Asked(Box<FitOptions>, Method),
    /// What was chosen.
    Chosen(Vec<choose::Member>, Box<TrialOptions>),
}

impl Recipe {
    /// The same models fitted to the history of `panel`; none where a model was given.
    pub(super) fn fit(&self, panel: &Panel) -> Result<Vec<Member>, FitError> {
        match self {
            Self::Given => Ok(Vec::new()),
            Self::Asked(options, method) => {
                let model = fit(panel, options)?;
                Ok(vec![Member { weight: 1.0, model, method: *method }])
            }
            Self::Chosen(members, trial) => {
                let fitted = |member: &choose::Member| {
                    let model = member.candidate.fit(panel, trial)?;
                    let method = member.candidate.method;
                    Ok(Member { weight: member.weight, model, method })
                };
                members.iter().map(fitted).collect()
            }
        }
    }
}
