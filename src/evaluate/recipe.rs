//! How the models of a forecast are found, for this history and for others.

use super::candidate::{CalendarKind, Candidate, Contest};
use super::choose::{self, Choice, Chooser, choose};
use super::error::EvaluateError;
use super::trial::TrialOptions;
use crate::fit::{ChoiceSection, FitError, FitOptions, fit};
use crate::forecast::{Member, Method};
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions};

/// How the models of a forecast are found, so that they can be fitted to a shorter history as they
/// are to the whole one.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// use clvcast::{evaluate::Recipe, fit::FitOptions, forecast::Method};
/// let recipe = Recipe::Asked(Box::new(FitOptions::default()), Method::Chain);
/// let members = recipe.fit(&panel)?;
/// assert_eq!((members.len(), members[0].name().as_str()), (1, "100 % nbd, chain"));
/// assert!(Recipe::Given.fit(&panel)?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub enum Recipe {
    /// A model file: nothing is fitted.
    Given,
    /// One model as it is asked for, and its method.
    Asked(Box<FitOptions>, Method),
    /// What was chosen, what all candidates share, and how they compared.
    Chosen(Vec<choose::Member>, Box<TrialOptions>, Box<ChoiceSection>),
}

impl Recipe {
    /// Compares the candidates on held-out periods; see [`choose()`].
    ///
    /// # Errors
    /// Those of [`choose()`].
    pub fn chosen(
        ledger: &Ledger,
        panel: &Panel,
        options: &PanelOptions,
        chooser: Chooser,
    ) -> Result<Self, EvaluateError> {
        let Choice { members, record } = choose(ledger, panel, options, &chooser)?;
        Ok(Self::Chosen(members, Box::new(chooser.trial), Box::new(record)))
    }

    /// The models fitted to the history of `panel`, the one with the largest weight first; what was
    /// chosen carries the record of the choice. None where a model was given.
    ///
    /// # Errors
    /// When one of them cannot be fitted.
    pub fn fit(&self, panel: &Panel) -> Result<Vec<Member>, FitError> {
        match self {
            Self::Given => Ok(Vec::new()),
            Self::Asked(options, method) => {
                let model = fit(panel, options)?;
                Ok(vec![Member { weight: 1.0, model, method: *method }])
            }
            Self::Chosen(members, trial, record) => {
                let fitted = |member: &choose::Member| {
                    let mut model = member.candidate.fit(panel, trial)?;
                    if let Some(fit) = &mut model.fit {
                        fit.choice = Some((**record).clone());
                    }
                    let method = member.candidate.method;
                    Ok(Member { weight: member.weight, model, method })
                };
                members.iter().map(fitted).collect()
            }
        }
    }

    /// How the same models are fitted in a backtest, and which ones: `None` for a given model,
    /// which is not fitted.
    ///
    /// ```
    /// use clvcast::{evaluate::{CalendarKind, Recipe}, fit::FitOptions, forecast::Method};
    /// let recipe = Recipe::Asked(Box::new(FitOptions::default()), Method::Chain);
    /// let (_, contest) = recipe.contest().unwrap();
    /// assert_eq!(contest.calendars, [CalendarKind::None]);
    /// assert!(Recipe::Given.contest().is_none());
    /// ```
    #[must_use]
    pub fn contest(&self) -> Option<(FitOptions, Contest)> {
        match self {
            Self::Given => None,
            Self::Asked(options, method) => {
                let calendar = CalendarKind::of(options.season, options.trend);
                let contest = Contest {
                    frequencies: vec![options.frequency],
                    calendars: vec![calendar],
                    methods: vec![*method],
                };
                Some(((**options).clone(), contest))
            }
            Self::Chosen(members, trial, _) => {
                let mut contest =
                    Contest { frequencies: vec![], calendars: vec![], methods: vec![] };
                for Candidate { frequency, calendar, method } in
                    members.iter().map(|member| member.candidate)
                {
                    add(&mut contest.frequencies, frequency);
                    add(&mut contest.calendars, calendar);
                    add(&mut contest.methods, method);
                }
                Some((trial.fit.clone(), contest))
            }
        }
    }
}

fn add<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}
