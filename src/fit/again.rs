//! The options that fit a model of the same form again.

use super::choice::{DependenceChoice, FrequencyKind, SeasonChoice, Spend, TrendChoice};
use super::model::{FittedModel, Form};
use super::run::FitOptions;
use crate::calendar::{Calendar, Season, SeasonKind, Trend};
use crate::models::FrequencyLaw;

impl FitOptions {
    /// Options that fit the form of `model` to other data: its frequency model, season, trend,
    /// penalty, form of values and states. A model that ended in a limit may leave it; what an
    /// automatic choice has chosen stays chosen.
    ///
    /// ```
    /// use clvcast::fit::{FitOptions, FittedModel, Spend};
    /// let text = std::fs::read_to_string("models/cdnow-sample.json")?;
    /// let options = FitOptions::again(&FittedModel::from_json(&text)?);
    /// assert_eq!(options.spend, Spend::RepeatMean);
    /// assert_eq!(options.frequency.name(), "nbd");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn again(model: &FittedModel) -> Self {
        let frequency = match model.frequency {
            FrequencyLaw::Nbd(_) => FrequencyKind::Nbd,
            FrequencyLaw::BgNbd { .. } => FrequencyKind::BgNbd,
            FrequencyLaw::MbgNbd { .. } => FrequencyKind::MbgNbd,
            FrequencyLaw::ParetoNbd { .. } => FrequencyKind::ParetoNbd,
            FrequencyLaw::Pdo { tau, .. } => FrequencyKind::Pdo { tau },
        };
        let fit = model.fit.as_ref();
        let spends = [Spend::Period, Spend::Purchase, Spend::RepeatMean];
        let named = fit.and_then(|fit| fit.spend.as_deref());
        let spend = spends.into_iter().find(|spend| Some(spend.name()) == named);
        let by_form = match model.monetary.map(|monetary| monetary.form) {
            Some(Form::Purchase) => Spend::Purchase,
            _ => Spend::Period,
        };
        let dependent = model.monetary.is_some_and(|monetary| monetary.dependence.is_some());
        let damped = [&model.calendar, &model.value_calendar].into_iter().flatten();
        let damping = damped.filter_map(|calendar| match calendar.trend {
            Trend::Damped { damping, .. } => Some(damping),
            Trend::None | Trend::Linear { .. } => None,
        });
        let standard = Self::default();
        Self {
            frequency,
            season: season(model.calendar.as_ref()),
            trend: trend(model.calendar.as_ref()),
            damping: damping.last().unwrap_or(standard.damping),
            given: model.calendar.as_ref().map(|c| c.given.clone()).unwrap_or_default(),
            penalty: fit.and_then(|fit| fit.frequency.penalty),
            spend: spend.unwrap_or(by_form),
            bands: model.states.bands.clone(),
            max_frequency: Some(model.states.max_frequency),
            base: None,
            value_season: season(model.value_calendar.as_ref()),
            value_trend: trend(model.value_calendar.as_ref()),
            dependence: match dependent {
                true => DependenceChoice::Regression,
                false => DependenceChoice::None,
            },
        }
    }
}

fn season(calendar: Option<&Calendar>) -> SeasonChoice {
    match calendar.map(|calendar| &calendar.season) {
        None | Some(Season::None) => SeasonChoice::None,
        Some(Season::Harmonics { .. }) => SeasonChoice::Of(SeasonKind::Harmonics),
        Some(Season::Factors { cycle, .. }) => SeasonChoice::Of(SeasonKind::Factors(*cycle)),
    }
}

fn trend(calendar: Option<&Calendar>) -> TrendChoice {
    match calendar.map(|calendar| calendar.trend) {
        None | Some(Trend::None) => TrendChoice::None,
        Some(Trend::Linear { .. }) => TrendChoice::Linear,
        Some(Trend::Damped { .. }) => TrendChoice::Damped,
    }
}
