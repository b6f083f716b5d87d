//! What is compared: frequency models, calendars and methods.

use super::trial::TrialOptions;
use crate::calendar::CYCLES_DAYS;
use crate::fit::{FitOptions, FrequencyKind, SeasonChoice, TrendChoice};
use crate::forecast::Method;
use crate::panel::{Clock, Panel};

/// With less than this, a trend may be one half of a season.
const YEAR_DAYS: i32 = 366;

/// A calendar that is tried.
///
/// ```
/// use clvcast::evaluate::CalendarKind;
/// assert_eq!(CalendarKind::SeasonDamped.name(), "season+damped");
/// assert_eq!(CalendarKind::from_name("trend"), Some(CalendarKind::Trend));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarKind {
    /// Every day is alike.
    None,
    /// A season in the form that the data support best.
    Season,
    /// A linear trend.
    Trend,
    /// A trend that fades over the horizon.
    Damped,
    /// Season and linear trend.
    SeasonTrend,
    /// Season and fading trend.
    SeasonDamped,
    /// What AIC chooses inside the fit.
    Auto,
}

impl CalendarKind {
    /// All that are compared unless others are asked for, the simplest first.
    pub const COMPARED: [Self; 6] = [
        Self::None,
        Self::Season,
        Self::Trend,
        Self::Damped,
        Self::SeasonTrend,
        Self::SeasonDamped,
    ];

    /// The name in tables and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Season => "season",
            Self::Trend => "trend",
            Self::Damped => "damped",
            Self::SeasonTrend => "season+trend",
            Self::SeasonDamped => "season+damped",
            Self::Auto => "auto",
        }
    }

    /// The calendar of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::COMPARED.into_iter().chain([Self::Auto]).find(|kind| kind.name() == name)
    }

    /// Season and trend of a fit.
    #[must_use]
    pub const fn choices(self) -> (SeasonChoice, TrendChoice) {
        // Held-out periods say whether a season is one: none is left out beforehand.
        const SEASON: SeasonChoice = SeasonChoice::Best;
        match self {
            Self::None => (SeasonChoice::None, TrendChoice::None),
            Self::Season => (SEASON, TrendChoice::None),
            Self::Trend => (SeasonChoice::None, TrendChoice::Linear),
            Self::Damped => (SeasonChoice::None, TrendChoice::Damped),
            Self::SeasonTrend => (SEASON, TrendChoice::Linear),
            Self::SeasonDamped => (SEASON, TrendChoice::Damped),
            Self::Auto => (SeasonChoice::Auto, TrendChoice::Auto),
        }
    }

    /// The calendar that options of a fit ask for: [`Auto`](Self::Auto) where they leave it open.
    #[must_use]
    pub const fn of(season: SeasonChoice, trend: TrendChoice) -> Self {
        match (season, trend) {
            (SeasonChoice::Auto, _) | (_, TrendChoice::Auto) => Self::Auto,
            (SeasonChoice::None, TrendChoice::None) => Self::None,
            (SeasonChoice::None, TrendChoice::Linear) => Self::Trend,
            (SeasonChoice::None, TrendChoice::Damped) => Self::Damped,
            (_, TrendChoice::None) => Self::Season,
            (_, TrendChoice::Linear) => Self::SeasonTrend,
            (_, TrendChoice::Damped) => Self::SeasonDamped,
        }
    }

    /// The same calendar with a slope that goes on: past days do not tell the two apart, so one fit
    /// serves both.
    pub(super) const fn undamped(self) -> Self {
        match self {
            Self::Damped => Self::Trend,
            Self::SeasonDamped => Self::SeasonTrend,
            other => other,
        }
    }

    /// Whether the slope fades over the horizon.
    pub(super) const fn is_damped(self) -> bool {
        matches!(self, Self::Damped | Self::SeasonDamped)
    }

    /// Whether a panel is long enough for it: two full years for a season, more than one year for a
    /// trend, which less would not tell from a season.
    #[must_use]
    pub fn fits(self, panel: &Panel) -> bool {
        let days = panel.days_known();
        match self {
            Self::None | Self::Auto => true,
            Self::Trend | Self::Damped => days > YEAR_DAYS,
            Self::Season | Self::SeasonTrend | Self::SeasonDamped => days >= CYCLES_DAYS,
        }
    }
}

/// One way to forecast: a frequency model in the time of a calendar, and a method.
///
/// ```
/// use clvcast::{evaluate::{CalendarKind, Candidate}, fit::FrequencyKind, forecast::Method};
/// let candidate = Candidate {
///     frequency: FrequencyKind::Pdo { tau: 7 },
///     calendar: CalendarKind::Season,
///     method: Method::Posterior,
/// };
/// assert_eq!(candidate.to_string(), "pdo, season, posterior");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The frequency model.
    pub frequency: FrequencyKind,
    /// Its calendar.
    pub calendar: CalendarKind,
    /// The rule for purchases.
    pub method: Method,
}

impl std::fmt::Display for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (frequency, method) = (self.frequency.name(), self.method.name());
        match self.calendar {
            CalendarKind::None => write!(f, "{frequency}, no calendar, {method}"),
            calendar => write!(f, "{frequency}, {}, {method}", calendar.name()),
        }
    }
}

/// A word that names no model, calendar or method.
///
/// ```
/// let error = clvcast::evaluate::Contest::default().only(&["mbd"]).unwrap_err();
/// assert_eq!(error.word, "mbd");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`--only {word}`: expected names of {known}")]
pub struct UnknownCandidate {
    /// The word.
    pub word: String,
    /// All names.
    pub known: String,
}

/// Why a contest has no candidate.
///
/// ```
/// use clvcast::{evaluate::Contest, panel::Clock};
/// let none = Contest::default().only(&["pdo", "chain"]).unwrap().check(Clock::FirstPurchase);
/// assert!(none.unwrap_err().to_string().contains("add nbd, or posterior"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoCandidate {
    /// Models with leaving need to know when customers came.
    #[error(
        "under `--clock panel` only nbd can be fitted: name it in `--only`, or leave out `--clock panel`"
    )]
    PanelClock,
    /// Point and chain exist for nbd only.
    #[error("`--only`: point and chain exist for nbd only: add nbd, or posterior")]
    Methods,
}

/// Which candidates are compared: every combination that exists of what the lists name.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// use clvcast::evaluate::Contest;
/// // Six calendars: the posterior of five models, point and chain of one.
/// assert_eq!(Contest::default().candidates(&panel).len(), 6 * (5 + 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// Frequency models.
    pub frequencies: Vec<FrequencyKind>,
    /// Calendars; those for which a history is too short are left out.
    pub calendars: Vec<CalendarKind>,
    /// Methods; point and chain exist for nbd.
    pub methods: Vec<Method>,
}

impl Default for Contest {
    fn default() -> Self {
        Self::with_tau(7)
    }
}

impl Contest {
    /// Everything, with sub-periods of that many days for pdo.
    #[must_use]
    pub fn with_tau(tau: u32) -> Self {
        use FrequencyKind::{BgNbd, MbgNbd, Nbd, ParetoNbd, Pdo};
        Self {
            frequencies: vec![Nbd, BgNbd, MbgNbd, ParetoNbd, Pdo { tau }],
            calendars: CalendarKind::COMPARED.to_vec(),
            methods: vec![Method::Posterior, Method::Chain, Method::Point],
        }
    }

    /// Checks that there is a candidate under a clock.
    ///
    /// # Errors
    /// When none of the models can be fitted, or none of the methods exists for them.
    pub fn check(&self, clock: Clock) -> Result<(), NoCandidate> {
        let stays = self.frequencies.iter().any(|kind| kind.stays());
        match clock {
            _ if stays => Ok(()),
            Clock::Panel => Err(NoCandidate::PanelClock),
            Clock::FirstPurchase if self.methods.contains(&Method::Posterior) => Ok(()),
            Clock::FirstPurchase => Err(NoCandidate::Methods),
        }
    }

    /// What words leave of it: words of one kind (models, calendars, methods) narrow that kind.
    ///
    /// ```
    /// use clvcast::evaluate::{CalendarKind, Contest};
    /// let few = Contest::default().only(&["nbd", "season", "auto"])?;
    /// assert_eq!((few.frequencies.len(), few.methods.len()), (1, 3));
    /// assert_eq!(few.calendars, [CalendarKind::Season, CalendarKind::Auto]); // asked for by name
    /// let error = Contest::default().only(&["mbd"]).unwrap_err();
    /// assert!(error.to_string().starts_with("`--only mbd`: expected names of nbd, bg-nbd"));
    /// # Ok::<(), clvcast::evaluate::UnknownCandidate>(())
    /// ```
    ///
    /// # Errors
    /// At a word that is no name of any of them.
    pub fn only(self, words: &[impl AsRef<str>]) -> Result<Self, UnknownCandidate> {
        let named = |name: &str| words.iter().any(|word| word.as_ref() == name);
        let models = || self.frequencies.iter().map(|kind| kind.name());
        let calendars = || self.calendars.iter().map(|kind| kind.name());
        let methods = || self.methods.iter().map(|method| method.name());
        let auto = CalendarKind::Auto.name();
        let known: Vec<&str> = models().chain(calendars()).chain([auto]).chain(methods()).collect();
        if let Some(word) = words.iter().find(|word| !known.contains(&word.as_ref())) {
            let (word, known) = (word.as_ref().to_owned(), known.join(", "));
            return Err(UnknownCandidate { word, known });
        }
        // In the order of the full contest, each once, whatever the order of the words.
        let all_models = !models().any(named);
        let all_calendars = !named(auto) && !calendars().any(named);
        let all_methods = !methods().any(named);
        let mut left = self.clone();
        left.frequencies.retain(|kind| all_models || named(kind.name()));
        left.calendars.retain(|kind| all_calendars || named(kind.name()));
        left.calendars.extend(named(auto).then_some(CalendarKind::Auto));
        left.methods.retain(|method| all_methods || named(method.name()));
        Ok(left)
    }

    /// What the automatic choice compares where these are given and the rest is left open: a
    /// season or a trend that is given leaves out the calendars with another. Point gives scores,
    /// not purchases, and is compared only if it is given.
    ///
    /// ```
    /// use clvcast::{calendar::SeasonKind, evaluate::Contest, fit::SeasonChoice};
    /// let season = SeasonChoice::Of(SeasonKind::Harmonics);
    /// let contest = Contest::default().given(None, None, Some(season), None);
    /// assert_eq!(contest.calendars.len(), 3); // no trend, a linear one, a damped one
    /// ```
    #[must_use]
    pub fn given(
        self,
        frequency: Option<FrequencyKind>,
        method: Option<Method>,
        season: Option<SeasonChoice>,
        trend: Option<TrendChoice>,
    ) -> Self {
        let open = |calendar: &CalendarKind| {
            let (of_season, of_trend) = calendar.choices();
            (season.is_none() || of_season == SeasonChoice::None)
                && (trend.is_none() || of_trend == TrendChoice::None)
        };
        Self {
            frequencies: frequency.map_or(self.frequencies, |frequency| vec![frequency]),
            calendars: self.calendars.into_iter().filter(open).collect(),
            methods: method.map_or(vec![Method::Posterior, Method::Chain], |method| vec![method]),
        }
    }

    /// The candidates for a panel, the simplest first: by frequency model, then calendar, then
    /// method. Under the panel clock only nbd is left, as nobody knows when customers came.
    #[must_use]
    pub fn candidates(&self, panel: &Panel) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for &frequency in &self.frequencies {
            if !frequency.stays() && panel.clock == Clock::Panel {
                continue;
            }
            for &calendar in self.calendars.iter().filter(|calendar| calendar.fits(panel)) {
                let exists = |method: &&Method| frequency.stays() || **method == Method::Posterior;
                let methods = self.methods.iter().filter(exists);
                candidates.extend(methods.map(|&method| Candidate { frequency, calendar, method }));
            }
        }
        candidates
    }
}

impl Candidate {
    /// The same with the calendar that it has where `trial` gives a season or a trend to all.
    pub(super) fn under(self, trial: &TrialOptions) -> Self {
        let (season, trend) = self.calendar.choices();
        let season = trial.season.unwrap_or(season) != SeasonChoice::None;
        let calendar = match (season, trial.trend.unwrap_or(trend)) {
            (false, TrendChoice::None) => CalendarKind::None,
            (true, TrendChoice::None) => CalendarKind::Season,
            (false, TrendChoice::Linear) => CalendarKind::Trend,
            (true, TrendChoice::Linear) => CalendarKind::SeasonTrend,
            (false, TrendChoice::Damped) => CalendarKind::Damped,
            (true, TrendChoice::Damped) => CalendarKind::SeasonDamped,
            (_, TrendChoice::Auto) => self.calendar,
        };
        Self { calendar, ..self }
    }

    /// How it is fitted, all else as in `trial`; a season or a trend that is given there stays.
    #[must_use]
    pub fn fit_options(&self, trial: &TrialOptions) -> FitOptions {
        let (season, trend) = self.calendar.choices();
        FitOptions {
            frequency: self.frequency,
            season: trial.season.unwrap_or(season),
            trend: trial.trend.unwrap_or(trend),
            ..trial.fit.clone()
        }
    }
}
